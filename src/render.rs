//! Documents → PDF, Word files and pages for a screen, annexes → xlsx. Sees only the views of `report`.

#![warn(missing_docs)]

pub mod docx;
pub mod pages;
pub mod pdf;
pub mod picture;
pub mod xlsx;
