//! Reads a cell's content as a text, code, number or date. Pure functions: the caller knows the cell's place.

#![warn(missing_docs)]

mod date;
mod number;
mod text;

pub use date::{DateReading, SlashOrder, read_date};
pub use number::{MAX_COUNT, WrittenNumber, read_amount, read_count, read_decimal};
pub use text::{clean, is_placeholder, read_code, read_text, split_values};

use crate::diagnostic::Problem;

/// A value, `None` for a blank, or a problem that lacks only its place and excerpt.
pub type CellResult<T> = Result<Option<T>, Box<Problem>>;
