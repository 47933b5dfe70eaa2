//! One cell of a row while it is read.

use std::borrow::Cow;

use jiff::civil::Date;

use super::{OnFault, RowReader};
use crate::diagnostic::{Place, Problem, ProblemKind, kinds};
use crate::fold;
use crate::ingest::cell::{
    self, CellResult, DateForms, DateOrder, DateReading, DecimalMarks, SlashOrder, WrittenNumber,
};
use crate::ingest::layout::vocabulary;
use crate::ingest::lists::{EntryMatch, ListIndex};
use crate::ingest::raw_row::{NumberDisplay, RawCell};
use crate::model::Amount;

/// A cell of a row. Its readers report what is wrong with it at the cell, with the column's heading, and then return `None`
/// as for a blank; [`RowReader::reported`] distinguishes the two.
pub struct Field<'f, 'a, 'c> {
    row: &'f mut RowReader<'a, 'c>,
    /// From 0; none where the table doesn't have the column.
    column: Option<u32>,
}

impl<'f, 'a, 'c> Field<'f, 'a, 'c> {
    pub(super) fn new(row: &'f mut RowReader<'a, 'c>, column: Option<u32>) -> Field<'f, 'a, 'c> {
        Field { row, column }
    }
}

impl<'a> Field<'_, 'a, '_> {
    /// Whether the table has the column.
    pub fn exists(&self) -> bool {
        self.column.is_some()
    }

    /// The cell as the file holds it, if anything is in it.
    pub fn cell(&self) -> Option<&'a RawCell<'a>> {
        let raw = self.row.raw;
        raw.cell(self.column?)
    }

    /// Whether the cell holds a number that its format shows with leading zeros.
    pub fn is_padded(&self) -> bool {
        matches!(self.cell().map(|cell| cell.display), Some(NumberDisplay::Padded(_)))
    }

    /// Whether the cell holds nothing, or a placeholder for nothing.
    pub fn is_blank(&self) -> bool {
        cell::read_text(self.cell()).is_ok_and(|text| text.is_none())
    }

    /// The column's heading as it is written.
    pub fn heading(&self) -> String {
        self.column.map(|column| self.row.sheet.heading(column)).unwrap_or_default()
    }

    /// The cell's row, as a spreadsheet program numbers it.
    pub fn row_number(&self) -> u32 {
        self.row.raw.number
    }

    /// The cell's text, for problems.
    pub fn shown(&self) -> String {
        cell::read_text(self.cell()).ok().flatten().unwrap_or_default().into_owned()
    }

    /// The cell's place.
    pub fn place(&self) -> Place {
        self.row.sheet.place_in(self.row.raw, self.column.unwrap_or_default())
    }

    /// What comes first in dates with slashes, where project.toml says.
    pub fn date_order(&self) -> Option<DateOrder> {
        self.row.sheet.options.dates
    }

    /// The cell as a second place that a message names.
    pub fn describe(&self) -> String {
        self.row.sheet.describe(self.row.raw, self.column.unwrap_or_default())
    }

    /// Whether the column has no problem with this code yet, so that a costly suggestion is worth its while.
    pub fn is_first(&self, code: &'static str) -> bool {
        self.row.is_first(code, self.column.unwrap_or_default())
    }

    /// [`RowReader::reported`] of the row.
    pub fn reported(&self) -> u64 {
        self.row.reported()
    }

    /// Reports an error at the cell, unless the project waives it.
    pub fn report(&mut self, on_fault: OnFault, kind: impl Into<ProblemKind>) {
        self.report_problem(on_fault, Problem::error(kind));
    }

    /// [`Field::report`] of a problem that has more than a kind already.
    pub fn report_problem(&mut self, on_fault: OnFault, problem: Problem) {
        self.row.report_at(self.column.unwrap_or_default(), on_fault, problem);
    }

    /// Reports that the cell must not be blank.
    pub fn report_missing(&mut self, on_fault: OnFault) {
        let column = self.heading();
        self.report(on_fault, kinds::MissingValue::Plain { column });
    }

