/// Where a problem is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Relative to the project's folder, with `/`.
    pub file: String,
    /// Where in the file.
    pub spot: Spot,
}

/// Where in a file a problem is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// The whole file.
    File,
    /// A whole sheet.
    Sheet {
        /// `None` for a file without sheets.
        sheet: Option<String>,
    },
    /// A cell of a sheet.
    Cell {
        /// `None` for a file without sheets.
        sheet: Option<String>,
        /// From 1.
        row: u32,
        /// From 0, which is A.
        column: u32,
    },
    /// A cell of a Word file's table.
    TableCell {
        /// In their order, from 1.
        table: u32,
        /// From 1.
        row: u32,
        /// From 0, which is A.
        column: u32,
    },
    /// A place in a text file.
    Line {
        /// From 1.
        line: u32,
        /// In letters, from 1.
        column: u32,
    },
}

impl Place {
    /// A whole file.
    pub fn file(file: &str) -> Place {
        Place { file: file.to_owned(), spot: Spot::File }
    }

    /// A whole sheet.
    pub fn sheet(file: &str, sheet: Option<&str>) -> Place {
        Place { file: file.to_owned(), spot: Spot::Sheet { sheet: sheet.map(str::to_owned) } }
    }

    /// A cell; see [`Spot::Cell`].
    pub fn cell(file: &str, sheet: Option<&str>, row: u32, column: u32) -> Place {
        Place { file: file.to_owned(), spot: Spot::Cell { sheet: sheet.map(str::to_owned), row, column } }
    }

    /// A place in a text file; see [`Spot::Line`].
    pub fn line(file: &str, line: u32, column: u32) -> Place {
        Place { file: file.to_owned(), spot: Spot::Line { line, column } }
    }

    /// The line, if it is a place in a text file.
    pub fn line_number(&self) -> Option<u32> {
        match self.spot {
            Spot::Line { line, .. } => Some(line),
            Spot::File | Spot::Sheet { .. } | Spot::Cell { .. } | Spot::TableCell { .. } => None,
        }
    }

    /// The line and column of a byte of a text file; columns are counted in characters.
    pub fn in_text(file: &str, text: &str, offset: usize) -> Place {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() as u32 + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
        Place::line(file, line, column)
    }

    /// The sheet, if the place is in one.
    pub fn sheet_name(&self) -> Option<&str> {
        match &self.spot {
            Spot::Sheet { sheet } | Spot::Cell { sheet, .. } => sheet.as_deref(),
            Spot::File | Spot::TableCell { .. } | Spot::Line { .. } => None,
        }
    }

    /// `B17`, `2!B17` in a Word file, or `12:5` in a text file; `None` for whole files and sheets.
    pub fn spot_name(&self) -> Option<String> {
        match &self.spot {
            Spot::Cell { row, column, .. } => Some(cell_name(*row, *column)),
            Spot::TableCell { table, row, column } => Some(format!("{table}!{}", cell_name(*row, *column))),
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
