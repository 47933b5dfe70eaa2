//! The page to read first: how data walks from a folder to files.
//!
//! [`load`] reads everything that a project holds and collects every problem; [`build`] counts, hides, composes and
//! draws, and puts what is out of date into `build/`. The commands `check`, `figures` and `explain` stop on the way.

mod build;
mod load;
mod prose;
mod review;
mod submitted;
mod units;

pub use build::{BuildOptions, Built, CouldNotRun, build};
pub use load::{Loaded, Prose, load};
pub use review::review;
pub use submitted::{Difference, RestatedFigures, restated, submit};
