use memchr::{memchr, memmem, memrchr};

use super::archive::Archive;
use crate::diagnostic::Problem;

/// Hidden rows and merged cells of a sheet. Rows and columns count from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SheetGeometry {
    /// First and last of adjacent hidden rows, rising.
    pub(super) hidden_rows: Vec<(u32, u32)>,
    /// Ordered by top, then left.
    pub(super) merged: Vec<MergedRange>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MergedRange {
    pub(super) top: u32,
    pub(super) left: u32,
    pub(super) bottom: u32,
    pub(super) right: u32,
}

/// More merged ranges than this are no table; the rest is ignored.
const MAX_MERGED: usize = 500_000;

impl SheetGeometry {
    pub(super) fn add_hidden_row(&mut self, row: u32) {
        match self.hidden_rows.last_mut() {
            Some((_, last)) if row >= *last && row <= *last + 1 => *last = row,
            _ => self.hidden_rows.push((row, row)),
        }
    }

    pub(super) fn add_merged(&mut self, merged: MergedRange) {
        let is_sound = merged.top <= merged.bottom && merged.left <= merged.right;
        let is_one_cell = (merged.top, merged.left) == (merged.bottom, merged.right);
        if is_sound && !is_one_cell && self.merged.len() < MAX_MERGED {
            self.merged.push(merged);
        }
    }

    /// In the order that [`super::row_assembler`] expects.
    pub(super) fn sorted(mut self) -> SheetGeometry {
        self.hidden_rows.sort_unstable();
        self.merged.sort_unstable();
        self
    }

    /// Reads them in one pass over a sheet's XML, at the speed of a search for a few words.
    pub(super) fn read_xml(archive: &mut Archive, part: &str) -> Result<SheetGeometry, Box<Problem>> {
        let mut geometry = SheetGeometry::default();
        let hidden_attribute = memmem::Finder::new(b"hidden=");
        let merged_tag = memmem::Finder::new(b"mergeCell ");
        archive.scan_xml(part, &mut |xml| {
            for at in hidden_attribute.find_iter(xml) {
                if let Some(row) = tag_around(xml, at).and_then(hidden_row) {
                    geometry.add_hidden_row(row);
                }
            }
            for at in merged_tag.find_iter(xml) {
                if let Some(merged) = tag_around(xml, at).and_then(|tag| attribute(tag, b"ref")).and_then(parse_range) {
                    geometry.add_merged(merged);
                }
            }
        })?;
        Ok(geometry.sorted())
    }
}

/// The tag around the byte at `at`, without `<` and `>`.
fn tag_around(xml: &[u8], at: usize) -> Option<&[u8]> {
    let start = memrchr(b'<', &xml[..at])? + 1;
    let end = at + memchr(b'>', &xml[at..])?;
    Some(&xml[start..end])
}

/// The index of the row that `<row … hidden="1" …>` hides.
fn hidden_row(tag: &[u8]) -> Option<u32> {
    let name = tag.split(|byte| byte.is_ascii_whitespace()).next()?;
    let local = name.rsplit(|&byte| byte == b':').next()?;
    let is_hidden_row = local == b"row" && matches!(attribute(tag, b"hidden")?, b"1" | b"true");
    if !is_hidden_row {
        return None;
    }
    std::str::from_utf8(attribute(tag, b"r")?).ok()?.parse::<u32>().ok()?.checked_sub(1)
}

/// The value of an attribute of a tag.
fn attribute<'x>(tag: &'x [u8], name: &[u8]) -> Option<&'x [u8]> {
    for at in memmem::find_iter(tag, name) {
        let is_name_start = at > 0 && tag[at - 1].is_ascii_whitespace();
        let rest = tag[at + name.len()..].trim_ascii_start();
        if let Some(value) = rest.strip_prefix(b"=").filter(|_| is_name_start) {
            let value = value.trim_ascii_start();
            let quote = *value.first()?;
            let end = memchr(quote, &value[1..])?;
            return Some(&value[1..=end]);
        }
    }
    None
}

/// `A2:C5`
fn parse_range(text: &[u8]) -> Option<MergedRange> {
    let text = std::str::from_utf8(text).ok()?;
    let (first, last) = text.split_once(':')?;
    let ((top, left), (bottom, right)) = (parse_cell(first)?, parse_cell(last)?);
    Some(MergedRange { top, left, bottom, right })
}

/// `C5` as (4, 2).
fn parse_cell(text: &str) -> Option<(u32, u32)> {
    let text = text.trim();
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let letters = text[..digits].trim_matches('$');
    let mut column = 0u32;
    for letter in letters.bytes() {
        if !letter.is_ascii_alphabetic() {
            return None;
        }
        column = column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)?;
    }
    let row: u32 = text[digits..].parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}
