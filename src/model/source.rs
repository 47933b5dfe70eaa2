use std::fmt;
use std::num::NonZeroU16;
use std::str::FromStr;

/// A sheet that was read, by its place in [`Sources`]. Sheets are numbered in the order of the tables'
/// files in project.toml, so that ordering by [`RowRef`] is the contract's "order of files, then row".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SheetId(pub u16);

/// A row of a sheet, or the cell of it that a row of a table was made of. `row` is the number that a spreadsheet program
/// shows, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowRef {
    /// The sheet.
    pub sheet: SheetId,
    /// The row, from 1.
    pub row: u32,
    /// The column of the cell, from 1 (A), where a shape made the row of a cell.
    pub column: Option<NonZeroU16>,
}

impl RowRef {
    /// A row as its sheet has it.
    pub fn whole(sheet: SheetId, row: u32) -> RowRef {
        RowRef { sheet, row, column: None }
    }

    /// The row that was made of the cell in a column, from 0 (A).
    pub fn of_cell(sheet: SheetId, row: u32, column: u32) -> RowRef {
        let number = u16::try_from(column + 1).unwrap_or(u16::MAX);
        RowRef { sheet, row, column: NonZeroU16::new(number) }
    }

    /// The column of the cell, from 0 (A).
    pub fn column_index(self) -> Option<u32> {
        self.column.map(|column| u32::from(column.get()) - 1)
    }

    /// `17`, or `K17` of a row made of a cell.
    pub fn spot(self) -> RowSpot {
        RowSpot { row: self.row, column: self.column }
    }
}

/// A row's number with the column of the cell that it was made of, if it was: `17`, `K17`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowSpot {
    /// As a spreadsheet program shows it, from 1.
    pub row: u32,
    /// From 1 (A).
    pub column: Option<NonZeroU16>,
}

impl fmt::Display for RowSpot {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.column {
            Some(column) => write!(f, "{}{}", column_letters(column.get()), self.row),
            None => write!(f, "{}", self.row),
        }
    }
}

impl FromStr for RowSpot {
    type Err = ();

    fn from_str(text: &str) -> Result<RowSpot, ()> {
        let digits = text.find(|c: char| c.is_ascii_digit()).ok_or(())?;
        let row = text[digits..].parse().map_err(|_| ())?;
        let column = if digits == 0 { None } else { Some(column_number(&text[..digits]).ok_or(())?) };
        Ok(RowSpot { row, column })
    }
}

/// The letters of a column counted from 1.
fn column_letters(number: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = number;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|&letter| letter as char).collect()
}

/// `A` as 1, up to the last column that a sheet can have.
pub fn column_number(letters: &str) -> Option<NonZeroU16> {
    if letters.len() > 3 || !letters.bytes().all(|letter| letter.is_ascii_alphabetic()) {
        return None;
    }
    let number = letters.bytes().fold(0, |sum, letter| sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    NonZeroU16::new(u16::try_from(number).ok()?).filter(|number| number.get() <= 16_384)
}

/// Where a sheet is: `file` relative to the project's folder with `/`, `sheet` none for a CSV file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetSource {
    /// Path relative to the project's folder, with `/`.
    pub file: String,
    /// The sheet's name; none for a CSV file.
    pub sheet: Option<String>,
    /// Its cells, not its rows, are the rows of the table.
    pub is_by_cell: bool,
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

/// Where a row is, for people and for records that outlive a run: printed as `participants.xlsx:Присуства:17`, or
/// `register.xlsx:Март:K17` of a row made of a cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowPlace {
    /// A [`SheetSource`] as text.
    pub sheet: String,
    /// Its row or cell there.
    pub spot: RowSpot,
}

impl fmt::Display for RowPlace {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}", self.sheet, self.spot)
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

/// Where explanations of variance are written: a column of the table of reported values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentColumn {
    /// The table's sheet; the first of several.
    pub sheet: SheetId,
    /// The column's index, from 0, and its heading as it is written; `None` where the sheet has no such column.
    pub column: Option<(u32, String)>,
    /// A heading that it would be understood under.
    pub example: String,
    /// The first row below the table.
    pub next_row: u32,
}

/// Every sheet that a project's tables came from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The sheets, in the order of the tables' files.
    pub sheets: Vec<SheetSource>,
    /// Skipped rows, in the order of rows; blank ones are left out.
    pub skipped: Vec<SkippedRow>,
    /// `None` without a table of reported values.
    pub comments: Option<CommentColumn>,
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
        RowPlace { sheet: self.get(row.sheet).to_string(), spot: row.spot() }
    }
}
