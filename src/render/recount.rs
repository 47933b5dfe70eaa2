//! A recount pack → a workbook: protected but for the cells that are to be filled in, and with the pack itself on a hidden
//! sheet, by which it is read again.

mod face;

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, ProtectionOptions, Workbook, Worksheet,
    XlsxError,
};
use serde::Deserialize;

use crate::report::recount::{AnswerRule, RecountCell, RecountColumn, RecountGuideLine, RecountSheet, RecountWorkbook};
use face::CellFace;

/// The hidden sheet.
pub const RECORD_SHEET: &str = "recount";

/// Letters of a title at a cell, as workbooks have them.
const LONGEST_MESSAGE: usize = 255;

/// Letters that a line of text lacks to the width of its column, for words aren't cut.
const CUT: f64 = 4.0;

/// `templates/recount.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecountStyle {
    font: String,
    title: CellFace,
    text: CellFace,
    header: CellFace,
    cell: CellFace,
    answer: CellFace,
    line: f64,
    paper: u8,
    sentence_columns: u16,
    widths: BTreeMap<String, f64>,
}

/// The bytes of a pack's workbook, the same each time. `record` are lines for the hidden sheet.
///
/// # Errors
/// Two sheets of one name, or another breach of the format's rules, in the writer's words.
pub fn write_recount(book: &RecountWorkbook, record: &[String]) -> Result<Vec<u8>, String> {
    RecountWriter::new(book).write(record).map_err(|error| error.to_string())
}

struct RecountWriter<'b> {
    book: &'b RecountWorkbook,
    style: RecountStyle,
}

impl<'b> RecountWriter<'b> {
    fn new(book: &'b RecountWorkbook) -> RecountWriter<'b> {
        let style = toml::from_str(include_str!("../../templates/recount.toml"))
            .unwrap_or_else(|error| panic!("templates/recount.toml: {error}"));
        RecountWriter { book, style }
    }

    fn write(&self, record: &[String]) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let date = self.book.date;
        let made = ExcelDateTime::from_ymd(date.year().unsigned_abs(), date.month() as u8, date.day() as u8)?;
        let properties = DocProperties::new().set_title(&self.book.title).set_comment(&self.book.comment);
        workbook.set_properties(&properties.set_creation_datetime(&made));
        self.write_guide(workbook.add_worksheet())?;
        for sheet in &self.book.sheets {
            let worksheet = workbook.add_worksheet();
            worksheet.set_name(&sheet.name)?;
            let header = self.write_table(worksheet, sheet, 0)?;
            worksheet.set_freeze_panes(header + 1, 1)?.set_repeat_rows(0, header)?;
            let last = header + (sheet.rows.len() as u32).max(1);
            worksheet.autofilter(header, 0, last, sheet.columns.len().saturating_sub(1) as u16)?;
            self.set_page(worksheet);
        }
        let hidden = workbook.add_worksheet();
        hidden.set_name(RECORD_SHEET)?.set_hidden(true);
        for (line, row) in record.iter().zip(0..) {
            hidden.write_string(row, 0, line)?;
        }
        hidden.protect();
        workbook.save_to_buffer()
    }

    fn set_page(&self, worksheet: &mut Worksheet) {
        worksheet.set_landscape().set_paper_size(self.style.paper).set_print_fit_to_pages(1, 0);
        worksheet.protect_with_options(&ProtectionOptions {
            format_columns: true,
            format_rows: true,
            use_autofilter: true,
            ..ProtectionOptions::default()
        });
    }

    fn width(&self, column: &RecountColumn) -> f64 {
        self.style.widths.get(column.kind.code()).copied().unwrap_or(10.0)
    }

    /// Sentences over several columns, then the table of indicators.
    fn write_guide(&self, worksheet: &mut Worksheet) -> Result<(), XlsxError> {
        let guide = &self.book.guide;
        worksheet.set_name(&guide.name)?;
        let reach = self.style.sentence_columns.min(guide.table.columns.len() as u16).max(2);
        let width: f64 = guide.table.columns.iter().take(usize::from(reach)).map(|column| self.width(column)).sum();
        let mut row = 0;
        for line in &guide.lines {
            let (text, face) = match line {
                RecountGuideLine::Title(text) => (text, &self.style.title),
                RecountGuideLine::Text(text) => (text, &self.style.text),
            };
            worksheet.merge_range(row, 0, row, reach - 1, text, &self.format(face))?;
            worksheet.set_row_height(row, self.height(text, width, face))?;
            row += 1;
        }
        self.write_table(worksheet, &guide.table, row + 1)?;
        self.set_page(worksheet);
        Ok(())
    }

