//! Documents → PDF, annexes → xlsx. Sees only the views of `report`.

pub mod pdf;
pub mod picture;
pub mod xlsx;
