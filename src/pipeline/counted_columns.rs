use crate::model::{AxisSide, Calculation, Column, ColumnId, DistinctColumn, Indicator, IndicatorId, Project, Subject};
use crate::output::CountedColumns;

/// Columns that every count of activities depends on.
const ACTIVITIES: [&str; 4] = ["activities.id", "activities.date", "activities.end_date", "activities.status"];
/// Columns that every count of attendances depends on, beside those of activities.
const ATTENDANCES: [&str; 6] = [
    "persons.person",
    "persons.activity",
    "persons.date",
    "persons.session",
    "persons.same_as",
    "persons.different_from",
];
/// Columns that give a person's age.
const BIRTH: [&str; 4] = ["persons.birth_year", "persons.birth_date", "persons.age", "persons.age_band"];
/// Columns of reported values.
const REPORTED: [&str; 4] = ["reported.indicator", "reported.period", "reported.value", "reported.precision"];

/// The columns whose cells an indicator's figures depend on; a ratio's are those of both its sides.
pub(super) fn counted_columns(project: &Project, id: IndicatorId) -> CountedColumns {
    let mut columns = CountedColumns::default();
    collect(project, id, &mut columns, project.logframe.indicators.len());
    let axes = &project.logframe.indicator(id).axes;
    for side in axes.iter().flat_map(|axis| [Some(axis.first), axis.second]).flatten() {
        let names = match side {
            AxisSide::Activity(column) => vec![activity_column(project, column)],
            AxisSide::Person(column) => vec![person_column(project, column)],
            AxisSide::Age => owned(&BIRTH),
            AxisSide::Counted(_) => head_counts(project, |_| true),
        };
        columns.of_parts.extend(names);
    }
    columns
}

/// `depth` is how many ratios of ratios are followed, since data may refer to itself.
fn collect(project: &Project, id: IndicatorId, columns: &mut CountedColumns, depth: usize) {
    let indicator: &Indicator = project.logframe.indicator(id);
    if let Calculation::Ratio(over, under) = indicator.calculation {
        if depth > 0 {
            [over, under].into_iter().for_each(|side| collect(project, side, columns, depth - 1));
        }
        return;
    }
    let names = &mut columns.of_totals;
    if indicator.calculation == Calculation::Reported {
        names.extend(owned(&REPORTED));
        return;
    }
    names.extend(owned(&ACTIVITIES));
    if indicator.calculation.over_attendances() {
        names.extend(owned(&ATTENDANCES));
    }
    names.extend(match indicator.calculation {
        Calculation::Sum(column)
        | Calculation::Reach(column)
        | Calculation::Distinct(DistinctColumn::Activity(column)) => {
            // A total without a cell is what its parts add up to.
            let mut names = head_counts(project, |total| total == column);
            names.push(activity_column(project, column));
            names
        }
        Calculation::Distinct(DistinctColumn::Person(column)) => vec![person_column(project, column)],
        Calculation::Distinct(DistinctColumn::Age) => owned(&BIRTH),
        _ => Vec::new(),
    });
    for condition in &indicator.conditions {
        names.extend(match condition.subject {
            Subject::Activity(column) => vec![activity_column(project, column)],
            Subject::Person(column) => vec![person_column(project, column)],
            Subject::Age | Subject::BirthYear => owned(&BIRTH),
            Subject::ActivityDate | Subject::PersonCode | Subject::AttendanceDate | Subject::Session => Vec::new(),
        });
    }
}

/// The columns of head counts that break down a total.
fn head_counts(project: &Project, is_total: impl Fn(ColumnId) -> bool) -> Vec<String> {
    let blocks = project.activities.head_counts.blocks.iter().filter(|block| is_total(block.total));
    blocks.flat_map(|block| &block.parts).map(|part| activity_column(project, part.column)).collect()
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn activity_column(project: &Project, column: ColumnId) -> String {
    name_of("activities", &project.activities.columns, column)
}

fn person_column(project: &Project, column: ColumnId) -> String {
    name_of("persons", &project.persons.columns, column)
}

fn name_of(table: &str, columns: &[Column], id: ColumnId) -> String {
    format!("{table}.{}", columns[usize::from(id.0)].name)
}
