//! The officers' prose: what it becomes, and which problems are reported in it. All data is invented.

mod check_names;
mod claims;
mod derived;
mod example;
mod fixture;
mod fuzzed;
mod handlebars;
mod helpers;
mod language;
mod limits;
mod markdown;
mod options;
mod parity;
mod typed_figures;
