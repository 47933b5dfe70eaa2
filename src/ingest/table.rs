//! One table while it is read: the account of its rows, the problems of its cells, and what waivers accept of them.
//! Rows are read through [`RowReader`] and [`Field`], which know their cell and report at it.

mod field;
mod row;

pub use field::{Field, joined_parts, split_at};
pub(super) use row::excerpt_text;
pub use row::{OnFault, RowOutcome, RowReader};

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cell::{self, DateForms, DecimalMarks, SlashOrder, SwappedDays};
use super::codes::{CodeId, CodeIndex};
use super::layout::{TableKind, TableLayout, vocabulary};
use super::problem_collector::ProblemCollector;
use super::raw_row::{RawRow, RecordShape};
use super::settings::TableOptions;
use super::shapes::{HeadingState, Origin, SheetShape};
use super::waivers::WaiverTally;
use super::{ShapeKind, ShapeTally, TableAccount};
use crate::diagnostic::{Place, Problem, cell_name, kinds};
use crate::model::{RowRef, SheetId, SkippedRow};

/// A sheet that a table is read from: the only one of the table, or one of several.
#[derive(Clone, Debug)]
pub struct TableSheet {
    /// Index of the file among those that were opened.
    pub book: usize,
    /// Index of the sheet in its file.
    pub sheet: usize,
    pub id: SheetId,
    pub file: String,
    pub sheet_name: Option<String>,
    pub layout: TableLayout,
    /// What project.toml says of the table's cells.
    pub options: Arc<TableOptions>,
    /// How its columns of numbers use point and comma, by column; others settle nothing.
    pub decimal_marks: Arc<BTreeMap<u32, DecimalMarks>>,
    /// How its rows are made, if they aren't the table's as they stand.
    pub shape: Option<Arc<SheetShape>>,
}

