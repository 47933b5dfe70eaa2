//! Tables of a Word file. A cell is named as Word's own formulas name it: `B3` is the second cell of the third row, however
//! wide the cells are.

use std::ops::Range;

use super::controls::{Control, FilledControl, run_in_paragraph};
use super::placeholders::{PartText, WordPart};
use super::word::write_text;
use super::workbook::parse_cell;
use super::{FormFaultKind, FormSpot};
use crate::diagnostic::cell_name;
use crate::render::xml_scan::{XmlItem, XmlItemKind, end_of};
use crate::report::form::FormValue;

pub(super) struct WordTable {
    /// From its alternative text; empty without one.
    title: String,
    rows: Vec<Vec<TableCell>>,
    /// Column of the grid at which the row begins that is read.
    row_column: u32,
}

struct TableCell {
    /// Range of the part's items.
    items: Range<usize>,
    /// Column of the table's grid, which cells of other widths share.
    grid_column: u32,
    grid_columns: u32,
    /// Merged with the cell above it.
    is_continued: bool,
    /// Tables in it, as ranges of items.
    nested: Vec<Range<usize>>,
}

/// A cell by its table, its row and its place in the row, each from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WordCell {
    pub table: usize,
    pub row: usize,
    pub at: usize,
}

impl WordCell {
    /// As project.toml names it.
    pub(super) fn spot(self) -> FormSpot {
        FormSpot::TableCell { table: self.table as u32 + 1, row: self.row as u32 + 1, column: self.at as u32 }
    }

    /// `2!B3`
    pub(super) fn name(self) -> String {
        format!("{}!{}", self.table + 1, cell_name(self.row as u32 + 1, self.at as u32))
    }
}

/// The tables of a part, in the order in which they begin.
pub(super) fn find_tables(items: &[XmlItem]) -> Vec<WordTable> {
    let mut tables: Vec<WordTable> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(item) = items.get(at) {
        // What was before a tracked change, and the same words a second time for older programs.
        if item.kind == XmlItemKind::Start && (item.name.ends_with("PrChange") || item.name == "Fallback") {
            at = end_of(items, at);
            continue;
        }
        let value = || item.attribute("val").unwrap_or_default();
        if item.kind == XmlItemKind::Start && item.name == "tbl" {
            if let Some(cell) = open.last().and_then(|outer| tables[*outer].last_cell()) {
                cell.nested.push(at..end_of(items, at));
            }
            open.push(tables.len());
            tables.push(WordTable { title: String::new(), rows: Vec::new(), row_column: 0 });
        } else if item.ends("tbl") {
            open.pop();
        } else if let Some(table) = open.last().map(|index| &mut tables[*index]) {
            match item.name.as_str() {
                "tblCaption" => value().trim().clone_into(&mut table.title),
                "tr" if item.begins("tr") => {
                    table.rows.push(Vec::new());
                    table.row_column = 0;
                }
                "gridBefore" => table.row_column = value().parse().unwrap_or_default(),
                "tc" if item.begins("tc") => table.add_cell(at..end_of(items, at)),
                "gridSpan" => {
                    if let (Some(cell), Ok(columns)) = (table.last_cell(), value().parse()) {
                        cell.grid_columns = columns;
                    }
                }
                "vMerge" => {
                    if let Some(cell) = table.last_cell() {
                        cell.is_continued = value() != "restart";
                    }
                }
                _ => {}
            }
        }
        at += 1;
    }
    tables
}

impl WordTable {
    fn last_cell(&mut self) -> Option<&mut TableCell> {
        self.rows.last_mut()?.last_mut()
    }

    fn add_cell(&mut self, items: Range<usize>) {
        let Some(row) = self.rows.last_mut() else { return };
        let behind = row.last().map(|before| before.grid_column.saturating_add(before.grid_columns));
        let grid_column = behind.unwrap_or(self.row_column);
        row.push(TableCell { items, grid_column, grid_columns: 1, is_continued: false, nested: Vec::new() });
    }

    /// `A1:D7`, as far as the table reaches.
    fn extent(&self) -> String {
        let width = self.rows.iter().map(Vec::len).max().unwrap_or_default().max(1);
        format!("A1:{}", cell_name(self.rows.len().max(1) as u32, width as u32 - 1))
    }

