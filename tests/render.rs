//! Tests of the room of this name.

mod docx;
mod letters;
mod pdf;
mod picture;
pub mod reader;
mod sample;
mod structure;
mod theme;
mod xlsx;
