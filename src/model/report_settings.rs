use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Lang, Period};

/// Languages of one document, in their order.
pub type DocumentLanguages = Vec<Lang>;

/// How a document in two languages sets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LanguageLayout {
    /// One language after the other.
    Sequential,
    /// Side by side, paragraph by paragraph.
    Parallel,
}

/// How participants are listed in the annex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Participants {
    /// Not at all.
    None,
    /// By pseudonyms.
    Pseudonymised,
    /// By pseudonyms with sex, band of age, municipality and status, for a donor who is entitled to them.
    Detailed,
}

/// One kind of report, for one or more periods.
#[derive(Clone, Debug)]
pub struct ReportSettings {
    /// Name of its outputs.
    pub name: String,
    /// Name of its profile, built in or of the project.
    pub profile: String,
    /// Codes of the periods that it is made for, `"quarters"` and the like already resolved.
    pub periods: Vec<String>,
    /// Those of them that are there as all of a kind: each is made once it has ended.
    pub of_kind: BTreeSet<String>,
    /// Periods of a kind that haven't ended by the end of the data: no report is made for them yet.
    pub not_ended: Vec<String>,
    /// Dates of documents by code of period.
    pub dates: BTreeMap<String, Date>,
    /// The documents, each by its languages.
    pub documents: Vec<DocumentLanguages>,
    /// The annexes, each by its languages.
    pub annexes: Vec<DocumentLanguages>,
    /// Codes of donors; left out: all, resolved.
    pub donors: Vec<String>,
    /// Codes of indicators; left out: all.
    pub indicators: Option<Vec<String>>,
    /// Codes of the indicators on the first page; left out: chosen by rule.
    pub key_figures: Option<Vec<String>>,
    /// How documents in two languages set them.
    pub layout: LanguageLayout,
    /// What each document is written as.
    pub formats: Vec<DocumentFormat>,
    /// An office's Word file, which lends its styles, head and foot; path relative to the project's folder.
    pub template: Option<String>,
    /// The report's own, else the project's, resolved. 0: off.
    pub suppress_below: u32,
    /// Limits of single axes, by `age` or a column's name, resolved like `suppress_below`.
    pub limits_by_axis: BTreeMap<String, u32>,
    /// How participants are shown in the annex.
    pub participants: Participants,
    /// Whether its PDFs carry the annex and the figures as attachments.
    pub attach: bool,
}

/// What a document is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentFormat {
    /// To be sent.
    Pdf,
    /// To be worked on, in Word.
    Docx,
    /// For portals that take a report box by box.
    Text,
}

impl DocumentFormat {
    /// All there are, the usual one first.
    pub const ALL: [DocumentFormat; 3] = [DocumentFormat::Pdf, DocumentFormat::Docx, DocumentFormat::Text];

    /// Its name in project.toml.
    pub fn name(self) -> &'static str {
        match self {
            DocumentFormat::Pdf => "pdf",
            DocumentFormat::Docx => "docx",
            DocumentFormat::Text => "text",
        }
    }

    /// The ending of its files.
    pub fn extension(self) -> &'static str {
        match self {
            DocumentFormat::Pdf => "pdf",
            DocumentFormat::Docx => "docx",
            DocumentFormat::Text => "txt",
        }
    }
}

impl ReportSettings {
    /// Whether the report shows what is hidden from others, so that it is for nobody but the donor who is entitled to it.
    pub fn is_restricted(&self) -> bool {
        self.suppress_below == 0 || self.participants == Participants::Detailed
    }

    /// Takes out the periods of a kind that haven't ended by `data_end`, `None` where there is no data at all.
    pub fn keep_ended(&mut self, periods: &[Period], data_end: Option<Date>) {
        let has_ended = |code: &String| {
            let period = periods.iter().find(|period| period.code == *code);
            !self.of_kind.contains(code) || period.zip(data_end).is_some_and(|(period, end)| period.end <= end)
        };
        let (ended, not_ended) = std::mem::take(&mut self.periods).into_iter().partition(has_ended);
        (self.periods, self.not_ended) = (ended, not_ended);
    }

    /// The period of the previous report: the last before `period` among the report's own of its kind; `None` for the
    /// first. `periods` are all of the project.
    pub fn previous_period<'p>(&self, period: &Period, periods: &'p [Period]) -> Option<&'p Period> {
        // Custom periods are of one kind, the project as a whole is of its own.
        let kind = |period: &Period| (period.calendar_kind(), period.code == Period::PROJECT);
        let is_before = |other: &&Period| {
            kind(other) == kind(period)
                && (other.end, other.start) < (period.end, period.start)
                && self.periods.contains(&other.code)
        };
        periods.iter().filter(is_before).max_by_key(|other| (other.end, other.start))
    }

    /// Whether the report shows the indicator with this code.
    pub fn shows(&self, indicator: &str) -> bool {
        self.indicators.as_ref().is_none_or(|codes| codes.iter().any(|code| code == indicator))
    }
}

/// A donor's own form, which reports are filled into.
#[derive(Clone, Debug)]
pub struct FormSettings {
    /// Path relative to the project's folder.
    pub file: String,
    /// Names of the reports that it is filled in for.
    pub reports: Vec<String>,
    /// The language of its figures.
    pub language: Lang,
    /// Places of the form with what goes there.
    pub cells: Vec<FormCell>,
    /// Lists that fill rows of the form.
    pub rows: Vec<FormRows>,
}

impl FormSettings {
    /// The name of its file.
    pub fn file_name(&self) -> &str {
        self.file.rsplit('/').next().unwrap_or_default()
    }
}

/// A place of a form.
#[derive(Clone, Debug)]
pub struct FormCell {
    /// `Report!D12`, the name of a cell, or `@` and the tag of a content control.
    pub place: String,
    /// `actual I1`, or words with helpers in braces.
    pub text: String,
    /// Line of project.toml.
    pub line: u32,
}

/// A list that fills rows of a form.
#[derive(Clone, Debug)]
pub struct FormRows {
    /// The first cell of the first row.
    pub from: String,
    /// A cell of the last row; left out: as far as the form has blank rows.
    pub to: Option<String>,
    /// What is listed: `activities`, `indicators` …
    pub each: String,
    /// Fields of an item, or words with helpers in braces, from left to right.
    pub cells: Vec<String>,
    /// Most rows that are written.
    pub limit: Option<u64>,
    /// What the last of them says where there are more.
    pub rest: Option<String>,
    /// Line of project.toml.
    pub line: u32,
}
