//! One reading of a project's folder, for every request; what can't be read any more stays as it was last good.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::outputs_view::{PeriodNames, SentView, UnitView, sent_reports, units};
use super::project_list::NextReport;
use super::projects::AppProject;
use super::{MessageLanguage, project_view};
use crate::diagnostic::Problem;
use crate::disclosure::Releases;
use crate::folder::hash_bytes;
use crate::indicators::Figures;
use crate::ingest::TableAccount;
use crate::model::{Lang, Project, Settings};
use crate::output::Submission;
use crate::pipeline::{Extent, Preview, Prose, compare_built, find_up_to_date, write_change};
use crate::render::page_images::{Pages, lay_out_pages};
use crate::render::pdf::RenderFault;
use crate::report::document::Document;

#[derive(Default)]
pub(super) struct Reading {
    /// 0 before the first.
    pub revision: u64,
    pub problems: Vec<Problem>,
    /// What became of the rows of each table.
    pub accounts: Vec<TableAccount>,
    /// Of the last project.toml that could be read.
    pub settings: Option<Arc<Settings>>,
    pub counted: Option<Arc<CountedProject>>,
    /// Of the last project.toml that could be read: the narrative, and the profiles that it is written for.
    pub prose: Option<Arc<Prose>>,
    /// The figures are of this reading, not of an earlier one.
    pub counted_now: bool,
    pub drawables: Vec<Arc<Drawable>>,
    /// Documents of earlier readings that were laid out, the latest first: a browser that doesn't know of this reading yet
    /// still asks for their pages.
    earlier_drawables: Vec<Arc<Drawable>>,
    /// The documents are of this reading, not of an earlier one.
    pub drawn_now: bool,
    pub submissions: Vec<Submission>,
    /// The outputs are those that a build would make now.
    pub up_to_date: bool,
    /// What of it is said in words, by the language of the page.
    texts: BTreeMap<&'static str, ReadingTexts>,
    /// More than the project's state is kept.
    is_whole: bool,
}

/// What a reading says in one language.
#[derive(Default)]
pub(super) struct ReadingTexts {
    pub units: Vec<UnitView>,
    pub sent: Vec<SentView>,
    /// Figures that a build would release otherwise than the last one.
    pub waiting: Vec<String>,
    /// What is to be sent next.
    pub next: Option<NextReport>,
    pub period_names: PeriodNames,
    /// The reading as the page gets it, written when one asks.
    view: OnceLock<String>,
}

/// How many documents of earlier readings keep their pages.
const KEPT_DOCUMENTS: usize = 4;

/// A project that could be counted.
pub(super) struct CountedProject {
    /// The reading that it is of.
    pub revision: u64,
    pub project: Project,
    pub figures: Figures,
    /// What of the figures reports may show.
    pub releases: Releases,
}

/// A document that is laid out when somebody wants to see it.
pub(super) struct Drawable {
    /// The same for documents that are laid out alike.
    pub fingerprint: String,
    pub report: String,
    pub period: String,
    pub languages: Vec<Lang>,
    pub document: Document,
    /// The project's own templates.
    pub templates: Arc<BTreeMap<String, Vec<u8>>>,
    laid_out: OnceLock<Result<Pages, Vec<RenderFault>>>,
}

