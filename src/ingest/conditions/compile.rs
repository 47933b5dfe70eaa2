//! From words to the model's types: names to columns, values to entries. What can't be found is an error with a suggestion.

mod values;

use super::grammar::{WrittenAxis, WrittenCalculation, WrittenCondition};
use super::usage::{Side, split_side};
use crate::diagnostic::{Problem, kinds, nearest};
use crate::ingest::codes::CodeIndex;
use crate::ingest::fold;
use crate::ingest::lists::ListIndex;
use crate::ingest::logframe::WrittenIndicator;
use crate::ingest::table::{Field, OnFault, TableReader};
use crate::model::{
    ActivityTable, Axis, AxisSide, Calculation, Column, ColumnId, ColumnKind, Condition, DistinctColumn, Indicator,
    IndicatorId, PersonTable, Subject,
};

pub use values::day_span;

/// The columns and codes that words may mean.
pub struct Ground<'g> {
    /// None where there is no readable table: what refers to it isn't judged.
    pub activities: Option<&'g ActivityTable>,
    pub persons: Option<&'g PersonTable>,
    pub person_codes: &'g CodeIndex,
    pub listing: &'g ListIndex,
    /// Some sheet tells ages or births.
    pub has_age: bool,
    /// Attendances have dates of their own.
    pub dated: bool,
}

/// What an indicator goes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    Activities,
    Attendances,
}

/// One meaning of a name.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Named {
    Column(Side, ColumnId),
    Special(Subject),
}

/// Why a name means nothing.
enum NameFault {
    Unknown,
    Ambiguous,
    /// A person's column where activities are counted.
    NoPersons,
    /// Its table can't be read.
    NotJudged,
}

/// Settles every indicator's words. Indicators come out in the order of their rows, faulty ones with what could be settled.
pub fn compile(
    table: &mut TableReader,
    ground: &Ground,
    codes: &CodeIndex,
    written: Vec<WrittenIndicator>,
) -> Vec<Indicator> {
    let ratios = Ratios::new(codes, &written);
    let mut indicators = Vec::with_capacity(written.len());
    for (at, mut one) in written.into_iter().enumerate() {
        let mut errors = Errors { table, one: &one };
        let compiled = compile_one(&mut errors, ground, codes, &ratios, at);
        if let Some((calculation, conditions, axes)) = compiled {
            one.indicator.calculation = calculation;
            one.indicator.conditions = conditions;
            one.indicator.axes = axes;
        }
        indicators.push(one.indicator);
    }
    indicators
}

/// Reports problems of one indicator's row.
struct Errors<'e, 'g> {
    table: &'e mut TableReader<'g>,
    one: &'e WrittenIndicator,
}

impl Errors<'_, '_> {
    /// An error, or a warning that leaves the row in use.
    fn say(&mut self, column: &str, problem: Problem) {
        if problem.severity == crate::diagnostic::Severity::Error {
            self.at(column, problem);
            return;
        }
        self.with_field(column, |field| field.warn_problem(problem));
    }

    fn at(&mut self, column: &str, problem: Problem) {
        self.with_field(column, |field| field.report_problem(OnFault::DropRow, problem));
    }

    /// The row's field in a column; that of its code, if the table doesn't have the column.
    fn with_field(&mut self, column: &str, report: impl FnOnce(&mut Field)) {
        let mut row = self.table.kept_row(&self.one.row);
        let column = row.sheet.column(column).or_else(|| row.sheet.column("code"));
        report(&mut row.field_at(column));
    }
}

type Compiled = (Calculation, Vec<Condition>, Vec<Axis>);

