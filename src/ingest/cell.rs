//! Reads a cell's content as a text, code, number or date. Pure functions: the caller knows the cell's place.

#![warn(missing_docs)]

mod date;
mod date_column;
mod decimal_marks;
mod number;
mod text;

pub use date::{DateForms, DateReading, read_date, read_date_as};
pub use date_column::{DateOrder, SlashOrder, SwappedDays};
pub use decimal_marks::DecimalMarks;
pub use number::{
    MAX_COUNT, WrittenNumber, has_footnote_mark, read_amount, read_amount_as, read_count, read_decimal, read_decimal_as,
};
pub use text::{clean, is_none_word, is_placeholder, read_any_text, read_code, read_text, split_parts, split_values};

use crate::diagnostic::Problem;

/// A value, `None` for a blank, or a problem that lacks only its place and excerpt.
pub type CellResult<T> = Result<Option<T>, Box<Problem>>;
