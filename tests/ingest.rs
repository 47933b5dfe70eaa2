//! Tests of the room of this name.

mod files;
mod sheets;