fn compile_one(
    errors: &mut Errors,
    ground: &Ground,
    codes: &CodeIndex,
    ratios: &Ratios,
    at: usize,
) -> Option<Compiled> {
    let one = errors.one;
    let written = one.calculation.as_ref()?;
    let calculation = calculation(errors, ground, codes, ratios, written, at);
    let over = ratios.over(at, ground);
    let is_ratio = matches!(written, WrittenCalculation::Ratio(..));
    let is_reported = matches!(written, WrittenCalculation::Reported);
    let mut conditions = Vec::new();
    if is_ratio || is_reported {
        if !one.conditions.is_empty() {
            let problem = Problem::error("useless-where").with("calculation", one.indicator.calculation_text.as_str());
            errors.at("where", problem);
        }
    } else {
        for condition in &one.conditions {
            conditions.extend(self::condition(errors, ground, over, condition));
        }
    }
    let mut axes = Vec::new();
    if is_reported && !one.axes.is_empty() {
        errors.at("by", Problem::error("axis-on-reported").with("value", one.indicator.code.as_str()));
    } else {
        for axis in &one.axes {
            axes.extend(self::axis(errors, ground, over, axis));
        }
    }
    Some((calculation?, conditions, axes))
}

fn calculation(
    errors: &mut Errors,
    ground: &Ground,
    codes: &CodeIndex,
    ratios: &Ratios,
    written: &WrittenCalculation,
    at: usize,
) -> Option<Calculation> {
    match written {
        WrittenCalculation::Activities => Some(Calculation::Activities),
        WrittenCalculation::Attendances => Some(Calculation::Attendances),
        WrittenCalculation::People => Some(Calculation::People),
        WrittenCalculation::Reported => Some(Calculation::Reported),
        WrittenCalculation::Sum(column) => numeric(errors, ground, column).map(Calculation::Sum),
        WrittenCalculation::Reach(column) => numeric(errors, ground, column).map(Calculation::Reach),
        WrittenCalculation::Distinct(column) => distinct(errors, ground, column).map(Calculation::Distinct),
        WrittenCalculation::Ratio(over, under) => {
            let mut part = |code: &str| {
                let Some(found) = codes.find(code) else {
                    let kind = kinds::UnknownIndicator { indicator: code.to_owned(), nearest: codes.suggestion(code) };
                    errors.at("calculation", Problem::error(kind));
                    return None;
                };
                Some(IndicatorId(found.id.0 as u16))
            };
            let (over, under) = (part(over), part(under));
            if ratios.leads_back(at) {
                let code = errors.one.indicator.code.clone();
                errors.at("calculation", Problem::error("ratio-cycle").with("value", code));
                return None;
            }
            Some(Calculation::Ratio(over?, under?))
        }
    }
}

/// A numeric column of the activities.
fn numeric(errors: &mut Errors, ground: &Ground, name: &str) -> Option<ColumnId> {
    let table = ground.activities?;
    let (side, bare) = split_side(name);
    let found = (side != Some(Side::Person)).then(|| position(&table.columns, bare)).flatten();
    let Some(column) = found else {
        unknown_column(errors, "calculation", name, names(&table.columns).into_iter());
        return None;
    };
    let kind = table.columns[usize::from(column.0)].kind;
    if !matches!(kind, ColumnKind::Count | ColumnKind::Number) {
        errors.at("calculation", Problem::error("not-numeric-column").with("value", name));
        return None;
    }
    Some(column)
}

/// The activity's column, if it has one of that name, else the person's.
fn distinct(errors: &mut Errors, ground: &Ground, name: &str) -> Option<DistinctColumn> {
    let (side, bare) = split_side(name);
    let activity = ground.activities.filter(|_| side != Some(Side::Person));
    if let Some(column) = activity.and_then(|table| position(&table.columns, bare)) {
        return Some(DistinctColumn::Activity(column));
    }
    if side != Some(Side::Activity) {
        match fold::heading_key(bare).as_str() {
            "person" => return Some(DistinctColumn::PersonCode),
            "age" if ground.has_age => return Some(DistinctColumn::Age),
            _ => {}
        }
        if let Some(column) = ground.persons.and_then(|table| position(&table.columns, bare)) {
            return Some(DistinctColumn::Person(column));
        }
    }
    if ground.activities.is_some() {
        let mut known = names(ground.activities.map_or(&[], |table| table.columns.as_slice()));
        known.extend(names(ground.persons.map_or(&[], |table| table.columns.as_slice())));
        unknown_column(errors, "calculation", name, known.into_iter());
    }
    None
}