    /// Reports a warning at the cell. The row stays in use.
    pub fn warn(&mut self, kind: impl Into<ProblemKind>) {
        self.warn_problem(Problem::warning(kind));
    }

    /// Reports a warning or a note at the cell that has more than a kind already. The row stays in use.
    pub fn warn_problem(&mut self, problem: Problem) {
        self.row.warn_at(self.column.unwrap_or_default(), problem);
    }

    /// [`Field::warn_problem`] that has a second cell.
    pub fn warn_problem_and(&mut self, problem: Problem, second: Place) {
        self.row.warn_at_both(self.column.unwrap_or_default(), problem, second);
    }

    /// Warns that what is written is the known code or label only because look-alike letters were folded.
    pub fn warn_look_alike(&mut self, written: &str, known: &str) {
        self.warn(kinds::LookAlikeLetters { value: written.to_owned(), known: known.to_owned() });
    }

    fn value_of<T>(&mut self, on_fault: OnFault, read: CellResult<T>) -> Option<T> {
        read.unwrap_or_else(|problem| {
            self.report_problem(on_fault, *problem);
            None
        })
    }

    /// A code that the row may lack.
    pub fn code(&mut self, on_fault: OnFault) -> Option<Cow<'a, str>> {
        let read = cell::read_code(self.cell());
        self.value_of(on_fault, read)
    }

