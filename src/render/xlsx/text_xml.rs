//! A cell's text as XML, to the letter as the library writes it.

/// Bytes of a text that surely fits a cell.
const MAX_TEXT_BYTES: usize = 32_767;

/// Control characters, what looks like one escaped, and texts that may be too long are left to the library.
pub fn is_plain_text(text: &str) -> bool {
    let is_allowed = |byte: u8| byte >= b' ' || matches!(byte, b'\n' | b'\t');
    text.len() <= MAX_TEXT_BYTES
        && text.bytes().all(is_allowed)
        && !text.match_indices("_x").any(|(at, _)| is_escape(&text.as_bytes()[at..]))
        && !text.contains(['\u{fffe}', '\u{ffff}'])
}

/// `_x000D_`.
fn is_escape(text: &[u8]) -> bool {
    text.get(2..6).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) && text.get(6) == Some(&b'_')
}

/// A text within its element.
pub fn push_text(xml: &mut Vec<u8>, text: &str) {
    let outer = |c: char| matches!(c, '\t' | '\n' | ' ');
    let kept = text.starts_with(outer) || text.ends_with(outer);
    xml.extend_from_slice(if kept { b"<t xml:space=\"preserve\">" } else { b"<t>" });
    xml.extend_from_slice(quick_xml::escape::partial_escape(text).as_bytes());
    xml.extend_from_slice(b"</t>");
}
