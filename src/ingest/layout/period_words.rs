use serde::Deserialize;

use crate::fold;

/// What periods are called in words.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeriodWords {
    pub(crate) quarter: Vec<String>,
    pub(crate) half: Vec<String>,
    /// Words that say nothing more.
    pub(crate) fillers: Vec<String>,
    first: Vec<String>,
    second: Vec<String>,
    third: Vec<String>,
    fourth: Vec<String>,
}

impl PeriodWords {
    /// The same words, folded for comparison.
    pub(super) fn folded(self) -> PeriodWords {
        let fold = |words: Vec<String>| words.iter().map(|word| fold::heading_key(word)).collect();
        let PeriodWords { quarter, half, fillers, first, second, third, fourth } = self;
        PeriodWords {
            quarter: fold(quarter),
            half: fold(half),
            fillers: fold(fillers),
            first: fold(first),
            second: fold(second),
            third: fold(third),
            fourth: fold(fourth),
        }
    }

    /// The number, from 1, that a word means.
    pub(crate) fn ordinal(&self, word: &str) -> Option<u8> {
        let words = [&self.first, &self.second, &self.third, &self.fourth];
        (1..).zip(words).find(|(_, words)| words.iter().any(|known| known == word)).map(|(number, _)| number)
    }
}
