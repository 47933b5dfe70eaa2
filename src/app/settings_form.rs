//! What may be changed in project.toml, with its present values: `templates/app/settings.toml` filled in from the project.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::MessageLanguage;
use super::project_toml::TomlStep;

const RULES: &str = include_str!("../../templates/app/settings.toml");

const TABLES: &str = include_str!("../../templates/app/tables.toml");

/// Words in every language of messages.
type MessageWords = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormRules {
    groups: Vec<GroupRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupRule {
    name: String,
    label: MessageWords,
    hint: Option<MessageWords>,
    #[serde(default)]
    at: Vec<String>,
    #[serde(default)]
    list: bool,
    named: Option<String>,
    add: Option<MessageWords>,
    fields: Vec<FieldRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldRule {
    key: String,
    kind: FieldKind,
    label: MessageWords,
    hint: Option<MessageWords>,
    #[serde(default)]
    needed: bool,
    usual: Option<Json>,
    options: Option<String>,
    #[serde(default)]
    choices: Vec<ChoiceRule>,
    /// Of a table's keys: the tables that have it; none: all.
    #[serde(default)]
    only: Vec<String>,
    /// Shown only where project.toml has it.
    #[serde(default)]
    there: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableRules {
    tables: BTreeMap<String, MessageWords>,
    rows: BTreeMap<String, MessageWords>,
    fields: Vec<FieldRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChoiceRule {
    value: String,
    label: MessageWords,
}

/// How a value is shown and typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// A line of text.
    Line,
    /// A text in each language.
    Words,
    /// A longer text in each language.
    Prose,
    /// A date.
    Day,
    /// A whole number.
    Whole,
    /// A number with decimals.
    Fraction,
    /// Yes or no.
    Flag,
    /// One of some.
    Choice,
    /// Any of some, in their order.
    Several,
    /// A kind of period, or single ones.
    Periods,
    /// Rising whole numbers.
    Bands,
    /// `#0f4c5c`
    Colour,
    /// A file in `images/`.
    Picture,
    /// A file in `forms/`.
    Form,
    /// A whole number, or one for each axis.
    Limit,
    /// A date for each period of a report.
    Days,
    /// Every sheet that fits, or some.
    Sheets,
    /// A value from outside the table: the sheet's name, a cell, a text.
    Given,
    /// What the marks of a register mean.
    Marks,
    /// The headings of columns of periods: by a pattern, or one by one.
    Heads,
    /// The sheet that the rows of a repeat belong to.
    Parent,
    /// Texts, parted by semicolons.
    Texts,
}

/// A group of settings as the page shows it.
#[derive(Serialize)]
pub struct GroupView {
    /// Of the group in the rules.
    pub name: String,
    pub label: String,
    hint: Option<String>,
    /// Its place in project.toml.
    pub at: Vec<TomlStep>,
    /// Its fields; of a list, each entry has its own.
    pub fields: Vec<FieldView>,
    /// The entries of a list; `None` for a group that is none.
    pub items: Option<Vec<ItemView>>,
    /// What a new entry begins with, and what its button says.
    pub fresh: Option<FreshView>,
}

/// An entry of a list.
#[derive(Serialize)]
pub struct ItemView {
    title: String,
    /// Its place.
    pub at: Vec<TomlStep>,
    /// Its fields.
    pub fields: Vec<FieldView>,
}

/// What a new entry of a list can't do without.
#[derive(Serialize)]
pub struct FreshView {
    add: String,
    /// With places below the new entry.
    pub fields: Vec<FieldView>,
}

/// A setting with its value.
#[derive(Clone, Serialize)]
pub struct FieldView {
    /// Its place.
    pub at: Vec<TomlStep>,
    /// How it is typed.
    pub kind: FieldKind,
    label: String,
    hint: Option<String>,
    /// What holds where nothing is written.
    pub usual: Option<Json>,
    /// Null where nothing is written.
    pub value: Json,
    /// The name of its choices among [`super::settings_options`].
    pub options: Option<String>,
    /// Choices of its own.
    pub choices: Vec<ChoiceView>,
}

/// Something to choose.
#[derive(Clone, Serialize)]
pub struct ChoiceView {
    /// As project.toml writes it.
    pub value: Json,
    /// As people read it.
    pub text: String,
}

/// Every group with what `values`, the whole of project.toml, says of it.
pub fn settings_groups(values: &Json, language: &MessageLanguage) -> Vec<GroupView> {
    let rules: FormRules = toml::from_str(RULES).unwrap_or_else(|error| panic!("templates/app/settings.toml: {error}"));
    rules.groups.into_iter().map(|rule| group(rule, values, language.catalogue.lang())).collect()
}

/// A group for each of these tables, in their order, with what `values` says of where it is and how its rows are made.
pub fn table_groups(values: &Json, tables: &[&str], language: &MessageLanguage) -> Vec<GroupView> {
    let rules: TableRules = toml::from_str(TABLES).unwrap_or_else(|error| panic!("templates/app/tables.toml: {error}"));
    let lang = language.catalogue.lang();
    let own_word =
        |words: &BTreeMap<String, MessageWords>, table: &str| words.get(table).map(|words| word(words, lang));
    let group = |table: &&str| {
        let own = values.get("tables").and_then(|tables| tables.get(*table)).unwrap_or(&Json::Null);
        let at = vec![TomlStep::Key("tables".to_owned()), TomlStep::Key((*table).to_owned())];
        let fields =
            rules.fields.iter().filter(|rule| rule.only.is_empty() || rule.only.iter().any(|name| name == table));
        let fields = fields.map(|rule| (rule.there, field(rule, own, &at, lang)));
        GroupView {
            name: (*table).to_owned(),
            label: own_word(&rules.tables, table).unwrap_or_default(),
            hint: own_word(&rules.rows, table),
            fields: fields.filter(|(there, field)| !there || !field.value.is_null()).map(|(_, field)| field).collect(),
            at,
            items: None,
            fresh: None,
        }
    };
    tables.iter().map(group).collect()
}

fn group(rule: GroupRule, values: &Json, lang: &str) -> GroupView {
    let at: Vec<TomlStep> = rule.at.iter().cloned().map(TomlStep::Key).collect();
    let found = rule.at.iter().try_fold(values, |value, key| value.get(key)).unwrap_or(&Json::Null);
    let fields = |value: &Json, at: &[TomlStep]| rule.fields.iter().map(|rule| field(rule, value, at, lang)).collect();
    let items = rule.list.then(|| {
        let entries = found.as_array().map(Vec::as_slice).unwrap_or_default().iter().enumerate();
        let item = |(place, entry): (usize, &Json)| {
            let at: Vec<TomlStep> = at.iter().cloned().chain([TomlStep::At(place)]).collect();
            let title = rule.named.as_ref().and_then(|key| entry.get(key)).map(|name| shown(name, lang));
            ItemView { title: title.unwrap_or_default(), fields: fields(entry, &at), at }
        };
        entries.map(item).collect()
    });
    let fresh = rule.add.as_ref().map(|add| {
        let needed = rule.fields.iter().filter(|rule| rule.needed);
        FreshView { add: word(add, lang), fields: needed.map(|rule| field(rule, &Json::Null, &[], lang)).collect() }
    });
    GroupView {
        label: word(&rule.label, lang),
        hint: rule.hint.as_ref().map(|hint| word(hint, lang)),
        fields: if rule.list { Vec::new() } else { fields(found, &at) },
        name: rule.name.clone(),
        at,
        items,
        fresh,
    }
}

fn field(rule: &FieldRule, holder: &Json, at: &[TomlStep], lang: &str) -> FieldView {
    let choice = |rule: &ChoiceRule| ChoiceView { value: rule.value.as_str().into(), text: word(&rule.label, lang) };
    let keys = rule.key.split('.');
    let value = keys.clone().try_fold(holder, |holder, key| holder.get(key));
    FieldView {
        at: at.iter().cloned().chain(keys.map(|key| TomlStep::Key(key.to_owned()))).collect(),
        kind: rule.kind,
        label: word(&rule.label, lang),
        hint: rule.hint.as_ref().map(|hint| word(hint, lang)),
        usual: rule.usual.clone(),
        value: value.cloned().unwrap_or(Json::Null),
        options: rule.options.clone(),
        choices: rule.choices.iter().map(choice).collect(),
    }
}

fn word(words: &MessageWords, lang: &str) -> String {
    words.get(lang).cloned().unwrap_or_default()
}

/// A text, or the one of several that the page's language has, else the first.
fn shown(name: &Json, lang: &str) -> String {
    let text = match name {
        Json::Object(words) => words.get(lang).or_else(|| words.values().next()),
        other => Some(other),
    };
    text.and_then(Json::as_str).unwrap_or_default().to_owned()
}
