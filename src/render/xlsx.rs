//! [`Annex`] → a workbook. Symbolic references become addresses; long sheets are streamed through a file, so that memory
//! stays flat; the same annex gives the same bytes.

mod address;
mod annex_file;
mod chart;
mod page_width;
mod printed_page;
mod row_xml;
mod shared_texts;
mod sheet;
mod streamed_rows;
mod style;
mod text_fit;
mod text_xml;
mod workbook_parts;
mod zip_entry;

pub use zip_entry::COMPRESSION;

use std::fmt;
use std::path::Path;
use std::time::SystemTime;

use rayon::prelude::*;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::report::annex::{Annex, AnnexSheet, Properties};
use address::Addresses;
use annex_file::AnnexFile;
use streamed_rows::{LongSheet, LongSheetError, LongSheetWriter};
use style::{AnnexStyle, Formats};

/// Longest foot of a page or alternative text that a workbook may hold, in UTF-16 units.
const MAX_TEXT_LENGTH: usize = 255;

/// A text cut at a word, with a sign that it goes on, where it is longer than a workbook may hold; the whole text
/// is elsewhere: the notice on the first sheet, a chart's numbers in the cells that it draws.
fn truncate_at_word(text: &str, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for word in text.split_inclusive(' ') {
        if kept.encode_utf16().count() + word.encode_utf16().count() + 1 > most {
            break;
        }
        kept.push_str(word);
    }
    format!("{}…", kept.trim_end())
}

/// Why a workbook could not be written.
#[derive(Debug)]
pub enum AnnexError {
    /// The disk.
    Disk(std::io::Error),
    /// The annex asks for what a workbook can't hold; the writer's own words.
    Refused(String),
}

impl fmt::Display for AnnexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AnnexError::Disk(error) => error.fmt(f),
            AnnexError::Refused(words) => f.write_str(words),
        }
    }
}

impl std::error::Error for AnnexError {}

impl From<XlsxError> for AnnexError {
    fn from(error: XlsxError) -> AnnexError {
        match error {
            XlsxError::IoError(error) => AnnexError::Disk(error),
            other => AnnexError::Refused(other.to_string()),
        }
    }
}

/// Who wrote the rows of long sheets; they are the same to the byte, but for labels, which the library writes into every cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowWriter {
    /// The library wrote every row.
    Library,
    /// The library wrote the first row of long sheets, and the others were written after its pattern.
    RowXml,
}

/// Whether workbooks can be written at all: the library asks the clock, though its answer is printed nowhere, and ends the
/// program where that is before 1970.
pub fn can_write_workbooks() -> bool {
    can_write_workbooks_at(SystemTime::now())
}

/// [`can_write_workbooks`] where the clock says `now`.
pub fn can_write_workbooks_at(now: SystemTime) -> bool {
    now.duration_since(SystemTime::UNIX_EPOCH).is_ok()
}

/// Writes `annex` to `path`; what is streamed passes through files in `tempdir`, which are gone afterwards.
///
/// # Errors
/// A full or unwritable disk; an annex that breaks a rule of the format (two sheets of one name).
pub fn write_xlsx(annex: &Annex, path: &Path, tempdir: &Path) -> Result<RowWriter, AnnexError> {
    let style = AnnexStyle::themed(&annex.theme);
    let formats = Formats::new(annex, &style);
    let frame = tempfile::Builder::new().tempfile_in(tempdir).map_err(AnnexError::Disk)?.into_temp_path();
    let long = write_by_library(annex, &style, &formats, &frame, tempdir, true)?;
    let writer = LongSheetWriter { annex, style: &style, formats: &formats, tempdir };
    match writer.write_workbook(&frame, &long, path) {
        Ok(()) if long.is_empty() => Ok(RowWriter::Library),
        Ok(()) => Ok(RowWriter::RowXml),
        Err(LongSheetError::Disk(error)) => Err(AnnexError::Disk(error)),
        Err(LongSheetError::LibraryMismatch) => write_frame_by_library(&writer, &frame, path),
    }
}

