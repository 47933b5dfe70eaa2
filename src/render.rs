//! Documents → PDF and pages for a screen, annexes → xlsx. Sees only the views of `report`.

pub mod pages;
pub mod pdf;
pub mod picture;
pub mod xlsx;
