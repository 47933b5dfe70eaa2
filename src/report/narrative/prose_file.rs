use super::markdown::{MarkdownFault, read_markdown};
use super::outline::{Outline, read_outline};
use super::source::{MaskedText, ProseSource, TagKind};
use super::syntax::{TemplateNode, parse_template};
use crate::diagnostic::Problem;
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
        let problem = |fault: MarkdownFault| Problem::error(fault.kind).at(source.place(masked.origin(fault.at)));
        let markdown_problems = faults.into_iter().map(problem).collect();
        ProseFile { source, nodes, syntax_problems, masked, outline, markdown_problems }
    }

    /// Whether it says what belongs there, and nothing else.
    pub fn holds_only_comments(&self) -> bool {
        let tags = &self.source.tags;
        !tags.is_empty() && tags.iter().all(|tag| tag.kind == TagKind::Comment) && self.masked.text.trim().is_empty()
    }
}
