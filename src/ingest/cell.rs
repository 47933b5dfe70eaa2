//! From what stands in a cell to a value, or to what is wrong with it. Pure functions; the caller knows the place.

mod date;
mod number;
mod text;

pub use date::{Reading, SlashColumn, read_date};
pub use number::{MAX_COUNT, Percentage, read_amount, read_count, read_decimal};
pub use text::{clean, is_placeholder, parts, read_code, read_text};

use crate::diagnostic::Problem;

/// A value, nothing for a blank, or a problem that lacks only its place and excerpt.
pub type Read<T> = Result<Option<T>, Box<Problem>>;
