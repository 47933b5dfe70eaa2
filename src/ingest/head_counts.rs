//! Head counts in columns of their own: which columns they are, by what they break the total down, and whether they add up.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::conditions::WrittenOp;
use super::lists::ListIndex;
use super::settings::{CountsPart, CountsPlan, SideValue, TablePlan, count_column};
use super::table::{OnFault, RowReader, TableReader};
use crate::diagnostic::{Problem, kinds};
use crate::fold;
use crate::locale::Locale;
use crate::model::{
    Amount, Category, Column, ColumnId, ColumnKind, CountBlock, CountPart, CountSideId, HeadCounts, Lang, Text, Value,
    amount_in,
};

/// What counts are a total of where project.toml names none.
const REACHED: &str = "reached";

/// The columns that project.toml declares as head counts, by the names that sheets come to have for them.
#[derive(Clone, Copy)]
pub struct CountColumns<'p> {
    plans: &'p [CountsPlan],
}

impl<'p> CountColumns<'p> {
    /// Those of the activities table.
    pub fn new(plan: Option<&'p TablePlan>) -> CountColumns<'p> {
        CountColumns { plans: plan.map_or(&[], |plan| plan.shape.counts.as_slice()) }
    }

    /// The names of columns that hold counts, besides `reached`.
    pub fn names(self) -> impl Iterator<Item = String> {
        let headings = self.plans.iter().flat_map(|plan| {
            plan.parts
                .iter()
                .map(|part| part.heading.as_str())
                .chain(plan.total.iter().map(|(total, _)| total.as_str()))
        });
        headings.map(count_column)
    }

    /// Whether a column of that name holds counts.
    pub fn has(self, name: &str) -> bool {
        let key = fold::heading_key(name);
        self.names().any(|own| fold::heading_key(&own) == key)
    }

    /// Whether they give `reached`, though no sheet may have it.
    pub fn makes_reached(self) -> bool {
        !self.plans.is_empty()
    }

    /// What the columns tell apart. `columns` are the names of the activities' columns; what project.toml says of a side's
    /// label is found by `label_of`.
    pub fn resolve(
        self,
        table: &mut TableReader,
        columns: &[&str],
        lists: &ListIndex,
        languages: &[Lang],
        label_of: impl Fn(&str) -> Text,
    ) -> HeadCounts {
        let find = |name: &str| {
            let key = fold::heading_key(name);
            columns.iter().position(|known| fold::heading_key(known) == key).map(|at| ColumnId(at as u16))
        };
        let mut sides = Sides { found: Vec::new(), lists, languages };
        let mut blocks = Vec::new();
        for plan in self.plans {
            let own_total = plan.total.as_ref().and_then(|(heading, _)| find(&count_column(heading)));
            let Some(total) = own_total.or_else(|| find(REACHED)) else { continue };
            let Some(first) = plan.parts.first() else { continue };
            let ids: Vec<CountSideId> =
                first.values.iter().map(|value| sides.find_or_add(&value.side, label_of(&value.side))).collect();
            let mut parts = Vec::new();
            for part in &plan.parts {
                let values: Vec<Option<Category>> =
                    ids.iter().zip(&part.values).map(|(id, value)| sides.category(table, *id, value, part)).collect();
                let Some(column) = find(&count_column(&part.heading)) else { continue };
                if let [Some(first), second @ ..] = values.as_slice() {
                    let second = second.first().copied().flatten();
                    let is_doubled =
                        parts.iter().any(|other: &CountPart| (other.first, other.second) == (*first, second));
                    if is_doubled {
                        let text = part.values.iter().map(SideValue::text).collect::<Vec<_>>().join("; ");
                        table.report(Problem::error(kinds::DoubledPart { text }).at(part.place.clone()));
                    } else if second.is_some() == ids.get(1).is_some() {
                        parts.push(CountPart { first: *first, second, column });
                    }
                }
            }
            let second = ids.get(1).copied();
            blocks.push(CountBlock { total, first: ids[0], second, parts, is_of_whom: plan.is_of_whom });
        }
        HeadCounts { sides: sides.found, blocks }
    }
}

/// By what all blocks together break totals down.
struct Sides<'l> {
    found: Vec<Column>,
    lists: &'l ListIndex,
    languages: &'l [Lang],
}

