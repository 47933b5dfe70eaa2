use jiff::civil::Date;

use crate::indicators::{CountedAttendance, CountedAttendances, Evidence, Figures, completed_attendances};
use crate::model::{ActivityId, Calculation, DistinctColumn, IndicatorId, Period, PersonId, Project, RowRef};

use super::Pseudonyms;

/// The attendances behind several indicators up to the end of a period, each once, with what it is to every one of them.
pub struct JointAttendances<'a> {
    project: &'a Project,
    period: &'a Period,
    pseudonyms: Pseudonyms<'a>,
    indicators: Vec<JointIndicator>,
    /// None where no indicator counts any.
    rows: Option<CountedAttendances>,
}

/// One indicator among those whose rows are joined.
struct JointIndicator {
    calculation: Calculation,
    /// Its rows; of `people` the first contacts.
    rows: CountedAttendances,
    /// By person: whether a counted attendance of theirs is in the period (`people` only).
    served: Vec<bool>,
}

/// One attendance of [`JointAttendances`].
#[derive(Clone, Debug, PartialEq)]
pub struct JointAttendance {
    /// See [`Pseudonyms`].
    pub pseudonym: String,
    /// The activity attended.
    pub activity: ActivityId,
    /// The day that it counts on.
    pub day: Date,
    /// Where the row is in the input.
    pub row: RowRef,
    /// Whether that day is in the period.
    pub in_period: bool,
    /// By indicator, in the order in which they were named.
    pub marks: Vec<RowMarks>,
}

/// What an attendance is to an indicator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowMarks {
    /// It counts; of `people` it is the first contact, of different persons the first of its person.
    pub counted: bool,
    /// `people`, at the first contact: whether the person has a counted attendance in the period, first or not.
    pub served: bool,
    /// Of different persons: the first of its person in the period.
    pub first_in_period: bool,
    /// Of completion: one of the attendances that a person needed; the last of them counts.
    pub needed: bool,
}

/// The attendances behind `indicators` up to the end of `period`. Not for a report that lists no participants.
pub fn joint_attendances<'a>(
    project: &'a Project,
    figures: &Figures,
    indicators: &[IndicatorId],
    period: &'a Period,
) -> JointAttendances<'a> {
    let of_indicator = |id: &IndicatorId| {
        let Some(Evidence::Attendances { rows }) = figures.evidence.get(usize::from(id.0)) else { return None };
        let calculation = project.logframe.indicator(*id).calculation;
        let mut served = Vec::new();
        if calculation == Calculation::People {
            served.resize(project.persons.rows.len(), false);
            rows.within(period).for_each(|row| served[row.person.0 as usize] = true);
        }
        let rows = match calculation {
            Calculation::Completed(_) => completed_attendances(project, project.logframe.indicator(*id), period.end),
            _ => rows.first_contacts(),
        };
        Some(JointIndicator { calculation, rows, served })
    };
    let indicators: Vec<JointIndicator> = indicators.iter().filter_map(of_indicator).collect();
    let rows = CountedAttendances::union(indicators.iter().map(|indicator| &indicator.rows), period.end);
    JointAttendances { project, period, pseudonyms: Pseudonyms::new(project), indicators, rows }
}

impl<'a> JointAttendances<'a> {
    /// How many rows [`JointAttendances::rows`] yields.
    pub fn count(&self) -> u64 {
        self.rows.iter().map(|rows| rows.len() as u64).sum()
    }

    /// In order of day, code of the activity and pseudonym: the order of rows in the tables moves none.
    pub fn rows(&self) -> impl Iterator<Item = JointAttendance> + use<'_, 'a> {
        let mut first: Vec<FirstRows> = self.indicators.iter().map(|_| FirstRows::default()).collect();
        let rows = self.rows.iter().flat_map(CountedAttendances::iter);
        by_pseudonym(rows, &self.pseudonyms).map(move |(pseudonym, row)| {
            let in_period = self.period.contains(row.day);
            let marks = self.indicators.iter().zip(&mut first).map(|(indicator, first)| {
                if !indicator.rows.contains(row.row) {
                    return RowMarks::default();
                }
                match indicator.calculation {
                    Calculation::People => {
                        let served = indicator.served.get(row.person.0 as usize).copied().unwrap_or_default();
                        RowMarks { counted: true, served, ..RowMarks::default() }
                    }
                    Calculation::Distinct(DistinctColumn::PersonCode) => RowMarks {
                        counted: first.all.insert(row.person),
                        first_in_period: in_period && first.in_period.insert(row.person),
                        ..RowMarks::default()
                    },
                    Calculation::Completed(_) => {
                        RowMarks { counted: indicator.rows.is_first(row.row), needed: true, ..RowMarks::default() }
                    }
                    _ => RowMarks { counted: true, ..RowMarks::default() },
                }
            });
            JointAttendance {
                marks: marks.collect(),
                pseudonym,
                activity: row.activity,
                day: row.day,
                row: self.project.persons.attendances[row.index as usize].row,
                in_period,
            }
        })
    }
}

/// The persons that were seen already.
#[derive(Default)]
struct FirstRows {
    all: hashbrown::HashSet<PersonId>,
    in_period: hashbrown::HashSet<PersonId>,
}

/// Attendances that come by day and activity: those of one activity on one day by their pseudonyms.
pub(super) fn by_pseudonym<'p>(
    rows: impl Iterator<Item = CountedAttendance> + 'p,
    pseudonyms: &'p Pseudonyms<'p>,
) -> impl Iterator<Item = (String, CountedAttendance)> + 'p {
    let mut rows = rows.peekable();
    let mut group: Vec<(String, CountedAttendance)> = Vec::new();
    std::iter::from_fn(move || {
        if group.is_empty() {
            let first = rows.next()?;
            group.push((pseudonyms.pseudonym(first.person), first));
            while let Some(next) = rows.next_if(|row| (row.day, row.activity) == (first.day, first.activity)) {
                group.push((pseudonyms.pseudonym(next.person), next));
            }
            // Numbers of different length are in order as numbers are.
            group.sort_by(|(a, one), (b, other)| (a.len(), a, one.row).cmp(&(b.len(), b, other.row)));
            group.reverse();
        }
        group.pop()
    })
}
