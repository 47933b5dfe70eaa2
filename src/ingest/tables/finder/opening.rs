//! Workbooks are opened once, each with the first rows of its sheets.

use super::TableFinder;
use crate::ingest::layout::SheetHead;
use crate::ingest::tables::{OpenedWorkbook, table_files};
use crate::ingest::workbook;

impl TableFinder<'_> {
    /// Index of the workbook; `None` if it can't be opened, which was reported.
    pub(super) fn open_workbook(&mut self, path: &str) -> Option<usize> {
        if let Some(known) = self.by_path.get(path) {
            return *known;
        }
        let encoding = self.encodings.get(path).copied();
        let mut opened = workbook::open_encoded(self.folder, path, encoding, self.limits, self.problems);
        if let Some(Err(problem)) = opened.as_mut().map(|workbook| workbook.expect_headings(&self.headings)) {
            self.problems.push(*problem);
            opened = None;
        }
        let opened = opened.map(|mut workbook| {
            let book = self.workbooks.len();
            let heads = (0..workbook.sheets.len())
                .map(|sheet| {
                    workbook.head(sheet).unwrap_or_else(|problem| {
                        self.problems.push(*problem);
                        self.unreadable.insert((book, sheet));
                        SheetHead::new(Vec::new())
                    })
                })
                .collect();
            self.workbooks.push(OpenedWorkbook { workbook, heads });
            self.workbooks.len() - 1
        });
        self.by_path.insert(path.to_owned(), opened);
        opened
    }

    /// Opens every file of tables in the folder itself, in order of name.
    pub(super) fn open_folder(&mut self) {
        for name in table_files(self.folder) {
            self.open_workbook(&name);
        }
    }
}
