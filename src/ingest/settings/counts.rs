//! `[[tables.activities.counts]]`: columns that break a count of the activities down.

use std::collections::BTreeSet;

use super::toml_reader::{TomlKeys, TomlReader};
use crate::diagnostic::{Place, kinds};
use crate::fold;
use crate::ingest::cell;
use crate::ingest::conditions::{WrittenCondition, WrittenOp, parse_conditions, split_side};
use crate::ingest::layout::{ColumnMapping, ColumnMappings};

/// Columns that break one count down.
#[derive(Clone, Debug, PartialEq)]
pub struct CountsPlan {
    /// In the order in which they are written; all have the same sides.
    pub parts: Vec<CountsPart>,
    /// The heading of what they add up to, and the place that names it; `None`: `reached`.
    pub total: Option<(String, Place)>,
    /// They needn't add up.
    pub is_of_whom: bool,
}

/// One of the columns, and whom it counts.
#[derive(Clone, Debug, PartialEq)]
pub struct CountsPart {
    /// As it is written in project.toml.
    pub heading: String,
    /// The place of the heading.
    pub place: Place,
    /// Its value on each side, one or two.
    pub values: Vec<SideValue>,
}

/// Whom a part counts, as far as one side says.
#[derive(Clone, Debug, PartialEq)]
pub struct SideValue {
    /// The side's name, as `by` writes it.
    pub side: String,
    /// What the part's conditions on the side say, in their order.
    pub conditions: Vec<WrittenCondition>,
}

impl SideValue {
    /// The one value that it is equal to; `None` of any other condition.
    pub fn single(&self) -> Option<&str> {
        match self.conditions.as_slice() {
            [WrittenCondition { op: WrittenOp::Equal, values, .. }] if values.len() == 1 => Some(&values[0]),
            _ => None,
        }
    }

    /// The conditions as they are written.
    pub fn text(&self) -> String {
        self.conditions.iter().map(|condition| condition.text.as_str()).collect::<Vec<_>>().join("; ")
    }

    fn key(&self) -> String {
        let text = self.single().map_or_else(|| self.text(), str::to_owned);
        format!("{}={}", fold::heading_key(&self.side), fold::code_key(&text))
    }
}

/// Reads the blocks of a table.
pub fn read_counts<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>) -> Vec<CountsPlan> {
    let mut plans = Vec::new();
    for block in reader.tables(keys, "counts") {
        let parts = block.take("parts");
        let total = block.take("total").and_then(|node| Some((reader.string(&node)?, reader.place(&node.span))));
        let is_of_whom = block.take("of_whom").and_then(|node| reader.boolean(&node)).unwrap_or_default();
        match parts {
            None => reader.report_missing(&block.span, &block, "parts"),
            Some(node) => {
                let parts = reader.keys(&node).map(|parts| read_parts(reader, &parts)).unwrap_or_default();
                plans.push(CountsPlan { parts, total, is_of_whom });
            }
        }
        block.finish(reader);
    }
    plans
}

/// The name of a column of head counts, by its heading.
pub fn count_column(heading: &str) -> String {
    cell::clean(heading).into_owned()
}

/// Maps the headings of head counts to columns that bear their names, and the first total to `reached`.
pub fn map_counts(plans: &[CountsPlan], columns: &mut ColumnMappings) {
    for plan in plans {
        for CountsPart { heading, .. } in &plan.parts {
            columns.insert(count_column(heading), ColumnMapping::Count(heading.clone()));
        }
        if let Some((heading, _)) = &plan.total {
            let own = ColumnMapping::Heading(heading.clone());
            if *columns.entry("reached".to_owned()).or_insert_with(|| own.clone()) != own {
                columns.insert(count_column(heading), ColumnMapping::Count(heading.clone()));
            }
        }
    }
}

fn read_parts<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>) -> Vec<CountsPart> {
    let mut entries = keys.entries();
    entries.sort_by_key(|(_, span, _)| span.start);
    let mut parts: Vec<CountsPart> = Vec::new();
    let mut known: BTreeSet<Vec<String>> = BTreeSet::new();
    for (heading, span, node) in entries {
        let Some(text) = reader.string(&node) else { continue };
        let (conditions, faults) = parse_conditions(&text);
        let is_faulty = !faults.is_empty();
        for fault in faults {
            reader.report_at(&node.span, fault);
        }
        let mut values: Vec<SideValue> = Vec::new();
        for condition in conditions {
            let (_, side) = split_side(&condition.name);
            let key = fold::heading_key(side);
            match values.iter_mut().find(|value| fold::heading_key(&value.side) == key) {
                Some(value) => value.conditions.push(condition),
                None => values.push(SideValue { side: side.to_owned(), conditions: vec![condition] }),
            }
        }
        if is_faulty || values.is_empty() {
            continue;
        }
        let sides = |values: &[SideValue]| values.iter().map(|value| value.side.clone()).collect::<Vec<_>>();
        let side_keys = |values: &[SideValue]| -> BTreeSet<String> {
            values.iter().map(|value| fold::heading_key(&value.side)).collect()
        };
        let first = parts.first().map_or(values.as_slice(), |part: &CountsPart| part.values.as_slice());
        if values.len() > 2 || side_keys(first) != side_keys(&values) {
            let (written, first) = (sides(&values).join(" × "), sides(first).join(" × "));
            reader.report_at(&node.span, kinds::PartSides { written, first });
            continue;
        }
        let order: Vec<String> = first.iter().map(|value| fold::heading_key(&value.side)).collect();
        values.sort_by_key(|value| order.iter().position(|side| *side == fold::heading_key(&value.side)));
        if !known.insert(values.iter().map(SideValue::key).collect()) {
            reader.report_at(&node.span, kinds::DoubledPart { text });
            continue;
        }
        parts.push(CountsPart { heading: heading.to_owned(), place: reader.place(&span), values });
    }
    parts
}
