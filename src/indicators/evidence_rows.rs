use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::civil::Date;

use super::count_shares::{counted_total, counts_of_activity};
use super::{Evidence, Figures};
use crate::model::{
    Activity, Amount, Attendance, Axis, AxisSide, Calculation, Column, ColumnId, DistinctColumn, IndicatorId, Project,
    RowRef, Value,
};

/// A row behind an indicator, identified by its content rather than by its place, so that a row inserted above it changes
/// nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRow {
    /// Where the row is.
    pub row: RowRef,
    /// The day that it counts on; a reported value's last.
    pub day: Date,
    /// Activity, person, day, session and what is summed or counted as a different value, separated by `|`; equal rows end
    /// with a number.
    pub identity: String,
    /// Its values on the indicator's axes; empty where there is none.
    pub axis_values: String,
    /// For `people`: a contact after the first, which counts in *served* alone.
    pub is_later: bool,
}

/// The number of rows behind an indicator in the whole project; those of a ratio's two sides are added up.
pub fn evidence_row_count(project: &Project, figures: &Figures, id: IndicatorId) -> usize {
    count_to_depth(project, figures, id, project.logframe.indicators.len())
}

/// `depth` is how many ratios of ratios are followed, since data may refer to itself.
fn count_to_depth(project: &Project, figures: &Figures, id: IndicatorId, depth: usize) -> usize {
    match (figures.evidence.get(usize::from(id.0)), project.logframe.indicator(id).calculation) {
        (Some(Evidence::Activities { rows, .. }), _) => rows.len(),
        (Some(Evidence::Attendances { rows }), _) => rows.len(),
        (Some(Evidence::Reported { rows }), _) => rows.len(),
        (Some(Evidence::Ratio), Calculation::Ratio(over, under)) if depth > 0 => {
            [over, under].into_iter().map(|side| count_to_depth(project, figures, side, depth - 1)).sum()
        }
        (Some(Evidence::Ratio) | None, _) => 0,
    }
}

/// The rows behind an indicator in the whole project, by day; a ratio's are those of both its sides.
pub fn evidence_rows(project: &Project, figures: &Figures, id: IndicatorId) -> Vec<EvidenceRow> {
    let axes = &project.logframe.indicator(id).axes;
    let mut rows = EvidenceRows { project, figures, axes, found: Vec::new(), occurrences: BTreeMap::new() };
    rows.collect(id, project.logframe.indicators.len());
    rows.found
}

struct EvidenceRows<'a> {
    project: &'a Project,
    figures: &'a Figures,
    /// Of the indicator that is shown, also while the sides of a ratio are collected.
    axes: &'a [Axis],
    found: Vec<EvidenceRow>,
    /// By identity.
    occurrences: BTreeMap<String, u32>,
}

