//! `[[reports]]`: names, periods, documents, for whom.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use jiff::civil::Date;

use super::file_names;
use super::named_files::named_file;
use super::periods::{self, KINDS, OWN_KINDS};
use super::privacy::{LimitedAxis, PARTICIPANTS, SuppressBelow, read_suppress_below};
use super::toml_reader::{TomlKeys, TomlNode, TomlReader};
use crate::diagnostic::{Place, kinds};
use crate::model::{DocumentFormat, Donor, Lang, LanguageLayout, Period, PeriodRules, Privacy, ReportSettings};

/// Layouts of documents in two languages, by their names in project.toml.
pub const LAYOUTS: [(&str, LanguageLayout); 2] =
    [("sequential", LanguageLayout::Sequential), ("parallel", LanguageLayout::Parallel)];

/// What reports may refer to.
pub struct ReportsContext<'s> {
    /// The project's folder.
    pub folder: &'s Path,
    /// The project's languages, the source language first.
    pub languages: &'s [Lang],
    /// Which periods there are.
    pub rules: &'s PeriodRules,
    /// First day of the project.
    pub start: Date,
    /// Last day of the project.
    pub end: Date,
    /// The project's donors.
    pub donors: &'s [Donor],
    /// What reports take over where they set nothing.
    pub privacy: &'s Privacy,
}

impl ReportsContext<'_> {
    fn unknown_period(&self, value: String, nearest: Option<String>) -> kinds::UnknownPeriod {
        let meant = periods::suggest_code(&value, self.rules, self.start, self.end);
        let nearest = meant.or(nearest);
        let (start, end, year) = (self.start.to_string(), self.end.to_string(), self.start.year().to_string());
        kinds::UnknownPeriod { start, end, year, value, nearest }
    }
}

/// The reports, the periods that they use, and the indicators that they name.
#[derive(Default)]
pub struct Reports {
    /// In the order of the file.
    pub reports: Vec<ReportSettings>,
    /// With repetitions.
    pub periods: Vec<Period>,
    /// Checked once the indicators are known.
    pub indicators: Vec<NamedIndicator>,
    /// Checked once the tables are read.
    pub limited_axes: Vec<LimitedAxis>,
}

/// An indicator that a report names.
pub struct NamedIndicator {
    /// Its code, as written.
    pub code: String,
    /// Where.
    pub place: Place,
    /// Name of the report.
    pub report: String,
}

/// Reads `[[reports]]`.
pub fn read_reports<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>, context: &ReportsContext) -> Reports {
    let mut out = Reports::default();
    let Some(node) = reader.require(keys, "reports") else { return out };
    let items = reader.array(&node);
    if items.is_empty() && node.value.is_array() {
        reader.report_at(&node.span, kinds::EmptyValue { key: "reports".to_owned() });
    }
    for item in items {
        let before = reader.problem_count();
        let named = item.value.get("name").and_then(|name| name.get_ref().as_str()).map(|name| name.trim().to_owned());
        let is_first = !out.reports.iter().any(|other| named.as_ref() == Some(&other.name));
        if let Some(keys) = reader.keys(&item) {
            if let Some(report) = read_report(reader, &keys, context, &mut out) {
                out.reports.push(report);
            }
            keys.finish(reader);
        }
        reader.attribute_since(before, named.filter(|_| is_first));
    }
    out
}

