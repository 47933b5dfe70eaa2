//! What stands in a cell before it is read as anything.

use std::borrow::Cow;

use jiff::civil::Date;

/// The content of one cell as the file holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum Raw<'a> {
    Text(Cow<'a, str>),
    Number(f64),
    Bool(bool),
    /// A number with a date format. `day` is none for what is no day of the calendar; `serial` is the number itself.
    Date {
        day: Option<Date>,
        serial: f64,
    },
    /// `#REF!` and its like, as displayed.
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
    pub raw: Raw<'a>,
    /// The value of a merged cell that begins elsewhere, repeated here.
    pub merged: bool,
    /// From a file without types (CSV), where every number is a text.
    pub untyped: bool,
    /// Cells of one workbook with the same number hold the same text, so that what was found of it needn't be found again.
    pub shared: Option<u32>,
    /// Its text is known to be neither blank nor a placeholder, so that it needn't be fetched from memory to be asked.
    pub says: bool,
}

/// A row with content, its cells in the order of their columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawRow<'a> {
    /// As a spreadsheet program shows it, from 1.
    pub number: u32,
    pub hidden: bool,
    pub cells: Vec<RawCell<'a>>,
    /// Something stands in a column that was not asked for.
    pub has_other: bool,
}

impl<'a> RawRow<'a> {
    pub fn cell(&self, column: u32) -> Option<&RawCell<'a>> {
        self.cells.binary_search_by_key(&column, |cell| cell.column).ok().map(|at| &self.cells[at])
    }

    pub fn into_owned(self) -> RawRow<'static> {
        let RawRow { number, hidden, cells, has_other } = self;
        let cells = cells.into_iter().map(RawCell::into_owned).collect();
        RawRow { number, hidden, cells, has_other }
    }
}

impl RawCell<'_> {
    pub fn into_owned(self) -> RawCell<'static> {
        let RawCell { column, raw, merged, untyped, shared, says } = self;
        let raw = match raw {
            Raw::Text(text) => Raw::Text(Cow::Owned(text.into_owned())),
            Raw::Error(text) => Raw::Error(Cow::Owned(text.into_owned())),
            Raw::Number(number) => Raw::Number(number),
            Raw::Bool(yes) => Raw::Bool(yes),
            Raw::Date { day, serial } => Raw::Date { day, serial },
            Raw::FormulaWithoutValue => Raw::FormulaWithoutValue,
            Raw::TooLong(length) => Raw::TooLong(length),
        };
        RawCell { column, raw, merged, untyped, shared, says }
    }
}
