//! Documents → PDF, Word files, plain text and pages for a screen, annexes → xlsx; fills in donors' forms. Sees only the views of `report`.

#![warn(missing_docs)]

pub mod docx;
pub mod form;
mod office_package;
pub mod page_images;
pub mod pdf;
pub mod picture;
pub mod recount;
pub mod text;
pub mod xlsx;
mod xml_scan;

pub use office_package::PackageFault;
