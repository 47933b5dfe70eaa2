use rust_decimal::Decimal;
use serde::Serialize;

use super::MessageLanguage;
use super::state::{CountedProject, Drawable, Reading};
use crate::diagnostic::{Problem, Spot};
use crate::indicators::{Figure, PeriodFigures, Progress, Scope, Status};
use crate::locale::Locale;
use crate::model::{Amount, Calculation, Indicator, Lang, Project, Text};

/// The three values of a figure, by the names that the page asks with.
pub(super) const SCOPES: [(&str, Scope); 3] =
    [("period", Scope::Period), ("served", Scope::Served), ("cumulative", Scope::Cumulative)];

/// A reading of the folder as the page gets it; all texts are data, to be shown as text.
#[derive(Serialize)]
pub(super) struct View<'a> {
    revision: u64,
    problems: Vec<ProblemView<'a>>,
    /// Of the reading that the figures are of.
    counted: Option<FiguresView<'a>>,
    counted_now: bool,
    documents: Vec<DocumentView<'a>>,
    drawn_now: bool,
}

#[derive(Serialize)]
struct ProblemView<'a> {
    code: &'static str,
    level: &'static str,
    message: String,
    help: Option<String>,
    count: u64,
    places: Vec<PlaceView<'a>>,
    excerpt: Vec<ExcerptCell<'a>>,
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
struct FiguresView<'a> {
    revision: u64,
    code: &'a str,
    title: LocalText<'a>,
    notice: Option<LocalText<'a>>,
    periods: Vec<PeriodView<'a>>,
}

#[derive(Serialize)]
struct PeriodView<'a> {
    code: &'a str,
    name: String,
    figures: Vec<FigureView<'a>>,
}

#[derive(Serialize)]
struct FigureView<'a> {
    code: &'a str,
    title: LocalText<'a>,
    unit: LocalText<'a>,
    period: String,
    served: Option<String>,
    cumulative: String,
    target_due: String,
    target_total: String,
    progress: String,
    status: StatusView,
}

#[derive(Serialize)]
struct StatusView {
    code: &'static str,
    text: &'static str,
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
    text: &'a str,
    lang: &'a str,
}

pub(super) fn view_of<'a>(state: &'a Reading, language: &MessageLanguage) -> View<'a> {
    View {
        revision: state.revision,
        problems: state.problems.iter().map(|problem| problem_view(problem, language)).collect(),
        counted: state.counted.as_deref().map(|counted| counted_view(counted, &language.locale)),
        counted_now: state.counted_now,
        documents: state.drawables.iter().map(AsRef::as_ref).map(document_view).collect(),
        drawn_now: state.drawn_now,
    }
}

fn problem_view<'a>(problem: &'a Problem, language: &MessageLanguage) -> ProblemView<'a> {
    let sentences = language.catalogue.sentences(problem);
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
        code: problem.code,
        level: problem.severity.code(),
        message: sentences.message,
        help: sentences.help,
        count: problem.count,
        places: problem.places.iter().map(place).collect(),
        excerpt: excerpt.unwrap_or_default(),
    }
}

fn counted_view<'a>(counted: &'a CountedProject, locale: &Locale) -> FiguresView<'a> {
    let project = &counted.project;
    let settings = &project.settings;
    let notice = Some(&settings.notice).filter(|notice| !notice.is_empty());
    FiguresView {
        revision: counted.revision,
        code: &settings.code,
        title: local_text(&settings.title, project, locale),
        notice: notice.map(|notice| local_text(notice, project, locale)),
        periods: counted.figures.periods.iter().map(|figures| period_view(figures, project, locale)).collect(),
    }
}

fn period_view<'a>(figures: &'a PeriodFigures, project: &'a Project, locale: &Locale) -> PeriodView<'a> {
    let lines = project.logframe.indicators.iter().zip(&figures.figures);
    PeriodView {
        code: &figures.period.code,
        name: locale.period_name(&figures.period),
        figures: lines.map(|(indicator, figure)| figure_view(indicator, figure, project, locale)).collect(),
    }
}

fn figure_view<'a>(indicator: &'a Indicator, figure: &Figure, project: &'a Project, locale: &Locale) -> FigureView<'a> {
    let target = |value: Option<Decimal>| amount(indicator, value.map(Amount::exact), locale);
    let hedge = figure.level.and_then(|level| level.hedge);
    let progress = |progress: Progress| locale.progress(progress.from, progress.to, hedge);
    let status = figure.status.map(Status::code);
    FigureView {
        code: &indicator.code,
        title: local_text(&indicator.title, project, locale),
        unit: local_text(&indicator.unit, project, locale),
        period: amount(indicator, figure.period, locale),
        served: figure.served.map(|served| amount(indicator, Some(served), locale)),
        cumulative: amount(indicator, figure.cumulative, locale),
        target_due: target(figure.target_due),
        target_total: target(figure.target_total),
        progress: figure.progress.map_or_else(|| locale.absent().to_owned(), progress),
        status: StatusView { code: status.unwrap_or("absent"), text: locale.status(status) },
    }
}

/// A value as the language writes it.
pub(super) fn amount(indicator: &Indicator, amount: Option<Amount>, locale: &Locale) -> String {
    let percent = matches!(indicator.calculation, Calculation::Ratio(..));
    amount.map_or_else(|| locale.absent().to_owned(), |amount| locale.figure(&amount, percent))
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
pub(super) fn local_text<'a>(text: &'a Text, project: &'a Project, locale: &Locale) -> LocalText<'a> {
    let mut wanted = std::iter::once(locale.lang()).chain(&project.settings.languages);
    let found = wanted.find_map(|lang| text.iter().find(|(known, _)| *known == lang)).or_else(|| text.iter().next());
    found.map_or(LocalText { text: "", lang: "" }, |(lang, text)| LocalText { text, lang: lang.as_str() })
}
