//! Tests of the room of this name.

mod annex;
mod compose;
mod iati;
pub mod printed;
mod profile;
mod project;
