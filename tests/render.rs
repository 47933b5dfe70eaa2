//! Tests of the room of this name.

mod pdf;
mod sample;
mod xlsx;
