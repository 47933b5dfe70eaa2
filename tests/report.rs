//! Tests of the room of this name.

mod annex;
mod compose;
mod glance;
mod iati;
pub mod printed;
mod profile;
mod project;
