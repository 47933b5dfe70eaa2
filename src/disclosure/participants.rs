use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::indicators::{Evidence, Figures, Key};
use crate::model::{ActivityId, ColumnId, IndicatorId, Participants, Period, Project, ReportSettings, RowRef};

use super::standing::{of_age, of_value};
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParticipantColumn {
    AgeBand,
    Person(ColumnId),
}

#[derive(Clone, Debug, PartialEq)]
pub struct ParticipantRow {
    pub pseudonym: String,
    /// By column, as at the first counted attendance.
    pub details: Vec<Key>,
}

/// One attendance that a report counts.
#[derive(Clone, Debug, PartialEq)]
pub struct AttendanceRow {
    pub pseudonym: String,
    pub activity: ActivityId,
    pub day: Date,
    pub row: RowRef,
}

/// One row per person among the attendances that a report counts. Without rows where the report leaves participants out.
pub fn participants(project: &Project, released: &Released, counted: &Attendances) -> ParticipantsView {
    let columns = match released.participants {
        Participants::Detailed => detailed_columns(project),
        Participants::Pseudonymised => Vec::new(),
        Participants::None => return ParticipantsView { columns: Vec::new(), rows: Vec::new() },
    };
    let mut first: Vec<Option<(Date, u32)>> = vec![None; project.persons.rows.len()];
    for &(day, row) in counted.counted.iter() {
        let person = project.persons.attendances[row as usize].person.0 as usize;
        first[person].get_or_insert((day, row));
    }
    let pseudonyms = &counted.pseudonyms;
    let row_of = |(day, row): (Date, u32)| {
        let attendance = &project.persons.attendances[row as usize];
        let state = project.persons.state(attendance.state);
        let detail = |column: &ParticipantColumn| match column {
            ParticipantColumn::AgeBand => of_age(project, state, day),
            ParticipantColumn::Person(column) => state.values.get(usize::from(column.0)).map_or(Key::Unknown, of_value),
        };
        ParticipantRow { pseudonym: pseudonyms.of(attendance.person), details: columns.iter().map(detail).collect() }
    };
    let mut rows: Vec<ParticipantRow> = first.into_par_iter().flatten().map(row_of).collect();
    // Numbered ones stand in order already, as the persons do; keyed ones don't, and must not keep the persons' order.
    if pseudonyms.are_keyed() {
        rows.par_sort_by(|a, b| a.pseudonym.cmp(&b.pseudonym));
    }
    ParticipantsView { columns, rows }
}

/// The attendances that a report counts.
#[derive(Clone)]
pub struct Attendances<'a> {
    project: &'a Project,
    pseudonyms: Pseudonyms<'a>,
    /// By day, then in the order of files and rows.
    counted: Arc<Vec<(Date, u32)>>,
}

/// Every attendance that an indicator of `report` counts from the project's start to the end of `period`, once.
pub fn attendances<'a>(
    project: &'a Project,
    figures: &Figures,
    report: &ReportSettings,
    period: &Period,
) -> Attendances<'a> {
    let mut seen = vec![false; project.persons.attendances.len()];
    let first = |(_, row): &(Date, u32)| !std::mem::replace(&mut seen[*row as usize], true);
    let mut counted: Vec<(Date, u32)> = counted_attendances(project, figures, report, period).filter(first).collect();
    counted.par_sort_unstable();
    Attendances { project, pseudonyms: Pseudonyms::new(project), counted: Arc::new(counted) }
}

impl Attendances<'_> {
    pub fn count(&self) -> u64 {
        self.counted.len() as u64
    }

    pub fn rows(&self) -> impl Iterator<Item = AttendanceRow> {
        self.counted.iter().map(|&(day, row)| {
            let attendance = &self.project.persons.attendances[row as usize];
            AttendanceRow {
                pseudonym: self.pseudonyms.of(attendance.person),
                activity: attendance.activity,
                day,
                row: attendance.row,
            }
        })
    }
}

fn detailed_columns(project: &Project) -> Vec<ParticipantColumn> {
    let column = |name: &str| project.persons.column(name).map(ParticipantColumn::Person);
    let [sex, municipality, status] = DETAILED.map(column);
    [sex, Some(ParticipantColumn::AgeBand), municipality, status].into_iter().flatten().collect()
}

fn counted_attendances<'a>(
    project: &'a Project,
    figures: &'a Figures,
    report: &'a ReportSettings,
    period: &Period,
) -> impl Iterator<Item = (Date, u32)> + use<'a> {
    let end = period.end;
    let shown = move |id: IndicatorId| match &report.indicators {
        None => true,
        Some(codes) => codes.contains(&project.logframe.indicator(id).code),
    };
    let evidence = project.logframe.indicator_ids().zip(&figures.evidence);
    evidence
        .filter(move |(id, _)| shown(*id))
        .filter_map(|(_, evidence)| match evidence {
            Evidence::Attendances { rows, .. } => Some(rows.iter()),
            Evidence::Activities { .. } | Evidence::Reported { .. } | Evidence::Ratio => None,
        })
        .flatten()
        .filter(move |(day, _)| *day <= end)
}
