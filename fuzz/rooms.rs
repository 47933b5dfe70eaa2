//! The rooms that read what comes from outside, without the typesetter: so that targets are built in a minute.

#[path = "../src"]
mod rooms {
    pub mod diagnostic;
    pub mod disclosure;
    pub mod fold;
    pub mod folder;
    pub mod indicators;
    pub mod ingest;
    pub mod locale;
    pub mod model;
    pub mod personal;
    pub mod report;
}

pub use rooms::*;
