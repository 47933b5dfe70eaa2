//! Names of participants in a text: two words of one, side by side or around a middle name.

use std::collections::BTreeSet;

use super::scan_state::ScanState;
use super::word_spans::{WordSpan, glued_parts, strip_possessive, word_spans};
use super::{LeakScanner, Trace, TraceKind};
use crate::personal::PersonalTraces;

/// Names that may be printed.
pub(super) struct AllowedNames {
    /// The words of each, lower case.
    names: Vec<Vec<String>>,
    /// Hashes of words that stand side by side in the program's own texts.
    program: BTreeSet<[u8; 16]>,
}

impl AllowedNames {
    /// `names` are those of who signs and of organisations; `program_texts` what the program prints by itself.
    pub fn new<'n>(
        traces: &PersonalTraces,
        names: impl Iterator<Item = &'n String>,
        program_texts: &[&str],
    ) -> AllowedNames {
        let words = |text: &String| {
            let lower = text.to_lowercase();
            word_spans(&lower).map(|word| word.of(&lower).to_owned()).collect::<Vec<String>>()
        };
        let names = names.map(words).filter(|words| !words.is_empty()).collect();
        let mut state = ScanState::default();
        let mut program = BTreeSet::new();
        if traces.longest_name() > 0 {
            for text in program_texts {
                let words = words_of(text, traces, &mut state);
                for at in 0..words.len() {
                    let most = count_name_words(&words[at..], traces.longest_name());
                    program
                        .extend((2..=most).filter_map(|length| traces.find_name(&join(text, &words[at..at + length]))));
                }
            }
        }
        AllowedNames { names, program }
    }

    /// Whether words `first..end` of a text lie within a name that may be printed.
    fn cover(&self, text: &str, words: &[WordSpan], first: usize, end: usize) -> bool {
        let lower = |word: &WordSpan| word.of(text).to_lowercase();
        self.names.iter().any(|name| {
            let earliest = end.saturating_sub(name.len());
            (earliest..=first).any(|start| {
                let there = words.get(start..start + name.len());
                there.is_some_and(|there| there.iter().map(lower).eq(name.iter().cloned()))
            })
        })
    }
}

impl LeakScanner<'_> {
    /// Adds the names in a text to what was found.
    pub(super) fn scan_names(&self, text: &str, state: &mut ScanState) {
        let longest = self.traces.longest_name();
        if longest == 0 {
            return;
        }
        let words = words_of(text, self.traces, state);
        let mut first = 0;
        while first < words.len() {
            let most = count_name_words(&words[first..], longest);
            // The longest first, so that a name of three words is found once.
            let longest_find =
                (2..=most).rev().find_map(|length| Some((self.find_run(text, &words, first, length)?, length)));
            let (find, length) = match longest_find {
                Some((find, length)) => (Some(find), length),
                None => (self.find_around_middle(text, &words, first), 1),
            };
            state.found.extend(find);
            first += length;
        }
        state.words = words;
    }

    fn find_run(&self, text: &str, words: &[WordSpan], first: usize, length: usize) -> Option<Trace> {
        let end = first + length;
        let hash = self.traces.find_name(&join(text, &words[first..end]))?;
        self.trace_of_name(hash, text, words, first, end)
    }

    /// Two words of a name with a middle name or an initial between them: `Ана М. Петровска`.
    fn find_around_middle(&self, text: &str, words: &[WordSpan], first: usize) -> Option<Trace> {
        let [before, middle, after] = *words.get(first..first + 3)? else { return None };
        let is_close = |gap: &str| gap.chars().all(|c| matches!(c, ' ' | '\u{a0}' | '-' | '.' | '(' | ')' | '_'));
        if !before.is_of_name
            || !after.is_of_name
            || !middle.of(text).starts_with(char::is_uppercase)
            || !is_close(&text[before.end..middle.start])
            || !is_close(&text[middle.end..after.start])
        {
            return None;
        }
        let hash = self.traces.find_name(&join(text, &[before, after]))?;
        self.trace_of_name(hash, text, words, first, first + 3)
    }

    fn trace_of_name(&self, hash: [u8; 16], text: &str, words: &[WordSpan], first: usize, end: usize) -> Option<Trace> {
        let is_allowed = self.names.program.contains(&hash) || self.names.cover(text, words, first, end);
        (!is_allowed).then_some(Trace { kind: TraceKind::Name, hash })
    }
}

/// The words of a text, and which of them can be a part of a name.
fn words_of(text: &str, traces: &PersonalTraces, state: &mut ScanState) -> Vec<WordSpan> {
    let mut words = std::mem::take(&mut state.words);
    words.clear();
    for mut word in word_spans(text) {
        word.is_of_name = state.is_of_name(traces, word.of(text));
        if let Some(mut owner) = strip_possessive(text, word).filter(|_| !word.is_of_name) {
            owner.is_of_name = state.is_of_name(traces, owner.of(text));
            if owner.is_of_name {
                words.push(owner);
                continue;
            }
        }
        let parts = if word.is_of_name { Vec::new() } else { glued_parts(text, word) };
        if parts.len() < 2 {
            words.push(word);
            continue;
        }
        for mut part in parts {
            part.is_of_name = state.is_of_name(traces, part.of(text));
            words.push(part);
        }
    }
    words
}

/// How many words from the first on can be parts of a name, up to `longest`.
fn count_name_words(words: &[WordSpan], longest: usize) -> usize {
    words.iter().take(longest).take_while(|word| word.is_of_name).count()
}

fn join(text: &str, words: &[WordSpan]) -> String {
    words.iter().map(|word| word.of(text)).collect::<Vec<&str>>().join(" ")
}
