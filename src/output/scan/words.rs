//! Where the words of a text begin and end.

/// Where a word stands in a text.
pub(super) struct Span {
    pub start: usize,
    pub end: usize,
    /// Whether it can be a part of a participant's name.
    pub is_of_name: bool,
}

/// The words of a text, parted by marks of texts, of XML and of JSON.
pub(super) fn spans(text: &str) -> impl Iterator<Item = Span> {
    let mut start = 0;
    let after = std::iter::once((text.len(), ' '));
    text.char_indices().chain(after).filter_map(move |(at, c)| {
        if !parts_words(c) {
            return None;
        }
        let span = Span { start, end: at, is_of_name: false };
        start = at + c.len_utf8();
        (span.end > span.start).then_some(span)
    })
}

fn parts_words(c: char) -> bool {
    match c {
        '0'..='9' | 'A'..='Z' | 'a'..='z' | '-' | '.' | '\'' | '_' | '`' => false,
        '\0'..='\x7f' => true,
        // The Cyrillic letters, which most texts are made of.
        '\u{400}'..='\u{481}' => false,
        _ => c.is_whitespace() || !(c.is_alphanumeric() || c == '’' || is_within_words(c)),
    }
}

/// Marks over letters, and what stands in words without being seen.
fn is_within_words(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '´')
}