    /// A code that the row must have, if the table has the column.
    pub fn required_code(&mut self) -> Option<Cow<'a, str>> {
        let column = self.heading();
        self.required_code_or(kinds::MissingValue::Plain { column })
    }

    /// [`Field::required_code`] with a kind of its own for the problem that it is missing.
    pub fn required_code_or(&mut self, missing: impl Into<ProblemKind>) -> Option<Cow<'a, str>> {
        self.column?;
        let read = cell::read_code(self.cell());
        if let Ok(None) = read {
            self.report(OnFault::DropRow, missing);
        }
        self.value_of(OnFault::DropRow, read)
    }

    /// A text; a fault blanks it.
    pub fn text(&mut self) -> Option<Cow<'a, str>> {
        let read = cell::read_text(self.cell());
        self.value_of(OnFault::BlankValue, read)
    }

    /// A text, also one that is a placeholder elsewhere; a fault blanks it.
    pub fn any_text(&mut self) -> Option<Cow<'a, str>> {
        let read = cell::read_any_text(self.cell());
        self.value_of(OnFault::BlankValue, read)
    }

    /// A count of people or things; a fault drops the row.
    pub fn count(&mut self) -> Option<Amount> {
        let read = cell::read_count(self.cell());
        self.number_of(read)
    }

    /// A reported quantity, and whether it is written in percent; a fault drops the row.
    pub fn amount(&mut self) -> Option<(Amount, bool)> {
        let read = cell::read_amount_as(self.cell(), self.decimal_marks());
        self.number_of(read)
    }

    /// A target, a baseline or a numeric attribute; a fault drops the row.
    pub fn number(&mut self) -> Option<WrittenNumber> {
        let read = cell::read_decimal_as(self.cell(), self.decimal_marks());
        self.number_of(read)
    }

    /// How the cell's column uses point and comma.
    fn decimal_marks(&self) -> DecimalMarks {
        let marks = self.column.and_then(|column| self.row.sheet.decimal_marks.get(&column));
        marks.copied().unwrap_or_default()
    }

    /// A number, with a note where a footnote mark behind it was passed over.
    fn number_of<T>(&mut self, read: CellResult<T>) -> Option<T> {
        let value = self.value_of(OnFault::DropRow, read)?;
        if let Some(cell) = self.cell().filter(|cell| cell::has_footnote_mark(cell)) {
            let text = cell::read_text(Some(cell)).ok().flatten().unwrap_or_default().into_owned();
            self.warn_problem(Problem::note(kinds::FootnoteMark { text }));
        }
        Some(value)
    }

    /// A whole number within `range`. For anything else `kind` makes a problem of what is written and the two ends, which
    /// blanks the value.
    pub fn whole_number<K: Into<ProblemKind>>(
        &mut self,
        range: std::ops::RangeInclusive<i64>,
        kind: impl FnOnce(String, String, String) -> K,
    ) -> Option<i64> {
        let read = cell::read_decimal(self.cell());
        let (low, high) = (range.start().to_string(), range.end().to_string());
        if let Err(problem) = &read
            && [kinds::NotANumber::CODE, kinds::DateNotNumber::CODE].contains(&problem.code)
            && let Some(text) = problem.args.get("text")
        {
            self.report(OnFault::BlankValue, kind(text.clone(), low, high));
            return None;
        }
        let WrittenNumber { value, percent } = self.value_of(OnFault::BlankValue, read)?;
        let whole = (!percent && value.fract().is_zero()).then(|| i64::try_from(value.trunc()).ok()).flatten();
        let found = whole.filter(|number| range.contains(number));
        if found.is_none() {
            self.report(OnFault::BlankValue, kind(value.normalize().to_string(), low, high));
        }
        found
    }

    /// A date as it is written; [`Field::resolve_date`] makes a day of it.
    pub fn date(&mut self, on_fault: OnFault) -> Option<DateReading> {
        let read = cell::read_date_as(self.cell(), self.row.sheet.date_forms_of(self.column.unwrap_or_default()));
        self.value_of(on_fault, read)
    }

    /// A date of birth as it is written: its year has four digits, whatever project.toml allows other dates.
    pub fn birth_date(&mut self, on_fault: OnFault) -> Option<DateReading> {
        let forms = DateForms { short_years: false, ..self.row.sheet.date_forms_of(self.column.unwrap_or_default()) };
        let read = cell::read_date_as(self.cell(), forms);
        self.value_of(on_fault, read)
    }

    /// The day that a date means in a column that writes its slashes so. A month means its first day.
    pub fn resolve_date(&mut self, slashes: SlashOrder, reading: DateReading) -> Option<Date> {
        let shown = self.shown();
        self.value_of(OnFault::DropRow, slashes.resolve(reading, &shown).map(Some))
    }

    /// The entries of a list that the cell names: one, or several separated by `;`, a line break, one of `separators`, or a
    /// comma where every part is on the list. Others are reported, and values that are joined in another way. A placeholder
    /// that is on the list is a value.
    pub fn list_entries(&mut self, lists: &ListIndex, list: usize, separators: Option<&[String]>) -> Vec<u32> {
        let read = cell::read_any_text(self.cell());
        let Some(text) = self.value_of(OnFault::BlankValue, read) else { return Vec::new() };
        let joins_by_blanks = self.row.sheet.options.is_form && separators.is_none();
        let mut entries: Vec<u32> = Vec::new();
        for (value, found) in
            cell::split_parts(&text).flat_map(|value| split_listed(value, lists, list, separators, joins_by_blanks))
        {
            // A number may be on the list without the zeros that it is shown with.
            let plain = || lists.find(list, value.trim_start_matches('0')).filter(|_| self.is_padded());
            let Some(EntryMatch { entry, is_look_alike }) = found.or_else(plain) else {
                if !cell::is_placeholder(value) {
                    self.report_unlisted(value, lists, list, separators.is_some());
                }
                continue;
            };
            if is_look_alike {
                self.warn_look_alike(value, lists.code(list, entry));
            }
            if !entries.contains(&entry) {
                entries.push(entry);
            }
        }
        entries
    }

    fn report_unlisted(&mut self, value: &str, lists: &ListIndex, list: usize, has_separators: bool) {
        let is_joined = !has_separators
            && joined_parts(value).is_some_and(|mut parts| parts.all(|part| lists.find(list, part).is_some()));
        if is_joined {
            self.report_joined(value);
            return;
        }
        let nearest = lists.nearest(list, value).map(str::to_owned);
        let known = lists.first_values(list);
        let list = lists.list(list).name.clone();
        self.report(OnFault::BlankValue, kinds::UnlistedValue::Plain { value: value.to_owned(), list, known, nearest });
    }

    /// Reports that a cell holds several values joined by what doesn't separate them.
    pub fn report_joined(&mut self, value: &str) {
        let mark = value.chars().find(|c| JOINTS.contains(c) && !c.is_whitespace()).map(String::from);
        let word = || pieces(value).find(|piece| is_joining_word(piece)).map(|word| format!(" {word} "));
        let separator = mark.or_else(word).unwrap_or_else(|| " ".to_owned());
        let column = self.column.and_then(|at| self.row.sheet.layout.column_at(at));
        let (name, heading) = column.map(|column| (column.name.clone(), column.heading.clone())).unwrap_or_default();
        let joined = kinds::JoinedValues {
            value: value.to_owned(),
            column: toml_key(&name),
            heading,
            separator,
            table: self.row.kind().name().to_owned(),
        };
        self.report(OnFault::BlankValue, joined);
    }

    /// The index of the entry that the cell names on a built-in list.
    pub fn built_in_entry(&mut self, lists: &ListIndex, list: &str) -> Option<u32> {
        let list = lists.position(list)?;
        self.list_entries(lists, list, None).first().copied()
    }
}

