//! [`Annex`] → a workbook. Symbolic references become addresses; long sheets are streamed through a file, so that memory
//! stays flat; the same annex gives the same bytes.

mod address;
mod chart;
mod look;
mod packed;
mod pattern;
mod shared;
mod sheet;
mod splice;

pub use packed::COMPRESSION;

use std::fmt;
use std::path::Path;

use rayon::prelude::*;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::report::annex::{Annex, Properties, Sheet};
use address::Addresses;
use look::{Formats, Look};
use splice::{Fault, Ground, Long};

/// Longest foot of a page or alternative text that a workbook may hold, in UTF-16 units.
const LONGEST: usize = 255;

/// A text cut at a word, with a sign that it goes on, where it is longer than a workbook may hold; it stands whole
/// elsewhere: the notice on the first sheet, a chart's numbers in the cells that it draws.
fn within(text: &str, most: usize) -> String {
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
pub enum AnnexFault {
    /// The disk.
    Disk(std::io::Error),
    /// The annex asks for what a workbook can't hold; the writer's own words.
    Refused(String),
}

impl fmt::Display for AnnexFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AnnexFault::Disk(error) => error.fmt(f),
            AnnexFault::Refused(words) => f.write_str(words),
        }
    }
}

impl std::error::Error for AnnexFault {}

impl From<XlsxError> for AnnexFault {
    fn from(error: XlsxError) -> AnnexFault {
        match error {
            XlsxError::IoError(error) => AnnexFault::Disk(error),
            other => AnnexFault::Refused(other.to_string()),
        }
    }
}

/// Who wrote the rows of long sheets; they are the same to the byte, but for labels, which the library writes into every cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// The library wrote every row.
    Library,
    /// The library wrote the first row of long sheets, and the others were written after its pattern.
    Pattern,
}

/// Writes `annex` to `path`; what is streamed passes through files in `tempdir`, which are gone afterwards.
///
/// # Errors
/// A full or unwritable disk; an annex that breaks a rule of the format (two sheets of one name).
pub fn xlsx(annex: &Annex, path: &Path, tempdir: &Path) -> Result<Writer, AnnexFault> {
    let look = Look::shipped();
    let formats = Formats::new(annex, &look);
    let streamed = annex.sheets.iter().any(|sheet| is_streamed(sheet, &look));
    let by_library = || library(annex, &look, &formats, path, tempdir, false).map(|_| Writer::Library);
    if !streamed {
        return by_library();
    }
    let frame = tempfile::Builder::new().tempfile_in(tempdir).map_err(AnnexFault::Disk)?.into_temp_path();
    let long = library(annex, &look, &formats, &frame, tempdir, true)?;
    let ground = Ground { annex, look: &look, formats: &formats, tempdir };
    match ground.fill(&frame, &long, path) {
        Ok(()) => Ok(Writer::Pattern),
        Err(Fault::Disk(error)) => Err(AnnexFault::Disk(error)),
        Err(Fault::Unlike) => by_library(),
    }
}

/// [`xlsx`] with every row written by the library: what the other is held against.
///
/// # Errors
/// As those of [`xlsx`].
pub fn xlsx_by_library(annex: &Annex, path: &Path, tempdir: &Path) -> Result<(), AnnexFault> {
    let look = Look::shipped();
    let formats = Formats::new(annex, &look);
    library(annex, &look, &formats, path, tempdir, false).map(drop)
}

fn is_streamed(sheet: &Sheet, look: &Look) -> bool {
    sheet.rows.count() >= look.streamed.rows
}

/// Writes a workbook by the library; `split`: long sheets, which are given back, with their first rows only.
fn library(
    annex: &Annex,
    look: &Look,
    formats: &Formats,
    path: &Path,
    tempdir: &Path,
    split: bool,
) -> Result<Vec<Long>, AnnexFault> {
    let addresses = Addresses::of(annex);
    let mut workbook = Workbook::new();
    workbook.set_tempdir(tempdir)?;
    workbook.set_properties(&properties(&annex.properties)?);
    let any_streamed = annex.sheets.iter().any(|sheet| is_streamed(sheet, look));
    if any_streamed {
        // Streamed sheets number their formats as they come to them, and they are written side by side.
        formats.all().for_each(|format| workbook.register_format(format));
        workbook.set_zip_compression_level(COMPRESSION);
    }
    let mut blanks = Vec::new();
    for sheet in &annex.sheets {
        blanks.push(sheet::blank(&mut workbook, sheet, is_streamed(sheet, look), split)?);
    }
    let written = blanks.into_par_iter().enumerate().map(|(at, mut blank)| {
        sheet::write(&mut blank, annex, at, &addresses, look, formats)?;
        Ok::<_, AnnexFault>(blank)
    });
    let (mut long, mut parts) = (Vec::new(), 0);
    for (at, sheet) in written.collect::<Result<Vec<_>, _>>()?.into_iter().enumerate() {
        if sheet.is_long() {
            long.push(Long { sheet: at, part: format!("xl/worksheets/sheet{}.xml", parts + 1) });
        }
        parts += sheet.worksheets.len();
        sheet.worksheets.into_iter().for_each(|worksheet| workbook.push_worksheet(worksheet));
    }
    for name in &annex.names {
        workbook.define_name(&name.name, &format!("={}", addresses.absolute(name.cell)))?;
    }
    workbook.save(path)?;
    Ok(long)
}

fn properties(properties: &Properties) -> Result<DocProperties, XlsxError> {
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
