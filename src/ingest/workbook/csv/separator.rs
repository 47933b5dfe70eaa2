//! Which mark separates the cells of a CSV file.

use std::collections::{BTreeMap, BTreeSet};

use super::records::Records;
use crate::diagnostic::{Problem, kinds};
use crate::fold;
use crate::ingest::layout::vocabulary;

/// The mark between the cells of a CSV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Separator {
    pub(super) byte: u8,
    /// The file begins with Excel's `sep=;`, which is no row of the table.
    pub(super) has_line: bool,
    /// It parts half of the lines or more.
    pub(super) parts_lines: bool,
}

/// Marks that are tried; of equally good ones the first.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Marks that are taken only where they find headings, and none of the others does: texts hold them, too.
const RARE: [u8; 3] = [b'~', b'^', b':'];
/// How many known headings make a line the header.
const HEADINGS_OF_A_HEADER: usize = 2;
/// Lines that are looked at.
const SAMPLE_RECORDS: usize = 60;

/// How well a mark parts a sample, the most telling first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Fitness {
    /// Known headings in the line that has most of them.
    headings: usize,
    /// Lines that have the most frequent number of cells, if it is more than one: a mark within texts parts each
    /// line differently.
    alike: usize,
    /// Cells of these lines.
    cells: usize,
}

impl Separator {
    /// The mark that the file names in a line of its own, else the one that finds most headings, else the one that parts most
    /// lines into the same number of cells. `headings` are folded ones besides those that the vocabulary knows.
    pub(super) fn detect(sample: &str, headings: &BTreeSet<String>) -> Separator {
        let first = sample.lines().next().unwrap_or_default().trim().trim_matches('"').to_ascii_lowercase();
        let named = first.strip_prefix("sep=").map(str::trim).map(str::as_bytes);
        // A tab may be gone with the white space around the line.
        if let Some(mark @ ([_] | [])) = named {
            let byte = mark.first().copied().unwrap_or(b'\t');
            return Separator { byte, has_line: true, parts_lines: true };
        }
        let mut best = (Fitness::default(), CANDIDATES[0]);
        for candidate in CANDIDATES {
            let fitness = Fitness::of(&read_records(sample, candidate), headings);
            if fitness > best.0 {
                best = (fitness, candidate);
            }
        }
        if best.0.headings < HEADINGS_OF_A_HEADER {
            for candidate in RARE {
                let fitness = Fitness::of(&read_records(sample, candidate), headings);
                if fitness.headings >= HEADINGS_OF_A_HEADER && fitness > best.0 {
                    best = (fitness, candidate);
                }
            }
        }
        let lines =
            read_records(sample, best.1).iter().filter(|record| record.iter().any(|cell| !cell.is_empty())).count();
        Separator { byte: best.1, has_line: false, parts_lines: best.0.alike * 2 >= lines }
    }

    /// The mark as messages show it.
    pub(super) fn shown(self) -> String {
        if self.byte == b'\t' { "Tab".to_owned() } else { char::from(self.byte).to_string() }
    }

    /// Checks that the rows are parted, and as the headings are.
    ///
    /// # Errors
    /// Most lines below the headings have as many cells as the headings only with another mark, or stand in quotation marks
    /// as a whole.
    pub(super) fn check_rows(self, sample: &str, headings: &BTreeSet<String>) -> Result<(), Box<Problem>> {
        let own = read_records(sample, self.byte);
        if are_lines_in_quotes(sample) && are_rows_quoted(&own, headings) {
            return Err(Box::new(Problem::error(kinds::RowsInQuotes)));
        }
        let is_header = |record: &Vec<String>| count_headings(record, headings) >= HEADINGS_OF_A_HEADER;
        let Some(header) = own.iter().position(is_header) else { return Ok(()) };
        let cells = own[header].len();
        for other in CANDIDATES.into_iter().filter(|other| *other != self.byte) {
            let others = read_records(sample, other);
            let fits = |records: &[Vec<String>]| {
                records.iter().skip(header + 1).filter(|record| record.len() == cells).count()
            };
            let (here, there) = (fits(&own), fits(&others));
            if there > 1 && there > 2 * here {
                let other = Separator { byte: other, ..self };
                let kind = kinds::MixedSeparators { headings: self.shown(), rows: other.shown() };
                return Err(Box::new(Problem::error(kind)));
            }
        }
        Ok(())
    }
}

impl Fitness {
    fn of(records: &[Vec<String>], headings: &BTreeSet<String>) -> Fitness {
        let known = records.iter().map(|record| count_headings(record, headings)).max().unwrap_or_default();
        let mut lengths: BTreeMap<usize, usize> = BTreeMap::new();
        for record in records.iter().filter(|record| record.len() > 1) {
            *lengths.entry(record.len()).or_default() += 1;
        }
        let most = lengths.into_iter().max_by_key(|(cells, lines)| (*lines, *cells));
        let (cells, alike) = most.unwrap_or_default();
        Fitness { headings: known, alike, cells }
    }
}

/// Whether most lines begin and end with a quotation mark.
fn are_lines_in_quotes(sample: &str) -> bool {
    let lines = sample.lines().take(SAMPLE_RECORDS).map(|line| line.trim_end_matches([',', ';', '\t', ' ']));
    let (quoted, others): (Vec<&str>, Vec<&str>) =
        lines.filter(|line| !line.is_empty()).partition(|line| line.starts_with('"') && line.ends_with('"'));
    quoted.len() > others.len()
}

/// Whether most rows below the headings are one cell that holds a whole row.
fn are_rows_quoted(records: &[Vec<String>], headings: &BTreeSet<String>) -> bool {
    let is_header = |cells: &[String]| count_headings(cells, headings) >= HEADINGS_OF_A_HEADER;
    let header = records.iter().enumerate().find_map(|(at, record)| {
        let cells = if is_header(record) { record.clone() } else { cells_within(record)? };
        is_header(&cells).then_some((at, cells.len()))
    });
    let Some((at, cells)) = header else { return false };
    let rows = records[at + 1..].iter().filter(|record| record.iter().any(|cell| !cell.is_empty()));
    let (mut all, mut quoted) = (0, 0);
    for record in rows {
        all += 1;
        quoted += usize::from(cells_within(record).is_some_and(|within| within.len() == cells));
    }
    quoted > 0 && quoted * 2 > all
}

/// The cells of a row that is written as a whole in the first one.
fn cells_within(record: &[String]) -> Option<Vec<String>> {
    let (first, others) = record.split_first()?;
    if others.iter().any(|cell| !cell.is_empty()) {
        return None;
    }
    let read = CANDIDATES.into_iter().filter_map(|mark| read_records(first, mark).into_iter().next());
    read.max_by_key(Vec::len).filter(|cells| cells.len() > 1)
}

fn count_headings(record: &[String], headings: &BTreeSet<String>) -> usize {
    let is_heading = |field: &&String| vocabulary().is_heading(field) || headings.contains(&fold::heading_key(field));
    record.iter().filter(is_heading).count()
}

/// The first lines, parted by a mark.
fn read_records(sample: &str, separator: u8) -> Vec<Vec<String>> {
    let mut records = Records::new(sample.as_bytes(), separator);
    let mut read = Vec::new();
    while read.len() < SAMPLE_RECORDS
        && let Ok(Some(record)) = records.next_record()
    {
        read.push(record.fields().map(str::to_owned).collect());
    }
    read
}
