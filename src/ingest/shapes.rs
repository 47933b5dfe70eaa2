//! Shapes of tables: a declared turn of what a sheet holds into the rows of the contract, while they stream. A row that is
//! made keeps the address of what it was made of, so that nothing behind this room knows of shapes.
//!
//! What a sheet has no column for is in *added* columns, numbered from [`FIRST_ADDED`]; the layout names them like its
//! own, and [`SheetShape::origin`] says where their cells really are.

#![warn(missing_docs)]

mod form_head;
mod given_activity;
mod head_date;
mod mark_reader;
mod parent_rows;
mod periods;
mod share_columns;
mod wide;
mod wide_heads;

pub use form_head::{FormHead, choices_head, find_heading, form_head, join_heads};
pub use given_activity::name_given_activity;
pub use head_date::names_day;
pub use mark_reader::MarkReader;
pub use parent_rows::{ParentFault, ParentJoin, ParentRow, ParentRows};
pub use periods::{PeriodColumns, PeriodRow, resolve_periods};
pub use wide::{MadeRow, WideColumns};
pub use wide_heads::{HeadingState, names_session, resolve_heads};

use super::cell;
use super::layout::{LayoutColumn, SheetHead, TableKind, TableLayout, heading_text};
use super::raw_row::{Raw, RawCell, RawRow};
use super::settings::{GivenValue, TablePlan, WideHeads};
use crate::diagnostic::Problem;
use crate::fold;
use crate::folder::is_like;
use form_head::{SplitColumns, is_given};
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
    /// The cell that the row was made of.
    Made,
    /// The same cell for all rows of the sheet: row from 1, column from 0.
    Cell {
        /// From 1.
        row: u32,
        /// From 0.
        column: u32,
    },
    /// In a column of a row that the row belongs to.
    Parent {
        /// How many rows are between them: 0 is the nearest.
        level: usize,
        /// From 0.
        column: u32,
    },
    /// In another column of the same row, from 0.
    Beside {
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
    /// The sheet is one row of the table.
    pub is_one_row: bool,
    /// How its rows find those that they belong to.
    pub join: Option<ParentJoin>,
    /// Questions with a column for each answer, with the added columns that stand for them.
    splits: Vec<(u32, SplitColumns)>,
    /// Which of its rows are used.
    pub accepted: Option<AcceptedRows>,
    /// A column of marks for each day, activity or session.
    pub wide: Option<WideColumns>,
    /// A column for each period.
    pub periods: Option<PeriodColumns>,
}

impl SheetShape {
    /// The shape that a plan gives to a sheet, whose columns are added to its layout; `None` for a table whose rows are what
    /// they seem.
    pub fn new(
        plan: &TablePlan,
        layout: &mut TableLayout,
        head: &SheetHead<'static>,
        sheet: Option<&str>,
        form: Option<(&FormHead, Option<&ParentJoin>)>,
    ) -> Option<SheetShape> {
        let is_ignored = |heading: &str| plan.shape.ignored.iter().any(|pattern| is_like_heading(pattern, heading));
        layout.columns.retain(|column| column.listed || !is_ignored(&column.heading));
        let is_one_row = plan.shape.is_one_row(plan.kind, &plan.columns);
        let mut shape = SheetShape { is_one_row, ..SheetShape::default() };
        if let Some((form, join)) = form {
            let of_parent = |column: &u32| join.map(|join| join.origin(*column));
            let parents = form.parent_columns.iter().filter_map(of_parent);
            let splits = form.splits.iter().map(|split| Origin::Beside { column: split.column });
            shape.added.extend(parents.chain(splits).map(|origin| AddedColumn { origin, cell: None }));
            let first = FIRST_ADDED + form.parent_columns.len() as u32;
            shape.splits = (first..).zip(form.splits.iter().cloned()).collect();
            shape.join = join.cloned();
        }
        for (name, given) in &plan.shape.given {
            let (origin, cell) = match given {
                GivenValue::Cell { row, column, after } => {
                    let raw_row = head.rows().iter().find(|known| known.number == *row);
                    let cell = raw_row.and_then(|known| known.cell(*column)).cloned();
                    let cell = cell.and_then(|cell| match after {
                        Some(after) => behind(cell, after),
                        None => Some(cell),
                    });
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
            let total = wide.total.as_ref().map(|(total, _)| total.as_str());
            columns.candidates = find_candidates(layout, head, &plan.columns, total);
            shape.wide = Some(columns);
        }
        if let Some(heads) = &plan.shape.periods {
            let heading = Origin::Heading { row: layout.header_row };
            let value = if plan.kind == TableKind::Targets { "target" } else { "value" };
            let added = (shape.add(layout, "period", heading, None), shape.add(layout, value, Origin::Made, None));
            shape.periods = Some(PeriodColumns::new(heads.clone(), added, layout, head, &plan.columns));
        }
        (!shape.added.is_empty() || shape.wide.is_some() || shape.join.is_some()).then_some(shape)
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
        let of_marks = self.wide.as_ref().and_then(|wide| wide.heading(column));
        of_marks.or_else(|| self.periods.as_ref()?.heading(column))
    }

    /// The column of the first cell of a repeated header that isn't the heading of its marks or values, nor a part of it.
    pub fn find_other_heading(&self, row: &RawRow) -> Option<u32> {
        let is_other = |cell: &&RawCell| {
            let (Some(own), Some(text)) = (self.heading(cell.column), heading_text(row, cell.column)) else {
                return false;
            };
            let above = self.wide.as_ref().and_then(|wide| wide.above(cell.column)).unwrap_or_default();
            let (heading, key) = (fold::heading_key(&format!("{above} {own}")), fold::heading_key(&text));
            let is_part = heading.match_indices(key.as_str()).any(|(at, _)| {
                let (before, after) = (&heading[..at], &heading[at + key.len()..]);
                (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
            });
            !is_part
        };
        row.cells.iter().find(is_other).map(|cell| cell.column)
    }

    /// The cells that all rows of the sheet have in added columns, in their order.
    pub fn given_cells(&self) -> impl Iterator<Item = &RawCell<'static>> {
        self.added.iter().filter_map(|added| added.cell.as_ref())
    }

    /// Puts another content into a cell that all rows of the sheet have.
    fn set_given(&mut self, column: u32, raw: Raw<'static>) {
        let cells = self.added.iter_mut().filter_map(|added| added.cell.as_mut());
        cells.filter(|cell| cell.column == column).for_each(|cell| cell.raw = raw.clone());
    }

    /// Whether cells, not rows, of the sheet become rows of the table.
    pub fn is_by_cell(&self) -> bool {
        self.wide.is_some() || self.periods.is_some() || self.is_one_row
    }

    /// The row of a sheet that is one: its first cell is what it was made of.
    pub fn one_row(&self) -> RawRow<'_> {
        let cells = self.added.iter().filter_map(|added| match added.origin {
            Origin::Cell { row, column } => Some((row, column)),
            _ => None,
        });
        let first = cells.min();
        RawRow {
            number: first.map_or(1, |(row, _)| row),
            made_of: first.map(|(_, column)| column),
            cells: self.given_cells().map(RawCell::borrowed).collect(),
            ..RawRow::default()
        }
    }

    /// Adds to a row the cells of its parent, the answers of its questions, and what all rows of the sheet have.
    pub fn complete<'r>(&'r self, row: &mut RawRow<'r>, parent: Option<&'r ParentRow>) {
        if let Some(parent) = parent {
            row.parents = parent.numbers;
            row.cells.extend(parent.cells.iter().map(RawCell::borrowed));
        }
        for (column, split) in &self.splits {
            let is_chosen = |answer: &u32| row.cell(*answer).is_some_and(is_given);
            let chosen = split.answers.iter().filter(|(answer, _)| is_chosen(answer)).map(|(_, text)| text.as_str());
            let chosen = chosen.collect::<Vec<_>>().join("; ");
            if !chosen.is_empty() {
                row.cells.push(RawCell::new(*column, Raw::Text(chosen.into())));
            }
        }
        row.cells.extend(self.given_cells().map(RawCell::borrowed));
    }

