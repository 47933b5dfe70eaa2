//! Documents → PDF and pages for a screen, annexes → xlsx. Sees only the views of `report`.

#![warn(missing_docs)]

/// Reports as Word files.
pub mod docx;
/// Pages for a screen.
pub mod pages;
/// Reports as PDF.
pub mod pdf;
/// Photographs, logos and drawings, checked and made ready for a page.
pub mod picture;
/// Annexes as workbooks.
pub mod xlsx;
