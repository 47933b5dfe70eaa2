//! Below how many persons a part is hidden, by axis.

use std::collections::BTreeMap;

use crate::model::{AxisSide, Participants, PersonTable, Privacy, Project, ReportSettings};

use super::ledger::AxisSpec;

/// What a file that is made for everybody hides at least.
const PUBLIC_LIMIT: u32 = 5;

/// The limits that some reports have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SuppressionLimits {
    /// 0: everything is shown.
    pub default: u32,
    /// Of single axes: `age`, or a column's name.
    by_axis: BTreeMap<String, u32>,
}

impl SuppressionLimits {
    /// The limits that hold for a report; none where it is entitled to the numbers.
    pub fn of_report(report: &ReportSettings) -> SuppressionLimits {
        match report.participants {
            Participants::Detailed => SuppressionLimits::default(),
            Participants::None | Participants::Pseudonymised => SuppressionLimits {
                default: report.suppress_below,
                // Where nothing is hidden, single axes aren't either.
                by_axis: if report.suppress_below == 0 { BTreeMap::new() } else { report.limits_by_axis.clone() },
            },
        }
    }

    /// The limits of what is published for everybody.
    pub fn for_everybody(privacy: &Privacy) -> SuppressionLimits {
        let axes = privacy.limits_by_axis.iter();
        SuppressionLimits {
            default: privacy.suppress_below.max(PUBLIC_LIMIT),
            by_axis: axes.map(|(axis, limit)| (axis.clone(), (*limit).max(PUBLIC_LIMIT))).collect(),
        }
    }

    /// The largest of them.
    pub fn largest(&self) -> u32 {
        self.by_axis.values().copied().fold(self.default, u32::max)
    }

    /// The limit of an axis that is about persons; 0 where everything is shown. One by columns of activities does where a
    /// hidden attribute decides what its indicator counts.
    pub fn of_axis(&self, project: &Project, spec: AxisSpec) -> u32 {
        match spec {
            (side, None) if side.is_personal() => {
                let own = self.by_axis.iter().find(|(name, _)| is_named(&project.persons, side, name));
                own.map_or(self.default, |(_, limit)| *limit)
            }
            _ => self.default,
        }
    }
}

fn is_named(persons: &PersonTable, side: AxisSide, name: &str) -> bool {
    match side {
        AxisSide::Age => name == "age",
        AxisSide::Person(column) => persons.columns[usize::from(column.0)].name == name,
        AxisSide::Activity(_) | AxisSide::Counted(_) => false,
    }
}
