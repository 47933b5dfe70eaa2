//! The page to read first: how data walks from a folder to files.
//!
//! [`load`] reads everything that a project holds and collects every problem; [`build`] counts, hides, composes and
//! draws, and puts what is out of date into `build/`. The commands `check`, `figures` and `explain` stop on the way.

mod build;
mod compare;
mod evidence;
mod load;
mod preview;
mod prose;
mod publish;
mod remembered;
mod review;
mod standing;
mod submitted;
mod units;

pub use build::{BuildOptions, Built, CouldNotRun, Extent, Progress, build, build_again};
pub use compare::{Comparison, compare_builds, compare_submitted};
pub use load::{Loaded, Prose, load};
pub use preview::{Preview, PreviewDocument, preview};
pub use remembered::Remembered;
pub use review::review;
pub use standing::nothing_to_do;
pub use submitted::{Difference, RestatedFigures, restated, submit};
pub use units::{output_count, planned};
