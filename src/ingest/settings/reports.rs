//! `[[reports]]`: names, periods, documents, for whom.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use super::keys::{Keys, Node, Page};
use super::periods::{self, KINDS};
use crate::diagnostic::{Place, Problem};
use crate::model::{Donor, Lang, LanguageLayout, Participants, Period, PeriodRules, Privacy, ReportSettings};

pub const LAYOUTS: [(&str, LanguageLayout); 2] =
    [("sequential", LanguageLayout::Sequential), ("parallel", LanguageLayout::Parallel)];

pub const PARTICIPANTS: [(&str, Participants); 3] = [
    ("none", Participants::None),
    ("pseudonymised", Participants::Pseudonymised),
    ("detailed", Participants::Detailed),
];

/// What the reports refer to.
pub struct Ground<'s> {
    pub languages: &'s [Lang],
    pub rules: &'s PeriodRules,
    pub start: Date,
    pub end: Date,
    pub donors: &'s [Donor],
    pub privacy: &'s Privacy,
}

/// The reports, the periods that they use, and where each named indicators.
#[derive(Default)]
pub struct Reports {
    pub reports: Vec<ReportSettings>,
    pub periods: Vec<Period>,
    /// Checked once the indicators are known.
    pub indicators: Vec<(String, Place)>,
}

pub fn read<'a>(page: &Page<'a>, keys: &Keys<'a>, ground: &Ground) -> Reports {
    let mut out = Reports::default();
    let Some(node) = page.need(keys, "reports") else { return out };
    let items = page.array(&node);
    if items.is_empty() && node.value.is_array() {
        page.problem(Problem::error("empty-value").at(page.place(&node.span)).with("key", "reports"));
    }
    for item in items {
        let Some(keys) = page.keys(&item) else { continue };
        if let Some(report) = report(page, &keys, ground, &mut out) {
            out.reports.push(report);
        }
        keys.finish(page);
    }
    out
}

fn report<'a>(page: &Page<'a>, keys: &Keys<'a>, ground: &Ground, out: &mut Reports) -> Option<ReportSettings> {
    let name = page.need(keys, "name").and_then(|node| {
        let name = page.string(&node)?;
        if !super::is_file_name(&name) {
            page.problem(Problem::error("bad-name").at(page.place(&node.span)).with("value", name));
            return None;
        }
        if out.reports.iter().any(|other| other.name.eq_ignore_ascii_case(&name)) {
            page.problem(Problem::error("duplicate-report").at(page.place(&node.span)).with("value", name));
            return None;
        }
        Some(name)
    });
    let profile = keys.take("profile").and_then(|node| {
        let profile = page.string(&node)?;
        if !super::is_file_name(&profile.replace('+', "-")) {
            page.problem(Problem::error("bad-name").at(page.place(&node.span)).with("value", profile));
            return None;
        }
        Some(profile)
    });
    let periods = page.need(keys, "periods").map(|node| report_periods(page, &node, ground)).unwrap_or_default();
    let codes: Vec<String> = periods.iter().map(|period| period.code.clone()).collect();
    out.periods.extend(periods);
    let dates = keys.take("dates").map(|node| dates(page, &node, &codes, ground)).unwrap_or_default();
    let documents = page.need(keys, "documents").map(|node| documents(page, &node, ground.languages));
    let annexes = keys.take("annexes").map(|node| self::documents(page, &node, ground.languages));
    let donors = match keys.take("donors") {
        None => ground.donors.iter().map(|donor| donor.code.clone()).collect(),
        Some(node) => donors(page, &node, ground.donors),
    };
    let indicators = keys.take("indicators").map(|node| {
        let named = page.strings(&node);
        out.indicators.extend(named.iter().map(|(code, span)| (code.clone(), page.place(span))));
        named.into_iter().map(|(code, _)| code).collect()
    });
    let layout = keys.take("layout").and_then(|node| page.word(&node, &LAYOUTS)).unwrap_or(LanguageLayout::Sequential);
    let suppress_below = keys.take("suppress_below").and_then(|node| page.integer(&node, 0..=1000));
    let participants = keys.take("participants").and_then(|node| page.word(&node, &PARTICIPANTS));
    let name = name?;
    let documents = documents?;
    Some(ReportSettings {
        profile: profile.unwrap_or_else(|| name.clone()),
        name,
        periods: codes,
        dates,
        annexes: annexes.unwrap_or_else(|| documents.clone()),
        documents,
        donors,
        indicators,
        layout,
        suppress_below: suppress_below.map_or(ground.privacy.suppress_below, |below| below as u32),
        participants: participants.unwrap_or(ground.privacy.participants),
    })
}

