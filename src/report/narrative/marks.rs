//! Where in the text of a section a problem is, and what may be written instead. Offsets are in UTF-16, as pages of the
//! browser count.

use std::ops::Range;

use super::Narratives;
use super::prose_file::ProseFile;
use super::source::{ProseSource, Tag, TagKind};
use crate::diagnostic::{Place, Problem, Spot, kinds};

/// A stretch of a section that a problem is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProseMark {
    /// From which unit of UTF-16 to which.
    pub span: Range<usize>,
    /// What may be done.
    pub mends: Vec<Mend>,
}

/// One way to mend a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mend {
    /// What it does: `figure`, `literal`, `nearest`, `guard`, `same`, `insert`, `translated`.
    pub what: &'static str,
    /// What is replaced; `None`: put in where the cursor is.
    pub span: Option<Range<usize>>,
    /// What is written.
    pub text: String,
}

/// Arguments of problems that hold what was written, where something like it is known; the most telling first.
const WRITTEN: [&str; 12] = [
    "option",
    "word",
    "indicator",
    "axis",
    "value",
    "activity",
    "period",
    "claim",
    "partial",
    "what",
    "path",
    "helper",
];

impl Narratives {
    /// The text of a section's file as it was read; `None` if none was.
    pub fn text_of(&self, file: &str) -> Option<&str> {
        self.file(file).map(|prose| prose.source.text.as_str())
    }

    /// Where a problem is in a section's file; `None` for what is about the file as a whole, or no such file.
    pub fn mark(&self, problem: &Problem, place: &Place) -> Option<ProseMark> {
        let Spot::Line { line, column } = place.spot else { return None };
        if [kinds::SectionTooLong::CODE, kinds::SectionEmpty::CODE].contains(&problem.code) {
            return None;
        }
        let source = &self.file(&place.file)?.source;
        let at = source.offset(line, column)?;
        let tag = source.tags.iter().find(|tag| (tag.start..tag.end).contains(&at));
        let written = problem.args.get("text").filter(|text| source.text[at..].starts_with(text.as_str()));
        let span = match (written, tag) {
            (Some(text), _) => at..at + text.len(),
            (None, Some(tag)) => tag.start..tag.end,
            (None, None) => at..end_of_word(&source.text, at),
        };
        let mends = Mender { narratives: self, problem, source, at, tag }.mends(&span);
        let units = |span: Range<usize>| utf16_offset(&source.text, span.start)..utf16_offset(&source.text, span.end);
        let mends = mends.into_iter().map(|(what, span, text)| Mend { what, span: span.map(units), text });
        Some(ProseMark { mends: mends.collect(), span: units(span) })
    }

    fn file(&self, file: &str) -> Option<&ProseFile> {
        let mut files = self.sections.values().chain(self.partials.values()).chain(self.unbegun.values());
        files.find(|prose| prose.source.file == file)
    }
}

/// What a mend does, which bytes it replaces, and by what.
type ByteMend = (&'static str, Option<Range<usize>>, String);

struct Mender<'a> {
    narratives: &'a Narratives,
    problem: &'a Problem,
    source: &'a ProseSource,
    at: usize,
    tag: Option<&'a Tag>,
}

impl Mender<'_> {
    fn mends(&self, span: &Range<usize>) -> Vec<ByteMend> {
        let arg = |name: &str| self.problem.args.get(name).cloned();
        match self.problem.code {
            kinds::TypedFigure::CODE if self.tag.is_none() => {
                let helper = arg("helper").map(|helper| ("figure", Some(span.clone()), helper));
                let literal = arg("literal").map(|literal| ("literal", Some(span.clone()), literal));
                helper.into_iter().chain(literal).collect()
            }
            kinds::Unguarded::CODE => self.guard().into_iter().collect(),
            kinds::StaleTranslation::CODE => self.translated().into_iter().collect(),
            kinds::Parity::CODE => self.same_as_other().into_iter().collect(),
            _ => self.nearest().into_iter().collect(),
        }
    }

    /// What was meant, in place of what was written.
    fn nearest(&self) -> Option<ByteMend> {
        let nearest = self.problem.args.get("nearest")?;
        let rest = &self.source.text[self.at..self.tag?.end];
        // A text is inside its quotation marks.
        let is_at = |written: &&String| rest.find(written.as_str()).is_some_and(|at| rest[..at].chars().count() <= 1);
        let written = WRITTEN.iter().filter_map(|name| self.problem.args.get(name)).find(is_at)?;
        let from = self.at + rest.find(written.as_str())?;
        Some(("nearest", Some(from..from + written.len()), nearest.clone()))
    }

    /// The tag within a condition.
    fn guard(&self) -> Option<ByteMend> {
        let tag = self.tag.filter(|tag| tag.kind == TagKind::Output)?;
        let (guard, text) = (self.problem.args.get("guard")?, &self.source.text[tag.start..tag.end]);
        Some(("guard", Some(tag.start..tag.end), format!("{guard}{text}{{{{else}}}}…{{{{/if}}}}")))
    }

    /// The comment by which a translation says that it is of today.
    fn translated(&self) -> Option<ByteMend> {
        let tag = self.tag.filter(|tag| tag.kind == TagKind::Comment)?;
        Some(("translated", Some(tag.start..tag.end), self.problem.args.get("mark")?.clone()))
    }

    /// The figure that the other language has, in place of the one here or beside it.
    fn same_as_other(&self) -> Option<ByteMend> {
        let is_other = |place: &&Place| place.file != self.source.file;
        let other = self.problem.places.iter().find(is_other)?;
        let Spot::Line { line, column } = other.spot else { return None };
        let source = &self.narratives.file(&other.file)?.source;
        let at = source.offset(line, column)?;
        let of_other = source.tags.iter().find(|tag| (tag.start..tag.end).contains(&at))?;
        let text = &source.text[of_other.start..of_other.end];
        let is_claim = || self.problem.args.get("what").is_some_and(|what| what.starts_with("claim "));
        let text = match of_other.kind {
            TagKind::Output => text.to_owned(),
            // The words of a claim are this language's own.
            TagKind::Open if is_claim() => format!("{text}…{{{{/claim}}}}"),
            _ => return None,
        };
        match self.problem.variant {
            Some("figure") => {
                let own = self.tag.filter(|tag| tag.kind == TagKind::Output)?;
                Some(("same", Some(own.start..own.end), text))
            }
            // Where it belongs in this language only its author knows.
            Some("missing-figure") if self.problem.args.get("other") == Some(&self.source.file) => {
                Some(("insert", None, text))
            }
            _ => None,
        }
    }
}

/// The end of the word or sign that begins at an offset; at the end of a line, the line's end.
fn end_of_word(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    let sign = rest.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    at + word.max(sign)
}

fn utf16_offset(text: &str, at: usize) -> usize {
    text[..at].encode_utf16().count()
}
