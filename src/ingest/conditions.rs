//! `where`, `by` and `calculation`: taken apart, then looked up in the columns that there are.

#![warn(missing_docs)]

mod compile;
mod grammar;
mod usage;

pub use compile::{CompileContext, compile};
pub use grammar::{
    WrittenAxis, WrittenCalculation, WrittenCompletion, WrittenCondition, WrittenOp, parse_axes, parse_calculation,
    parse_conditions,
};
pub use usage::{ColumnUsage, ReadAs, TableSide, split_side};

/// Names of calculations, in the contract's order.
pub const CALCULATIONS: &[&str] = &WrittenCalculation::NAMES;