impl Sides<'_> {
    fn find_or_add(&mut self, name: &str, label: Text) -> CountSideId {
        let key = fold::heading_key(name);
        let known = self.found.iter().position(|side| fold::heading_key(&side.name) == key);
        let at = known.unwrap_or_else(|| {
            let list = self.lists.for_persons(name).map(|list| self.lists.list(list));
            let entries = list.into_iter().flat_map(|list| &list.entries);
            self.found.push(Column {
                name: name.to_owned(),
                label,
                kind: ColumnKind::Category,
                list: list.map(|list| list.name.clone()),
                entries: entries.map(|entry| (entry.code.clone(), entry.label.clone())).collect(),
            });
            self.found.len() - 1
        });
        CountSideId(at as u16)
    }

    /// The value of a part on a side: an entry of the list, or the condition as it is written.
    fn category(
        &mut self,
        table: &mut TableReader,
        id: CountSideId,
        value: &SideValue,
        part: &CountsPart,
    ) -> Option<Category> {
        let side = &self.found[usize::from(id.0)];
        let list = side.list.as_ref().and_then(|name| self.lists.position(name));
        let code = match (value.single(), list) {
            (Some(single), Some(list)) => match self.lists.find(list, single) {
                Some(found) => return Some(Category(found.entry)),
                None => {
                    let nearest = self.lists.nearest(list, single).map(str::to_owned);
                    let known = self.lists.first_values(list);
                    let (value, list) = (single.to_owned(), self.lists.list(list).name.clone());
                    let unlisted = kinds::UnlistedValue::Plain { value, list, known, nearest };
                    table.report(Problem::error(unlisted).at(part.place.clone()));
                    return None;
                }
            },
            (Some(single), None) => single.to_owned(),
            (None, _) => value.text(),
        };
        let known = side.entries.iter().position(|entry| fold::code_key(entry.code) == fold::code_key(&code));
        let at = known.unwrap_or_else(|| {
            let label = age_label(value, self.languages);
            let side = &mut self.found[usize::from(id.0)];
            let all = side.entries.iter().map(|entry| (entry.code.to_owned(), entry.label.clone()));
            side.entries = all.chain([(code, label)]).collect();
            side.entries.len() - 1
        });
        Some(Category(at as u32))
    }
}

/// What documents call a span of ages: `0–17 years`; empty where it is none.
fn age_label(value: &SideValue, languages: &[Lang]) -> Text {
    let Some((from, to)) = age_span(value) else { return Text::default() };
    let in_language = |lang: &Lang| {
        let locale = Locale::new(lang)?;
        let from = from.to_string();
        let text = match to {
            Some(to) => locale.phrase("axis.years", &[("from", &from), ("to", &to.to_string())]),
            None => locale.phrase("axis.years-and-over", &[("from", &from)]),
        };
        Some((lang.clone(), text))
    };
    languages.iter().filter_map(in_language).collect()
}

/// The least and the highest age in full years that conditions leave.
fn age_span(value: &SideValue) -> Option<(u32, Option<u32>)> {
    if fold::heading_key(&value.side) != "age" {
        return None;
    }
    let (mut from, mut to) = (0, None::<u32>);
    for condition in &value.conditions {
        let [number] = condition.values.as_slice() else { return None };
        let number = number.parse::<Decimal>().ok().filter(|number| number.fract().is_zero())?.to_u32()?;
        let at_most = |to: Option<u32>, other: u32| Some(to.map_or(other, |to| to.min(other)));
        match condition.op {
            WrittenOp::Less => to = at_most(to, number.checked_sub(1)?),
            WrittenOp::LessOrEqual => to = at_most(to, number),
            WrittenOp::Greater => from = from.max(number + 1),
            WrittenOp::GreaterOrEqual => from = from.max(number),
            WrittenOp::Equal => (from, to) = (from.max(number), at_most(to, number)),
            WrittenOp::NotEqual => return None,
        }
    }
    to.is_none_or(|to| from <= to).then_some((from, to))
}

