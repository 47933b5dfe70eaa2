//! Which indicators a ratio is made of, through other ratios.

use super::names::column_id;
use super::{CompileContext, CountedRows};
use crate::ingest::codes::CodeIndex;
use crate::ingest::conditions::grammar::WrittenCalculation;
use crate::ingest::conditions::usage::{TableSide, split_side};
use crate::ingest::logframe::WrittenIndicator;

/// Which indicators ratios depend on.
pub(super) struct RatioGraph {
    /// For a ratio the indices of its numerator and denominator, if they are known.
    parts: Vec<Option<[Option<usize>; 2]>>,
    calculations: Vec<Option<WrittenCalculation>>,
}

impl RatioGraph {
    pub(super) fn new(codes: &CodeIndex, written: &[WrittenIndicator]) -> RatioGraph {
        let find = |code: &str| codes.find(code).map(|found| found.id.index());
        let parts = written.iter().map(|indicator| match &indicator.calculation {
            Some(WrittenCalculation::Ratio(over, under)) => Some([find(over), find(under)]),
            _ => None,
        });
        RatioGraph {
            parts: parts.collect(),
            calculations: written.iter().map(|indicator| indicator.calculation.clone()).collect(),
        }
    }

    /// Whether a ratio depends on itself.
    pub(super) fn is_cyclic(&self, from: usize) -> bool {
        let mut open: Vec<usize> = vec![from];
        let mut seen = vec![false; self.parts.len()];
        while let Some(at) = open.pop() {
            for part in self.parts[at].iter().flatten().flatten().copied() {
                if part == from {
                    return true;
                }
                if !std::mem::replace(&mut seen[part], true) {
                    open.push(part);
                }
            }
        }
        false
    }

    /// The rows that an indicator counts; a ratio counts attendances if any of its parts does.
    pub(super) fn counted_rows(&self, from: usize, context: &CompileContext) -> CountedRows {
        let mut open = vec![from];
        let mut seen = vec![false; self.parts.len()];
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            match &self.calculations[at] {
                Some(
                    WrittenCalculation::People | WrittenCalculation::Completed(_) | WrittenCalculation::Attendances,
                ) => return CountedRows::Attendances,
                Some(WrittenCalculation::Distinct(name)) => {
                    let (side, bare) = split_side(name);
                    let own = side != Some(TableSide::Person)
                        && context.activities.is_some_and(|table| column_id(&table.columns, bare).is_some());
                    if !own {
                        return CountedRows::Attendances;
                    }
                }
                _ => {}
            }
            open.extend(self.parts[at].iter().flatten().flatten());
        }
        CountedRows::Activities
    }
}
