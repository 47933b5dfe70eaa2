//! donor-report: from a project's spreadsheets to donor reports, every figure computed once and traced to its rows.
//!
//! ```text
//! inputs/ ─ingest▶ Project ─indicators▶ Figures ─disclosure▶ Released ─report▶ Document, Annex ─render▶ files ─output▶ build/
//! ```
//!
//! Start reading at [`pipeline`].
//!
//! The crate of `fuzz/` compiles these sources without the rooms that need the typesetter, so that its targets are built in
//! a minute.

#[cfg(not(fuzzing))]
pub mod app;
#[cfg(not(fuzzing))]
pub mod cli;
pub mod diagnostic;
pub mod disclosure;
pub mod fold;
pub mod folder;
#[cfg(not(fuzzing))]
pub mod guide;
pub mod indicators;
pub mod ingest;
pub mod locale;
pub mod model;
#[cfg(not(fuzzing))]
pub mod new_project;
#[cfg(not(fuzzing))]
pub mod output;
pub mod personal;
#[cfg(not(fuzzing))]
pub mod pipeline;
#[cfg(not(fuzzing))]
pub mod proof;
#[cfg(not(fuzzing))]
pub mod reference;
#[cfg(not(fuzzing))]
pub mod render;
pub mod report;
