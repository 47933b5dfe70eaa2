//! Opening files, reading cells and finding tables.

use donor_report::diagnostic::Problem;
use donor_report::ingest::layout::{self, Layout, Mapping, TableKind};
use donor_report::ingest::raw::RawRow;
use donor_report::ingest::workbook::{self, Wanted, Workbook};
use donor_report::model::Limits;

use super::sheets::Folder;

pub const LIMITS: Limits = Limits { unpacked_mib: 4096, cells: 100_000_000, cell_length: 32_767, attachment_mib: 10 };

/// Opens a file of a folder, with the codes of what is wrong.
pub fn opened(folder: &Folder, name: &str) -> (Option<Workbook>, Vec<Problem>) {
    let mut problems = Vec::new();
    let book = workbook::open(folder.path(), name, &LIMITS, &mut problems);
    (book, problems)
}

/// All rows of a sheet.
pub fn rows(book: &mut Workbook, sheet: usize) -> Vec<RawRow<'static>> {
    let mut rows = book.rows(sheet, &Wanted::All).expect("rows");
    let mut all = Vec::new();
    while let Some(row) = rows.next_row().expect("a row") {
        all.push(row.clone().into_owned());
    }
    all
}

/// The layout of a table in a sheet written as text.
pub fn found(kind: TableKind, sheet: &str, mapping: &Mapping) -> Result<Layout, Vec<Problem>> {
    let folder = Folder::new();
    folder.book("t.xlsx", &[("Sheet", sheet)]);
    let (book, problems) = opened(&folder, "t.xlsx");
    assert!(problems.is_empty(), "{problems:?}");
    let head = book.expect("a workbook").head(0).expect("its head");
    layout::find(&head, kind, mapping, ("t.xlsx", Some("Sheet")))
}

#[test]
fn a_plain_sheet_is_found_and_streamed() {
    let layout = found(TableKind::Attendance, "activity | person\nA-01 | U-1", &Mapping::new()).expect("a layout");
    assert_eq!(layout.header_row, 1);
    assert_eq!(layout.column("person").map(|column| column.column), Some(1));
}
