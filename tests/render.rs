//! Tests of the room of this name.

pub mod docx;
mod letters;
pub mod page_content;
mod pdf;
mod picture;
pub mod reader;
mod sample;
mod structure;
mod theme;
mod xlsx;
