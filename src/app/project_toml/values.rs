//! Values of TOML and the same as JSON.

use serde_json::{Map, Number, Value as Json};
use toml_edit::{Array, Datetime, InlineTable, Item, TableLike, Value};

use super::ChangeFault;
use super::removal::comments_of;

/// The only key of the JSON object that represents a day.
pub const DAY: &str = "$day";

/// What an item holds; nothing is null.
pub fn item_json(item: &Item) -> Json {
    match item {
        Item::None => Json::Null,
        Item::Value(value) => value_json(value),
        Item::Table(table) => table_json(table),
        Item::ArrayOfTables(tables) => Json::Array(tables.iter().map(|table| table_json(table)).collect()),
    }
}

fn table_json(table: &dyn TableLike) -> Json {
    Json::Object(table.iter().map(|(key, item)| (key.to_owned(), item_json(item))).collect())
}

fn value_json(value: &Value) -> Json {
    match value {
        Value::String(text) => Json::String(text.value().clone()),
        Value::Integer(number) => Json::from(*number.value()),
        Value::Float(number) => Number::from_f64(*number.value()).map_or(Json::Null, Json::Number),
        Value::Boolean(value) => Json::Bool(*value.value()),
        Value::Datetime(moment) => Json::Object(Map::from_iter([(DAY.to_owned(), moment.value().to_string().into())])),
        Value::Array(items) => Json::Array(items.iter().map(value_json).collect()),
        Value::InlineTable(table) => table_json(table),
    }
}

/// A value as the page sends it; `None` if it can't be written as TOML.
pub fn new_value(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => return None,
        Json::Bool(value) => Value::from(*value),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::from(whole),
            None => Value::from(number.as_f64()?),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::Array(items.iter().map(new_value).collect::<Option<Array>>()?),
        Json::Object(entries) => match entries.get(DAY) {
            Some(day) if entries.len() == 1 => Value::from(day.as_str()?.parse::<Datetime>().ok()?),
            _ => {
                let mut table = InlineTable::new();
                for (key, value) in entries {
                    table.insert(key.as_str(), new_value(value)?);
                }
                Value::InlineTable(table)
            }
        },
    })
}

/// Puts a value in place of another, and leaves alone what is the same in both.
///
/// # Errors
/// The value can't be written as TOML, or isn't a table where the file has a table with a heading of its own.
pub fn assign(item: &mut Item, json: &Json) -> Result<(), ChangeFault> {
    if item_json(item) == *json {
        return Ok(());
    }
    let is_day = json.get(DAY).is_some();
    match (&mut *item, json) {
        (Item::Value(Value::Array(array)), Json::Array(wanted)) => return assign_array(array, wanted),
        (Item::Table(_) | Item::Value(Value::InlineTable(_)), Json::Object(entries)) if !is_day => {
            let Some(table) = item.as_table_like_mut() else { return Err(ChangeFault::NoSuchPlace) };
            return assign_table(table, entries);
        }
        (Item::Value(old), _) => {
            let mut new = new_value(json).ok_or(ChangeFault::NoValue)?;
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        (Item::None, _) => *item = Item::Value(new_value(json).ok_or(ChangeFault::NoValue)?),
        (Item::Table(_) | Item::ArrayOfTables(_), _) => return Err(ChangeFault::NoSuchPlace),
    }
    Ok(())
}

fn assign_table(table: &mut dyn TableLike, entries: &Map<String, Json>) -> Result<(), ChangeFault> {
    let gone: Vec<String> =
        table.iter().map(|(key, _)| key.to_owned()).filter(|key| !entries.contains_key(key)).collect();
    for key in gone {
        table.remove(&key);
    }
    for (key, value) in entries {
        match table.get_mut(key) {
            Some(item) => assign(item, value)?,
            None => {
                table.insert(key, Item::Value(new_value(value).ok_or(ChangeFault::NoValue)?));
            }
        }
    }
    Ok(())
}

/// Entries that stay keep how they are written; comments of those that go are left before the end of the list.
fn assign_array(array: &mut Array, wanted: &[Json]) -> Result<(), ChangeFault> {
    let mut old: Vec<Option<Value>> = array.iter().cloned().map(Some).collect();
    let has_lines = old.iter().flatten().any(is_on_own_line);
    let indent = old.iter().flatten().find(|value| is_on_own_line(value)).and_then(|value| {
        let prefix = value.decor().prefix()?.as_str()?;
        Some(prefix.rsplit('\n').next().unwrap_or_default().to_owned())
    });
    let mut new: Vec<Value> = Vec::new();
    for json in wanted {
        let same = old.iter_mut().find(|value| value.as_ref().is_some_and(|value| value_json(value) == *json));
        match same.and_then(Option::take) {
            Some(value) => new.push(value),
            None => {
                let mut value = new_value(json).ok_or(ChangeFault::NoValue)?;
                match &indent {
                    Some(indent) => value.decor_mut().set_prefix(format!("\n{indent}")),
                    None if new.is_empty() => {}
                    None => value.decor_mut().set_prefix(" "),
                }
                new.push(value);
            }
        }
    }
    let left: String = old.iter().flatten().map(|value| comments_of(value.decor())).collect();
    let trailing = array.trailing().as_str().unwrap_or_default().to_owned();
    let comma = array.trailing_comma();
    array.clear();
    for (at, mut value) in new.into_iter().enumerate() {
        if !has_lines {
            value.decor_mut().set_prefix(if at == 0 { "" } else { " " });
            value.decor_mut().set_suffix("");
        }
        array.push_formatted(value);
    }
    array.set_trailing_comma(comma && has_lines);
    array.set_trailing(match (left.is_empty(), has_lines) {
        (true, true) => trailing,
        (true, false) => String::new(),
        (false, _) => format!("\n{left}{trailing}"),
    });
    Ok(())
}

fn is_on_own_line(value: &Value) -> bool {
    value.decor().prefix().and_then(|prefix| prefix.as_str()).is_some_and(|prefix| prefix.contains('\n'))
}
