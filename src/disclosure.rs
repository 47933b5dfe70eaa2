//! [`Figures`](crate::indicators::Figures) → [`Released`]: small parts and their companions hidden, earlier periods first.
//! Reports, charts, prose and annexes take only what is released.

mod released;

pub use released::{Released, ReleasedAxis, ReleasedFigure, ReleasedPart, ReleasedPeriod, Shown};
