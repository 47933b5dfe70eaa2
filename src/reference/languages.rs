//! The languages that documents can be written in.

use super::topic_words::TopicWords;
use super::{Term, Topic, TopicEntry, TopicPart};
use crate::locale::Locale;
use crate::model::Lang;

pub(super) fn topic(words: &TopicWords) -> Topic {
    let entry = |code: &&str| {
        let locale = Locale::new(&Lang::new(code))?;
        let reader = locale.reader().map_or_else(|| words.word("draft"), str::to_owned);
        let name = locale.label("language.name").to_owned();
        Some(TopicEntry::new(code, Term::Code((*code).to_owned()), vec![format!("{name}; {reader}")]))
    };
    let part = TopicPart::untitled(Locale::languages().iter().filter_map(entry).collect(), words);
    Topic::new(words, vec![part])
}
