use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{NotRecounted, parent};
use crate::diagnostic::{Place, Problem, kinds};
use crate::folder::shown_path;
use crate::ingest::cell;
use crate::ingest::raw_row::{Raw, RawCell, RawRow};
use crate::ingest::workbook::{self, Projection, Workbook};
use crate::locale::Locale;
use crate::model::{Amount, Lang, Limits};
use crate::render::recount::RECORD_SHEET;
use crate::report::recount::{
    AnswerRule, ListSubject, RecordFault, Recount, RecountAnswers, RecountCell, RecountColumnKind, RecountPack,
    RecountSheet, RecountWorkbook, tally,
};

/// A pack is small; a larger file is none.
const LIMITS: Limits = Limits { unpacked_mib: 256, cells: 2_000_000, cell_length: 32_767, attachment_mib: 0 };

/// A pack that was filled in, and what came of it.
pub struct FilledPack {
    /// As it was drawn.
    pub pack: RecountPack,
    /// What came of it.
    pub recount: Recount,
}

/// Reads a filled pack.
///
/// # Errors
/// The file can't be read or is no pack; it was changed where nothing is to be filled in; what was filled in can't be read.
pub fn read_recount(file: &Path) -> Result<FilledPack, NotRecounted> {
    let shown = shown_path(file);
    let mut problems = Vec::new();
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let opened = workbook::open(parent(file), &name, &LIMITS, &mut problems);
    let at_file = |mut problem: Problem| {
        problem.places.iter_mut().for_each(|place| place.file.clone_from(&shown));
        problem
    };
    let Some(mut book) = opened else {
        return Err(NotRecounted::Unreadable(problems.into_iter().map(at_file).collect()));
    };
    let pack = read_record(&mut book, &shown)?;
    let Some(sheets) = RecountWorkbook::new(&pack).map(|view| view.sheets) else { return Err(no_pack(shown)) };
    let [rows, lists] = &sheets;
    let mut reader = AnswerReader { file: &shown, problems: Vec::new() };
    let rows = reader.read(&mut book, rows, pack.rows.len(), |cell, _| read_found(cell));
    let lists = reader.read(&mut book, lists, pack.lists.len(), |cell, at| {
        read_counted(cell, pack.lists[at].subject == ListSubject::Attendances)
    });
    if !reader.problems.is_empty() {
        return Err(NotRecounted::Unreadable(reader.problems));
    }
    let recount = tally(&pack, &RecountAnswers { rows, lists });
    Ok(FilledPack { pack, recount })
}

fn no_pack(file: String) -> NotRecounted {
    NotRecounted::Unknown(Problem::error(kinds::NoRecountPack { file }))
}

/// The pack on the hidden sheet.
fn read_record(book: &mut Workbook, file: &str) -> Result<RecountPack, NotRecounted> {
    let Some(sheet) = book.sheet_by_name(RECORD_SHEET) else { return Err(no_pack(file.to_owned())) };
    let mut lines = Vec::new();
    if let Ok(rows) = book.rows(sheet, &Projection::Columns(vec![0])) {
        // What can't be read is missing, and the checksum says so.
        let _ = rows.for_each(|row| {
            if let Some(Raw::Text(text)) = row.cell(0).map(|cell| &cell.raw) {
                lines.push(text.clone().into_owned());
            }
        });
    }
    RecountPack::from_record(&lines).map_err(|fault| match fault {
        RecordFault::Other => no_pack(file.to_owned()),
        RecordFault::Changed => {
            let problem = Problem::error(kinds::RecountPackChanged::Record);
            NotRecounted::Unreadable(vec![problem.at(Place::sheet(file, Some(RECORD_SHEET)))])
        }
    })
}

/// An answer, `None` for a blank, or what is wrong with it.
type Answer<A> = Result<Option<A>, kinds::RecountAnswer>;

struct AnswerReader<'f> {
    file: &'f str,
    problems: Vec<Problem>,
}

