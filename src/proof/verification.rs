//! All that can be checked of a PDF by what it carries.

use serde_json::Value;

use super::annex::{AnnexCheck, check_annex};
use super::attachments::{AttachmentCheck, check_attachments};
use super::pages::{PageCheck, check_pages};
use super::pdf::{PdfFault, PdfFile};
use crate::output::FIGURES_NAME;

/// Bytes of figures.json.
const MOST_FIGURES: usize = 1 << 26;

/// What a PDF proves.
#[derive(Debug)]
pub struct Verification {
    /// Its attachments against its manifest.
    pub attachments: AttachmentCheck,
    /// Its annex against its figures.
    pub annex: AnnexOutcome,
    /// Its pages against its figures.
    pub pages: PageOutcome,
    /// figures.json as it is carried; `None` if there is none that can be read.
    pub figures: Option<CarriedReport>,
}

/// The figures.json of a PDF.
#[derive(Debug)]
pub struct CarriedReport {
    /// As it was read.
    pub value: Value,
    /// Byte for byte.
    pub text: Vec<u8>,
}

/// What became of the annex.
#[derive(Debug)]
pub enum AnnexOutcome {
    /// None is attached, or no figures to hold it against.
    NotAttached,
    /// It is no annex that can be read.
    Unreadable,
    /// It was held against the figures.
    Checked(AnnexCheck),
}

/// What became of the pages.
#[derive(Debug)]
pub enum PageOutcome {
    /// There are no figures to hold them against, or those of an edition that didn't list what is printed.
    NoFigures,
    /// They can't be read.
    Unreadable,
    /// They were held against the figures.
    Checked(PageCheck),
}

impl CarriedReport {
    /// A text of the file by its JSON pointer; empty if there is none.
    pub fn text_at(&self, pointer: &str) -> &str {
        self.value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }
}

impl AttachmentCheck {
    /// There is a manifest, and the files are as it says.
    pub fn holds(&self) -> bool {
        self.has_manifest && self.faults.is_empty()
    }
}

impl AnnexOutcome {
    /// `None` if it wasn't checked.
    pub fn holds(&self) -> Option<bool> {
        match self {
            AnnexOutcome::NotAttached => None,
            AnnexOutcome::Unreadable => Some(false),
            AnnexOutcome::Checked(check) => Some(check.different.is_empty() && check.stale.is_empty()),
        }
    }
}

impl PageOutcome {
    /// `None` if they weren't checked.
    pub fn holds(&self) -> Option<bool> {
        match self {
            PageOutcome::NoFigures => None,
            PageOutcome::Unreadable => Some(false),
            PageOutcome::Checked(check) => Some(check.wrong.is_empty() && (check.placed > 0 || check.printed == 0)),
        }
    }
}

impl Verification {
    /// All that could be checked holds.
    pub fn holds(&self) -> bool {
        self.attachments.holds() && self.annex.holds() != Some(false) && self.pages.holds() != Some(false)
    }
}

/// The figures.json that a PDF carries, byte for byte; `None` if it carries none or can't be read.
pub fn carried_figures(pdf: &[u8]) -> Option<Vec<u8>> {
    let attachments = PdfFile::open(pdf).ok()?.attachments().ok()?;
    attachments.into_iter().find(|file| file.name.ends_with(FIGURES_NAME)).map(|file| file.content)
}

/// Checks a PDF by what it carries.
///
/// # Errors
/// It is no PDF, or can't be read; see [`PdfFault`].
pub fn verify(pdf: &[u8]) -> Result<Verification, PdfFault> {
    let file = PdfFile::open(pdf)?;
    let carried = file.attachments()?;
    let attachments = check_attachments(&carried);
    let text = carried.iter().find(|file| file.name == FIGURES_NAME).map(|file| file.content.as_slice());
    let value = text.filter(|text| text.len() <= MOST_FIGURES).and_then(|text| serde_json::from_slice(text).ok());
    let figures = text.zip(value).map(|(text, value)| CarriedReport { value, text: text.to_vec() });
    let workbook = carried.iter().find(|file| file.name.ends_with(".xlsx"));
    let annex = match (workbook, &figures) {
        (Some(workbook), Some(figures)) => {
            check_annex(&workbook.content, &figures.value).map_or(AnnexOutcome::Unreadable, AnnexOutcome::Checked)
        }
        _ => AnnexOutcome::NotAttached,
    };
    let checked = if let AnnexOutcome::Checked(check) = &annex { Some(check) } else { None };
    let pages = match &figures {
        Some(figures) if figures.value.get("printed").is_some() => {
            check_pages(&file, &figures.value, checked).map_or(PageOutcome::Unreadable, PageOutcome::Checked)
        }
        _ => PageOutcome::NoFigures,
    };
    Ok(Verification { attachments, annex, pages, figures })
}