/// `"quarters"`, `["2017-Q1", "project"]`, `["quarters", "project"]`.
fn report_periods<'a>(page: &Page<'a>, node: &Node<'a>, ground: &Ground) -> Vec<Period> {
    let named = match node.value.as_str() {
        Some(one) => vec![(one.trim().to_owned(), node.span.clone())],
        None => page.strings(node),
    };
    let mut found: Vec<Period> = Vec::new();
    for (code, span) in named {
        let kind = KINDS.iter().find(|(name, _)| *name == code);
        let periods = match kind {
            Some((_, kind)) => kind.periods(ground.start, ground.end),
            None => {
                let Some(period) = periods::resolve(&code, ground.rules, ground.start, ground.end) else {
                    unknown_period(page, &code, &span, ground);
                    continue;
                };
                vec![period]
            }
        };
        for period in periods {
            if !found.iter().any(|other| other.code == period.code) {
                found.push(period);
            } else if kind.is_none() {
                page.problem(
                    Problem::error("duplicate-period").at(page.place(&span)).with("value", period.code.as_str()),
                );
            }
        }
    }
    found
}

fn unknown_period<'a>(page: &Page<'a>, code: &str, span: &Range<usize>, ground: &Ground) {
    let known = periods::all(ground.rules, &[], ground.start, ground.end);
    let kinds = KINDS.iter().map(|(name, _)| *name);
    page.unknown(
        "unknown-period",
        span,
        code,
        known.iter().map(|period| period.code.as_str()).chain(kinds),
        |problem| problem.with("start", ground.start.to_string()).with("end", ground.end.to_string()),
    );
}

fn dates<'a>(page: &Page<'a>, node: &Node<'a>, codes: &[String], ground: &Ground) -> BTreeMap<String, Date> {
    let mut dates = BTreeMap::new();
    let Some(keys) = page.keys(node) else { return dates };
    for (code, key_span, node) in keys.all() {
        let Some(date) = page.date(&node) else { continue };
        let resolved = periods::resolve(code, ground.rules, ground.start, ground.end);
        match resolved.filter(|period| codes.contains(&period.code)) {
            Some(period) => {
                dates.insert(period.code, date);
            }
            None => page.unknown("unknown-period", &key_span, code, codes.iter().map(String::as_str), |problem| {
                problem.with("start", ground.start.to_string()).with("end", ground.end.to_string())
            }),
        }
    }
    dates
}

/// One list of languages per document.
fn documents<'a>(page: &Page<'a>, node: &Node<'a>, languages: &[Lang]) -> Vec<Vec<Lang>> {
    let mut documents: Vec<Vec<Lang>> = Vec::new();
    for item in page.array(node) {
        let mut document: Vec<Lang> = Vec::new();
        for (tag, span) in page.strings(&item) {
            let lang = Lang::new(&tag);
            if !languages.contains(&lang) {
                page.unknown("unknown-language", &span, &tag, languages.iter().map(Lang::as_str), |problem| problem);
            } else if document.contains(&lang) {
                page.problem(Problem::error("duplicate-language").at(page.place(&span)).with("value", tag));
            } else {
                document.push(lang);
            }
        }
        if document.is_empty() {
            continue;
        }
        if documents.contains(&document) {
            let tags: Vec<&str> = document.iter().map(Lang::as_str).collect();
            page.problem(Problem::error("duplicate-document").at(page.place(&item.span)).with("value", tags.join("-")));
        } else {
            documents.push(document);
        }
    }
    documents
}

fn donors<'a>(page: &Page<'a>, node: &Node<'a>, known: &[Donor]) -> Vec<String> {
    let mut codes = Vec::new();
    for (code, span) in page.strings(node) {
        if known.iter().any(|donor| donor.code == code) {
            codes.push(code);
        } else {
            page.unknown("unknown-donor", &span, &code, known.iter().map(|donor| donor.code.as_str()), |problem| {
                problem
            });
        }
    }
    codes
}