impl AnswerReader<'_> {
    /// The answers of a sheet, in the order of the pack; lines are found again by their numbers, however they are sorted.
    fn read<A>(
        &mut self,
        book: &mut Workbook,
        sheet: &RecountSheet,
        count: usize,
        parse: impl Fn(&RawCell, usize) -> Answer<A>,
    ) -> Vec<Option<A>> {
        let mut answers: BTreeMap<usize, A> = BTreeMap::new();
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        let has_rule =
            |rule: &Option<AnswerRule>| matches!(rule, Some(AnswerRule::Choice { .. } | AnswerRule::Count { .. }));
        let column = sheet.columns.iter().position(|column| has_rule(&column.answer)).unwrap_or_default() as u32;
        let headings = sheet.columns.iter().map(|column| column.headings.len()).max().unwrap_or(1) as u32;
        let at = book.sheet_by_name(&sheet.name);
        let rows = at.map(|at| book.rows(at, &Projection::All));
        let Some(Ok(rows)) = rows else {
            let problem = Problem::error(kinds::RecountPackChanged::Sheet { sheet: sheet.name.clone() });
            self.problems.push(problem.at(Place::file(self.file)));
            return Vec::new();
        };
        let place = |row: &RawRow, column: u32| Place::cell(self.file, Some(&sheet.name), row.number, column);
        let mut problems = Vec::new();
        let read = rows.for_each(|row| {
            if row.number <= headings {
                return;
            }
            let line = line_number(row).filter(|line| *line < count && seen.insert(*line));
            let answer = row.cell(column);
            let Some(line) = line else {
                if answer.is_some() || row.cell(0).is_some() {
                    problems.push(Problem::error(kinds::RecountPackChanged::Line).at(place(row, 0)));
                }
                return;
            };
            for column in changed_columns(sheet, line, row) {
                problems.push(Problem::error(kinds::RecountPackChanged::Plain).at(place(row, column)));
            }
            match answer.map(|answer| parse(answer, line)) {
                None | Some(Ok(None)) => {}
                Some(Ok(Some(answer))) => drop(answers.insert(line, answer)),
                Some(Err(kind)) => problems.push(Problem::error(kind).at(place(row, column))),
            }
        });
        self.problems.append(&mut problems);
        self.problems.extend(read.err().map(|problem| *problem));
        (0..count).map(|line| answers.remove(&line)).collect()
    }
}

/// The index of the line that a row is, by the number in its first column.
fn line_number(row: &RawRow) -> Option<usize> {
    let number = cell::read_count(row.cell(0)).ok().flatten()?.single()?;
    usize::try_from(number).ok()?.checked_sub(1)
}

/// The columns of a line whose cells aren't as the pack has them. What is said in the words of a language is left out: the
/// next version of the program may say it otherwise.
fn changed_columns(sheet: &RecountSheet, line: usize, row: &RawRow) -> Vec<u32> {
    let cells = sheet.rows[line].iter().zip(&sheet.columns).zip(0..);
    let is_worded = |kind| matches!(kind, RecountColumnKind::Text | RecountColumnKind::Subject);
    let fixed = cells.filter(|((_, column), _)| !is_worded(column.kind));
    fixed.filter(|((expected, _), at)| !is_same(expected, row.cell(*at))).map(|(_, at)| at).collect()
}

/// Programs write a code of digits as a number, and a day as a text.
fn is_same(expected: &RecountCell, found: Option<&RawCell>) -> bool {
    let text = cell::read_any_text(found).ok().flatten();
    let text = text.as_deref().unwrap_or_default();
    match expected {
        RecountCell::Empty => text.is_empty(),
        RecountCell::Text(expected) => cell::clean(expected) == text,
        RecountCell::Number(expected) => text == expected.to_string(),
        RecountCell::Day(expected) => match found.map(|cell| &cell.raw) {
            Some(Raw::Date { day, .. }) => *day == Some(*expected),
            _ => text == expected.to_string(),
        },
    }
}

/// Whether a row was found, in any language of documents.
fn read_found(found: &RawCell) -> Answer<bool> {
    let text = cell::read_any_text(Some(found)).ok().flatten().unwrap_or_default();
    let key = text.to_lowercase();
    if key.is_empty() {
        return Ok(None);
    }
    let is_word = |label: &str| {
        let locales = Locale::languages().iter().filter_map(|tag| Locale::new(&Lang::new(tag)));
        locales.into_iter().any(|locale| locale.label(label).to_lowercase() == key)
    };
    match key.as_str() {
        "1" | "true" => Ok(Some(true)),
        "0" | "false" => Ok(Some(false)),
        _ if is_word("annex.yes") => Ok(Some(true)),
        _ if is_word("annex.no") => Ok(Some(false)),
        _ => Err(kinds::RecountAnswer::Plain { value: text.into_owned() }),
    }
}

/// How many are on a list: signatures are whole.
fn read_counted(counted: &RawCell, is_whole: bool) -> Answer<Amount> {
    let text = cell::read_any_text(Some(counted)).ok().flatten().unwrap_or_default();
    let wrong = || kinds::RecountAnswer::Count { value: text.clone().into_owned() };
    let read = cell::read_amount(Some(counted)).map_err(|_| wrong())?;
    let Some((amount, is_percent)) = read else { return Ok(None) };
    let is_sound = amount.single().is_some_and(|number| {
        amount.hedge.is_none() && !is_percent && !number.is_sign_negative() && (!is_whole || number.is_integer())
    });
    if is_sound { Ok(Some(amount)) } else { Err(wrong()) }
}