/// Holds the parts of a row against their totals, and fills in what follows: a total without a cell, and 0 in a blank part
/// where total and other parts leave nothing else.
pub fn settle_counts(row: &mut RowReader, head_counts: &HeadCounts, columns: &[&str], values: &mut [Value]) {
    let mut found = 0;
    let mut has_total = false;
    for block in &head_counts.blocks {
        let parts: Vec<(ColumnId, Option<Amount>)> =
            block.parts.iter().map(|part| (part.column, amount_in(values, part.column))).collect();
        found += parts.iter().filter(|(_, amount)| amount.is_some()).count() as u64;
        let total = amount_in(values, block.total);
        if block.is_of_whom {
            check_of_whom(row, columns, total, &parts);
        } else {
            settle_block(row, columns, values, block.total, &parts);
        }
        has_total |= amount_in(values, block.total).is_some();
    }
    row.count_parts(found, has_total);
}

fn settle_block(
    row: &mut RowReader,
    columns: &[&str],
    values: &mut [Value],
    total_column: ColumnId,
    parts: &[(ColumnId, Option<Amount>)],
) {
    let total = amount_in(values, total_column);
    let known: Vec<Amount> = parts.iter().filter_map(|(_, amount)| *amount).collect();
    let Some(sum) = known.iter().copied().reduce(Amount::plus) else { return };
    let blank = parts.iter().find(|(_, amount)| amount.is_none()).map(|(column, _)| *column);
    let Some(total) = total else {
        match blank {
            None => values[usize::from(total_column.0)] = sum.into(),
            Some(blank) => {
                let at = column_of(row, columns, blank);
                row.field_at(at).warn(kinds::BlankPart);
            }
        }
        return;
    };
    let is_exact = total.hedge.is_none() && sum.hedge.is_none();
    let differs = if blank.is_some() { sum.from > total.from } else { sum.from != total.from };
    if is_exact && differs {
        let at = column_of(row, columns, total_column).or_else(|| column_of(row, columns, parts[0].0));
        let text = |amount: Amount| amount.from.normalize().to_string();
        let differs = kinds::TotalDiffers::Parts { total: text(total), counted: text(sum) };
        row.field_at(at).report(OnFault::BlankValue, differs);
        // Waived, the parts stand.
        values[usize::from(total_column.0)] = sum.into();
    } else if is_exact && sum.from == total.from {
        for (column, _) in parts.iter().filter(|(_, amount)| amount.is_none()) {
            values[usize::from(column.0)] = Amount::count(0).into();
        }
    }
}

/// No part may be larger than what it is of.
fn check_of_whom(row: &mut RowReader, columns: &[&str], total: Option<Amount>, parts: &[(ColumnId, Option<Amount>)]) {
    let Some(total) = total else { return };
    for (column, amount) in parts {
        let is_above = |amount: &Amount| amount.hedge.is_none() && total.hedge.is_none() && amount.from > total.from;
        if amount.as_ref().is_some_and(is_above) {
            let at = column_of(row, columns, *column);
            let above = kinds::PartAboveTotal { total: total.from.normalize().to_string() };
            row.field_at(at).report(OnFault::BlankValue, above);
        }
    }
}

/// The column of a row's sheet that one of the activities' columns is read from.
fn column_of(row: &RowReader, columns: &[&str], id: ColumnId) -> Option<u32> {
    row.sheet.attribute_column(columns.get(usize::from(id.0))?)
}