    /// Writes headings, from `top` on, and rows; returns the last row of headings.
    fn write_table(&self, worksheet: &mut Worksheet, sheet: &RecountSheet, top: u32) -> Result<u32, XlsxError> {
        let lines = sheet.columns.iter().map(|column| column.headings.len()).max().unwrap_or(1).max(1) as u32;
        let (header, last) = (self.format(&self.style.header), top + lines - 1);
        let mut heights = vec![self.style.line; lines as usize];
        for (column, at) in sheet.columns.iter().zip(0..) {
            worksheet.set_column_width(at, self.width(column))?;
            for line in 0..lines {
                let heading = column.headings.get(line as usize).map(String::as_str).unwrap_or_default();
                worksheet.write_with_format(top + line, at, heading, &header)?;
                let height = self.height(heading, self.width(column), &self.style.header);
                heights[line as usize] = heights[line as usize].max(height);
            }
        }
        for (height, line) in heights.into_iter().zip(top..) {
            worksheet.set_row_height(line, height)?;
        }
        let face = self.format(&self.style.cell);
        let day = face.clone().set_num_format(&self.book.date_format);
        for (cells, row) in sheet.rows.iter().zip(last + 1..) {
            let mut height = self.style.line;
            for ((cell, column), at) in cells.iter().zip(&sheet.columns).zip(0..) {
                match cell {
                    RecountCell::Empty => worksheet.write_blank(row, at, &face)?,
                    RecountCell::Text(text) => {
                        height = height.max(self.height(text, self.width(column), &self.style.cell));
                        worksheet.write_string_with_format(row, at, text, &face)?
                    }
                    RecountCell::Number(number) => {
                        worksheet.write_number_with_format(row, at, number.to_f64().unwrap_or_default(), &face)?
                    }
                    RecountCell::Day(date) => {
                        let (year, month, day_of_month) = (date.year().unsigned_abs(), date.month(), date.day());
                        let date = ExcelDateTime::from_ymd(year, month as u8, day_of_month as u8)?;
                        worksheet.write_datetime_with_format(row, at, &date, &day)?
                    }
                };
            }
            worksheet.set_row_height(row, height)?;
        }
        self.write_answers(worksheet, sheet, last)?;
        Ok(last)
    }

    /// Blank cells to be filled in, unlocked and with what they take.
    fn write_answers(&self, worksheet: &mut Worksheet, sheet: &RecountSheet, header: u32) -> Result<(), XlsxError> {
        let (first, last) = (header + 1, header + sheet.rows.len() as u32);
        for (column, at) in sheet.columns.iter().zip(0..) {
            let Some(answer) = &column.answer else { continue };
            let face = match answer {
                AnswerRule::Text => &self.style.cell,
                AnswerRule::Choice { .. } | AnswerRule::Count { .. } => &self.style.answer,
            };
            let open = self.format(face).set_unlocked();
            (first..=last).try_for_each(|row| worksheet.write_blank(row, at, &open).map(drop))?;
            let (validation, message) = match answer {
                AnswerRule::Choice { words, message } => (DataValidation::new().allow_list_strings(words)?, message),
                AnswerRule::Count { message } => {
                    let from_zero = DataValidationRule::GreaterThanOrEqualTo(0.0);
                    (DataValidation::new().allow_decimal_number(from_zero), message)
                }
                AnswerRule::Text => continue,
            };
            if sheet.rows.is_empty() {
                continue;
            }
            let message: String = message.chars().take(LONGEST_MESSAGE).collect();
            let validation = validation.set_input_message(&message)?.set_error_message(&message)?;
            worksheet.add_data_validation(first, at, last, at, &validation)?;
        }
        Ok(())
    }

    /// How high a text is in a column: not every program makes rows high enough by itself.
    fn height(&self, text: &str, width: f64, face: &CellFace) -> f64 {
        let letters = ((width - CUT) * 11.0 / f64::from(face.size)).max(1.0);
        let lines = (text.chars().count() as f64 / letters).ceil().max(1.0);
        lines * self.style.line * (f64::from(face.size) / 11.0).max(1.0)
    }

    fn format(&self, face: &CellFace) -> Format {
        face.format(&self.style.font)
    }
}
