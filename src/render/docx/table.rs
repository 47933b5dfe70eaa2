//! Tables: heading rows that come again on every page, rows that don't break, a paragraph behind each.

use std::ops::Range;

use super::body_writer::DocumentWriter;
use super::column_widths::{ColumnWidths, sum_of};
use super::written_paragraphs::ParagraphKind;

/// Begins the mark of a width that isn't known yet. XML doesn't allow the letter, so that no text holds it.
const WIDTH_MARK: &str = "\u{1}";
/// No part of a table on a page has fewer rows, unless the table has.
const TOGETHER: usize = 3;

/// To which side the words of a column are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum TextSide {
    #[default]
    Start,
    Center,
    End,
}

/// A column: its share of the table's width, and its side.
#[derive(Clone, Copy, Debug)]
pub(super) struct ColumnShape {
    pub share: u32,
    pub side: TextSide,
}

/// How a cell is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct CellStyle {
    /// The style of its paragraphs.
    pub paragraph: &'static str,
    /// Columns that it spans.
    pub span: usize,
    /// It goes on in the row below, or goes on from the row above.
    pub merge: Option<Merge>,
}

/// A cell over several rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Merge {
    Begin,
    Continue,
}

impl Default for CellStyle {
    fn default() -> CellStyle {
        CellStyle { paragraph: "TableText", span: 1, merge: None }
    }
}

impl CellStyle {
    pub(super) fn heading() -> CellStyle {
        CellStyle { paragraph: "TableHeading", ..CellStyle::default() }
    }

    pub(super) fn spanning(self, span: usize) -> CellStyle {
        CellStyle { span, ..self }
    }

    pub(super) fn merged(self, merge: Merge) -> CellStyle {
        CellStyle { merge: Some(merge), ..self }
    }
}

/// A table while its rows are written.
pub(super) struct TableWriter<'w, 'd> {
    writer: &'w mut DocumentWriter<'d>,
    columns: &'w [ColumnShape],
    widths: ColumnWidths,
    /// Where each row that stays whole was written, headings aside.
    rows: Vec<Range<usize>>,
}

/// A row while its cells are written.
pub(super) struct TableRowWriter<'t, 'w, 'd> {
    table: &'t mut TableWriter<'w, 'd>,
    column: usize,
    /// Where the cell that is written begins.
    cell_start: usize,
}

impl<'d> DocumentWriter<'d> {
    /// A table over the whole width, in a style. Tables beside each other would become one, so a small paragraph follows.
    pub(super) fn table(&mut self, style: &str, columns: &[ColumnShape], rows: impl FnOnce(&mut TableWriter<'_, 'd>)) {
        let widths = ColumnWidths::new(columns.iter().map(|column| column.share), self.width);
        let start = self.xml.len();
        self.xml.open("w:tbl", &[]);
        self.xml.open("w:tblPr", &[]);
        self.xml.value("w:tblStyle", style);
        self.xml.empty("w:tblW", &[("w:w", &widths.of(0, columns.len()).to_string()), ("w:type", "dxa")]);
        self.xml.empty("w:tblLayout", &[("w:type", "fixed")]);
        self.xml.empty("w:tblLook", &[("w:val", "0020"), ("w:firstRow", "1"), ("w:noHBand", "1"), ("w:noVBand", "1")]);
        self.xml.close();
        self.xml.open("w:tblGrid", &[]);
        for column in 0..columns.len() {
            self.xml.marked_width("w:gridCol", &width_mark(column, 1), "");
        }
        self.xml.close();
        let mut table = TableWriter { writer: self, columns, widths, rows: Vec::new() };
        rows(&mut table);
        table.keep_rows_together();
        // Other tables are columns of a page, beside one another by their shares.
        let widths = if style == "TableGrid" { table.widths.fit() } else { table.widths.by_share() };
        self.xml.close();
        self.xml.replace_from(start, |text| write_widths(text, &widths));
        self.paragraph("SmallText", |_| {});
    }
}

/// Stands for the width of some columns until it is known.
fn width_mark(column: usize, span: usize) -> String {
    format!("{WIDTH_MARK}{column}+{span}")
}

/// Widths in place of their marks.
fn write_widths(text: &str, widths: &[u32]) -> String {
    let mut pieces = text.split(WIDTH_MARK);
    let mut written = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (mark, rest) = piece.split_at(piece.find('"').unwrap_or(piece.len()));
        let columns = mark.split_once('+').and_then(|(column, span)| Some((column.parse().ok()?, span.parse().ok()?)));
        let (column, span) = columns.unwrap_or_default();
        written.push_str(&sum_of(widths, column, span).to_string());
        written.push_str(rest);
    }
    written
}

