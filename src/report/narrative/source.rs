use super::quotation_marks::{ends_word, read_quoted};
use crate::diagnostic::Place;

/// `OPEN` and `CLOSE` enclose the number of an insertion in Markdown; `FILLER` replaces a tag in the masked text.
/// Private-use characters: prose that holds one is refused.
pub(super) const OPEN: char = '\u{e000}';
pub(super) const CLOSE: char = '\u{e001}';
pub(super) const FILLER: char = '\u{e002}';

/// Bytes of the longest tag.
const MAX_TAG: usize = 1 << 16;

/// The text of a file of prose with its tags found; gives the line and column of every byte.
#[derive(Clone, Debug)]
pub(super) struct ProseSource {
    /// Relative to the project's folder.
    pub file: String,
    pub text: String,
    pub tags: Vec<Tag>,
    line_starts: Vec<usize>,
}

/// `{{…}}`, by byte offsets; `inner` is the text between braces and signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub start: usize,
    pub end: usize,
    pub inner_start: usize,
    pub inner_end: usize,
    pub kind: TagKind,
    /// `{{~` and `~}}`: white space before or after goes.
    pub trim_before: bool,
    pub trim_after: bool,
    /// Alone on its line, which then goes with it.
    pub standalone: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagKind {
    Output,
    Open,
    Close,
    Else,
    Partial,
    Comment,
    /// `{{{x}}}`, `{{&x}}`, `{{{{x}}}}`: ways around escaping.
    Raw,
    /// `{{*x}}`, `{{#*x}}`, `{{#>x}}`.
    Decorator,
    Unclosed,
}

impl ProseSource {
    pub fn new(file: &str, text: String) -> ProseSource {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut tags = scan_tags(&text);
        for tag in &mut tags {
            tag.standalone = is_standalone(&text, tag);
        }
        ProseSource { file: file.to_owned(), text, tags, line_starts }
    }

