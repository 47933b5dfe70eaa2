//! Code lists: the built-in ones and the project's own, and finding what a cell's value means in them.

mod table;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

pub use table::read;

use super::fold::{self, Folded, Script};
use crate::diagnostic::nearest;
use crate::model::{Lang, List, ListEntry, Lists, Text};

static BUILT_IN: LazyLock<BuiltIn> = LazyLock::new(|| {
    toml::from_str(include_str!("../../templates/lists.toml"))
        .unwrap_or_else(|error| panic!("templates/lists.toml: {error}"))
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BuiltIn {
    lists: Vec<BuiltInList>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BuiltInList {
    name: String,
    #[serde(default)]
    extendable: bool,
    entries: Vec<BuiltInEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BuiltInEntry {
    code: String,
    label: std::collections::BTreeMap<String, String>,
    aliases: Vec<String>,
}

/// Codes of a built-in list and their labels in a language, in the list's order.
pub fn built_in_labels(name: &str, lang: &Lang) -> Vec<(String, String)> {
    let entries = BUILT_IN.lists.iter().filter(|list| list.name == name).flat_map(|list| &list.entries);
    let label = |entry: &BuiltInEntry| entry.label.get(lang.as_str()).or(entry.label.values().next()).cloned();
    entries.filter_map(|entry| Some((entry.code.clone(), label(entry)?))).collect()
}

/// The lists with an index of every spelling.
#[derive(Default)]
pub struct Listing {
    pub lists: Lists,
    /// Beside each list: key of a spelling → entry, and the scripts that it is known in.
    spellings: Vec<HashMap<String, Spelling>>,
    by_name: HashMap<String, usize>,
    /// Where the project's own table has an entry.
    mentions: HashMap<(usize, u32), String>,
}

#[derive(Clone, Copy)]
struct Spelling {
    entry: u32,
    /// One bit per [`Script`] that it is known in: `m` and `м` are both spellings of a list.
    scripts: u8,
}

/// What a value on a list means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    pub entry: u32,
    /// It is only the same because look-alike letters were folded.
    pub folded: bool,
}

impl Listing {
    /// The lists that are built in.
    pub fn built_in() -> Listing {
        let mut listing = Listing::default();
        for list in &BUILT_IN.lists {
            let at = listing.add_list(&list.name);
            for entry in &list.entries {
                let label: Text = entry.label.iter().map(|(lang, text)| (Lang::new(lang), text.clone())).collect();
                let added = listing.add_entry(at, &entry.code);
                listing.lists.lists[at].entries[added as usize].label = label.clone();
                for spelling in label.iter().map(|(_, text)| text).chain(entry.aliases.iter().map(String::as_str)) {
                    listing.add_spelling(at, added, spelling);
                }
                listing.lists.lists[at].entries[added as usize].aliases = entry.aliases.clone();
            }
        }
        listing
    }

    /// Whether a project may add codes to a list: not to one whose codes the program itself must understand.
    pub fn is_extendable(name: &str) -> bool {
        BUILT_IN.lists.iter().find(|list| list.name == name).is_none_or(|list| list.extendable)
    }

    fn add_list(&mut self, name: &str) -> usize {
        let key = fold::code_key(name);
        if let Some(&at) = self.by_name.get(&key) {
            return at;
        }
        self.lists.lists.push(List { name: name.to_owned(), entries: Vec::new() });
        self.spellings.push(HashMap::new());
        self.by_name.insert(key, self.lists.lists.len() - 1);
        self.lists.lists.len() - 1
    }

    fn add_entry(&mut self, list: usize, code: &str) -> u32 {
        let entries = &mut self.lists.lists[list].entries;
        entries.push(ListEntry { code: code.to_owned(), label: Text::default(), aliases: Vec::new() });
        let entry = entries.len() as u32 - 1;
        self.add_spelling(list, entry, code);
        entry
    }

    /// The entry that already answers to this spelling, if it is another one.
    fn add_spelling(&mut self, list: usize, entry: u32, spelling: &str) -> Option<u32> {
        let Folded { key, script } = fold::code(spelling);
        let known = self.spellings[list].entry(key).or_insert(Spelling { entry, scripts: 0 });
        known.scripts |= 1 << script as u8;
        (known.entry != entry).then_some(known.entry)
    }

    /// Whether the project's table hasn't described this entry yet.
    fn is_first_mention(&self, list: usize, entry: u32) -> bool {
        !self.mentions.contains_key(&(list, entry))
    }

    fn mention(&self, list: usize, entry: u32) -> Option<&str> {
        self.mentions.get(&(list, entry)).map(String::as_str)
    }

    fn set_mention(&mut self, list: usize, entry: u32, place: String) {
        self.mentions.entry((list, entry)).or_insert(place);
    }

    pub fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(&fold::code_key(name)).copied()
    }

    pub fn list(&self, at: usize) -> &List {
        &self.lists.lists[at]
    }

    pub fn find(&self, list: usize, value: &str) -> Option<Meaning> {
        let Folded { key, script } = fold::code(value);
        let spelling = self.spellings[list].get(&key)?;
        let folded = script != Script::Neutral && spelling.scripts & (1 << script as u8) == 0;
        Some(Meaning { entry: spelling.entry, folded })
    }

    pub fn code(&self, list: usize, entry: u32) -> &str {
        &self.lists.lists[list].entries[entry as usize].code
    }

    /// The spelling on the list that is nearest to what was written: codes first, then labels.
    pub fn nearest(&self, list: usize, value: &str) -> Option<&str> {
        let entries = &self.lists.lists[list].entries;
        let codes = entries.iter().map(|entry| entry.code.as_str());
        let labels = entries.iter().flat_map(|entry| entry.label.iter().map(|(_, text)| text));
        nearest(value, codes.chain(labels))
    }

    /// The list that a column of activities takes its values from.
    pub fn for_activities(&self, column: &str) -> Option<usize> {
        self.position(&format!("activity.{column}")).or_else(|| self.position(column))
    }

    /// The list that a column of persons takes its values from. The unqualified status list is the activities'.
    pub fn for_persons(&self, column: &str) -> Option<usize> {
        self.position(&format!("person.{column}"))
            .or_else(|| if column == "status" { None } else { self.position(column) })
    }
}
