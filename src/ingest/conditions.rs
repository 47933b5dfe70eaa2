//! `where`, `by` and `calculation`: taken apart, then looked up in the columns that there are.

mod compile;
mod grammar;
mod usage;

pub use compile::{Ground, compile};
pub use grammar::{Fault, WrittenAxis, WrittenCalculation, WrittenCondition, axes, calculation, conditions};
pub use usage::{ReadAs, Usage};

/// Names of calculations, in the contract's order.
pub const CALCULATIONS: &[&str] = &WrittenCalculation::NAMES;
