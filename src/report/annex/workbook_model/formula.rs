//! Formulas, and the cells that they name: by sheet, row and column, since addresses are the renderer's.

use rust_decimal::Decimal;

use super::AnnexSheetIndex;

/// One cell: in the lines above the table, or in the table's rows; both from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellRef {
    /// The sheet, by its place in the annex.
    pub sheet: AnnexSheetIndex,
    /// The row.
    pub place: CellPlace,
    /// From 0.
    pub column: u16,
}

/// A row of a sheet, above its data or in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellPlace {
    /// A line of the head, from 0.
    Head(u32),
    /// A row of data, from 0.
    Row(u32),
}

impl CellRef {
    /// A cell of a row of data.
    pub fn row(sheet: AnnexSheetIndex, row: u32, column: u16) -> CellRef {
        CellRef { sheet, place: CellPlace::Row(row), column }
    }

    /// A cell of the head.
    pub fn head(sheet: AnnexSheetIndex, line: u32, column: u16) -> CellRef {
        CellRef { sheet, place: CellPlace::Head(line), column }
    }
}

/// Rows `first` to `last` of a column, from 0, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellSpan {
    /// The sheet, by its place in the annex.
    pub sheet: AnnexSheetIndex,
    /// From 0.
    pub column: u16,
    /// First row of data, from 0.
    pub first: u32,
    /// Last row of data, part of the span.
    pub last: u32,
}

/// A formula in functions that Excel 2010, LibreOffice and Google Sheets have in common.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// A number.
    Number(Decimal),
    /// A text.
    Text(String),
    /// The value of a cell.
    Cell(CellRef),
    /// The cells of a span.
    Span(CellSpan),
    /// A function with its arguments.
    Call(&'static str, Vec<Formula>),
    /// `+ - * / & = < <= > >= <>`.
    Infix(&'static str, Box<Formula>, Box<Formula>),
}

impl Formula {
    /// A call of a function of spreadsheet programs, by its English name.
    pub fn call(name: &'static str, arguments: impl IntoIterator<Item = Formula>) -> Formula {
        Formula::Call(name, arguments.into_iter().collect())
    }

    /// Two formulas with an operator between them.
    pub fn infix(self, operator: &'static str, other: Formula) -> Formula {
        Formula::Infix(operator, Box::new(self), Box::new(other))
    }

    /// A number as a formula.
    pub fn number(value: impl Into<Decimal>) -> Formula {
        Formula::Number(value.into())
    }

    /// A text as a formula.
    pub fn text(text: impl Into<String>) -> Formula {
        Formula::Text(text.into())
    }
}
