/// A text of TOML, Markdown or XML in which characters are written that it names by number (`\u10E5`, `\U0001F642`,
/// `&#x1F642;`, `&#4325;`); only those that are `wanted`.
pub(super) fn unescape(text: &str, wanted: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match escaped_character(rest).filter(|(character, _)| wanted(*character)) {
            Some((character, length)) => {
                out.push(character);
                rest = &rest[length..];
            }
            None => {
                out.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

/// The character that a text begins with as a number, and how many bytes name it.
fn escaped_character(text: &str) -> Option<(char, usize)> {
    let (digits, radix, length) = match text.as_bytes().get(..3)? {
        [b'\\', b'u', _] => (text.get(2..6)?, 16, 6),
        [b'\\', b'U', _] => (text.get(2..10)?, 16, 10),
        [b'&', b'#', b'x' | b'X'] => text[3..].split_once(';').map(|(digits, _)| (digits, 16, digits.len() + 4))?,
        [b'&', b'#', _] => text[2..].split_once(';').map(|(digits, _)| (digits, 10, digits.len() + 3))?,
        _ => return None,
    };
    Some((char::from_u32(u32::from_str_radix(digits, radix).ok()?)?, length))
}
