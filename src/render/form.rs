//! A donor's own form, .xlsx or .docx, filled in: only the parts that hold filled places change, every other part is copied
//! as its bytes are, and what came out is compared with the form before it is given away.

mod controls;
mod placeholders;
mod protection;
mod sheet;
mod sheet_rows;
mod word;
mod word_tables;
mod workbook;

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::office_package::{OfficePackage, PackageFault};
use crate::report::form::{FormRowValues, FormValue};

/// A form that was read.
pub struct DonorForm<'f> {
    bytes: &'f [u8],
    package: OfficePackage,
    main: String,
    kind: FormKind,
    placeholders: Vec<Placeholder>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FormKind {
    Workbook,
    Word,
}

/// Helpers that stand in the form itself: `{{…}}`, or a whole text around some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// As it is written.
    pub text: String,
    /// Where.
    pub spot: FormSpot,
}

/// A place in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormSpot {
    /// A cell.
    Cell {
        /// Its sheet.
        sheet: String,
        /// From 1.
        row: u32,
        /// From 0.
        column: u32,
    },
    /// A cell of a Word file's table.
    TableCell {
        /// In their order, from 1.
        table: u32,
        /// From 1.
        row: u32,
        /// From 0.
        column: u32,
    },
    /// Within the text of a Word file: a part, a paragraph of it, and bytes of the paragraph's text.
    Text {
        /// The part.
        part: String,
        /// Paragraphs before it.
        paragraph: usize,
        /// First byte, and the one behind the last.
        from: usize,
        /// See `from`.
        to: usize,
    },
}

/// What a form is filled with.
pub struct FormContent {
    /// Places as project.toml names them (`Report!D12`, a name, `@tag`, `2!B3` of a Word file) with their values.
    pub places: Vec<(String, FormValue)>,
    /// First and last cell of rows, with the rows.
    pub rows: Vec<(String, Option<String>, FormRowValues)>,
    /// A value for each placeholder, in their order; those without one are left as they are.
    pub placeholders: Vec<Option<FormValue>>,
}

/// A form as it was filled in.
pub struct FilledForm {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many places got a value.
    pub places: usize,
    /// Names of the parts that changed.
    pub changed: Vec<String>,
    /// How many parts are the donor's, byte for byte.
    pub kept: usize,
    /// Its formulas are computed anew when it is opened.
    pub recalculates: bool,
}

/// Why a form can't be filled in, and which of the content is the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormFault {
    /// Why.
    pub kind: FormFaultKind,
    /// Of what.
    pub source: FormSource,
    /// The cell, where it is one.
    pub spot: Option<FormSpot>,
}

/// What a fault is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormSource {
    /// Index into [`FormContent::places`].
    Place(usize),
    /// Index into [`FormContent::rows`].
    Rows(usize),
    /// Index into [`FormContent::placeholders`].
    Placeholder(usize),
    /// The file as a whole.
    File,
}

/// Why a place can't be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormFaultKind {
    /// The form has no such place; what there is.
    NoPlace {
        /// As it is named.
        place: String,
        /// Sheets and names, or tags and tables.
        known: Vec<String>,
    },
    /// The cell computes its value.
    Formula,
    /// The cell or control may not be changed.
    Locked,
    /// The control takes its text from elsewhere in the file.
    Bound,
    /// More rows than the form has room for.
    TooManyRows {
        /// Rows to be written.
        rows: usize,
        /// Rows that there are.
        room: usize,
    },
    /// Two values for one place.
    Twice,
    /// A part can't be read.
    Unreadable(PackageFault),
    /// More of the form changed than was to be filled in.
    NotProved,
}

/// A value on its way to its place.
struct FormEntry<'v> {
    source: FormSource,
    spot: FormSpot,
    value: &'v FormValue,
}

/// Parts of a form that changed, by name, and what couldn't be.
#[derive(Default)]
struct FormChanges {
    parts: BTreeMap<String, String>,
    places: usize,
    recalculates: bool,
}

