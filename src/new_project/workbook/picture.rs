//! A sheet of a workbook as a picture shows it.

use super::{Book, Sheet, WorkbookCell};
use crate::diagnostic::column_name;
use crate::model::Lang;
use crate::render::pdf::{SheetPicture, SheetPictureRow};

/// How many letters a picture can show side by side.
const WIDEST: u32 = 128;

impl Book {
    /// The sheet of a table with rows that were typed into it, as many columns as can be read in a picture.
    pub fn picture(&self, table: &str, rows: &[Vec<String>], lang: &Lang) -> Option<SheetPicture> {
        let names = self.guide.iter().chain(&self.sheets).map(|sheet| sheet.name.text().to_owned());
        let shown = self.sheets.iter().position(|sheet| sheet.table.as_deref() == Some(table))?;
        Some(SheetPicture {
            lang: lang.as_str().to_owned(),
            tabs: names.collect(),
            shown: shown + usize::from(self.guide.is_some()),
            columns: shown_columns(&self.sheets[shown]),
            rows: shown_rows(&self.sheets[shown], rows),
        })
    }
}

fn shown_columns(sheet: &Sheet) -> Vec<(String, u32)> {
    let mut room = WIDEST;
    let fitting = sheet.columns.iter().zip(0..).take_while(|(column, _)| {
        let fits = column.width <= room;
        room = room.saturating_sub(column.width);
        fits
    });
    fitting.map(|(column, at)| (column_name(at), column.width)).collect()
}

fn shown_rows(sheet: &Sheet, typed: &[Vec<String>]) -> Vec<SheetPictureRow> {
    let count = shown_columns(sheet).len();
    let over_all = |face, text: &Option<String>| {
        text.iter().map(|text| SheetPictureRow { face, cells: vec![text.clone()] }).collect::<Vec<_>>()
    };
    let mut rows = over_all("title", &sheet.title);
    rows.extend(over_all("remark", &sheet.remark));
    let columns = || sheet.columns.iter().take(count);
    if sheet.has_example() {
        let cells = columns().map(|column| column.example.as_ref().map(shown_cell).unwrap_or_default()).collect();
        rows.push(SheetPictureRow { face: "example", cells });
    }
    rows.push(SheetPictureRow { face: "header", cells: columns().map(|column| column.heading.clone()).collect() });
    let typed = typed.iter().map(|row| row.iter().take(count).cloned().collect());
    rows.extend(typed.map(|cells| SheetPictureRow { face: "body", cells }));
    rows
}

fn shown_cell(cell: &WorkbookCell) -> String {
    match cell {
        WorkbookCell::Text(text) => text.clone(),
        WorkbookCell::Number(number) => number.to_string(),
        WorkbookCell::Date(day) => day.strftime("%d.%m.%Y").to_string(),
        WorkbookCell::Blank | WorkbookCell::ByLang(_) => String::new(),
    }
}
