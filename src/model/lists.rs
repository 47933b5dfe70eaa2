use super::Text;

/// A code list: `type`, `municipality`, `person.status` …
#[derive(Clone, Debug)]
pub struct List {
    pub name: String,
    pub entries: Vec<ListEntry>,
}

/// A value may be written as its code, its label in any language or an alias; it is the same value.
#[derive(Clone, Debug)]
pub struct ListEntry {
    pub code: String,
    pub label: Text,
    pub aliases: Vec<String>,
}

/// The project's lists and the built-in ones (activity status, sex, level, direction, aggregation).
#[derive(Clone, Debug, Default)]
pub struct Lists {
    pub lists: Vec<List>,
}

impl Lists {
    pub fn get(&self, name: &str) -> Option<&List> {
        self.lists.iter().find(|list| list.name == name)
    }
}
