//! Text tables → workbooks for people to type into: what [`super::example`] and `init` write.

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet};
use serde::Deserialize;

pub use rust_xlsxwriter::XlsxError;

/// A workbook as `templates/` writes it down.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Path relative to the project's folder.
    pub file: String,
    sheets: Vec<Sheet>,
    /// A last sheet that explains; not a table.
    notes: Option<Sheet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    name: String,
    title: Option<String>,
    remark: Option<String>,
    columns: Vec<Column>,
    /// Rows that stand after those of `rows` and are made by the program.
    generated: Option<Generated>,
    rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Generated {
    Refugees,
    Attendances,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    heading: String,
    /// In characters.
    width: u32,
}

/// What a cell holds; an empty text is a blank.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "toml::Value")]
pub enum Cell {
    Blank,
    Text(String),
    Number(i64),
    Date(Date),
}

impl Cell {
    pub fn date(&self) -> Option<Date> {
        match self {
            Cell::Date(date) => Some(*date),
            _ => None,
        }
    }
}

impl TryFrom<toml::Value> for Cell {
    type Error = String;

    fn try_from(value: toml::Value) -> Result<Cell, String> {
        match value {
            toml::Value::String(text) if text.is_empty() => Ok(Cell::Blank),
            toml::Value::String(text) => Ok(Cell::Text(text)),
            toml::Value::Integer(number) => Ok(Cell::Number(number)),
            toml::Value::Datetime(moment) => {
                moment.to_string().parse().map(Cell::Date).map_err(|error| format!("{moment}: {error}"))
            }
            other => Err(format!("{other} is neither a text, a whole number nor a date")),
        }
    }
}

/// How workbooks look; colours as `#RRGGBB`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Style {
    font: String,
    title: Face,
    remark: Face,
    header: Face,
    body: Face,
    /// Number format of dates.
    date: String,
    /// Height of a line of text, in points.
    line: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Face {
    size: u32,
    #[serde(default)]
    bold: bool,
    #[serde(default)]
    italic: bool,
    #[serde(default)]
    wrap: bool,
    color: Option<String>,
    fill: Option<String>,
    border: Option<String>,
}

impl Style {
    fn format(&self, face: &Face) -> Format {
        let mut format = Format::new().set_font_name(&self.font).set_font_size(face.size).set_align(FormatAlign::Top);
        if face.bold {
            format = format.set_bold();
        }
        if face.italic {
            format = format.set_italic();
        }
        if face.wrap {
            format = format.set_text_wrap();
        }
        if let Some(color) = &face.color {
            format = format.set_font_color(color.as_str());
        }
        if let Some(fill) = &face.fill {
            format = format.set_background_color(fill.as_str());
        }
        if let Some(border) = &face.border {
            format = format.set_border(FormatBorder::Thin).set_border_color(border.as_str());
        }
        format
    }
}

impl Book {
    /// Puts in the rows that the program makes.
    pub fn fill(&mut self, rows: impl Fn(Generated) -> Vec<Vec<Cell>>) {
        for sheet in &mut self.sheets {
            if let Some(generated) = sheet.generated {
                sheet.rows.extend(rows(generated));
            }
        }
    }

    /// The workbook's bytes, the same each time: the day that it says it was made is fixed.
    pub fn write(&self, style: &Style) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let made = ExcelDateTime::from_ymd(2017, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        for sheet in &self.sheets {
            let worksheet = workbook.add_worksheet();
            let header = sheet.write(worksheet, style)?;
            worksheet.set_freeze_panes(header + 1, 1)?;
            let last = header + sheet.rows.len().max(1) as u32;
            worksheet.autofilter(header, 0, last, sheet.columns.len() as u16 - 1)?;
        }
        if let Some(notes) = &self.notes {
            notes.write(workbook.add_worksheet(), style)?;
        }
        workbook.save_to_buffer()
    }
}

impl Sheet {
    /// Writes title, remark, headings and rows; gives the row of the headings.
    fn write(&self, worksheet: &mut Worksheet, style: &Style) -> Result<u32, XlsxError> {
        worksheet.set_name(&self.name)?.set_landscape().set_print_fit_to_pages(1, 0);
        let mut row = 0;
        for (text, face) in [(&self.title, &style.title), (&self.remark, &style.remark)] {
            if let Some(text) = text {
                worksheet.write_with_format(row, 0, text, &style.format(face))?;
                row += 1;
            }
        }
        let header = row;
        let format = style.format(&style.header);
        for (column, at) in self.columns.iter().zip(0..) {
            worksheet.set_column_width(at, column.width)?;
            worksheet.write_with_format(header, at, &column.heading, &format)?;
        }
        let headings: Vec<Cell> = self.columns.iter().map(|column| Cell::Text(column.heading.clone())).collect();
        worksheet.set_row_height(header, self.lines(&headings) * style.line)?.set_repeat_rows(header, header)?;
        let body = style.format(&style.body);
        let date = body.clone().set_num_format(&style.date);
        for (cells, row) in self.rows.iter().zip(header + 1..) {
            let lines = self.lines(cells);
            if lines > 1 {
                worksheet.set_row_height(row, lines * style.line)?;
            }
            for (cell, at) in cells.iter().zip(0..) {
                match cell {
                    Cell::Blank => continue,
                    Cell::Text(text) => worksheet.write_with_format(row, at, text, &body)?,
                    Cell::Number(number) => worksheet.write_with_format(row, at, *number, &body)?,
                    Cell::Date(day) => {
                        let day = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)?;
                        worksheet.write_with_format(row, at, &day, &date)?
                    }
                };
            }
        }
        Ok(header)
    }

    /// How many lines the longest cell takes in its column: not every spreadsheet program makes rows high enough by
    /// itself. A line holds a little less than the column's width in characters, for words aren't cut.
    fn lines(&self, cells: &[Cell]) -> u32 {
        let taken = cells.iter().zip(&self.columns).map(|(cell, column)| match cell {
            Cell::Text(text) => (text.chars().count() as u32).div_ceil((column.width * 7 / 8).max(1)),
            _ => 1,
        });
        taken.max().unwrap_or(1)
    }
}