impl Reading {
    /// The reading after `old`. Of a project that nobody looks at only its state is kept.
    pub fn after(
        old: &Reading,
        preview: Preview,
        of: &AppProject,
        keeps_all: bool,
        languages: &[Arc<MessageLanguage>],
    ) -> Reading {
        let revision = old.revision + 1;
        let has_errors = preview.loaded.has_errors();
        let Preview { loaded, figures, releases, documents } = preview;
        let mut problems = loaded.problems;
        problems.sort_by_key(|problem| problem.severity);
        let mut prose = loaded.prose;
        let templates = prose.as_mut().map(|prose| std::mem::take(&mut prose.templates));
        let templates = Arc::new(templates.unwrap_or_default());
        let settings = loaded.checked.settings.map(Arc::new).or_else(|| old.settings.clone());
        let (submissions, _) = Submission::read_all(&of.path);
        let counted = loaded.checked.project.zip(figures);
        let up_to_date = find_up_to_date(&of.path, &of.build_options(Extent::Whole), 1).is_some();
        let differing = counted.as_ref().filter(|_| !up_to_date);
        let differing =
            differing.map(|(project, figures)| compare_built(project, figures, &of.out)).unwrap_or_default();
        let texts = |language: &Arc<MessageLanguage>| {
            let (lang, locale) = (language.catalogue.lang(), &language.locale);
            let (known, earlier) = (counted.as_ref().map(|(project, _)| project), old.texts.get(lang));
            let names = known.map(|project| PeriodNames::new(project, locale));
            let names = names.or_else(|| Some(earlier?.period_names.clone())).unwrap_or_default();
            let next = known.and_then(|project| NextReport::find(project, &submissions, locale));
            let write = |change| write_change(change, &differing.fractions, &language.catalogue);
            let texts = ReadingTexts {
                units: settings.as_deref().map(|settings| units(settings, &of.out, &names)).unwrap_or_default(),
                sent: sent_reports(&submissions, &of.path, &names, locale),
                waiting: differing.figures.iter().map(write).collect(),
                next: next.or_else(|| earlier?.next.clone()),
                period_names: names,
                view: OnceLock::new(),
            };
            (lang, texts)
        };
        let texts = languages.iter().map(texts).collect();
        let mut state = Reading {
            revision,
            problems,
            accounts: loaded.checked.accounts,
            counted_now: counted.is_some(),
            drawn_now: !has_errors,
            submissions,
            up_to_date,
            texts,
            is_whole: keeps_all,
            settings,
            ..Reading::default()
        };
        if keeps_all {
            let counted = counted.zip(releases).map(|((project, figures), releases)| {
                Arc::new(CountedProject { revision, project, figures, releases })
            });
            state.prose = prose.map(Arc::new).or_else(|| old.prose.clone());
            state.counted = counted.or_else(|| old.counted.clone());
            let fresh = documents.into_iter().map(|document| {
                let fingerprint = fingerprint(&document.document, &templates);
                let same = old.drawables.iter().find(|drawable| drawable.fingerprint == fingerprint);
                same.cloned().unwrap_or_else(|| {
                    Arc::new(Drawable {
                        fingerprint,
                        report: document.report,
                        period: document.period,
                        languages: document.languages,
                        document: document.document,
                        templates: Arc::clone(&templates),
                        laid_out: OnceLock::new(),
                    })
                })
            });
            state.drawables = if has_errors { old.drawables.clone() } else { fresh.collect() };
            state.earlier_drawables = earlier_drawables(old, &state.drawables);
        }
        state
    }

    /// What it says in a language; `None` before the first reading.
    pub fn texts(&self, language: &MessageLanguage) -> Option<&ReadingTexts> {
        self.texts.get(language.catalogue.lang())
    }

    /// All of it as the page gets it; `None` where only the project's state is kept.
    pub fn view(&self, language: &MessageLanguage) -> Option<&str> {
        let texts = self.texts(language).filter(|_| self.is_whole)?;
        let write = || serde_json::to_string(&project_view::view_of(self, texts, language)).unwrap_or_default();
        Some(texts.view.get_or_init(write))
    }

    /// The document of an id.
    pub fn drawable(&self, id: &str) -> Option<Arc<Drawable>> {
        self.known_drawables().find(|drawable| drawable.fingerprint == id).cloned()
    }

    /// The documents that pages may be asked of, those of this reading first.
    pub fn known_drawables(&self) -> impl Iterator<Item = &Arc<Drawable>> {
        self.drawables.iter().chain(&self.earlier_drawables)
    }
}

/// What was laid out for readings up to `old` and isn't among `current`.
fn earlier_drawables(old: &Reading, current: &[Arc<Drawable>]) -> Vec<Arc<Drawable>> {
    let is_current = |drawable: &Drawable| current.iter().any(|other| other.fingerprint == drawable.fingerprint);
    let laid_out = old.known_drawables().filter(|drawable| drawable.pages_if_laid_out().is_some());
    laid_out.filter(|drawable| !is_current(drawable)).take(KEPT_DOCUMENTS).cloned().collect()
}

/// Hash of all that a document is laid out from.
fn fingerprint(document: &Document, templates: &BTreeMap<String, Vec<u8>>) -> String {
    let view = serde_json::to_vec(document).unwrap_or_default();
    let date = document.date.to_string();
    let mut parts: Vec<&[u8]> = vec![document.identifier.as_bytes(), date.as_bytes(), &view];
    for (path, bytes) in &document.pictures {
        parts.extend([path.as_bytes(), bytes]);
    }
    for (path, bytes) in templates {
        parts.extend([path.as_bytes(), bytes.as_slice()]);
    }
    hash_bytes(parts)
}

impl Drawable {
    /// The pages, laid out at the first call.
    pub fn pages(&self) -> Result<&Pages, &[RenderFault]> {
        let laid_out = self.laid_out.get_or_init(|| lay_out_pages(&self.document, &self.templates));
        laid_out.as_ref().map_err(Vec::as_slice)
    }

    /// The pages, if they are laid out already.
    pub fn pages_if_laid_out(&self) -> Option<&Pages> {
        self.laid_out.get()?.as_ref().ok()
    }
}
