//! The officers' prose: Handlebars in Markdown, one file per section and language, read, checked and turned into blocks.
//!
//! ```text
//! narrative/<report>/[<period>/]<section>.<lang>.md
//!   source     text, tags and their places; the text with its tags masked
//!   syntax     the template as a tree whose nodes know their place
//!   schema     helpers, their arguments and paths: what a section may name
//!   lint       typed figures          parity   languages side by side       stale   translations behind their source
//!   evaluate   tree + figures → Markdown with tokens in place of all that comes from data
//!   markdown   Markdown → blocks, tokens → figures and text
//!   sentences  blocks → sentences, by which two editions are compared
//! ```

mod check;
mod claims;
mod evaluate;
mod items;
mod line;
mod lint;
mod load;
mod logic;
mod lookup;
mod markdown;
mod names;
mod outline;
mod parity;
mod paths;
mod schema;
mod sentences;
mod signature;
mod source;
mod stale;
mod syntax;
mod terms;
mod value;

pub use signature::{Signature, claims, fields, signatures};

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Place, Problem};
use crate::disclosure::Released;
use crate::locale::Locale;
use crate::model::{Lang, Logframe, Period, Project, ReportSettings, Settings};
use crate::report::block::{Block, Inline};

pub use sentences::sentences;

/// Every section of prose that a project's folder holds, and the partials they share.
#[derive(Clone, Debug, Default)]
pub struct Narratives {
    sections: BTreeMap<SectionKey, Prose>,
    partials: BTreeMap<(String, Lang), Prose>,
}

/// Where a section belongs; a `period` of its own wins over the report's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SectionKey {
    pub report: String,
    pub period: Option<String>,
    pub section: String,
    pub lang: Lang,
}

/// One file of prose; `file` is relative to the project's folder.
#[derive(Clone, Debug)]
struct Prose {
    file: String,
    text: String,
}

/// What prose is filled in from. All figures are released ones.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub project: &'a Project,
    pub released: &'a Released,
    /// Its language is the section's.
    pub locale: &'a Locale,
}

/// How severe the checks are, and what they may compare with.
#[derive(Clone, Debug, Default)]
pub struct Rules<'a> {
    /// Reports whose profile makes a typed figure an error.
    pub typed_figures_are_errors: BTreeSet<String>,
    /// Reports whose profile lets figures be typed, as a guide counts its own steps.
    pub typed_figures_are_allowed: BTreeSet<String>,
    /// By report: lets a typed figure be recognised as one of the report's.
    pub released: BTreeMap<String, &'a Released>,
}

impl Narratives {
    /// The sections that there is prose for, with their files.
    pub fn sections(&self) -> impl Iterator<Item = (&SectionKey, &str)> {
        self.sections.iter().map(|(key, prose)| (key, prose.file.as_str()))
    }

    /// Whether a section has prose in a language, for this period or for the report.
    pub fn has(&self, report: &str, period: &str, section: &str, lang: &Lang) -> bool {
        self.find(report, period, section, lang).is_some()
    }

    /// Everything that can be said of the prose before the data is there: syntax, names, Markdown, typed figures, parity of
    /// languages (an error where one document holds both, else a warning) and stale translations.
    pub fn check(&self, logframe: &Logframe, settings: &Settings, rules: &Rules) -> Vec<Problem> {
        self.check_all(logframe, settings, rules)
    }

    /// A section as blocks in the language of the context, or none where there is no such prose.
    ///
    /// # Errors
    /// What the prose names and the data doesn't bear out: absent, suppressed or undetermined figures without a guard, claims
    /// that aren't true, and whatever `check` reports as an error of syntax or names.
    pub fn render(
        &self,
        report: &ReportSettings,
        period: &Period,
        section: &str,
        context: &Context,
    ) -> Result<Option<Vec<Block>>, Vec<Problem>> {
        let lang = context.locale.lang();
        let Some(prose) = self.find(&report.name, &period.code, section, lang) else {
            return Ok(None);
        };
        let settings = &context.project.settings;
        let source = source::Source::new(&prose.file, &prose.text);
        let (nodes, problems) = self.check_names(&source, lang, false, &context.project.logframe);
        if !problems.is_empty() {
            return Err(problems);
        }
        let filled = evaluate::fill(self, &source, &nodes, report, period, context);
        let (blocks, faults) =
            markdown::blocks(&filled.markdown, &filled.tokens, &settings.images, lang, &settings.languages);
        let mut problems = filled.problems;
        // Faults of the Markdown itself are told at their lines; these come from what was put together.
        let masked = source.masked();
        let (_, own) = markdown::blocks(&masked.text, &[], &settings.images, lang, &settings.languages);
        if own.is_empty() {
            let place = || Place::file(&prose.file);
            problems.extend(faults.into_iter().map(|fault| check::problem_of(fault, place(), settings)));
        } else {
            problems.extend(own.into_iter().map(|fault| check::located(&source, &masked, fault, settings)));
        }
        problems.dedup();
        if problems.is_empty() { Ok(Some(blocks)) } else { Err(problems) }
    }

    fn find(&self, report: &str, period: &str, section: &str, lang: &Lang) -> Option<&Prose> {
        let key = |period: Option<&str>| SectionKey {
            report: report.to_owned(),
            period: period.map(str::to_owned),
            section: section.to_owned(),
            lang: lang.clone(),
        };
        self.sections.get(&key(Some(period))).or_else(|| self.sections.get(&key(None)))
    }
}

/// How many words blocks hold; a printed figure counts as it is written.
pub fn word_count(blocks: &[Block]) -> usize {
    blocks.iter().map(words_of_block).sum()
}

fn words_of_block(block: &Block) -> usize {
    match block {
        Block::Heading { content, .. } | Block::Paragraph { content } => words_of_line(content),
        Block::List { items, .. } => items.iter().map(|item| word_count(item)).sum(),
        Block::Quote { content } => word_count(content),
        Block::Table { header, rows, .. } => {
            header.iter().chain(rows.iter().flatten()).map(|cell| words_of_line(cell)).sum()
        }
        Block::Image { caption, .. } => words_of_line(caption),
        Block::IndicatorChart { .. } | Block::IndicatorTable { .. } => 0,
    }
}

fn words_of_line(content: &[Inline]) -> usize {
    let mut text = String::new();
    let mut notes = 0;
    write_text(content, &mut text, &mut notes);
    text.split_whitespace().count() + notes
}

/// Pieces of a line run together, so that a word that is part figure, part text is one; footnotes are counted apart.
fn write_text(content: &[Inline], text: &mut String, notes: &mut usize) {
    for inline in content {
        match inline {
            Inline::Text { text: piece } | Inline::Figure { text: piece, .. } => text.push_str(piece),
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                write_text(content, text, notes);
            }
            Inline::Footnote { content } => *notes += word_count(content),
            Inline::LineBreak => text.push(' '),
        }
    }
}