    /// What can't be read of a row's answers to questions with a column for each answer.
    pub fn faults_of_answers(&self, row: &RawRow) -> Vec<(u32, Box<Problem>)> {
        self.splits.iter().flat_map(|(_, split)| split.faults(row)).collect()
    }

    /// The columns of the sheet, rising, that are read besides those of the layout.
    pub fn own_columns(&self) -> Vec<u32> {
        let of_marks = self.wide.as_ref().map(WideColumns::columns);
        of_marks.or_else(|| self.periods.as_ref().map(PeriodColumns::columns)).unwrap_or_default()
    }

    /// The columns that these are made of besides: keys, statuses, and questions with their answers.
    pub fn source_columns(&self, wanted: &[u32]) -> Vec<u32> {
        let splits = self.splits.iter().filter(|(column, _)| wanted.contains(column));
        let answers = splits.flat_map(|(_, split)| {
            split.answers.iter().map(|(answer, _)| *answer).chain(std::iter::once(split.column))
        });
        let status = self.accepted.as_ref().and_then(|accepted| accepted.status);
        answers.chain(self.join.as_ref().map(|join| join.reference)).chain(status).collect()
    }
}

/// Which rows of a form are used: by its validation status.
#[derive(Clone, Debug)]
pub struct AcceptedRows {
    /// Folded.
    words: Vec<String>,
    /// What a word may begin with.
    prefix: String,
    /// The sheet's own column of it; `None`: the parent's counts.
    pub status: Option<u32>,
}

impl AcceptedRows {
    /// The rows with one of these words in the column `status`.
    pub fn new(words: &[String], prefix: &str, status: Option<u32>) -> AcceptedRows {
        AcceptedRows {
            words: words.iter().map(|word| fold::heading_key(word)).collect(),
            prefix: fold::heading_key(prefix),
            status,
        }
    }

    /// Whether a status is one of them.
    pub fn includes(&self, status: Option<&RawCell>) -> bool {
        let text = cell::read_text(status).ok().flatten().unwrap_or_default();
        let key = fold::heading_key(&text);
        let bare = key.strip_prefix(self.prefix.as_str()).map_or(key.as_str(), str::trim_start);
        self.words.iter().any(|word| *word == key || word == bare)
    }
}

fn text_cell(text: &str) -> RawCell<'static> {
    RawCell::new(0, Raw::Text(text.to_owned().into()))
}

/// A cell with what its text says behind a mark; `None` if that is nothing. Without the mark the cell is as it was.
fn behind(cell: RawCell<'static>, mark: &str) -> Option<RawCell<'static>> {
    let value = match &cell.raw {
        Raw::Text(text) => text.split_once(mark).map(|(_, value)| value.trim().to_owned()),
        _ => None,
    };
    match value {
        None => Some(cell),
        Some(value) if value.is_empty() => None,
        Some(value) => Some(text_cell(&value)),
    }
}

/// Whether a heading is like a pattern of `ignore`.
fn is_like_heading(pattern: &str, heading: &str) -> bool {
    is_like(&fold::code_key(&cell::clean(pattern)), &fold::code_key(&cell::clean(heading)))
}
