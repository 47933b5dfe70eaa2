//! The values of a condition, as its column holds them.

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::super::grammar::{WrittenCondition, WrittenOp};
use super::super::usage::Side;
use super::{Errors, Ground};
use crate::diagnostic::{Problem, nearest};
use crate::ingest::cell::{self, DateReading};
use crate::ingest::fold;
use crate::ingest::raw::{Raw, RawCell};
use crate::model::{Atom, Category, Column, ColumnKind, Condition, Op, Subject};

/// How the values of a subject are compared.
enum Kind<'c> {
    Category(Side, &'c Column),
    Number,
    Day,
    Person,
    Session,
}

pub fn condition(
    errors: &mut Errors,
    ground: &Ground,
    subject: Subject,
    column: Option<(Side, &Column)>,
    written: &WrittenCondition,
) -> Option<Condition> {
    let kind = match (subject, column) {
        (_, Some((side, column))) => match column.kind {
            ColumnKind::Category => Kind::Category(side, column),
            ColumnKind::Count | ColumnKind::Number => Kind::Number,
            ColumnKind::Date => Kind::Day,
        },
        (Subject::ActivityDate | Subject::AttendanceDate, None) => Kind::Day,
        (Subject::PersonCode, None) => Kind::Person,
        (Subject::Session, None) => Kind::Session,
        (_, None) => Kind::Number,
    };
    let (op, negated) = op(written.op);
    if op != Op::Equal && !matches!(kind, Kind::Number | Kind::Day) {
        errors.at(
            "where",
            Problem::error("no-order").with("value", written.name.as_str()).with("text", written.text.as_str()),
        );
        return None;
    }
    let mut any = Vec::new();
    for value in &written.values {
        match &kind {
            Kind::Category(side, column) => {
                any.extend(category(errors, ground, *side, column, value, written).map(Atom::Category));
            }
            Kind::Number => match number(value) {
                Some(number) => any.push(Atom::Number(op, number)),
                None => unfit(errors, "number", value, written),
            },
            Kind::Day => match day_span(value) {
                Some((first, last)) => any.push(Atom::Day(op, first, last)),
                None => unfit(errors, "day", value, written),
            },
            Kind::Person => any.extend(ground.person_codes.find(value).map(|found| Atom::Index(found.id.0))),
            Kind::Session => {
                let key = fold::code_key(value);
                let sessions = ground.persons.map_or(&[] as &[String], |table| table.sessions.as_slice());
                let found = sessions.iter().skip(1).position(|session| fold::code_key(session) == key);
                any.extend(found.map(|at| Atom::Index(at as u32 + 1)));
            }
        }
    }
    Some(Condition { subject, negated, any, text: written.text.clone() })
}

fn op(written: WrittenOp) -> (Op, bool) {
    match written {
        WrittenOp::Equal => (Op::Equal, false),
        WrittenOp::NotEqual => (Op::Equal, true),
        WrittenOp::Less => (Op::Less, false),
        WrittenOp::LessOrEqual => (Op::LessOrEqual, false),
        WrittenOp::Greater => (Op::Greater, false),
        WrittenOp::GreaterOrEqual => (Op::GreaterOrEqual, false),
    }
}

fn unfit(errors: &mut Errors, variant: &'static str, value: &str, written: &WrittenCondition) {
    let problem = Problem::error("unfit-value").variant(variant).with("value", value);
    errors.at("where", problem.with("text", written.text.as_str()));
}

/// The entry that a value means: by the column's list, else by what stands in the column.
fn category(
    errors: &mut Errors,
    ground: &Ground,
    side: Side,
    column: &Column,
    value: &str,
    written: &WrittenCondition,
) -> Option<Category> {
    let list = column.list.as_ref().and_then(|name| ground.listing.position(name));
    if let Some(list) = list {
        if let Some(found) = ground.listing.find(list, value) {
            return Some(Category(found.entry));
        }
        let problem = unknown(value, written, ground.listing.nearest(list, value));
        errors.at("where", problem.with("list", ground.listing.list(list).name.as_str()));
        return None;
    }
    let key = fold::code_key(value);
    let matches = |text: &str| fold::code_key(text) == key;
    let entry = column
        .entries
        .iter()
        .position(|entry| matches(&entry.code) || entry.label.iter().any(|(_, label)| matches(label)));
    if let Some(at) = entry {
        return Some(Category(at as u32));
    }
    // Any text may come to stand in a column without a list: only what looks like a slip is an error.
    let known = column.entries.iter().map(|entry| entry.code.as_str());
    let near = nearest(value, known);
    let is_code = side == Side::Activity && matches!(column.name.as_str(), "id" | "title");
    if !is_code {
        let mut problem = unknown(value, written, near);
        if near.is_none() {
            problem.severity = crate::diagnostic::Severity::Warning;
            problem = problem.variant("none");
        }
        errors.say("where", problem);
    }
    None
}

fn unknown(value: &str, written: &WrittenCondition, near: Option<&str>) -> Problem {
    let problem = Problem::error("unlisted-value")
        .with("value", value)
        .with("column", written.name.as_str())
        .with("list", written.name.as_str());
    match near {
        Some(near) => problem.variant("nearest").with("nearest", near),
        None => problem,
    }
}

/// `18`, `60 %`, `1.500`: a number as a cell would hold it.
fn number(text: &str) -> Option<Decimal> {
    // Digits with one point are a decimal here, as in every formula.
    if let Ok(number) = text.parse::<Decimal>() {
        return Some(number);
    }
    cell::read_decimal(Some(&text_cell(text))).ok().flatten().map(|number| number.value)
}

/// First and last day of what was written: a day, a month (`2017-03`) or a year.
pub fn day_span(text: &str) -> Option<(Date, Date)> {
    let text = text.trim();
    if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let year = text.parse().ok()?;
        return Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?));
    }
    match cell::read_date(Some(&text_cell(text))).ok().flatten()? {
        DateReading::Day(day) => Some((day, day)),
        DateReading::Month(first) => Some((first, first.checked_add(1.month()).ok()?.yesterday().ok()?)),
        DateReading::Slash { day_first: Some(day), month_first: None }
        | DateReading::Slash { day_first: None, month_first: Some(day) } => Some((day, day)),
        DateReading::Slash { .. } => None,
    }
}

fn text_cell(text: &str) -> RawCell<'_> {
    RawCell {
        column: 0,
        raw: Raw::Text(text.into()),
        merged: false,
        untyped: false,
        shared: None,
        is_known_text: false,
    }
}
