//! A profile: what a donor wants a report to hold, as data. Ours ship inside the binary, a project may bring its own.

#![warn(missing_docs)]

mod check;
mod facts;
mod read;

pub use check::{SectionProse, check_prose, count_words, find_missing_facts};
pub use facts::{AskedFact, FormFact};

use include_dir::{Dir, include_dir};

use crate::diagnostic::{Place, Problem, Severity, kinds, nearest};
use crate::locale::{Locale, NumberFormat};
use crate::model::{Lang, Text};

/// What the path of a profile in the binary begins with.
const SHIPPED_FOLDER: &str = "templates/profiles/";

static SHIPPED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/profiles");

/// The prose of the page that answers first, beside the sections.
pub const HEADLINE: &str = "headline";

/// The profile of a letter about a report whose figures have changed since it was sent, and the name of the prose that
/// says why, beside the report's sections.
pub const ERRATUM: &str = "erratum";

/// Sections in their order, with their rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// As reports name it: its file's name without `.toml`.
    pub name: String,
    /// Its path, for problems: `templates/profiles/…` of the program or `profiles/…` of the project.
    pub file: String,
    /// The kind of report, for the cover.
    pub title: Text,
    /// The donor's form that it follows.
    pub source: Option<String>,
    /// Which edition of the form.
    pub edition: Option<String>,
    /// What could not be confirmed against the donor's own form.
    pub unconfirmed: Vec<String>,
    /// Separators that the donor asks for, whatever the language.
    pub number_format: Option<NumberFormat>,
    /// What its documents begin with.
    pub opening: ProfileOpening,
    /// Whether it is a donor's own form: its required sections keep their headings, even empty.
    pub is_form: bool,
    /// How severe a breach of each rule is.
    pub severities: Severities,
    /// In the order in which they are printed.
    pub sections: Vec<ProfileSection>,
}

/// What documents begin with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProfileOpening {
    /// The page that answers first, without a cover and contents.
    Glance,
    /// A cover, the page that answers first, and the contents.
    #[default]
    Cover,
    /// A cover and the contents: of a document that reports on nothing.
    CoverOnly,
    /// What a cover says at the head of the first page, and nothing else: of a letter.
    Letter,
}

impl ProfileOpening {
    /// Every opening under the word that profiles write.
    pub const ALL: [(&str, ProfileOpening); 4] = [
        ("glance", ProfileOpening::Glance),
        ("cover", ProfileOpening::Cover),
        ("cover-only", ProfileOpening::CoverOnly),
        ("letter", ProfileOpening::Letter),
    ];

    /// Whether documents have the page that answers first.
    pub fn has_glance(self) -> bool {
        matches!(self, ProfileOpening::Glance | ProfileOpening::Cover)
    }
}

/// How severe a breach of each rule is: an error stops the report, `None` switches the rule off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Severities {
    /// Languages of one document that differ in figures or structure.
    pub parity: Option<Severity>,
    /// A figure that is typed instead of drawn from the data.
    pub typed_figures: Option<Severity>,
    /// An indicator off its target without an explanation.
    pub variance: Option<Severity>,
    /// A required section without text.
    pub missing_section: Option<Severity>,
    /// A section with more words or characters than its limit.
    pub word_limit: Option<Severity>,
}

/// A section that a profile asks for, with its rules.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileSection {
    /// Names the prose's files: `narrative/<report>/[<period>/]<id>.<lang>.md`.
    pub id: String,
    /// What it holds beside its prose.
    pub kind: SectionKind,
    /// Empty: the heading of the kind, from the labels.
    pub heading: Text,
    /// What the donor asks for here, for whoever writes it.
    pub asks: Text,
    /// Whether the report must have it.
    pub required: bool,
    /// How many words of prose it may have.
    pub word_limit: Option<u64>,
    /// How many characters the donor's portal takes of it.
    pub char_limit: Option<u64>,
    /// Whether it begins on a new page.
    pub new_page: bool,
    /// How many key figures, or rows of activities, it shows at most; all are in the annex.
    pub most: Option<usize>,
    /// Codes of the indicators that it shows; none: all of the report.
    pub indicators: Option<Vec<String>>,
    /// Only of indicators that count persons.
    pub people: bool,
    /// Set apart in a box of its own.
    pub boxed: bool,
    /// What a form asks of the project, in its order.
    pub facts: Vec<AskedFact>,
    /// Line of the section in its profile.
    pub line: u32,
}

