//! Opening a file of tables by its content, and streaming the rows of its sheets. Input is untrusted: whatever is
//! wrong with a file is one clear problem, never a panic and never unbounded memory.

mod ahead;
mod archive;
mod assemble;
mod compound;
mod contain;
mod content;
mod csv;
mod handle;
mod ods;
mod open;
mod scan;
mod unpacked;
mod xls;
mod xlsb;
mod xlsx;

pub use open::{is_lock_file, open};

use crate::diagnostic::{Place, Problem};
use crate::ingest::InputFile;
use crate::ingest::layout::{HEADER_WITHIN, Head};
use crate::ingest::raw::RawRow;
use crate::model::Limits;

/// A file of tables that could be opened.
pub struct Workbook {
    /// Relative to the project's folder, with the BLAKE3 of the content.
    pub input: InputFile,
    pub sheets: Vec<SheetInfo>,
    limits: Limits,
    source: Source,
}

/// A sheet of a workbook; for CSV the only one, without a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetInfo {
    pub name: Option<String>,
    pub hidden: bool,
}

enum Source {
    Xlsx(Box<xlsx::Book>),
    Xlsb(Box<xlsb::Book>),
    Xls(Box<xls::Book>),
    Ods(Box<ods::Book>),
    Csv(csv::Book),
}

/// Which columns a caller wants of a sheet's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    #[default]
    All,
    /// Column numbers from 0, rising.
    Columns(Vec<u32>),
}

/// Rows that are read before a second thread is worth its start.
const ALONE: usize = 2_000;

/// Rows of one sheet, one at a time, from the top. Only rows with content are given.
pub struct Rows<'a> {
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

impl<'a> Rows<'a> {
    /// The next row with content, valid until the next call. After an error nothing more comes.
    pub fn next_row(&mut self) -> Result<Option<&RawRow<'a>>, Box<Problem>> {
        Ok(if self.advance()? { Some(self.reader.row()) } else { None })
    }

    /// Gives every row to `take`, in order. A long sheet is unpacked and parsed by a thread of its own, a little ahead of
    /// what is made of its rows.
    ///
    /// # Errors
    /// The sheet can't be read further; the rows before have been given.
    pub fn each(self, mut take: impl FnMut(&RawRow)) -> Result<(), Box<Problem>> {
        self.each_judged(|_| (), |row, ()| take(row))
    }

    /// [`Rows::each`] with what `judge` makes of each row, in order, in that thread.
    ///
    /// # Errors
    /// As [`Rows::each`].
    pub fn each_judged<J: Send>(
        mut self,
        mut judge: impl FnMut(&RawRow) -> J + Send,
        mut take: impl FnMut(&RawRow, J),
    ) -> Result<(), Box<Problem>> {
        for _ in 0..ALONE {
            match self.next_row()? {
                Some(row) => take(row, judge(row)),
                None => return Ok(()),
            }
        }
        let Rows { mut reader, place, .. } = self;
        ahead::each(|row| reader.fill(row), judge, take).map_err(|problem| placed(problem, &place))
    }

    fn advance(&mut self) -> Result<bool, Box<Problem>> {
        if self.ended {
            return Ok(false);
        }
        let reader = &mut self.reader;
        let advanced = contain::contain(|| reader.advance()).unwrap_or_else(|| Err(archive::damaged()));
        self.ended = !matches!(advanced, Ok(true));
        advanced.map_err(|problem| placed(problem, &self.place))
    }
}

impl Workbook {
    /// Streams a sheet by its index in [`Workbook::sheets`].
    pub fn rows(&mut self, sheet: usize, wanted: &Wanted) -> Result<Rows<'_>, Box<Problem>> {
        let place = self.place(sheet);
        let (source, limits) = (&mut self.source, &self.limits);
        let opened = contain::contain(|| match source {
            Source::Xlsx(book) => book.rows(sheet, wanted, limits),
            Source::Xlsb(book) => book.rows(sheet, wanted, limits),
            Source::Xls(book) => book.rows(sheet, wanted, limits),
            Source::Ods(book) => book.rows(sheet, wanted, limits),
            Source::Csv(book) => book.rows(wanted, limits),
        });
        match opened.unwrap_or_else(|| Err(archive::damaged())) {
            Ok(reader) => Ok(Rows { reader, place, ended: false }),
            Err(problem) => Err(placed(problem, &place)),
        }
    }

    /// The first rows of a sheet, up to a few below the last row that may be its header; to find its header.
    pub fn head(&mut self, sheet: usize) -> Result<Head<'static>, Box<Problem>> {
        let mut rows = self.rows(sheet, &Wanted::All)?;
        let mut head = Vec::new();
        while let Some(row) = rows.next_row()? {
            if row.number > HEADER_WITHIN + 5 {
                break;
            }
            head.push(row.clone().into_owned());
        }
        Ok(Head::new(head))
    }

    /// The index of the sheet of that name: written exactly so, else case and outer spaces aside.
    pub fn sheet_named(&self, name: &str) -> Option<usize> {
        let written = |sheet: &SheetInfo| sheet.name.as_deref() == Some(name);
        let key = crate::ingest::fold::code_key(name);
        let alike =
            |sheet: &SheetInfo| sheet.name.as_deref().is_some_and(|name| crate::ingest::fold::code_key(name) == key);
        self.sheets.iter().position(written).or_else(|| self.sheets.iter().position(alike))
    }

    /// Where a sheet is.
    pub fn place(&self, sheet: usize) -> Place {
        Place::sheet(&self.input.path, self.sheets.get(sheet).and_then(|sheet| sheet.name.as_deref()))
    }
}

/// A problem of a reader, which doesn't know the file it reads.
fn placed(mut problem: Box<Problem>, place: &Place) -> Box<Problem> {
    if problem.places.is_empty() {
        problem.places.push(place.clone());
    }
    problem
}
