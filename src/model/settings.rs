use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{AgeBands, Lang, Period, Text};

/// project.toml, checked (contract, section 2). Where each table is, stays in ingest.
#[derive(Clone, Debug)]
pub struct Settings {
    pub code: String,
    /// The first is the source language.
    pub languages: Vec<Lang>,
    pub start: Date,
    pub end: Date,
    /// The data is complete up to this day.
    pub data_until: Option<Date>,
    pub notice: Text,
    pub title: Text,
    pub implementer: Option<Implementer>,
    pub donors: Vec<Donor>,
    pub partners: Vec<Partner>,
    pub periods: PeriodRules,
    pub reports: Vec<ReportSettings>,
    pub waivers: Vec<Waiver>,
    pub progress: ProgressLimits,
    pub age_bands: AgeBands,
    pub privacy: Privacy,
    pub images: Vec<Picture>,
    pub signatures: Vec<Signature>,
    pub theme: Theme,
    /// `[iati]` as written: key → text.
    pub iati: BTreeMap<String, String>,
    pub limits: Limits,
}

#[derive(Clone, Debug)]
pub struct Implementer {
    pub name: Text,
    /// Path relative to the project's folder.
    pub logo: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Donor {
    pub code: String,
    pub name: Text,
    pub grant: Option<String>,
    pub logo: Option<String>,
    pub acknowledgement: Text,
}

#[derive(Clone, Debug)]
pub struct Partner {
    pub name: Text,
    pub role: Text,
}

#[derive(Clone, Debug, Default)]
pub struct PeriodRules {
    pub months: bool,
    pub quarters: bool,
    pub half_years: bool,
    pub years: bool,
    pub custom: Vec<Period>,
}

/// Languages of one document, in their order.
pub type DocumentLanguages = Vec<Lang>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    Sequential,
    Parallel,
}

/// How participants stand in the annex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Participants {
    None,
    Pseudonymised,
    Detailed,
}

#[derive(Clone, Debug)]
pub struct ReportSettings {
    pub name: String,
    pub profile: String,
    /// Period codes, `"quarters"` and the like already resolved.
    pub periods: Vec<String>,
    pub dates: BTreeMap<String, Date>,
    pub documents: Vec<DocumentLanguages>,
    pub annexes: Vec<DocumentLanguages>,
    /// Codes of donors; left out: all, resolved.
    pub donors: Vec<String>,
    /// Codes of indicators; left out: all.
    pub indicators: Option<Vec<String>>,
    pub layout: Layout,
    /// The report's own, else the project's, resolved. 0: off.
    pub suppress_below: u32,
    pub participants: Participants,
}

/// A kind of problem that is known and accepted in a table, up to a number.
#[derive(Clone, Debug)]
pub struct Waiver {
    pub problem: String,
    pub table: String,
    pub at_most: u64,
    pub reason: Text,
}

/// Traffic-light limits, as fractions of what is due.
#[derive(Clone, Copy, Debug)]
pub struct ProgressLimits {
    pub on_track: Decimal,
    pub at_risk: Decimal,
}

#[derive(Clone, Debug)]
pub struct Privacy {
    pub suppress_below: u32,
    pub participants: Participants,
    /// Keyed pseudonyms: the key's bytes, read at ingest.
    pub key: Option<Vec<u8>>,
    /// Names, e-mail addresses and telephone numbers that documents may print though a table of persons has them, or
    /// though they stand in a cell.
    pub public: Vec<String>,
}

/// An image of the project with its words.
#[derive(Clone, Debug)]
pub struct Picture {
    pub file: String,
    pub alt: Text,
    pub caption: Text,
}

#[derive(Clone, Debug)]
pub struct Signature {
    pub name: Text,
    pub role: Text,
}

/// `[theme]`: names of colours and fonts to values, as the templates know them (`accent = "#1f4e79"`).
#[derive(Clone, Debug, Default)]
pub struct Theme {
    pub values: BTreeMap<String, String>,
}

/// What input may cost (contract, section 10).
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub unpacked_mib: u64,
    pub cells: u64,
    pub cell_length: u64,
    pub attachment_mib: u64,
}
