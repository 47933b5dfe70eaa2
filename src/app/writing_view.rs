//! What is written for a report: its sections with their rules, and how many words each language has.

use std::path::Path;

use serde::Serialize;

use super::MessageLanguage;
use super::reading::{CountedProject, Reading};
use super::section_file::{KnownSection, SectionFile, find_report, languages_of};
use crate::diagnostic::kinds::SectionMissing;
use crate::diagnostic::{Problem, Severity};
use crate::folder::{PROJECT_FILE, resolve_file};
use crate::locale::Locale;
use crate::model::{Lang, Settings};
use crate::report::block::Block;
use crate::report::narrative::ProseContext;
use crate::report::profile::{HEADLINE, Profile, ProfileOpening, ProfileSection, SectionKind, count_words};

/// The reports of a project and their periods.
#[derive(Serialize)]
pub(super) struct WritingChoices {
    reports: Vec<WrittenReport>,
}

#[derive(Serialize)]
struct WrittenReport {
    name: String,
    periods: Vec<WrittenPeriod>,
}

#[derive(Serialize)]
struct WrittenPeriod {
    code: String,
    name: String,
}

/// The sections of a report for a period.
#[derive(Serialize)]
pub(super) struct SectionList {
    languages: Vec<LanguageName>,
    sections: Vec<SectionLine>,
}

#[derive(Serialize)]
pub(super) struct LanguageName {
    pub tag: String,
    pub name: String,
}

#[derive(Serialize)]
struct SectionLine {
    id: String,
    rules: SectionRules,
    /// In the order of the languages.
    texts: Vec<TextState>,
}

/// What is asked of a section.
#[derive(Default, Serialize)]
pub(super) struct SectionRules {
    pub heading: String,
    pub asks: String,
    pub required: bool,
    pub word_limit: Option<u64>,
    pub char_limit: Option<u64>,
    /// It holds more than what is written.
    pub is_filled: bool,
    /// Of one result, within the section of results.
    pub is_part: bool,
    /// The profile prints it.
    pub printed: bool,
}

#[derive(Serialize)]
struct TextState {
    /// Its file says something beside remarks.
    is_written: bool,
    /// As printed; `None` where it can't be filled in.
    words: Option<u64>,
    errors: usize,
    warnings: usize,
}

pub(super) fn choices(reading: &Reading, language: &MessageLanguage) -> Option<WritingChoices> {
    let (settings, texts) = (reading.settings.as_deref()?, reading.texts(language)?);
    let reports = settings.reports.iter().map(|report| WrittenReport {
        name: report.name.clone(),
        periods: report
            .periods
            .iter()
            .chain(&report.not_ended)
            .map(|code| WrittenPeriod { code: code.clone(), name: texts.period_names.name(code) })
            .collect(),
    });
    Some(WritingChoices { reports: reports.collect() })
}

/// `None` if there is no such report or period.
pub(super) fn sections(
    reading: &Reading,
    project: &Path,
    (report, period): (&str, &str),
    language: &MessageLanguage,
) -> Option<SectionList> {
    let settings = reading.settings.as_deref()?;
    let known = find_report(reading, settings, report, period)?;
    let languages = languages_of(settings, known.report);
    let printed_texts = PrintedTexts { reading, report, period, profile: known.profile };
    let line = |(id, rules): (String, SectionRules)| {
        let kind = known.profile.section(&id).map(|section| section.kind.code());
        let texts = languages.iter().map(|lang| {
            let own = SectionFile { report, period: Some(period), section: &id, lang: lang.as_str() };
            let path = SectionFile::printed(project, reading, own).path();
            // What project.toml would say is a problem of its own.
            let is_missing = |problem: &Problem, file: &str| {
                let is_of_kind = problem.variant.is_some() && problem.variant == kind;
                problem.code == SectionMissing::CODE && file == PROJECT_FILE && is_of_kind
            };
            let of_file = |severity: Severity| {
                let is_here = |problem: &&Problem| {
                    problem.severity == severity
                        && problem.is_about(report, period)
                        && problem
                            .places
                            .first()
                            .is_some_and(|place| place.file == path || is_missing(problem, &place.file))
                };
                reading.problems.iter().filter(is_here).count()
            };
            TextState {
                is_written: resolve_file(project, &path).is_ok() && !is_blank(reading, &path),
                words: printed_texts.printed(&id, lang).as_deref().map(count_words),
                errors: of_file(Severity::Error),
                warnings: of_file(Severity::Warning),
            }
        });
        let texts = texts.collect();
        SectionLine { id, rules, texts }
    };
    let sections = section_ids(reading, settings, &known, language).into_iter().map(line).collect();
    Some(SectionList { languages: languages.iter().map(|lang| language_name(lang)).collect(), sections })
}

