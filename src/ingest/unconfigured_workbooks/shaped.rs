//! Sheets that aren't a row for each fact: what is proposed for them.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::event_lists::{PlacedColumn, ProposedPlace};
use super::form_exports::{FormExport, find_form, propose_forms};
use super::{SheetName, UnconfiguredTable, UnconfiguredWorkbooks};
use crate::ingest::cell;
use crate::ingest::layout::{
    CountSigns, MarkHeads, PeriodSigns, Proposal, ProposedColumn, SheetHead, TableKind, find_mark_heads,
    find_period_signs, mark_meaning, mark_text, propose_without,
};
use crate::ingest::raw_row::RawRow;
use crate::ingest::shapes::find_heading;
use crate::ingest::workbook::{Projection, Workbook};

/// What a table is other than a row for each fact.
#[derive(Clone, Debug, PartialEq)]
pub enum ProposedShape {
    /// A column of marks for each day or session.
    Wide {
        /// What the headings are.
        heads: MarkHeads,
        /// Marks that were found, and mean present.
        present: Vec<String>,
        /// Marks that were found, and mean absent.
        absent: Vec<String>,
        /// What was found below the headings and is no mark that is known.
        unknown: Vec<String>,
        /// The sheet's name is the activity's code, since nothing else says it.
        is_by_sheet: bool,
    },
    /// The persons of a table of marks.
    PersonsOfMarks,
    /// A column for each period.
    Periods {
        /// Keys under `heads`, each with the heading's pattern, with `{period}` in place of the period.
        heads: Vec<(&'static str, String)>,
        /// Patterns of headings over what is computed and not held against anything.
        ignored: Vec<String>,
        /// They are targets that add up to the total.
        is_incremental: bool,
    },
    /// Indicators of a tracking table, whose values are reported.
    TrackedIndicators,
    /// An export of a form, by the name of its program.
    Form {
        /// As `source` writes it.
        source: &'static str,
        /// The sheets or files that its rows belong to, the nearest first.
        parents: Vec<String>,
        /// Where these are, if its program doesn't say it.
        written: Option<ProposedParent>,
    },
    /// Its rows belong to those of another sheet.
    Repeat(ProposedParent),
    /// Each sheet is an event: the columns of activities are cells above its list.
    EventActivities(Vec<PlacedColumn>),
    /// The lists themselves, and what names the event of each.
    EventAttendance(ProposedPlace),
    /// There is no such table.
    None,
    /// Head counts in columns.
    Counts(CountSigns),
}

/// How the rows of a sheet find those that they belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedParent {
    /// The other sheet's file, if it isn't the same.
    pub file: Option<String>,
    /// `None` for CSV.
    pub sheet: Option<String>,
    /// The heading of the other's key.
    pub key: String,
    /// The heading of what names it.
    pub reference: String,
}

impl ProposedParent {
    /// What to call the other sheet.
    pub fn shown(&self) -> &str {
        self.sheet.as_deref().or(self.file.as_deref()).unwrap_or_default()
    }
}

/// How many different marks are looked at.
const MOST_MARKS: usize = 12;

/// A register with a column of marks for each day or session.
pub(super) struct WideSheet {
    pub name: SheetName,
    pub heads: MarkHeads,
    pub persons: Option<Proposal>,
    pub marks: BTreeMap<String, Option<bool>>,
}

/// A table with a column for each period.
struct TrackingSheet {
    name: SheetName,
    signs: PeriodSigns,
    indicators: Proposal,
    /// Its targets add up to the total.
    is_incremental: bool,
}

/// The sheets with shapes, as they are found.
#[derive(Default)]
pub(super) struct ShapedSheets {
    pub wide: Vec<WideSheet>,
    tracking: Vec<TrackingSheet>,
    forms: Vec<FormExport>,
}

impl ShapedSheets {
    /// Takes a sheet that has a shape; false for any other.
    pub fn add(
        &mut self,
        book: &mut Workbook,
        book_at: usize,
        sheet: usize,
        head: &SheetHead<'static>,
        name: &SheetName,
    ) -> bool {
        if let Some(form) = find_form(head, name, (book_at, sheet)) {
            self.forms.push(form);
            return true;
        }
        if let Some(heads) = find_mark_heads(head) {
            let marks = collect_marks(book, sheet, &heads);
            let persons = propose_without(head, TableKind::Participants, &own_columns(head, &heads));
            self.wide.push(WideSheet { name: name.clone(), heads, persons, marks });
            return true;
        }
        if let Some(signs) = find_period_signs(head)
            && let Some(mut indicators) = propose_without(head, TableKind::Indicators, &signs.columns)
        {
            part_code_and_title(head, &mut indicators, &signs.columns);
            let is_incremental = add_up(head, &indicators, &signs);
            self.tracking.push(TrackingSheet { name: name.clone(), signs, indicators, is_incremental });
            return true;
        }
        false
    }

