//! The officers' prose: Handlebars in Markdown, one file per section and language, read, checked and turned into blocks.
//!
//! ```text
//! narrative/<report>/[<period>/]<section>.<lang>.md
//!   unwritten         where a section belongs that nobody has written
//!   source            text, tags and their places; the text with its tags masked
//!   quotation_marks   quotation marks within tags, straight and curly
//!   expr, syntax      the template as a tree whose nodes know their place
//!   prose_file        a file with all that can be read of it without the data
//!   helpers           helpers and their arguments; claim_kinds, item_kinds: what else a section may name
//!   check_names, check_prose, check_language  names, rules of prose, its language
//!   typed_figures, parity, stale_translation  figures that are typed, languages that differ, older translations
//!   uses              what a text uses of the data, by which its languages are compared
//!   evaluate          the values of expressions: figures, derived, formatting, conditions, claims, items, paths
//!   work_limit        how much a section may loop and print
//!   form_values       values of places and rows of a donor's own form
//!   snippets          what may be put into a section, with what it prints
//!   marks             where in a section a problem is, and what may be written instead
//!   write             tree + figures → Markdown with tokens in place of all that comes from data
//!   markdown          Markdown → blocks, tokens → figures and text
//!   sentences         blocks → sentences, by which two editions are compared
//! ```

#![warn(missing_docs)]

mod check_language;
mod check_names;
mod check_prose;
mod claim_kinds;
mod claims;
mod conditions;
mod derived;
mod evaluate;
mod expr;
mod figures;
mod form_values;
mod formatting;
mod helper_reference;
mod helpers;
mod inline;
mod item_kinds;
mod items;
mod load;
mod markdown;
mod marks;
mod name_scope;
mod outline;
mod parity;
mod paths;
mod prose_file;
mod quotation_marks;
mod sentences;
mod snippets;
mod source;
mod stale_translation;
mod syntax;
mod typed_figures;
mod unwritten;
mod uses;
mod value;
mod work_limit;
mod write;

pub use form_values::{FormContext, FormFilled};
pub use helper_reference::{
    HelperArgument, HelperSignature, claim_kinds, helper_options, helper_signatures, item_fields,
};
pub use marks::{Mend, ProseMark};
pub use sentences::collect_sentences;
pub use snippets::{Snippet, SnippetWriter};

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Place, Problem, first_names, nearest};
use crate::disclosure::Released;
use crate::locale::Locale;
use crate::model::{Lang, Lists, Period, Project, ReportSettings};
use crate::report::block::Block;

use prose_file::ProseFile;

/// Every section of prose that a project's folder holds, and the partials they share; each file is parsed once, when it
/// is loaded.
#[derive(Clone, Debug, Default)]
pub struct Narratives {
    sections: BTreeMap<SectionKey, ProseFile>,
    partials: BTreeMap<(String, Lang), ProseFile>,
    /// Sections whose file can't be read at all, which was reported, with the file.
    unread: BTreeMap<SectionKey, String>,
    /// Sections whose file says nothing but what belongs there.
    unbegun: BTreeMap<SectionKey, ProseFile>,
}

/// Where a section belongs; a `period` of its own wins over the report's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SectionKey {
    /// Name of the report.
    pub report: String,
    /// Code of the period; `None` for all periods of the report.
    pub period: Option<String>,
    /// Name of the section, as in the profile.
    pub section: String,
    /// The language it is written in.
    pub lang: Lang,
}

/// What prose is filled in from. All figures are released ones.
#[derive(Clone, Copy)]
pub struct ProseContext<'a> {
    /// Where names, dates and lists come from.
    pub project: &'a Project,
    /// What may be shown of the figures.
    pub released: &'a Released,
    /// Its language is the section's.
    pub locale: &'a Locale,
}

