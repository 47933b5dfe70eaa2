//! One row of a table while it is read.

use super::{Field, KeptRow, TableReader, TableSheet};
use crate::diagnostic::{Place, Problem, ProblemKind, Severity, ShownOfSheet, column_name, kinds};
use crate::ingest::cell;
use crate::ingest::layout::{NAME_COLUMNS, TableKind};
use crate::ingest::raw_row::{Raw, RawRow};
use crate::ingest::wrong_language::find_other_language;
use crate::model::{Lang, RowRef, Text};

/// What becomes of a row when an error at one of its cells is waived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFault {
    /// The row is left out: the cell is a key, a date or a count.
    DropRow,
    /// The row is used without the value.
    BlankValue,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOutcome {
    Used,
    /// In error, or left out under a waiver.
    Dropped,
}

/// Reads one row of a table. Problems go to the table with their cell.
pub struct RowReader<'a, 'c> {
    table: &'a mut TableReader<'c>,
    pub sheet: &'a TableSheet,
    pub raw: &'a RawRow<'a>,
    /// The row was finished before: see [`TableReader::finished_row`].
    is_finished: bool,
    /// Its cells may be in the wrong columns, which was reported: no other problem of the row is.
    is_misread: bool,
    has_error: bool,
    /// Bits of the waivers under which the row is dropped, and under which one of its values is blanked.
    dropped: u64,
    blanked: u64,
}

impl<'a, 'c> RowReader<'a, 'c> {
    pub(super) fn new(
        table: &'a mut TableReader<'c>,
        sheet: &'a TableSheet,
        raw: &'a RawRow<'a>,
        is_finished: bool,
    ) -> RowReader<'a, 'c> {
        let (is_misread, has_error) = (false, false);
        RowReader { table, sheet, raw, is_finished, is_misread, has_error, dropped: 0, blanked: 0 }
    }

    /// Reports a row of a CSV file whose cells can't be where they belong.
    pub(super) fn check_shape(&mut self) {
        let (shape, layout) = (self.raw.shape, &self.sheet.layout);
        if let Some(column) = shape.misread_letters {
            let table = self.table.kind.name().to_owned();
            let is_lost = self
                .raw
                .cell(column)
                .is_some_and(|cell| matches!(&cell.raw, Raw::Text(text) if text.contains(char::REPLACEMENT_CHARACTER)));
            let kind = if is_lost { kinds::MixedLetters::Lost { table } } else { kinds::MixedLetters::Plain { table } };
            self.warn_at(column, Problem::warning(kind));
        }
        let is_shorter = shape.cells < layout.header_cells;
        let (column, kind): (u32, ProblemKind) = if let Some(column) = shape.open_quote {
            (column, kinds::OpenQuotationMark.into())
        } else if shape.cells > layout.header_cells && shape.end > layout.end {
            let (cells, headings) = (shape.cells.to_string(), layout.header_cells.to_string());
            (layout.end, kinds::MoreCellsThanHeadings { cells, headings }.into())
        } else if let Some(column) = shape.loose_quote.filter(|_| is_shorter) {
            (column, kinds::OpenQuotationMark.into())
        } else {
            return;
        };
        self.report_at(column, OnFault::DropRow, Problem::error(kind));
        self.is_misread = true;
    }

