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
mod prose_file;
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
use crate::report::block::Block;

pub use sentences::sentences;

use prose_file::ProseFile;

/// Every section of prose that a project's folder holds, and the partials they share; each file is parsed once, when it
/// is loaded.
#[derive(Clone, Debug, Default)]
pub struct Narratives {
    sections: BTreeMap<SectionKey, ProseFile>,
    partials: BTreeMap<(String, Lang), ProseFile>,
}

/// Where a section belongs; a `period` of its own wins over the report's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SectionKey {
    pub report: String,
    pub period: Option<String>,
    pub section: String,
    pub lang: Lang,
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
        self.sections.iter().map(|(key, prose)| (key, prose.source.file.as_str()))
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
        let problems = self.check_names(prose, lang, false, &context.project.logframe);
        if !problems.is_empty() {
            return Err(problems);
        }
        let filled = evaluate::fill(self, prose, report, period, context);
        let (blocks, faults) =
            markdown::blocks(&filled.markdown, &filled.tokens, &settings.images, lang, &settings.languages);
        let mut problems = filled.problems;
        // Where the author's own Markdown is at fault, its lines are known; faults that only what was filled in brings
        // about have no line.
        if prose.markdown_problems.is_empty() {
            let place = || Place::file(&prose.source.file);
            problems.extend(faults.into_iter().map(|fault| prose_file::fault_problem(fault, place(), settings)));
        } else {
            problems.extend(prose.markdown_problems.iter().cloned());
        }
        problems.dedup();
        if problems.is_empty() { Ok(Some(blocks)) } else { Err(problems) }
    }

    fn find(&self, report: &str, period: &str, section: &str, lang: &Lang) -> Option<&ProseFile> {
        let key = |period: Option<&str>| SectionKey {
            report: report.to_owned(),
            period: period.map(str::to_owned),
            section: section.to_owned(),
            lang: lang.clone(),
        };
        self.sections.get(&key(Some(period))).or_else(|| self.sections.get(&key(None)))
    }
}
