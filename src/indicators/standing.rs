use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::civil::Date;

use super::{Evidence, Figures};
use crate::model::{
    Amount, Attendance, Axis, AxisPart, Birth, Calculation, Column, ColumnId, DistinctColumn, IndicatorId, Project,
    RowRef, Value,
};

/// A row that an indicator stands on, by what it says rather than by where it is, so that a row inserted above changes
/// nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingRow {
    pub row: RowRef,
    /// The day that it counts on; a reported value's last.
    pub day: Date,
    /// Activity, person, day, session and what is summed or told apart, parted by `|`; equal rows are told apart by a
    /// number.
    pub says: String,
    /// Its values on the indicator's axes; empty where there is none.
    pub parts: String,
    /// For `people`: a contact after the first, which counts in *served* alone.
    pub is_later: bool,
}

/// How many rows an indicator stands on in the whole project; those of a ratio's two sides are added up.
pub fn standing_count(project: &Project, figures: &Figures, id: IndicatorId) -> usize {
    count_within(project, figures, id, project.logframe.indicators.len())
}

fn count_within(project: &Project, figures: &Figures, id: IndicatorId, depth: usize) -> usize {
    match (figures.evidence.get(usize::from(id.0)), project.logframe.indicator(id).calculation) {
        (Some(Evidence::Activities { rows, .. }), _) => rows.len(),
        (Some(Evidence::Attendances { rows }), _) => rows.len(),
        (Some(Evidence::Reported { rows }), _) => rows.len(),
        (Some(Evidence::Ratio), Calculation::Ratio(over, under)) if depth > 0 => {
            [over, under].into_iter().map(|side| count_within(project, figures, side, depth - 1)).sum()
        }
        (Some(Evidence::Ratio) | None, _) => 0,
    }
}

/// The rows that an indicator stands on in the whole project, by day; a ratio's are those of both its sides.
pub fn standing_rows(project: &Project, figures: &Figures, id: IndicatorId) -> Vec<StandingRow> {
    let mut rows = Rows { found: Vec::new(), seen: BTreeMap::new() };
    rows.collect(project, figures, id, id, project.logframe.indicators.len());
    rows.found
}

struct Rows {
    found: Vec<StandingRow>,
    /// How often the same was said.
    seen: BTreeMap<String, u32>,
}

impl Rows {
    /// `shown` is the indicator whose axes matter: a ratio's, where `id` is one of its sides.
    fn collect(&mut self, project: &Project, figures: &Figures, shown: IndicatorId, id: IndicatorId, depth: usize) {
        let indicator = project.logframe.indicator(id);
        let axes = &project.logframe.indicator(shown).axes;
        match (figures.evidence.get(usize::from(id.0)), indicator.calculation) {
            (Some(Evidence::Activities { rows, .. }), calculation) => {
                for (day, activity) in rows {
                    let activity = project.activities.get(*activity);
                    let mut says = format!("{}|{day}", activity.id);
                    if let Some(column) = activity_column(calculation) {
                        says.push('|');
                        write_value(&mut says, &project.activities.columns, &activity.values, column);
                    }
                    let parts = parts(project, axes, &activity.values, None, *day);
                    self.add(StandingRow { row: activity.row, day: *day, says, parts, is_later: false });
                }
            }
            (Some(Evidence::Attendances { rows }), calculation) => {
                for counted in rows.iter() {
                    let day = counted.day;
                    let attendance = &project.persons.attendances[counted.index as usize];
                    let activity = project.activities.get(attendance.activity);
                    let person = &project.persons.rows[attendance.person.0 as usize].code;
                    let session = &project.persons.sessions[attendance.session as usize];
                    let mut says = format!("{}|{person}|{day}|{session}", activity.id);
                    if let Calculation::Distinct(DistinctColumn::Person(column)) = calculation {
                        says.push('|');
                        let state = project.persons.state(attendance.state);
                        write_value(&mut says, &project.persons.columns, &state.values, column);
                    }
                    let parts = parts(project, axes, &activity.values, Some(attendance), day);
                    self.add(StandingRow { row: attendance.row, day, says, parts, is_later: !counted.is_first });
                }
            }
            (Some(Evidence::Reported { rows }), _) => {
                for at in rows {
                    let reported = &project.logframe.reported[*at as usize];
                    let mut says = format!("{}|", reported.period.code);
                    reported.value.iter().for_each(|value| write_amount(&mut says, value));
                    let (row, day) = (reported.row, reported.period.end);
                    self.add(StandingRow { row, day, says, parts: String::new(), is_later: false });
                }
            }
            (Some(Evidence::Ratio), Calculation::Ratio(over, under)) if depth > 0 => {
                let before = self.found.len();
                for side in if over == under { vec![over] } else { vec![over, under] } {
                    self.seen.clear();
                    self.collect(project, figures, shown, side, depth - 1);
                }
                let mut both = self.found.split_off(before);
                // A row that both sides count is told once; which contact it was matters to neither side alone.
                both.iter_mut().for_each(|row| row.is_later = false);
                both.sort_by(|a, b| (a.day, a.row, &a.says).cmp(&(b.day, b.row, &b.says)));
                both.dedup_by(|a, b| a.row == b.row && a.says == b.says);
                self.found.extend(both);
            }
            (Some(Evidence::Ratio) | None, _) => {}
        }
    }

    fn add(&mut self, mut row: StandingRow) {
        let times = self.seen.entry(row.says.clone()).or_insert(0);
        *times += 1;
        if *times > 1 {
            let _ = write!(row.says, "|{times}");
        }
        self.found.push(row);
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

fn parts(project: &Project, axes: &[Axis], activity: &[Value], attendance: Option<&Attendance>, day: Date) -> String {
    let mut text = String::new();
    for part in axes.iter().flat_map(|axis| [Some(axis.first), axis.second]).flatten() {
        match (part, attendance) {
            (AxisPart::Activity(column), _) => write_value(&mut text, &project.activities.columns, activity, column),
            (AxisPart::Person(column), Some(attendance)) => {
                let state = project.persons.state(attendance.state);
                write_value(&mut text, &project.persons.columns, &state.values, column);
            }
            (AxisPart::Age, Some(attendance)) => {
                let birth = project.persons.state(attendance.state).birth;
                let of_age = || birth.age_on(day).and_then(|age| project.settings.age_bands.band_of(age));
                let band = if let Birth::Band(band) = birth { Some(band) } else { of_age() };
                band.iter().for_each(|band| text.push_str(&project.settings.age_bands.code(*band)));
            }
            (AxisPart::Person(_) | AxisPart::Age, None) => {}
        }
        text.push('|');
    }
    text
}

fn write_value(text: &mut String, columns: &[Column], values: &[Value], id: ColumnId) {
    let at = usize::from(id.0);
    let (Some(column), Some(value)) = (columns.get(at), values.get(at)) else { return };
    match value {
        Value::Blank => {}
        Value::One(_) | Value::Several(_) => {
            for entry in value.categories().iter().filter_map(|category| column.entries.get(category.0 as usize)) {
                text.push_str(&entry.code);
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
