use super::Text;

/// A code list: `type`, `municipality`, `person.status` …
#[derive(Clone, Debug)]
pub struct List {
    /// Name in project.toml and in tables.
    pub name: String,
    /// Values, in the order in which documents show them.
    pub entries: Vec<ListEntry>,
}

/// A value may be written as its code, its label in any language or an alias; it is the same value.
#[derive(Clone, Debug)]
pub struct ListEntry {
    /// What figures.json writes.
    pub code: String,
    /// What documents print.
    pub label: Text,
    /// Other ways in which it is written.
    pub aliases: Vec<String>,
}

/// The project's lists and the built-in ones (activity status, sex, level, direction, aggregation).
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// Every list.
    pub lists: Vec<List>,
}

impl Lists {
    /// The list of a name.
    pub fn get(&self, name: &str) -> Option<&List> {
        self.lists.iter().find(|list| list.name == name)
    }
}
