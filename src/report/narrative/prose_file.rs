use super::markdown::{MarkdownFault, read_markdown};
use super::outline::{Outline, read_outline};
use super::source::{MaskedText, ProseSource};
use super::suggest_nearest;
use super::syntax::{TemplateNode, parse_template};
use crate::diagnostic::{Place, Problem};
use crate::model::{Lang, Settings};

/// A file of prose with all that can be read of it without the data.
#[derive(Clone, Debug)]
pub(super) struct ProseFile {
    pub source: ProseSource,
    pub nodes: Vec<TemplateNode>,
    /// What can't be read as a template.
    pub syntax_problems: Vec<Problem>,
    pub masked: MaskedText,
    pub outline: Outline,
    /// What can't be read as Markdown, at the author's lines and columns.
    pub markdown_problems: Vec<Problem>,
}

impl ProseFile {
    pub fn parse(file: &str, text: String, lang: &Lang, settings: &Settings) -> ProseFile {
        let source = ProseSource::new(file, text);
        let (nodes, syntax_problems) = parse_template(&source);
        let masked = source.masked();
        let outline = read_outline(&masked.text);
        let (_, faults) = read_markdown(&masked.text, &[], &settings.images, lang, &settings.languages);
        let markdown_problems = faults
            .into_iter()
            .map(|fault| {
                let place = source.place(masked.origin(fault.at));
                markdown_problem(fault, place, settings)
            })
            .collect();
        ProseFile { source, nodes, syntax_problems, masked, outline, markdown_problems }
    }
}

/// A fault of Markdown as a problem at `place`.
pub(super) fn markdown_problem(fault: MarkdownFault, place: Place, settings: &Settings) -> Problem {
    let problem = Problem::error(fault.code).at(place).with("what", &fault.what);
    match fault.variant {
        Some(variant) => problem.variant(variant),
        None if fault.code == "unknown-image" => {
            suggest_nearest(problem, &fault.what, settings.images.iter().map(|picture| picture.file.as_str()))
        }
        None => problem,
    }
}
