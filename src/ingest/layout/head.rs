use std::sync::OnceLock;

use super::HEADER_WITHIN;
use super::heading::{Heading, double, heading_text, is_hxl, single};
use crate::ingest::raw::{Raw, RawRow};

/// The first rows of a sheet, which its header is looked for among.
pub struct Head<'r> {
    rows: Vec<RawRow<'r>>,
    possible: OnceLock<Vec<Possible>>,
}

/// Headings that may be a table's.
pub(super) struct Possible {
    /// Place among the rows.
    pub(super) at: usize,
    /// Last row of headings or tags.
    pub(super) row: u32,
    pub(super) headings: Vec<Heading>,
    /// This row or the next holds a text.
    pub(super) has_text: bool,
}

impl<'r> Head<'r> {
    pub fn new(rows: Vec<RawRow<'r>>) -> Head<'r> {
        Head { rows, possible: OnceLock::new() }
    }

    pub fn rows(&self) -> &[RawRow<'r>] {
        &self.rows
    }

    /// Each row that may be a header, by itself and with the row above it.
    pub(super) fn possible(&self) -> &[Possible] {
        self.possible.get_or_init(|| {
            let rows = self.rows.iter().enumerate().take_while(|(_, row)| row.number <= HEADER_WITHIN);
            let of = |(at, _): (usize, &RawRow)| {
                let has_text = self.rows[at..].iter().take(2).any(has_text);
                let headings = [single(&self.rows, at), double(&self.rows, at)].into_iter().flatten();
                headings.map(move |headings| self.tagged(at, headings, has_text)).collect::<Vec<_>>()
            };
            rows.flat_map(of).collect()
        })
    }

    /// Headings with the HXL tags below them, or that they are themselves.
    fn tagged(&self, at: usize, mut headings: Vec<Heading>, has_text: bool) -> Possible {
        let mut row = self.rows[at].number;
        if let Some(tags) = self.rows.get(at + 1).filter(|next| is_hxl(next)) {
            row = tags.number;
            for cell in &tags.cells {
                let Some(tag) = heading_text(tags, cell.column) else { continue };
                match headings.iter_mut().find(|heading| heading.column == cell.column) {
                    Some(heading) => heading.hxl = Some(tag),
                    None => {
                        let mut heading = Heading::new(cell.column, tags.number, tag.clone(), None);
                        heading.hxl = Some(tag);
                        headings.push(heading);
                    }
                }
            }
            headings.sort_by_key(|heading| heading.column);
        } else if is_hxl(&self.rows[at]) {
            for heading in &mut headings {
                heading.hxl = Some(heading.text.clone());
            }
        }
        Possible { at, row, headings, has_text }
    }
}

fn has_text(row: &RawRow<'_>) -> bool {
    row.cells.iter().any(|cell| matches!(cell.raw, Raw::Text(_)))
}
