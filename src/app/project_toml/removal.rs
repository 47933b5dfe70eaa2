//! Taking something out of project.toml; the comments above it and beside it stay.

use toml_edit::{Decor, DocumentMut, Item, RawString, Table, Value};

/// The comments of what was removed, and where they belong now.
#[derive(Default)]
pub struct LeftComments {
    /// Whole lines, blank ones among them.
    text: String,
    /// Before the first table that follows this position in the file; `None`: there is nothing to insert.
    after: Option<isize>,
}

impl LeftComments {
    /// Puts them before the table that followed what was removed, or at the end of the file.
    pub fn put_back(self, document: &mut DocumentMut) {
        let Some(after) = self.after.filter(|_| !self.text.trim().is_empty()) else { return };
        let mut next: Option<isize> = None;
        visit_tables(document.as_table_mut(), &mut |table| {
            if let Some(place) = table.position().filter(|place| *place > after) {
                next = Some(next.map_or(place, |least| least.min(place)));
            }
        });
        let Some(next) = next else {
            let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
            document.set_trailing(format!("{}{trailing}", self.text));
            return;
        };
        let mut text = Some(self.text);
        visit_tables(document.as_table_mut(), &mut |table| {
            if table.position() == Some(next)
                && let Some(text) = text.take()
            {
                let own = shown(table.decor().prefix()).to_owned();
                table.decor_mut().set_prefix(format!("{text}{own}"));
            }
        });
    }
}

/// The tables below this one that have a heading of their own.
fn visit_tables(table: &mut Table, visit: &mut dyn FnMut(&mut Table)) {
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(inner) => {
                if !inner.is_implicit() && !inner.is_dotted() {
                    visit(inner);
                }
                visit_tables(inner, visit);
            }
            Item::ArrayOfTables(tables) => tables.iter_mut().for_each(|inner| {
                visit(inner);
                visit_tables(inner, visit);
            }),
            Item::None | Item::Value(_) => {}
        }
    }
}

/// Takes a key out of a table.
pub fn remove_key(holder: &mut Item, key: &str) -> LeftComments {
    match holder {
        Item::Table(table) => remove_from_table(table, key),
        other => {
            if let Some(table) = other.as_table_like_mut() {
                table.remove(key);
            }
            LeftComments::default()
        }
    }
}

fn remove_from_table(table: &mut Table, key: &str) -> LeftComments {
    let own_place = table.position().unwrap_or(-1);
    let keys: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
    let Some((removed_key, removed)) = table.remove_entry(key) else { return LeftComments::default() };
    let text = match &removed {
        Item::Value(value) => {
            let beside = shown(value.decor().suffix()).trim();
            let beside = if beside.is_empty() { String::new() } else { format!("{beside}\n") };
            format!("{}{beside}", lines_of(removed_key.leaf_decor()))
        }
        Item::Table(inner) => return LeftComments { text: lines_of(inner.decor()), after: Some(place_of(inner)) },
        Item::ArrayOfTables(tables) => {
            let first = tables.iter().next();
            let text = first.map(|first| lines_of(first.decor())).unwrap_or_default();
            return LeftComments { text, after: first.map(place_of) };
        }
        Item::None => String::new(),
    };
    let mut following = keys.iter().skip_while(|other| *other != key).skip(1);
    let next = following.find(|other| table.get(other).is_some_and(Item::is_value));
    let Some(mut next) = next.and_then(|next| table.key_mut(next)) else {
        return LeftComments { text, after: Some(own_place) };
    };
    let own = shown(next.leaf_decor().prefix()).to_owned();
    next.leaf_decor_mut().set_prefix(format!("{text}{own}"));
    LeftComments::default()
}

fn place_of(table: &Table) -> isize {
    table.position().unwrap_or(-1)
}

/// Takes an element out of a list or an array of tables; `None` if there is none.
pub fn remove_element(holder: &mut Item, at: usize) -> Option<LeftComments> {
    match holder {
        Item::ArrayOfTables(tables) => {
            let removed = tables.get(at)?.clone();
            tables.remove(at);
            Some(LeftComments { text: lines_of(removed.decor()), after: Some(place_of(&removed)) })
        }
        Item::Value(Value::Array(array)) => {
            (at < array.len()).then(|| array.remove(at))?;
            Some(LeftComments::default())
        }
        _ => None,
    }
}

/// The lines above something, from its first comment to its last; nothing where there is no comment.
fn lines_of(decor: &Decor) -> String {
    let prefix = shown(decor.prefix());
    match prefix.rfind('#') {
        None => String::new(),
        Some(last) => {
            let end = prefix[last..].find('\n').map_or(prefix.len(), |line| last + line + 1);
            prefix[..end].to_owned()
        }
    }
}

/// The comments of an entry of a list, each on a line.
pub fn comments_of(decor: &Decor) -> String {
    let both = [shown(decor.prefix()), shown(decor.suffix())];
    let lines = both.iter().flat_map(|text| text.lines()).map(str::trim).filter(|line| line.starts_with('#'));
    lines.map(|line| format!("{line}\n")).collect()
}

fn shown(text: Option<&RawString>) -> &str {
    text.and_then(RawString::as_str).unwrap_or_default()
}