impl<'f> DonorForm<'f> {
    /// Reads a form, and finds the helpers in it.
    ///
    /// # Errors
    /// It is no workbook and no Word file of 2007 or later, or has a password.
    pub fn read(bytes: &'f [u8]) -> Result<DonorForm<'f>, PackageFault> {
        let package = OfficePackage::open(bytes)?;
        let main = package.main_part()?;
        let content_type = package.content_type(&main)?.unwrap_or_default();
        let kind = if content_type.contains("wordprocessingml") || content_type.contains("ms-word") {
            FormKind::Word
        } else if content_type.contains("spreadsheetml") || content_type.contains("ms-excel.sheet.macroEnabled") {
            FormKind::Workbook
        } else {
            return Err(PackageFault::NotSuchAFile);
        };
        let placeholders = match kind {
            FormKind::Workbook => workbook::FormWorkbook::read(&package, &main)?.find_placeholders()?,
            FormKind::Word => placeholders::find_placeholders(&package, &main)?,
        };
        Ok(DonorForm { bytes, package, main, kind, placeholders })
    }

    /// The helpers that stand in the form itself.
    pub fn placeholders(&self) -> &[Placeholder] {
        &self.placeholders
    }

    /// Fills the form in.
    ///
    /// # Errors
    /// Every fault that keeps it from being filled in.
    pub fn fill(&self, content: &FormContent) -> Result<FilledForm, Vec<FormFault>> {
        let mut changes = match self.kind {
            FormKind::Workbook => {
                let unreadable = |fault| vec![file_fault(FormFaultKind::Unreadable(fault))];
                let workbook = workbook::FormWorkbook::read(&self.package, &self.main).map_err(unreadable)?;
                workbook.fill(content, &self.placeholders)?
            }
            FormKind::Word => word::fill(&self.package, &self.main, content, &self.placeholders)?,
        };
        let is_new =
            |name: &String, text: &String| self.package.parts.get(name).map(Vec::as_slice) != Some(text.as_bytes());
        changes.parts.retain(|name, text| is_new(name, text));
        let changed: Vec<String> = changes.parts.keys().cloned().collect();
        let bytes = self.pack(&changes).ok_or_else(|| vec![file_fault(FormFaultKind::NotProved)])?;
        let kept = self.count_kept(&bytes, &changes).ok_or_else(|| vec![file_fault(FormFaultKind::NotProved)])?;
        Ok(FilledForm { bytes, places: changes.places, changed, kept, recalculates: changes.recalculates })
    }

    /// The archive with other content in the parts that changed; the rest of it is copied packed as it is.
    fn pack(&self, changes: &FormChanges) -> Option<Vec<u8>> {
        let mut archive = ZipArchive::new(Cursor::new(self.bytes)).ok()?;
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..archive.len() {
            let file = archive.by_index_raw(at).ok()?;
            let name = file.name().ok()?.into_owned();
            match changes.parts.get(&name) {
                Some(content) => {
                    let options = SimpleFileOptions::default()
                        .compression_method(CompressionMethod::Deflated)
                        .last_modified_time(file.last_modified().unwrap_or_default());
                    writer.start_file(&*name, options).ok()?;
                    writer.write_all(content.as_bytes()).ok()?;
                }
                None => writer.raw_copy_file(file).ok()?,
            }
        }
        Some(writer.finish().ok()?.into_inner())
    }

    /// How many parts of what was made are the form's; `None` if any that wasn't to change isn't.
    fn count_kept(&self, bytes: &[u8], changes: &FormChanges) -> Option<usize> {
        let made = OfficePackage::open(bytes).ok()?;
        let is_kept = |(name, content): (&String, &Vec<u8>)| made.parts.get(name) == Some(content);
        let unchanged = self.package.parts.iter().filter(|(name, _)| !changes.parts.contains_key(*name));
        let count = unchanged.clone().count();
        (made.parts.len() == self.package.parts.len() && unchanged.into_iter().all(is_kept)).then_some(count)
    }
}

fn file_fault(kind: FormFaultKind) -> FormFault {
    FormFault { kind, source: FormSource::File, spot: None }
}
