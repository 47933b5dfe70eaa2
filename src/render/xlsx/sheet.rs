use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatDataBar, ConditionalFormatType, ExcelDateTime,
    Format, FormatAlign, Formula, Table, TableColumn, Url, Workbook, Worksheet, XlsxError,
};

use super::AnnexError;
use super::address::{Addresses, LAST_ROW, first_header_row, header_row};
use super::chart;
use super::page_width::fit_to_page;
use super::printed_page::set_up_page;
use super::style::{AnnexStyle, Formats};
use super::text_fit::{
    column_widths, part_name, row_line_count, to_f64, truncate_for_cell, unique_headings, wrapped_line_count,
};
use crate::report::annex::{
    Annex, AnnexCell, AnnexColumn, AnnexColumnKind, AnnexSheet, AnnexSheetIndex, CachedResult, RowIter, SheetRole,
};

/// The worksheets that a sheet's rows fill, still empty.
pub struct EmptyWorksheets {
    pub worksheets: Vec<Worksheet>,
    streamed: bool,
    /// Only the first row is written here.
    long: bool,
}

/// As many worksheets as the sheet's rows need. Where they need one, and `split` says so, a streamed sheet gets its first
/// row only.
pub fn create_worksheets(
    workbook: &mut Workbook,
    sheet: &AnnexSheet,
    streamed: bool,
    split: bool,
) -> Result<EmptyWorksheets, XlsxError> {
    let parts = sheet.rows.count().div_ceil(capacity(sheet)).max(1);
    let long = streamed && split && parts == 1;
    let mut worksheets = Vec::new();
    for _ in 0..parts {
        worksheets.push(if streamed { workbook.new_worksheet_with_constant_memory()? } else { Worksheet::new() });
    }
    Ok(EmptyWorksheets { worksheets, streamed, long })
}

impl EmptyWorksheets {
    /// Whether rows are left to be written.
    pub fn is_long(&self) -> bool {
        self.long
    }
}

/// Points of the font that widths of columns are measured in.
const DEFAULT_FONT_SIZE: f64 = 11.0;

/// How many rows of a sheet a worksheet can hold.
fn capacity(sheet: &AnnexSheet) -> u64 {
    u64::from(LAST_ROW - header_row(sheet))
}

/// Writes the sheet at `at`.
pub fn write_sheet(
    target: &mut EmptyWorksheets,
    annex: &Annex,
    at: usize,
    addresses: &Addresses,
    style: &AnnexStyle,
    formats: &Formats,
) -> Result<(), AnnexError> {
    let sheet = &annex.sheets[at];
    let header = header_row(sheet);
    let (streamed, long) = (target.streamed, target.long);
    let mut iter = sheet.rows.iter();
    let mut left = sheet.rows.count();
    let mut widths = column_widths(annex, sheet, style);
    if sheet.role.is_printed() && sheet.role != SheetRole::Charts {
        fit_to_page(annex, sheet, style, &mut widths);
    }
    for (part, worksheet) in (1..).zip(&mut target.worksheets) {
        let rows = left.min(capacity(sheet));
        let home = AnnexSheetIndex(at as u16);
        let column_formats = Vec::new();
        let (widths, height) = (widths.as_slice(), 0.0);
        let mut writer = WorksheetWriter {
            worksheet,
            annex,
            sheet,
            home,
            addresses,
            style,
            formats,
            header,
            column_formats,
            widths,
            height,
        };
        writer.set_up(part)?;
        writer.write_head()?;
        writer.write_headings(rows as u32, streamed)?;
        writer.write_rows(&mut iter, if long { 1 } else { rows }, streamed)?;
        if streamed {
            writer.height += rows as f64 * style.lines.height;
        }
        writer.add_conditional_formats(rows as u32)?;
        let charts = chart::insert_charts(writer.worksheet, sheet, addresses, style)?;
        set_up_page(&mut writer, rows as u32, charts)?;
        left -= rows;
    }
    Ok(())
}