    /// Adds what the sheets seem to be to a survey.
    pub fn propose_tables(self, has_activities: bool, books: &mut [Workbook], survey: &mut UnconfiguredWorkbooks) {
        propose_forms(self.forms, books, survey);
        propose_tracking(self.tracking, survey);
        propose_wide(self.wide, has_activities, survey);
    }
}

pub(super) fn table(name: &SheetName, proposal: Proposal, shape: ProposedShape) -> UnconfiguredTable {
    UnconfiguredTable {
        files: vec![name.file.clone()],
        sheet: name.sheet.clone(),
        sheets: Vec::new(),
        shape: Some(shape),
        proposal,
        values: BTreeMap::new(),
        splits: BTreeMap::new(),
    }
}

/// Columns of marks, and of their total.
fn own_columns(head: &SheetHead, heads: &MarkHeads) -> Vec<u32> {
    let total = heads.total.as_ref().and_then(|total| find_heading(head, total)).map(|(_, column)| column);
    heads.columns.iter().copied().chain(total).collect()
}

/// What the cells of columns of marks hold, and whether it is known to mean present.
pub(in crate::ingest) fn collect_marks(
    book: &mut Workbook,
    sheet: usize,
    heads: &MarkHeads,
) -> BTreeMap<String, Option<bool>> {
    let mut marks = BTreeMap::new();
    let rows = book.rows(sheet, &Projection::Columns(heads.columns.clone()));
    // What can't be read is reported when the project is checked.
    let _ = rows.and_then(|rows| {
        rows.for_each(|row| {
            if row.number > heads.row {
                for text in row.cells.iter().filter(|cell| !cell.merged).filter_map(mark_text) {
                    if marks.len() < MOST_MARKS {
                        let meaning = mark_meaning(&text);
                        marks.insert(text, meaning);
                    }
                }
            }
        })
    });
    marks
}

fn propose_wide(sheets: Vec<WideSheet>, has_activities: bool, survey: &mut UnconfiguredWorkbooks) {
    let Some(first) = sheets.first() else { return };
    let (file, heads) = (first.name.file.clone(), first.heads.clone());
    let (alike, others): (Vec<WideSheet>, Vec<WideSheet>) =
        sheets.into_iter().partition(|sheet| sheet.name.file == file && sheet.heads.heads == heads.heads);
    survey.rivals.extend(others.into_iter().map(|sheet| (sheet.name, TableKind::Attendance)));
    let marks: BTreeMap<String, Option<bool>> = alike.iter().flat_map(|sheet| sheet.marks.clone()).collect();
    let of = |meaning: Option<bool>| -> Vec<String> {
        marks
            .iter()
            .filter(|(text, known)| **known == meaning && !text.is_empty())
            .map(|(text, _)| text.clone())
            .collect()
    };
    let mut absent = vec![String::new()];
    absent.extend(of(Some(false)));
    let (mut present, mut unknown) = (of(Some(true)), of(None));
    // A single unknown mark means present.
    if present.is_empty() && unknown.len() == 1 {
        present = std::mem::take(&mut unknown);
    }
    let shape = ProposedShape::Wide {
        heads: heads.clone(),
        present,
        absent,
        unknown,
        is_by_sheet: heads.heads == "session" || !has_activities,
    };
    let names: Vec<String> = alike.iter().filter_map(|sheet| sheet.name.sheet.clone()).collect();
    let Some(persons) = alike.iter().find_map(|sheet| sheet.persons.clone()) else { return };
    let person = persons.columns.iter().filter(|column| column.name == "person").cloned().collect();
    let missing = persons.missing.iter().filter(|name| *name == "person").cloned().collect();
    let attendance = Proposal {
        kind: TableKind::Attendance,
        header_row: persons.header_row,
        columns: person,
        missing,
        attributes: Vec::new(),
        doubled: Vec::new(),
    };
    let sheets = if names.len() > 1 { names } else { Vec::new() };
    for (proposal, shape) in [(persons, ProposedShape::PersonsOfMarks), (attendance, shape)] {
        survey.tables.push(UnconfiguredTable { sheets: sheets.clone(), ..table(&alike[0].name, proposal, shape) });
    }
}

