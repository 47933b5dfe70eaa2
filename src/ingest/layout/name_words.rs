use std::collections::HashSet;

use serde::Deserialize;

use crate::fold;

/// Words that headings of columns of names are put together of: whoever registers persons calls them differently.
pub struct NameWords {
    /// Folded words that say whose name it is, and those between others.
    of: HashSet<String>,
    /// Folded words of a part of the name → the contract's column; the longest first.
    phrases: Vec<(Vec<String>, &'static str)>,
}

/// `[names]` of `templates/headings.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameWordsFile {
    of: Vec<String>,
    name: Vec<String>,
    first_name: Vec<String>,
    middle_name: Vec<String>,
    surname: Vec<String>,
}

impl NameWords {
    pub(super) fn new(file: NameWordsFile) -> NameWords {
        let columns = [
            ("name", file.name),
            ("first_name", file.first_name),
            ("middle_name", file.middle_name),
            ("surname", file.surname),
        ];
        let words = |text: &String| fold::heading_key(text).split(' ').map(str::to_owned).collect::<Vec<String>>();
        let mut phrases: Vec<(Vec<String>, &'static str)> =
            columns.iter().flat_map(|(column, texts)| texts.iter().map(move |text| (words(text), *column))).collect();
        phrases.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        NameWords { of: file.of.iter().map(|text| fold::heading_key(text)).collect(), phrases }
    }

    /// The contract's column that a folded heading names by nothing but such words; several parts are the whole name.
    pub fn find_column(&self, key: &str) -> Option<&'static str> {
        let words: Vec<&str> = key.split(' ').collect();
        let mut found: Option<&'static str> = None;
        let mut at = 0;
        while at < words.len() {
            if let Some((phrase, column)) = self.phrase_at(&words[at..]) {
                found = Some(if found.is_none_or(|found| found == column) { column } else { "name" });
                at += phrase;
            } else if self.of.contains(words[at]) {
                at += 1;
            } else {
                return None;
            }
        }
        found
    }

    /// Whether a folded heading has a word for a name or a part of one.
    pub fn mentions_name(&self, key: &str) -> bool {
        let words: Vec<&str> = key.split(' ').collect();
        (0..words.len()).any(|at| self.phrase_at(&words[at..]).is_some())
    }

    /// How many of the first words are a phrase, and its column.
    fn phrase_at(&self, words: &[&str]) -> Option<(usize, &'static str)> {
        let (phrase, column) = self.phrases.iter().find(|(phrase, _)| {
            words.len() >= phrase.len() && phrase.iter().zip(words).all(|(word, written)| word == written)
        })?;
        Some((phrase.len(), column))
    }
}
