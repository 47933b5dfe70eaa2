/// A sheet that was read, by its place in [`Sources`]. Sheets are numbered in the order of the tables'
/// files in project.toml, so that ordering by [`RowRef`] is the contract's "order of files, then row".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SheetId(pub u16);

/// A row of a sheet. `row` is the number that a spreadsheet program shows, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowRef {
    pub sheet: SheetId,
    pub row: u32,
}

/// Where a sheet is: `file` relative to the project's folder with `/`, `sheet` none for a CSV file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetSource {
    pub file: String,
    pub sheet: Option<String>,
}

/// A row inside a table that was read but stands for nothing (a total, a repeated header, a doubled attendance …).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassedRow {
    pub row: RowRef,
    /// The reason's code, as in the row accounting (`total`, `repeated-header`, `doubled`, `waived` …).
    pub why: &'static str,
    /// The row that it repeats.
    pub like: Option<RowRef>,
}

/// Every sheet that a project's tables came from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pub sheets: Vec<SheetSource>,
    /// Rows passed over, in order of rows; blank ones aren't told.
    pub passed: Vec<PassedRow>,
}

impl Sources {
    pub fn add(&mut self, source: SheetSource) -> SheetId {
        self.sheets.push(source);
        SheetId((self.sheets.len() - 1) as u16)
    }

    pub fn get(&self, id: SheetId) -> &SheetSource {
        &self.sheets[id.0 as usize]
    }
}
