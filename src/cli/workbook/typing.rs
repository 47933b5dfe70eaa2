//! What helps in typing: drop-downs from the lists, validation with messages, notes on headings, protected headings.
//! What it lets through, ingest accepts.

use rust_xlsxwriter::{
    DataValidation, DataValidationRule, ExcelDateTime, Formula, Note, ProtectionOptions, Worksheet, XlsxError,
    column_number_to_name,
};
use serde::Deserialize;

use super::{Book, Cell, Sheet, Style};

/// The largest number that every spreadsheet program holds exactly.
const LARGEST: f64 = 9_007_199_254_740_991.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aids {
    /// The sheet of code lists: the list's name, a code and a label stand in its first three columns.
    lists: String,
    /// First and last day, and first and last year, that a cell takes.
    days: [Cell; 2],
    years: [i32; 2],
    messages: Messages,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Messages {
    date: Message,
    count: Message,
    number: Message,
    year: Message,
    choice: Message,
    code: Message,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    title: String,
    text: String,
}

/// What the cells of a column take.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    Date,
    Count,
    Number,
    Year,
    /// A code that occurs once in the column.
    Code,
    OneOf(Vec<String>),
    /// Labels of a code list, in the first language.
    List(String),
    /// What stands in a column, from 0, of a sheet.
    Column {
        sheet: String,
        at: u16,
    },
}

impl Aids {
    /// Lets years end with the project: nobody in it is born later.
    pub fn end_years(&mut self, year: i16) {
        self.years[1] = i32::from(year);
    }

    pub(super) fn add(
        &self,
        book: &Book,
        sheet: &Sheet,
        worksheet: &mut Worksheet,
        style: &Style,
    ) -> Result<(), XlsxError> {
        let header = sheet.header();
        for (column, at) in sheet.columns.iter().zip(0..) {
            if let Some(text) = &column.note {
                worksheet.insert_note(header, at, &Note::new(text).add_author_prefix(false))?;
            }
            let open = style.format(&style.body).set_unlocked();
            let format = match &column.rule {
                Some(Rule::Date) => open.set_num_format(&style.date),
                Some(Rule::Code | Rule::Column { .. }) => open.set_num_format("@"),
                _ => open,
            };
            worksheet.set_column_format(at, &format)?;
            if let Some(rule) = &column.rule {
                let validation = self.validation(rule, book, sheet, at)?;
                worksheet.add_data_validation(header + 1, at, sheet.last(), at, &validation)?;
            }
        }
        worksheet.protect_with_options(&ProtectionOptions {
            format_cells: true,
            format_columns: true,
            format_rows: true,
            insert_rows: true,
            delete_rows: true,
            sort: true,
            use_autofilter: true,
            ..ProtectionOptions::default()
        });
        Ok(())
    }

    fn validation(&self, rule: &Rule, book: &Book, sheet: &Sheet, at: u16) -> Result<DataValidation, XlsxError> {
        let validation = DataValidation::new();
        let (validation, message) = match rule {
            Rule::Date => {
                let [from, to] = &self.days;
                let between = DataValidationRule::Between(excel_day(from)?, excel_day(to)?);
                (validation.allow_date(between), &self.messages.date)
            }
            Rule::Count => {
                (validation.allow_whole_number(DataValidationRule::Between(0, i32::MAX)), &self.messages.count)
            }
            Rule::Number => {
                (validation.allow_decimal_number(DataValidationRule::Between(0.0, LARGEST)), &self.messages.number)
            }
            Rule::Year => {
                let [from, to] = self.years;
                (validation.allow_whole_number(DataValidationRule::Between(from, to)), &self.messages.year)
            }
            Rule::Code => {
                let first = format!("{}{}", column_number_to_name(at), sheet.header() + 2);
                let once = format!("=COUNTIF({},{first})=1", sheet.cells(at, false));
                (validation.allow_custom(Formula::new(once)), &self.messages.code)
            }
            Rule::OneOf(words) => (validation.allow_list_strings(words)?, &self.messages.choice),
            Rule::List(list) => {
                let lists = book.sheet(&self.lists)?;
                let (names, first) = (lists.cells(0, true), lists.first(2));
                let rows = format!("=OFFSET({first},MATCH(\"{list}\",{names},0)-1,0,COUNTIF({names},\"{list}\"),1)");
                (validation.allow_list_formula(Formula::new(rows)), &self.messages.choice)
            }
            Rule::Column { sheet, at } => {
                let other = book.sheet(sheet)?;
                let filled = format!("=OFFSET({},0,0,MAX(1,COUNTA({})),1)", other.first(*at), other.cells(*at, true));
                (validation.allow_list_formula(Formula::new(filled)), &self.messages.choice)
            }
        };
        validation
            .set_input_title(&message.title)?
            .set_input_message(&message.text)?
            .set_error_title(&message.title)?
            .set_error_message(&message.text)
    }
}

impl Book {
    pub fn aids_mut(&mut self) -> Option<&mut Aids> {
        self.aids.as_mut()
    }

    fn sheet(&self, name: &str) -> Result<&Sheet, XlsxError> {
        let found = self.sheets.iter().find(|sheet| sheet.name == name);
        found.ok_or_else(|| XlsxError::UnknownWorksheetNameOrIndex(name.to_owned()))
    }
}

impl Sheet {
    /// `'Листи'!$A$5`, the first cell under a heading.
    fn first(&self, column: u16) -> String {
        format!("'{}'!${}${}", self.name, column_number_to_name(column), self.header() + 2)
    }

    /// The cells under a heading, with the sheet's name where they are seen from another one.
    fn cells(&self, column: u16, from_elsewhere: bool) -> String {
        let sheet = if from_elsewhere { format!("'{}'!", self.name) } else { String::new() };
        let column = column_number_to_name(column);
        format!("{sheet}${column}${}:${column}${}", self.header() + 2, self.last() + 1)
    }
}

fn excel_day(cell: &Cell) -> Result<ExcelDateTime, XlsxError> {
    let day = cell.date().unwrap_or_default();
    ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)
}
