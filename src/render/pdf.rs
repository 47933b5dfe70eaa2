//! [`Document`] → PDF/A-3a and PDF/UA-1 in one file, laid out by the Typst templates in the binary or a project's own.

mod coverage;
mod drawing_fault;
mod fault;
mod files;
mod long_texts;
mod page_data;
mod unescape;
mod world;

pub use coverage::FontCoverage;
pub use drawing_fault::find_picture_fault;
pub use fault::{RenderFault, TemplateFault};
pub use files::shipped_templates;
pub use page_data::data_files;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use comemo::Track;
use jiff::civil::Date;
use serde::Serialize;
use typst::diag::SourceDiagnostic;
use typst::ecow::EcoString;
use typst::foundations::{Content, Datetime, Smart};
use typst::introspection::{Introspector, Location};
use typst::model::LateLinkResolver;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use typst_svg::SvgOptions;

use crate::report::document::Document;
use drawing_fault::{blame_drawings, prepare_pictures};
use world::ReportWorld;

/// How many documents may pass a part of a layout over before the typesetter forgets it. It is one number for the whole
/// process, as that memory is; the next document is mostly the same in another language, and a batch keeps its memory flat.
static LAYOUT_CACHE_AGE: AtomicUsize = AtomicUsize::new(1);

/// Where the same documents are drawn over and over.
const LONG_CACHE_AGE: usize = 8;

/// Keeps layouts in memory for a program that goes on and draws the same documents again (`watch`, `app`): a changed
/// number then costs part of a layout.
pub fn keep_layouts_cached() {
    LAYOUT_CACHE_AGE.store(LONG_CACHE_AGE, Ordering::Relaxed);
}

/// Pages of a document whose layout takes more memory than it is worth.
const MANY_PAGES: usize = 150;

/// A laid-out report.
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// What the templates were warned of: an unknown font of a theme, for one.
    pub warnings: Vec<TemplateFault>,
}

/// The content of the files that a document carries.
#[derive(Default)]
pub struct Attached {
    /// Of [`Document::attachment`].
    pub annex: Option<Vec<u8>>,
    /// Of [`Document::figures`].
    pub figures: Option<Vec<u8>>,
    /// Of [`Document::manifest`].
    pub manifest: Option<Vec<u8>>,
}

/// Lays a document out. `overrides` are the files of a project's
/// `templates` folder by their path in it: a template or a font of the same name replaces ours, others are added.
///
/// # Errors
/// Every fault of a template with its file, line and column, or every picture that can't be read.
pub fn render_pdf(
    document: &Document,
    attached: Attached,
    overrides: &BTreeMap<String, Vec<u8>>,
) -> Result<Pdf, Vec<RenderFault>> {
    let laid_out = lay_out(document, attached, overrides)?;
    let options = pdf_options(&document.identifier, document.date);
    let places = figure_places(&laid_out.paged);
    let introspector = laid_out.paged.introspector().as_ref();
    let resolver = LateLinkResolver::new(None, introspector);
    // The function for bundles is the one that takes names of places.
    let mut bytes = typst_pdf::pdf_in_bundle(&laid_out.paged, &options, &places, resolver.track())
        .map_err(|errors| blame_drawings(document, overrides, laid_out.template_faults(&errors)))?;
    leave_out_default(&mut bytes);
    Ok(Pdf { bytes, pages: laid_out.paged.pages().len(), warnings: laid_out.warnings })
}

/// Blanks out, byte for byte, that no tag of the file is suspect: that is so where nothing is said, and Poppler calls the
/// entry a syntax error.
fn leave_out_default(bytes: &mut [u8]) {
    const MARKED: &[u8] = b"/MarkInfo<</Marked true";
    const DEFAULT: &[u8] = b"/Suspects false";
    let marked = memchr::memmem::rfind(bytes, MARKED).map(|at| at + MARKED.len());
    if let Some(entry) = marked.and_then(|at| bytes.get_mut(at..at + DEFAULT.len()))
        && entry == DEFAULT
    {
        entry.fill(b' ');
    }
}

/// Draws the charts of a document by themselves, each as SVG, in the order of `templates/typst/charts-alone.typ`.
///
/// # Errors
/// Every fault of a template.
pub(super) fn draw_charts(
    document: &Document,
    overrides: &BTreeMap<String, Vec<u8>>,
) -> Result<Vec<String>, Vec<RenderFault>> {
    let data = data_files(document, &FontCoverage::new(overrides))
        .map_err(|error| vec![RenderFault::Template(TemplateFault::at_start("data.json", error.to_string()))])?;
    let world = ReportWorld::of_charts(data, overrides);
    let fault = |error: &SourceDiagnostic| RenderFault::Template(world.template_fault(error));
    let paged = typst::compile::<PagedDocument>(&world).output;
    let paged = paged.map_err(|errors| errors.iter().map(fault).collect::<Vec<_>>())?;
    Ok(paged.pages().iter().map(|page| typst_svg::svg(page, &SvgOptions::default())).collect())
}

