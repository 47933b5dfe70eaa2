//! The annexes and documents of one edition.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::OnceLock;

use super::build_context::{BuildContext, Output};
use super::edition::{Edition, FilledProse};
use super::outcome::{BuildError, PROGRAM};
use super::planned_units::{file_name, output_stem};
use crate::diagnostic::{Problem, Severity};
use crate::folder::hash_bytes;
use crate::model::{DocumentFormat, Lang};
use crate::output::leak_scanner::{LeakScanner, Trace};
use crate::output::{checksum, checksum_of_file, sha256_of_file, write_manifest};
use crate::render::docx::{OfficeTemplate, render_docx};
use crate::render::pdf::{Attached, RenderFault, TemplateFault, render_pdf};
use crate::render::text::render_text;
use crate::render::xlsx::{AnnexError, write_xlsx};
use crate::report::annex::{AnnexInput, compose_annex};
use crate::report::compose::AnnexReference;
use crate::report::document::Document;

/// An edition, with its prose, and where its files go.
pub(super) struct EditionFiles<'a> {
    pub context: &'a BuildContext<'a>,
    pub edition: &'a Edition<'a>,
    pub prose: &'a FilledProse,
}

/// An annex with its SHA-256, once a document names it.
pub(super) struct MadeAnnex {
    pub output: Output,
    sha256: OnceLock<String>,
}

/// A document that was drawn, or why it couldn't be.
pub(super) struct MadeDocument {
    pub name: String,
    /// `None` if it couldn't be drawn.
    pub output: Option<Output>,
    /// The annex is in it.
    pub carries_annex: bool,
    pub problems: Vec<Problem>,
    /// Traces of persons in its text, for which it isn't drawn.
    pub traces: BTreeSet<Trace>,
}

/// A document before it is drawn.
pub(super) struct ComposedDocument {
    pub document: Document,
    attachment: Option<Attachment>,
}

/// An annex as a document carries it.
struct Attachment {
    file: AnnexReference,
    /// `None` if it isn't carried.
    bytes: Option<Vec<u8>>,
}

