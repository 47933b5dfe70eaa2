//! Tests of the room of this name.

mod annex;
mod compose;
mod iati;
mod printed;
mod profile;
mod project;