fn condition(errors: &mut Errors, ground: &Ground, over: Over, written: &WrittenCondition) -> Option<Condition> {
    let named = resolve(errors, ground, over, &written.name, "where")?;
    let subject = match named {
        Named::Special(subject) => subject,
        Named::Column(Side::Activity, column) => Subject::Activity(column),
        Named::Column(Side::Person, column) => Subject::Person(column),
    };
    let column = match named {
        Named::Special(_) => None,
        Named::Column(side, column) => Some((side, column_of(ground, side, column)?)),
    };
    values::condition(errors, ground, subject, column, written)
}

fn axis(errors: &mut Errors, ground: &Ground, over: Over, written: &WrittenAxis) -> Option<Axis> {
    let first = axis_part(errors, ground, over, &written.first);
    let second = written.second.as_ref().map(|name| axis_part(errors, ground, over, name));
    let second = match second {
        None => None,
        Some(part) => Some(part?),
    };
    let first = first?;
    if second == Some(first) {
        errors.at("by", Problem::error("bad-axis").with("text", written.text.as_str()));
        return None;
    }
    Some(Axis { text: written.text.clone(), first, second })
}

fn axis_part(errors: &mut Errors, ground: &Ground, over: Over, name: &str) -> Option<AxisSide> {
    let unfit = |errors: &mut Errors| {
        errors.at("by", Problem::error("bad-axis").variant("kind").with("text", name));
        None
    };
    match resolve(errors, ground, over, name, "by")? {
        Named::Special(Subject::Age) => Some(AxisSide::Age),
        Named::Special(_) => unfit(errors),
        Named::Column(side, column) => {
            if column_of(ground, side, column)?.kind != ColumnKind::Category {
                return unfit(errors);
            }
            Some(match side {
                Side::Activity => AxisSide::Activity(column),
                Side::Person => AxisSide::Person(column),
            })
        }
    }
}

fn column_of<'g>(ground: &Ground<'g>, side: Side, column: ColumnId) -> Option<&'g Column> {
    let columns = match side {
        Side::Activity => &ground.activities?.columns,
        Side::Person => &ground.persons?.columns,
    };
    columns.get(usize::from(column.0))
}

fn resolve(errors: &mut Errors, ground: &Ground, over: Over, name: &str, place: &'static str) -> Option<Named> {
    match meaning(ground, over, name) {
        Ok(named) => Some(named),
        Err(NameFault::NotJudged) => None,
        Err(NameFault::Ambiguous) => {
            errors.at(place, Problem::error("ambiguous-column").with("value", name));
            None
        }
        Err(NameFault::NoPersons) => {
            errors.at(place, Problem::error("unknown-column").variant("persons").with("value", name));
            None
        }
        Err(NameFault::Unknown) => {
            let known = known_names(ground, over);
            unknown_column(errors, place, name, known.into_iter());
            None
        }
    }
}

fn meaning(ground: &Ground, over: Over, name: &str) -> Result<Named, NameFault> {
    let (side, bare) = split_side(name);
    let of_activity = activity_name(ground, bare);
    let of_person = person_name(ground, bare);
    let activity_missing = ground.activities.is_none();
    let person_missing = ground.persons.is_none();
    match (side, over) {
        (Some(Side::Activity), _) | (None, Over::Activities) => match (of_activity, of_person) {
            (Some(named), _) => Ok(named),
            (None, _) if activity_missing => Err(NameFault::NotJudged),
            (None, Some(_)) if side.is_none() => Err(NameFault::NoPersons),
            (None, _) => Err(NameFault::Unknown),
        },
        (Some(Side::Person), Over::Activities) => Err(NameFault::NoPersons),
        (Some(Side::Person), Over::Attendances) => match of_person {
            Some(named) => Ok(named),
            None if person_missing => Err(NameFault::NotJudged),
            None => Err(NameFault::Unknown),
        },
        (None, Over::Attendances) => match (of_activity, of_person) {
            (Some(_), Some(_)) => Err(NameFault::Ambiguous),
            (Some(named), None) | (None, Some(named)) => Ok(named),
            (None, None) if activity_missing || person_missing => Err(NameFault::NotJudged),
            (None, None) => Err(NameFault::Unknown),
        },
    }
}

fn activity_name(ground: &Ground, name: &str) -> Option<Named> {
    let table = ground.activities?;
    if fold::heading_key(name) == "date" {
        return Some(Named::Special(Subject::ActivityDate));
    }
    position(&table.columns, name).map(|column| Named::Column(Side::Activity, column))
}

