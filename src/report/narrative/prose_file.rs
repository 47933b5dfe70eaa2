use super::load::suggest;
use super::markdown::{self, Fault};
use super::outline::{Outline, outline};
use super::source::{MaskedText, ProseSource};
use super::syntax::{Node, parse};
use crate::diagnostic::{Place, Problem};
use crate::model::{Lang, Settings};

/// A file of prose with all that can be read of it without the data.
#[derive(Clone, Debug)]
pub(super) struct ProseFile {
    pub source: ProseSource,
    pub nodes: Vec<Node>,
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
        let (nodes, syntax_problems) = parse(&source);
        let masked = source.masked();
        let outline = outline(&masked.text);
        let (_, faults) = markdown::blocks(&masked.text, &[], &settings.images, lang, &settings.languages);
        let markdown_problems = faults
            .into_iter()
            .map(|fault| {
                let place = source.place(masked.origin(fault.at));
                fault_problem(fault, place, settings)
            })
            .collect();
        ProseFile { source, nodes, syntax_problems, masked, outline, markdown_problems }
    }
}

/// A fault of Markdown as a problem at `place`.
pub(super) fn fault_problem(fault: Fault, place: Place, settings: &Settings) -> Problem {
    let problem = Problem::error(fault.code).at(place).with("what", &fault.what);
    match fault.variant {
        Some(variant) => problem.variant(variant),
        None if fault.code == "unknown-image" => {
            suggest(problem, &fault.what, settings.images.iter().map(|picture| picture.file.as_str()))
        }
        None => problem,
    }
}
