//! Words and signs around numbers, in every language that a register may be written in (`templates/contacts.toml`).

use std::sync::LazyLock;

use serde::Deserialize;

/// What is written around numbers, in small letters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberWords {
    pub telephone: WordsBeforeTelephone,
    pub office: WordsBeforeOfficeNumber,
    pub dates: WordsOfDates,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordsBeforeTelephone {
    /// Whole words.
    pub words: Vec<String>,
    /// How other words begin.
    pub stems: Vec<String>,
    pub signs: Vec<char>,
}

/// Before a number that an office gave.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordsBeforeOfficeNumber {
    pub words: Vec<String>,
    pub sign: char,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordsOfDates {
    /// What may be written between a day and its month: `12th of March`.
    pub fillers: Vec<String>,
}

/// The words of `templates/contacts.toml`.
pub(super) fn number_words() -> &'static NumberWords {
    static WORDS: LazyLock<NumberWords> = LazyLock::new(|| {
        toml::from_str(include_str!("../../templates/contacts.toml")).expect("a table that the tests read")
    });
    &WORDS
}
