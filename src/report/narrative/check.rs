use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::lint::{KnownFigures, typed_figures, typed_in_helpers};
use super::markdown::{self, Fault};
use super::names::Names;
use super::outline::outline;
use super::parity::{Shape, compare, shape};
use super::source::{Masked, Source};
use super::stale::stale;
use super::syntax::{Node, parse};
use super::{Narratives, Prose, Rules, SectionKey};
use crate::diagnostic::{Place, Problem, Severity};
use crate::disclosure::Released;
use crate::locale::Locale;
use crate::model::{Lang, Logframe, ReportSettings, Settings};

impl Narratives {
    pub(super) fn check_all(&self, logframe: &Logframe, settings: &Settings, rules: &Rules) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut shapes: BTreeMap<&SectionKey, Shape> = BTreeMap::new();
        for (key, prose) in &self.sections {
            let strict = rules.typed_figures_are_errors.contains(&key.report);
            let allowed = rules.typed_figures_are_allowed.contains(&key.report);
            let severity = if strict { Severity::Error } else { Severity::Warning };
            let severity = (!allowed).then_some(severity);
            let known = known_figures(logframe, settings, key, rules.released.get(&key.report).copied());
            let found = self.check_prose(prose, &key.lang, false, logframe, settings, &known, severity, &mut problems);
            shapes.insert(key, found);
        }
        let mut partials: BTreeMap<(&str, &Lang), Shape> = BTreeMap::new();
        for ((name, lang), prose) in &self.partials {
            let known = KnownFigures::default();
            let found =
                self.check_prose(prose, lang, true, logframe, settings, &known, Some(Severity::Warning), &mut problems);
            partials.insert((name, lang), found);
        }
        self.check_parity(settings, &shapes, &partials, &mut problems);
        self.check_stale(settings, &mut problems);
        problems
    }

    #[expect(clippy::too_many_arguments, reason = "what one file is held against, each thing once")]
    fn check_prose(
        &self,
        prose: &Prose,
        lang: &Lang,
        is_partial: bool,
        logframe: &Logframe,
        settings: &Settings,
        known: &KnownFigures,
        typed: Option<Severity>,
        problems: &mut Vec<Problem>,
    ) -> Shape {
        let source = Source::new(&prose.file, &prose.text);
        let (nodes, faults) = self.check_names(&source, lang, is_partial, logframe);
        problems.extend(faults);
        let masked = source.masked();
        let (_, faults) = markdown::blocks(&masked.text, &[], &settings.images, lang, &settings.languages);
        problems.extend(faults.into_iter().map(|fault| located(&source, &masked, fault, settings)));
        let outline = outline(&masked.text);
        if let (Some(locale), Some(severity)) = (Locale::new(lang), typed) {
            problems.extend(typed_figures(&source, &masked, &outline, &locale, known, severity));
            problems.extend(typed_in_helpers(&source, &nodes, &locale, known, severity));
        }
        shape(&source, &masked, &outline, &nodes)
    }

    /// Syntax and names: what must be in order before a text can be filled in.
    pub(super) fn check_names(
        &self,
        source: &Source,
        lang: &Lang,
        is_partial: bool,
        logframe: &Logframe,
    ) -> (Vec<Node>, Vec<Problem>) {
        let (nodes, mut problems) = parse(source);
        let mut names = Names::new(source, lang, logframe, self);
        if is_partial {
            names = names.of_partial();
        }
        names.walk(&nodes);
        problems.append(&mut names.problems);
        (nodes, problems)
    }

    /// Every language is held against the first that has the section; one that lacks it is told too.
    fn check_parity(
        &self,
        settings: &Settings,
        shapes: &BTreeMap<&SectionKey, Shape>,
        partials: &BTreeMap<(&str, &Lang), Shape>,
        problems: &mut Vec<Problem>,
    ) {
        let sections: BTreeSet<(&str, Option<&str>, &str)> =
            shapes.keys().map(|key| (key.report.as_str(), key.period.as_deref(), key.section.as_str())).collect();
        for (report, period, section) in sections {
            let of = |lang: &Lang| {
                shapes
                    .iter()
                    .find(|(key, _)| {
                        key.report == report
                            && key.period.as_deref() == period
                            && key.section == section
                            && key.lang == *lang
                    })
                    .map(|(_, shape)| shape)
            };
            let languages = languages_of(settings, report);
            pairs(&languages, of, |first, second| severity_of(settings, report, first, second), problems);
        }
        let names: BTreeSet<&str> = partials.keys().map(|(name, _)| *name).collect();
        for name in names {
            let of = |lang: &Lang| {
                partials.iter().find(|((own, language), _)| *own == name && *language == lang).map(|(_, shape)| shape)
            };
            let severity = |first: &Lang, second: &Lang| {
                let in_one = settings
                    .reports
                    .iter()
                    .any(|report| severity_of(settings, &report.name, first, second) == Severity::Error);
                if in_one { Severity::Error } else { Severity::Warning }
            };
            pairs(&settings.languages, of, severity, problems);
        }
    }

    fn check_stale(&self, settings: &Settings, problems: &mut Vec<Problem>) {
        let Some(first) = settings.languages.first() else { return };
        for (key, prose) in self.sections.iter().filter(|(key, _)| key.lang != *first) {
            let original = SectionKey { lang: first.clone(), ..key.clone() };
            problems.extend(self.sections.get(&original).and_then(|original| is_stale(original, prose)));
        }
        for ((name, lang), prose) in self.partials.iter().filter(|((_, lang), _)| lang != first) {
            let _ = lang;
            let original = self.partials.get(&(name.clone(), first.clone()));
            problems.extend(original.and_then(|original| is_stale(original, prose)));
        }
    }
}