fn person_name(ground: &Ground, name: &str) -> Option<Named> {
    let table = ground.persons?;
    let special = match fold::heading_key(name).as_str() {
        "person" => Some(Subject::PersonCode),
        "age" if ground.has_age => Some(Subject::Age),
        "birth year" if ground.has_age => Some(Subject::BirthYear),
        "date" if ground.dated => Some(Subject::AttendanceDate),
        "session" => Some(Subject::Session),
        _ => None,
    };
    special
        .map(Named::Special)
        .or_else(|| position(&table.columns, name).map(|column| Named::Column(Side::Person, column)))
}

/// Columns are found by their names as headings are: case, spaces and look-alike letters aside.
fn position(columns: &[Column], name: &str) -> Option<ColumnId> {
    let key = fold::heading_key(name);
    columns.iter().position(|column| fold::heading_key(&column.name) == key).map(|at| ColumnId(at as u16))
}

fn names(columns: &[Column]) -> Vec<String> {
    columns.iter().map(|column| column.name.clone()).collect()
}

fn known_names(ground: &Ground, over: Over) -> Vec<String> {
    let mut known = names(ground.activities.map_or(&[], |table| table.columns.as_slice()));
    known.push("date".to_owned());
    if over == Over::Attendances {
        known.extend(names(ground.persons.map_or(&[], |table| table.columns.as_slice())));
        if ground.has_age {
            known.push("age".to_owned());
        }
    }
    known
}

fn unknown_column(errors: &mut Errors, place: &'static str, name: &str, known: impl Iterator<Item = String>) {
    let known: Vec<String> = known.collect();
    let (side, bare) = split_side(name);
    let mut problem = Problem::error("unknown-column").with("value", name).with("known", known.join(", "));
    if let Some(near) = nearest(bare, known.iter().map(String::as_str)) {
        let prefix = match side {
            Some(Side::Activity) => "activity.",
            Some(Side::Person) => "person.",
            None => "",
        };
        problem = problem.variant("nearest").with("nearest", format!("{prefix}{near}"));
    }
    errors.at(place, problem);
}

/// Which indicators ratios are made of.
struct Ratios {
    /// For a ratio the numbers of its parts, where they are known.
    parts: Vec<Option<[Option<usize>; 2]>>,
    calculations: Vec<Option<WrittenCalculation>>,
}

impl Ratios {
    fn new(codes: &CodeIndex, written: &[WrittenIndicator]) -> Ratios {
        let find = |code: &str| codes.find(code).map(|found| found.id.index());
        let parts = written.iter().map(|one| match &one.calculation {
            Some(WrittenCalculation::Ratio(over, under)) => Some([find(over), find(under)]),
            _ => None,
        });
        Ratios { parts: parts.collect(), calculations: written.iter().map(|one| one.calculation.clone()).collect() }
    }

    /// Whether a ratio is made of itself.
    fn leads_back(&self, from: usize) -> bool {
        let mut open: Vec<usize> = vec![from];
        let mut seen = vec![false; self.parts.len()];
        while let Some(at) = open.pop() {
            for part in self.parts[at].iter().flatten().flatten().copied() {
                if part == from {
                    return true;
                }
                if !std::mem::replace(&mut seen[part], true) {
                    open.push(part);
                }
            }
        }
        false
    }

    /// What an indicator goes over; a ratio, attendances if any of its parts does.
    fn over(&self, from: usize, ground: &Ground) -> Over {
        let mut open = vec![from];
        let mut seen = vec![false; self.parts.len()];
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            match &self.calculations[at] {
                Some(WrittenCalculation::People | WrittenCalculation::Attendances) => return Over::Attendances,
                Some(WrittenCalculation::Distinct(name)) => {
                    let (side, bare) = split_side(name);
                    let own = side != Some(Side::Person)
                        && ground.activities.is_some_and(|table| position(&table.columns, bare).is_some());
                    if !own {
                        return Over::Attendances;
                    }
                }
                _ => {}
            }
            open.extend(self.parts[at].iter().flatten().flatten());
        }
        Over::Activities
    }
}