pub struct WorksheetWriter<'w, 'a> {
    pub worksheet: &'w mut Worksheet,
    pub annex: &'w Annex<'a>,
    pub sheet: &'w AnnexSheet<'a>,
    home: AnnexSheetIndex,
    addresses: &'w Addresses,
    pub style: &'w AnnexStyle,
    formats: &'w Formats,
    /// The last row of headings.
    pub header: u32,
    /// The format of each column's first cell, which is the column's own.
    column_formats: Vec<Option<&'w Format>>,
    pub widths: &'w [f64],
    /// Of the rows written so far, in points.
    pub height: f64,
}

impl<'w> WorksheetWriter<'w, '_> {
    /// Name, widths and frozen panes.
    fn set_up(&mut self, part: u32) -> Result<(), XlsxError> {
        let worksheet = &mut *self.worksheet;
        worksheet.set_name(part_name(&self.sheet.name, part))?;
        worksheet.set_tab_color(self.style.tab_color(self.sheet.role));
        worksheet.set_screen_gridlines(false);
        for (at, width) in self.widths.iter().enumerate() {
            worksheet.set_column_width(at as u16, *width)?;
        }
        if !self.sheet.columns.is_empty() {
            worksheet.set_freeze_panes(self.header + 1, self.sheet.frozen)?;
        }
        Ok(())
    }

    fn write_head(&mut self) -> Result<(), XlsxError> {
        for (line, cells) in (0..).zip(&self.sheet.head) {
            if !self.write_merged_line(line, cells)? {
                self.height += self.style.lines.height;
                for (column, cell) in (0..).zip(cells) {
                    self.write_cell(line, column, cell, None)?;
                }
            }
        }
        Ok(())
    }

    /// A line of text longer than the printed columns together is merged over them and wrapped; elsewhere it would end
    /// at the edge of the paper.
    fn write_merged_line(&mut self, line: u32, cells: &[AnnexCell]) -> Result<bool, XlsxError> {
        let [cell @ (AnnexCell::Text(text) | AnnexCell::Heading(text))] = cells else { return Ok(false) };
        let Some(format) = self.cell_format(cell, None) else { return Ok(false) };
        let size = if matches!(cell, AnnexCell::Heading(_)) { self.style.title.size / DEFAULT_FONT_SIZE } else { 1.0 };
        let width: f64 = self.widths.iter().sum::<f64>() / size;
        let lines = wrapped_line_count(text, width);
        let last = self.sheet.columns.len() as u16;
        if last < 2 || lines < 2 {
            return Ok(false);
        }
        let format = format.clone().set_text_wrap().set_align(FormatAlign::Top);
        self.worksheet.merge_range(line, 0, line, last - 1, &truncate_for_cell(text), &format)?;
        self.set_height(line, f64::from(lines) * self.style.lines.height * size)?;
        Ok(true)
    }

    fn set_height(&mut self, row: u32, height: f64) -> Result<(), XlsxError> {
        self.worksheet.set_row_height(row, height)?;
        self.height += height;
        Ok(())
    }

    /// The rows of headings, the last of them with its tables or, above a streamed sheet, its filter.
    fn write_headings(&mut self, rows: u32, streamed: bool) -> Result<(), XlsxError> {
        let sheet = self.sheet;
        if sheet.columns.is_empty() {
            return Ok(());
        }
        let first = first_header_row(sheet);
        for row in first..=self.header {
            let line = (row - first) as usize;
            self.set_height(row, self.header_height(line))?;
            for (at, column) in sheet.columns.iter().enumerate() {
                // Of fewer headings than there are rows, the last is the table's.
                let own = (line + column.headings.len()).checked_sub(sheet.heading_rows());
                let heading = own.and_then(|own| column.headings.get(own)).map(String::as_str).unwrap_or_default();
                self.worksheet.write_string_with_format(row, at as u16, heading, &self.formats.header)?;
            }
        }
        if streamed {
            if let Some(table) = sheet.tables.first() {
                let last = self.header + rows.max(1);
                self.worksheet.autofilter(self.header, table.first_column, last, table.last_column)?;
            }
            return Ok(());
        }
        for table in &sheet.tables {
            let columns = &sheet.columns[usize::from(table.first_column)..=usize::from(table.last_column)];
            let headed: Vec<TableColumn> = unique_headings(columns)
                .into_iter()
                .map(|heading| TableColumn::new().set_header(heading).set_header_format(&self.formats.header))
                .collect();
            let drawn = Table::new()
                .set_name(&table.name)
                .set_style(self.style.table_style())
                .set_autofilter(sheet.role != SheetRole::Summary)
                .set_alt_text_title(&sheet.name)
                .set_columns(&headed);
            let last = self.header + table.rows.max(1);
            self.worksheet.add_table(self.header, table.first_column, last, table.last_column, &drawn)?;
        }
        Ok(())
    }

    /// High enough for the longest heading of a row, wrapped into its column.
    fn header_height(&self, line: usize) -> f64 {
        let of = |(column, width): (&AnnexColumn, &f64)| {
            // A filter's button takes the end of a heading.
            column.headings.get(line).map_or(1, |heading| wrapped_line_count(heading, width - 2.0))
        };
        let most = self.sheet.columns.iter().zip(self.widths).map(of).max().unwrap_or(1);
        f64::from(most.min(self.style.lines.header_at_most)) * self.style.lines.height
    }

    fn write_rows(&mut self, iter: &mut RowIter<'_>, rows: u64, streamed: bool) -> Result<(), XlsxError> {
        let mut row = Vec::new();
        for at in 0..rows {
            row.clear();
            if !iter(&mut row) {
                break;
            }
            if at == 0 {
                self.set_column_formats(&row)?;
            }
            let line = self.header + 1 + at as u32;
            // The library would write a streamed sheet's last row twice if it had a height.
            let lines = match streamed && at + 1 == rows {
                true => 1,
                false => row_line_count(self.sheet, self.style, self.widths, &row),
            };
            if lines > 1 {
                self.worksheet.set_row_height(line, f64::from(lines) * self.style.lines.height)?;
            }
            // Of a streamed sheet not every row may be written here: its page is that of single lines.
            self.height += if streamed { 0.0 } else { f64::from(lines) * self.style.lines.height };
            if matches!(row.first(), Some(AnnexCell::Group(_))) {
                for column in 0..self.sheet.columns.len() as u16 {
                    self.worksheet.write_blank(line, column, &self.formats.group)?;
                }
            }
            for (column, cell) in row.iter().enumerate() {
                self.write_cell(line, column as u16, cell, self.sheet.columns.get(column).map(|column| column.kind))?;
            }
        }
        Ok(())
    }

    /// Gives columns the formats of the first row: a cell that has its column's format needs none of its own, and the
    /// search for it is a third of what writing takes.
    fn set_column_formats(&mut self, row: &[AnnexCell]) -> Result<(), XlsxError> {
        if matches!(row.first(), Some(AnnexCell::Group(_))) {
            return Ok(());
        }
        for (at, cell) in row.iter().enumerate() {
            let format = self.sheet.columns.get(at).and_then(|column| self.cell_format(cell, Some(column.kind)));
            if let Some(format) = format {
                self.worksheet.set_column_format(at as u16, format)?;
            }
            self.column_formats.push(format);
        }
        Ok(())
    }

    /// The format of a cell; none for an empty one.
    fn cell_format(&self, cell: &AnnexCell, kind: Option<AnnexColumnKind>) -> Option<&'w Format> {
        let of = kind.unwrap_or(AnnexColumnKind::Code);
        match cell {
            AnnexCell::Empty => None,
            AnnexCell::Text(_) if kind.is_none() => Some(&self.formats.plain),
            AnnexCell::Text(text) => Some(self.formats.text(of, text)),
            AnnexCell::Heading(_) => Some(&self.formats.title),
            AnnexCell::Group(_) => Some(&self.formats.group),
            AnnexCell::Number(_, format) | AnnexCell::Formula { format, .. } => Some(self.formats.number(of, *format)),
            AnnexCell::Date(_) => Some(self.formats.number(of, self.annex.date_format)),
            AnnexCell::Link { .. } => Some(self.formats.link(of)),
        }
    }

    fn write_cell(
        &mut self,
        row: u32,
        column: u16,
        cell: &AnnexCell,
        kind: Option<AnnexColumnKind>,
    ) -> Result<(), XlsxError> {
        let Some(format) = self.cell_format(cell, kind) else { return Ok(()) };
        let column_formats = self.column_formats.get(usize::from(column)).copied().flatten();
        let has_column_format = column_formats.is_some_and(|column_formats| std::ptr::eq(column_formats, format));
        let worksheet = &mut *self.worksheet;
        match cell {
            AnnexCell::Empty => {}
            AnnexCell::Text(text) | AnnexCell::Heading(text) | AnnexCell::Group(text) if has_column_format => {
                worksheet.write_string(row, column, truncate_for_cell(text))?;
            }
            AnnexCell::Text(text) | AnnexCell::Heading(text) | AnnexCell::Group(text) => {
                worksheet.write_string_with_format(row, column, truncate_for_cell(text), format)?;
            }
            AnnexCell::Number(value, _) if has_column_format => {
                worksheet.write_number(row, column, to_f64(*value))?;
            }
            AnnexCell::Number(value, _) => {
                worksheet.write_number_with_format(row, column, to_f64(*value), format)?;
            }
            AnnexCell::Date(date) => {
                let day = ExcelDateTime::from_ymd(date.year().unsigned_abs(), date.month() as u8, date.day() as u8);
                match day {
                    Ok(day) if has_column_format => worksheet.write_datetime(row, column, &day)?,
                    Ok(day) => worksheet.write_datetime_with_format(row, column, &day, format)?,
                    // A day that Excel's calendar lacks is written as a text.
                    Err(_) => worksheet.write_string_with_format(row, column, date.to_string(), format)?,
                };
            }
            AnnexCell::Formula { formula, result, .. } => {
                let written = Formula::new(self.addresses.formula(formula, self.home));
                let cached = match result {
                    CachedResult::Number(value) => to_f64(*value).to_string(),
                    CachedResult::Text(text) => text.clone(),
                };
                worksheet.write_formula_with_format(row, column, written.set_result(cached), format)?;
            }
            AnnexCell::Link { text, to } => {
                let url = Url::new(self.addresses.link(*to)).set_text(truncate_for_cell(text));
                worksheet.write_url_with_format(row, column, url, format)?;
            }
        }
        Ok(())
    }

    /// Bars behind progress, colours behind the words of statuses.
    fn add_conditional_formats(&mut self, rows: u32) -> Result<(), XlsxError> {
        let (first, last) = (self.header + 1, self.header + rows.max(1));
        for (at, column) in self.sheet.columns.iter().enumerate() {
            let at = at as u16;
            match column.kind {
                AnnexColumnKind::Progress => {
                    let bar = ConditionalFormatDataBar::new()
                        .set_fill_color(self.style.bar_color())
                        .set_solid_fill(true)
                        .set_border_off(true)
                        .set_minimum(ConditionalFormatType::Number, 0)
                        .set_maximum(ConditionalFormatType::Number, self.style.bar.most);
                    self.worksheet.add_conditional_format(first, at, last, at, &bar)?;
                }
                AnnexColumnKind::Status => {
                    for (code, words) in &self.annex.statuses {
                        let Some((ink, ground)) = self.style.status_colors(code) else { continue };
                        for word in words {
                            let format = Format::new().set_background_color(ground).set_font_color(ink);
                            let mark = ConditionalFormatCell::new()
                                .set_rule(ConditionalFormatCellRule::EqualTo(word.as_str()))
                                .set_format(format);
                            self.worksheet.add_conditional_format(first, at, last, at, &mark)?;
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}
