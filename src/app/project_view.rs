use std::collections::BTreeMap;

use serde::Serialize;

use super::MessageLanguage;
use super::figures_view::FiguresView;
use super::outputs_view::{SentView, UnitView};
use super::reading::{Drawable, Reading, ReadingTexts};
use crate::diagnostic::{Problem, Spot};
use crate::locale::Locale;
use crate::model::{Lang, Text};

/// A reading of the folder as the page gets it; all texts are data, to be shown as text.
#[derive(Serialize)]
pub(super) struct View<'a> {
    revision: u64,
    problems: Vec<ProblemGroup<'a>>,
    /// Of the reading that the figures are of.
    counted: Option<FiguresView<'a>>,
    counted_now: bool,
    documents: Vec<DocumentView<'a>>,
    drawn_now: bool,
    units: &'a [UnitView],
    sent: &'a [SentView],
    up_to_date: bool,
    /// Figures that a build would change.
    waiting: &'a [String],
}

/// Problems of one kind: what has to be done is the same for all of them.
#[derive(Serialize)]
pub(super) struct ProblemGroup<'a> {
    code: &'static str,
    level: &'static str,
    /// How many there are in all.
    count: u64,
    /// The remedy, where it is word for word the same.
    help: Option<String>,
    problems: Vec<ProblemView<'a>>,
}

#[derive(Serialize)]
struct ProblemView<'a> {
    /// Its place among the problems of the reading.
    at: usize,
    message: String,
    help: Option<String>,
    count: u64,
    places: Vec<PlaceView<'a>>,
    excerpt: Vec<ExcerptCell<'a>>,
    /// What to write in the cell, where that is known.
    instead: Option<&'a str>,
}

#[derive(Serialize)]
struct PlaceView<'a> {
    file: &'a str,
    sheet: Option<&'a str>,
    cell: Option<String>,
    line: Option<String>,
}

#[derive(Serialize)]
struct ExcerptCell<'a> {
    column: &'a str,
    value: &'a str,
    faulty: bool,
}

#[derive(Serialize)]
struct DocumentView<'a> {
    id: &'a str,
    report: &'a str,
    period: &'a str,
    languages: Vec<&'a str>,
    title: &'a str,
}

/// A text of the project with the language that it is in.
#[derive(Serialize)]
pub(super) struct LocalText<'a> {
    pub text: &'a str,
    pub lang: &'a str,
}

pub(super) fn view_of<'a>(reading: &'a Reading, texts: &'a ReadingTexts, language: &MessageLanguage) -> View<'a> {
    View {
        revision: reading.revision,
        problems: problem_groups(&reading.problems, language),
        counted: reading.counted.as_deref().map(|counted| FiguresView::new(counted, &language.locale)),
        counted_now: reading.counted_now,
        documents: reading.drawables.iter().map(AsRef::as_ref).map(document_view).collect(),
        drawn_now: reading.drawn_now,
        units: &texts.units,
        sent: &texts.sent,
        up_to_date: reading.up_to_date,
        waiting: &texts.waiting,
    }
}

/// Errors first, the kinds in the order in which they come up.
pub(super) fn problem_groups<'a>(problems: &'a [Problem], language: &MessageLanguage) -> Vec<ProblemGroup<'a>> {
    let mut groups: Vec<ProblemGroup> = Vec::new();
    let mut places = BTreeMap::new();
    for (at, problem) in problems.iter().enumerate() {
        let view = problem_view(at, problem, language);
        let level = problem.severity.code();
        let place = *places.entry((problem.severity, problem.code)).or_insert_with(|| {
            groups.push(ProblemGroup { code: problem.code, level, count: 0, help: None, problems: Vec::new() });
            groups.len() - 1
        });
        groups[place].count += problem.count;
        groups[place].problems.push(view);
    }
    for group in &mut groups {
        let first = group.problems[0].help.clone();
        if group.problems.iter().all(|problem| problem.help == first) {
            group.problems.iter_mut().for_each(|problem| problem.help = None);
            group.help = first;
        }
    }
    groups
}

fn problem_view<'a>(at: usize, problem: &'a Problem, language: &MessageLanguage) -> ProblemView<'a> {
    let sentences = language.catalogue.sentences(problem);
    let of_group = if problem.repeats.is_empty() { None } else { language.catalogue.group_sentence(problem) };
    let place = |place: &'a crate::diagnostic::Place| {
        let spot = place.spot_name();
        let in_text = matches!(place.spot, Spot::Line { .. });
        let (cell, line) = if in_text { (None, spot) } else { (spot, None) };
        PlaceView { file: &place.file, sheet: place.sheet_name(), cell, line }
    };
    let excerpt = problem.excerpt.as_ref().map(|excerpt| {
        let cells = excerpt.cells.iter().enumerate();
        cells.map(|(at, (column, value))| ExcerptCell { column, value, faulty: excerpt.faulty == Some(at) }).collect()
    });
    ProblemView {
        at,
        message: of_group.unwrap_or(sentences.message),
        help: sentences.help,
        count: problem.count,
        places: problem.places.iter().map(place).collect(),
        excerpt: excerpt.unwrap_or_default(),
        instead: problem.args.get("nearest").map(String::as_str),
    }
}

fn document_view(drawable: &Drawable) -> DocumentView<'_> {
    DocumentView {
        id: &drawable.fingerprint,
        report: &drawable.report,
        period: &drawable.period,
        languages: drawable.languages.iter().map(Lang::as_str).collect(),
        title: &drawable.document.title,
    }
}

/// A text in the page's language, else in the first of the project's that has it.
pub(super) fn local_text<'a>(text: &'a Text, languages: &[Lang], locale: &Locale) -> LocalText<'a> {
    let mut wanted = std::iter::once(locale.lang()).chain(languages);
    let found = wanted.find_map(|lang| text.iter().find(|(known, _)| *known == lang)).or_else(|| text.iter().next());
    found.map_or(LocalText { text: "", lang: "" }, |(lang, text)| LocalText { text, lang: lang.as_str() })
}
