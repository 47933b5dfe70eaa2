use super::{Profile, ProfileSection, SectionKind};
use crate::diagnostic::{Place, Problem, Severity};
use crate::model::Lang;
use crate::report::block::{Block, Inline, plain_text};

/// Where signatures and photographs are named.
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
    /// Its text, filled in.
    pub blocks: Vec<Block>,
}

/// Holds a report's prose against its profile's rules: required sections, empty ones, word limits.
/// `folder` is where the report's prose belongs, for what is missing; `filled` are those kinds of section that
/// project.toml fills, of signatures and photographs.
pub fn check_prose(
    profile: &Profile,
    languages: &[Lang],
    prose: &[SectionProse],
    folder: &str,
    filled: &[SectionKind],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for section in &profile.sections {
        for lang in languages {
            match prose.iter().find(|text| text.section == section.id && text.lang == *lang) {
                Some(text) => problems.extend(check_length(profile, section, text)),
                None if section.required => {
                    problems.extend(missing_section(profile, section, lang, folder, filled, &problems));
                }
                None => {}
            }
        }
    }
    for text in prose.iter().filter(|text| !is_printed(profile, &text.section)) {
        problems.push(
            Problem::warning("section-unused")
                .at(Place::file(&text.file))
                .with("section", &text.section)
                .with("profile", &profile.name),
        );
    }
    problems
}

/// A section without words, or with more than its limit.
fn check_length(profile: &Profile, section: &ProfileSection, text: &SectionProse) -> Option<Problem> {
    let problem = |severity: Severity, code: &'static str| {
        Problem::new(severity, code).at(Place::line(&text.file, 1, 1)).with("section", &section.id)
    };
    let count = count_words(&text.blocks);
    if count == 0 {
        let severity = if section.required { profile.severities.missing_section } else { Some(Severity::Warning) };
        return Some(problem(severity?, "section-empty"));
    }
    let limit = section.word_limit.filter(|limit| count > *limit)?;
    let problem = problem(profile.severities.word_limit?, "section-too-long");
    Some(problem.with("words", count.to_string()).with("limit", limit.to_string()))
}

/// A required section without text; one that project.toml may fill is a problem once, there.
fn missing_section(
    profile: &Profile,
    section: &ProfileSection,
    lang: &Lang,
    folder: &str,
    filled: &[SectionKind],
    reported: &[Problem],
) -> Option<Problem> {
    let is_of_settings = matches!(section.kind, SectionKind::Signatures | SectionKind::Photographs);
    let is_same = |problem: &Problem| problem.code == "section-missing" && problem.variant == Some(section.kind.code());
    if is_of_settings && (filled.contains(&section.kind) || reported.iter().any(is_same)) {
        return None;
    }
    let problem = Problem::new(profile.severities.missing_section?, "section-missing")
        .with("section", &section.id)
        .with("lang", lang.as_str())
        .with("profile", &profile.file)
        .with("line", section.line.to_string());
    Some(if is_of_settings {
        problem.variant(section.kind.code()).at(Place::file(PROJECT_FILE))
    } else {
        problem.at(Place::file(&format!("{folder}/{}.{}.md", section.id, lang.as_str())))
    })
}

/// Whether the profile prints a section: one of its own, or prose about one result (`results.R1`) in a section of results.
fn is_printed(profile: &Profile, section: &str) -> bool {
    let is_of_result = || {
        let above = section.split_once('.').and_then(|(above, _)| profile.section(above));
        above.is_some_and(|above| above.kind == SectionKind::Results)
    };
    profile.section(section).is_some() || is_of_result()
}

/// Words of prose as a reader counts them: runs of text that hold a letter or a digit.
pub fn count_words(blocks: &[Block]) -> u64 {
    blocks.iter().map(count_block_words).sum()
}

fn count_block_words(block: &Block) -> u64 {
    match block {
        Block::Heading { content, .. } | Block::Paragraph { content } => count_line_words(content),
        Block::List { items, .. } => items.iter().map(|item| count_words(item)).sum(),
        Block::Quote { content } => count_words(content),
        Block::Table { header, rows, .. } => {
            header.iter().chain(rows.iter().flatten()).map(|cell| count_line_words(cell)).sum()
        }
        Block::Image { caption, .. } => count_line_words(caption),
        Block::IndicatorChart { .. } | Block::IndicatorTable { .. } => 0,
    }
}

fn count_line_words(content: &[Inline]) -> u64 {
    let line = plain_text(content);
    line.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count() as u64
}
