//! Opening a file of tables by its content, and streaming the rows of its sheets. Input is untrusted: whatever is
//! wrong with a file is one clear problem, never a panic and never unbounded memory.

mod open;
mod xlsx;

pub use open::open;

use crate::diagnostic::Problem;
use crate::ingest::InputFile;
use crate::ingest::raw::RawRow;

/// A file of tables that could be opened.
pub struct Workbook {
    /// Relative to the project's folder, with the BLAKE3 of the content.
    pub input: InputFile,
    pub sheets: Vec<SheetInfo>,
    limits: crate::model::Limits,
    source: Source,
}

/// A sheet of a workbook; for CSV the only one, without a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetInfo {
    pub name: Option<String>,
    pub hidden: bool,
}

enum Source {
    Xlsx(xlsx::Book),
}

/// Which columns a caller wants of the rows that follow the header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    #[default]
    All,
    /// Column numbers from 0, rising.
    Columns(Vec<u32>),
}

/// Rows of one sheet, one at a time, from the top. Only rows with content are given.
pub struct Rows<'a> {
    reader: Box<dyn RowSource<'a> + 'a>,
}

impl<'a> Rows<'a> {
    /// The next row with content, valid until the next call. An error is the last thing that comes.
    pub fn next_row(&mut self) -> Result<Option<&RawRow<'a>>, Box<Problem>> {
        self.reader.next_row()
    }
}

trait RowSource<'a> {
    fn next_row(&mut self) -> Result<Option<&RawRow<'a>>, Box<Problem>>;
}

impl Workbook {
    /// Streams a sheet by its index in [`Workbook::sheets`].
    pub fn rows(&mut self, sheet: usize, wanted: &Wanted) -> Result<Rows<'_>, Box<Problem>> {
        let reader = match &mut self.source {
            Source::Xlsx(book) => book.rows(sheet, wanted, &self.limits)?,
        };
        Ok(Rows { reader })
    }

    /// The first rows of a sheet (up to row [`crate::ingest::layout::HEADER_WITHIN`] and the first few below), kept, to find its header.
    pub fn head(&mut self, sheet: usize) -> Result<Vec<RawRow<'static>>, Box<Problem>> {
        let mut rows = self.rows(sheet, &Wanted::All)?;
        let mut head = Vec::new();
        while let Some(row) = rows.next_row()? {
            if row.number > crate::ingest::layout::HEADER_WITHIN + 5 {
                break;
            }
            head.push(row.clone().into_owned());
        }
        Ok(head)
    }

    /// Hidden rows of a sheet that have content, once it has been asked for its rows.
    pub fn place(&self, sheet: usize) -> (&str, Option<&str>) {
        (&self.input.path, self.sheets.get(sheet).and_then(|sheet| sheet.name.as_deref()))
    }
}
