//! [`Project`](crate::model::Project) → [`Figures`] of all periods with their evidence. Pure; cannot fail; knows no language.

mod figures;

pub use figures::{
    AxisFigures, Basis, Evidence, Figure, Figures, Key, LeftOut, Part, PartKey, PeriodFigures, Progress, Scope, Status,
};
