//! Problems by code, with an example of each as it is printed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::topic_words::TopicWords;
use super::{Term, Topic, TopicEntry, TopicPart};
use crate::diagnostic::{Catalogue, CellListing, Place, Problem, Severity, Spot, fill_placeholders, print_problem};

/// What a project's folder is called in examples.
const FOLDER: &str = "inputs/example";

static EXAMPLES: LazyLock<BTreeMap<String, ProblemExample>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../templates/reference/examples.toml"))
        .unwrap_or_else(|error| panic!("templates/reference/examples.toml: {error}"))
});

/// How severe a kind of problem is, and one problem of it without its sentences, which are the catalogue's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProblemExample {
    /// `error`, `warning` or `note`; `profile`: as the report's profile says; `command`: the command ends; `answer`: of
    /// `explain`.
    pub level: String,
    /// Which wording of the code's message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    variant: Option<String>,
    /// The lines of a table or of project.toml that provoke it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    input: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    /// Row and column of a cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cell: Option<(u32, u32)>,
    /// Line and column of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<(u32, u32)>,
    /// Which of `excerpt` is faulty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    faulty: Option<usize>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    excerpt: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    args: BTreeMap<String, String>,
}

impl ProblemExample {
    /// A problem with what provoked it. Of a group the first place is kept.
    pub fn new(problem: &Problem, input: Option<String>) -> ProblemExample {
        let place = problem.places.first();
        let (cell, line) = match place.map(|place| &place.spot) {
            Some(Spot::Cell { row, column, .. }) => (Some((*row, *column)), None),
            Some(Spot::Line { line, column }) => (None, Some((*line, *column))),
            _ => (None, None),
        };
        let excerpt = problem.excerpt.as_ref();
        ProblemExample {
            level: problem.severity.code().to_owned(),
            variant: problem.variant.map(str::to_owned),
            input,
            file: place.map(|place| place.file.clone()),
            sheet: place.and_then(Place::sheet_name).map(str::to_owned),
            cell,
            line,
            faulty: excerpt.and_then(|excerpt| excerpt.faulty),
            excerpt: excerpt.map(|excerpt| excerpt.cells.clone()).unwrap_or_default(),
            args: problem.args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        }
    }

    /// A level alone, where no example is known.
    pub fn without_example(self) -> ProblemExample {
        ProblemExample { level: self.level, ..ProblemExample::default() }
    }

    /// All that are shipped, by code.
    pub fn shipped() -> &'static BTreeMap<String, ProblemExample> {
        &EXAMPLES
    }

    /// The problem that it was made of; `None` where only the level is known.
    fn problem(&'static self, code: &'static str) -> Option<Problem> {
        let file = self.file.as_deref()?;
        let place = match (self.cell, self.line) {
            (Some((row, column)), _) => Place::cell(file, self.sheet.as_deref(), row, column),
            (None, Some((line, column))) => Place::line(file, line, column),
            (None, None) if self.sheet.is_some() => Place::sheet(file, self.sheet.as_deref()),
            (None, None) => Place::file(file),
        };
        let severity = [Severity::Error, Severity::Warning, Severity::Note];
        let severity = severity.into_iter().find(|severity| severity.code() == self.level)?;
        let problem = Problem {
            code,
            variant: self.variant.as_deref(),
            severity,
            places: vec![place],
            count: 1,
            repeats: Vec::new(),
            args: self.args.iter().map(|(name, value)| (name.as_str(), value.clone())).collect(),
            excerpt: None,
            reports: None,
        };
        let has_excerpt = !self.excerpt.is_empty();
        Some(if has_excerpt { problem.excerpt(self.excerpt.clone(), self.faulty) } else { problem })
    }
}

pub(super) fn topic(words: &TopicWords) -> Topic {
    let catalogue = Catalogue::new(&words.lang);
    let entries = catalogue.codes().map(|code| entry(code, &catalogue, words)).collect();
    Topic::new(words, vec![TopicPart::untitled(entries, words)])
}

fn entry(code: &'static str, catalogue: &Catalogue, words: &TopicWords) -> TopicEntry {
    let found = EXAMPLES.get(code);
    let (message, _) = catalogue.entry(code);
    let mut details: Vec<String> = found.map(|example| words.word(&example.level)).into_iter().collect();
    let printed = found.and_then(|example| example.problem(code));
    let printed = printed.map(|problem| print_problem(&problem, catalogue, FOLDER, CellListing::First));
    details.push(words.word("says"));
    for (message, help) in catalogue.wordings(code) {
        details.push(format!("- {}", with_dots(message)));
        details.extend(help.map(|help| format!("= {}", with_dots(help))));
    }
    let input = found.and_then(|example| example.input.as_deref());
    let input = input.map(|input| format!("{}\n\n{}\n\n", words.word("example"), input.trim_end()));
    let example = printed.map(|printed| match input {
        Some(input) => format!("{input}{}\n\n{printed}", words.word("printed")),
        None => printed,
    });
    TopicEntry { details, example, ..TopicEntry::new(code, Term::Code(code.to_owned()), vec![with_dots(message)]) }
}

/// A sentence with `…` for what is filled in.
fn with_dots(text: &str) -> String {
    fill_placeholders(text, |_| Some("…".to_owned()))
}
