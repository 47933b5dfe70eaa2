use std::collections::BTreeSet;

use super::{ERRATUM, HEADLINE, Profile, ProfileSection, SectionKind};
use crate::diagnostic::kinds::{self, SectionMissing, SectionUnused};
use crate::diagnostic::{Place, Problem, Severity, nearest};
use crate::model::{Lang, Project, ReportSettings};
use crate::report::block::{Block, Inline, plain_text};

/// Where signatures, photographs and what forms ask are named.
const PROJECT_FILE: &str = "project.toml";

/// The prose of one section in one language, as it was found.
#[derive(Clone, Debug)]
pub struct SectionProse {
    /// Its name, as in the file's.
    pub section: String,
    /// The language it is written in.
    pub lang: Lang,
    /// Relative to the project's folder.
    pub file: String,
    /// Its text, filled in; `None` if it couldn't be, which was reported.
    pub blocks: Option<Vec<Block>>,
}

/// Holds a report's prose against its profile's rules: required sections, empty ones, word limits.
/// `file_to_write` gives the file of a section that is missing; `filled` are those kinds of section that project.toml
/// fills, of signatures and photographs.
pub fn check_prose(
    profile: &Profile,
    languages: &[Lang],
    prose: &[SectionProse],
    file_to_write: &dyn Fn(&str, &Lang) -> String,
    filled: &[SectionKind],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for section in &profile.sections {
        for lang in languages {
            match prose.iter().find(|text| text.section == section.id && text.lang == *lang) {
                Some(text) => {
                    let count = text.blocks.as_deref().map(count_words);
                    problems.extend(count.and_then(|count| check_length(profile, section, text, count)));
                }
                // What project.toml answers is looked for there.
                None if section.kind == SectionKind::Facts => {}
                None if section.required => {
                    problems.extend(missing_section(profile, section, lang, file_to_write, filled, &problems));
                }
                None => {}
            }
        }
    }
    for text in prose.iter().filter(|text| !is_printed(profile, &text.section)) {
        problems.push(Problem::warning(unused_section(profile, text)).at(Place::file(&text.file)));
    }
    problems
}

fn unused_section(profile: &Profile, text: &SectionProse) -> SectionUnused {
    let known: Vec<&str> = profile.sections.iter().map(|section| section.id.as_str()).collect();
    SectionUnused {
        section: text.section.clone(),
        profile: profile.name.clone(),
        nearest: nearest(&text.section, known.iter().copied()).map(str::to_owned),
        known: known.join(", "),
    }
}

/// What a form asks that neither project.toml nor a text of the section says, each once.
pub fn find_missing_facts(
    profile: &Profile,
    (project, report): (&Project, &ReportSettings),
    lang: &Lang,
    prose: &[SectionProse],
) -> Vec<Problem> {
    if profile.severities.missing_section.is_none() {
        return Vec::new();
    }
    let locale = profile.locale(lang);
    let unwritten = profile.sections.iter().filter(|section| !prose.iter().any(|text| text.section == section.id));
    let asked = unwritten.flat_map(|section| section.facts.iter().map(move |asked| (section, asked)));
    let mut seen = BTreeSet::new();
    asked
        .filter_map(|(section, asked)| {
            let key = asked.fact.missing_key(project, report).filter(|key| seen.insert(*key))?;
            let usual = locale.as_ref().and_then(|locale| locale.find_label(asked.fact.label()));
            let own = asked.label.in_order(lang, &project.settings.languages);
            let kind = kinds::FactMissing {
                label: own.or(usual).unwrap_or_default().to_owned(),
                section: section.id.clone(),
                key: key.to_owned(),
                profile: profile.name.clone(),
            };
            Some(Problem::warning(kind).at(Place::file(PROJECT_FILE)))
        })
        .collect()
}

