//! Tables and columns with their headings, built-in lists, and how indicators are counted.

use std::sync::LazyLock;

use super::topic_words::{self, TopicWords};
use super::{Term, Topic, TopicEntry, TopicPart};
use crate::ingest;

static HEADINGS: LazyLock<toml::Table> =
    LazyLock::new(|| toml::from_str(include_str!("../../templates/headings.toml")).unwrap_or_default());

static LISTS: LazyLock<toml::Table> =
    LazyLock::new(|| toml::from_str(include_str!("../../templates/lists.toml")).unwrap_or_default());

pub(super) fn topic(words: &TopicWords) -> Topic {
    let told = topic_words::names("columns");
    let tables = HEADINGS.iter().filter(|(name, _)| told.contains(&name.as_str()));
    let mut parts: Vec<TopicPart> = tables.map(|(name, columns)| columns_part(name, columns, words)).collect();
    parts.push(lists(words));
    Topic::new(words, parts)
}

fn columns_part(table: &str, columns: &toml::Value, words: &TopicWords) -> TopicPart {
    let entry = |(column, value): (&String, &toml::Value)| {
        let required = value.get("required").is_some() || value.get("one_of").is_some();
        let term = if required { Term::Required(column.clone()) } else { Term::Plain(column.clone()) };
        let known: Vec<&str> = texts(value, "names").chain(texts(value, "weak")).collect();
        TopicEntry::new(column, term, vec![words.column(table, column), known.join(", ")])
    };
    TopicPart {
        names: vec![table.to_owned()],
        title: Some(table.to_owned()),
        columns: words.columns(None),
        entries: columns.as_table().into_iter().flatten().map(entry).collect(),
        ..TopicPart::default()
    }
}

fn lists(words: &TopicWords) -> TopicPart {
    let mut entries = Vec::new();
    for list in LISTS.get("lists").and_then(toml::Value::as_array).into_iter().flatten() {
        let name = list.get("name").and_then(toml::Value::as_str).unwrap_or_default();
        for entry in list.get("entries").and_then(toml::Value::as_array).into_iter().flatten() {
            let code = entry.get("code").and_then(toml::Value::as_str).unwrap_or_default();
            let label = |lang: &str| entry.get("label").and_then(|label| label.get(lang)?.as_str());
            let labels: Vec<&str> = ["en", "mk"].into_iter().filter_map(label).collect();
            let others: Vec<&str> = texts(entry, "aliases").collect();
            let term = Term::Code(format!("{name} = {code}"));
            entries.push(TopicEntry::new(name, term, vec![labels.join(", "), others.join(", ")]));
        }
    }
    TopicPart::new("lists", entries, words)
}

fn texts<'t>(value: &'t toml::Value, key: &str) -> impl Iterator<Item = &'t str> {
    value.get(key).and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_str)
}

/// Calculations, conditions and breakdowns.
pub(super) fn indicators_topic(words: &TopicWords) -> Topic {
    let calculation = |name: &&'static str| {
        TopicEntry::new(name, Term::Plain((*name).to_owned()), vec![words.said("calculations", name)])
    };
    let calculations = TopicPart::untitled(ingest::calculations().iter().map(calculation).collect(), words);
    let text = |name: &str| TopicPart::new(name, Vec::new(), words);
    Topic::new(words, vec![calculations, text("where"), text("by")])
}