/// What values in a cell may be joined by though it doesn't separate them, besides white space.
const JOINTS: [char; 9] = [' ', '\t', '\u{a0}', ',', '/', '|', '+', '&', '\\'];

/// What is between [`JOINTS`].
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(JOINTS).filter(|piece| !piece.is_empty())
}

/// Whether a word only joins others: `and`.
fn is_joining_word(word: &str) -> bool {
    vocabulary().joining_words.contains(&fold::code_key(word))
}

/// The pieces of a text that may be several values joined by what doesn't separate them; `None` for a single one.
pub fn joined_parts(text: &str) -> Option<impl Iterator<Item = &str>> {
    let parts = || pieces(text).filter(|piece| !is_joining_word(piece));
    (parts().nth(1).is_some()).then(parts)
}

/// A key as project.toml writes it: bare where it may be.
fn toml_key(name: &str) -> String {
    let is_bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if is_bare { name.to_owned() } else { format!("{name:?}") }
}

/// A value with the entry that it names; its parts at `separators`; or those at commas, and of a form at blanks, if it names
/// none itself and each of them names one.
fn split_listed<'v>(
    value: &'v str,
    lists: &ListIndex,
    list: usize,
    separators: Option<&[String]>,
    joins_by_blanks: bool,
) -> Vec<(&'v str, Option<EntryMatch>)> {
    let whole = lists.find(list, value);
    if whole.is_none() && joins_by_blanks && value.contains(char::is_whitespace) {
        let parts: Vec<_> = value.split_whitespace().map(|part| (part, lists.find(list, part))).collect();
        if parts.iter().all(|(_, found)| found.is_some()) {
            return parts;
        }
    }
    if whole.is_none()
        && let Some(separators) = separators
    {
        let parts = split_at(value, separators).into_iter();
        return parts.map(|part| (part, lists.find(list, part))).collect();
    }
    if whole.is_none() && value.contains(',') {
        let parts: Vec<_> = value.split(',').map(str::trim).map(|part| (part, lists.find(list, part))).collect();
        if parts.iter().all(|(_, found)| found.is_some()) {
            return parts;
        }
    }
    vec![(value, whole)]
}

/// The parts of a value at every one of `separators`.
pub fn split_at<'v>(value: &'v str, separators: &[String]) -> Vec<&'v str> {
    let mut parts = vec![value];
    for separator in separators {
        parts = parts.into_iter().flat_map(|part| part.split(separator.as_str())).collect();
    }
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}