impl TableSheet {
    /// The forms of dates that project.toml allows the table.
    pub fn date_forms(&self) -> DateForms<'_> {
        DateForms { order: self.options.dates, short_years: self.options.short_years, zone: self.options.zone.as_ref() }
    }

    /// [`TableSheet::date_forms`] in a column, which may have a zone of its own.
    pub fn date_forms_of(&self, column: u32) -> DateForms<'_> {
        let name = self.layout.column_at(column).map(|column| column.name.as_str()).unwrap_or_default();
        let own = self.options.columns.get(name).and_then(|options| options.zone.as_ref());
        let forms = self.date_forms();
        DateForms { zone: own.or(forms.zone), ..forms }
    }

    /// The place of a cell, for problems.
    pub fn place(&self, row: u32, column: u32) -> Place {
        self.place_in(&RawRow { number: row, ..RawRow::default() }, column)
    }

    /// The place of a cell of a row, which of an added column is another one than its number says.
    pub fn place_in(&self, raw: &RawRow, column: u32) -> Place {
        let CellAddress { file, sheet, row, column } = self.address(raw, column);
        Place::cell(file, sheet, row, column)
    }

    /// The place of a cell of a row.
    fn address(&self, raw: &RawRow, column: u32) -> CellAddress<'_> {
        let own = |row, column| CellAddress { file: &self.file, sheet: self.sheet_name.as_deref(), row, column };
        let origin = self.shape.as_ref().and_then(|shape| shape.origin(column));
        match origin {
            Some(Origin::Heading { row }) => own(row, raw.made_of.unwrap_or_default()),
            Some(Origin::Cell { row, column }) => own(row, column),
            Some(Origin::Beside { column }) => own(raw.number, column),
            Some(Origin::Parent { level, column }) => match self.shape.as_ref().and_then(|shape| shape.join.as_ref()) {
                Some(join) => {
                    let join = join.at_level(level);
                    let row = raw.parents.get(level).copied().filter(|row| *row > 0).unwrap_or(join.header_row);
                    CellAddress { file: &join.file, sheet: join.sheet_name.as_deref(), row, column }
                }
                None => own(raw.number, column),
            },
            Some(Origin::Made) => own(raw.number, raw.made_of.unwrap_or_default()),
            Some(Origin::Nowhere) => own(raw.number.max(1), raw.made_of.unwrap_or_default()),
            None => own(raw.number, column),
        }
    }

    /// `K17`: the name of a cell of a row.
    pub fn cell_name_in(&self, raw: &RawRow, column: u32) -> String {
        let CellAddress { row, column, .. } = self.address(raw, column);
        cell_name(row, column)
    }

    /// `activities.xlsx:Активности:12`, as `explain --row` takes it.
    pub fn row_address(&self, row: u32) -> String {
        match &self.sheet_name {
            Some(sheet) => format!("{}:{sheet}:{row}", self.file),
            None => format!("{}:{row}", self.file),
        }
    }

    /// The model's reference to a row.
    pub fn row_ref(&self, raw: &RawRow) -> RowRef {
        match raw.made_of {
            Some(column) => RowRef::of_cell(self.id, raw.number, column),
            None => RowRef::whole(self.id, raw.number),
        }
    }

    /// Index of the column of that name, from 0; the first where it has several languages.
    pub fn column(&self, name: &str) -> Option<u32> {
        self.layout.column(name).map(|column| column.column)
    }

    /// The column that an attribute is read from: by its name, else by its folded heading, since several files may spell
    /// one attribute differently.
    pub fn attribute_column(&self, name: &str) -> Option<u32> {
        self.column(name).or_else(|| {
            let key = crate::fold::heading_key(name);
            let mut attributes = self.layout.columns.iter().filter(|column| !column.listed);
            attributes.find(|column| crate::fold::heading_key(&column.name) == key).map(|column| column.column)
        })
    }

    /// The heading of a column as it is written; empty for a column without one.
    pub fn heading(&self, column: u32) -> String {
        let known = self.layout.columns.iter().find(|known| known.column == column);
        let known = known.map(|known| known.heading.as_str());
        known.or_else(|| self.shape.as_ref()?.heading(column)).unwrap_or_default().to_owned()
    }

    /// The heading of a column of the contract; where the sheet lacks it, one that would be understood, in the alphabet of
    /// the others.
    pub fn heading_or_example(&self, name: &str) -> String {
        if let Some(column) = self.column(name) {
            return self.heading(column);
        }
        let examples = vocabulary().column(self.layout.kind, name).map(|column| column.examples.as_slice());
        let is_latin = self.layout.columns.iter().all(|column| column.heading.is_ascii());
        let fitting = examples.unwrap_or_default().iter().find(|example| example.is_ascii() == is_latin);
        fitting.map_or_else(|| name.to_owned(), Clone::clone)
    }

    /// `participants.xlsx, Attendance, B17`: a second cell that a message names.
    pub fn describe(&self, raw: &RawRow, column: u32) -> String {
        let CellAddress { file, sheet, row, column } = self.address(raw, column);
        let cell = cell_name(row, column);
        match sheet {
            Some(sheet) => format!("{file}, {sheet}, {cell}"),
            None => format!("{file}, {cell}"),
        }
    }
}

/// The place of a cell: row from 1, column from 0.
struct CellAddress<'s> {
    file: &'s str,
    sheet: Option<&'s str>,
    row: u32,
    column: u32,
}

/// A finished row that is kept with its sheet, so that later checks can report at its cells.
#[derive(Clone, Debug)]
pub struct KeptRow {
    pub sheet: TableSheet,
    pub raw: RawRow<'static>,
}

impl KeptRow {
    /// [`TableSheet::describe`] of the row's cell in a column.
    pub fn describe(&self, column: &str) -> String {
        self.sheet.describe(&self.raw, self.sheet.column(column).unwrap_or_default())
    }
}

/// What is collected from all tables.
#[derive(Default)]
pub struct Collectors {
    pub problems: RefCell<ProblemCollector>,
    pub waivers: RefCell<WaiverTally>,
    /// Rows that were read and not used, except blank ones.
    pub skipped: RefCell<Vec<SkippedRow>>,
}