fn read_report<'a>(
    reader: &TomlReader<'a>,
    keys: &TomlKeys<'a>,
    context: &ReportsContext,
    out: &mut Reports,
) -> Option<ReportSettings> {
    let name = reader.require(keys, "name").and_then(|node| {
        let name = file_names::read_file_name(reader, &node, |value| kinds::BadName { value })?;
        if out.reports.iter().any(|other| other.name.eq_ignore_ascii_case(&name)) {
            reader.report_at(&node.span, kinds::DuplicateReport { value: name });
            return None;
        }
        Some(name)
    });
    let profile = keys.take("profile").and_then(|node| {
        let profile = reader.string(&node)?;
        if !file_names::is_safe_file_name(&profile.replace('+', "-")) {
            reader.report_at(&node.span, kinds::BadName { value: profile });
            return None;
        }
        Some(profile)
    });
    let periods = reader.require(keys, "periods").map(|node| read_periods(reader, &node, context)).unwrap_or_default();
    let of_kind = periods.iter().filter(|named| named.is_of_kind).map(|named| named.period.code.clone()).collect();
    let periods: Vec<Period> = periods.into_iter().map(|named| named.period).collect();
    let codes: Vec<String> = periods.iter().map(|period| period.code.clone()).collect();
    // A report shows earlier periods of its kind beside its own.
    for period in &periods {
        let earlier = period.calendar_kind().map(|kind| kind.periods(context.start, period.end)).unwrap_or_default();
        out.periods.extend(earlier.into_iter().filter(|earlier| earlier.end < period.start));
    }
    out.periods.extend(periods);
    let dates = keys.take("dates").map(|node| read_dates(reader, &node, &codes, context)).unwrap_or_default();
    let documents = reader.require(keys, "documents").map(|node| read_documents(reader, &node, context.languages));
    let annexes = keys.take("annexes").map(|node| read_documents(reader, &node, context.languages));
    let donors = match keys.take("donors") {
        None => context.donors.iter().map(|donor| donor.code.clone()).collect(),
        Some(node) => read_donors(reader, &node, context.donors),
    };
    let mut named_indicators = |key: &'static str| {
        let node = keys.take(key)?;
        let named = reader.strings(&node);
        let report = name.clone().unwrap_or_default();
        out.indicators.extend(named.iter().map(|(code, span)| NamedIndicator {
            code: code.clone(),
            place: reader.place(span),
            report: report.clone(),
        }));
        Some(named.into_iter().map(|(code, _)| code).collect())
    };
    let indicators = named_indicators("indicators");
    let key_figures = named_indicators("key_figures");
    let layout =
        keys.take("layout").and_then(|node| reader.choice(&node, &LAYOUTS)).unwrap_or(LanguageLayout::Sequential);
    let formats = keys.take("formats").map(|node| read_formats(reader, &node)).filter(|formats| !formats.is_empty());
    let template = keys.take("template").and_then(|node| named_file(reader, context.folder, &node));
    let own = read_suppress_below(reader, keys, context.privacy.suppress_below, name.as_deref(), &mut out.limited_axes);
    let limits = own.unwrap_or_else(|| SuppressBelow {
        default: context.privacy.suppress_below,
        by_axis: context.privacy.limits_by_axis.clone(),
    });
    let participants = keys.take("participants").and_then(|node| reader.choice(&node, &PARTICIPANTS));
    let attach = keys.take("attach").and_then(|node| reader.boolean(&node)).unwrap_or(true);
    let name = name?;
    let documents = documents.unwrap_or_default();
    Some(ReportSettings {
        profile: profile.unwrap_or_else(|| name.clone()),
        name,
        periods: codes,
        of_kind,
        not_ended: Vec::new(),
        dates,
        annexes: annexes.unwrap_or_else(|| documents.clone()),
        documents,
        donors,
        indicators,
        key_figures,
        layout,
        formats: formats.unwrap_or_else(|| vec![DocumentFormat::Pdf]),
        template,
        suppress_below: limits.default,
        limits_by_axis: limits.by_axis,
        participants: participants.unwrap_or(context.privacy.participants),
        attach,
    })
}

/// `["pdf", "docx", "text"]`
fn read_formats<'a>(reader: &TomlReader<'a>, node: &TomlNode<'a>) -> Vec<DocumentFormat> {
    let known = DocumentFormat::ALL.map(|format| (format.name(), format));
    let mut formats = Vec::new();
    for item in reader.array(node) {
        let Some(format) = reader.choice(&item, &known) else { continue };
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    formats
}

/// A period that a report is for.
struct ReportPeriod {
    period: Period,
    /// All periods of its kind are named, not it by its code.
    is_of_kind: bool,
}

