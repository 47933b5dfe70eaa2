//! A profile: what a donor wants a report to hold, as data. Ours ship inside the binary, a project may bring its own.

mod check;
mod read;

pub use check::{SectionProse, check_prose, words};

use include_dir::{Dir, include_dir};

use crate::diagnostic::{Place, Problem, Severity, nearest};
use crate::locale::{Locale, NumberFormat};
use crate::model::{Lang, Text};

static SHIPPED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/profiles");

/// Sections in their order, with their rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub name: String,
    /// Where it stands, for problems: `templates/profiles/…` of the program or `profiles/…` of the project.
    pub file: String,
    /// The kind of report, for the cover.
    pub title: Text,
    /// The donor's form that it follows, and which edition of it.
    pub source: Option<String>,
    pub edition: Option<String>,
    /// What could not be confirmed against the donor's own form.
    pub unconfirmed: Vec<String>,
    /// Separators that the donor asks for, whatever the language.
    pub number_format: Option<NumberFormat>,
    pub severities: Severities,
    pub sections: Vec<ProfileSection>,
}

/// How grave a breach of each rule is: an error stops the report, none says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Severities {
    pub parity: Option<Severity>,
    pub typed_figures: Option<Severity>,
    /// An indicator off its target without an explanation.
    pub variance: Option<Severity>,
    pub missing_section: Option<Severity>,
    pub word_limit: Option<Severity>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ProfileSection {
    /// Names the prose's files: `narrative/<report>/[<period>/]<id>.<lang>.md`.
    pub id: String,
    pub kind: SectionKind,
    /// Empty: the heading of the kind, from the labels.
    pub heading: Text,
    /// What the donor asks for here, for whoever writes it.
    pub asks: Text,
    pub required: bool,
    pub word_limit: Option<u64>,
    pub new_page: bool,
    /// Most key figures, or rows of activities; more stand in the annex.
    pub most: Option<usize>,
    /// Codes of the indicators that it shows; none: all of the report.
    pub indicators: Option<Vec<String>>,
    /// Only of indicators that count persons.
    pub people: bool,
    /// Line of the section in its profile.
    pub line: u32,
}

/// What a section holds beside its prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    Prose,
    KeyFigures,
    IndicatorTable,
    IndicatorChart,
    Disaggregation,
    Results,
    Activities,
    Variance,
    Counted,
    Restated,
    Notes,
    AnnexList,
    Photographs,
    Signatures,
}

impl SectionKind {
    pub const ALL: [SectionKind; 14] = [
        SectionKind::Prose,
        SectionKind::KeyFigures,
        SectionKind::IndicatorTable,
        SectionKind::IndicatorChart,
        SectionKind::Disaggregation,
        SectionKind::Results,
        SectionKind::Activities,
        SectionKind::Variance,
        SectionKind::Counted,
        SectionKind::Restated,
        SectionKind::Notes,
        SectionKind::AnnexList,
        SectionKind::Photographs,
        SectionKind::Signatures,
    ];

    /// As a profile writes it.
    pub fn code(self) -> &'static str {
        match self {
            SectionKind::Prose => "prose",
            SectionKind::KeyFigures => "key-figures",
            SectionKind::IndicatorTable => "indicator-table",
            SectionKind::IndicatorChart => "indicator-chart",
            SectionKind::Disaggregation => "disaggregation",
            SectionKind::Results => "results",
            SectionKind::Activities => "activities",
            SectionKind::Variance => "variance",
            SectionKind::Counted => "counted",
            SectionKind::Restated => "restated",
            SectionKind::Notes => "notes",
            SectionKind::AnnexList => "annex-list",
            SectionKind::Photographs => "photographs",
            SectionKind::Signatures => "signatures",
        }
    }

    /// The label of its heading where the profile gives none.
    pub fn label(self) -> &'static str {
        match self {
            SectionKind::Prose => "cover.report",
            SectionKind::KeyFigures => "section.key-figures",
            SectionKind::IndicatorTable => "section.indicators",
            SectionKind::IndicatorChart => "section.chart",
            SectionKind::Disaggregation => "section.disaggregation",
            SectionKind::Results => "section.results",
            SectionKind::Activities => "section.activities",
            SectionKind::Variance => "section.variance",
            SectionKind::Counted => "section.method",
            SectionKind::Restated => "section.restated",
            SectionKind::Notes => "page.notes",
            SectionKind::AnnexList => "section.annexes",
            SectionKind::Photographs => "page.photographs",
            SectionKind::Signatures => "page.signatures",
        }
    }
}

impl Profile {
    /// Names of the profiles in the binary, in alphabetical order.
    pub fn shipped() -> Vec<&'static str> {
        let mut names: Vec<_> = SHIPPED.files().filter_map(|file| file.path().file_stem()?.to_str()).collect();
        names.sort_unstable();
        names
    }

    /// The profile of this name: the project's own, given as its path and text, else one in the binary.
    ///
    /// # Errors
    /// Every fault of the file with its line, or that there is no such profile, with the nearest name.
    pub fn load(name: &str, own: Option<(&str, &str)>) -> Result<Profile, Vec<Problem>> {
        if let Some((path, text)) = own {
            return read::profile(name, path, text);
        }
        let shipped = SHIPPED.get_file(format!("{name}.toml")).and_then(|file| file.contents_utf8());
        match shipped {
            Some(text) => read::profile(name, &format!("templates/profiles/{name}.toml"), text),
            None => {
                let known = Profile::shipped();
                let mut problem = Problem::error("unknown-profile")
                    .at(Place::file("project.toml"))
                    .with("name", name)
                    .with("known", known.join(", "));
                if let Some(near) = nearest(name, known.iter().copied()) {
                    problem = problem.variant("nearest").with("nearest", near);
                }
                Err(vec![problem])
            }
        }
    }

    /// A language as this profile's donor wants its numbers; none for a language without phrases.
    pub fn locale(&self, lang: &Lang) -> Option<Locale> {
        let locale = Locale::new(lang)?;
        Some(match &self.number_format {
            Some(format) => locale.with_number_format(format.clone()),
            None => locale,
        })
    }

    pub fn section(&self, id: &str) -> Option<&ProfileSection> {
        self.sections.iter().find(|section| section.id == id)
    }
}
