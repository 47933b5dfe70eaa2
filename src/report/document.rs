//! A document as the templates see it: sections with one aligned entry per language, every text and number already
//! written in its language, chart lengths as fractions. It holds no layout and asks for no arithmetic.

mod chart;
mod figure_text;
mod glance;
mod indicator;
mod printed;
mod section_items;

pub use crate::report::figure_source::FigureSource;
pub use chart::{
    ActivitiesChart, ActivityColumn, ActivityKey, ActivityKind, Bar, Fraction, MonthColumn, PeriodColumn, Pyramid,
    PyramidRow, Trend, TrendLine, TrendPoint,
};
pub use figure_text::{FigureText, TextPiece};
pub use glance::{AttentionItem, DueItem, Glance, GlanceCard, Tally, TallyCount, TallyMark, TimeElapsed};
pub use indicator::{
    AxisView, ColumnRole, CountedView, CrossCell, CrossTable, Disaggregation, IndicatorRow, IndicatorTable,
    IndicatorView, KeyFigure, LabelledText, Matrix, MatrixColumn, MatrixRow, Measure, NumberColumn, PartRow,
    ResultGroup, StatusBadge, TableColumn, TableGroup, VarianceView,
};
pub use printed::{PrintedFigure, number_figures};
pub use section_items::{Activities, ActivityRow, AnnexItem, CountLine, Fact, FormAnswer, Photograph, SignatureLine};

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use super::block::Block;

/// A whole report, ready to be laid out.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Document {
    /// Names the document among all others; the PDF's identifier is made from it.
    #[serde(skip)]
    pub identifier: String,
    /// Codes of the report's indicators, in the order of figures.json.
    #[serde(skip)]
    pub indicators: Vec<String>,
    /// Faulty rows or sections were left out.
    #[serde(skip)]
    pub is_draft: bool,
    /// The file's date: the report's, else the end of its period.
    #[serde(skip)]
    pub date: Date,
    /// Of the document's properties, in its first language.
    pub title: String,
    /// Who reports.
    pub author: String,
    /// The report and its period, for the file's properties.
    pub description: String,
    /// For the file's properties.
    pub keywords: Vec<String>,
    /// How two languages are set.
    pub layout: DocumentLayout,
    /// What the document begins with.
    pub opening: Opening,
    /// One per language, in the document's order: everything around the sections.
    pub parts: Vec<LanguagePart>,
    /// In the order of the profile.
    pub sections: Vec<Section>,
    /// Indicators whose own place in the document figures may link to.
    pub anchors: Vec<String>,
    /// `[theme]` of the project: names to values, as the templates know them.
    pub theme: BTreeMap<String, String>,
    /// The annex as a file inside the PDF.
    pub attachment: Option<AttachedFile>,
    /// The figures for machines stand in it, too.
    pub figures: Option<AttachedFile>,
    /// The checksums of both.
    pub manifest: Option<AttachedFile>,
    /// Files of the pictures named anywhere in the document, as they were read.
    #[serde(skip)]
    pub pictures: BTreeMap<String, Arc<[u8]>>,
}

/// What a document begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Opening {
    /// The page that answers first, with what a cover says at its head; no contents.
    Glance,
    /// A cover and the contents; the page that answers first follows them.
    Cover,
    /// What a cover says at the head of the first page; no contents.
    Letter,
}

/// How the languages of a document are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentLayout {
    /// One language.
    Single,
    /// One language after the other.
    Sequential,
    /// Two columns, section by section.
    Parallel,
}

/// Name and description of the file that is attached; its bytes go to the renderer beside the document.
#[derive(Clone, Debug, Serialize)]
pub struct AttachedFile {
    /// Name of the file.
    pub name: String,
    /// What it is, in the first language.
    pub description: String,
    /// Its media type.
    pub mime: String,
}

/// What surrounds the sections in one language: cover, running heads, words of the page itself.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LanguagePart {
    /// BCP 47 tag, and its pieces as typesetting knows them.
    pub tag: String,
    /// Code of the language, without its region.
    pub lang: String,
    /// Code of the region, if the language has one.
    pub region: Option<String>,
    /// Opening and closing quotation marks, double then single.
    pub quotes: [String; 4],
    /// Fixed words of the page by name (`contents`, `page-of` …), from the labels.
    pub words: BTreeMap<String, String>,
    /// Names of scripts by their codes of ISO 15924, for letters that no font has.
    #[serde(skip)]
    pub scripts: BTreeMap<&'static str, &'static str>,
    /// The cover.
    pub cover: Cover,
    /// The page that answers first; none for a report without indicators.
    pub glance: Option<Glance>,
    /// What the statuses mean, with the project's limits, and what the lines on a bar are.
    pub key: Vec<KeyItem>,
    /// What marks of bars mean, line by line.
    pub key_lines: Vec<String>,
    /// What `{{chart "I14"}}` and `{{table "I14"}}` in the prose are replaced by, by indicator.
    pub charts: BTreeMap<String, SectionBody>,
    /// Tables that prose asks for, by indicator.
    pub tables: BTreeMap<String, SectionBody>,
}

