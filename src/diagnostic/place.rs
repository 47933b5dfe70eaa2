/// Where a problem is. Files are relative to the project's folder, with `/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub file: String,
    pub spot: Spot,
}

/// Rows and lines count from 1, columns of sheets from 0 (A), columns of lines from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    File,
    Sheet { sheet: Option<String> },
    Cell { sheet: Option<String>, row: u32, column: u32 },
    Line { line: u32, column: u32 },
}

impl Place {
    pub fn file(file: &str) -> Place {
        Place { file: file.to_owned(), spot: Spot::File }
    }

    pub fn sheet(file: &str, sheet: Option<&str>) -> Place {
        Place { file: file.to_owned(), spot: Spot::Sheet { sheet: sheet.map(str::to_owned) } }
    }

    pub fn cell(file: &str, sheet: Option<&str>, row: u32, column: u32) -> Place {
        Place { file: file.to_owned(), spot: Spot::Cell { sheet: sheet.map(str::to_owned), row, column } }
    }

    pub fn line(file: &str, line: u32, column: u32) -> Place {
        Place { file: file.to_owned(), spot: Spot::Line { line, column } }
    }

    pub fn sheet_name(&self) -> Option<&str> {
        match &self.spot {
            Spot::Sheet { sheet } | Spot::Cell { sheet, .. } => sheet.as_deref(),
            Spot::File | Spot::Line { .. } => None,
        }
    }

    /// `B17`, or `12:5` in a text file.
    pub fn spot_name(&self) -> Option<String> {
        match &self.spot {
            Spot::Cell { row, column, .. } => Some(cell_name(*row, *column)),
            Spot::Line { line, column } => Some(format!("{line}:{column}")),
            Spot::File | Spot::Sheet { .. } => None,
        }
    }
}

/// `A`, `Z`, `AA` for a column counted from 0.
pub fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|&letter| letter as char).collect()
}

/// `B17`: row from 1, column from 0.
pub fn cell_name(row: u32, column: u32) -> String {
    format!("{}{row}", column_name(column))
}
