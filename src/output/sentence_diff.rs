use std::collections::{BTreeMap, BTreeSet};

/// SectionSentences of one document by `<section>.<language>`.
pub type SectionSentences = BTreeMap<String, Vec<String>>;

/// The sentences of a section that are not what they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentenceChange {
    /// `2017-Q1/quarterly`
    pub document: String,
    /// `summary.en`
    pub section: String,
    /// Only in the older narrative.
    pub removed: Vec<String>,
    /// Only in the newer narrative.
    pub added: Vec<String>,
}

/// What differs between two narratives, document by document. A document that is only in one of them has no changes.
pub fn diff_sentences(
    old: &BTreeMap<String, SectionSentences>,
    new: &BTreeMap<String, SectionSentences>,
) -> Vec<SentenceChange> {
    let mut changes = Vec::new();
    for (document, new) in new {
        let Some(old) = old.get(document) else { continue };
        let sections: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for section in sections {
            let (old, new) = (sentences_of(old, section), sentences_of(new, section));
            let (removed, added) = (missing(old, new), missing(new, old));
            if !removed.is_empty() || !added.is_empty() {
                changes.push(SentenceChange { document: document.clone(), section: section.clone(), removed, added });
            }
        }
    }
    changes
}

fn sentences_of<'a>(sentences: &'a SectionSentences, section: &str) -> &'a [String] {
    sentences.get(section).map(Vec::as_slice).unwrap_or_default()
}

/// The sentences that aren't among `others`.
fn missing(sentences: &[String], others: &[String]) -> Vec<String> {
    sentences.iter().filter(|sentence| !others.contains(sentence)).cloned().collect()
}