impl ProfileSection {
    /// Its heading: the profile's in this language, the usual one of its name, that of its kind; a donor's own wording
    /// that nobody translated stays in the language of its form.
    pub fn heading_in(&self, locale: &Locale, order: &[Lang]) -> String {
        let own = self.heading.get(locale.lang());
        let usual = || locale.find_label(&format!("heading.{}", self.id)).map(str::to_owned);
        let of_form = || self.heading.in_order(locale.lang(), order).filter(|heading| !heading.is_empty());
        let of_kind = || (self.kind != SectionKind::Prose).then(|| locale.label(self.kind.heading_label()).to_owned());
        let found = own.map(str::to_owned).or_else(usual).or_else(|| of_form().map(str::to_owned)).or_else(of_kind);
        found.unwrap_or_else(|| self.id.clone())
    }
}

/// What a section holds beside its prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// Nothing else.
    Prose,
    /// What a form asks of the project, answered from project.toml.
    Facts,
    /// Short names and their meanings.
    Acronyms,
    /// The most important figures, large.
    KeyFigures,
    /// The table of indicators.
    IndicatorTable,
    /// A chart of the indicators.
    IndicatorChart,
    /// Tables of figures by the parts of their disaggregations.
    Disaggregation,
    /// Every result with its indicators.
    Results,
    /// The table of activities.
    Activities,
    /// Indicators off their target, with the explanation.
    Variance,
    /// How each indicator is counted.
    Counted,
    /// Figures that changed since they were submitted.
    Restated,
    /// Notes on the data.
    Notes,
    /// The annexes by name.
    AnnexList,
    /// The pictures of project.toml.
    Photographs,
    /// Places to sign at.
    Signatures,
    /// Of a letter about a report that was sent: which report, when and to whom, and how much has changed.
    Erratum,
    /// Of such a letter: its figures as they were sent and as they are.
    ErratumFigures,
    /// Of such a letter: its sentences as they were sent and as they are.
    ErratumSentences,
}

impl SectionKind {
    /// Every kind, in the order of the reference.
    pub const ALL: [SectionKind; 19] = [
        SectionKind::Prose,
        SectionKind::Facts,
        SectionKind::Acronyms,
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
        SectionKind::Erratum,
        SectionKind::ErratumFigures,
        SectionKind::ErratumSentences,
    ];

    /// As a profile writes it.
    pub fn code(self) -> &'static str {
        match self {
            SectionKind::Prose => "prose",
            SectionKind::Facts => "facts",
            SectionKind::Acronyms => "acronyms",
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
            SectionKind::Erratum => "erratum",
            SectionKind::ErratumFigures => "erratum-figures",
            SectionKind::ErratumSentences => "erratum-sentences",
        }
    }

    /// The label of its heading where the profile gives none.
    pub fn heading_label(self) -> &'static str {
        match self {
            SectionKind::Prose => "cover.report",
            SectionKind::Facts => "section.facts",
            SectionKind::Acronyms => "section.acronyms",
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
            SectionKind::Erratum => "erratum.about",
            SectionKind::ErratumFigures => "erratum.figures",
            SectionKind::ErratumSentences => "erratum.sentences",
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

    /// Whether it is a file of the project, which an officer can open.
    fn is_own(&self) -> bool {
        !self.file.starts_with(SHIPPED_FOLDER)
    }

    /// The profile of this name: the project's own, given as its path and text, else one in the binary.
    ///
    /// # Errors
    /// Every fault of the file with its line, or that there is no such profile, with the nearest name.
    pub fn load(name: &str, own: Option<(&str, &str)>) -> Result<Profile, Vec<Problem>> {
        if let Some((path, text)) = own {
            return read::read_profile(name, path, text);
        }
        let shipped = SHIPPED.get_file(format!("{name}.toml")).and_then(|file| file.contents_utf8());
        match shipped {
            Some(text) => read::read_profile(name, &format!("{SHIPPED_FOLDER}{name}.toml"), text),
            None => {
                let known = Profile::shipped();
                let kind = kinds::UnknownProfile {
                    name: name.to_owned(),
                    known: known.join(", "),
                    nearest: nearest(name, known.iter().copied()).map(str::to_owned),
                };
                Err(vec![Problem::error(kind).at(Place::file("project.toml"))])
            }
        }
    }

    /// A language as this profile's donor wants its numbers; `None` for a language without phrases.
    pub fn locale(&self, lang: &Lang) -> Option<Locale> {
        let locale = Locale::new(lang)?;
        Some(match &self.number_format {
            Some(format) => locale.with_number_format(format.clone()),
            None => locale,
        })
    }

    /// Whether it has a section of this kind.
    pub fn has(&self, kind: SectionKind) -> bool {
        self.sections.iter().any(|section| section.kind == kind)
    }

    /// The section that prose is written for under this id.
    pub fn section(&self, id: &str) -> Option<&ProfileSection> {
        self.sections.iter().find(|section| section.id == id)
    }
}
