//! From words to the model's types: names to columns, values to entries. What can't be found is an error with a suggestion.

mod counts;
mod names;
mod ratio_graph;
mod values;

use names::{NameMeaning, column_id, column_names, find_column, report_unknown_column, resolve_name};
use ratio_graph::RatioGraph;

use super::grammar::{WrittenAxis, WrittenCalculation, WrittenCompletion, WrittenCondition};
use super::usage::{TableSide, split_side};
use crate::diagnostic::{ProblemKind, first_names, kinds};
use crate::fold;
use crate::ingest::codes::CodeIndex;
use crate::ingest::lists::ListIndex;
use crate::ingest::logframe::WrittenIndicator;
use crate::ingest::persons::CONTRACT_CATEGORIES;
use crate::ingest::table::{Field, OnFault, TableReader};
use crate::model::{
    ActivityTable, Axis, AxisSide, Calculation, ColumnId, ColumnKind, Completion, Condition, DistinctColumn, Indicator,
    IndicatorId, PersonId, PersonTable, Subject, Value,
};

pub use values::parse_day_span;

/// The columns and codes that names and values are looked up in.
pub struct CompileContext<'g> {
    /// `None` if there is no readable table: references into it aren't checked.
    pub activities: Option<&'g ActivityTable>,
    /// As `activities`.
    pub persons: Option<&'g PersonTable>,
    /// Codes of persons.
    pub person_codes: &'g CodeIndex,
    /// Built-in lists and the project's own.
    pub listing: &'g ListIndex,
    /// Some sheet has ages or births.
    pub has_age: bool,
    /// Attendances have dates of their own.
    pub dated: bool,
    /// Headings of activities' own columns, whether an indicator names them or not.
    pub own_of_activities: Vec<String>,
    /// The same of participants and attendance.
    pub own_of_persons: Vec<String>,
}

/// The rows that an indicator counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CountedRows {
    Activities,
    Attendances,
}

/// Looks up the names and values of every indicator. The indicators are returned in the order of their rows, faulty ones with
/// what could be found.
pub fn compile(
    table: &mut TableReader,
    context: &CompileContext,
    codes: &CodeIndex,
    written: Vec<WrittenIndicator>,
) -> Vec<Indicator> {
    let ratios = RatioGraph::new(codes, &written);
    let mut indicators = Vec::with_capacity(written.len());
    for (at, mut indicator) in written.into_iter().enumerate() {
        let mut errors = IndicatorErrors { table, written: &indicator };
        let compiled = compile_indicator(&mut errors, context, codes, &ratios, at);
        if let Some((calculation, conditions, axes)) = compiled {
            indicator.indicator.calculation = calculation;
            indicator.indicator.conditions = conditions;
            indicator.indicator.axes = axes;
        }
        indicators.push(indicator.indicator);
    }
    indicators
}

/// Reports problems of one indicator's row.
struct IndicatorErrors<'e, 'g> {
    table: &'e mut TableReader<'g>,
    written: &'e WrittenIndicator,
}

impl IndicatorErrors<'_, '_> {
    /// Reports an error, which takes the row out of use.
    fn report(&mut self, column: &str, kind: impl Into<ProblemKind>) {
        self.with_field(column, |field| field.report(OnFault::DropRow, kind));
    }

    /// Warns of something that leaves the row in use.
    fn warn(&mut self, column: &str, kind: impl Into<ProblemKind>) {
        self.with_field(column, |field| field.warn(kind));
    }

    /// The row's field in a column; that of its code, if the table doesn't have the column.
    fn with_field(&mut self, column: &str, report: impl FnOnce(&mut Field)) {
        let mut row = self.table.kept_row(&self.written.row);
        let column = row.sheet.column(column).or_else(|| row.sheet.column("code"));
        report(&mut row.field_at(column));
    }
}

type Compiled = (Calculation, Vec<Condition>, Vec<Axis>);