/// Every row by the library, and the parts that it leaves open.
fn write_frame_by_library(writer: &LongSheetWriter, frame: &Path, path: &Path) -> Result<RowWriter, AnnexError> {
    write_by_library(writer.annex, writer.style, writer.formats, frame, writer.tempdir, false)?;
    match writer.write_workbook(frame, &[], path) {
        Ok(()) => Ok(RowWriter::Library),
        Err(LongSheetError::Disk(error)) => Err(AnnexError::Disk(error)),
        Err(LongSheetError::LibraryMismatch) => Err(AnnexError::Refused("an unknown part".to_owned())),
    }
}

/// [`write_xlsx`] with every row written by the library: what the other is held against.
///
/// # Errors
/// As those of [`write_xlsx`].
pub fn write_xlsx_by_library(annex: &Annex, path: &Path, tempdir: &Path) -> Result<(), AnnexError> {
    let style = AnnexStyle::themed(&annex.theme);
    let formats = Formats::new(annex, &style);
    let frame = tempfile::Builder::new().tempfile_in(tempdir).map_err(AnnexError::Disk)?.into_temp_path();
    let writer = LongSheetWriter { annex, style: &style, formats: &formats, tempdir };
    write_frame_by_library(&writer, &frame, path).map(drop)
}

fn is_streamed(sheet: &AnnexSheet, style: &AnnexStyle) -> bool {
    sheet.rows.count() >= style.streamed.rows
}

/// Writes a workbook by the library; `split`: long sheets, which are given back, with their first rows only.
fn write_by_library(
    annex: &Annex,
    style: &AnnexStyle,
    formats: &Formats,
    path: &Path,
    tempdir: &Path,
    split: bool,
) -> Result<Vec<LongSheet>, AnnexError> {
    let addresses = Addresses::new(annex);
    let mut workbook = Workbook::new();
    workbook.set_tempdir(tempdir)?;
    workbook.set_properties(&doc_properties(&annex.properties)?);
    let any_streamed = annex.sheets.iter().any(|sheet| is_streamed(sheet, style));
    if any_streamed {
        // Streamed sheets number their formats as they come to them, and they are written side by side.
        formats.all().for_each(|format| workbook.register_format(format));
        workbook.set_zip_compression_level(COMPRESSION);
    }
    let mut empty = Vec::new();
    for sheet in &annex.sheets {
        empty.push(sheet::create_worksheets(&mut workbook, sheet, is_streamed(sheet, style), split)?);
    }
    let written = empty.into_par_iter().enumerate().map(|(at, mut target)| {
        sheet::write_sheet(&mut target, annex, at, &addresses, style, formats)?;
        Ok::<_, AnnexError>(target)
    });
    let (mut long, mut parts) = (Vec::new(), 0);
    for (at, sheet) in written.collect::<Result<Vec<_>, _>>()?.into_iter().enumerate() {
        if sheet.is_long() {
            long.push(LongSheet { sheet: at, part: format!("xl/worksheets/sheet{}.xml", parts + 1) });
        }
        parts += sheet.worksheets.len();
        sheet.worksheets.into_iter().for_each(|worksheet| workbook.push_worksheet(worksheet));
    }
    for name in &annex.names {
        workbook.define_name(&name.name, &format!("={}", addresses.absolute(name.cell)))?;
    }
    let (file, failure) = AnnexFile::create(path).map_err(AnnexError::Disk)?;
    let saved = workbook.save_to_writer(file);
    failure.check().map_err(AnnexError::Disk)?;
    saved?;
    Ok(long)
}

fn doc_properties(properties: &Properties) -> Result<DocProperties, XlsxError> {
    let date = properties.date;
    let created = ExcelDateTime::from_ymd(date.year().unsigned_abs(), date.month() as u8, date.day() as u8)?;
    Ok(DocProperties::new()
        .set_title(&properties.title)
        .set_subject(&properties.subject)
        .set_author(&properties.author)
        .set_company(&properties.company)
        .set_keywords(&properties.keywords)
        .set_comment(&properties.comment)
        .set_creation_datetime(&created))
}