/// Whether a text that was read says nothing: it is empty, or only remarks on what belongs there.
fn is_blank(reading: &Reading, path: &str) -> bool {
    reading.prose.as_deref().is_some_and(|prose| {
        let read = prose.narratives.sections().chain(prose.narratives.unread_sections());
        !read.into_iter().any(|(_, file)| file == path)
    })
}

pub(super) fn language_name(lang: &Lang) -> LanguageName {
    let name = Locale::new(lang).map(|locale| locale.label("language.name").to_owned());
    LanguageName { tag: lang.as_str().to_owned(), name: name.unwrap_or_else(|| lang.as_str().to_owned()) }
}

/// The profile's sections in their order, the headline before them, texts about single results under their section;
/// last what no section prints.
fn section_ids(
    reading: &Reading,
    settings: &Settings,
    known: &KnownSection,
    language: &MessageLanguage,
) -> Vec<(String, SectionRules)> {
    let mut ids: Vec<String> = Vec::new();
    if known.profile.opening != ProfileOpening::CoverOnly {
        ids.push(HEADLINE.to_owned());
    }
    for section in &known.profile.sections {
        ids.push(section.id.clone());
        if section.kind == SectionKind::Results {
            let results = reading.counted.iter().flat_map(|counted| &counted.project.logframe.results);
            ids.extend(results.map(|result| format!("{}.{}", section.id, result.code)));
        }
    }
    let narratives = reading.prose.iter().flat_map(|prose| prose.narratives.sections());
    let written = narratives.filter(|(key, _)| key.report == known.report.name).map(|(key, _)| key.section.clone());
    for section in written {
        if !ids.contains(&section) {
            ids.push(section);
        }
    }
    let with_rules = |id: String| {
        let rules = rules_of(reading, settings, known.profile, &id, language);
        (id, rules)
    };
    ids.into_iter().map(with_rules).collect()
}

/// What a profile says of one of its sections, in the page's language.
pub(super) fn rules_of(
    reading: &Reading,
    settings: &Settings,
    profile: &Profile,
    id: &str,
    language: &MessageLanguage,
) -> SectionRules {
    let (locale, order) = (&language.locale, &settings.languages);
    if id == HEADLINE {
        let heading = locale.label("glance.heading").to_owned();
        return SectionRules { heading, printed: true, ..SectionRules::default() };
    }
    if let Some(section) = profile.section(id) {
        let ProfileSection { required, word_limit, char_limit, .. } = *section;
        let (heading, asks) = (section.heading_in(locale, order), section.asks.in_order(locale.lang(), order));
        let asks = asks.unwrap_or_default().to_owned();
        let is_filled = section.kind != SectionKind::Prose;
        return SectionRules {
            heading,
            asks,
            required,
            word_limit,
            char_limit,
            is_filled,
            is_part: false,
            printed: true,
        };
    }
    let of_result = id.split_once('.').and_then(|(above, code)| {
        profile.section(above).filter(|above| above.kind == SectionKind::Results)?;
        let logframe = &reading.counted.as_ref()?.project.logframe;
        let result = logframe.results.iter().find(|result| result.code == code)?;
        let title = result.title.in_order(locale.lang(), order).unwrap_or_default();
        Some(format!("{code} {title}"))
    });
    let (is_part, printed) = (of_result.is_some(), of_result.is_some());
    SectionRules { heading: of_result.unwrap_or_else(|| id.to_owned()), is_part, printed, ..SectionRules::default() }
}

/// Gives the texts of sections as they are printed.
pub(super) struct PrintedTexts<'a> {
    pub reading: &'a Reading,
    pub report: &'a str,
    pub period: &'a str,
    pub profile: &'a Profile,
}

impl PrintedTexts<'_> {
    /// `None` where there is no text, or it can't be filled in.
    pub fn printed(&self, section: &str, lang: &Lang) -> Option<Vec<Block>> {
        let CountedProject { project, releases, .. } = self.reading.counted.as_deref()?;
        let report = project.settings.reports.iter().find(|settings| settings.name == self.report)?;
        let period = project.logframe.period(self.period)?;
        let locale = self.profile.locale(lang)?;
        let context = ProseContext { project, released: releases.for_report(report), locale: &locale };
        let narratives = &self.reading.prose.as_ref()?.narratives;
        let filled = narratives.render(report, period, section, &context).ok()??;
        Some(filled.blocks)
    }
}
