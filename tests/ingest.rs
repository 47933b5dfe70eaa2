//! Tests of the room of this name.

mod cells;
mod files;
mod folding;
mod formats;
mod headings;
mod hostile;
pub mod sheets;
