//! Reads `templates/messages/`: codes with their sentences by language, and variants of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use super::{placeholders, placeholders_with_forms, toml_files};

/// Every language of messages, in the order of the tables.
const LANGUAGES: [&str; 2] = ["en", "mk"];

/// Code → its wordings.
pub type Messages = BTreeMap<String, Wordings>;

/// What is said under one code, and under each of its variants.
#[derive(Default)]
pub struct Wordings {
    pub base: Wording,
    /// What is said once of a group of like problems; empty where the first one's sentence is.
    pub group: Texts,
    /// A variant that lacks a message or help has that of the base.
    pub variants: BTreeMap<String, Wording>,
}

/// A sentence and its remedy by language; the remedy is empty where there is none.
#[derive(Clone, Default)]
pub struct Wording {
    pub message: Texts,
    pub help: Texts,
}

type Texts = BTreeMap<String, String>;

impl Wording {
    /// The placeholders of both, but those that need no argument.
    pub fn fields(&self, without: &[&str]) -> BTreeSet<String> {
        let texts = self.message.values().chain(self.help.values());
        texts.flat_map(|text| placeholders(text)).filter(|name| !without.contains(name)).map(str::to_owned).collect()
    }
}

/// Reads the files of one folder, and checks that languages agree.
pub fn read(folder: &Path, faults: &mut Vec<String>) -> Messages {
    let mut messages = Messages::new();
    for (file, table) in toml_files(folder, faults) {
        for (code, entry) in &table {
            let wordings = wordings_of(entry, &format!("{file}: `{code}`"), faults);
            if messages.insert(code.clone(), wordings).is_some() {
                faults.push(format!("{file}: `{code}` is there twice"));
            }
        }
    }
    messages
}

fn wordings_of(entry: &toml::Value, name: &str, faults: &mut Vec<String>) -> Wordings {
    let base = wording_of(entry, &["message", "help", "group", "variant"], name, faults);
    let group = texts_of(entry, "group", name, faults);
    if base.message.is_empty() {
        faults.push(format!("{name} has no message"));
    }
    let mut variants = BTreeMap::new();
    for (variant, entry) in entry.get("variant").and_then(toml::Value::as_table).into_iter().flatten() {
        let mut wording = wording_of(entry, &["message", "help"], &format!("{name}, variant `{variant}`"), faults);
        if wording.message.is_empty() {
            wording.message.clone_from(&base.message);
        }
        if wording.help.is_empty() {
            wording.help.clone_from(&base.help);
        }
        variants.insert(variant.clone(), wording);
    }
    Wordings { base, group, variants }
}

fn wording_of(entry: &toml::Value, known: &[&str], name: &str, faults: &mut Vec<String>) -> Wording {
    let keys = entry.as_table().into_iter().flat_map(toml::Table::keys);
    faults.extend(keys.filter(|key| !known.contains(&key.as_str())).map(|key| format!("{name}: unknown key `{key}`")));
    Wording { message: texts_of(entry, "message", name, faults), help: texts_of(entry, "help", name, faults) }
}

/// A sentence by language; empty where the entry has none.
fn texts_of(entry: &toml::Value, part: &str, name: &str, faults: &mut Vec<String>) -> Texts {
    let Some(table) = entry.get(part).and_then(toml::Value::as_table) else { return Texts::new() };
    let texts: Texts =
        table.iter().filter_map(|(lang, text)| Some((lang.clone(), text.as_str()?.to_owned()))).collect();
    if !texts.keys().eq(LANGUAGES) {
        faults.push(format!("{name}: `{part}` must be in {}", LANGUAGES.join(", ")));
    }
    let names: BTreeSet<BTreeSet<&str>> = texts.values().map(|text| placeholders(text).collect()).collect();
    if names.len() > 1 {
        faults.push(format!("{name}: `{part}` has different {{placeholders}} in different languages"));
    }
    texts
}

/// Forms of arguments that aren't looked up among the phrases: the language writes them.
const WRITTEN_FORMS: [&str; 2] = ["number", "date"];

/// Reports forms of placeholders that no phrase stands for: `{status:status}` needs phrases `status-…`.
pub fn check_forms(all: [&Messages; 2], phrases: &Messages, faults: &mut Vec<String>) {
    let is_known = |form: &str| {
        WRITTEN_FORMS.contains(&form)
            || phrases.keys().any(|code| code.strip_prefix(form).is_some_and(|rest| rest.starts_with('-')))
    };
    for (code, wordings) in all.into_iter().flatten() {
        let wordings_of_code = wordings.variants.values().chain([&wordings.base]);
        let texts = wordings_of_code.flat_map(|wording| wording.message.values().chain(wording.help.values()));
        for text in texts.chain(wordings.group.values()) {
            let unknown = placeholders_with_forms(text).filter_map(|(_, form)| form).filter(|form| !is_known(form));
            faults.extend(unknown.map(|form| format!("`{code}`: no phrase begins with `{form}-`")));
        }
    }
}

/// The tables that `diagnostic` looks sentences up in, by code and variant.
pub fn tables(problems: &Messages, phrases: &Messages) -> String {
    let mut out = format!("static LANGUAGES: [&str; {}] = {LANGUAGES:?};\n", LANGUAGES.len());
    for (name, messages) in [("PROBLEMS", problems), ("PHRASES", phrases)] {
        // Writing to a String can't fail.
        let _ = writeln!(out, "static {name}: &[CatalogueEntry] = &[");
        for (code, wordings) in messages {
            let variants: Vec<String> = wordings
                .variants
                .iter()
                .map(|(variant, wording)| format!("({variant:?}, {})", literal(wording)))
                .collect();
            let (base, group) = (literal(&wordings.base), optional(&wordings.group));
            let _ = writeln!(
                out,
                "    CatalogueEntry {{ code: {code:?}, base: {base}, group: {group}, variants: &[{}] }},",
                variants.join(", ")
            );
        }
        out.push_str("];\n");
    }
    out
}

fn literal(wording: &Wording) -> String {
    format!("Wording {{ message: {}, help: {} }}", list(&wording.message), optional(&wording.help))
}

fn list(texts: &Texts) -> String {
    format!("{:?}", texts.values().collect::<Vec<_>>())
}

fn optional(texts: &Texts) -> String {
    if texts.is_empty() { "None".to_owned() } else { format!("Some({})", list(texts)) }
}