    fn holder(&self, mut row: usize, at: usize) -> (usize, usize) {
        let (column, mut index) = (self.rows[row][at].grid_column, at);
        while row > 0 && self.rows[row][index].is_continued {
            let above = self.rows[row - 1].iter().position(|cell| cell.grid_column == column);
            let Some(above) = above else { break };
            (row, index) = (row - 1, above);
        }
        (row, index)
    }
}

/// The tables of a Word file's text, with the part that holds them.
pub(super) struct WordTables<'p> {
    pub part: &'p WordPart<'p>,
    /// The controls of that part.
    pub controls: Vec<&'p Control>,
    pub tables: Vec<WordTable>,
}

impl WordTables<'_> {
    /// Each table as a range of cells: `1!A1:D7`, `Activities!A1:C9`.
    pub(super) fn names(&self) -> Vec<String> {
        let names = self.tables.iter().enumerate().map(|(at, table)| {
            let number = (at + 1).to_string();
            format!("{}!{}", if table.title.is_empty() { &number } else { &table.title }, table.extent())
        });
        names.collect()
    }

    /// `2!B3`, a table's title instead of its number, or `@tag` for the cell that holds a control.
    pub(super) fn find_cell(&self, place: &str) -> Option<WordCell> {
        let place = place.trim();
        if let Some(tag) = place.strip_prefix('@') {
            let control = self.controls.iter().find(|control| control.tag == tag)?;
            return self.cell_around(control).or_else(|| self.first_cell_in(control));
        }
        let (name, cell) = place.rsplit_once('!')?;
        let (row, column) = parse_cell(cell)?;
        let of_title = |table: &WordTable| !name.is_empty() && table.title.to_lowercase() == name.trim().to_lowercase();
        let number = || name.trim().parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < self.tables.len());
        let table = self.tables.iter().position(of_title).or_else(number)?;
        let cell = WordCell { table, row: row as usize - 1, at: column as usize };
        self.cell(cell).is_some().then_some(cell)
    }

    fn cell(&self, cell: WordCell) -> Option<&TableCell> {
        self.tables.get(cell.table)?.rows.get(cell.row)?.get(cell.at)
    }

    fn cells(&self) -> impl Iterator<Item = (WordCell, &TableCell)> {
        self.tables.iter().enumerate().flat_map(|(table, content)| {
            content.rows.iter().enumerate().flat_map(move |(row, cells)| {
                cells.iter().enumerate().map(move |(at, cell)| (WordCell { table, row, at }, cell))
            })
        })
    }

    /// The innermost cell that holds a control.
    fn cell_around(&self, control: &Control) -> Option<WordCell> {
        let around = self.cells().filter(|(_, cell)| cell.items.contains(&control.content.start));
        around.min_by_key(|(_, cell)| cell.items.len()).map(|(cell, _)| cell)
    }

    fn first_cell_in(&self, control: &Control) -> Option<WordCell> {
        self.cells().find(|(_, cell)| control.content.contains(&cell.items.start)).map(|(cell, _)| cell)
    }

    /// The cell that holds the text where cells are merged.
    pub(super) fn holder(&self, cell: WordCell) -> WordCell {
        let (row, at) = self.tables[cell.table].holder(cell.row, cell.at);
        WordCell { row, at, ..cell }
    }

    /// Rows from a cell on in which that many cells are blank.
    pub(super) fn blank_rows(&self, first: WordCell, columns: usize) -> usize {
        let is_room = |row: &usize| {
            (first.at..first.at + columns).all(|at| {
                let cell = WordCell { row: *row, at, ..first };
                self.cell(cell).is_some_and(|found| self.is_blank(found))
            })
        };
        (first.row..).take_while(is_room).count()
    }

    fn items_of(&self, cell: &TableCell) -> impl Iterator<Item = &XmlItem> {
        self.part.items[cell.items.clone()].iter()
    }

    fn texts_of(&self, cell: &TableCell) -> impl Iterator<Item = (usize, &PartText)> {
        let is_own = |text: &PartText| {
            cell.items.contains(&text.item) && !cell.nested.iter().any(|nested| nested.contains(&text.item))
        };
        let paragraphs = self.part.paragraphs.iter().enumerate();
        paragraphs
            .flat_map(|(index, paragraph)| paragraph.texts.iter().map(move |text| (index, text)))
            .filter(move |(_, text)| is_own(text))
    }

    /// The control in a cell, or the one around nothing but the cell.
    fn control_of(&self, cell: &TableCell) -> Option<&Control> {
        let inner = self.controls.iter().find(|control| {
            let start = control.content.start;
            cell.items.contains(&start) && !cell.nested.iter().any(|nested| nested.contains(&start))
        });
        let is_single = |control: &Control| {
            self.part.items[control.content.clone()].iter().filter(|item| item.begins("tc")).count() == 1
        };
        let around = |control: &&&Control| control.content.contains(&cell.items.start) && is_single(control);
        inner.or_else(|| self.controls.iter().find(around)).copied()
    }

    fn is_computed(&self, cell: &TableCell) -> bool {
        let mut in_field = false;
        self.items_of(cell).any(|item| {
            if item.name == "instrText" {
                in_field = item.kind == XmlItemKind::Start;
            }
            let words = if item.begins("fldSimple") { item.attribute("instr").unwrap_or_default() } else { &item.text };
            (in_field || item.begins("fldSimple")) && words.trim_start().starts_with('=')
        })
    }

    fn is_blank(&self, cell: &TableCell) -> bool {
        let prompt = self.control_of(cell).filter(|control| control.is_prompt).map(|control| control.content.clone());
        let is_prompt = |text: &PartText| prompt.as_ref().is_some_and(|prompt| prompt.contains(&text.item));
        let has_text = || self.texts_of(cell).any(|(_, text)| !text.content.trim().is_empty() && !is_prompt(text));
        let has_picture =
            || self.items_of(cell).any(|item| ["drawing", "pict", "object"].iter().any(|name| item.begins(name)));
        cell.nested.is_empty() && !has_text() && !has_picture() && !self.is_computed(cell)
    }

    /// Whether a cell holds a field of a form, and the control or cell as a range of items.
    pub(super) fn field_of(&self, cell: WordCell) -> (bool, Range<usize>) {
        let Some(found) = self.cell(cell) else { return (false, 0..0) };
        let has_field = self.control_of(found).is_some() || self.items_of(found).any(|item| item.begins("ffData"));
        (has_field, found.items.clone())
    }

    /// What changes in the part where a cell gets a text, and which paragraphs are touched.
    pub(super) fn fill(&self, cell: WordCell, value: &FormValue) -> Result<FilledControl, FormFaultKind> {
        let no_place = || FormFaultKind::NoPlace { place: cell.name(), known: self.names() };
        let found = self.cell(cell).ok_or_else(no_place)?;
        if self.is_computed(found) {
            return Err(FormFaultKind::Formula);
        }
        let around = |control: &&&Control| control.content.contains(&found.items.start);
        if self.controls.iter().filter(around).any(|control| control.is_locked) {
            return Err(FormFaultKind::Locked);
        }
        if let Some(control) = self.control_of(found) {
            return control.fill_unlocked(self.part, value);
        }
        let mut words = Some(value.text.as_str());
        let (mut changes, mut touched) = (Vec::new(), Vec::new());
        for (index, text) in self.texts_of(found) {
            let element = &self.part.text[text.span.clone()];
            changes.push((text.span.clone(), write_text(element, words.take().unwrap_or_default())));
            touched.push(index);
        }
        if changes.is_empty() {
            let is_own =
                |at: &usize| self.part.items[*at].begins("p") && !found.nested.iter().any(|nested| nested.contains(at));
            let paragraph = found.items.clone().find(is_own).ok_or_else(no_place)?;
            let start = self.part.items[paragraph].span.start;
            changes.push(run_in_paragraph(self.part, paragraph, value).ok_or_else(no_place)?);
            touched.extend(self.part.paragraphs.iter().position(|paragraph| paragraph.span.start == start));
        }
        Ok((changes, touched))
    }
}
