//! Which sheet of which file holds each table: where project.toml says, else wherever in the folder one fits.

#![warn(missing_docs)]

mod finder;
mod shaped_rows;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use super::activities::ReadActivities;
use super::cell::DecimalMarks;
use super::layout::{LayoutColumn, OTHER_HEADER, SheetHead, TableKind};
use super::raw_row::{Raw, RawRow};
use super::settings::TablePlan;
use super::shapes;
use super::table::{OnFault, RowReader, TableReader, TableSheet};
use super::workbook::{Projection, Workbook};
use crate::diagnostic::{Place, Problem, kinds};
use crate::folder::{InputFile, entries};
use crate::model::{Limits, Settings, Sources};

static SHEET_NAMES: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../templates/sheets.toml"))
        .unwrap_or_else(|error| panic!("templates/sheets.toml: {error}"))
});

/// Names of sheets that usually hold a table.
pub fn sheet_names(kind: TableKind) -> &'static [String] {
    SHEET_NAMES.get(kind.name()).map(Vec::as_slice).unwrap_or_default()
}

/// Endings of files that tables are looked for in. A file that project.toml names may have any.
const TABLE_EXTENSIONS: [&str; 8] = ["xlsx", "xlsm", "xls", "xlsb", "ods", "csv", "tsv", "xltx"];

/// Names of the files in a folder that may hold tables, in order.
pub fn table_files(folder: &Path) -> Vec<String> {
    entries(folder).into_iter().map(|(name, _)| name).filter(|name| is_table_file(name)).collect()
}

/// Whether a file may hold tables, by its name.
pub fn is_table_file(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|ending| TABLE_EXTENSIONS.contains(&ending.as_str()))
}

/// The files that were opened, and the sheets of each table.
pub struct Tables {
    workbooks: Vec<OpenedWorkbook>,
    sheets: BTreeMap<TableKind, Vec<TableSheet>>,
    /// Tables that are there but can't be read; references into them aren't checked.
    pub broken: BTreeSet<TableKind>,
    /// Every sheet that holds a table.
    pub sources: Sources,
}

struct OpenedWorkbook {
    workbook: Workbook,
    heads: Vec<SheetHead<'static>>,
}

impl Tables {
    /// Opens files and finds every table; what is wrong with files and headers goes to `problems`.
    pub fn find(folder: &Path, plans: &[TablePlan], limits: &Limits, problems: &mut Vec<Problem>) -> Tables {
        finder::find_tables(folder, plans, limits, problems)
    }

    /// The sheets that a table is read from.
    pub fn sheets(&self, kind: TableKind) -> Vec<TableSheet> {
        self.sheets.get(&kind).cloned().unwrap_or_default()
    }

    /// Whether a table was found.
    pub fn has(&self, kind: TableKind) -> bool {
        self.sheets.contains_key(&kind)
    }

    /// The files that were opened.
    pub fn inputs(&self) -> Vec<InputFile> {
        self.workbooks.iter().map(|book| book.workbook.input.clone()).collect()
    }

    /// Streams the rows of data of one sheet to `read`, which ends each of them, with what `prepare` makes of each in
    /// order, a little ahead of `read`. Rows that hold no data are skipped and accounted for.
    pub fn for_each_data_row<P: Send + Clone>(
        &mut self,
        table: &mut TableReader,
        sheet: &TableSheet,
        projection: &Projection,
        prepare: impl FnMut(&RawRow) -> P + Send,
        mut read: impl FnMut(&mut RowReader, P),
    ) {
        let take = |table: &mut TableReader, raw: &RawRow, prepared| read(&mut table.begin_row(sheet, raw), prepared);
        self.stream_rows(table, sheet, projection, prepare, take);
    }

    /// [`Tables::for_each_data_row`] without beginning the rows of data.
    fn stream_rows<P: Send + Clone>(
        &mut self,
        table: &mut TableReader,
        sheet: &TableSheet,
        projection: &Projection,
        mut prepare: impl FnMut(&RawRow) -> P + Send,
        mut take: impl FnMut(&mut TableReader, &RawRow, P),
    ) {
        if let Some(shape) = sheet.shape.as_deref() {
            match self.stream_shaped_rows(table, (sheet, shape), projection, prepare, take) {
                Ok(hidden) => report_hidden_rows(table, sheet, hidden),
                Err(problem) => table.report(*problem),
            }
            return;
        }
        let mut hidden = 0u64;
        let book = &mut self.workbooks[sheet.book].workbook;
        let rows = book.rows(sheet.sheet, projection);
        let classify = |row: &RawRow| {
            let is_below = row.number > sheet.layout.header_row;
            is_below.then(|| sheet.layout.classify(row).skip_reason().map_or_else(|| Ok(prepare(row)), Err))
        };
        let streamed = rows.and_then(|rows| {
            rows.for_each_prepared(classify, |row, classified| {
                let Some(classified) = classified else { return };
                hidden += u64::from(row.hidden);
                match classified {
                    Err(OTHER_HEADER) => report_other_header(table, sheet, row, None),
                    Err(why) => skip_row(table, sheet, row, why),
                    Ok(prepared) => {
                        note_unread_error(table, sheet, row);
                        take(table, row, prepared);
                    }
                }
            })
        });
        if let Err(problem) = streamed {
            table.report(*problem);
        }
        report_hidden_rows(table, sheet, hidden);
    }

