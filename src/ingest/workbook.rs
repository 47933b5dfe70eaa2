//! Opening a file of tables by its content, and streaming the rows of its sheets. Input is untrusted: whatever is
//! wrong with a file is one clear problem, never a panic and never unbounded memory.

#![warn(missing_docs)]

mod archive;
mod catch_panic;
mod cell_value;
mod compound_file;
mod csv;
mod geometry;
mod ods;
mod open;
mod read_ahead;
mod row_assembler;
mod shared_file;
mod sniff;
mod xls;
mod xlsb;
mod xlsx;
mod xml;

pub use open::{missing_file, open, open_encoded};

use std::collections::BTreeSet;

use crate::diagnostic::{Place, Problem};
use crate::folder::InputFile;
use crate::ingest::layout::{LAST_HEADER_ROW, SheetHead};
use crate::ingest::raw_row::RawRow;
use crate::model::Limits;

/// A file of tables that could be opened.
pub struct Workbook {
    /// Relative to the project's folder, with the BLAKE3 of the content.
    pub input: InputFile,
    /// In the order of the file.
    pub sheets: Vec<SheetInfo>,
    limits: Limits,
    format: WorkbookFormat,
}

/// A sheet of a workbook; for CSV the only one, without a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetInfo {
    /// `None` for CSV.
    pub name: Option<String>,
    /// Not shown by a spreadsheet program.
    pub hidden: bool,
}

/// Bytes of a file from which a second thread pays off.
const LARGE_FILE: u64 = 1 << 20;

enum WorkbookFormat {
    Xlsx(Box<xlsx::Book>),
    Xlsb(Box<xlsb::Book>),
    Xls(Box<xls::Book>),
    Ods(Box<ods::Book>),
    Csv(csv::Book),
}

/// Which columns a caller wants of a sheet's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Projection {
    #[default]
    /// Every column.
    All,
    /// Column numbers from 0, rising.
    Columns(Vec<u32>),
}

impl Projection {
    /// Answers which columns of a row are wanted, from left to right.
    fn selector(&self) -> ColumnSelector<'_> {
        ColumnSelector { wanted: self, next: 0 }
    }
}

/// Which columns of a row are wanted; asked from left to right.
struct ColumnSelector<'p> {
    wanted: &'p Projection,
    /// Index of the first wanted column that isn't passed yet.
    next: usize,
}

impl ColumnSelector<'_> {
    fn includes(&mut self, column: u32) -> bool {
        let Projection::Columns(columns) = self.wanted else { return true };
        while columns.get(self.next).is_some_and(|wanted| *wanted < column) {
            self.next += 1;
        }
        columns.get(self.next) == Some(&column)
    }
}

/// Rows that are read before a second thread pays off.
const SINGLE_THREADED_ROWS: usize = 2_000;

/// Rows of one sheet, one at a time, from the top. Only rows with content are given.
pub struct SheetRows<'a> {
    reader: Box<dyn RowSource<'a> + 'a>,
    place: Place,
    ended: bool,
}

/// A sheet's rows as a format gives them.
trait RowSource<'a>: Send {
    /// Goes to the next row with content; false at the end.
    fn advance(&mut self) -> Result<bool, Box<Problem>>;
    fn row(&self) -> &RawRow<'a>;
    /// Puts the next row with content into `row`, whatever it held; false at the end.
    fn fill(&mut self, row: &mut RawRow<'a>) -> Result<bool, Box<Problem>>;
}

impl<'a> SheetRows<'a> {
    /// The next row with content, valid until the next call. After an error nothing more comes.
    pub fn next_row(&mut self) -> Result<Option<&RawRow<'a>>, Box<Problem>> {
        Ok(if self.advance()? { Some(self.reader.row()) } else { None })
    }

    /// Gives every row to `take`, in order. A long sheet is unpacked and parsed by a thread of its own, a little ahead of
    /// what is made of its rows.
    ///
    /// # Errors
    /// The sheet can't be read further; the rows before have been given.
    pub fn for_each(self, mut take: impl FnMut(&RawRow)) -> Result<(), Box<Problem>> {
        self.for_each_prepared(|_| (), |row, ()| take(row))
    }

    /// [`SheetRows::for_each`] with what `prepare` makes of each row, in order, in the reading thread.
    ///
    /// # Errors
    /// As [`SheetRows::for_each`].
    pub fn for_each_prepared<P: Send>(
        mut self,
        mut prepare: impl FnMut(&RawRow) -> P + Send,
        mut take: impl FnMut(&RawRow, P),
    ) -> Result<(), Box<Problem>> {
        for _ in 0..SINGLE_THREADED_ROWS {
            match self.next_row()? {
                Some(row) => take(row, prepare(row)),
                None => return Ok(()),
            }
        }
        let SheetRows { mut reader, place, .. } = self;
        read_ahead::for_each_row(|row| reader.fill(row), prepare, take).map_err(|problem| at_place(problem, &place))
    }

    fn advance(&mut self) -> Result<bool, Box<Problem>> {
        if self.ended {
            return Ok(false);
        }
        let reader = &mut self.reader;
        let advanced = catch_panic::catch_panic(|| reader.advance()).unwrap_or_else(|| Err(archive::unread_form()));
        self.ended = !matches!(advanced, Ok(true));
        advanced.map_err(|problem| at_place(problem, &self.place))
    }
}

