//! Where the words of a text begin and end.

/// A word of a text, by its bytes.
pub(super) struct WordSpan {
    pub start: usize,
    pub end: usize,
    /// Whether it can be a part of a participant's name.
    pub is_of_name: bool,
}

/// The words of a text, separated by punctuation of prose, of XML and of JSON.
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

fn separates_words(c: char) -> bool {
    match c {
        '0'..='9' | 'A'..='Z' | 'a'..='z' | '-' | '.' | '\'' | '_' | '`' => false,
        '\0'..='\x7f' => true,
        // The Cyrillic letters, which most texts are made of.
        '\u{400}'..='\u{481}' => false,
        _ => c.is_whitespace() || !(c.is_alphanumeric() || c == '’' || is_within_words(c)),
    }
}

/// Combining marks and invisible characters, which words may contain.
fn is_within_words(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '´')
}
