//! Tests of the room of this name.

pub mod case;
mod cases;
mod cells;
mod errors_md;
mod files;
mod folding;
mod formats;
mod fuzzed;
mod headings;
mod hostile;
mod plain;
pub mod sheets;
mod twin;