fn is_stale(original: &Prose, translation: &Prose) -> Option<Problem> {
    stale(&Source::new(&original.file, &original.text), &Source::new(&translation.file, &translation.text))
}

fn pairs<'s>(
    languages: &[Lang],
    of: impl Fn(&Lang) -> Option<&'s Shape>,
    severity: impl Fn(&Lang, &Lang) -> Severity,
    problems: &mut Vec<Problem>,
) {
    let Some((first, base)) = languages.iter().find_map(|lang| Some((lang, of(lang)?))) else { return };
    for lang in languages.iter().filter(|lang| *lang != first) {
        match of(lang) {
            Some(shape) => problems.extend(compare(base, shape, severity(first, lang))),
            None => problems.push(
                Problem::new(severity(first, lang), "missing-translation")
                    .at(Place::file(&base.file))
                    .with("language", lang.as_str()),
            ),
        }
    }
}

/// The languages that a report is written in, in the project's order.
fn languages_of(settings: &Settings, report: &str) -> Vec<Lang> {
    let reports = || settings.reports.iter().filter(|settings| settings.name == report);
    let used = |lang: &&Lang| reports().any(|report| report.documents.iter().flatten().any(|own| own == *lang));
    settings.languages.iter().filter(used).cloned().collect()
}

/// An error where one document holds both languages, else a warning.
fn severity_of(settings: &Settings, report: &str, first: &Lang, second: &Lang) -> Severity {
    let has_both = |report: &ReportSettings| {
        report.documents.iter().any(|languages| languages.contains(first) && languages.contains(second))
    };
    let bilingual = settings.reports.iter().filter(|settings| settings.name == report).any(has_both);
    if bilingual { Severity::Error } else { Severity::Warning }
}

pub(super) fn located(source: &Source, masked: &Masked, fault: Fault, settings: &Settings) -> Problem {
    problem_of(fault.clone(), source.place(masked.origin(fault.at)), settings)
}

/// A fault of Markdown as a problem.
pub(super) fn problem_of(fault: Fault, place: Place, settings: &Settings) -> Problem {
    let problem = Problem::error(fault.code).at(place).with("what", &fault.what);
    match fault.variant {
        Some(variant) => problem.variant(variant),
        None if fault.code == "unknown-image" => {
            super::load::suggest(problem, &fault.what, settings.images.iter().map(|picture| picture.file.as_str()))
        }
        None => problem,
    }
}

/// Numbers that a report prints, with the helper for each.
fn known_figures(
    logframe: &Logframe,
    settings: &Settings,
    key: &SectionKey,
    released: Option<&Released>,
) -> KnownFigures {
    let mut known = KnownFigures::default();
    let periods: BTreeSet<&str> = settings
        .reports
        .iter()
        .filter(|settings| settings.name == key.report)
        .flat_map(|report| report.periods.iter().map(String::as_str))
        .filter(|code| key.period.as_deref().is_none_or(|own| own == *code))
        .collect();
    let figures = released.into_iter().flat_map(|released| &released.periods);
    for period in figures.filter(|period| periods.contains(period.period.code.as_str())) {
        for field in ["actual", "cumulative", "served"] {
            for (indicator, figure) in logframe.indicators.iter().zip(&period.figures) {
                let amount = match field {
                    "actual" => figure.totals.period,
                    "cumulative" => figure.totals.cumulative,
                    _ => figure.totals.served,
                };
                if let Some(value) = amount.and_then(|amount| amount.single()) {
                    known.add(value, format!("{{{{{field} \"{}\"}}}}", indicator.code));
                }
            }
        }
    }
    for (field, value) in [("target", true), ("baseline", false)] {
        for indicator in &logframe.indicators {
            let number: Option<Decimal> = if value { indicator.target } else { indicator.baseline };
            if let Some(number) = number.filter(|number| !number.is_zero()) {
                known.add(number, format!("{{{{{field} \"{}\"}}}}", indicator.code));
            }
        }
    }
    known
}
