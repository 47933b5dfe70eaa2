//! Tags of a sheet's XML, as far as [`FastCells`](super::fast_cells::FastCells) supports them.

use memchr::{memchr, memmem};

/// Something that [`FastCells`](super::fast_cells::FastCells) doesn't support.
#[derive(Debug)]
pub(super) struct Unsupported;

/// Scans the tags of a piece of XML.
pub(super) struct TagScanner<'b> {
    pub(super) bytes: &'b [u8],
    /// The next byte to be scanned.
    pub(super) position: usize,
}

/// What comes next in a start tag.
pub(super) enum Attribute<'b> {
    /// Name and value.
    Pair(&'b [u8], &'b [u8]),
    /// `empty`: the tag ends the element too.
    End { empty: bool },
}

impl<'b> TagScanner<'b> {
    /// The next attribute of a start tag, or its end; `None` if the bytes end before.
    pub(super) fn attribute(&mut self) -> Result<Option<Attribute<'b>>, Unsupported> {
        let bytes = self.bytes;
        while bytes.get(self.position).is_some_and(u8::is_ascii_whitespace) {
            self.position += 1;
        }
        match bytes.get(self.position..) {
            Some([b'>', ..]) => {
                self.position += 1;
                return Ok(Some(Attribute::End { empty: false }));
            }
            Some([b'/', b'>', ..]) => {
                self.position += 2;
                return Ok(Some(Attribute::End { empty: true }));
            }
            Some([b'/'] | []) | None => return Ok(None),
            Some([b'/' | b'<', ..]) => return Err(Unsupported),
            Some(_) => {}
        }
        let rest = &bytes[self.position..];
        let Some(equals) = rest.iter().position(|byte| matches!(byte, b'=' | b'>' | b'<')) else { return Ok(None) };
        let name = &rest[..equals];
        match rest.get(equals..equals + 2) {
            Some(b"=\"") => {}
            None => return Ok(None),
            Some(_) => return Err(Unsupported),
        }
        let value = &rest[equals + 2..];
        let Some(end) = value.iter().position(|byte| *byte == b'"') else { return Ok(None) };
        self.position += equals + 3 + end;
        Ok(Some(Attribute::Pair(name, &value[..end])))
    }

    /// The bytes after the next `<`, which only white space may precede; `None` if the bytes end before.
    pub(super) fn tag(&mut self) -> Option<&'b [u8]> {
        while self.bytes.get(self.position).is_some_and(u8::is_ascii_whitespace) {
            self.position += 1;
        }
        match self.bytes.get(self.position..)? {
            [b'<', tag @ ..] => Some(tag),
            [] => None,
            // Text between the elements of a cell: no tag begins so.
            _ => Some(b"???"),
        }
    }

    /// Skips an element whose end tag is `end`; returns its content, `None` if the bytes end before.
    pub(super) fn element(&mut self, end: &[u8]) -> Result<Option<&'b [u8]>, Unsupported> {
        let Some(open) = memchr(b'>', &self.bytes[self.position..]).map(|open| self.position + open) else {
            return Ok(None);
        };
        if self.bytes[open - 1] == b'/' {
            self.position = open + 1;
            return Ok(Some(&[]));
        }
        let content = &self.bytes[open + 1..];
        // Most elements hold one text.
        let Some(mut close) = memchr(b'<', content) else { return Ok(None) };
        if !content[close..].starts_with(end) {
            if content.len() - close < end.len() {
                return Ok(None);
            }
            let Some(later) = memmem::find(content, end) else { return Ok(None) };
            if end == b"</v>" || memmem::find(&content[..later], b"<!").is_some() {
                return Err(Unsupported);
            }
            close = later;
        }
        self.position = open + 1 + close + end.len();
        Ok(Some(&content[..close]))
    }
}
