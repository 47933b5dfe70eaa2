//! `[[waive]]`: kinds of problems that a project knows and accepts in a table, up to a number.

use super::layout::TableKind;
use super::problem_collector::ProblemCollector;
use crate::diagnostic::{Place, Problem, Severity, kinds};
use crate::model::{Waived, Waiver};

/// Kinds of problems of single rows: a damaged file, or a column that is missing or there twice, can't be waived.
pub const CAN_BE_WAIVED: [&str; 39] = [
    "age-out-of-range",
    "ambiguous-date",
    "ambiguous-number",
    "ambiguous-value",
    "bad-age-band",
    "bad-birth-year",
    "cell-too-long",
    "date-in-code",
    "date-not-number",
    "duplicate-code",
    "end-before-start",
    "error-cell",
    "formula-without-value",
    "invalid-date",
    "missing-activity",
    "missing-date",
    "missing-person",
    "missing-value",
    "month-without-day",
    "more-cells-than-headings",
    "not-a-count",
    "not-a-number",
    "number-not-date",
    "open-quotation-mark",
    "orphan-row",
    "range-and-end",
    "rounded-code",
    "several-days",
    "share-differs",
    "total-differs",
    "two-digit-year",
    "unknown-activity",
    "unknown-indicator",
    "unknown-mark",
    "unknown-period",
    "unknown-person",
    "unknown-result",
    "unlisted-value",
    "unreadable-cell",
];

/// The waivers of a project, each with what it has accepted so far.
#[derive(Default)]
pub struct WaiverTally {
    uses: Vec<WaiverUse>,
    /// What no waiver covers of a project that is read for a draft.
    draft: Option<ProblemCollector>,
}

/// How many waivers have a bit of their own.
const MOST_WAIVERS: usize = 63;

/// The bit of what is left out of drafts alone.
const DRAFT: u64 = 1 << 63;

struct WaiverUse {
    waiver: Waiver,
    place: Place,
    count: u64,
    /// The accepted problems, repeated ones as one.
    accepted: ProblemCollector,
}

impl WaiverTally {
    /// Waivers that have accepted nothing yet; `places` are their places in project.toml.
    pub fn new(waivers: &[Waiver], places: &[Place]) -> WaiverTally {
        let uses = waivers.iter().zip(places).map(|(waiver, place)| WaiverUse {
            waiver: waiver.clone(),
            place: place.clone(),
            count: 0,
            accepted: ProblemCollector::default(),
        });
        WaiverTally { uses: uses.collect(), draft: None }
    }

    /// The same for a draft: whatever is wrong with single rows is accepted as if it were waived, and stays an error.
    pub fn for_draft(self) -> WaiverTally {
        WaiverTally { draft: Some(ProblemCollector::default()), ..self }
    }

    /// Accepts a problem that a waiver covers and returns the waiver's bit.
    ///
    /// # Errors
    /// The problem itself if no waiver covers it.
    pub fn accept(&mut self, table: TableKind, problem: Problem) -> Result<u64, Problem> {
        let found = self
            .uses
            .iter_mut()
            .enumerate()
            .take(MOST_WAIVERS)
            .find(|(_, tally)| tally.waiver.problem == problem.code && tally.waiver.table == table.name());
        let Some((at, tally)) = found else {
            let Some(accepted) = self.draft.as_mut().filter(|_| CAN_BE_WAIVED.contains(&problem.code)) else {
                return Err(problem);
            };
            accepted.add(problem.about([]));
            return Ok(DRAFT);
        };
        tally.count += 1;
        tally.accepted.add(problem);
        Ok(1 << at)
    }

    /// The bits of a table's waivers that accepted more than their limit, and of what is accepted in a draft.
    pub fn exceeded(&self, table: TableKind) -> u64 {
        let over_limit = self
            .uses
            .iter()
            .enumerate()
            .take(MOST_WAIVERS)
            .filter(|(_, tally)| tally.waiver.table == table.name() && tally.count > tally.waiver.at_most);
        over_limit.map(|(at, _)| 1 << at).sum::<u64>() | DRAFT
    }

    /// Adds what was accepted to `problems`: as notes, or as errors where there was more than a waiver accepts. Returns the
    /// waivers that were used.
    pub fn finish(self, problems: &mut ProblemCollector) -> Vec<Waived> {
        let mut waived = Vec::new();
        let is_draft = self.draft.is_some();
        // In a draft nothing of single rows stops a report.
        let limit = |problem: Problem| if is_draft { problem.about([]) } else { problem };
        problems.extend(self.draft.into_iter().flat_map(ProblemCollector::into_problems));
        for (at, tally) in self.uses.into_iter().enumerate() {
            let WaiverUse { waiver, place, count, accepted } = tally;
            if count > waiver.at_most {
                problems.extend(accepted.into_problems().into_iter().map(limit));
                let kind = kinds::TooManyWaived {
                    problem: waiver.problem,
                    table: waiver.table,
                    at_most: waiver.at_most.to_string(),
                    found: count.to_string(),
                };
                problems.add(limit(Problem::error(kind).at(place)));
                continue;
            }
            for problem in accepted.into_problems() {
                problems.add(Problem { severity: Severity::Note, ..problem });
            }
            if count == 0 {
                let kind = kinds::UnusedWaiver { problem: waiver.problem, table: waiver.table };
                problems.add(Problem::note(kind).at(place));
            } else {
                waived.push(Waived { waiver: at, count });
            }
        }
        waived
    }
}
