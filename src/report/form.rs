//! What goes into a donor's own form: numbers where a cell can take one, else texts in the form's language.

use jiff::civil::Date;
use rust_decimal::Decimal;

/// A value with the text that a reader sees.
#[derive(Clone, Debug, PartialEq)]
pub struct FormValue {
    /// As a document prints it.
    pub text: String,
    /// For a cell that can hold it.
    pub number: Option<FormNumber>,
}

/// What a cell computes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormNumber {
    /// A number as it is.
    Plain(Decimal),
    /// A fraction, printed as percents.
    Fraction(Decimal),
    /// A day.
    Day(Date),
}

impl FormValue {
    /// Words alone.
    pub fn words(text: impl Into<String>) -> FormValue {
        FormValue { text: text.into(), number: None }
    }
}

/// Rows to be written within those of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct FormRowValues {
    /// Cells of each row.
    pub rows: Vec<Vec<FormValue>>,
    /// Most rows that are written.
    pub limit: Option<usize>,
    /// What the last of them says where there are more.
    pub rest: Option<String>,
}
