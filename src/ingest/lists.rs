//! Code lists, the built-in ones and the project's own, with an index over every spelling of their entries.

mod rows;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

pub use rows::read_list_row;

use crate::diagnostic::{Place, nearest};
use crate::fold::{self, Folded, Script};
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

/// The lists, with an index over every spelling of their entries.
#[derive(Default)]
pub struct ListIndex {
    pub lists: Lists,
    /// The project's first language.
    language: Option<Lang>,
    /// For each list: key of a spelling → entry, and the scripts that the spelling is known in.
    spellings: Vec<HashMap<String, Spelling>>,
    by_name: HashMap<String, usize>,
    /// The cells of the project's own table that describe an entry first, by list and entry.
    described_at: HashMap<(usize, u32), String>,
    /// The cell that names each list of the project's own first, in the order of rows.
    named_at: Vec<(usize, Place)>,
}

#[derive(Clone, Copy)]
struct Spelling {
    entry: u32,
    /// One bit per [`Script`] that it is known in: `m` and `м` are both spellings of a list.
    scripts: u8,
}

/// The entry that a value names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryMatch {
    pub entry: u32,
    /// The value names the entry only because look-alike letters were folded.
    pub is_look_alike: bool,
}

impl ListIndex {
    /// The built-in lists.
    pub fn built_in() -> ListIndex {
        let mut lists = ListIndex::default();
        for list in &BUILT_IN.lists {
            let at = lists.add_list(&list.name);
            for entry in &list.entries {
                let label: Text = entry.label.iter().map(|(lang, text)| (Lang::new(lang), text.clone())).collect();
                let added = lists.add_entry(at, &entry.code);
                lists.lists.lists[at].entries[added as usize].label = label.clone();
                for spelling in label.iter().map(|(_, text)| text).chain(entry.aliases.iter().map(String::as_str)) {
                    lists.add_spelling(at, added, spelling);
                }
                lists.lists.lists[at].entries[added as usize].aliases = entry.aliases.clone();
            }
        }
        lists
    }

    /// The same lists for a project whose first language this is.
    pub fn in_language(mut self, language: Option<&Lang>) -> ListIndex {
        self.language = language.cloned();
        self
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

    /// Adds a spelling of an entry. Returns the entry that already has it, if it is another one.
    fn add_spelling(&mut self, list: usize, entry: u32, spelling: &str) -> Option<u32> {
        let Folded { key, script } = fold::fold_code(spelling);
        let known = self.spellings[list].entry(key).or_insert(Spelling { entry, scripts: 0 });
        known.scripts |= 1 << script as u8;
        (known.entry != entry).then_some(known.entry)
    }

    /// The cell of the project's own table that describes an entry, if one does so far.
    fn described_at(&self, list: usize, entry: u32) -> Option<&str> {
        self.described_at.get(&(list, entry)).map(String::as_str)
    }

    /// Remembers the first cell that describes an entry.
    fn set_described_at(&mut self, list: usize, entry: u32, cell: String) {
        self.described_at.entry((list, entry)).or_insert(cell);
    }

    /// Remembers the first cell that names a list.
    fn set_named_at(&mut self, list: usize, place: Place) {
        if !self.named_at.iter().any(|(known, _)| *known == list) {
            self.named_at.push((list, place));
        }
    }

    /// The lists that are the project's own alone, each with the first cell that names it.
    pub fn own_lists(&self) -> impl Iterator<Item = (usize, &Place)> {
        let is_own = |list: usize| !BUILT_IN.lists.iter().any(|known| known.name == self.list(list).name);
        self.named_at.iter().filter(move |(list, _)| is_own(*list)).map(|(list, place)| (*list, place))
    }

    /// The index of the list of that name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(&fold::code_key(name)).copied()
    }

    /// The list with that index.
    pub fn list(&self, at: usize) -> &List {
        &self.lists.lists[at]
    }

    /// The entry that a value names, by its code, a label or an alias.
    pub fn find(&self, list: usize, value: &str) -> Option<EntryMatch> {
        let Folded { key, script } = fold::fold_code(value);
        let spelling = self.spellings[list].get(&key)?;
        let is_look_alike = script != Script::Neutral && spelling.scripts & (1 << script as u8) == 0;
        Some(EntryMatch { entry: spelling.entry, is_look_alike })
    }

    /// The code of an entry.
    pub fn code(&self, list: usize, entry: u32) -> &str {
        &self.lists.lists[list].entries[entry as usize].code
    }

    /// The code or label that is nearest to what was written, if any is near enough for a suggestion.
    pub fn nearest(&self, list: usize, value: &str) -> Option<&str> {
        let entries = &self.lists.lists[list].entries;
        let codes = entries.iter().map(|entry| entry.code.as_str());
        let labels = entries.iter().flat_map(|entry| entry.label.iter().map(|(_, text)| text));
        nearest(value, codes.chain(labels))
    }

    /// The first values of a list as cells have them, for messages.
    pub fn first_values(&self, list: usize) -> String {
        const SHOWN: usize = 8;
        let entries = &self.lists.lists[list].entries;
        let values: Vec<&str> = entries.iter().take(SHOWN).map(|entry| self.written(entry)).collect();
        let more = if entries.len() > SHOWN { ", …" } else { "" };
        values.join(", ") + more
    }

    /// A value as cells have it, by its code; the code itself where no list of that name has it.
    pub fn written_value<'l>(&'l self, name: &str, code: &'l str) -> &'l str {
        let list = self.lists.lists.iter().find(|list| list.name == name);
        let entry = list.and_then(|list| list.entries.iter().find(|entry| entry.code == code));
        entry.map_or(code, |entry| self.written(entry))
    }

    /// The label in the project's first language, which drop-downs offer, else the code.
    fn written<'l>(&'l self, entry: &'l ListEntry) -> &'l str {
        self.language.as_ref().and_then(|language| entry.label.get(language)).unwrap_or(&entry.code)
    }

    /// The index of the list that a column of activities takes its values from.
    pub fn for_activities(&self, column: &str) -> Option<usize> {
        self.position(&format!("activity.{column}")).or_else(|| self.position(column))
    }

    /// The index of the list that a column of persons takes its values from. The list `status` is the activities'.
    pub fn for_persons(&self, column: &str) -> Option<usize> {
        self.position(&format!("person.{column}"))
            .or_else(|| if column == "status" { None } else { self.position(column) })
    }
}
