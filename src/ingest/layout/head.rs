use std::sync::OnceLock;

use super::HEADER_WITHIN;
use super::heading::{Heading, double, heading_text, is_hxl, single};
use crate::ingest::raw::{Raw, RawRow};

/// The first rows of a sheet, which its header is looked for among.
pub struct Head<'r> {
    rows: Vec<RawRow<'r>>,
    possible: OnceLock<Vec<Possible>>,
}

/// Cells that headings are made of at most, row by row from the top: a sheet may be 16,384 columns wide.
const MOST_CELLS: usize = 100_000;

/// Headings that may be a table's: those of a row, or of a row and the one above it. Made when they are first asked for.
pub(super) struct Possible {
    /// Place among the rows.
    pub(super) at: usize,
    is_double: bool,
    /// This row or the next holds a text.
    pub(super) has_text: bool,
    tagged: OnceLock<Tagged>,
}

/// Headings with the HXL tags below them, or that they are themselves.
#[derive(Default)]
pub(super) struct Tagged {
    /// Last row of headings or tags.
    pub(super) row: u32,
    /// None where there are no headings after all.
    pub(super) headings: Vec<Heading>,
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
            let mut cells = 0;
            let mut within = |row: &RawRow| {
                let fits = row.number <= HEADER_WITHIN && cells <= MOST_CELLS;
                cells += row.cells.len();
                fits
            };
            let rows = self.rows.iter().enumerate().take_while(|(_, row)| within(row));
            let of = |(at, _): (usize, &RawRow)| {
                let has_text = self.rows[at..].iter().take(2).any(has_text);
                [false, true].map(|is_double| Possible { at, is_double, has_text, tagged: OnceLock::new() })
            };
            rows.flat_map(of).collect()
        })
    }

    pub(super) fn tagged<'h>(&'h self, possible: &'h Possible) -> &'h Tagged {
        possible.tagged.get_or_init(|| {
            let at = possible.at;
            let headings = if possible.is_double { double(&self.rows, at) } else { single(&self.rows, at) };
            headings.map(|headings| self.with_tags(at, headings)).unwrap_or_default()
        })
    }

    fn with_tags(&self, at: usize, mut headings: Vec<Heading>) -> Tagged {
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
        Tagged { row, headings }
    }
}

fn has_text(row: &RawRow<'_>) -> bool {
    row.cells.iter().any(|cell| matches!(cell.raw, Raw::Text(_)))
}
