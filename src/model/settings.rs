use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{AgeBands, CalendarKind, Lang, Period, Text};

/// project.toml, checked (contract, section 2). Where each table is, stays in ingest.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The project's code: its folder among the outputs.
    pub code: String,
    /// The first is the source language.
    pub languages: Vec<Lang>,
    /// First day of the project.
    pub start: Date,
    /// Last day of the project.
    pub end: Date,
    /// The data is complete up to this day.
    pub data_until: Option<Date>,
    /// Its documents are not to be sent; the notice says so.
    pub draft: bool,
    /// Printed on the cover, at the foot of every page and in annexes (example data, draft …).
    pub notice: Text,
    /// The project's title.
    pub title: Text,
    /// The organisation that reports.
    pub implementer: Option<Implementer>,
    /// Who pays.
    pub donors: Vec<Donor>,
    /// Who takes part.
    pub partners: Vec<Partner>,
    /// What donors' forms ask for beside all that.
    pub administration: Administration,
    /// Which reporting periods there are.
    pub periods: PeriodRules,
    /// The reports to be made.
    pub reports: Vec<ReportSettings>,
    /// Donors' own forms.
    pub forms: Vec<FormSettings>,
    /// Problems that are accepted.
    pub waivers: Vec<Waiver>,
    /// Traffic-light limits.
    pub progress: ProgressLimits,
    /// Bands for the disaggregation by age.
    pub age_bands: AgeBands,
    /// What may be shown of persons.
    pub privacy: Privacy,
    /// Photographs and other pictures for reports.
    pub images: Vec<Picture>,
    /// Who signs.
    pub signatures: Vec<Signatory>,
    /// How documents look.
    pub theme: Theme,
    /// `[iati]` as written: key → text.
    pub iati: BTreeMap<String, String>,
    /// What input may cost.
    pub limits: Limits,
}

impl Settings {
    /// The days of a period as documents print them: up to the day to which the data is complete.
    pub fn known_days(&self, period: &Period) -> Period {
        let until = self.data_until.filter(|until| *until >= period.start);
        Period { end: until.map_or(period.end, |until| until.min(period.end)), ..period.clone() }
    }
}

/// The organisation that reports.
#[derive(Clone, Debug)]
pub struct Implementer {
    /// Its name.
    pub name: Text,
    /// Path relative to the project's folder.
    pub logo: Option<String>,
}

/// Who pays.
#[derive(Clone, Debug)]
pub struct Donor {
    /// What reports refer to it by.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Number of the grant or contract.
    pub grant: Option<String>,
    /// How much the grant is.
    pub amount: Option<Money>,
    /// Path relative to the project's folder.
    pub logo: Option<String>,
    /// What the donor wants printed about its support.
    pub acknowledgement: Text,
}

/// A sum in a currency, as both are written.
#[derive(Clone, Debug, PartialEq)]
pub struct Money {
    /// The sum.
    pub amount: Decimal,
    /// `EUR`, `NOK` …
    pub currency: String,
}

/// What donors' forms ask of a project beside its data.
#[derive(Clone, Debug, Default)]
pub struct Administration {
    /// Who answers for the project.
    pub contact: Option<ContactPerson>,
    /// The target countries or regions.
    pub countries: Text,
    /// Where activities are held, if elsewhere.
    pub activity_countries: Text,
    /// Short names that reports use, each with its meaning.
    pub acronyms: Vec<(String, Text)>,
}

/// Whom a donor asks.
#[derive(Clone, Debug, Default)]
pub struct ContactPerson {
    /// Name of the person.
    pub name: Text,
    /// What the person is there.
    pub role: Text,
    /// Electronic address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Where the organisation is.
    pub address: Text,
}

/// Who takes part.
#[derive(Clone, Debug)]
pub struct Partner {
    /// Its name.
    pub name: Text,
    /// What it does in the project.
    pub role: Text,
}

/// Which periods are made from the project's days, each clipped to them.
#[derive(Clone, Debug, Default)]
pub struct PeriodRules {
    /// Months.
    pub months: bool,
    /// Quarters of the year.
    pub quarters: bool,
    /// Halves of the year.
    pub half_years: bool,
    /// Calendar years.
    pub years: bool,
    /// Periods with a code and days of their own.
    pub custom: Vec<Period>,
}

impl PeriodRules {
    /// Whether all periods of a kind are made.
    pub fn includes(&self, kind: CalendarKind) -> bool {
        match kind {
            CalendarKind::Months => self.months,
            CalendarKind::Quarters => self.quarters,
            CalendarKind::HalfYears => self.half_years,
            CalendarKind::Years => self.years,
        }
    }
}

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

/// A kind of problem that is known and accepted in a table, up to a number.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// Code of the problem.
    pub problem: String,
    /// Name of the table in project.toml.
    pub table: String,
    /// How many are accepted.
    pub at_most: u64,
    /// Why; printed in the notes of every report.
    pub reason: Text,
}

/// Rows left out, or values made unknown, under a [`Waiver`]: every report says so in its notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// Index into [`Settings::waivers`].
    pub waiver: usize,
    /// How many rows or values.
    pub count: u64,
}

/// Traffic-light limits, as fractions of what is due.
#[derive(Clone, Copy, Debug)]
pub struct ProgressLimits {
    /// From this fraction on an indicator is on track.
    pub on_track: Decimal,
    /// From this fraction on it is at risk, below it off track.
    pub at_risk: Decimal,
    /// Progress above this fraction of the total target wants an explanation.
    pub over: Decimal,
    /// What is due where no period or day has a target; none: nothing.
    pub plan: Option<super::Plan>,
}

/// What may be shown of persons, where a report doesn't say otherwise.
#[derive(Clone, Debug)]
pub struct Privacy {
    /// Parts with fewer persons are hidden. 0: off.
    pub suppress_below: u32,
    /// Limits of single axes, as `by` writes them.
    pub limits_by_axis: BTreeMap<String, u32>,
    /// How participants are shown in the annex.
    pub participants: Participants,
    /// Keyed pseudonyms: the key's bytes, read at ingest.
    pub key: Option<Vec<u8>>,
    /// Names, e-mail addresses and telephone numbers that documents may print though a table of persons has them, or
    /// though they are in a cell.
    pub public: Vec<String>,
}

/// An image of the project with its words.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Path relative to the project's folder.
    pub file: String,
    /// Text in place of the picture.
    pub alt: Text,
    /// Text below the picture.
    pub caption: Text,
    /// Who took it.
    pub credit: Text,
}

/// A line to sign on.
#[derive(Clone, Debug)]
pub struct Signatory {
    /// Who signs.
    pub name: Text,
    /// As what.
    pub role: Text,
}

/// `[theme]`: names of colours and fonts to values, as the templates know them (`accent = "#1f4e79"`).
#[derive(Clone, Debug, Default)]
pub struct Theme {
    /// Name to value, as written.
    pub values: BTreeMap<String, String>,
}

/// What input may cost (contract, section 10).
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Mebibytes of a file once unpacked.
    pub unpacked_mib: u64,
    /// Cells of a file.
    pub cells: u64,
    /// Characters of a cell.
    pub cell_length: u64,
    /// Mebibytes of an annex that is attached to a document.
    pub attachment_mib: u64,
}