    /// The cell in the column of that name. A table without the column has only blanks in it.
    pub fn field<'f>(&'f mut self, name: &str) -> Field<'f, 'a, 'c> {
        let column = self.sheet.column(name);
        self.field_at(column)
    }

    /// The cell in a column by its index, from 0; `None` reads as a blank.
    pub fn field_at<'f>(&'f mut self, column: Option<u32>) -> Field<'f, 'a, 'c> {
        Field::new(self, column)
    }

    /// The table that the row is of.
    pub fn kind(&self) -> TableKind {
        self.table.kind
    }

    /// The model's reference to the row.
    pub fn row_ref(&self) -> RowRef {
        self.sheet.row_ref(self.raw)
    }

    /// A copy of the row for later checks.
    pub fn keep(&self) -> KeptRow {
        KeptRow { sheet: self.sheet.clone(), raw: self.raw.clone().into_owned() }
    }

    /// How many problems the table has reported so far: a difference between two calls says that what was read between
    /// them is faulty.
    pub fn reported(&self) -> u64 {
        self.table.reported
    }

    /// Whether no error has been reported at the row so far, waived or not, that drops it.
    pub fn is_sound(&self) -> bool {
        !self.has_error && self.dropped == 0
    }

    /// A text in the languages of its columns. A column without a language is in the source language.
    pub fn text_by_language(&mut self, name: &str, languages: &[Lang]) -> Text {
        let sheet = self.sheet;
        let mut text = Text::default();
        for column in sheet.layout.columns(name) {
            // A project.toml without languages is reported as such; its texts still are texts.
            let lang = column.lang.as_ref().or_else(|| languages.first());
            let lang = lang.cloned().unwrap_or_else(|| Lang::new("und"));
            if let Some(written) = self.field_at(Some(column.column)).text() {
                text.set(lang, written.into_owned());
            }
        }
        text
    }

    /// [`RowReader::text_by_language`] of texts that may be placeholders elsewhere.
    pub fn any_text(&mut self, name: &str, languages: &[Lang]) -> Text {
        let sheet = self.sheet;
        let mut text = Text::default();
        for column in sheet.layout.columns(name) {
            let lang = column.lang.as_ref().or_else(|| languages.first());
            if let (Some(lang), Some(written)) = (lang, self.field_at(Some(column.column)).any_text()) {
                text.set(lang.clone(), written.into_owned());
            }
        }
        text
    }

    /// [`RowReader::text_by_language`] with a warning for each language that is missing.
    pub fn translated_text(&mut self, name: &str, languages: &[Lang]) -> Text {
        let text = self.text_by_language(name, languages);
        let sheet = self.sheet;
        let Some(first) = sheet.layout.column(name).filter(|_| !text.is_empty()) else { return text };
        for lang in languages.iter().filter(|lang| text.get(lang).is_none()) {
            let column = sheet.layout.columns(name).find(|column| column.lang.as_ref() == Some(lang)).unwrap_or(first);
            let (what, language) = (column.heading.clone(), lang.as_str().to_owned());
            self.field_at(Some(column.column)).warn(kinds::UntranslatedText::Plain { what, language });
        }
        for column in sheet.layout.columns(name) {
            let lang = column.lang.as_ref().or_else(|| languages.first());
            if let Some(kind) = lang.and_then(|lang| find_other_language(&text, lang)) {
                self.field_at(Some(column.column)).warn(kind);
            }
        }
        text
    }

    /// [`RowReader::translated_text`] with an error where the text is missing in every language.
    pub fn required_text(&mut self, name: &str, languages: &[Lang]) -> Text {
        let reported = self.reported();
        let text = self.translated_text(name, languages);
        let column = self.sheet.column(name);
        // A cell that can't be read has been reported.
        if text.is_empty() && column.is_some() && reported == self.reported() {
            self.field_at(column).report_missing(OnFault::BlankValue);
        }
        text
    }

    /// Counts the row's cells of head counts, and whether it has what they are parts of.
    pub fn count_parts(&mut self, found: u64, has_total: bool) {
        self.table.parts.0 += found;
        self.table.parts.1 += u64::from(has_total);
    }

    /// Ends the row without using it, though it is sound; `reason` is a code of the row accounting (`faulty-activity`).
    pub fn skip(&mut self, reason: &'static str) {
        self.table.count_skipped(reason, 1);
    }

    /// Accounts for a used row as passed over: it stays in the project, to be explained, but counts nowhere.
    pub fn pass_over(&mut self, reason: &'static str) {
        self.table.pass_over(reason, 1);
    }

    /// Ends the row and accounts for it.
    pub fn finish(&mut self) -> RowOutcome {
        if self.has_error || self.dropped != 0 {
            self.table.faulty.insert(self.row_ref());
        }
        if self.has_error {
            self.table.account.error += 1;
            return RowOutcome::Dropped;
        }
        if self.dropped != 0 {
            *self.table.dropped.entry(self.dropped | self.blanked).or_default() += 1;
            return RowOutcome::Dropped;
        }
        if self.blanked != 0 {
            *self.table.blanked.entry(self.blanked).or_default() += 1;
        } else {
            self.table.account.used += 1;
        }
        RowOutcome::Used
    }

    /// See [`Field::report`].
    pub(super) fn report_at(&mut self, column: u32, on_fault: OnFault, problem: Problem) {
        if !self.is_finished {
            self.add_at(column, on_fault, problem);
            return;
        }
        let was_faulty = self.table.faulty.contains(&self.row_ref());
        (self.has_error, self.dropped, self.blanked) = (false, 0, 0);
        self.add_at(column, on_fault, problem);
        if !was_faulty {
            self.table.account.used = self.table.account.used.saturating_sub(1);
            self.finish();
        }
    }

    fn add_at(&mut self, column: u32, on_fault: OnFault, problem: Problem) {
        self.table.reported += 1;
        if self.is_misread {
            return;
        }
        let problem = self.locate(column, problem);
        let collectors = self.table.collectors;
        let is_known = self.is_reported_at_shared_cell(column, &problem);
        if problem.severity != Severity::Error {
            if !is_known {
                collectors.problems.borrow_mut().add(problem);
            }
            return;
        }
        let accepted = collectors.waivers.borrow_mut().accept(self.table.kind, problem);
        match (accepted, on_fault) {
            (Ok(bit), OnFault::DropRow) => self.dropped |= bit,
            (Ok(bit), OnFault::BlankValue) => self.blanked |= bit,
            (Err(problem), _) => {
                if !is_known {
                    collectors.problems.borrow_mut().add(problem);
                }
                self.has_error = true;
            }
        }
    }

    /// See [`Field::warn`].
    pub(super) fn warn_at(&mut self, column: u32, problem: Problem) {
        self.table.reported += 1;
        if self.is_misread {
            return;
        }
        let problem = self.locate(column, problem);
        if !self.is_reported_at_shared_cell(column, &problem) {
            self.table.collectors.problems.borrow_mut().add(problem);
        }
    }

    /// Whether a problem of a cell that several rows share was reported at another of them.
    fn is_reported_at_shared_cell(&mut self, column: u32, problem: &Problem) -> bool {
        let is_shared = self.sheet.shape.is_some() && self.raw.made_of != Some(column);
        let place = problem.places.first().filter(|_| is_shared);
        place.is_some_and(|place| !self.table.shared_cells.insert((problem.code, place.clone())))
    }

    /// See [`Field::warn_problem_and`].
    pub(super) fn warn_at_both(&mut self, column: u32, problem: Problem, second: Place) {
        self.table.reported += 1;
        let problem = self.locate(column, problem).at(second);
        self.table.collectors.problems.borrow_mut().add(problem);
    }

    /// Whether a column of the sheet has no problem with this code yet.
    pub(super) fn is_first(&self, code: &'static str, column: u32) -> bool {
        !self.table.seen_kinds.contains(&(code, self.sheet.id, column))
    }

    /// Gives a problem its cell and what that holds, and the first of its kind in a column an excerpt of the row.
    fn locate(&mut self, column: u32, problem: Problem) -> Problem {
        let is_first = self.table.seen_kinds.insert((problem.code, self.sheet.id, column));
        let problem = problem.at(self.sheet.place_in(self.raw, column));
        if problem.excerpt.is_some() {
            return problem;
        }
        if !is_first {
            return problem.excerpt(vec![self.faulty_cell(column)], Some(0));
        }
        let (cells, faulty) = self.excerpt(column);
        let key_columns = self.table.key_columns.iter().filter_map(|key| self.sheet.column(key)).collect();
        let shown = ShownOfSheet { heading_row: Some(self.sheet.layout.header_row), key_columns };
        problem.excerpt(cells, faulty).beside(shown)
    }

    /// The row's key columns and the faulty cell, and the index of the latter. Of persons' names and other private columns
    /// it shows `…`.
    fn excerpt(&self, column: u32) -> (Vec<(String, String)>, Option<usize>) {
        let mut shown: Vec<(String, String)> = Vec::new();
        let mut faulty = None;
        for key in self.table.key_columns {
            let Some(at) = self.sheet.column(key) else { continue };
            if at == column {
                faulty = Some(shown.len());
            }
            let heading = Some(self.sheet.heading(at)).filter(|heading| !heading.is_empty());
            shown.push((heading.unwrap_or_else(|| (*key).to_owned()), excerpt_text(self.raw, at)));
        }
        if faulty.is_none() {
            faulty = Some(shown.len());
            shown.push(self.faulty_cell(column));
        }
        (shown, faulty)
    }

    /// The heading and the text of a cell, `…` where that is private.
    fn faulty_cell(&self, column: u32) -> (String, String) {
        let known = self.sheet.layout.columns.iter().find(|known| known.column == column);
        let is_of_persons = matches!(self.table.kind, TableKind::Participants | TableKind::Attendance);
        let is_private =
            known.is_some_and(|known| is_of_persons && (!known.listed || NAME_COLUMNS.contains(&known.name.as_str())));
        let name = known.map(|known| known.heading.clone());
        let name = name.or_else(|| Some(self.sheet.heading(column)).filter(|heading| !heading.is_empty()));
        let text = if is_private { "…".to_owned() } else { excerpt_text(self.raw, column) };
        (name.unwrap_or_else(|| column_name(column)), text)
    }
}

/// Longest text of a cell in an excerpt, in characters.
const EXCERPT_LENGTH: usize = 60;

/// The text of a cell, shortened.
pub(in crate::ingest) fn excerpt_text(row: &RawRow, column: u32) -> String {
    let Some(cell) = row.cell(column) else { return String::new() };
    let text = match &cell.raw {
        Raw::Text(text) | Raw::Error(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        _ => cell::read_text(Some(cell)).ok().flatten().map(|text| text.into_owned()).unwrap_or_default(),
    };
    if text.chars().count() <= EXCERPT_LENGTH {
        return text;
    }
    text.chars().take(EXCERPT_LENGTH).chain(['…']).collect()
}
