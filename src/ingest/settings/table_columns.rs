//! `[tables.X.columns]`: which heading, letter or entry each column has.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeValue;

use super::tables::{ColumnOptions, TableOptions, TablePlan, read_zone};
use super::toml_reader::{TomlKeys, TomlNode, TomlReader};
use crate::diagnostic::{kinds, nearest};
use crate::fold;
use crate::ingest::layout::{ColumnMapping, TableKind, vocabulary};
use crate::model::{Lang, column_number};

/// Keys of a column's entry that is more than a heading.
const ENTRY_KEYS: [&str; 6] = ["heading", "label", "list", "split", "zone", "row"];

/// `needs = { heading = "Потреби", list = "need", split = [" "] }`
fn read_column_entry<'a>(
    reader: &TomlReader<'a>,
    plan: &mut TablePlan,
    options: &mut TableOptions,
    languages: &[Lang],
    (name, name_span): (&str, &Range<usize>),
    keys: TomlKeys<'a>,
) {
    let heading = keys.take("heading");
    let is_row =
        keys.take("row").and_then(|node| Some((reader.boolean(&node)?, node))).is_some_and(|(is_row, node)| {
            let can_be_row = (plan.kind, name) == (TableKind::Activities, "id");
            if is_row && !can_be_row {
                reader.report_at(&node.span, kinds::NoRowCode { column: name.to_owned() });
            }
            is_row && can_be_row
        });
    let entry = ColumnOptions {
        label: keys.take("label").map(|node| reader.text(&node, languages)).unwrap_or_default(),
        list: keys.take("list").and_then(|node| Some((reader.string(&node)?, reader.place(&node.span)))),
        split: keys.take("split").map(|node| read_separators(reader, &node)),
        zone: keys.take("zone").and_then(|node| read_zone(reader, &node)),
    };
    options.columns.insert(name.to_owned(), entry);
    let place = || reader.place(name_span);
    match heading {
        _ if is_row => {
            plan.column_places.entry(name.to_owned()).or_insert_with(place);
            plan.columns.insert(name.to_owned(), ColumnMapping::Row);
        }
        Some(node) => read_column(reader, plan, name, None, name_span, &node),
        // Without a heading the column is found as it would be without an entry; one of the project's own bears its name.
        None if vocabulary().column(plan.kind, name).is_none() => {
            plan.column_places.entry(name.to_owned()).or_insert_with(place);
            plan.columns.insert(name.to_owned(), ColumnMapping::Heading(name.to_owned()));
        }
        None => {}
    }
    keys.finish(reader);
}

/// The texts of `split`, blanks included.
fn read_separators<'a>(reader: &TomlReader<'a>, node: &TomlNode<'a>) -> Vec<String> {
    let mut separators = Vec::new();
    for item in reader.array(node) {
        match item.value.as_str() {
            Some(text) if !text.is_empty() => separators.push(text.to_owned()),
            Some(_) => reader.report_at(&item.span, kinds::EmptyValue { key: item.name.clone() }),
            None => reader.report_wrong_type(&item, |key| kinds::WrongType::Text { key }),
        }
    }
    separators
}

/// Reads `[tables.X.columns]`.
pub(super) fn read_columns<'a>(
    reader: &TomlReader<'a>,
    plan: &mut TablePlan,
    options: &mut TableOptions,
    languages: &[Lang],
    keys: &TomlKeys<'a>,
) {
    for (key, key_span, node) in keys.entries() {
        match node.value {
            DeValue::Table(table) if table.iter().any(|(key, _)| ENTRY_KEYS.contains(&key.get_ref().as_ref())) => {
                let Some(entry) = reader.keys(&node) else { continue };
                read_column_entry(reader, plan, options, languages, (key, &key_span), entry);
            }
            // id = { column = "A" }; title = { mk = "Наслов", en = "Title" }, or the dotted title.mk = "Наслов"
            DeValue::Table(_) => {
                let Some(by_lang) = reader.keys(&node) else { continue };
                if let Some(letter) = by_lang.take("column") {
                    read_letter(reader, plan, key, &node, &letter);
                    by_lang.finish(reader);
                    continue;
                }
                for (lang, _, heading) in by_lang.entries() {
                    read_column(reader, plan, key, Some(Lang::new(lang)), &key_span, &heading);
                }
            }
            _ => {
                let (name, lang) = split_language(key);
                read_column(reader, plan, name, lang, &key_span, &node);
            }
        }
    }
}

/// Reads `{ column = "A" }`, for a column without a heading.
fn read_letter<'a>(
    reader: &TomlReader<'a>,
    plan: &mut TablePlan,
    key: &str,
    node: &TomlNode<'a>,
    letter: &TomlNode<'a>,
) {
    let is_listed = vocabulary().column(plan.kind, split_language(key).0).is_some();
    let Some(column) = letter.value.as_str().and_then(|letters| column_number(letters.trim())) else {
        reader.report_wrong_type(letter, |key| kinds::WrongType::Letter { key });
        return;
    };
    plan.column_places.entry(key.to_owned()).or_insert_with(|| reader.place(&node.span));
    let (name, lang) = if is_listed { split_language(key) } else { (key, None) };
    let name = lang.map_or_else(|| name.to_owned(), |lang| format!("{name} ({})", lang.as_str()));
    plan.columns.insert(name, ColumnMapping::Letter(u32::from(column.get()) - 1));
}

fn read_column<'a>(
    reader: &TomlReader<'a>,
    plan: &mut TablePlan,
    name: &str,
    lang: Option<Lang>,
    key_span: &Range<usize>,
    node: &TomlNode<'a>,
) {
    let known: Vec<&str> = vocabulary().columns(plan.kind).iter().map(|column| column.name.as_str()).collect();
    // A name of the project's own becomes an attribute; one that is nearly the contract's is a typing error.
    if !known.contains(&name) && nearest(name, known.iter().copied()).is_some() {
        let table = format!("tables.{}.columns", plan.kind.name());
        reader.report_unknown(key_span, name, known.iter().copied(), |value, nearest| kinds::UnknownKey::Plain {
            table,
            value,
            nearest,
        });
        return;
    }
    let heading = match node.value {
        DeValue::Boolean(false) => None,
        DeValue::String(_) => match reader.string(node) {
            Some(heading) => Some(heading),
            None => return,
        },
        _ => {
            reader.report_wrong_type(node, |key| kinds::WrongType::Heading { key });
            return;
        }
    };
    plan.column_places.entry(name.to_owned()).or_insert_with(|| reader.place(&node.span));
    match (heading, lang) {
        (None, _) => {
            plan.columns.insert(name.to_owned(), ColumnMapping::Skip);
        }
        (Some(heading), None) => {
            plan.columns.insert(name.to_owned(), ColumnMapping::Heading(heading));
        }
        (Some(heading), Some(lang)) => {
            let mapped = plan.columns.entry(name.to_owned()).or_insert_with(|| ColumnMapping::ByLang(BTreeMap::new()));
            if let ColumnMapping::ByLang(by_lang) = mapped {
                by_lang.insert(lang, heading);
            }
        }
    }
}

/// `title (mk)` and `title_mk` as `title` and `mk`.
fn split_language(key: &str) -> (&str, Option<Lang>) {
    let parts = match key.strip_suffix(')') {
        Some(open) => open.rsplit_once('('),
        None => key.rsplit_once(['_', '.']),
    };
    let named = parts.and_then(|(name, lang)| Some((name.trim(), vocabulary().language(&fold::heading_key(lang))?)));
    match named {
        Some((name, lang)) if !name.is_empty() => (name, Some(lang.clone())),
        _ => (key, None),
    }
}
