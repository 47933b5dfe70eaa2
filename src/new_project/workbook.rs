//! Text tables → workbooks for people to type into: what `init` writes.

mod localize;
mod picture;
mod style;
mod validation;

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};
use serde::Deserialize;

use localize::LocalizedText;
pub use localize::SheetHeadings;
pub use style::Style;
use validation::{CellRule, TypingAids};

pub use rust_xlsxwriter::XlsxError;

/// A workbook as `templates/` writes it down.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Path relative to the project's folder.
    pub file: String,
    /// A first sheet that explains; not a table.
    guide: Option<Sheet>,
    sheets: Vec<Sheet>,
    /// A last sheet that explains; not a table.
    notes: Option<Sheet>,
    /// What helps in typing.
    aids: Option<TypingAids>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    /// The table of the contract that it holds.
    table: Option<String>,
    name: LocalizedText,
    title: Option<String>,
    remark: Option<String>,
    columns: Vec<WorkbookColumn>,
    rows: Vec<Vec<WorkbookCell>>,
    /// The rows are a start, to be replaced.
    #[serde(default)]
    starters: bool,
    /// How many rows stand ready to be typed into, under protected headings.
    ready: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WorkbookColumn {
    /// The contract's name of the column.
    is: Option<String>,
    /// Replaced by one column in each language, which [`Book::localize`] makes.
    #[serde(default)]
    texts: bool,
    #[serde(skip)]
    lang: Option<String>,
    heading: String,
    /// In characters.
    width: u32,
    /// Shown at the heading.
    note: Option<String>,
    /// Stands above the heading, where ingest passes it over.
    example: Option<WorkbookCell>,
    rule: Option<CellRule>,
}

/// What a cell holds; an empty text is a blank.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "toml::Value")]
pub enum WorkbookCell {
    Blank,
    Text(String),
    Number(i64),
    Date(Date),
    /// The same in several languages, until [`Book::localize`] chooses one.
    ByLang(BTreeMap<String, String>),
}

impl WorkbookCell {
    pub fn date(&self) -> Option<Date> {
        match self {
            WorkbookCell::Date(date) => Some(*date),
            _ => None,
        }
    }

    fn write(
        &self,
        worksheet: &mut Worksheet,
        (row, column): (u32, u16),
        format: &Format,
        style: &Style,
    ) -> Result<(), XlsxError> {
        match self {
            WorkbookCell::Blank | WorkbookCell::ByLang(_) => {}
            WorkbookCell::Text(text) => {
                worksheet.write_with_format(row, column, text, format)?;
            }
            WorkbookCell::Number(number) => {
                worksheet.write_with_format(row, column, *number, format)?;
            }
            WorkbookCell::Date(day) => {
                let day = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)?;
                let format = format.clone().set_num_format(&style.date);
                worksheet.write_with_format(row, column, &day, &format)?;
            }
        }
        Ok(())
    }
}

impl TryFrom<toml::Value> for WorkbookCell {
    type Error = String;

    fn try_from(value: toml::Value) -> Result<WorkbookCell, String> {
        match value {
            toml::Value::String(text) if text.is_empty() => Ok(WorkbookCell::Blank),
            toml::Value::String(text) => Ok(WorkbookCell::Text(text)),
            toml::Value::Integer(number) => Ok(WorkbookCell::Number(number)),
            toml::Value::Datetime(moment) => {
                moment.to_string().parse().map(WorkbookCell::Date).map_err(|error| format!("{moment}: {error}"))
            }
            toml::Value::Table(_) => value.try_into().map(WorkbookCell::ByLang).map_err(|error| error.to_string()),
            other => Err(format!("{other} is neither a text, a whole number nor a date")),
        }
    }
}

impl Book {
    /// The workbook's bytes, the same each time: the day that it says it was made is fixed.
    pub fn write(&self, style: &Style) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let made = ExcelDateTime::from_ymd(2017, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        if let Some(guide) = &self.guide {
            guide.write(workbook.add_worksheet(), style)?;
        }
        for sheet in &self.sheets {
            let worksheet = workbook.add_worksheet();
            sheet.write(worksheet, style)?;
            let header = sheet.header();
            worksheet.set_freeze_panes(header + 1, 1)?;
            worksheet.autofilter(header, 0, sheet.last(), sheet.columns.len() as u16 - 1)?;
            if let Some(aids) = &self.aids {
                aids.add(self, sheet, worksheet, style)?;
            }
        }
        if let Some(notes) = &self.notes {
            notes.write(workbook.add_worksheet(), style)?;
        }
        workbook.save_to_buffer()
    }
}

impl Sheet {
    /// The row of the headings, from 0: below the title, the remark and the example.
    fn header(&self) -> u32 {
        [self.title.is_some(), self.remark.is_some(), self.has_example()].into_iter().map(u32::from).sum()
    }

    /// The last row that is filled in or is prepared for filling in, from 0.
    fn last(&self) -> u32 {
        self.header() + self.ready.unwrap_or(self.rows.len() as u32).max(1)
    }

    fn has_example(&self) -> bool {
        self.columns.iter().any(|column| column.example.is_some())
    }

    /// Writes title, remark, example, headings and rows.
    fn write(&self, worksheet: &mut Worksheet, style: &Style) -> Result<(), XlsxError> {
        worksheet.set_name(self.name.text())?.set_landscape().set_print_fit_to_pages(1, 0);
        let mut row = 0;
        for (text, face) in [(&self.title, &style.title), (&self.remark, &style.remark)] {
            if let Some(text) = text {
                worksheet.write_with_format(row, 0, text, &style.format(face))?;
                row += 1;
            }
        }
        let example = style.format(&style.example);
        if self.has_example() {
            for (column, at) in self.columns.iter().zip(0..) {
                if let Some(cell) = &column.example {
                    cell.write(worksheet, (row, at), &example, style)?;
                }
            }
        }
        let header = self.header();
        let format = style.format(&style.header);
        for (column, at) in self.columns.iter().zip(0..) {
            worksheet.set_column_width(at, column.width)?;
            worksheet.write_with_format(header, at, &column.heading, &format)?;
        }
        let headings: Vec<WorkbookCell> =
            self.columns.iter().map(|column| WorkbookCell::Text(column.heading.clone())).collect();
        worksheet.set_row_height(header, self.lines(&headings) * style.line)?.set_repeat_rows(header, header)?;
        let body = if self.starters { example.set_unlocked() } else { style.format(&style.body) };
        for (cells, row) in self.rows.iter().zip(header + 1..) {
            let lines = self.lines(cells);
            if lines > 1 {
                worksheet.set_row_height(row, lines * style.line)?;
            }
            for (cell, at) in cells.iter().zip(0..) {
                cell.write(worksheet, (row, at), &body, style)?;
            }
        }
        Ok(())
    }

    /// How many lines the longest cell takes in its column: not every spreadsheet program makes rows high enough by
    /// itself. A line holds a little less than the column's width in characters, for words aren't cut.
    fn lines(&self, cells: &[WorkbookCell]) -> u32 {
        let taken = cells.iter().zip(&self.columns).map(|(cell, column)| match cell {
            WorkbookCell::Text(text) => (text.chars().count() as u32).div_ceil((column.width * 7 / 8).max(1)),
            _ => 1,
        });
        taken.max().unwrap_or(1)
    }
}