/// Reads the rows of one table, from all of its sheets, and accounts for them.
pub struct TableReader<'c> {
    pub kind: TableKind,
    collectors: &'c Collectors,
    account: TableAccount,
    /// Rows that were dropped, and rows that were used with blanked values, by the bits of the waivers that allow it.
    dropped: BTreeMap<u64, u64>,
    blanked: BTreeMap<u64, u64>,
    /// Used rows that count nowhere; they are among the skipped ones too.
    passed_over: u64,
    /// Columns that an excerpt shows besides the faulty one.
    key_columns: &'static [&'static str],
    /// Rows in error or dropped, so that a later fault isn't counted as another row.
    faulty: BTreeSet<RowRef>,
    /// Errors and warnings so far.
    reported: u64,
    /// Kinds of problems that a column already has: only the first needs an excerpt and a suggestion.
    seen_kinds: BTreeSet<(&'static str, SheetId, u32)>,
    /// Kinds of problems that cells have which several made rows share: one report will do.
    shared_cells: BTreeSet<(&'static str, Place)>,
    /// Marks, counts or values that a shape has found.
    made: u64,
    /// Filled cells of head counts, and rows with a total of them.
    parts: (u64, u64),
    /// Parents of a repeat that rows belong to.
    parents: BTreeSet<u32>,
}

impl<'c> TableReader<'c> {
    /// A reader that has read no row yet.
    pub fn new(kind: TableKind, collectors: &'c Collectors) -> TableReader<'c> {
        let key_columns: &'static [&'static str] = match kind {
            TableKind::Activities => &["id"],
            TableKind::Participants => &["person"],
            TableKind::Attendance => &["activity", "person"],
            TableKind::Results | TableKind::Indicators => &["code"],
            TableKind::Targets | TableKind::Reported => &["indicator", "period"],
            TableKind::Lists => &["list", "code"],
        };
        let account = TableAccount { table: kind.name().to_owned(), ..TableAccount::default() };
        TableReader {
            kind,
            collectors,
            account,
            dropped: BTreeMap::new(),
            blanked: BTreeMap::new(),
            passed_over: 0,
            key_columns,
            faulty: BTreeSet::new(),
            reported: 0,
            seen_kinds: BTreeSet::new(),
            shared_cells: BTreeSet::new(),
            made: 0,
            parts: (0, 0),
            parents: BTreeSet::new(),
        }
    }

    /// Begins a row of data and counts it as read. The caller ends it with [`RowReader::finish`] or [`RowReader::skip`].
    pub fn begin_row<'t>(&'t mut self, sheet: &'t TableSheet, raw: &'t RawRow<'t>) -> RowReader<'t, 'c> {
        self.account.read += 1;
        let mut row = RowReader::new(self, sheet, raw, false);
        if raw.shape != RecordShape::default() {
            row.check_shape();
        }
        row
    }

    /// Returns to a row that was finished. An error that is reported at it takes it out of the used rows.
    pub fn finished_row<'t>(&'t mut self, sheet: &'t TableSheet, raw: &'t RawRow<'t>) -> RowReader<'t, 'c> {
        RowReader::new(self, sheet, raw, true)
    }

    /// [`TableReader::finished_row`] of a row that was kept.
    pub fn kept_row<'t>(&'t mut self, kept: &'t KeptRow) -> RowReader<'t, 'c> {
        self.finished_row(&kept.sheet, &kept.raw)
    }

    /// Counts a row that holds no data; `reason` is a code of the row accounting (`total`, `repeated-header` …).
    pub fn skip_row(&mut self, row: RowRef, reason: &'static str) {
        let skipped = (reason != "blank").then_some(SkippedRow { row, reason, duplicate_of: None });
        self.collectors.skipped.borrow_mut().extend(skipped);
        self.account.read += 1;
        self.count_skipped(reason, 1);
    }

    /// Counts a cell that a shape makes no row of.
    pub fn skip_cell(&mut self, reason: &'static str) {
        self.account.read += 1;
        self.count_skipped(reason, 1);
    }

    /// Counts a mark, count or value that a shape has found.
    pub fn count_made(&mut self) {
        self.made += 1;
    }

    /// Notes that a row belongs to the row with this number of its parents' sheet.
    pub fn count_parent(&mut self, row: u32) {
        self.parents.insert(row);
    }

    /// Reports a faulty heading of cells that would be rows, and says what becomes of them.
    pub fn report_heading(&mut self, problem: Problem) -> HeadingState {
        match self.collectors.waivers.borrow_mut().accept(self.kind, problem) {
            Ok(bits) => HeadingState::Waived(bits),
            Err(problem) => {
                self.report(problem);
                HeadingState::Faulty
            }
        }
    }

    /// Accounts for a cell that would be a row, under a heading that is faulty.
    pub fn drop_under_heading(&mut self, state: HeadingState) {
        self.account.read += 1;
        match state {
            HeadingState::Waived(bits) => *self.dropped.entry(bits).or_default() += 1,
            HeadingState::Faulty | HeadingState::Sound => self.account.error += 1,
        }
    }

    /// Reports an error at a cell beside those that are rows; waived, nothing but the cell's value is left out.
    pub fn report_beside(&mut self, sheet: &TableSheet, raw: &RawRow, column: u32, problem: Problem) {
        let shown = cell::read_any_text(raw.cell(column)).ok().flatten().unwrap_or_default().into_owned();
        let problem = problem.at(sheet.place_in(raw, column)).excerpt(vec![(sheet.heading(column), shown)], Some(0));
        self.report_heading(problem);
    }

    /// Counts rows as skipped that were used so far, each with the row that it repeats.
    pub fn skip_used_rows(&mut self, reason: &'static str, repeated: &[(RowRef, RowRef)]) {
        let rows = repeated.len() as u64;
        let skipped = repeated.iter().map(|&(row, like)| SkippedRow { row, reason, duplicate_of: Some(like) });
        self.collectors.skipped.borrow_mut().extend(skipped);
        self.account.used = self.account.used.saturating_sub(rows);
        if rows > 0 {
            self.count_skipped(reason, rows);
        }
    }

    /// Counts used rows as passed over: they stay in the project, to be explained, but count nowhere.
    pub fn pass_over(&mut self, reason: &'static str, rows: u64) {
        if rows > 0 {
            self.passed_over += rows;
            self.count_skipped(reason, rows);
        }
    }

    fn count_skipped(&mut self, reason: &'static str, rows: u64) {
        *self.account.skipped.entry(reason).or_default() += rows;
    }

    /// Warns of a code that differs from an earlier one only in leading zeros. `cell_of` finds the first cell of a code.
    pub fn warn_zero_variant<'s>(
        &mut self,
        codes: &CodeIndex,
        (code, known): (CodeId, CodeId),
        cell_of: impl Fn(CodeId) -> Option<(&'s TableSheet, RowRef, u32)>,
    ) {
        let (Some((sheet, row, column)), Some(other)) = (cell_of(code), cell_of(known)) else { return };
        let (value, known) = (codes.text(code).to_owned(), codes.text(known).to_owned());
        let excerpt = vec![(sheet.heading(column), value.clone())];
        let kind = kinds::LeadingZeros { value, known, other: other.0.describe(&RawRow::at(other.1), other.2) };
        let raw = RawRow::at(row);
        let mut row = self.finished_row(sheet, &raw);
        row.field_at(Some(column)).warn_problem(Problem::warning(kind).excerpt(excerpt, Some(0)));
    }

    /// Reports a problem of the table or a sheet as a whole. No waiver covers it.
    pub fn report(&mut self, problem: Problem) {
        self.collectors.problems.borrow_mut().add(problem);
    }

    /// Warns where a column of dates looks as if a program had taken months for days.
    pub fn warn_swapped_days(&mut self, sheet: &TableSheet, column: Option<u32>, slashes: &SlashOrder) {
        if let (Some(column), Some(swapped)) = (column, slashes.swapped()) {
            let SwappedDays { row, real, texts } = swapped;
            let kind = kinds::SwappedDays { real: real.to_string(), texts: texts.to_string() };
            self.report(Problem::warning(kind).at(sheet.place(row, column)));
        }
    }

    /// The account. Rows that waivers allowed count as errors where there were more of them than a waiver accepts.
    pub fn finish(mut self) -> TableAccount {
        let waived = self.faulty.iter().map(|&row| SkippedRow { row, reason: "waived", duplicate_of: None });
        self.collectors.skipped.borrow_mut().extend(waived);
        let exceeded = self.collectors.waivers.borrow().exceeded(self.kind);
        let TableAccount { used, waived, error, .. } = &mut self.account;
        for (bits, rows) in self.dropped {
            *(if bits & exceeded == 0 { &mut *waived } else { &mut *error }) += rows;
        }
        for (bits, rows) in self.blanked {
            *(if bits & exceeded == 0 { &mut *used } else { &mut *error }) += rows;
        }
        *used = used.saturating_sub(self.passed_over);
        let tally = |kind, found, made| Some(ShapeTally { kind, found, made });
        self.account.shape = match self.parts {
            _ if self.made > 0 => tally(ShapeKind::Cells, self.made, self.account.used),
            _ if !self.parents.is_empty() => tally(ShapeKind::Repeats, self.parents.len() as u64, self.account.used),
            (0, _) => None,
            (found, totals) => tally(ShapeKind::Parts, found, totals),
        };
        self.account
    }
}
