//! One test binary, so that Typst is linked once. A room's tests stand in the module of its name.

mod cli;
mod diagnostic;
mod disclosure;
mod documents;
mod indicators;
mod ingest;
mod licences;
mod locale;
mod narrative;
mod output;
mod reference;
mod render;
mod report;
mod rooms;
mod same_bytes;
mod windows;
