use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{AgeBands, CalendarKind, FormSettings, Lang, Participants, Period, ReportSettings, Text};

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
    /// In prose as wide as the text, whatever its height: a page, a map, a diagram with letters to read.
    pub large: bool,
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
