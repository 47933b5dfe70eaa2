//! Shapes of tables: a declared turn of what a sheet holds into the rows of the contract, while they stream. A row that is
//! made keeps the address of what it was made of, so that nothing behind this room knows of shapes.
//!
//! What a sheet has no column for stands in *added* columns, numbered from [`FIRST_ADDED`]; the layout names them like its
//! own, and [`SheetShape::origin`] says where their cells really are.

#![warn(missing_docs)]

mod head_date;
mod mark_reader;
mod wide;
mod wide_heads;

pub use mark_reader::MarkReader;
pub use wide::{MadeRow, WideColumns};
pub use wide_heads::{HeadingState, resolve_heads};

use super::cell;
use super::layout::{LayoutColumn, SheetHead, TableLayout};
use super::raw_row::{Raw, RawCell};
use super::settings::{GivenValue, TablePlan, WideHeads};
use crate::fold;
use wide_heads::find_candidates;

/// The number of the first added column; no sheet is so wide.
pub const FIRST_ADDED: u32 = 1 << 24;

/// Where the cell of an added column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The heading of the cell that the row was made of.
    Heading {
        /// The heading's row.
        row: u32,
    },
    /// The same cell for all rows of the sheet: row from 1, column from 0.
    Cell {
        /// From 1.
        row: u32,
        /// From 0.
        column: u32,
    },
    /// In no cell: the sheet's name, or a text of project.toml.
    Nowhere,
}

/// A column that the sheet doesn't have.
#[derive(Clone, Debug)]
struct AddedColumn {
    origin: Origin,
    /// Its cell where that is the same for all rows of the sheet.
    cell: Option<RawCell<'static>>,
}

/// How the rows of one sheet are made.
#[derive(Clone, Debug, Default)]
pub struct SheetShape {
    added: Vec<AddedColumn>,
    /// A column of marks for each day, activity or session.
    pub wide: Option<WideColumns>,
}

impl SheetShape {
    /// The shape that a plan gives to a sheet, whose columns are added to its layout; `None` for a table whose rows are what
    /// they seem.
    pub fn new(
        plan: &TablePlan,
        layout: &mut TableLayout,
        head: &SheetHead<'static>,
        sheet: Option<&str>,
    ) -> Option<SheetShape> {
        layout.columns.retain(|column| {
            column.listed || !plan.shape.ignored.iter().any(|pattern| is_like(pattern, &column.heading))
        });
        let mut shape = SheetShape::default();
        for (name, given) in &plan.shape.given {
            let (origin, cell) = match given {
                GivenValue::Cell { row, column } => {
                    let raw_row = head.rows().iter().find(|known| known.number == *row);
                    let cell = raw_row.and_then(|known| known.cell(*column)).cloned();
                    (Origin::Cell { row: *row, column: *column }, cell)
                }
                GivenValue::Sheet => (Origin::Nowhere, sheet.map(text_cell)),
                GivenValue::Text(text) => (Origin::Nowhere, Some(text_cell(text))),
            };
            shape.add(layout, name, origin, cell);
        }
        if let Some(wide) = &plan.shape.wide {
            let heading = Origin::Heading { row: layout.header_row };
            let mut add = |shape: &mut SheetShape, name: &str| match layout.column(name) {
                Some(known) => known.column,
                None => shape.add(layout, name, heading, None),
            };
            let mut columns = WideColumns::new(wide.clone());
            match wide.heads {
                WideHeads::Date => {
                    columns.date = Some(add(&mut shape, "date"));
                    let known = add(&mut shape, "activity");
                    columns.activity = Some(known).filter(|column| shape.origin(*column) == Some(heading));
                }
                WideHeads::Activity => columns.activity = Some(add(&mut shape, "activity")),
                WideHeads::Session => {
                    columns.session = Some(add(&mut shape, "session"));
                    columns.date =
                        Some(add(&mut shape, "date")).filter(|column| shape.origin(*column) == Some(heading));
                }
            }
            columns.candidates = find_candidates(layout, head, &plan.columns, wide);
            shape.wide = Some(columns);
        }
        (!shape.added.is_empty() || shape.wide.is_some()).then_some(shape)
    }

    /// Adds a column; returns its number.
    fn add(&mut self, layout: &mut TableLayout, name: &str, origin: Origin, cell: Option<RawCell<'static>>) -> u32 {
        let column = FIRST_ADDED + self.added.len() as u32;
        self.added.push(AddedColumn { origin, cell: cell.map(|cell| RawCell { column, shared: None, ..cell }) });
        layout.columns.push(LayoutColumn {
            column,
            name: name.to_owned(),
            listed: true,
            lang: None,
            heading: name.to_owned(),
            above: None,
            row: layout.header_row,
        });
        column
    }

    /// Where the cells of an added column are; `None` for a column of the sheet.
    pub fn origin(&self, column: u32) -> Option<Origin> {
        let at = column.checked_sub(FIRST_ADDED)?;
        self.added.get(at as usize).map(|added| added.origin)
    }

    /// The heading of a column of marks.
    pub fn heading(&self, column: u32) -> Option<&str> {
        self.wide.as_ref()?.heading(column)
    }

    /// The cells that all rows of the sheet have in added columns, in their order.
    pub fn given_cells(&self) -> impl Iterator<Item = &RawCell<'static>> {
        self.added.iter().filter_map(|added| added.cell.as_ref())
    }

    /// Whether cells, not rows, of the sheet become rows of the table.
    pub fn is_by_cell(&self) -> bool {
        self.wide.is_some()
    }

    /// The columns of the sheet, rising, that are read besides those of the layout.
    pub fn own_columns(&self) -> Vec<u32> {
        self.wide.as_ref().map(WideColumns::columns).unwrap_or_default()
    }
}

fn text_cell(text: &str) -> RawCell<'static> {
    RawCell::new(0, Raw::Text(text.to_owned().into()))
}

/// Whether a heading is like a pattern, in which `*` stands for any letters.
pub fn is_like(pattern: &str, heading: &str) -> bool {
    let (pattern, heading) = (fold::code_key(&cell::clean(pattern)), fold::code_key(&cell::clean(heading)));
    let mut parts = pattern.split('*');
    let Some(mut rest) = heading.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let Some((last, middle)) = parts.collect::<Vec<_>>().split_last().map(|(last, middle)| (*last, middle.to_vec()))
    else {
        return rest.is_empty();
    };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.len() >= last.len() && rest.ends_with(last)
}