/// A status and its meaning.
#[derive(Clone, Debug, Serialize)]
pub struct KeyItem {
    /// The status.
    pub status: StatusBadge,
    /// What it means.
    pub text: String,
}

/// What is on a cover, and at the head of a document without one.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Cover {
    /// The kind of report ("Progress report").
    pub kind: String,
    /// The project's code, for running heads.
    pub code: String,
    /// Title of the project.
    pub title: String,
    /// The period, in words.
    pub period: String,
    /// The date on the report; `None` if it has none.
    pub date: Option<String>,
    /// The project's notice, or that this is a draft.
    pub notice: Option<String>,
    /// That the document is a later version of one that was sent.
    pub revision: Option<String>,
    /// "The data is complete up to 30 April 2017.", where the period ends later.
    pub data_until: Option<String>,
    /// Implementer, donors with their grants, the project: a word and its lines.
    pub head: Vec<Fact>,
    /// The same, and partners, for a cover of its own.
    pub facts: Vec<Fact>,
    /// What donors ask to be said of their support.
    pub acknowledgements: Vec<String>,
    /// Of the organisation and the donors.
    pub logos: Vec<Photograph>,
}

/// One section: the same place in every language.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Section {
    /// As the profile names it.
    pub id: String,
    /// Figures link into this section.
    pub anchors: bool,
    /// Starts on a new page.
    pub new_page: bool,
    /// Set apart in a box.
    pub boxed: bool,
    /// Most characters that the donor's portal takes of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub char_limit: Option<u64>,
    /// Aligned with [`Document::parts`].
    pub entries: Vec<SectionEntry>,
}

/// A section in one language.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SectionEntry {
    /// As printed.
    pub heading: String,
    /// Said under the heading before the body: a scope, a limit, a hint.
    pub lead: Option<String>,
    /// Prose of the officers for this section; printed before the body.
    pub prose: Vec<Block>,
    /// What follows the prose.
    pub body: SectionBody,
    /// Said after the body, small.
    pub notes: Vec<String>,
}

/// What a section shows beside its prose, by its kind.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SectionBody {
    /// Prose alone.
    Prose,
    /// What a form asks of the project, question by question.
    Facts {
        /// One after the other.
        items: Vec<FormAnswer>,
    },
    /// Large numbers.
    KeyFigures {
        /// One after the other.
        items: Vec<KeyFigure>,
    },
    /// The table that holds every value.
    IndicatorTable(Box<IndicatorTable>),
    /// Bars of progress and charts over periods.
    IndicatorChart {
        /// By indicator.
        bars: Vec<Bar>,
        /// Alternative text of the bars.
        alt: String,
        /// What marks mean.
        legend: Vec<String>,
        /// Charts over periods.
        trends: Vec<Trend>,
    },
    /// Indicators by their axes.
    Disaggregation {
        /// One after the other.
        items: Vec<Disaggregation>,
        /// Large axes of several indicators.
        matrices: Vec<Matrix>,
    },
    /// Results with their indicators.
    Results {
        /// In the order of the results chain.
        groups: Vec<ResultGroup>,
    },
    /// Activities over time and in a table.
    Activities(Box<Activities>),
    /// Explanations of variance.
    Variance {
        /// One after the other.
        items: Vec<VarianceView>,
    },
    /// How figures were counted.
    Counted {
        /// One after the other.
        items: Vec<CountedView>,
    },
    /// Figures that earlier reports gave otherwise.
    Restated {
        /// From left to right.
        columns: Vec<TableColumn>,
        /// From top to bottom.
        rows: Vec<Vec<FigureText>>,
    },
    /// Files that belong to the report.
    AnnexList {
        /// One after the other.
        items: Vec<AnnexItem>,
    },
    /// Photographs with captions.
    Photographs {
        /// One after the other.
        items: Vec<Photograph>,
    },
    /// Lines to sign on.
    Signatures {
        /// One after the other.
        items: Vec<SignatureLine>,
    },
    /// What to know of the figures.
    Notes {
        /// One under the other.
        lines: Vec<FigureText>,
    },
}
