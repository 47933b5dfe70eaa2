//! The values of a condition, as its column holds them.

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::super::grammar::{WrittenCondition, WrittenOp};
use super::super::usage::TableSide;
use super::{CompileContext, IndicatorErrors};
use crate::diagnostic::{kinds, nearest};
use crate::fold;
use crate::ingest::cell::{self, DateReading};
use crate::ingest::raw_row::{Raw, RawCell};
use crate::model::{Atom, Category, Column, ColumnKind, Condition, Op, Subject};

/// How the values of a subject are compared.
enum ComparedAs<'c> {
    Category(TableSide, &'c Column),
    Number,
    Day,
    Person,
    Session,
}

/// Looks up the values of a condition whose subject is known.
pub fn compile_values(
    errors: &mut IndicatorErrors,
    context: &CompileContext,
    subject: Subject,
    column: Option<(TableSide, &Column)>,
    written: &WrittenCondition,
) -> Option<Condition> {
    let kind = match (subject, column) {
        (_, Some((side, column))) => match column.kind {
            ColumnKind::Category => ComparedAs::Category(side, column),
            ColumnKind::Count | ColumnKind::Number => ComparedAs::Number,
            ColumnKind::Date => ComparedAs::Day,
        },
        (Subject::ActivityDate | Subject::AttendanceDate, None) => ComparedAs::Day,
        (Subject::PersonCode, None) => ComparedAs::Person,
        (Subject::Session, None) => ComparedAs::Session,
        (_, None) => ComparedAs::Number,
    };
    let (op, negated) = split_negation(written.op);
    if op != Op::Equal && !matches!(kind, ComparedAs::Number | ComparedAs::Day) {
        errors.report("where", kinds::NoOrder { value: written.name.clone(), text: written.text.clone() });
        return None;
    }
    let mut any = Vec::new();
    for value in &written.values {
        match &kind {
            ComparedAs::Category(side, column) => match find_equal_numbers(column, value) {
                Some(equal) => any.extend(equal.into_iter().map(Atom::Category)),
                None => any.extend(find_category(errors, context, *side, column, value, written).map(Atom::Category)),
            },
            ComparedAs::Number => match parse_number(value) {
                Some(number) => any.push(Atom::Number(op, number)),
                None => errors
                    .report("where", kinds::UnfitValue::Number { value: value.clone(), text: written.text.clone() }),
            },
            ComparedAs::Day => match parse_day_span(value) {
                Some((first, last)) => any.push(Atom::Day(op, first, last)),
                None => {
                    errors.report("where", kinds::UnfitValue::Day { value: value.clone(), text: written.text.clone() })
                }
            },
            ComparedAs::Person => any.extend(context.person_codes.find(value).map(|found| Atom::Index(found.id.0))),
            ComparedAs::Session => {
                let key = fold::code_key(value);
                let sessions = context.persons.map_or(&[] as &[String], |table| table.sessions.as_slice());
                let found = sessions.iter().skip(1).position(|session| fold::code_key(session) == key);
                any.extend(found.map(|at| Atom::Index(at as u32 + 1)));
            }
        }
    }
    Some(Condition { subject, negated, any, text: written.text.clone() })
}

fn split_negation(written: WrittenOp) -> (Op, bool) {
    match written {
        WrittenOp::Equal => (Op::Equal, false),
        WrittenOp::NotEqual => (Op::Equal, true),
        WrittenOp::Less => (Op::Less, false),
        WrittenOp::LessOrEqual => (Op::LessOrEqual, false),
        WrittenOp::Greater => (Op::Greater, false),
        WrittenOp::GreaterOrEqual => (Op::GreaterOrEqual, false),
    }
}

/// The entries that are the same number as `value`, where that and all entries of a column without a list are numbers. Any
/// number may come to be in such a column, so that one that isn't is no typing error.
fn find_equal_numbers(column: &Column, value: &str) -> Option<Vec<Category>> {
    let number = parse_number(value).filter(|_| column.list.is_none())?;
    let entries: Option<Vec<Decimal>> = column.entries.iter().map(|entry| parse_number(entry.code)).collect();
    let is_equal = |(at, entry): (usize, Decimal)| (entry == number).then_some(Category(at as u32));
    Some(entries?.into_iter().enumerate().filter_map(is_equal).collect())
}

/// The entry that a value means: by the column's list, else by what the column holds.
fn find_category(
    errors: &mut IndicatorErrors,
    context: &CompileContext,
    side: TableSide,
    column: &Column,
    value: &str,
    written: &WrittenCondition,
) -> Option<Category> {
    let list = column.list.as_ref().and_then(|name| context.listing.position(name));
    if let Some(list) = list {
        if let Some(meaning) = context.listing.find(list, value) {
            return Some(Category(meaning.entry));
        }
        let nearest = context.listing.nearest(list, value).map(str::to_owned);
        let known = context.listing.first_values(list);
        let list = context.listing.list(list).name.clone();
        errors.report("where", kinds::UnlistedValue::Plain { value: value.to_owned(), list, known, nearest });
        return None;
    }
    let key = fold::code_key(value);
    let matches = |text: &str| fold::code_key(text) == key;
    let entry = column
        .entries
        .iter()
        .position(|entry| matches(entry.code) || entry.label.iter().any(|(_, label)| matches(label)));
    if let Some(at) = entry {
        return Some(Category(at as u32));
    }
    // A column without a list may come to hold any text: only what looks like a typing error is one.
    let known = column.entries.iter().map(|entry| entry.code);
    let nearest = nearest(value, known).map(str::to_owned);
    let is_code = side == TableSide::Activity && matches!(column.name.as_str(), "id" | "title");
    if !is_code {
        let (value, name) = (value.to_owned(), written.name.clone());
        if nearest.is_none() {
            errors.warn("where", kinds::UnlistedValue::None { value, column: name });
        } else {
            let known = nearest.clone().unwrap_or_default();
            errors.report("where", kinds::UnlistedValue::Plain { value, list: name, known, nearest });
        }
    }
    None
}

/// `18`, `60 %`, `1.500`: a number as a cell would hold it.
fn parse_number(text: &str) -> Option<Decimal> {
    // Digits with one point are a decimal here, as in every formula.
    if let Ok(number) = text.parse::<Decimal>() {
        return Some(number);
    }
    cell::read_decimal(Some(&text_cell(text))).ok().flatten().map(|number| number.value)
}

/// First and last day of what was written: a day, a month (`2017-03`) or a year.
pub fn parse_day_span(text: &str) -> Option<(Date, Date)> {
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
        DateReading::Range { first, last } => Some((first, last)),
        DateReading::Slash { .. } => None,
    }
}

fn text_cell(text: &str) -> RawCell<'_> {
    RawCell::new(0, Raw::Text(text.into()))
}
