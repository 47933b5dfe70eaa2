//! The officers' prose: what it becomes, and what is said of it. All data is invented.

mod blocks;
mod claims;
mod dialect;
mod example;
mod fixture;
mod fuzzed;
mod helpers;
mod languages;
mod lint;
mod names;
