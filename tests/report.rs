//! Tests of the room of this name.

mod annex;
mod iati;
mod profile;