/// How severe the checks are, and what they may compare with.
#[derive(Clone, Debug, Default)]
pub struct CheckRules<'a> {
    /// Reports whose profile makes a typed figure an error.
    pub typed_figures_are_errors: BTreeSet<String>,
    /// Reports whose profile lets figures be typed, as a guide counts its own steps.
    pub typed_figures_are_allowed: BTreeSet<String>,
    /// By report: lets a typed figure be recognised as one of the report's.
    pub released: BTreeMap<String, &'a Released>,
    /// Lets a value that one language writes as its code, and another as its label, be recognised as one value.
    pub lists: Option<&'a Lists>,
}

impl Narratives {
    /// The sections that there is prose for, with their files.
    pub fn sections(&self) -> impl Iterator<Item = (&SectionKey, &str)> {
        self.sections.iter().map(|(key, prose)| (key, prose.source.file.as_str()))
    }

    /// The sections whose file can't be read at all, which was reported, with the file.
    pub fn unread_sections(&self) -> impl Iterator<Item = (&SectionKey, &str)> {
        self.unread.iter().map(|(key, file)| (key, file.as_str()))
    }

    /// A section as blocks in the language of the context; `None` if there is no such prose.
    ///
    /// # Errors
    /// What the prose names and the data doesn't bear out: absent, suppressed or undetermined figures without a guard, claims
    /// that aren't true, and whatever `check` reports as an error of syntax or names.
    pub fn render(
        &self,
        report: &ReportSettings,
        period: &Period,
        section: &str,
        context: &ProseContext,
    ) -> Result<Option<RenderedSection>, Vec<Problem>> {
        let lang = context.locale.lang();
        let Some(prose) = self.find_section(&report.name, &period.code, section, lang) else {
            return Ok(None);
        };
        let settings = &context.project.settings;
        let problems = self.check_names(prose, lang, false, &context.project.logframe);
        if !problems.is_empty() {
            return Err(problems);
        }
        let filled = evaluate::fill_in(self, prose, report, period, context);
        let (blocks, faults) =
            markdown::read_markdown(&filled.markdown, &filled.insertions, &settings.images, lang, &settings.languages);
        let mut problems = filled.problems;
        // Where the author's own Markdown is at fault, its lines are known; faults that only what was filled in brings
        // about have no line.
        if prose.markdown_problems.is_empty() {
            let place = || Place::file(&prose.source.file);
            problems.extend(faults.into_iter().map(|fault| Problem::error(fault.kind).at(place())));
        } else {
            problems.extend(prose.markdown_problems.iter().cloned());
        }
        problems.dedup();
        let has_errors = problems.iter().any(Problem::is_error);
        if has_errors { Err(problems) } else { Ok(Some(RenderedSection { blocks, warnings: problems })) }
    }

    fn find_section(&self, report: &str, period: &str, section: &str, lang: &Lang) -> Option<&ProseFile> {
        let key = |period: Option<&str>| SectionKey {
            report: report.to_owned(),
            period: period.map(str::to_owned),
            section: section.to_owned(),
            lang: lang.clone(),
        };
        self.sections.get(&key(Some(period))).or_else(|| self.sections.get(&key(None)))
    }
}

/// A section of prose, filled in.
pub struct RenderedSection {
    /// Its text.
    pub blocks: Vec<Block>,
    /// What its author should look at.
    pub warnings: Vec<Problem>,
}

/// What a section of prose may cost, by the names that docs/reference.md explains.
pub fn prose_limits() -> [(&'static str, usize); 6] {
    [
        ("prose-file", load::MAX_BYTES as usize),
        ("prose-text", work_limit::MAX_TEXT),
        ("prose-steps", work_limit::MAX_STEPS),
        ("prose-elements", markdown::MAX_EVENTS),
        ("prose-columns", markdown::MAX_COLUMNS),
        ("prose-partials", write::MAX_PARTIAL_DEPTH),
    ]
}

/// The known name that is nearest to what was written, for "did you mean".
/// The axes of an indicator, for messages.
fn known_axes<'a>(axes: impl Iterator<Item = &'a str>) -> String {
    Some(first_names(axes)).filter(|known| !known.is_empty()).unwrap_or_else(|| "–".to_owned())
}

fn nearest_name<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(written, known).map(str::to_owned)
}
