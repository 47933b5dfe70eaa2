//! Reading the cells of a table's row; what is wrong goes to the table with its cell.

use std::borrow::Cow;

use jiff::civil::Date;

use super::{Part, Role, TableRun};
use crate::diagnostic::Problem;
use crate::ingest::cell::{self, Percentage, Read, Reading, SlashColumn};
use crate::ingest::lists::Listing;
use crate::ingest::raw::RawRow;
use crate::model::{Amount, Lang, Text};

impl TableRun<'_> {
    fn read<T>(&mut self, part: &Part, row: &RawRow, column: u32, role: Role, read: Read<T>) -> Option<T> {
        match read {
            Ok(value) => value,
            Err(problem) => {
                self.fault(part, row, column, role, problem.with("column", self.heading(part, column)));
                None
            }
        }
    }

    /// A code that the row may lack.
    pub fn code<'r>(&mut self, part: &Part, row: &'r RawRow, column: Option<u32>, role: Role) -> Option<Cow<'r, str>> {
        let column = column?;
        self.read(part, row, column, role, cell::read_code(row.cell(column)))
    }

    /// A code that the row must have; `missing` is the problem where it doesn't.
    pub fn key<'r>(
        &mut self,
        part: &Part,
        row: &'r RawRow,
        column: Option<u32>,
        missing: &'static str,
    ) -> Option<Cow<'r, str>> {
        let at = column?;
        match cell::read_code(row.cell(at)) {
            Ok(Some(code)) => Some(code),
            Ok(None) => {
                let problem = Problem::error(missing).with("column", self.heading(part, at));
                self.fault(part, row, at, Role::Deciding, problem);
                None
            }
            Err(problem) => {
                self.fault(part, row, at, Role::Deciding, problem.with("column", self.heading(part, at)));
                None
            }
        }
    }

    pub fn text<'r>(&mut self, part: &Part, row: &'r RawRow, column: Option<u32>) -> Option<Cow<'r, str>> {
        let column = column?;
        self.read(part, row, column, Role::Describing, cell::read_text(row.cell(column)))
    }

    /// A text in the languages of its columns; one without a language is in the source language.
    pub fn texts(&mut self, part: &Part, row: &RawRow, name: &str, languages: &[Lang]) -> Text {
        let mut text = Text::default();
        let columns: Vec<(u32, Option<Lang>)> =
            part.layout.columns(name).map(|column| (column.column, column.lang.clone())).collect();
        for (column, lang) in columns {
            // A project.toml without languages is told as such; its texts still are texts.
            let lang = lang.or_else(|| languages.first().cloned()).unwrap_or_else(|| Lang::new("und"));
            if let Some(written) = self.text(part, row, Some(column)) {
                text.set(lang, written.into_owned());
            }
        }
        text
    }

    /// [`TableRun::texts`], with a warning for each language that is missing; `needed`: an error where all are.
    pub fn translated(&mut self, part: &Part, row: &RawRow, name: &str, languages: &[Lang], needed: bool) -> Text {
        let text = self.texts(part, row, name, languages);
        let Some(first) = part.layout.column(name) else { return text };
        if text.is_empty() {
            if needed {
                let problem = Problem::error("missing-value").with("column", first.heading.as_str());
                self.fault(part, row, first.column, Role::Describing, problem);
            }
            return text;
        }
        for lang in languages.iter().filter(|lang| text.get(lang).is_none()) {
            let column = part.layout.columns(name).find(|column| column.lang.as_ref() == Some(lang)).unwrap_or(first);
            let problem = Problem::warning("untranslated-text")
                .with("what", column.name.as_str())
                .with("language", lang.as_str());
            self.remark(part, row, column.column, problem);
        }
        text
    }

    pub fn count(&mut self, part: &Part, row: &RawRow, column: Option<u32>) -> Option<Amount> {
        let column = column?;
        self.read(part, row, column, Role::Deciding, cell::read_count(row.cell(column)))
    }

    pub fn amount(&mut self, part: &Part, row: &RawRow, column: Option<u32>) -> Option<(Amount, bool)> {
        let column = column?;
        self.read(part, row, column, Role::Deciding, cell::read_amount(row.cell(column)))
    }

    pub fn decimal(&mut self, part: &Part, row: &RawRow, column: Option<u32>) -> Option<Percentage> {
        let column = column?;
        self.read(part, row, column, Role::Deciding, cell::read_decimal(row.cell(column)))
    }

    /// A whole number from `low` to `high`; anything else is `code`.
    pub fn whole(
        &mut self,
        part: &Part,
        row: &RawRow,
        column: Option<u32>,
        range: std::ops::RangeInclusive<i64>,
        code: &'static str,
    ) -> Option<i64> {
        let column = column?;
        let read = cell::read_decimal(row.cell(column));
        let Percentage { value, percent } = self.read(part, row, column, Role::Describing, read)?;
        let whole = (!percent && value.fract().is_zero()).then(|| i64::try_from(value.trunc()).ok()).flatten();
        let found = whole.filter(|number| range.contains(number));
        if found.is_none() {
            let problem = Problem::error(code)
                .with("value", value.normalize().to_string())
                .with("low", range.start().to_string())
                .with("high", range.end().to_string());
            self.fault(part, row, column, Role::Describing, problem);
        }
        found
    }

    pub fn date(&mut self, part: &Part, row: &RawRow, column: Option<u32>, role: Role) -> Option<Reading> {
        let column = column?;
        self.read(part, row, column, role, cell::read_date(row.cell(column)))
    }

    /// The day that a reading means once its column's slashes are settled.
    pub fn settled(
        &mut self,
        part: &Part,
        row: &RawRow,
        column: u32,
        slashes: SlashColumn,
        reading: Reading,
    ) -> Option<Date> {
        let shown = row.cell(column).and_then(|cell| cell::read_text(Some(cell)).ok().flatten()).unwrap_or_default();
        match slashes.settle(reading, &shown) {
            Ok(day) => Some(day),
            Err(problem) => {
                self.fault(part, row, column, Role::Deciding, problem.with("column", self.heading(part, column)));
                None
            }
        }
    }

    /// The entries of a list that a cell names: one, or several parted by `;`, a line break, or a comma
    /// where every part is on the list.
    pub fn listed(
        &mut self,
        part: &Part,
        row: &RawRow,
        column: Option<u32>,
        listing: &Listing,
        list: usize,
    ) -> Vec<u32> {
        let Some(column) = column else { return Vec::new() };
        let Some(text) = self.text(part, row, Some(column)) else { return Vec::new() };
        let mut entries: Vec<u32> = Vec::new();
        for value in cell::parts(&text) {
            let meant = match listing.find(list, value) {
                Some(meaning) => vec![(value, Some(meaning))],
                None if value.contains(',') => {
                    let parts: Vec<_> =
                        value.split(',').map(str::trim).map(|part| (part, listing.find(list, part))).collect();
                    if parts.iter().all(|(_, meaning)| meaning.is_some()) { parts } else { vec![(value, None)] }
                }
                None => vec![(value, None)],
            };
            for (value, meaning) in meant {
                let Some(meaning) = meaning else {
                    let mut problem = Problem::error("unlisted-value")
                        .with("value", value)
                        .with("column", self.heading(part, column))
                        .with("list", listing.list(list).name.as_str());
                    if let Some(near) = listing.nearest(list, value) {
                        problem = problem.variant("nearest").with("nearest", near);
                    }
                    self.fault(part, row, column, Role::Describing, problem);
                    continue;
                };
                if meaning.folded {
                    let known = listing.code(list, meaning.entry).to_owned();
                    self.looks_alike(part, row, column, value, &known);
                }
                if !entries.contains(&meaning.entry) {
                    entries.push(meaning.entry);
                }
            }
        }
        entries
    }

    /// One entry of a built-in list that the program itself understands, by its place.
    pub fn word(&mut self, part: &Part, row: &RawRow, name: &str, listing: &Listing, list: &str) -> Option<u32> {
        let list = listing.position(list)?;
        self.listed(part, row, part.column(name), listing, list).first().copied()
    }

    /// A code or label that is the known one only because look-alike letters were folded.
    pub fn looks_alike(&mut self, part: &Part, row: &RawRow, column: u32, written: &str, known: &str) {
        let problem = Problem::warning("look-alike-letters").with("value", written).with("known", known);
        self.remark(part, row, column, problem);
    }

    pub fn heading(&self, part: &Part, column: u32) -> String {
        let known = part.layout.columns.iter().find(|known| known.column == column);
        known.map(|known| known.heading.clone()).unwrap_or_default()
    }
}