impl Workbook {
    /// Streams a sheet by its index in [`Workbook::sheets`].
    ///
    /// # Errors
    /// The sheet can't be read at all.
    pub fn rows(&mut self, sheet: usize, projection: &Projection) -> Result<SheetRows<'_>, Box<Problem>> {
        let place = self.place(sheet);
        let (format, limits) = (&mut self.format, &self.limits);
        let opened = catch_panic::catch_panic(|| match format {
            WorkbookFormat::Xlsx(book) => book.rows(sheet, projection, limits),
            WorkbookFormat::Xlsb(book) => book.rows(sheet, projection, limits),
            WorkbookFormat::Xls(book) => book.rows(sheet, projection, limits),
            WorkbookFormat::Ods(book) => book.rows(sheet, projection, limits),
            WorkbookFormat::Csv(book) => book.rows(projection, limits),
        });
        match opened.unwrap_or_else(|| Err(archive::unread_form())) {
            Ok(reader) => Ok(SheetRows { reader, place, ended: false }),
            Err(problem) => Err(at_place(problem, &place)),
        }
    }

    /// The first rows of a sheet, up to a few below the last row that may be its header.
    ///
    /// # Errors
    /// The sheet can't be read so far.
    pub fn head(&mut self, sheet: usize) -> Result<SheetHead<'static>, Box<Problem>> {
        let mut rows = self.rows(sheet, &Projection::All)?;
        let mut head = Vec::new();
        while let Some(row) = rows.next_row()? {
            if row.number > LAST_HEADER_ROW + 5 {
                break;
            }
            head.push(row.clone().into_owned());
        }
        Ok(SheetHead::new(head))
    }

    /// Takes headings into account that project.toml gives columns, folded: a CSV file's separator may depend on them.
    ///
    /// # Errors
    /// The file's headings and its rows are parted by different marks.
    pub fn expect_headings(&mut self, headings: &BTreeSet<String>) -> Result<(), Box<Problem>> {
        match &mut self.format {
            WorkbookFormat::Csv(book) => {
                book.expect_headings(headings).map_err(|problem| Box::new(problem.at(Place::file(&self.input.path))))
            }
            _ => Ok(()),
        }
    }

    /// The mark between a CSV file's cells, as messages show it; `None` for workbooks.
    pub fn separator(&self) -> Option<String> {
        match &self.format {
            WorkbookFormat::Csv(book) => Some(book.separator()),
            _ => None,
        }
    }

    /// The index of the sheet of that name: written exactly so, else whatever its case and outer spaces.
    pub fn sheet_by_name(&self, name: &str) -> Option<usize> {
        let written = |sheet: &SheetInfo| sheet.name.as_deref() == Some(name);
        let key = crate::fold::code_key(name);
        let alike = |sheet: &SheetInfo| sheet.name.as_deref().is_some_and(|name| crate::fold::code_key(name) == key);
        self.sheets.iter().position(written).or_else(|| self.sheets.iter().position(alike))
    }

    /// Whether it is a text file that was read as windows-1251 for want of anything better.
    pub fn has_guessed_encoding(&self) -> bool {
        matches!(&self.format, WorkbookFormat::Csv(book) if book.is_guessed())
    }

    /// The place that problems of a sheet are reported at.
    pub fn place(&self, sheet: usize) -> Place {
        Place::sheet(&self.input.path, self.sheets.get(sheet).and_then(|sheet| sheet.name.as_deref()))
    }
}

/// Adds the place to a problem of a reader, which doesn't know the file it reads.
fn at_place(mut problem: Box<Problem>, place: &Place) -> Box<Problem> {
    if problem.places.is_empty() {
        problem.places.push(place.clone());
    }
    problem
}
