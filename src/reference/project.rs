//! Keys of project.toml, as a sample that has them all.

use super::topic_words::{self, TopicWords};
use super::{Term, Topic, TopicEntry, TopicPart};

/// The sample with comments in each language of messages, English first; a test holds that they say the same.
const SAMPLES: [(&str, &str); 2] = [
    ("en", include_str!("../../templates/reference/project.toml")),
    ("mk", include_str!("../../templates/reference/project.mk.toml")),
];

/// What `[theme]` may set, with what holds where it doesn't.
const THEME: &str = include_str!("../../templates/typst/theme.toml");

pub(super) fn topic(words: &TopicWords) -> Topic {
    let sample = SAMPLES.iter().find(|(lang, _)| *lang == words.lang).map_or(SAMPLES[0].1, |(_, text)| text);
    let mut parts: Vec<TopicPart> = sample.trim().split("\n\n").map(block).collect();
    let iati = |key: &'static str| TopicEntry::new(key, Term::Plain(key.to_owned()), vec![words.said("iati", key)]);
    for (name, entries) in [("theme", theme()), ("iati", topic_words::names("iati").into_iter().map(iati).collect())] {
        parts.push(TopicPart::new(name, entries, words));
    }
    Topic::new(words, parts)
}

/// A table of the sample, which each of its keys leads to.
fn block(text: &str) -> TopicPart {
    let mut names = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(header) = line.strip_prefix('[') {
            let path = header.trim_start_matches('[').split(']').next().unwrap_or_default();
            names.push(path.to_owned());
            names.extend(path.rsplit_once('.').map(|(_, last)| last.to_owned()));
        } else if let Some((key, _)) = line.split_once(" = ") {
            names.push(key.trim_matches('"').to_owned());
        }
    }
    TopicPart { names, code: Some(text.to_owned()), ..TopicPart::default() }
}

/// Colours, fonts and choices as the templates ask for them.
fn theme() -> Vec<TopicEntry> {
    let table: toml::Table = toml::from_str(THEME).unwrap_or_default();
    let mut entries = Vec::new();
    for part in ["colours", "fonts", "choices", "pictures"] {
        for (key, value) in table.get(part).and_then(toml::Value::as_table).into_iter().flatten() {
            let choices: Vec<&str> = value.as_array().into_iter().flatten().filter_map(toml::Value::as_str).collect();
            let shown = value.as_str().map_or_else(|| choices.join(", "), str::to_owned);
            entries.push(TopicEntry::new(key, Term::Plain(key.clone()), vec![shown]));
        }
    }
    entries
}