fn compile_indicator(
    errors: &mut IndicatorErrors,
    context: &CompileContext,
    codes: &CodeIndex,
    ratios: &RatioGraph,
    at: usize,
) -> Option<Compiled> {
    let indicator = errors.written;
    let written = indicator.calculation.as_ref()?;
    let calculation = compile_calculation(errors, context, codes, ratios, written, at);
    let rows = ratios.counted_rows(at, context);
    let is_ratio = matches!(written, WrittenCalculation::Ratio(..));
    let is_reported = matches!(written, WrittenCalculation::Reported);
    let mut conditions = Vec::new();
    if is_ratio || is_reported {
        if !indicator.conditions.is_empty() {
            let calculation = indicator.indicator.calculation_text.clone();
            errors.report("where", kinds::UselessWhere { calculation });
        }
    } else {
        for condition in &indicator.conditions {
            conditions.extend(compile_condition(errors, context, rows, condition));
        }
    }
    let mut axes = Vec::new();
    if is_reported && !indicator.axes.is_empty() {
        errors.report("by", kinds::AxisOnReported { value: indicator.indicator.code.clone() });
    } else {
        for axis in &indicator.axes {
            axes.extend(compile_axis(errors, context, (rows, calculation), axis));
        }
    }
    Some((calculation?, conditions, axes))
}

fn compile_calculation(
    errors: &mut IndicatorErrors,
    context: &CompileContext,
    codes: &CodeIndex,
    ratios: &RatioGraph,
    written: &WrittenCalculation,
    at: usize,
) -> Option<Calculation> {
    match written {
        WrittenCalculation::Activities => Some(Calculation::Activities),
        WrittenCalculation::Attendances => Some(Calculation::Attendances),
        WrittenCalculation::People => Some(Calculation::People),
        WrittenCalculation::Completed(completion) => {
            compile_completion(errors, context, completion).map(Calculation::Completed)
        }
        WrittenCalculation::Reported => Some(Calculation::Reported),
        WrittenCalculation::Sum(column) => numeric_column(errors, context, column).map(Calculation::Sum),
        WrittenCalculation::Reach(column) => numeric_column(errors, context, column).map(Calculation::Reach),
        WrittenCalculation::Distinct(column) => distinct_column(errors, context, column).map(Calculation::Distinct),
        WrittenCalculation::Ratio(over, under) => {
            let mut part = |code: &str| {
                let Some(found) = codes.find(code) else {
                    let kind = kinds::UnknownIndicator {
                        indicator: code.to_owned(),
                        known: first_names(codes.texts()),
                        nearest: codes.suggestion(code),
                    };
                    errors.report("calculation", kind);
                    return None;
                };
                Some(IndicatorId(found.id.0 as u16))
            };
            let (over, under) = (part(over), part(under));
            if ratios.is_cyclic(at) {
                let code = errors.written.indicator.code.clone();
                errors.report("calculation", kinds::RatioCycle { value: code });
                return None;
            }
            Some(Calculation::Ratio(over?, under?))
        }
    }
}

/// How much somebody must have attended; a share is of a column of the activities with categories.
fn compile_completion(
    errors: &mut IndicatorErrors,
    context: &CompileContext,
    written: &WrittenCompletion,
) -> Option<Completion> {
    let (share, name) = match written {
        WrittenCompletion::Attendances(number) => return Some(Completion::Attendances(*number)),
        WrittenCompletion::Share { share, of } => (*share, of),
    };
    let table = context.activities?;
    let (side, bare) = split_side(name);
    let found = (side != Some(TableSide::Person)).then(|| column_id(&table.columns, bare)).flatten();
    let Some(of) = found else {
        report_unknown_column(errors, "calculation", name, column_names(&table.columns).into_iter());
        return None;
    };
    if table.columns[usize::from(of.0)].kind != ColumnKind::Category {
        errors.report("calculation", kinds::BadAxis::Kind { text: name.clone() });
        return None;
    }
    Some(Completion::Share { share, of })
}

/// A numeric column of the activities.
fn numeric_column(errors: &mut IndicatorErrors, context: &CompileContext, name: &str) -> Option<ColumnId> {
    let table = context.activities?;
    let (side, bare) = split_side(name);
    let found = (side != Some(TableSide::Person)).then(|| column_id(&table.columns, bare)).flatten();
    let Some(column) = found else {
        report_unknown_column(errors, "calculation", name, column_names(&table.columns).into_iter());
        return None;
    };
    let kind = table.columns[usize::from(column.0)].kind;
    if !matches!(kind, ColumnKind::Count | ColumnKind::Number) {
        errors.report("calculation", kinds::NotNumericColumn { value: name.to_owned() });
        return None;
    }
    Some(column)
}

