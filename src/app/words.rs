//! The words of the page, by the language of messages: `templates/app/words.toml`. What documents say too, they say in
//! the documents' words.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::MessageLanguage;
use crate::diagnostic::fill_placeholders;

const WORDS: &str = include_str!("../../templates/app/words.toml");

/// A word in each language of messages, or the label of `templates/labels/` that it is.
#[derive(Deserialize)]
#[serde(untagged)]
enum Word {
    Label { label: String },
    Texts(BTreeMap<String, String>),
}

/// Every word of the page by its name.
pub(super) fn words_in(language: &MessageLanguage) -> BTreeMap<String, String> {
    let words: BTreeMap<String, Word> =
        toml::from_str(WORDS).unwrap_or_else(|error| panic!("templates/app/words.toml: {error}"));
    let lang = language.catalogue.lang();
    let text = |word: Word| match word {
        Word::Label { label } => language.locale.label(&label).to_owned(),
        Word::Texts(mut texts) => texts.remove(lang).or_else(|| texts.remove("en")).unwrap_or_default(),
    };
    words.into_iter().map(|(name, word)| (name, text(word))).collect()
}

/// Puts the language and words in place of `{lang}` and `{name}`; other braces stay.
pub(super) fn fill_words(page: &str, lang: &str, words: &BTreeMap<String, String>) -> String {
    fill_placeholders(page, |name| {
        let word = if name == "lang" { lang } else { words.get(name)? };
        Some(word.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;"))
    })
}