/// Where the column of codes holds sentences, they are the titles, and the codes are in a column before it.
fn part_code_and_title(head: &SheetHead, proposal: &mut Proposal, left_out: &[u32]) {
    let below = || head.rows().iter().filter(|row| row.number > proposal.header_row);
    let texts =
        |column: u32| -> Vec<String> { below().filter_map(|row| row.cell(column)).filter_map(mark_text).collect() };
    let is_sentence = |text: &&String| text.contains(' ');
    let Some(at) = proposal.columns.iter().position(|column| column.name == "code") else { return };
    let code = proposal.columns[at].column;
    let own = texts(code);
    let are_sentences = own.iter().filter(is_sentence).count() * 2 > own.len();
    if !are_sentences || proposal.columns.iter().any(|column| column.name == "title") {
        return;
    }
    let is_code = |column: u32| {
        let found = texts(column);
        let different: BTreeSet<&String> = found.iter().collect();
        !found.is_empty() && different.len() == found.len() && !found.iter().any(|text| text.contains(' '))
    };
    let header = head.rows().iter().rev().filter(|row| row.number <= proposal.header_row);
    let heading_of = |column: u32| header.clone().find_map(|row| row.cell(column)).and_then(mark_text);
    let before = (0..code).rev().filter(|column| !left_out.contains(column));
    let found = before.filter(|column| is_code(*column)).find_map(|column| Some((column, heading_of(column)?)));
    proposal.columns[at].name = "title".to_owned();
    proposal.columns[at].guessed = true;
    proposal.missing.retain(|name| name != "title");
    match found {
        Some((column, heading)) => {
            proposal.columns.retain(|known| known.column != column);
            proposal.attributes.retain(|known| *known != heading);
            let name = "code".to_owned();
            proposal.columns.push(ProposedColumn { name, lang: None, heading, column, guessed: true });
        }
        None => proposal.missing.push("code".to_owned()),
    }
}

/// Whether the targets of periods add up to the total of most rows that have both.
fn add_up(head: &SheetHead, indicators: &Proposal, signs: &PeriodSigns) -> bool {
    let Some(total) = indicators.columns.iter().find(|column| column.name == "target") else { return false };
    let number =
        |row: &RawRow, column: u32| cell::read_decimal(row.cell(column)).ok().flatten().map(|found| found.value);
    let below = head.rows().iter().filter(|row| row.number > indicators.header_row);
    let rows: Vec<bool> = below
        .filter_map(|row| {
            let targets: Vec<Decimal> = signs.target_columns.iter().filter_map(|column| number(row, *column)).collect();
            let total = number(row, total.column)?;
            (targets.len() > 1).then(|| targets.iter().sum::<Decimal>() == total)
        })
        .collect();
    rows.iter().filter(|adds_up| **adds_up).count() * 2 > rows.len()
}

fn propose_tracking(sheets: Vec<TrackingSheet>, survey: &mut UnconfiguredWorkbooks) {
    let mut sheets = sheets.into_iter();
    let Some(TrackingSheet { name, signs, mut indicators, is_incremental }) = sheets.next() else { return };
    survey.rivals.extend(sheets.map(|sheet| (sheet.name, TableKind::Indicators)));
    if let Some((first, last)) = signs.days {
        survey.days = Some(survey.days.map_or((first, last), |(from, to)| (from.min(first), to.max(last))));
    }
    indicators.missing.retain(|column| column != "calculation");
    let code = indicators.columns.iter().find(|column| column.name == "code").cloned();
    let of_indicator = |kind: TableKind| Proposal {
        kind,
        header_row: indicators.header_row,
        columns: code.iter().map(|code| ProposedColumn { name: "indicator".to_owned(), ..code.clone() }).collect(),
        missing: Vec::new(),
        attributes: Vec::new(),
        doubled: Vec::new(),
    };
    let ignored =
        |shares: &[String]| shares.iter().map(|share| share.replace("{period}", "*")).collect::<Vec<String>>();
    if let Some(target) = signs.target.clone() {
        let heads = vec![("target", target)];
        let shape = ProposedShape::Periods { heads, ignored: ignored(&signs.shares), is_incremental };
        survey.tables.push(table(&name, of_indicator(TableKind::Targets), shape));
    }
    if let Some(actual) = signs.actual.clone() {
        let (mut heads, mut others) = (vec![("actual", actual)], signs.shares.as_slice());
        // A share can only be of the target beside it.
        if let (Some(target), [share, rest @ ..]) = (signs.target.clone(), signs.shares.as_slice()) {
            heads.extend([("target", target), ("share", share.clone())]);
            others = rest;
        }
        let shape = ProposedShape::Periods { heads, ignored: ignored(others), is_incremental: false };
        survey.tables.push(table(&name, of_indicator(TableKind::Reported), shape));
    }
    let mut proposed = table(&name, indicators, ProposedShape::TrackedIndicators);
    proposed.proposal.kind = TableKind::Indicators;
    survey.tables.push(proposed);
}
