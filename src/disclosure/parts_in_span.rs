use std::collections::BTreeSet;

use crate::indicators::PartKey;

/// The parts of an axis that occur in a span, as far as lines show.
#[derive(Default)]
pub(super) struct SpanListing {
    /// The parts whose lines are printed in every period that shows the span; what isn't among them is known to be none.
    pub parts: BTreeSet<PartKey>,
    /// The indicator itself is shown, and not only ratios of it, whose lines may be of the other side.
    is_of_itself: bool,
}

impl SpanListing {
    /// Adds the lines of a period that shows the span, for the indicator itself or for a ratio of it.
    pub fn add(&mut self, listed: &BTreeSet<PartKey>, is_of_itself: bool) {
        match (self.is_of_itself, is_of_itself) {
            (true, true) => self.parts.retain(|part| listed.contains(part)),
            (false, true) => self.parts = listed.clone(),
            (false, false) => self.parts.extend(listed),
            (true, false) => {}
        }
        self.is_of_itself |= is_of_itself;
    }
}
