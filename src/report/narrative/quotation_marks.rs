//! Quotation marks within tags: straight ones, and those that a word processor puts in their place.

/// A text in quotation marks at the beginning of another text.
pub(super) struct Quoted {
    pub text: String,
    /// Bytes from the opening mark to behind the closing one.
    pub length: usize,
}

const STRAIGHT: [char; 2] = ['"', '\''];

/// The marks that close a text which this one opens; none if it is no quotation mark. A word processor that takes the
/// mark behind `=` for the end of a quotation writes a closing one there, so that these open, too.
fn closing_marks(open: char) -> &'static [char] {
    match open {
        '"' => &['"'],
        '\'' => &['\''],
        '„' | '“' | '”' | '‟' => &['“', '”', '‟'],
        '‚' | '‘' | '’' | '‛' => &['‘', '’', '‛'],
        '«' => &['»'],
        '»' => &['«', '»'],
        _ => &[],
    }
}

/// The marks that may close it where none of its own kind does before the tag ends: `“I1"`.
fn other_closing_marks(open: char) -> &'static [char] {
    match open {
        '"' => &['“', '”', '‟'],
        '\'' => &['‘', '’', '‛'],
        '„' | '“' | '”' | '‟' => &['"'],
        '‚' | '‘' | '’' | '‛' => &['\''],
        _ => &[],
    }
}

pub(super) fn is_quotation_mark(c: char) -> bool {
    !closing_marks(c).is_empty()
}

/// Whether a mark ends the word before it. An apostrophe doesn't: `people’s`.
pub(super) fn ends_word(c: char) -> bool {
    is_quotation_mark(c) && !['‘', '’', '‛', '‚'].contains(&c)
}

/// Reads the quoted text that begins here, up to the mark that closes it; `None` if it isn't closed. A text within low
/// marks may quote another: `„Проект „Мост“ во Битола“`.
pub(super) fn read_quoted(rest: &str) -> Option<Quoted> {
    let open = rest.chars().next()?;
    let (closing, others) = (closing_marks(open), other_closing_marks(open));
    let is_straight = STRAIGHT.contains(&open);
    let mut text = String::new();
    let mut nested = 0_u32;
    // The text up to the first mark of another kind, for where the tag ends without one of this kind.
    let mut other: Option<Quoted> = None;
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if is_straight => {
                text.extend(chars.next().map(|(_, escaped)| escaped));
                continue;
            }
            '„' if closing.contains(&'“') => nested += 1,
            '‚' if closing.contains(&'‘') => nested += 1,
            c if closing.contains(&c) && nested > 0 => nested -= 1,
            c if closing.contains(&c) => return Some(Quoted { text, length: at + c.len_utf8() }),
            c if others.contains(&c) && other.is_none() => {
                other = Some(Quoted { text: text.clone(), length: at + c.len_utf8() });
            }
            '}' if other.is_some() && chars.peek().is_some_and(|(_, next)| *next == '}') => return other,
            _ => {}
        }
        text.push(c);
    }
    other
}
