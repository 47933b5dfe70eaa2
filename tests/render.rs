//! Tests of the room of this name.

mod letters;
mod pdf;
mod picture;
mod reader;
mod sample;
mod structure;
mod theme;
mod xlsx;
