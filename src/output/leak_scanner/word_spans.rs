//! Where the words of a text begin and end.

/// A word of a text, by its bytes.
#[derive(Clone, Copy)]
pub(super) struct WordSpan {
    pub start: usize,
    pub end: usize,
    /// Whether it can be a part of a participant's name.
    pub is_of_name: bool,
}

impl WordSpan {
    /// The word in the text that it is of.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.end]
    }
}

/// The words of a text: letters, and the marks that stand within words. Digits, hyphens and underscores separate words, so
/// that a name is found in the name of a file, too.
pub(super) fn word_spans(text: &str) -> impl Iterator<Item = WordSpan> {
    let mut start = 0;
    let end = std::iter::once((text.len(), ' '));
    text.char_indices().chain(end).filter_map(move |(at, c)| {
        if !separates_words(c) {
            return None;
        }
        let span = WordSpan { start, end: at, is_of_name: false };
        start = at + c.len_utf8();
        (span.end > span.start).then_some(span)
    })
}

/// A word without the `’s` that it ends in; `None` if it doesn't.
pub(super) fn strip_possessive(text: &str, word: WordSpan) -> Option<WordSpan> {
    let owner = ["'s", "’s"].into_iter().find_map(|ending| word.of(text).strip_suffix(ending))?;
    (!owner.is_empty()).then(|| WordSpan { end: word.start + owner.len(), ..word })
}

/// The parts of a word that is glued together of several, each with a capital letter or after an apostrophe: `АнаПетровска`,
/// `Ана’s`. One if it isn't.
pub(super) fn glued_parts(text: &str, word: WordSpan) -> Vec<WordSpan> {
    let mut parts = vec![word];
    let mut previous_is_lowercase = false;
    for (at, c) in word.of(text).char_indices() {
        if (previous_is_lowercase && c.is_uppercase()) || (at > 0 && matches!(c, '\'' | '’')) {
            let start = word.start + at;
            if let Some(last) = parts.last_mut() {
                last.end = start;
            }
            parts.push(WordSpan { start, end: word.end, is_of_name: false });
        }
        previous_is_lowercase = c.is_lowercase();
    }
    parts
}

fn separates_words(c: char) -> bool {
    match c {
        'A'..='Z' | 'a'..='z' | '\'' | '`' => false,
        '\0'..='\x7f' => true,
        // The Cyrillic letters, which most texts are made of.
        '\u{400}'..='\u{481}' => false,
        _ => !(c.is_alphabetic() || c == '’' || is_within_words(c)),
    }
}

/// Combining marks and invisible characters, which words may contain.
fn is_within_words(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '´')
}
