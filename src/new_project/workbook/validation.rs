//! What helps in typing: drop-downs from the lists, validation with messages, notes on headings, protected headings.
//! What it lets through, ingest accepts.

use rust_xlsxwriter::{
    DataValidation, DataValidationRule, ExcelDateTime, Formula, Note, ProtectionOptions, Worksheet, XlsxError,
    column_number_to_name,
};
use serde::Deserialize;

use super::{Book, Sheet, Style, WorkbookCell};

/// The largest number that every spreadsheet program holds exactly.
const LARGEST: f64 = 9_007_199_254_740_991.0;

/// Columns to the right of ours that may be headed and filled.
const OWN_COLUMNS: u16 = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypingAids {
    /// The sheet of code lists: the list's name, a code and labels stand in its first columns.
    lists: String,
    /// Said after the title of each sheet: what is protected, and what is not.
    protection: String,
    /// Codes of the project's periods; none: any text may be typed.
    #[serde(skip)]
    periods: Vec<String>,
    /// First and last day, and first and last year, that a cell takes.
    days: [WorkbookCell; 2],
    years: [i32; 2],
    messages: Messages,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Messages {
    date: InputMessage,
    count: InputMessage,
    number: InputMessage,
    year: InputMessage,
    choice: InputMessage,
    code: InputMessage,
    period: InputMessage,
    suggestion: InputMessage,
    together: InputMessage,
    entry: InputMessage,
    above: InputMessage,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InputMessage {
    title: String,
    text: String,
}

/// What the cells of a column take.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellRule {
    Date,
    Count,
    Number,
    Year,
    /// A code that occurs once in the column: Latin letters, digits and a few marks, so that it is neither a word that
    /// ingest passes over (`Total`, `-`) nor one that another alphabet writes alike.
    Code,
    Period,
    OneOf(Vec<String>),
    /// Labels of a built-in list, in the first language.
    BuiltIn(String),
    /// Offered, but anything else may be typed.
    Suggest(Vec<String>),
    /// Labels of a code list, in the first language.
    List(String),
    /// The values of the column `table.column`.
    Column(String),
    /// The values of the column `table.column`, this sheet's own, above the row.
    Above(String),
    /// Equal values stand one below the other.
    Together,
    /// A code or label of a list: nothing else in the list is called so, and no semicolon would part it.
    Entry,
}

impl TypingAids {
    pub(super) fn add(
        &self,
        book: &Book,
        sheet: &Sheet,
        worksheet: &mut Worksheet,
        style: &Style,
    ) -> Result<(), XlsxError> {
        let header = sheet.header();
        if let Some(title) = &sheet.title {
            let (large, small) = (style.format(&style.title), style.format(&style.remark));
            let behind = format!("   {}", self.protection);
            worksheet.write_rich_string_with_format(0, 0, &[(&large, title.as_str()), (&small, &behind)], &large)?;
        }
        for (column, at) in sheet.columns.iter().zip(0..) {
            if let Some(text) = &column.note {
                worksheet.insert_note(header, at, &Note::new(text).add_author_prefix(false))?;
            }
            let open = style.format(&style.body).set_unlocked();
            let format = match &column.rule {
                Some(CellRule::Date) => open.set_num_format(&style.date),
                Some(CellRule::Code | CellRule::Column(_) | CellRule::Above(_) | CellRule::Period) => {
                    open.set_num_format("@")
                }
                _ => open,
            };
            worksheet.set_column_format(at, &format)?;
            let Some(rule) = &column.rule else { continue };
            let mut first = header + 1;
            if let CellRule::Above(_) = rule {
                let nothing = DataValidation::new().allow_custom(Formula::new("=FALSE"));
                worksheet.add_data_validation(first, at, first, at, &self.messages.above.with(nothing)?)?;
                first += 1;
            }
            if let Some(validation) = self.validation(rule, book, sheet, at)? {
                worksheet.add_data_validation(first, at, sheet.last(), at, &validation)?;
            }
        }
        // Columns of one's own go to the right, headings and all.
        let beside = sheet.columns.len() as u16;
        for at in beside..beside + OWN_COLUMNS {
            worksheet.set_column_format(at, &style.format(&style.body).set_unlocked())?;
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

    fn validation(
        &self,
        rule: &CellRule,
        book: &Book,
        sheet: &Sheet,
        at: u16,
    ) -> Result<Option<DataValidation>, XlsxError> {
        let validation = DataValidation::new();
        let custom = |formula: String| DataValidation::new().allow_custom(Formula::new(formula));
        let here = format!("{}{}", column_number_to_name(at), sheet.header() + 2);
        let own = sheet.cells(at, false);
        let (validation, message) = match rule {
            CellRule::Date => {
                let [from, to] = &self.days;
                let between = DataValidationRule::Between(excel_day(from)?, excel_day(to)?);
                (validation.allow_date(between), &self.messages.date)
            }
            CellRule::Count => {
                (validation.allow_whole_number(DataValidationRule::Between(0, i32::MAX)), &self.messages.count)
            }
            CellRule::Number => {
                (validation.allow_decimal_number(DataValidationRule::Between(0.0, LARGEST)), &self.messages.number)
            }
            CellRule::Year => {
                let [from, to] = self.years;
                (validation.allow_whole_number(DataValidationRule::Between(from, to)), &self.messages.year)
            }
            CellRule::Code => {
                let sound = format!("=AND(COUNTIF({own},{here})=1,LEN({here})<=30,{})", is_of_code_letters(&here));
                (custom(sound), &self.messages.code)
            }
            CellRule::Period if self.periods.is_empty() => return Ok(None),
            CellRule::Period => (validation.allow_list_strings(&self.periods)?, &self.messages.period),
            CellRule::OneOf(words) => (validation.allow_list_strings(words)?, &self.messages.choice),
            CellRule::BuiltIn(_) => return Ok(None),
            CellRule::Suggest(words) => {
                let offered = validation.allow_list_strings(words)?.show_error_message(false);
                (offered, &self.messages.suggestion)
            }
            CellRule::List(list) => {
                let Some(lists) = book.sheet(&self.lists) else { return Ok(None) };
                let (names, first) = (lists.cells(0, true), lists.first(lists.first_label()));
                let rows = format!("=OFFSET({first},MATCH(\"{list}\",{names},0)-1,0,COUNTIF({names},\"{list}\"),1)");
                (validation.allow_list_formula(Formula::new(rows)), &self.messages.choice)
            }
            CellRule::Column(name) => {
                let Some((other, column)) = book.column(name) else { return Ok(None) };
                let (first, all) = (other.first(column), other.cells(column, true));
                let filled = format!("=OFFSET({first},0,0,MAX(1,COUNTA({all})),1)");
                (validation.allow_list_formula(Formula::new(filled)), &self.messages.choice)
            }
            CellRule::Above(name) => {
                let Some((other, column)) = book.column(name) else { return Ok(None) };
                let first = other.first(column);
                let above = format!("=OFFSET({first},0,0,ROW()-ROW({first}),1)");
                (validation.allow_list_formula(Formula::new(above)), &self.messages.above)
            }
            CellRule::Together => {
                let column = column_number_to_name(at);
                let (above, below) = (sheet.header() + 1, sheet.header() + 3);
                let beside = format!("{here}={column}{above},{here}={column}{below}");
                (custom(format!("=OR(COUNTIF({own},{here})=1,{beside})")), &self.messages.together)
            }
            CellRule::Entry => {
                let names = sheet.cells(0, false);
                let same: Vec<String> =
                    (1..=sheet.last_label()).map(|column| format!("({}={here})", sheet.cells(column, false))).collect();
                let twice = format!(
                    "SUMPRODUCT(({names}=$A{})*(ROW({names})<>ROW({here}))*({}))",
                    sheet.header() + 2,
                    same.join("+")
                );
                let parted = format!("ISERROR(FIND(\";\",{here})),ISERROR(FIND(CHAR(10),{here}))");
                (custom(format!("=AND({twice}=0,{parted})")), &self.messages.entry)
            }
        };
        message.with(validation).map(Some)
    }
}

/// Holds where a cell has nothing but the letters of codes, and a digit among them.
fn is_of_code_letters(cell: &str) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
    let others = format!("SUMPRODUCT(--ISERROR(FIND(MID(UPPER({cell}),ROW($1:$30),1),\"{letters}\")))=0");
    format!("{others},SUMPRODUCT(--ISNUMBER(FIND(ROW($1:$10)-1,{cell})))>0")
}

impl InputMessage {
    fn with(&self, validation: DataValidation) -> Result<DataValidation, XlsxError> {
        validation
            .set_input_title(&self.title)?
            .set_input_message(&self.text)?
            .set_error_title(&self.title)?
            .set_error_message(&self.text)
    }
}

impl Book {
    /// Lets years end with the project, since nobody in it is born later, and offers its periods as far as a drop-down
    /// can hold them.
    pub fn fit(&mut self, end_year: i16, periods: Vec<String>) {
        if let Some(aids) = &mut self.aids {
            aids.years[1] = i32::from(end_year);
            aids.periods = periods;
        }
    }

    fn sheet(&self, table: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.table.as_deref() == Some(table))
    }

    /// The sheet and column that `table.column` names.
    fn column(&self, name: &str) -> Option<(&Sheet, u16)> {
        let (table, column) = name.split_once('.')?;
        let sheet = self.sheet(table)?;
        let at = sheet.columns.iter().position(|known| known.is.as_deref() == Some(column))?;
        Some((sheet, at as u16))
    }
}

impl Sheet {
    /// `'Листи'!$A$5`, the first cell under a heading.
    fn first(&self, column: u16) -> String {
        format!("'{}'!${}${}", self.name.text(), column_number_to_name(column), self.header() + 2)
    }

    /// The cells under a heading, with the sheet's name where they are seen from another one.
    fn cells(&self, column: u16, from_elsewhere: bool) -> String {
        let sheet = if from_elsewhere { format!("'{}'!", self.name.text()) } else { String::new() };
        let column = column_number_to_name(column);
        format!("{sheet}${column}${}:${column}${}", self.header() + 2, self.last() + 1)
    }
}

impl Sheet {
    /// The column of labels in the first language.
    fn first_label(&self) -> u16 {
        self.labels().next().unwrap_or_default()
    }

    fn last_label(&self) -> u16 {
        self.labels().last().unwrap_or_default()
    }

    fn labels(&self) -> impl Iterator<Item = u16> {
        (0..).zip(&self.columns).filter(|(_, column)| column.is.as_deref() == Some("label")).map(|(at, _)| at)
    }
}

fn excel_day(cell: &WorkbookCell) -> Result<ExcelDateTime, XlsxError> {
    let day = cell.date().unwrap_or_default();
    ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)
}