/// `"quarters"`, `["2017-Q1", "project"]`, `["quarters", "project"]`.
fn read_periods<'a>(reader: &TomlReader<'a>, node: &TomlNode<'a>, context: &ReportsContext) -> Vec<ReportPeriod> {
    let named = match node.value.as_str() {
        Some(one) => vec![(one.trim().to_owned(), node.span.clone())],
        None => reader.strings(node),
    };
    let mut found: Vec<ReportPeriod> = Vec::new();
    for (code, span) in named {
        let of_kind = periods::periods_of_kind(&code, context.rules, context.start, context.end);
        let is_of_kind = of_kind.is_some();
        let periods = match of_kind {
            Some(periods) => periods,
            None => {
                let Some(period) = periods::resolve_code(&code, context.rules, context.start, context.end) else {
                    report_unknown_period(reader, &code, &span, context);
                    continue;
                };
                vec![period]
            }
        };
        for period in periods {
            if let Some(known) = found.iter_mut().find(|other| other.period.code == period.code) {
                // Named by its code, it is made though it hasn't ended.
                let is_repeated = !known.is_of_kind && !is_of_kind;
                known.is_of_kind &= is_of_kind;
                if !is_repeated {
                    continue;
                }
                reader.report_at(&span, kinds::DuplicatePeriod::Plain { value: period.code });
            } else {
                found.push(ReportPeriod { period, is_of_kind });
            }
        }
    }
    found
}

fn report_unknown_period<'a>(reader: &TomlReader<'a>, code: &str, span: &Range<usize>, context: &ReportsContext) {
    let known = periods::all_periods(context.rules, &[], context.start, context.end);
    let calendar = KINDS.iter().map(|(name, _)| *name);
    let known = known.iter().map(|period| period.code.as_str()).chain(calendar).chain(OWN_KINDS);
    reader.report_unknown(span, code, known, |value, nearest| context.unknown_period(value, nearest));
}

fn read_dates<'a>(
    reader: &TomlReader<'a>,
    node: &TomlNode<'a>,
    codes: &[String],
    context: &ReportsContext,
) -> BTreeMap<String, Date> {
    let mut dates = BTreeMap::new();
    let Some(keys) = reader.keys(node) else { return dates };
    for (code, key_span, node) in keys.entries() {
        let Some(date) = reader.date(&node) else { continue };
        let resolved = periods::resolve_code(code, context.rules, context.start, context.end);
        match resolved.filter(|period| codes.contains(&period.code)) {
            Some(period) => {
                dates.insert(period.code, date);
            }
            None => reader.report_unknown(&key_span, code, codes.iter().map(String::as_str), |value, nearest| {
                context.unknown_period(value, nearest)
            }),
        }
    }
    dates
}

/// One list of languages per document.
fn read_documents<'a>(reader: &TomlReader<'a>, node: &TomlNode<'a>, languages: &[Lang]) -> Vec<Vec<Lang>> {
    let mut documents: Vec<Vec<Lang>> = Vec::new();
    for item in reader.array(node) {
        let mut document: Vec<Lang> = Vec::new();
        for (tag, span) in reader.strings(&item) {
            let lang = Lang::new(&tag);
            if !languages.contains(&lang) {
                reader.report_unknown(&span, &tag, languages.iter().map(Lang::as_str), |value, nearest| {
                    kinds::UnknownLanguage { value, nearest }
                });
            } else if document.contains(&lang) {
                reader.report_at(&span, kinds::DuplicateLanguage { value: tag });
            } else {
                document.push(lang);
            }
        }
        if document.is_empty() {
            continue;
        }
        if documents.contains(&document) {
            let tags: Vec<&str> = document.iter().map(Lang::as_str).collect();
            reader.report_at(&item.span, kinds::DuplicateDocument { value: tags.join("-") });
        } else {
            documents.push(document);
        }
    }
    documents
}

fn read_donors<'a>(reader: &TomlReader<'a>, node: &TomlNode<'a>, known: &[Donor]) -> Vec<String> {
    let mut codes = Vec::new();
    for (code, span) in reader.strings(node) {
        if known.iter().any(|donor| donor.code == code) {
            codes.push(code);
        } else {
            let codes = known.iter().map(|donor| donor.code.as_str());
            reader.report_unknown(&span, &code, codes, |value, nearest| kinds::UnknownDonor { value, nearest });
        }
    }
    codes
}
