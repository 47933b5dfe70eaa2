//! `[[waive]]`: kinds of problems that a project knows and accepts in a table, up to a number.

use super::Waived;
use super::gather::Gather;
use super::layout::TableKind;
use super::settings::PROJECT_FILE;
use crate::diagnostic::{Place, Problem, Severity};
use crate::model::Waiver;

/// Problems of single rows. A damaged file, a missing or a doubled column is none of them.
pub const CAN_BE_WAIVED: [&str; 29] = [
    "age-out-of-range",
    "ambiguous-date",
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
    "not-a-count",
    "not-a-number",
    "number-not-date",
    "two-digit-year",
    "unknown-activity",
    "unknown-indicator",
    "unknown-period",
    "unknown-person",
    "unknown-result",
    "unlisted-value",
    "unreadable-cell",
];

/// The waivers of a project with what they have accepted so far.
#[derive(Default)]
pub struct WaiverBook {
    entries: Vec<Entry>,
}

struct Entry {
    waiver: Waiver,
    place: Place,
    count: u64,
    /// What was accepted, folded by column.
    accepted: Gather,
}

impl WaiverBook {
    pub fn new(waivers: &[Waiver], places: &[Place]) -> WaiverBook {
        let entries = waivers.iter().zip(places).map(|(waiver, place)| Entry {
            waiver: waiver.clone(),
            place: place.clone(),
            count: 0,
            accepted: Gather::default(),
        });
        WaiverBook { entries: entries.collect() }
    }

    /// Takes a problem that a waiver covers and gives the waiver's bit; gives back any other.
    pub fn accept(&mut self, table: TableKind, problem: Problem) -> Result<u64, Problem> {
        let found = self
            .entries
            .iter_mut()
            .enumerate()
            .take(64)
            .find(|(_, entry)| entry.waiver.problem == problem.code && entry.waiver.table == table.name());
        let Some((at, entry)) = found else { return Err(problem) };
        entry.count += 1;
        entry.accepted.add(problem);
        Ok(1 << at)
    }

    /// Bits of a table's waivers whose limit is passed.
    pub fn exceeded(&self, table: TableKind) -> u64 {
        let passed = self
            .entries
            .iter()
            .enumerate()
            .take(64)
            .filter(|(_, entry)| entry.waiver.table == table.name() && entry.count > entry.waiver.at_most);
        passed.map(|(at, _)| 1 << at).sum()
    }

    /// What was accepted, as notes; where there was more than a waiver accepts, as the errors that they are.
    pub fn finish(self, gather: &mut Gather) -> Vec<Waived> {
        let mut waived = Vec::new();
        for (at, entry) in self.entries.into_iter().enumerate() {
            let Entry { waiver, place, count, accepted } = entry;
            if count > waiver.at_most {
                gather.extend(accepted.into_problems());
                gather.add(
                    Problem::error("too-many-waived")
                        .at(place)
                        .with("problem", waiver.problem)
                        .with("table", waiver.table)
                        .with("at_most", waiver.at_most.to_string())
                        .with("found", count.to_string()),
                );
                continue;
            }
            for problem in accepted.into_problems() {
                gather.add(Problem { severity: Severity::Note, ..problem }.with("waived_in", PROJECT_FILE));
            }
            if count == 0 {
                let unused = Problem::note("unused-waiver").at(place);
                gather.add(unused.with("problem", waiver.problem).with("table", waiver.table));
            } else {
                waived.push(Waived { waiver: at, count });
            }
        }
        waived
    }
}