/// The upper part of a sheet of a workbook, as a picture of it shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SheetPicture {
    /// Language of its words.
    pub lang: String,
    /// Names of the workbook's sheets.
    pub tabs: Vec<String>,
    /// Which of them is shown.
    pub shown: usize,
    /// Letter and width of each column, in characters.
    pub columns: Vec<(String, u32)>,
    /// From the first row on.
    pub rows: Vec<SheetPictureRow>,
}

/// A row of a [`SheetPicture`].
#[derive(Debug, Serialize)]
pub struct SheetPictureRow {
    /// How it looks: `title`, `remark`, `example`, `header` or `body`.
    pub face: &'static str,
    /// One cell reaches over all columns.
    pub cells: Vec<String>,
}

/// Draws a sheet as SVG, by `templates/typst/sheet-alone.typ`.
///
/// # Errors
/// Every fault of the template.
pub fn draw_sheet(sheet: &SheetPicture) -> Result<String, Vec<RenderFault>> {
    let data = serde_json::to_vec(sheet)
        .map_err(|error| vec![RenderFault::Template(TemplateFault::at_start("sheet.json", error.to_string()))])?;
    let world = ReportWorld::of_sheet(data);
    let fault = |error: &SourceDiagnostic| RenderFault::Template(world.template_fault(error));
    let paged = typst::compile::<PagedDocument>(&world).output;
    let paged = paged.map_err(|errors| errors.iter().map(fault).collect::<Vec<_>>())?;
    Ok(paged.pages().first().map(|page| typst_svg::svg(page, &SvgOptions::default())).unwrap_or_default())
}

/// Where the figures of a document stand, under the names by which figures.json lists them: `f0001`, in other languages than
/// the document's first `f0001.en`.
fn figure_places(paged: &PagedDocument) -> Vec<(Location, EcoString)> {
    let labelled = paged.introspector().query_labelled();
    let is_figure = |name: &str| {
        let number = name.strip_prefix('f').map(|rest| rest.split('.').next().unwrap_or_default());
        number.is_some_and(|number| number.len() >= 4 && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let place = |content: &Content| {
        let name = content.label()?.resolve().to_string();
        Some((content.location()?, EcoString::from(name))).filter(|(_, name)| is_figure(name))
    };
    labelled.iter().filter_map(place).collect()
}

/// A document on its pages.
pub(super) struct LaidOut {
    pub paged: PagedDocument,
    warnings: Vec<TemplateFault>,
    world: ReportWorld,
}

impl LaidOut {
    fn template_faults(&self, errors: &[SourceDiagnostic]) -> Vec<RenderFault> {
        errors.iter().map(|error| RenderFault::Template(self.world.template_fault(error))).collect()
    }
}

pub(super) fn lay_out(
    document: &Document,
    attached: Attached,
    overrides: &BTreeMap<String, Vec<u8>>,
) -> Result<LaidOut, Vec<RenderFault>> {
    let coverage = FontCoverage::new(overrides);
    let pictures = prepare_pictures(document, &coverage)?;
    let data = data_files(document, &coverage)
        .map_err(|error| vec![RenderFault::Template(TemplateFault::at_start("data.json", error.to_string()))])?;
    let world = ReportWorld::new(data, pictures, attached, overrides);
    comemo::evict(LAYOUT_CACHE_AGE.load(Ordering::Relaxed));
    let compiled = typst::compile::<PagedDocument>(&world);
    let pages = compiled.output.as_ref().map_or(0, |paged| paged.pages().len());
    if pages > MANY_PAGES {
        comemo::evict(0);
    }
    let warnings = compiled.warnings.iter().map(|warning| world.template_fault(warning)).collect();
    match compiled.output {
        Ok(paged) => Ok(LaidOut { paged, warnings, world }),
        Err(errors) => {
            let faults = errors.iter().map(|error| RenderFault::Template(world.template_fault(error))).collect();
            Err(blame_drawings(document, overrides, faults))
        }
    }
}

/// Nothing of the clock or the machine: identifier and time come from the document.
fn pdf_options(identifier: &str, date: Date) -> PdfOptions {
    let midnight = Datetime::from_ymd_hms(i32::from(date.year()), date.month() as u8, date.day() as u8, 0, 0, 0);
    PdfOptions {
        ident: Smart::Custom(identifier.to_owned()),
        creator: Smart::Custom(Some(concat!("donor-report ", env!("CARGO_PKG_VERSION")).to_owned())),
        timestamp: midnight.map(Timestamp::new_utc),
        standards: PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1]).unwrap_or_default(),
        ..PdfOptions::default()
    }
}
