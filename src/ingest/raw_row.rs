//! Cells and rows as the file holds them, before they are read as anything.

#![warn(missing_docs)]

use std::borrow::Cow;

use jiff::civil::Date;

use crate::model::RowRef;

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
        /// None for a time of day alone, and for what is no day of the calendar.
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
    /// How the cell's format shows a number.
    pub display: NumberDisplay,
}

/// How the format of a cell shows its number, as far as that says how the number is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NumberDisplay {
    /// As the number itself, or in a way that isn't known.
    #[default]
    Plain,
    /// With at least so many digits, filled up with zeros: 123 as `0000123` has 7.
    Padded(u8),
    /// A hundredfold, with a percent sign: 0.41 as `41%`.
    Percent,
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
    /// The first error in a column that wasn't wanted: the column, and the error as displayed.
    pub unread_error: Option<(u32, Box<str>)>,
    /// How a CSV file writes it.
    pub shape: RecordShape,
    /// The column of the cell that a shape made the row of.
    pub made_of: Option<u32>,
    /// The numbers of the rows that this one belongs to in other sheets, the nearest first.
    pub parents: ParentNumbers,
}

/// The most sheets that the rows of one belong to, one through another.
pub const MAX_PARENTS: usize = 4;

/// Numbers of rows, the nearest first, each as a spreadsheet program shows it; 0 after the last one.
pub type ParentNumbers = [u32; MAX_PARENTS];

/// How a CSV file writes a row, by which its faults are seen. All zero and `None` in other files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordShape {
    /// Cells, blank ones included.
    pub cells: u32,
    /// One past the last column with content.
    pub end: u32,
    /// The column of a quotation mark that is never closed. The row ends with that line.
    pub open_quote: Option<u32>,
    /// The column of a text in quotation marks that goes on behind the closing one.
    pub loose_quote: Option<u32>,
    /// The first column whose letters are a sign that the file has another encoding.
    pub misread_letters: Option<u32>,
}

impl<'a> RawRow<'a> {
    /// The cell in a column, from 0, if it has content.
    pub fn cell(&self, column: u32) -> Option<&RawCell<'a>> {
        self.cells.binary_search_by_key(&column, |cell| cell.column).ok().map(|at| &self.cells[at])
    }

    /// The row with texts of its own, independent of the file.
    pub fn into_owned(self) -> RawRow<'static> {
        let cells = self.cells.into_iter().map(RawCell::into_owned).collect();
        RawRow { cells, ..self }
    }

    /// A row without cells that stands for one that was read before.
    pub fn at(row: RowRef) -> RawRow<'static> {
        RawRow { number: row.row, made_of: row.column_index(), ..RawRow::default() }
    }
}

impl Raw<'_> {
    /// The same content, its text borrowed.
    pub fn borrowed(&self) -> Raw<'_> {
        match self {
            Raw::Text(text) => Raw::Text(Cow::Borrowed(text)),
            Raw::Error(text) => Raw::Error(Cow::Borrowed(text)),
            Raw::Number(number) => Raw::Number(*number),
            Raw::Bool(yes) => Raw::Bool(*yes),
            Raw::Date { day, serial } => Raw::Date { day: *day, serial: *serial },
            Raw::FormulaWithoutValue => Raw::FormulaWithoutValue,
            Raw::TooLong(length) => Raw::TooLong(*length),
        }
    }

    /// The content with a text of its own.
    pub fn into_owned(self) -> Raw<'static> {
        match self {
            Raw::Text(text) => Raw::Text(Cow::Owned(text.into_owned())),
            Raw::Error(text) => Raw::Error(Cow::Owned(text.into_owned())),
            Raw::Number(number) => Raw::Number(number),
            Raw::Bool(yes) => Raw::Bool(yes),
            Raw::Date { day, serial } => Raw::Date { day, serial },
            Raw::FormulaWithoutValue => Raw::FormulaWithoutValue,
            Raw::TooLong(length) => Raw::TooLong(length),
        }
    }
}

impl<'a> RawCell<'a> {
    /// A cell by itself, of which nothing else is known.
    pub fn new(column: u32, raw: Raw<'a>) -> RawCell<'a> {
        RawCell {
            column,
            raw,
            merged: false,
            untyped: false,
            shared: None,
            is_known_text: false,
            display: NumberDisplay::Plain,
        }
    }

    /// The same cell, its text borrowed.
    pub fn borrowed(&self) -> RawCell<'_> {
        let RawCell { column, merged, untyped, shared, is_known_text, display, .. } = *self;
        RawCell { column, raw: self.raw.borrowed(), merged, untyped, shared, is_known_text, display }
    }

    /// The cell with a text of its own, independent of the file.
    pub fn into_owned(self) -> RawCell<'static> {
        let RawCell { column, raw, merged, untyped, shared, is_known_text, display } = self;
        RawCell { column, raw: raw.into_owned(), merged, untyped, shared, is_known_text, display }
    }
}
