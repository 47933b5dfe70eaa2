//! Tests of the room of this name.

pub mod case;
mod cases;
mod cells;
mod errors_md;
mod fast_cells;
mod files;
mod folding;
mod formats;
mod fuzzed;
pub mod head_counts;
mod headings;
mod hostile;
mod missing;
mod parts;
mod separators;
mod shapes;
pub mod sheets;
mod twin;
