use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::watch;

use super::{MessageLanguage, view};
use crate::diagnostic::Problem;
use crate::folder::hash_bytes;
use crate::indicators::Figures;
use crate::model::{Lang, Project};
use crate::pipeline::Preview;
use crate::render::pages::{Pages, lay_out_pages};
use crate::render::pdf::RenderFault;
use crate::report::document::Document;

/// What was read last, for every request; what can't be read any more stays as it was last good.
pub(super) struct PreviewState {
    latest: Mutex<Arc<Reading>>,
    revisions: watch::Sender<StateRevision>,
}

/// What open pages are sent at once; the rest they fetch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct StateRevision {
    pub revision: u64,
    pub reading: bool,
}

/// One reading of the folder.
#[derive(Default)]
pub(super) struct Reading {
    pub revision: u64,
    pub problems: Vec<Problem>,
    pub counted: Option<Arc<CountedProject>>,
    /// The figures are of this reading, not of an earlier one.
    pub counted_now: bool,
    pub drawables: Vec<Arc<Drawable>>,
    /// The documents are of this reading, not of an earlier one.
    pub drawn_now: bool,
    /// All of this as the page gets it.
    pub view: String,
}

/// A project that could be counted.
pub(super) struct CountedProject {
    /// The reading that it is of.
    pub revision: u64,
    pub project: Project,
    pub figures: Figures,
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

impl PreviewState {
    pub fn new() -> PreviewState {
        PreviewState {
            latest: Mutex::default(),
            revisions: watch::Sender::new(StateRevision { revision: 0, reading: true }),
        }
    }

    pub fn latest(&self) -> Arc<Reading> {
        Arc::clone(&self.latest.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn revisions(&self) -> watch::Receiver<StateRevision> {
        self.revisions.subscribe()
    }

    pub fn reading(&self) {
        self.revisions.send_modify(|revision| revision.reading = true);
    }

    pub fn show(&self, preview: Preview, language: &MessageLanguage) {
        let state = Reading::after(&self.latest(), preview, language);
        let revision = state.revision;
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
        self.revisions.send_replace(StateRevision { revision, reading: false });
    }
}

impl Reading {
    fn after(old: &Reading, preview: Preview, language: &MessageLanguage) -> Reading {
        let revision = old.revision + 1;
        let has_errors = preview.loaded.has_errors();
        let Preview { loaded, figures, documents } = preview;
        let mut problems = loaded.problems;
        problems.sort_by_key(|problem| problem.severity);
        let templates = Arc::new(loaded.prose.map(|prose| prose.templates).unwrap_or_default());
        let counted = loaded.checked.project.zip(figures);
        let counted = counted.map(|(project, figures)| Arc::new(CountedProject { revision, project, figures }));
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
        let drawables = if has_errors { old.drawables.clone() } else { fresh.collect() };
        let mut state = Reading {
            revision,
            problems,
            counted_now: counted.is_some(),
            counted: counted.or_else(|| old.counted.clone()),
            drawables,
            drawn_now: !has_errors,
            view: String::new(),
        };
        state.view = serde_json::to_string(&view::view_of(&state, language)).unwrap_or_default();
        state
    }
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
