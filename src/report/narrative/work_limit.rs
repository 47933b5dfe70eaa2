use super::evaluate::{AlreadyReported, Evaluator};
use crate::diagnostic::kinds;

/// How often one section may write a part of a template, or make a thing to loop over.
pub(super) const MAX_STEPS: usize = 500_000;
/// Bytes of one section with all that is filled in: as many as a file of prose may have.
pub(super) const MAX_TEXT: usize = 1 << 20;
/// Activities that are looked through for the price of one step.
const ACTIVITIES_PER_STEP: usize = 100;

/// What a section has cost so far.
#[derive(Clone, Copy, Default)]
pub(super) struct Work {
    steps: usize,
    /// Bytes of what was inserted; the template's own are in the Markdown.
    inserted: usize,
    /// A limit was reached, and that was reported.
    is_spent: bool,
}

impl Evaluator<'_> {
    /// Counts steps of work.
    ///
    /// # Errors
    /// If the section has used up what it may, which is reported once.
    pub(super) fn spend(&mut self, steps: usize, at: usize) -> Result<(), AlreadyReported> {
        self.work.steps += steps;
        if self.work.is_spent {
            return Err(AlreadyReported::before());
        }
        if self.work.steps > MAX_STEPS {
            self.work.is_spent = true;
            return Err(self.report(kinds::ProseTooMuch::Plain { limit: MAX_STEPS.to_string() }, at));
        }
        if self.markdown.len() + self.work.inserted > MAX_TEXT {
            self.work.is_spent = true;
            return Err(self.report(kinds::ProseTooMuch::Text { limit: MAX_TEXT.to_string() }, at));
        }
        Ok(())
    }

    /// As [`Self::spend`], for a list that was made out of `looked_through` activities.
    pub(super) fn spend_on_list(
        &mut self,
        length: usize,
        looked_through: usize,
        at: usize,
    ) -> Result<(), AlreadyReported> {
        self.spend(length + looked_through / ACTIVITIES_PER_STEP, at)
    }

    /// Counts the text of an insertion.
    pub(super) fn count_inserted(&mut self, text: &str) {
        self.work.inserted += text.len();
    }
}