    /// Finds the columns of periods of a table that has such.
    pub fn resolve_periods(&mut self, table: &mut TableReader, settings: &Settings) {
        let sheets = self.sheets.get_mut(&table.kind).into_iter().flatten();
        sheets.for_each(|sheet| shapes::resolve_periods(sheet, table, settings));
    }

    /// Finds what the headings of marks say, and which activities titles name, for every sheet of attendance that has such.
    pub fn resolve_heads(&mut self, table: &mut TableReader, activities: &ReadActivities, checks_activities: bool) {
        let mut sheets = self.sheets(TableKind::Attendance);
        for sheet in &mut sheets {
            shapes::name_given_activity(sheet, table, activities);
            shapes::resolve_heads(self, sheet, table, activities, checks_activities);
        }
        if !sheets.is_empty() {
            self.sheets.insert(TableKind::Attendance, sheets);
        }
    }

    /// Streams some columns of a sheet without accounting for its rows.
    pub fn scan_rows(&mut self, sheet: &TableSheet, projection: Projection, mut visit: impl FnMut(&RawRow)) {
        if let Some(shape) = sheet.shape.as_deref() {
            self.scan_shaped_rows((sheet, shape), &projection, visit);
            return;
        }
        let book = &mut self.workbooks[sheet.book].workbook;
        let rows = book.rows(sheet.sheet, &projection);
        // A fault of the file is reported when the rows themselves are read.
        let _ = rows.and_then(|rows| {
            rows.for_each(|row| {
                if row.number > sheet.layout.header_row {
                    visit(row);
                }
            })
        });
    }

    /// Looks through the columns of a table that are read as numbers, for how each uses point and comma.
    pub fn settle_decimal_marks(&mut self, kind: TableKind, is_number: impl Fn(&LayoutColumn) -> bool) {
        for (at, sheet) in self.sheets(kind).into_iter().enumerate() {
            let numbers = sheet.layout.columns.iter().filter(|column| is_number(column));
            let columns: Vec<u32> = numbers.map(|column| column.column).collect();
            if columns.is_empty() {
                continue;
            }
            let mut marks: BTreeMap<u32, DecimalMarks> = BTreeMap::new();
            self.scan_rows(&sheet, Projection::Columns(columns), |row| {
                for cell in &row.cells {
                    if let Raw::Text(text) = &cell.raw {
                        marks.entry(cell.column).or_default().observe(text);
                    }
                }
            });
            if let Some(found) = self.sheets.get_mut(&kind).and_then(|sheets| sheets.get_mut(at)) {
                found.decimal_marks = Arc::new(marks);
            }
        }
    }

    /// All rows of data of a sheet, which the caller begins: for tables that are small or read twice.
    pub fn collect_rows(&mut self, table: &mut TableReader, sheet: &TableSheet) -> Vec<RawRow<'static>> {
        let mut rows = Vec::new();
        self.stream_rows(table, sheet, &Projection::All, |_| (), |_, raw, ()| rows.push(raw.clone().into_owned()));
        rows
    }
}

/// Accounts for a row that holds no data.
fn skip_row(table: &mut TableReader, sheet: &TableSheet, row: &RawRow, why: &'static str) {
    table.skip_row(sheet.row_ref(row), why);
    let kind = match why {
        "total" => Some(kinds::RowPassedOver::Total),
        "repeated-header" => Some(kinds::RowPassedOver::RepeatedHeader),
        _ => None,
    };
    if let Some(kind) = kind {
        let column = row.cells.first().map(|cell| cell.column);
        table.finished_row(sheet, row).field_at(column).warn_problem(Problem::note(kind));
    }
}

/// Reports a row of headings that aren't the table's, at the column of one, else at the first that differs.
fn report_other_header(table: &mut TableReader, sheet: &TableSheet, row: &RawRow, column: Option<u32>) {
    let column = column.or_else(|| sheet.layout.find_other_heading(row)).unwrap_or_default();
    let (known, row_of_headings) = (sheet.heading(column), sheet.layout.header_row.to_string());
    let mut reader = table.begin_row(sheet, row);
    let other = kinds::OtherHeadings::Plain { known, row: row_of_headings };
    reader.field_at(Some(column)).report(OnFault::DropRow, other);
    reader.finish();
}

/// Notes how many rows of a sheet are hidden.
fn report_hidden_rows(table: &mut TableReader, sheet: &TableSheet, hidden: u64) {
    if hidden > 0 {
        let place = Place::sheet(&sheet.file, sheet.sheet_name.as_deref());
        table.report(Problem { count: hidden, ..Problem::note(kinds::HiddenRows).at(place) });
    }
}

/// Notes an error in a column that nothing reads. All columns of activities are read, which report their own.
fn note_unread_error(table: &mut TableReader, sheet: &TableSheet, row: &RawRow) {
    let found = row.unread_error.as_ref().map(|(column, text)| (*column, text.to_string()));
    let is_read = |column: u32| sheet.layout.columns.iter().any(|known| known.listed && known.column == column);
    let found = found.or_else(|| {
        let mut errors = row.cells.iter().filter_map(|cell| match &cell.raw {
            Raw::Error(text) => Some((cell.column, text.to_string())),
            _ => None,
        });
        errors.find(|(column, _)| table.kind != TableKind::Activities && !is_read(*column))
    });
    if let Some((column, text)) = found {
        table.report(Problem::note(kinds::ErrorCell::Unread { text }).at(sheet.place(row.number, column)));
    }
}
