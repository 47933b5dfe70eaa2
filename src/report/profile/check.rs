use super::{Profile, ProfileSection, SectionKind};
use crate::diagnostic::{Place, Problem, Severity};
use crate::model::Lang;
use crate::report::block::{Block, Inline};

/// Where signatures and photographs are named.
const PROJECT_FILE: &str = "project.toml";

/// The prose of one section in one language, as it was found.
#[derive(Clone, Debug)]
pub struct SectionProse {
    pub section: String,
    pub lang: Lang,
    /// Relative to the project's folder.
    pub file: String,
    pub blocks: Vec<Block>,
}

/// Holds a report's prose against its profile's rules: required sections, empty ones, word limits.
/// `folder` is where the report's prose belongs, for what is missing; `filled` are the kinds of section that
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
            let found = prose.iter().find(|text| text.section == section.id && text.lang == *lang);
            let count = found.map(|text| words(&text.blocks));
            match (found, count) {
                (None, _) if section.required => missing(profile, section, lang, folder, filled, &mut problems),
                (Some(text), Some(0)) => {
                    let severity =
                        if section.required { profile.severities.missing_section } else { Some(Severity::Warning) };
                    report(
                        &mut problems,
                        severity,
                        |problem| problem.at(Place::line(&text.file, 1, 1)).with("section", &section.id),
                        "section-empty",
                    );
                }
                (Some(text), Some(count)) if section.word_limit.is_some_and(|limit| count > limit) => {
                    let limit = section.word_limit.unwrap_or_default();
                    report(
                        &mut problems,
                        profile.severities.word_limit,
                        |problem| {
                            problem
                                .at(Place::line(&text.file, 1, 1))
                                .with("section", &section.id)
                                .with("words", count.to_string())
                                .with("limit", limit.to_string())
                        },
                        "section-too-long",
                    );
                }
                _ => {}
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

/// A required section without text; one that project.toml may fill is told once, there.
fn missing(
    profile: &Profile,
    section: &ProfileSection,
    lang: &Lang,
    folder: &str,
    filled: &[SectionKind],
    problems: &mut Vec<Problem>,
) {
    let of_settings = matches!(section.kind, SectionKind::Signatures | SectionKind::Photographs);
    let told = |problem: &Problem| problem.code == "section-missing" && problem.variant == Some(section.kind.code());
    if of_settings && (filled.contains(&section.kind) || problems.iter().any(told)) {
        return;
    }
    let fill = |problem: Problem| {
        let problem = problem
            .with("section", &section.id)
            .with("lang", lang.as_str())
            .with("profile", &profile.file)
            .with("line", section.line.to_string());
        if of_settings {
            problem.variant(section.kind.code()).at(Place::file(PROJECT_FILE))
        } else {
            problem.at(Place::file(&format!("{folder}/{}.{}.md", section.id, lang.as_str())))
        }
    };
    report(problems, profile.severities.missing_section, fill, "section-missing");
}

/// A section of the profile, or prose about one result (`results.R1`) in a section of results.
fn is_printed(profile: &Profile, section: &str) -> bool {
    let of_result = || {
        let above = section.split_once('.').and_then(|(above, _)| profile.section(above));
        above.is_some_and(|above| above.kind == SectionKind::Results)
    };
    profile.section(section).is_some() || of_result()
}

fn report(
    problems: &mut Vec<Problem>,
    severity: Option<Severity>,
    fill: impl FnOnce(Problem) -> Problem,
    code: &'static str,
) {
    if let Some(severity) = severity {
        problems.push(fill(Problem::new(severity, code)));
    }
}

/// Words of prose as a reader counts them: runs of text that hold a letter or a digit.
pub fn words(blocks: &[Block]) -> u64 {
    blocks.iter().map(words_of_block).sum()
}

fn words_of_block(block: &Block) -> u64 {
    match block {
        Block::Heading { content, .. } | Block::Paragraph { content } => words_of_line(content),
        Block::List { items, .. } => items.iter().map(|item| words(item)).sum(),
        Block::Quote { content } => words(content),
        Block::Table { header, rows, .. } => {
            header.iter().chain(rows.iter().flatten()).map(|cell| words_of_line(cell)).sum()
        }
        Block::Image { caption, .. } => words_of_line(caption),
        Block::IndicatorChart { .. } | Block::IndicatorTable { .. } => 0,
    }
}

fn words_of_line(content: &[Inline]) -> u64 {
    let mut line = String::new();
    collect(content, &mut line);
    line.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count() as u64
}

fn collect(content: &[Inline], line: &mut String) {
    for inline in content {
        match inline {
            Inline::Text { text } | Inline::Figure { text, .. } => line.push_str(text),
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                collect(content, line);
            }
            Inline::Footnote { .. } => {}
            Inline::LineBreak => line.push(' '),
        }
    }
}