impl EditionFiles<'_> {
    /// `2017-Q1/quarterly.mk-en.pdf`
    fn name(&self, languages: &[Lang], extension: &str) -> String {
        file_name(&output_stem(self.edition.report, self.edition.period_code()), languages, extension)
    }

    /// The annex in these languages: staged, unless it is current.
    pub fn make_annex(&self, languages: &[Lang]) -> Result<MadeAnnex, BuildError> {
        let name = self.name(languages, "xlsx");
        let made_from = hash_bytes([PROGRAM.as_bytes(), self.context.tables_hash.as_bytes(), name.as_bytes()]);
        let output = match self.context.find_current(&name, &made_from) {
            Some(output) => output,
            None => self.write_annex(languages, name, made_from)?,
        };
        Ok(MadeAnnex { output, sha256: OnceLock::new() })
    }

    fn write_annex(&self, languages: &[Lang], name: String, made_from: String) -> Result<Output, BuildError> {
        let input = AnnexInput {
            project: self.context.project,
            figures: self.context.figures,
            released: self.edition.released,
            period: self.edition.period,
            report: self.edition.report,
            languages,
            waived: self.context.waived,
        };
        let path = self.context.stage.path(&name)?;
        let scratch = self.context.stage.scratch();
        let annex = compose_annex(&input).ok_or_else(|| cannot_write(&path, "no such period"))?;
        write_xlsx(&annex, &path, scratch).map_err(|fault| match fault {
            AnnexError::Disk(error) => BuildError::Write { path: path.clone(), error },
            AnnexError::Refused(reason) => cannot_write(&path, &reason),
        })?;
        let content = checksum_of_file(&path).map_err(|error| BuildError::Write { path, error })?;
        Ok(self.context.staged(name, made_from, content))
    }

    /// What a document in these languages is drawn from, and the annex that it carries.
    pub fn compose_document(
        &self,
        languages: &[Lang],
        format: DocumentFormat,
        annexes: &[MadeAnnex],
    ) -> Result<ComposedDocument, BuildError> {
        let annex = self.edition.annex_for(languages).and_then(|index| annexes.get(index));
        // Only a PDF carries files; a Word file names its annex.
        let carries = self.edition.report.attach && format == DocumentFormat::Pdf;
        let attachment = annex.map(|annex| self.attach(annex, carries)).transpose()?;
        let file = attachment.as_ref().map(|attachment| attachment.file.clone());
        let mut document =
            self.edition.compose(languages, self.prose, self.context.waived, self.context.restated, file);
        document.figures = carries.then(|| self.edition.attached_figures(languages));
        document.manifest = carries.then(|| self.edition.attached_manifest(languages));
        Ok(ComposedDocument { document, attachment })
    }

    /// The document in these languages with its annex, the one in the same languages, else the first that holds them all,
    /// and with `figures`, the report's figures.json.
    pub fn make_document(
        &self,
        languages: &[Lang],
        format: DocumentFormat,
        annexes: &[MadeAnnex],
        composed: ComposedDocument,
        figures: &str,
    ) -> Result<MadeDocument, BuildError> {
        let name = self.name(languages, format.extension());
        let annex = self.edition.annex_for(languages).and_then(|index| annexes.get(index));
        let ComposedDocument { document, attachment } = composed;
        let traces = scan_document(self.context.scanner, &document, &self.context.prose.templates);
        let carries_annex = document.attachment.is_some();
        let undrawn =
            |problems, traces| MadeDocument { name: name.clone(), output: None, carries_annex, problems, traces };
        if !traces.is_empty() {
            return Ok(undrawn(Vec::new(), traces));
        }
        let made_from = self.hash_document(&document, annex.map(|annex| &annex.output), figures);
        if let Some(output) = self.context.find_current(&name, &made_from) {
            return Ok(MadeDocument { output: Some(output), ..undrawn(Vec::new(), traces) });
        }
        let templates = &self.context.prose.templates;
        let drawn = match format {
            DocumentFormat::Pdf => {
                let annex = attachment.and_then(|attachment| attachment.bytes);
                render_pdf(&document, attached_files(&document, annex, figures), templates)
                    .map(|pdf| (pdf.bytes, pdf.warnings))
            }
            DocumentFormat::Docx => {
                let office = self.office_template().and_then(|bytes| OfficeTemplate::read(bytes).ok());
                render_docx(&document, templates, office.as_ref()).map(|bytes| (bytes, Vec::new()))
            }
            DocumentFormat::Text => Ok((render_text(&document).into_bytes(), Vec::new())),
        };
        match drawn {
            Ok((bytes, warnings)) => {
                self.context.stage.write(&name, &bytes)?;
                let content = checksum(&bytes);
                let output = self.context.staged(name.clone(), made_from, content);
                let problems = warnings.iter().map(template_warning).collect();
                Ok(MadeDocument { output: Some(output), ..undrawn(problems, traces) })
            }
            Err(faults) => Ok(undrawn(faults.iter().map(RenderFault::to_problem).collect(), traces)),
        }
    }

    /// Traces of persons in a staged file.
    pub fn scan_staged(&self, name: &str) -> Result<BTreeSet<Trace>, BuildError> {
        let path = self.context.stage.path(name)?;
        self.context.scanner.scan_file(&path).map_err(|error| BuildError::Write { path, error })
    }

    /// The annex as a document carries it; one that is too large, or of a document that carries none, is named with its
    /// SHA-256 instead.
    fn attach(&self, MadeAnnex { output, sha256 }: &MadeAnnex, carries: bool) -> Result<Attachment, BuildError> {
        let context = self.context;
        let path = if output.is_staged { context.stage.path(&output.name)? } else { context.home.join(&output.name) };
        let name = output.name.rsplit('/').next().unwrap_or_default().to_owned();
        let limit = context.project.settings.limits.attachment_mib.saturating_mul(1024 * 1024);
        let attach = || -> io::Result<Attachment> {
            if !carries || std::fs::metadata(&path)?.len() > limit {
                // Several documents may name one annex.
                let hash = match sha256.get() {
                    Some(known) => known.clone(),
                    None => {
                        let hash = sha256_of_file(&path)?;
                        sha256.get_or_init(|| hash).clone()
                    }
                };
                return Ok(Attachment { file: AnnexReference { name, sha256: Some(hash) }, bytes: None });
            }
            Ok(Attachment { file: AnnexReference { name, sha256: None }, bytes: Some(std::fs::read(&path)?) })
        };
        attach().map_err(|error| BuildError::Write { path: path.clone(), error })
    }

    /// The Word file that the report takes its looks from.
    fn office_template(&self) -> Option<&[u8]> {
        let path = self.edition.report.template.as_ref()?;
        self.context.prose.office_templates.get(path).map(|bytes| &**bytes)
    }

    /// Hash of all that a document is drawn from: its view, pictures, templates, annex, figures and the program.
    fn hash_document(&self, document: &Document, annex: Option<&Output>, figures: &str) -> String {
        let view = serde_json::to_vec(document).unwrap_or_default();
        let date = document.date.to_string();
        let mut parts: Vec<&[u8]> = vec![PROGRAM.as_bytes(), &view, document.identifier.as_bytes(), date.as_bytes()];
        parts.push(figures.as_bytes());
        parts.extend(self.office_template());
        for (path, bytes) in &document.pictures {
            parts.extend([path.as_bytes(), bytes]);
        }
        for (path, bytes) in &self.context.prose.templates {
            parts.extend([path.as_bytes(), bytes.as_slice()]);
        }
        parts.extend(annex.map(|annex| annex.recorded.content.as_bytes()));
        hash_bytes(parts)
    }
}

/// The content of all files that a document names as attached, with the checksums of the others in the last.
fn attached_files(document: &Document, annex: Option<Vec<u8>>, figures: &str) -> Attached {
    let figures = document.figures.as_ref().map(|_| figures.as_bytes().to_vec());
    let files = [(&document.attachment, &annex), (&document.figures, &figures)];
    let listed = files.into_iter().filter_map(|(file, bytes)| Some((file.as_ref()?.name.as_str(), bytes.as_deref()?)));
    let manifest = document.manifest.as_ref().map(|_| write_manifest(listed).into_bytes());
    Attached { annex, figures, manifest }
}

/// Traces of persons in all that a document is drawn from: its texts, its drawings and the project's own templates.
pub(super) fn scan_document(
    scanner: &LeakScanner,
    document: &Document,
    templates: &BTreeMap<String, Vec<u8>>,
) -> BTreeSet<Trace> {
    let mut traces = scanner.scan_view(document);
    traces.extend(document.pictures.values().flat_map(|picture| scanner.scan_picture(picture)));
    let texts = templates.values().filter_map(|template| std::str::from_utf8(template).ok());
    traces.extend(texts.flat_map(|text| scanner.scan_text(text)));
    traces
}

/// A template's warning (an unknown font of a theme, for one) stops nothing.
fn template_warning(fault: &TemplateFault) -> Problem {
    Problem { severity: Severity::Warning, ..RenderFault::Template(fault.clone()).to_problem() }
}

fn cannot_write(path: &Path, reason: &str) -> BuildError {
    BuildError::Write { path: path.to_owned(), error: io::Error::other(reason.to_owned()) }
}
