//! Documents → PDF, annexes → xlsx. Sees only the views of `report`.
