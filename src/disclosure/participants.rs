use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::indicators::{CountedAttendances, Evidence, Figures, Key};
use crate::model::{ActivityId, ColumnId, IndicatorId, Participants, Period, PersonId, Project, ReportSettings};

use super::axis_key::{age_key, value_key};
use super::{Pseudonyms, Released};

/// Columns of persons that a report for an entitled donor shows, where the project has them.
const DETAILED: [&str; 3] = ["sex", "municipality", "status"];

/// The persons counted in a report's scope.
pub struct ParticipantsView {
    /// What the details of each row are; empty unless the report is entitled to them.
    pub columns: Vec<ParticipantColumn>,
    /// In the order of pseudonyms.
    pub rows: Vec<ParticipantRow>,
}

/// What a column of [`ParticipantsView`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParticipantColumn {
    /// The band of the age at the first counted attendance.
    AgeBand,
    /// A column of the persons, as at the first counted attendance.
    Person(ColumnId),
}

/// One person, by the pseudonym alone.
#[derive(Clone, Debug, PartialEq)]
pub struct ParticipantRow {
    /// See [`Pseudonyms`].
    pub pseudonym: String,
    /// By column, as at the first counted attendance.
    pub details: Vec<Key>,
}

/// One attendance that a report counts.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedAttendance {
    /// See [`Pseudonyms`].
    pub pseudonym: String,
    /// The activity attended.
    pub activity: ActivityId,
    /// The day that the attendance counts on.
    pub day: Date,
}

/// One row per person among the attendances that a report counts. Without rows where the report leaves participants out.
pub fn participants(project: &Project, released: &Released, counted: &ReleasedAttendances) -> ParticipantsView {
    let columns = match released.participants {
        Participants::Detailed => detailed_columns(project),
        Participants::Pseudonymised => Vec::new(),
        Participants::None => return ParticipantsView { columns: Vec::new(), rows: Vec::new() },
    };
    let mut first: Vec<Option<(Date, u32)>> = vec![None; project.persons.rows.len()];
    for row in counted.counted().flat_map(|counted| counted.iter()) {
        first[row.person.0 as usize].get_or_insert((row.day, row.index));
    }
    let pseudonyms = &counted.pseudonyms;
    let row_of = |(person, first): (usize, Option<(Date, u32)>)| {
        let (day, row) = first?;
        let state = || project.persons.state(project.persons.attendances[row as usize].state);
        let detail = |column: &ParticipantColumn| match column {
            ParticipantColumn::AgeBand => age_key(project, state(), day),
            ParticipantColumn::Person(column) => value_key(&state().values, *column),
        };
        let details = columns.iter().map(detail).collect();
        Some(ParticipantRow { pseudonym: pseudonyms.pseudonym(PersonId(person as u32)), details })
    };
    let mut rows: Vec<ParticipantRow> = first.into_par_iter().enumerate().filter_map(row_of).collect();
    // Numbered ones are in order already, as the persons are; keyed ones aren't, and must not keep the persons' order.
    if pseudonyms.are_keyed() {
        rows.par_sort_by(|a, b| a.pseudonym.cmp(&b.pseudonym));
    }
    ParticipantsView { columns, rows }
}

/// The attendances that a report counts.
#[derive(Clone)]
pub struct ReleasedAttendances<'a> {
    pseudonyms: Pseudonyms<'a>,
    /// None where no indicator of the report counts any.
    counted: Option<Arc<CountedAttendances>>,
}

/// Every attendance that an indicator of `report` counts from the project's start to the end of `period`, once, by day, then
/// in the order of files and rows. An indicator whose rows would tell what is hidden elsewhere adds none.
pub fn attendances<'a>(
    project: &'a Project,
    figures: &Figures,
    released: &Released,
    report: &ReportSettings,
    period: &Period,
) -> ReleasedAttendances<'a> {
    let is_listed = |id: IndicatorId| !released.without_evidence.contains(&id);
    let shown = |id: IndicatorId| is_listed(id) && report.shows(&project.logframe.indicator(id).code);
    let evidence = project.logframe.indicator_ids().zip(&figures.evidence).filter(|(id, _)| shown(*id));
    let rows = evidence.filter_map(|(_, evidence)| match evidence {
        Evidence::Attendances { rows } => Some(rows),
        Evidence::Activities { .. } | Evidence::Reported { .. } | Evidence::Ratio => None,
    });
    let counted = CountedAttendances::union(rows, period.end).map(Arc::new);
    ReleasedAttendances { pseudonyms: Pseudonyms::new(project), counted }
}

impl ReleasedAttendances<'_> {
    /// How many rows [`ReleasedAttendances::rows`] yields.
    pub fn count(&self) -> u64 {
        self.counted().map(|counted| counted.len() as u64).sum()
    }

    /// In order of day, then of files and rows.
    pub fn rows(&self) -> impl Iterator<Item = ReleasedAttendance> {
        let rows = self.counted().flat_map(|counted| counted.iter());
        rows.map(|row| ReleasedAttendance {
            pseudonym: self.pseudonyms.pseudonym(row.person),
            activity: row.activity,
            day: row.day,
        })
    }

    fn counted(&self) -> impl Iterator<Item = &CountedAttendances> {
        self.counted.iter().map(Arc::as_ref)
    }
}

fn detailed_columns(project: &Project) -> Vec<ParticipantColumn> {
    let column = |name: &str| project.persons.column(name).map(ParticipantColumn::Person);
    let [sex, municipality, status] = DETAILED.map(column);
    [sex, Some(ParticipantColumn::AgeBand), municipality, status].into_iter().flatten().collect()
}