    /// Line and column from 1; columns are characters.
    pub fn place(&self, offset: usize) -> Place {
        let (line, column) = self.line_column(offset);
        Place::line(&self.file, line, column)
    }

    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let start = self.line_starts[line - 1];
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        (line as u32, column as u32)
    }

    /// The offset of a line and column; `None` if there is no such place.
    pub fn offset(&self, line: u32, column: u32) -> Option<usize> {
        let start = *self.line_starts.get(line.checked_sub(1)? as usize)?;
        let line = self.text[start..].split('\n').next()?;
        let mut ends = line.char_indices().map(|(at, _)| at).chain([line.len()]);
        ends.nth(column.checked_sub(1)? as usize).map(|at| start + at)
    }

    /// The text with its tags replaced, so that Markdown can be read at the author's lines and columns: comments and lines
    /// that hold only a tag are left out, as they are when the text is filled in; other tags become fillers.
    pub fn masked(&self) -> MaskedText {
        let mut masked = MaskedText { text: String::with_capacity(self.text.len()), origins: Vec::new() };
        let mut at = 0;
        for tag in &self.tags {
            let (start, end) = if tag.standalone { self.lines_of(tag) } else { (tag.start, tag.end) };
            masked.push_text(&self.text[at.min(start)..start], at);
            if !(tag.standalone || tag.kind == TagKind::Comment) {
                masked.push_fillers(&self.text[start..end], start);
            }
            at = end;
        }
        masked.push_text(&self.text[at..], at);
        masked.origins.push((masked.text.len(), self.text.len()));
        masked
    }

    /// From the beginning of the line that a tag begins in to behind the line that it ends in.
    fn lines_of(&self, tag: &Tag) -> (usize, usize) {
        let start = self.text[..tag.start].rfind('\n').map_or(0, |at| at + 1);
        let end = self.text[tag.end..].find('\n').map_or(self.text.len(), |at| tag.end + at + 1);
        (start, end)
    }

    /// The sentence around a stretch of the text, its tags as they are written.
    pub fn sentence(&self, start: usize, end: usize) -> String {
        let before = &self.text[..start];
        let from = [". ", "! ", "? ", "\n\n", ".\n"]
            .iter()
            .filter_map(|stop| before.rfind(stop).map(|at| at + stop.len()))
            .max()
            .unwrap_or(0);
        let after = &self.text[end..];
        let to = [". ", "! ", "? ", ".\n", "\n\n"]
            .iter()
            .filter_map(|stop| after.find(stop).map(|at| at + 1))
            .min()
            .unwrap_or(after.len());
        self.text[from..end + to].split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// See [`ProseSource::masked`].
#[derive(Clone, Debug)]
pub(super) struct MaskedText {
    pub text: String,
    /// (offset in the masked text, offset in the source), for every character.
    origins: Vec<(usize, usize)>,
}

impl MaskedText {
    fn push_text(&mut self, text: &str, at: usize) {
        for (offset, c) in text.char_indices() {
            self.origins.push((self.text.len(), at + offset));
            self.text.push(c);
        }
    }

    /// A filler for every character of a tag but its line breaks.
    fn push_fillers(&mut self, tag: &str, at: usize) {
        for (offset, c) in tag.char_indices() {
            self.origins.push((self.text.len(), at + offset));
            self.text.push(if c == '\n' { c } else { FILLER });
        }
    }

    /// The source's offset of an offset of the masked text.
    pub fn origin(&self, offset: usize) -> usize {
        let at = self.origins.partition_point(|(masked, _)| *masked <= offset);
        at.checked_sub(1).map_or(0, |at| self.origins[at].1)
    }
}

fn scan_tags(text: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find("{{") {
        let start = at + found;
        let backslashes = text[..start].bytes().rev().take_while(|&byte| byte == b'\\').count();
        if backslashes == 1 {
            at = start + 2;
            continue;
        }
        let tag = scan_tag(text, start);
        at = tag.end;
        tags.push(tag);
    }
    tags
}

fn scan_tag(text: &str, start: usize) -> Tag {
    let rest = &text[start..];
    let raw = |close: &str| {
        let end = rest.find(close).map_or(text.len(), |at| start + at + close.len());
        plain_tag(start, end, TagKind::Raw)
    };
    if rest.starts_with("{{{{") {
        return raw("}}}}");
    }
    if rest.starts_with("{{{") {
        return raw("}}}");
    }
    if let Some(comment) = rest.strip_prefix("{{!") {
        let close = if comment.starts_with("--") { "--}}" } else { "}}" };
        return match comment.find(close) {
            Some(at) => plain_tag(start, start + 3 + at + close.len(), TagKind::Comment),
            None => plain_tag(start, text.len(), TagKind::Unclosed),
        };
    }
    let Some(close) = closing_braces(text, start + 2) else {
        let line_end = rest.find('\n').map_or(text.len(), |at| start + at);
        return plain_tag(start, line_end, TagKind::Unclosed);
    };
    let trim_before = text[start + 2..close].starts_with('~');
    let trim_after = text[start + 2..close].ends_with('~') && close > start + 3;
    let mut inner_start = start + 2 + usize::from(trim_before);
    let inner_end = close - usize::from(trim_after);
    inner_start += text[inner_start..inner_end].len() - text[inner_start..inner_end].trim_start().len();
    let inner = &text[inner_start..inner_end];
    let word = inner.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let (kind, sign) = match inner.as_bytes().first() {
        Some(b'#') if inner[1..].starts_with(['*', '>']) => (TagKind::Decorator, 2),
        Some(b'#') => (TagKind::Open, 1),
        Some(b'/') => (TagKind::Close, 1),
        Some(b'>') => (TagKind::Partial, 1),
        Some(b'*') => (TagKind::Decorator, 1),
        Some(b'&' | b'{') => (TagKind::Raw, 1),
        Some(b'^') => (TagKind::Else, 1),
        Some(b'!') => (TagKind::Comment, 1),
        _ if word == "else" => (TagKind::Else, 4),
        // A claim is a block with or without the sign.
        _ if word == "claim" => (TagKind::Open, 0),
        _ => (TagKind::Output, 0),
    };
    inner_start += sign;
    Tag { start, end: close + 2, inner_start, inner_end, kind, trim_before, trim_after, standalone: false }
}

fn plain_tag(start: usize, end: usize, kind: TagKind) -> Tag {
    Tag {
        start,
        end,
        inner_start: start,
        inner_end: end,
        kind,
        trim_before: false,
        trim_after: false,
        standalone: false,
    }
}

/// Where `}}` closes a tag, quoted texts passed over; `None` also if the tag would be longer than [`MAX_TAG`].
fn closing_braces(text: &str, from: usize) -> Option<usize> {
    let mut limit = text.len().min(from + MAX_TAG);
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let text = &text[..limit];
    let mut at = from;
    while let Some(c) = text[at..].chars().next() {
        if text[at..].starts_with("}}") {
            return Some(at);
        }
        // Where another tag begins, this one was never closed.
        if text[at..].starts_with("{{") {
            return None;
        }
        at += if ends_word(c) { read_quoted(&text[at..])?.length } else { c.len_utf8() };
    }
    None
}

fn is_standalone(text: &str, tag: &Tag) -> bool {
    let alone =
        matches!(tag.kind, TagKind::Open | TagKind::Close | TagKind::Else | TagKind::Comment | TagKind::Partial);
    let before = text[..tag.start].rsplit('\n').next().unwrap_or_default();
    let after = text[tag.end..].split('\n').next().unwrap_or_default();
    alone && before.trim().is_empty() && after.trim().is_empty()
}
