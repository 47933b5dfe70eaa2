//! Texts that are too long: words that no line has room for, and texts for a PDF's properties and alternative texts, which
//! may hold only so many bytes.

/// Letters of a word after which it may be parted anywhere.
const LONGEST_WORD: usize = 100;
/// Letters between two places where such a word may be parted.
const PART: usize = 40;
/// Where a line may end without a sign: nobody sees it.
const BREAK: char = '\u{200b}';
/// Letters of a text that isn't on a page, so that it has less than the 32,767 bytes of a PDF's text in any script.
const LONGEST_UNSEEN: usize = 8_000;

/// Whether a text of JSON holds a string that [`break_words`] or [`shorten`] would change.
pub(super) fn has_long_text(json: &str) -> bool {
    let (mut word, mut length) = (0, 0);
    json.chars().any(|c| {
        // Marks around strings are counted among their letters, which are many.
        (word, length) = match c {
            '"' => (0, 0),
            c if c.is_whitespace() => (0, length + 1),
            _ => (word + 1, length + 1),
        };
        word > LONGEST_WORD || length > LONGEST_UNSEEN
    })
}

/// The text with places to end a line in words that are longer than any line.
pub(super) fn break_words(text: &str) -> String {
    let mut broken = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        let is_long = piece.chars().nth(LONGEST_WORD).is_some();
        for (at, c) in piece.chars().enumerate() {
            if is_long && at > 0 && at % PART == 0 {
                broken.push(BREAK);
            }
            broken.push(c);
        }
    }
    broken
}

/// The beginning of a text that is too long for what no page shows.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(LONGEST_UNSEEN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
