use memchr::{memchr, memmem, memrchr};

use super::archive::Archive;
use crate::diagnostic::Problem;

/// What a sheet says beside its cells. Rows and columns count from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scan {
    /// First and last of hidden rows, rising.
    pub(super) hidden: Vec<(u32, u32)>,
    /// Rising by top, then left.
    pub(super) merges: Vec<Merge>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Merge {
    pub(super) top: u32,
    pub(super) left: u32,
    pub(super) bottom: u32,
    pub(super) right: u32,
}

/// More merged cells than this are no table.
const MOST_MERGES: usize = 500_000;

impl Scan {
    pub(super) fn hide(&mut self, row: u32) {
        match self.hidden.last_mut() {
            Some((_, last)) if row >= *last && row <= *last + 1 => *last = row,
            _ => self.hidden.push((row, row)),
        }
    }

    pub(super) fn merge(&mut self, merge: Merge) {
        let sound = merge.top <= merge.bottom && merge.left <= merge.right;
        if sound && (merge.top, merge.left) != (merge.bottom, merge.right) && self.merges.len() < MOST_MERGES {
            self.merges.push(merge);
        }
    }

    pub(super) fn sorted(mut self) -> Scan {
        self.hidden.sort_unstable();
        self.merges.sort_unstable();
        self
    }

    /// One pass over a sheet's XML for hidden rows and merged cells, at the speed of a search for a few words.
    pub(super) fn of_xml(archive: &mut Archive, part: &str) -> Result<Scan, Box<Problem>> {
        let mut scan = Scan::default();
        let hidden = memmem::Finder::new(b"hidden=");
        let merged = memmem::Finder::new(b"mergeCell ");
        archive.scan(part, &mut |xml| {
            for at in hidden.find_iter(xml) {
                if let Some(row) = tag_around(xml, at).and_then(hidden_row) {
                    scan.hide(row);
                }
            }
            for at in merged.find_iter(xml) {
                if let Some(merge) = tag_around(xml, at).and_then(|tag| attribute(tag, b"ref")).and_then(range) {
                    scan.merge(merge);
                }
            }
        })?;
        Ok(scan.sorted())
    }
}

/// The tag that the byte at `at` stands in, from after `<` to before `>`.
fn tag_around(xml: &[u8], at: usize) -> Option<&[u8]> {
    let start = memrchr(b'<', &xml[..at])? + 1;
    let end = at + memchr(b'>', &xml[at..])?;
    Some(&xml[start..end])
}

/// The index of the row that `<row … hidden="1" …>` hides.
fn hidden_row(tag: &[u8]) -> Option<u32> {
    let name = tag.split(|byte| byte.is_ascii_whitespace()).next()?;
    let local = name.rsplit(|&byte| byte == b':').next()?;
    let hides = local == b"row" && matches!(attribute(tag, b"hidden")?, b"1" | b"true");
    if !hides {
        return None;
    }
    std::str::from_utf8(attribute(tag, b"r")?).ok()?.parse::<u32>().ok()?.checked_sub(1)
}

fn attribute<'x>(tag: &'x [u8], name: &[u8]) -> Option<&'x [u8]> {
    for at in memmem::find_iter(tag, name) {
        let parted = at > 0 && tag[at - 1].is_ascii_whitespace();
        let rest = tag[at + name.len()..].trim_ascii_start();
        if let Some(value) = rest.strip_prefix(b"=").filter(|_| parted) {
            let value = value.trim_ascii_start();
            let quote = *value.first()?;
            let end = memchr(quote, &value[1..])?;
            return Some(&value[1..=end]);
        }
    }
    None
}

/// `A2:C5`.
fn range(text: &[u8]) -> Option<Merge> {
    let text = std::str::from_utf8(text).ok()?;
    let (first, last) = text.split_once(':')?;
    let ((top, left), (bottom, right)) = (cell(first)?, cell(last)?);
    Some(Merge { top, left, bottom, right })
}

fn cell(text: &str) -> Option<(u32, u32)> {
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
