//! Tests of the room of this name.

mod attack;
mod evidence;
mod rules;
mod world;