/// A section without words, or with more than its limit.
fn check_length(profile: &Profile, section: &ProfileSection, text: &SectionProse, count: u64) -> Option<Problem> {
    let place = Place::line(&text.file, 1, 1);
    if count == 0 {
        let severity = if section.required { profile.severities.missing_section } else { Some(Severity::Warning) };
        return Some(Problem::new(severity?, kinds::SectionEmpty { section: section.id.clone() }).at(place));
    }
    let limit = section.word_limit.filter(|limit| count > *limit)?;
    let kind = kinds::SectionTooLong::Plain {
        section: section.id.clone(),
        words: count.to_string(),
        limit: limit.to_string(),
    };
    Some(Problem::new(profile.severities.word_limit?, kind).at(place))
}

/// A required section without text; one that project.toml may fill is a problem once, there.
fn missing_section(
    profile: &Profile,
    section: &ProfileSection,
    lang: &Lang,
    file_to_write: &dyn Fn(&str, &Lang) -> String,
    filled: &[SectionKind],
    reported: &[Problem],
) -> Option<Problem> {
    let severity = profile.severities.missing_section?;
    let locale = profile.locale(lang);
    let label = |key: &str| locale.as_ref().and_then(|locale| locale.find_label(key)).map(str::to_owned);
    let heading = section
        .heading
        .get(lang)
        .map(str::to_owned)
        .or_else(|| label(&format!("heading.{}", section.id)))
        .or_else(|| section.heading.in_order(lang, &[]).map(str::to_owned))
        .or_else(|| label(section.kind.heading_label()).filter(|_| section.kind != SectionKind::Prose))
        .unwrap_or_else(|| section.id.clone());
    let (section_id, profile_name) = (section.id.clone(), profile.name.clone());
    let (kind, file) = match section.kind {
        SectionKind::Signatures => (
            SectionMissing::Signatures { heading, section: section_id, profile: profile_name },
            PROJECT_FILE.to_owned(),
        ),
        SectionKind::Photographs => (
            SectionMissing::Photographs { heading, section: section_id, profile: profile_name },
            PROJECT_FILE.to_owned(),
        ),
        _ => {
            let lang_code = lang.as_str().to_owned();
            let kind = SectionMissing::Plain { heading, section: section_id, lang: lang_code, profile: profile_name };
            (kind, file_to_write(&section.id, lang))
        }
    };
    if file == PROJECT_FILE {
        let is_same =
            |problem: &Problem| problem.code == SectionMissing::CODE && problem.variant == Some(section.kind.code());
        if filled.contains(&section.kind) || reported.iter().any(is_same) {
            return None;
        }
    }
    let problem = Problem::new(severity, kind).at(Place::file(&file));
    Some(if profile.is_own() { problem.at(Place::line(&profile.file, section.line, 1)) } else { problem })
}

/// Whether the profile prints a section: one of its own, or prose about one result (`results.R1`) in a section of results.
fn is_printed(profile: &Profile, section: &str) -> bool {
    let is_of_result = || {
        let above = section.split_once('.').and_then(|(above, _)| profile.section(above));
        above.is_some_and(|above| above.kind == SectionKind::Results)
    };
    [HEADLINE, ERRATUM].contains(&section) || profile.section(section).is_some() || is_of_result()
}

/// Words of prose as a reader counts them: runs of text that hold a letter or a digit.
pub fn count_words(blocks: &[Block]) -> u64 {
    blocks.iter().map(count_block_words).sum()
}

fn count_block_words(block: &Block) -> u64 {
    match block {
        Block::Heading { content, .. } | Block::Paragraph { content } => count_line_words(content),
        Block::List { items, .. } => items.iter().map(|item| count_words(item)).sum(),
        Block::Quote { content, name } => count_words(content) + count_line_words(name),
        Block::Table { header, rows, .. } => {
            header.iter().chain(rows.iter().flatten()).map(|cell| count_line_words(cell)).sum()
        }
        Block::Image { caption, .. } => count_line_words(caption),
        Block::Code { .. } | Block::Rule | Block::IndicatorChart { .. } | Block::IndicatorTable { .. } => 0,
    }
}

fn count_line_words(content: &[Inline]) -> u64 {
    let line = plain_text(content);
    line.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count() as u64
}
