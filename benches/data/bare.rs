//! Floors: the same work by the libraries alone.

use std::collections::HashMap;
use std::hint::black_box;
use std::path::Path;

use calamine::{DataRef, Reader, Xlsx};
use donor_report::render::pdf::shipped_templates;
use donor_report::render::xlsx::COMPRESSION;
use donor_report::report::annex::{Annex, AnnexCell, CachedResult};
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{Formula, Workbook, XlsxError};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// The floors have the same memory as the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// From so many rows on, ours streams a sheet.
const STREAMED_FROM: u64 = 5000;

/// Every cell of every sheet, by calamine's streaming reader.
pub fn read_cells(path: &Path) {
    let mut book: Xlsx<_> = calamine::open_workbook(path).expect("a workbook");
    let mut sum = 0;
    for name in book.sheet_names() {
        let mut reader = book.worksheet_cells_reader(&name).expect("a sheet");
        while let Some(cell) = reader.next_cell().expect("a cell") {
            sum += match cell.get_value() {
                DataRef::String(text) => text.len() as u64,
                DataRef::SharedString(text) => text.len() as u64,
                DataRef::Float(number) => *number as u64,
                DataRef::DateTime(date) => date.as_f64() as u64,
                _ => 0,
            };
        }
    }
    black_box(sum);
}

/// Makes every row of an annex and drops it; returns the number of cells.
pub fn count_cells(annex: &Annex) -> u64 {
    let mut cells = 0;
    let mut row = Vec::new();
    for sheet in &annex.sheets {
        let mut walk = sheet.rows.iter();
        while walk(&mut row) {
            cells += row.len() as u64;
            black_box(&row);
            row.clear();
        }
    }
    cells
}

/// The cells of an annex, without format, width or table, at the level of compression that ours uses.
pub fn write_cells(annex: &Annex, path: &Path, tempdir: &Path) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    book.set_tempdir(tempdir)?;
    for sheet in &annex.sheets {
        let worksheet = book.add_worksheet_with_constant_memory()?;
        let mut walk = sheet.rows.iter();
        let mut row = Vec::new();
        let mut at = 0;
        while walk(&mut row) {
            for (column, cell) in (0..).zip(&row) {
                match cell {
                    AnnexCell::Empty => {}
                    AnnexCell::Text(text)
                    | AnnexCell::Heading(text)
                    | AnnexCell::Group(text)
                    | AnnexCell::Link { text, .. } => {
                        worksheet.write_string(at, column, text.as_ref())?;
                    }
                    AnnexCell::Number(number, _) => {
                        worksheet.write_number(at, column, number.to_f64().unwrap_or_default())?;
                    }
                    AnnexCell::Date(date) => {
                        worksheet.write_number(at, column, f64::from(date.day_of_year()) + 45_657.0)?;
                    }
                    AnnexCell::Formula { result, .. } => {
                        let result = match result {
                            CachedResult::Number(number) => number.to_string(),
                            CachedResult::Text(text) => text.clone(),
                        };
                        worksheet.write_formula(at, column, Formula::new("=SUM(A1:A2)").set_result(result))?;
                    }
                }
            }
            row.clear();
            at += 1;
        }
    }
    if annex.sheets.iter().any(|sheet| sheet.rows.count() >= STREAMED_FROM) {
        book.set_zip_compression_level(COMPRESSION);
    }
    book.save(path)
}

/// What Typst needs for every document: its library, fonts and templates.
pub struct Typesetter {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: HashMap<FileId, Source>,
}

impl Typesetter {
    pub fn new() -> Typesetter {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/fonts");
        let mut paths: Vec<_> =
            std::fs::read_dir(folder).expect("the fonts").flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "ttf"));
        paths.sort();
        let read = |path| Font::iter(Bytes::new(std::fs::read(path).expect("a font"))).collect::<Vec<_>>();
        let fonts: Vec<Font> = paths.iter().flat_map(read).collect();
        Typesetter {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources: shipped_templates()
                .map(|(name, text)| (id(name), Source::new(id(name), text.to_owned())))
                .collect(),
        }
    }
}

/// All that Typst needs for one document.
pub struct BareWorld<'a> {
    shared: &'a Typesetter,
    main: FileId,
    files: HashMap<FileId, Bytes>,
}

impl<'a> BareWorld<'a> {
    /// The data is what the document's templates read; the annex is attached.
    pub fn new(shared: &'a Typesetter, data: [(&'static str, Vec<u8>); 2], annex: Vec<u8>) -> BareWorld<'a> {
        let files = data.into_iter().chain([("annex", annex)]);
        BareWorld {
            shared,
            main: id("main.typ"),
            files: files.map(|(name, content)| (id(name), Bytes::new(content))).collect(),
        }
    }

    pub fn pdf(&self) -> Vec<u8> {
        let paged = typst::compile::<PagedDocument>(self).output.expect("a document");
        let options = PdfOptions {
            timestamp: Datetime::from_ymd_hms(2025, 12, 31, 0, 0, 0).map(typst_pdf::Timestamp::new_utc),
            standards: PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1]).expect("both together"),
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&paged, &options).expect("a PDF")
    }
}

fn id(name: &str) -> FileId {
    RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).expect("a path")).intern()
}

impl World for BareWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.shared.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shared.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.shared.sources.get(&id).cloned().ok_or_else(|| FileError::NotFound(id.vpath().get_without_slash().into()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match self.files.get(&id) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.source(id).map(Bytes::from_string),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shared.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
