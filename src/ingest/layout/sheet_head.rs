use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::LAST_HEADER_ROW;
use super::heading::{Heading, heading_text, is_hxl_row, one_row_headings, two_row_headings};
use crate::ingest::raw_row::{Raw, RawCell, RawRow};

/// The first rows of a sheet, among which its header is looked for.
pub struct SheetHead<'r> {
    rows: Vec<RawRow<'r>>,
    /// The last row of headings, where somebody says it.
    header_row: Option<u32>,
    possible: OnceLock<Vec<PossibleHeader>>,
}

/// Cells in which a header is looked for, row by row from the top: a sheet may be 16,384 columns wide.
const MAX_CELLS: usize = 100_000;

/// A row that may be a header, by itself or with the row above it. Its headings are read on first use.
pub(super) struct PossibleHeader {
    /// Index into the rows.
    pub(super) row: usize,
    is_two_rows: bool,
    /// This row or the next holds a text.
    pub(super) has_text: bool,
    /// The row above groups the headings of this one.
    pub(super) is_grouped: bool,
    headings: OnceLock<HeaderHeadings>,
}

/// The headings of a possible header, with the HXL tags below them or the tags that they are themselves.
#[derive(Default)]
pub(super) struct HeaderHeadings {
    /// Last row of headings or tags, as a spreadsheet program shows it.
    pub(super) row: u32,
    /// Empty if there are no headings after all.
    pub(super) headings: Vec<Heading>,
}

impl<'r> SheetHead<'r> {
    /// `rows` from the top of the sheet.
    pub fn new(rows: Vec<RawRow<'r>>) -> SheetHead<'r> {
        SheetHead { rows, header_row: None, possible: OnceLock::new() }
    }

    /// The same rows with headings that end in this one and no other.
    pub fn with_header(&self, header_row: u32) -> SheetHead<'r> {
        SheetHead { rows: self.rows.clone(), header_row: Some(header_row), possible: OnceLock::new() }
    }

    /// The rows with content, from the top.
    pub fn rows(&self) -> &[RawRow<'r>] {
        &self.rows
    }

    /// The headings of a row, each after the heading above it where that one groups several; by column.
    pub fn grouped_headings(&self, row: u32) -> BTreeMap<u32, String> {
        let is_of_row = |possible: &&PossibleHeader| possible.is_grouped && self.rows[possible.row].number == row;
        let headings =
            self.possible_headers().iter().filter(is_of_row).flat_map(|found| &self.headings(found).headings);
        headings
            .filter_map(|heading| Some((heading.column, format!("{} {}", heading.above.as_ref()?, heading.text))))
            .collect()
    }

    /// Each row that may be a header, by itself and with the row above it.
    pub(super) fn possible_headers(&self) -> &[PossibleHeader] {
        self.possible.get_or_init(|| {
            let mut cells = 0;
            let mut may_be_header = |row: &RawRow| {
                let fits = row.number <= LAST_HEADER_ROW && cells <= MAX_CELLS;
                cells += row.cells.len();
                fits
            };
            let rows = self.rows.iter().enumerate().take_while(|(_, row)| may_be_header(row));
            let one_and_two_rows = |(row, _): (usize, &RawRow)| {
                let has_text = self.rows[row..].iter().take(2).any(has_text);
                [false, true].map(|is_two_rows| PossibleHeader {
                    row,
                    is_two_rows,
                    has_text,
                    is_grouped: is_two_rows && row > 0 && is_grouping(&self.rows[row - 1], &self.rows[row]),
                    headings: OnceLock::new(),
                })
            };
            let is_wanted = |(_, row): &(usize, &RawRow)| self.header_row.is_none_or(|wanted| wanted == row.number);
            rows.filter(is_wanted).flat_map(one_and_two_rows).collect()
        })
    }

    /// The headings of a possible header.
    pub(super) fn headings<'h>(&'h self, possible: &'h PossibleHeader) -> &'h HeaderHeadings {
        possible.headings.get_or_init(|| {
            let at = possible.row;
            let headings =
                if possible.is_two_rows { two_row_headings(&self.rows, at) } else { one_row_headings(&self.rows, at) };
            headings.map(|headings| self.add_hxl_tags(at, headings)).unwrap_or_default()
        })
    }

    fn add_hxl_tags(&self, at: usize, mut headings: Vec<Heading>) -> HeaderHeadings {
        let mut row = self.rows[at].number;
        if let Some(tags) = self.rows.get(at + 1).filter(|next| is_hxl_row(next)) {
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
        } else if is_hxl_row(&self.rows[at]) {
            for heading in &mut headings {
                heading.hxl = Some(heading.text.clone());
            }
        }
        HeaderHeadings { row, headings }
    }
}

/// Whether cells of a row that are merged from left to right reach over some headings of the row below, and not over all of
/// them as a title does.
fn is_grouping(above: &RawRow<'_>, row: &RawRow<'_>) -> bool {
    let is_own = |column: u32| row.cell(column).is_some_and(|cell| !cell.merged && above.cell(column).is_some());
    let reaches_on = |pair: &[RawCell<'_>]| {
        let [left, right] = pair else { return false };
        right.merged
            && left.raw == right.raw
            && left.column + 1 == right.column
            && is_own(left.column)
            && is_own(right.column)
    };
    let Some(group) = above.cells.windows(2).find(|pair| reaches_on(pair)).map(|pair| &pair[0].raw) else {
        return false;
    };
    let is_under = |cell: &RawCell<'_>| above.cell(cell.column).is_some_and(|above| above.raw == *group);
    above.number + 1 == row.number && !row.cells.iter().all(is_under)
}

fn has_text(row: &RawRow<'_>) -> bool {
    row.cells.iter().any(|cell| matches!(cell.raw, Raw::Text(_)))
}