impl EvidenceRows<'_> {
    fn collect(&mut self, id: IndicatorId, depth: usize) {
        let (project, figures) = (self.project, self.figures);
        let calculation = project.logframe.indicator(id).calculation;
        match (figures.evidence.get(usize::from(id.0)), calculation) {
            (Some(Evidence::Activities { rows, .. }), calculation) => {
                for (day, activity) in rows {
                    let activity = project.activities.get(*activity);
                    let mut identity = format!("{}|{day}", project.activities.code(activity));
                    if let Some(column) = activity_column(calculation) {
                        identity.push('|');
                        write_value(&mut identity, &project.activities.columns, &activity.values, column);
                    }
                    let mut axis_values = self.axis_values(&activity.values, None, *day);
                    self.write_head_counts(&mut axis_values, calculation, activity);
                    self.add(EvidenceRow { row: activity.row, day: *day, identity, axis_values, is_later: false });
                }
            }
            (Some(Evidence::Attendances { rows }), calculation) => {
                for counted in rows.iter() {
                    let day = counted.day;
                    let attendance = &project.persons.attendances[counted.index as usize];
                    let activity = project.activities.get(attendance.activity);
                    let person = &project.persons.rows[attendance.person.0 as usize].code;
                    let session = &project.persons.sessions[attendance.session as usize];
                    let mut identity = format!("{}|{person}|{day}|{session}", project.activities.code(activity));
                    if let Calculation::Distinct(DistinctColumn::Person(column)) = calculation {
                        identity.push('|');
                        let state = project.persons.state(attendance.state);
                        write_value(&mut identity, &project.persons.columns, &state.values, column);
                    }
                    let axis_values = self.axis_values(&activity.values, Some(attendance), day);
                    let is_later = !counted.is_first;
                    self.add(EvidenceRow { row: attendance.row, day, identity, axis_values, is_later });
                }
            }
            (Some(Evidence::Reported { rows }), _) => {
                for at in rows {
                    let reported = &project.logframe.reported[*at as usize];
                    let mut identity = format!("{}|", reported.period.code);
                    reported.value.iter().for_each(|value| write_amount(&mut identity, value));
                    let (row, day) = (reported.row, reported.period.end);
                    self.add(EvidenceRow { row, day, identity, axis_values: String::new(), is_later: false });
                }
            }
            (Some(Evidence::Ratio), Calculation::Ratio(over, under)) if depth > 0 => {
                let before = self.found.len();
                for side in if over == under { vec![over] } else { vec![over, under] } {
                    self.occurrences.clear();
                    self.collect(side, depth - 1);
                }
                let mut both = self.found.split_off(before);
                // A row that both sides count is listed once; which contact it was matters to neither side alone.
                both.iter_mut().for_each(|row| row.is_later = false);
                both.sort_by(|a, b| (a.day, a.row, &a.identity).cmp(&(b.day, b.row, &b.identity)));
                both.dedup_by(|a, b| a.row == b.row && a.identity == b.identity);
                self.found.extend(both);
            }
            (Some(Evidence::Ratio) | None, _) => {}
        }
    }

    fn add(&mut self, mut row: EvidenceRow) {
        let times = self.occurrences.entry(row.identity.clone()).or_insert(0);
        *times += 1;
        if *times > 1 {
            let _ = write!(row.identity, "|{times}");
        }
        self.found.push(row);
    }

    /// How much of a summed count falls into each part of axes of head counts.
    fn write_head_counts(&self, text: &mut String, calculation: Calculation, activity: &Activity) {
        for axis in self.axes {
            let Some(total) = counted_total(calculation, (axis.first, axis.second)) else { continue };
            for amount in counts_of_activity(self.project, total, (axis.first, axis.second), activity).values() {
                write_amount(text, amount);
                text.push('|');
            }
        }
    }

    fn axis_values(&self, activity: &[Value], attendance: Option<&Attendance>, day: Date) -> String {
        let project = self.project;
        let mut text = String::new();
        for side in self.axes.iter().flat_map(|axis| [Some(axis.first), axis.second]).flatten() {
            match (side, attendance.map(|attendance| project.persons.state(attendance.state))) {
                (AxisSide::Activity(column), _) => {
                    write_value(&mut text, &project.activities.columns, activity, column);
                }
                (AxisSide::Person(column), Some(state)) => {
                    write_value(&mut text, &project.persons.columns, &state.values, column);
                }
                (AxisSide::Age, Some(state)) => {
                    let bands = &project.settings.age_bands;
                    bands.band_on(state.birth, day).iter().for_each(|band| text.push_str(&bands.code(*band)));
                }
                (AxisSide::Person(_) | AxisSide::Age, None) | (AxisSide::Counted(_), _) => {}
            }
            text.push('|');
        }
        text
    }
}

/// The column of activities whose cells a calculation draws on.
fn activity_column(calculation: Calculation) -> Option<ColumnId> {
    match calculation {
        Calculation::Sum(column)
        | Calculation::Reach(column)
        | Calculation::Distinct(DistinctColumn::Activity(column)) => Some(column),
        _ => None,
    }
}

fn write_value(text: &mut String, columns: &[Column], values: &[Value], id: ColumnId) {
    let at = usize::from(id.0);
    let (Some(column), Some(value)) = (columns.get(at), values.get(at)) else { return };
    match value {
        Value::Blank => {}
        Value::One(_) | Value::Several(_) => {
            for entry in value.categories().iter().filter_map(|category| column.entries.get(category.0 as usize)) {
                text.push_str(entry.code);
                text.push(';');
            }
        }
        Value::Number(amount) => write_amount(text, amount),
        Value::Date(date) => {
            let _ = write!(text, "{date}");
        }
    }
}

fn write_amount(text: &mut String, amount: &Amount) {
    // A hedge alone changes how a figure is printed.
    let hedge = if amount.hedge.is_some() { "~" } else { "" };
    let _ = write!(text, "{hedge}{}", amount.from.normalize());
    if amount.is_interval() {
        let _ = write!(text, "–{}", amount.to.normalize());
    }
}
