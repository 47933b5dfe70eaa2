//! Cells and rows as the file holds them, before they are read as anything.

#![warn(missing_docs)]

use std::borrow::Cow;

use jiff::civil::Date;

/// The content of one cell as the file holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum Raw<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A number without a date format.
    Number(f64),
    /// `TRUE` or `FALSE`.
    Bool(bool),
    /// A number with a date format: `serial` is the number, `day` the day that it means, if it means one.
    Date {
        /// None for what is no day of the calendar.
        day: Option<Date>,
        /// Days since the workbook's epoch; the fraction is the time of day.
        serial: f64,
    },
    /// An error such as `#REF!`, as displayed.
    Error(Cow<'a, str>),
    /// A formula that was never calculated.
    FormulaWithoutValue,
    /// A text longer than the limit: how many bytes.
    TooLong(usize),
}

/// A cell of a row; only cells with content are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct RawCell<'a> {
    /// From 0 (A).
    pub column: u32,
    /// The content.
    pub raw: Raw<'a>,
    /// The value of a merged cell that begins elsewhere, repeated here.
    pub merged: bool,
    /// From a file without types (CSV), where every number is a text.
    pub untyped: bool,
    /// The number of a text that cells of the workbook share: cells with equal numbers hold equal texts, so callers can cache
    /// what they find of it.
    pub shared: Option<u32>,
    /// True if the text is known to be neither blank nor a placeholder, so that callers need not read it from memory.
    pub is_known_text: bool,
}

/// A row with content, its cells in the order of their columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawRow<'a> {
    /// As a spreadsheet program shows it, from 1.
    pub number: u32,
    /// The row is hidden or filtered out.
    pub hidden: bool,
    /// The cells with content.
    pub cells: Vec<RawCell<'a>>,
    /// Some column that wasn't wanted has content.
    pub has_other: bool,
}

impl<'a> RawRow<'a> {
    /// The cell in a column, from 0, if it has content.
    pub fn cell(&self, column: u32) -> Option<&RawCell<'a>> {
        self.cells.binary_search_by_key(&column, |cell| cell.column).ok().map(|at| &self.cells[at])
    }

    /// The row with texts of its own, independent of the file.
    pub fn into_owned(self) -> RawRow<'static> {
        let RawRow { number, hidden, cells, has_other } = self;
        let cells = cells.into_iter().map(RawCell::into_owned).collect();
        RawRow { number, hidden, cells, has_other }
    }
}

impl RawCell<'_> {
    /// The cell with a text of its own, independent of the file.
    pub fn into_owned(self) -> RawCell<'static> {
        let RawCell { column, raw, merged, untyped, shared, is_known_text } = self;
        let raw = match raw {
            Raw::Text(text) => Raw::Text(Cow::Owned(text.into_owned())),
            Raw::Error(text) => Raw::Error(Cow::Owned(text.into_owned())),
            Raw::Number(number) => Raw::Number(number),
            Raw::Bool(yes) => Raw::Bool(yes),
            Raw::Date { day, serial } => Raw::Date { day, serial },
            Raw::FormulaWithoutValue => Raw::FormulaWithoutValue,
            Raw::TooLong(length) => Raw::TooLong(length),
        };
        RawCell { column, raw, merged, untyped, shared, is_known_text }
    }
}
