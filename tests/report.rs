//! Tests of the room of this name.

mod annex;
mod profile;
