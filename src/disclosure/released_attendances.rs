use jiff::civil::Date;

use crate::indicators::{CountedAttendances, Evidence, Figures, Key};
use crate::model::{ActivityId, ColumnId, IndicatorId, Participants, Period, Project, ReportSettings};

use super::axis_key::{age_key, value_key};
use super::joint_evidence::by_pseudonym;
use super::{Pseudonyms, Released};

/// Columns of persons that a report for an entitled donor shows, where the project has them.
const DETAILED: [&str; 3] = ["sex", "municipality", "status"];

/// What a report for an entitled donor shows of the person of an attendance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParticipantColumn {
    /// The band of the age on the day.
    AgeBand,
    /// A column of the persons, as the attendance has it.
    Person(ColumnId),
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
    /// By column of [`ReleasedAttendances::columns`].
    pub details: Vec<Key>,
}

/// The attendances that a report counts.
pub struct ReleasedAttendances<'a> {
    project: &'a Project,
    pseudonyms: Pseudonyms<'a>,
    columns: Vec<ParticipantColumn>,
    /// None where no indicator of the report counts any.
    counted: Option<CountedAttendances>,
}

/// Every attendance that an indicator of `report` counts from the project's start to the end of `period`, once. An indicator whose rows would reveal what is hidden elsewhere adds none.
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
    let counted = CountedAttendances::union(rows, period.end).filter(|_| released.participants != Participants::None);
    let columns = match released.participants {
        Participants::Detailed => detailed_columns(project),
        Participants::Pseudonymised | Participants::None => Vec::new(),
    };
    ReleasedAttendances { project, pseudonyms: Pseudonyms::new(project), columns, counted }
}

impl<'a> ReleasedAttendances<'a> {
    /// What the details of each row are; empty unless the report is entitled to them.
    pub fn columns(&self) -> &[ParticipantColumn] {
        &self.columns
    }

    /// How many rows [`ReleasedAttendances::rows`] yields.
    pub fn count(&self) -> u64 {
        self.counted.iter().map(|counted| counted.len() as u64).sum()
    }

    /// In order of day, code of the activity and pseudonym: the order of rows in the tables moves none.
    pub fn rows(&self) -> impl Iterator<Item = ReleasedAttendance> + use<'_, 'a> {
        let rows = self.counted.iter().flat_map(CountedAttendances::iter);
        by_pseudonym(rows, &self.pseudonyms).map(|(pseudonym, row)| {
            let state = self.project.persons.state(self.project.persons.attendances[row.index as usize].state);
            let detail = |column: &ParticipantColumn| match column {
                ParticipantColumn::AgeBand => age_key(self.project, state, row.day),
                ParticipantColumn::Person(column) => value_key(&state.values, *column),
            };
            let details = self.columns.iter().map(detail).collect();
            ReleasedAttendance { pseudonym, activity: row.activity, day: row.day, details }
        })
    }
}

fn detailed_columns(project: &Project) -> Vec<ParticipantColumn> {
    let column = |name: &str| project.persons.column(name).map(ParticipantColumn::Person);
    let [sex, municipality, status] = DETAILED.map(column);
    [sex, Some(ParticipantColumn::AgeBand), municipality, status].into_iter().flatten().collect()
}