impl<'w, 'd> TableWriter<'w, 'd> {
    /// A row of headings, which every page of the table begins with.
    pub(super) fn heading_row(&mut self, cells: impl FnOnce(&mut TableRowWriter<'_, 'w, 'd>)) {
        self.row_of(&["w:cantSplit", "w:tblHeader"], cells);
    }

    /// A row that stays on one page.
    pub(super) fn row(&mut self, cells: impl FnOnce(&mut TableRowWriter<'_, 'w, 'd>)) {
        let start = self.writer.xml.len();
        self.row_of(&["w:cantSplit"], cells);
        self.rows.push(start..self.writer.xml.len());
    }

    /// Lets the first rows stay on the page of the next one, and those before the last: what Word keeps with the next
    /// is paragraphs.
    fn keep_rows_together(&mut self) {
        let count = self.rows.len();
        let is_kept = |at: usize| at + 1 < count && (at + 1 < TOGETHER || at + TOGETHER >= count);
        // From the end, since what is inserted moves all that follows.
        for (_, row) in self.rows.iter().enumerate().filter(|(at, _)| is_kept(*at)).rev() {
            self.writer.xml.insert_behind(row.clone(), "w:pStyle", "w:keepNext");
        }
    }

    /// Columns of text rather than cells: the row goes on on the next page unless it is to stay whole.
    pub(super) fn row_of_columns(&mut self, whole: bool, cells: impl FnOnce(&mut TableRowWriter<'_, 'w, 'd>)) {
        self.row_of(if whole { &["w:cantSplit"] } else { &[] }, |row| {
            row.table.writer.record.row = None;
            cells(row);
        });
    }

    fn row_of(&mut self, properties: &[&'static str], cells: impl FnOnce(&mut TableRowWriter<'_, 'w, 'd>)) {
        self.writer.xml.open("w:tr", &[]);
        if !properties.is_empty() {
            self.writer.xml.open("w:trPr", &[]);
            properties.iter().for_each(|property| self.writer.xml.empty(property, &[]));
            self.writer.xml.close();
        }
        let number = self.writer.record.next_row();
        let outer = self.writer.record.row.replace(number);
        let mut row = TableRowWriter { table: self, column: 0, cell_start: 0 };
        cells(&mut row);
        self.writer.record.row = outer;
        self.writer.xml.close();
    }
}

impl<'d> TableRowWriter<'_, '_, 'd> {
    /// A cell of one paragraph.
    pub(super) fn cell(&mut self, style: CellStyle, content: impl FnOnce(&mut DocumentWriter<'d>)) {
        let side = self.table.columns.get(self.column).map(|column| column.side).unwrap_or_default();
        self.open_cell(style);
        self.table.writer.begin_paragraph(ParagraphKind::Text);
        self.table.writer.xml.open("w:pPr", &[]);
        self.table.writer.xml.value("w:pStyle", style.paragraph);
        match side {
            TextSide::Start => {}
            TextSide::Center => self.table.writer.xml.value("w:jc", "center"),
            TextSide::End => self.table.writer.xml.value("w:jc", "right"),
        }
        self.table.writer.xml.close();
        content(self.table.writer);
        self.table.writer.end_paragraph();
        self.close_cell(style);
    }

    /// A cell of paragraphs that the content makes; without any it has an empty one, since Word asks for one.
    pub(super) fn cell_of_paragraphs(&mut self, style: CellStyle, content: impl FnOnce(&mut DocumentWriter<'d>)) {
        let width = self.width_of(style);
        self.open_cell(style);
        let outer = std::mem::replace(&mut self.table.writer.width, width.saturating_sub(260));
        let before = self.table.writer.xml.len();
        content(self.table.writer);
        if self.table.writer.xml.len() == before {
            self.table.writer.paragraph(style.paragraph, |_| {});
        }
        self.table.writer.width = outer;
        self.close_cell(style);
    }

    fn width_of(&self, style: CellStyle) -> u32 {
        self.table.widths.of(self.column, style.span)
    }

    fn open_cell(&mut self, style: CellStyle) {
        let width = width_mark(self.column, style.span);
        self.table.writer.record.cells += 1;
        let xml = &mut self.table.writer.xml;
        self.cell_start = xml.len();
        xml.open("w:tc", &[]);
        xml.open("w:tcPr", &[]);
        xml.marked_width("w:tcW", &width, " w:type=\"dxa\"");
        if style.span > 1 {
            xml.value("w:gridSpan", &style.span.to_string());
        }
        match style.merge {
            Some(Merge::Begin) => xml.value("w:vMerge", "restart"),
            Some(Merge::Continue) => xml.empty("w:vMerge", &[]),
            None => {}
        }
        xml.close();
    }

    fn close_cell(&mut self, style: CellStyle) {
        self.table.writer.xml.close();
        self.table.widths.measure(self.column, style.span, self.table.writer.xml.text_from(self.cell_start));
        self.column += style.span;
    }
}
