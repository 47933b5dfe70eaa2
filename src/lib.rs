//! donor-report: from a project's spreadsheets to donor reports, every figure computed once and traced to its rows.
//!
//! ```text
//! inputs/ ─ingest▶ Project ─indicators▶ Figures ─disclosure▶ Released ─report▶ Document, Annex ─render▶ files ─output▶ build/
//! ```
//!
//! Start reading at [`pipeline`].

pub mod app;
pub mod cli;
pub mod diagnostic;
pub mod disclosure;
pub mod fold;
pub mod folder;
pub mod indicators;
pub mod ingest;
pub mod locale;
pub mod model;
pub mod new_project;
pub mod output;
pub mod personal;
pub mod pipeline;
pub mod proof;
pub mod reference;
pub mod render;
pub mod report;
