//! Changes of project.toml that leave everything else as it is: order, comments, and how values are written.
//!
//! A value is set only where it differs; a list keeps the entries that stay, a table the keys that stay. What is removed
//! leaves the comments above it and beside it where they were.

mod removal;
mod values;

use serde::Deserialize;
use serde_json::Value as Json;
use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use removal::{remove_element, remove_key};
pub use values::DAY;
use values::{assign, item_json, new_value};

/// A step of the way to a value: the key of a table, or the place in a list, from 0.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(untagged)]
pub enum TomlStep {
    /// Of a list or an array of tables.
    At(usize),
    /// Of a table.
    Key(String),
}

/// What to change at a place of project.toml.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TomlChange {
    /// The way to the value, from the file itself.
    pub at: Vec<TomlStep>,
    /// What to do there.
    #[serde(flatten)]
    pub edit: TomlEdit,
}

/// What to do with a value. A day is `{"$day": "2026-01-31"}`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TomlEdit {
    /// Put this in its place, or there where nothing is.
    Set(Json),
    /// Add a table with these keys, in this order, to the array of tables, which needn't be there.
    Add(Vec<(String, Json)>),
    /// Take it out. What isn't there needn't be.
    Unset(()),
}

/// Why a change can't be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeFault {
    /// The file isn't TOML.
    Syntax,
    /// The way leads through a value that is no table or list, or past the end of a list.
    NoSuchPlace,
    /// The value can't be written as TOML.
    NoValue,
}

/// The text of project.toml with these changes, one after another.
///
/// # Errors
/// The first change that can't be made.
pub fn change(source: &str, changes: &[TomlChange]) -> Result<String, ChangeFault> {
    let (mark, source) = match source.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", source),
    };
    let has_crlf = source.contains("\r\n");
    let mut text = source.to_owned();
    for change in changes {
        // Read anew each time, so that every table knows its place in the file.
        let mut document: DocumentMut = text.parse().map_err(|_| ChangeFault::Syntax)?;
        apply(&mut document, change)?;
        text = document.to_string();
    }
    if has_crlf && !changes.is_empty() {
        text = text.replace("\r\n", "\n").replace('\n', "\r\n");
    }
    Ok(format!("{mark}{text}"))
}

/// The value at a path of keys, with days as `{"$day": …}`; `None` if there is none.
///
/// # Errors
/// The file isn't TOML.
pub fn read_values(source: &str) -> Result<Json, ChangeFault> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let document: DocumentMut = source.parse().map_err(|_| ChangeFault::Syntax)?;
    Ok(item_json(document.as_item()))
}

fn apply(document: &mut DocumentMut, change: &TomlChange) -> Result<(), ChangeFault> {
    let (last, way) = change.at.split_last().ok_or(ChangeFault::NoSuchPlace)?;
    match &change.edit {
        TomlEdit::Unset(()) => {
            let Some(holder) = find(document.as_item_mut(), way) else { return Ok(()) };
            let left = match last {
                TomlStep::Key(key) => remove_key(holder, key),
                TomlStep::At(at) => remove_element(holder, *at).ok_or(ChangeFault::NoSuchPlace)?,
            };
            left.put_back(document);
            remove_empty_array(document, &change.at);
            Ok(())
        }
        TomlEdit::Set(value) => {
            let holder = find_or_make(document.as_item_mut(), way)?;
            set(holder, last, value)
        }
        TomlEdit::Add(values) => {
            let TomlStep::Key(key) = last else { return Err(ChangeFault::NoSuchPlace) };
            let holder = find_or_make(document.as_item_mut(), way)?;
            add(holder, key, values)
        }
    }
}

/// An array of tables without tables is none.
fn remove_empty_array(document: &mut DocumentMut, at: &[TomlStep]) {
    let [way @ .., TomlStep::Key(key), TomlStep::At(_)] = at else { return };
    let Some(table) = find(document.as_item_mut(), way).and_then(Item::as_table_like_mut) else { return };
    let is_empty = table.get(key).is_some_and(|item| item.as_array_of_tables().is_some_and(ArrayOfTables::is_empty));
    if is_empty {
        table.remove(key);
    }
}

/// What is at the end of the way.
fn find<'d>(item: &'d mut Item, way: &[TomlStep]) -> Option<&'d mut Item> {
    let mut item = item;
    for step in way {
        item = match step {
            TomlStep::Key(key) => item.as_table_like_mut()?.get_mut(key)?,
            TomlStep::At(at) => item.get_mut(*at)?,
        };
    }
    Some(item)
}

/// The same, with the tables that are missing on the way.
fn find_or_make<'d>(item: &'d mut Item, way: &[TomlStep]) -> Result<&'d mut Item, ChangeFault> {
    let mut item = item;
    for step in way {
        let is_standard = item.is_table();
        item = match step {
            TomlStep::Key(key) => {
                let table = item.as_table_like_mut().ok_or(ChangeFault::NoSuchPlace)?;
                let new = || match is_standard {
                    true => Item::Table(Table::new()),
                    false => Item::Value(Value::InlineTable(InlineTable::new())),
                };
                table.entry(key).or_insert_with(new)
            }
            TomlStep::At(at) => item.get_mut(*at).ok_or(ChangeFault::NoSuchPlace)?,
        };
    }
    Ok(item)
}

fn set(holder: &mut Item, last: &TomlStep, value: &Json) -> Result<(), ChangeFault> {
    match last {
        TomlStep::Key(key) => {
            let table = holder.as_table_like_mut().ok_or(ChangeFault::NoSuchPlace)?;
            match table.get_mut(key) {
                Some(item) => assign(item, value),
                None => {
                    let value = new_value(value).ok_or(ChangeFault::NoValue)?;
                    insert(table, key, value);
                    Ok(())
                }
            }
        }
        TomlStep::At(at) => assign(holder.get_mut(*at).ok_or(ChangeFault::NoSuchPlace)?, value),
    }
}

/// A key after the others of its table.
fn insert(table: &mut dyn TableLike, key: &str, value: Value) {
    table.insert(key, Item::Value(value));
}

fn add(holder: &mut Item, key: &str, values: &[(String, Json)]) -> Result<(), ChangeFault> {
    let table = holder.as_table_like_mut().ok_or(ChangeFault::NoSuchPlace)?;
    let mut added = Table::new();
    for (key, value) in values {
        insert(&mut added, key, new_value(value).ok_or(ChangeFault::NoValue)?);
    }
    match table.get_mut(key) {
        None => {
            let mut tables = ArrayOfTables::new();
            tables.push(added);
            table.insert(key, Item::ArrayOfTables(tables));
        }
        Some(Item::ArrayOfTables(tables)) => tables.push(added),
        Some(Item::Value(Value::Array(array))) => array.push(added.into_inline_table()),
        Some(_) => return Err(ChangeFault::NoSuchPlace),
    }
    Ok(())
}
