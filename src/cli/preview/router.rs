use std::sync::Arc;

use include_dir::{Dir, include_dir};
use serde::Serialize;
use tokio::sync::watch;

use super::state::{Drawable, PreviewState, StateRevision};
use super::{MessageLanguage, figure_rows};
use crate::diagnostic::{CellListing, Problem, print_problem};
use crate::locale::Locale;
use crate::render::pages::Pages;
use crate::render::pdf::{Attached, RenderFault, render_pdf};

static PAGE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/preview");

/// Everything that can be asked for.
pub(super) struct Router {
    state: Arc<PreviewState>,
    language: Arc<MessageLanguage>,
    /// The page with its words.
    page: String,
}

/// What is sent.
pub(super) struct Content {
    pub kind: MediaType,
    pub body: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaType {
    Page,
    Style,
    Script,
    Json,
    Svg,
    Text,
    Pdf,
}

/// The pages of a document, or why there are none.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Drawn {
    Pages(Vec<PageView>),
    Faults(Vec<String>),
}

#[derive(Serialize)]
struct PageView {
    /// The same for pages that look the same.
    id: String,
    width: f64,
    height: f64,
}

impl Router {
    pub fn new(state: Arc<PreviewState>, language: Arc<MessageLanguage>) -> Router {
        let page = PAGE.get_file("index.html").and_then(|file| file.contents_utf8()).unwrap_or_default();
        Router { page: with_words(page, &language.locale), state, language }
    }

    pub fn revisions(&self) -> watch::Receiver<StateRevision> {
        self.state.revisions()
    }

    /// The content at a path; `None` if there is none, or not any more.
    pub fn content_at(&self, path: &str) -> Option<Content> {
        let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        match parts.as_slice() {
            [""] => Some(Content { kind: MediaType::Page, body: self.page.clone().into_bytes() }),
            ["state.json"] => {
                let state = self.state.latest();
                // Before the first reading there is nothing to be shown.
                (state.revision > 0).then(|| Content { kind: MediaType::Json, body: state.view.clone().into_bytes() })
            }
            ["evidence", revision, period, indicator, scope] => {
                let counted = self.state.latest().counted.clone()?;
                let asked: u64 = revision.parse().ok()?;
                if asked != counted.revision {
                    return None;
                }
                let (period, indicator) = (period.parse().ok()?, indicator.parse().ok()?);
                json(&figure_rows::rows_of_figure(&counted, period, indicator, scope, &self.language)?)
            }
            ["documents", name] => match name.split_once('.')? {
                (id, "json") => json(&self.drawn(&*self.drawable(id)?)),
                (id, "pdf") => {
                    let drawable = self.drawable(id)?;
                    let made = render_pdf(&drawable.document, Attached::default(), &drawable.templates).ok()?;
                    Some(Content { kind: MediaType::Pdf, body: made.bytes })
                }
                _ => None,
            },
            ["pages", name] => {
                let (id, ending) = name.split_once('.')?;
                match ending {
                    "svg" => {
                        self.page(id, Pages::svg).map(|svg| Content { kind: MediaType::Svg, body: svg.into_bytes() })
                    }
                    "txt" => self
                        .page(id, Pages::text)
                        .map(|text| Content { kind: MediaType::Text, body: text.into_bytes() }),
                    _ => None,
                }
            }
            [name] => file(name),
            _ => None,
        }
    }

    fn drawable(&self, id: &str) -> Option<Arc<Drawable>> {
        self.state.latest().drawables.iter().find(|drawable| drawable.fingerprint == id).cloned()
    }

    fn drawn(&self, drawable: &Drawable) -> Drawn {
        match drawable.pages() {
            Ok(pages) => Drawn::Pages(
                pages
                    .shapes()
                    .iter()
                    .map(|shape| PageView { id: page_id(shape.fingerprint), width: shape.width, height: shape.height })
                    .collect(),
            ),
            Err(faults) => Drawn::Faults(faults.iter().map(|fault| self.print_fault(fault)).collect()),
        }
    }

    fn print_fault(&self, fault: &RenderFault) -> String {
        let problem: Problem = fault.to_problem();
        print_problem(&problem, &self.language.catalogue, "", CellListing::First)
    }

    /// Something of the page with this id, among the pages that are laid out.
    fn page(&self, id: &str, of: impl Fn(&Pages, usize) -> Option<String>) -> Option<String> {
        let state = self.state.latest();
        state.drawables.iter().filter_map(|drawable| drawable.pages_if_laid_out()).find_map(|pages| {
            let at = pages.shapes().iter().position(|shape| page_id(shape.fingerprint) == id)?;
            of(pages, at)
        })
    }
}

fn page_id(fingerprint: u128) -> String {
    format!("{fingerprint:032x}")
}

/// A file of the page, by its name.
fn file(name: &str) -> Option<Content> {
    let kind = match name.rsplit_once('.')?.1 {
        "css" => MediaType::Style,
        "js" => MediaType::Script,
        "svg" => MediaType::Svg,
        _ => return None,
    };
    Some(Content { kind, body: PAGE.get_file(name)?.contents().to_vec() })
}

fn json(value: &impl Serialize) -> Option<Content> {
    Some(Content { kind: MediaType::Json, body: serde_json::to_vec(value).ok()? })
}

/// Puts the language and its phrases in place of `{lang}` and `{preview.name}`; other braces stay for the script.
fn with_words(page: &str, locale: &Locale) -> String {
    let mut out = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let word = after.split_once('}').and_then(|(key, behind)| {
            let word = if key == "lang" { Some(locale.lang().as_str()) } else { locale.find_label(key) };
            Some((word?, behind))
        });
        match word {
            Some((word, behind)) => {
                out.push_str(&word.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;"));
                rest = behind;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
