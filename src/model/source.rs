use std::fmt;

/// A sheet that was read, by its place in [`Sources`]. Sheets are numbered in the order of the tables'
/// files in project.toml, so that ordering by [`RowRef`] is the contract's "order of files, then row".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SheetId(pub u16);

/// A row of a sheet. `row` is the number that a spreadsheet program shows, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowRef {
    /// The sheet.
    pub sheet: SheetId,
    /// The row, from 1.
    pub row: u32,
}

/// Where a sheet is: `file` relative to the project's folder with `/`, `sheet` none for a CSV file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetSource {
    /// Path relative to the project's folder, with `/`.
    pub file: String,
    /// The sheet's name; none for a CSV file.
    pub sheet: Option<String>,
}

/// `participants.xlsx:Присуства`, or the file alone.
impl fmt::Display for SheetSource {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match &self.sheet {
            Some(sheet) => write!(f, "{}:{sheet}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

/// Where a row is, for people and for records that outlive a run: printed as `participants.xlsx:Присуства:17`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowPlace {
    /// A [`SheetSource`] as text.
    pub sheet: String,
    /// As a spreadsheet program shows it, from 1.
    pub row: u32,
}

impl fmt::Display for RowPlace {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}", self.sheet, self.row)
    }
}

/// A row of a table that was read but not used (a total, a repeated header, a doubled attendance …).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkippedRow {
    /// Which row.
    pub row: RowRef,
    /// The reason's code, as in the row accounting (`total`, `repeated-header`, `doubled`, `waived` …).
    pub reason: &'static str,
    /// The row that it repeats.
    pub duplicate_of: Option<RowRef>,
}

/// Every sheet that a project's tables came from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The sheets, in the order of the tables' files.
    pub sheets: Vec<SheetSource>,
    /// Skipped rows, in the order of rows; blank ones are left out.
    pub skipped: Vec<SkippedRow>,
}

impl Sources {
    /// Adds a sheet and says which it is.
    pub fn add(&mut self, source: SheetSource) -> SheetId {
        self.sheets.push(source);
        SheetId((self.sheets.len() - 1) as u16)
    }

    /// The sheet of an id.
    pub fn get(&self, id: SheetId) -> &SheetSource {
        &self.sheets[id.0 as usize]
    }

    /// Where a row is.
    pub fn place(&self, row: RowRef) -> RowPlace {
        RowPlace { sheet: self.get(row.sheet).to_string(), row: row.row }
    }
}
