//! What the program knows of itself, in each language of messages: keys of project.toml, tables, calculations, helpers,
//! profiles, languages, problems.
//!
//! A [`Topic`] is plain data, made from the program's own tables and from what `templates/reference/` says of them.
//! docs/reference.md is its Markdown in English, `donor-report help TOPIC` its text for a terminal.

#![warn(missing_docs)]

mod helpers;
mod languages;
mod markdown;
mod problems;
mod profiles;
mod project;
mod tables;
mod terminal;
mod topic;
mod topic_words;

pub use markdown::write_markdown;
pub use problems::ProblemExample;
pub use terminal::{wrap, write_text};
pub use topic::{Term, Topic, TopicEntry, TopicPart};

use topic_words::TopicWords;

/// Makes a topic in one language of messages.
type MakeTopic = fn(&TopicWords) -> Topic;

/// Every topic by name, in the order of docs/reference.md.
const TOPICS: [(&str, MakeTopic); 8] = [
    ("project", project::topic),
    ("tables", tables::topic),
    ("indicators", tables::indicators_topic),
    ("helpers", helpers::topic),
    ("limits", helpers::limits_topic),
    ("profiles", profiles::topic),
    ("languages", languages::topic),
    ("problems", problems::topic),
];

/// The names of all topics.
pub fn topics() -> impl Iterator<Item = &'static str> {
    TOPICS.iter().map(|(name, _)| *name)
}

/// A topic in a language of messages; `None` if there is none of this name.
pub fn topic(name: &str, lang: &str) -> Option<Topic> {
    let (name, make) = TOPICS.iter().find(|(known, _)| *known == name)?;
    Some(make(&TopicWords::new(name, lang)))
}

/// What a topic is about, in a few words.
pub fn about(name: &'static str, lang: &str) -> String {
    TopicWords::new(name, lang).word("about")
}