/// The activity's column, if it has one of that name, else the person's.
fn distinct_column(errors: &mut IndicatorErrors, context: &CompileContext, name: &str) -> Option<DistinctColumn> {
    let (side, bare) = split_side(name);
    let activity = context.activities.filter(|_| side != Some(TableSide::Person));
    if let Some(column) = activity.and_then(|table| column_id(&table.columns, bare)) {
        return Some(DistinctColumn::Activity(column));
    }
    if side != Some(TableSide::Activity) {
        match fold::heading_key(bare).as_str() {
            "person" => return Some(DistinctColumn::PersonCode),
            "age" if context.has_age => return Some(DistinctColumn::Age),
            _ => {}
        }
        if let Some(column) = context.persons.and_then(|table| column_id(&table.columns, bare)) {
            return Some(DistinctColumn::Person(column));
        }
    }
    if context.activities.is_some() {
        let mut known = column_names(context.activities.map_or(&[], |table| table.columns.as_slice()));
        known.extend(column_names(context.persons.map_or(&[], |table| table.columns.as_slice())));
        report_unknown_column(errors, "calculation", name, known.into_iter());
    }
    None
}

fn compile_condition(
    errors: &mut IndicatorErrors,
    context: &CompileContext,
    rows: CountedRows,
    written: &WrittenCondition,
) -> Option<Condition> {
    let named = resolve_name(errors, context, rows, &written.name, "where")?;
    let subject = match named {
        NameMeaning::Special(subject) => subject,
        NameMeaning::Column(TableSide::Activity, column) => Subject::Activity(column),
        NameMeaning::Column(TableSide::Person, column) => Subject::Person(column),
    };
    let column = match named {
        NameMeaning::Special(_) => None,
        NameMeaning::Column(side, column) => Some((side, find_column(context, side, column)?)),
    };
    values::compile_values(errors, context, subject, column, written)
}

fn compile_axis(
    errors: &mut IndicatorErrors,
    context: &CompileContext,
    (rows, calculation): (CountedRows, Option<Calculation>),
    written: &WrittenAxis,
) -> Option<Axis> {
    if let Some(axis) = counts::find_counted_axis(errors, context, (rows, calculation), written) {
        return axis.ok();
    }
    let first = compile_axis_part(errors, context, rows, &written.first);
    let second = written.second.as_ref().map(|name| compile_axis_part(errors, context, rows, name));
    let second = match second {
        None => None,
        Some(part) => Some(part?),
    };
    let first = first?;
    if second == Some(first) {
        errors.report("by", kinds::BadAxis::Plain { text: written.text.clone() });
        return None;
    }
    Some(Axis { text: written.text.clone(), first, second })
}

fn compile_axis_part(
    errors: &mut IndicatorErrors,
    context: &CompileContext,
    rows: CountedRows,
    name: &str,
) -> Option<AxisSide> {
    let unfit = |errors: &mut IndicatorErrors| {
        errors.report("by", kinds::BadAxis::Kind { text: name.to_owned() });
        None
    };
    match resolve_name(errors, context, rows, name, "by")? {
        NameMeaning::Special(Subject::Age) => Some(AxisSide::Age),
        NameMeaning::Special(_) => unfit(errors),
        NameMeaning::Column(side, column) => {
            let found = find_column(context, side, column)?;
            if found.kind != ColumnKind::Category {
                return unfit(errors);
            }
            let persons = context.persons.filter(|_| side == TableSide::Person);
            if persons.is_some_and(|persons| is_free_text(persons, column)) {
                errors.warn("by", kinds::FreeTextAxis { column: found.name.clone() });
                return None;
            }
            Some(match side {
                TableSide::Activity => AxisSide::Activity(column),
                TableSide::Person => AxisSide::Person(column),
            })
        }
    }
}

/// Different values that a column of the contract must at least have to be taken for free text.
const FEWEST_FREE_TEXTS: usize = 10;

/// Whether a column of persons holds remarks rather than categories: it has no list, and most of its values are one
/// person's.
fn is_free_text(persons: &PersonTable, id: ColumnId) -> bool {
    let column = &persons.columns[usize::from(id.0)];
    if column.list.is_some() {
        return false;
    }
    // Of each value the first person, and whether there is another.
    let mut found: Vec<Option<(PersonId, bool)>> = vec![None; column.entries.len()];
    for attendance in &persons.attendances {
        if let Value::One(category) = &persons.state(attendance.state).values[usize::from(id.0)]
            && let Some(slot) = found.get_mut(category.0 as usize)
        {
            let (first, is_shared) = slot.get_or_insert((attendance.person, false));
            *is_shared |= *first != attendance.person;
        }
    }
    let values = found.iter().flatten().count();
    let once = found.iter().flatten().filter(|(_, is_shared)| !is_shared).count();
    let fewest = if CONTRACT_CATEGORIES.contains(&column.name.as_str()) { FEWEST_FREE_TEXTS } else { 1 };
    values >= fewest && once * 2 > values
}
