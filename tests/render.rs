//! Tests of the room of this name.

pub mod docx;
mod flow;
pub mod form;
mod legible;
mod letters;
mod minimal_annex;
pub mod page_checks;
pub mod page_content;
mod pdf;
mod picture;
mod printed_pages;
pub mod reader;
mod sample;
mod structure;
pub mod structure_tree;
mod theme;
mod word_form;
pub mod workbook_form;
mod xlsx;
