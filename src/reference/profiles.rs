//! The shipped profiles with their sections.

use super::topic_words::TopicWords;
use super::{Term, Topic, TopicEntry, TopicPart};
use crate::locale::{Locale, fill};
use crate::model::Lang;
use crate::report::profile::{Profile, ProfileSection, SectionKind};

pub(super) fn topic(words: &TopicWords) -> Topic {
    let lang = Lang::new(&words.lang);
    let locale = Locale::new(&lang);
    // A shipped profile is sound: a test reads each.
    let profiles = Profile::shipped().into_iter().filter_map(|name| Profile::load(name, None).ok());
    let parts = profiles.map(|profile| {
        let title = profile.title.get(&lang).unwrap_or_default();
        TopicPart {
            names: vec![profile.name.clone()],
            title: Some(format!("{}: {title}", profile.name)),
            opening: origin(&profile, words),
            columns: words.columns(None),
            entries: profile.sections.iter().map(|section| entry(section, words, locale.as_ref())).collect(),
            code: None,
        }
    });
    Topic { is_shown_by_parts: true, ..Topic::new(words, parts.collect()) }
}

/// Whose form it is, and which edition of it.
fn origin(profile: &Profile, words: &TopicWords) -> String {
    let source = profile.source.clone().unwrap_or_default();
    match &profile.edition {
        Some(edition) => fill(&words.word("edition"), &[("source", &source), ("edition", edition)]),
        None => source,
    }
}

fn entry(section: &ProfileSection, words: &TopicWords, locale: Option<&Locale>) -> TopicEntry {
    let lang = Lang::new(&words.lang);
    let label = |kind: SectionKind| locale.map(|locale| locale.label(kind.heading_label()).to_owned());
    let drawn = label(section.kind).unwrap_or_default();
    let usual = || locale.and_then(|locale| locale.find_label(&format!("heading.{}", section.id)));
    let heading = section.heading.get(&lang).or_else(usual).unwrap_or(&drawn).to_owned();
    let holds = if section.kind == SectionKind::Prose { words.common("prose") } else { drawn };
    let id = section.id.clone();
    let term = if section.required { Term::Required(id) } else { Term::Plain(id) };
    let holds = match section.word_limit {
        Some(most) => fill(&words.word("most-words"), &[("holds", &holds), ("words", &most.to_string())]),
        None => holds,
    };
    let asks = section.asks.get(&lang).unwrap_or_default().to_owned();
    TopicEntry::new(&section.id, term, vec![heading, holds, asks])
}
