use std::cell::OnceCell;
use std::path::Path;

use super::counted_columns::counted_columns;
use super::recorded_rows::SentRows;
use crate::diagnostic::{PLACES_SHOWN, Place, Problem, ProblemKind, kinds, number_argument, tell_apart};
use crate::indicators::{Figures, Scope};
use crate::locale::Locale;
use crate::model::{Amount, Calculation, IndicatorId, Period, Project, RowPlace};
use crate::output::{
    RecordedRows, RowChanges, SentAmount, SentIndicator, StateComparison, Submission, SubmissionError,
};

/// A figure that is not what a submitted report said, and the rows that made the difference.
#[derive(Clone, Debug)]
pub struct Restatement {
    /// Name of the submitted report.
    pub report: String,
    /// What it reported on.
    pub period: Period,
    /// Which version of the report said it.
    pub version: u32,
    /// No later version was submitted.
    pub is_latest: bool,
    /// Whose figure it is.
    pub indicator: IndicatorId,
    /// Which of the indicator's values.
    pub scope: Scope,
    /// As it was sent.
    pub old: Option<Amount>,
    /// As the data says today.
    pub new: Option<Amount>,
    /// The two values are printed differently: a document has nothing to say of digits that it rounds away.
    pub is_printed: bool,
    /// None if no rows were kept with the submission, or not with the project's key.
    pub rows: RowChanges,
}

/// What submitted reports said and the data doesn't say any more.
pub struct Restated {
    /// In the order of periods, reports, versions and indicators.
    pub figures: Vec<Restatement>,
    /// What was submitted, in the order of periods, reports and versions.
    pub submissions: Vec<Submission>,
    /// A warning for each figure that the latest version of a report said otherwise, and for each submission that can't
    /// be read.
    pub problems: Vec<Problem>,
}

impl Restated {
    /// The versions of a report that were submitted for a period, in their order.
    pub fn versions(&self, report: &str, period: &str) -> impl DoubleEndedIterator<Item = &Submission> {
        self.submissions.iter().filter(move |sent| sent.report == report && sent.period == period)
    }
}

/// Compares everything that was submitted from `folder` with today's figures.
pub fn find_restated(folder: &Path, project: &Project, figures: &Figures) -> Restated {
    let (submissions, errors) = Submission::read_all(folder);
    let is_latest = |sent: &Submission| {
        let is_later = |other: &Submission| {
            (&other.report, &other.period) == (&sent.report, &sent.period) && other.version > sent.version
        };
        !submissions.iter().any(is_later)
    };
    let rows = SentRows::new(folder, project, figures);
    let restated: Vec<Restatement> =
        submissions.iter().flat_map(|sent| compare(project, figures, &rows, sent, is_latest(sent))).collect();
    let unreadable = errors.into_iter().map(report_unreadable);
    let in_clear = submissions.iter().filter(|sent| sent.holds_rows()).map(report_rows_in_clear);
    let latest: Vec<&Restatement> = restated.iter().filter(|figure| figure.is_latest).collect();
    let by_cause = latest.chunk_by(|a, b| is_of_one_cause(a, b));
    let latest = by_cause.flat_map(|figures| report_cause(project, figures));
    let problems = unreadable.chain(in_clear).chain(latest).collect();
    Restated { figures: restated, submissions, problems }
}

fn compare(
    project: &Project,
    figures: &Figures,
    rows: &SentRows,
    submission: &Submission,
    is_latest: bool,
) -> Vec<Restatement> {
    let Some(current) = figures.periods.iter().find(|period| period.period.code == submission.period) else {
        return Vec::new();
    };
    let days = (current.period.start.to_string(), current.period.end.to_string());
    let mut restated = Vec::new();
    let sent_rows: OnceCell<Option<RecordedRows>> = OnceCell::new();
    let compared: OnceCell<Option<StateComparison>> = OnceCell::new();
    for id in project.logframe.indicator_ids() {
        let Some(sent) = submission.indicators.get(&project.logframe.indicator(id).code) else { continue };
        let figure = &current.figures[usize::from(id.0)];
        let changed: Vec<(Scope, Option<Amount>, Option<Amount>)> = [Scope::Period, Scope::Served, Scope::Cumulative]
            .into_iter()
            .map(|scope| (scope, sent_value(sent, scope), figure.value(scope)))
            .filter(|(_, old, new)| !is_same(*old, *new))
            .map(|(scope, old, new)| (scope, old.map(SentAmount::amount), new))
            .collect();
        if changed.is_empty() {
            continue;
        }
        let sent_rows = || sent_rows.get_or_init(|| rows.read(submission)).as_ref();
        let compared = compared.get_or_init(|| rows.compare(sent_rows()?)).as_ref();
        let code = &project.logframe.indicator(id).code;
        let states = compared.and_then(|compared| compared.rows_of(code, counted_columns(project, id)));
        for (scope, old, new) in changed {
            let field = format!("actual.{}", scope.code());
            let rows = states.as_ref().map(|states| states.changes_behind(&field, &days));
            restated.push(Restatement {
                report: submission.report.clone(),
                period: current.period.clone(),
                version: submission.version,
                is_latest,
                indicator: id,
                scope,
                old,
                new,
                is_printed: !is_printed_alike(project, id, old, new),
                rows: rows.unwrap_or_default(),
            });
        }
    }
    restated
}

fn sent_value(sent: &SentIndicator, scope: Scope) -> Option<&SentAmount> {
    match scope {
        Scope::Period => sent.period.as_ref(),
        Scope::Served => sent.served.as_ref(),
        Scope::Cumulative => sent.cumulative.as_ref(),
    }
}

/// Whether documents print two values of an indicator alike.
fn is_printed_alike(project: &Project, id: IndicatorId, old: Option<Amount>, new: Option<Amount>) -> bool {
    let locale = project.settings.languages.first().and_then(Locale::new);
    let is_fraction = matches!(project.logframe.indicator(id).calculation, Calculation::Ratio(..));
    let (Some(locale), Some(old), Some(new)) = (locale, old, new) else { return false };
    locale.figure(&old, is_fraction) == locale.figure(&new, is_fraction)
}

/// Absent is the same as absent only.
fn is_same(sent: Option<&SentAmount>, today: Option<Amount>) -> bool {
    match (sent, today) {
        (None, None) => true,
        (Some(sent), Some(today)) => sent.is_same_as(today),
        _ => false,
    }
}

fn report_rows_in_clear(submission: &Submission) -> Problem {
    Problem::warning(kinds::SubmissionHoldsRows).at(Place::file(&submission.path()))
}

fn report_unreadable(error: SubmissionError) -> Problem {
    Problem::warning(kinds::SubmissionUnreadable { why: error.reason }).at(Place::file(&error.file))
}

/// Whether two figures of one report changed because of the same rows.
fn is_of_one_cause(one: &Restatement, other: &Restatement) -> bool {
    (&one.report, &one.period.code, &one.rows) == (&other.report, &other.period.code, &other.rows)
}

/// One warning where the same rows changed figures of several indicators, else one of each value.
fn report_cause(project: &Project, figures: &[&Restatement]) -> Vec<Problem> {
    let first = figures[0];
    let rows = &first.rows;
    let is_one = figures.iter().all(|figure| figure.indicator == first.indicator);
    if is_one || rows.is_empty() || !rows.removed.is_empty() {
        let alike = figures.chunk_by(|a, b| is_told_alike(a, b));
        return alike.map(|figures| report_restated(project, figures)).collect();
    }
    let mut codes: Vec<&str> =
        figures.iter().map(|figure| project.logframe.indicator(figure.indicator).code.as_str()).collect();
    codes.dedup();
    let kind = kinds::Restated::Several {
        added: rows.added.len().to_string(),
        changed: (rows.changed.len() + rows.cells.len()).to_string(),
        indicators: codes.join(", "),
        period: first.period.code.clone(),
        report: first.report.clone(),
    };
    vec![at_rows(project, first, Problem::warning(kind))]
}

/// Whether two values of an indicator in one report changed alike, for the same reason.
fn is_told_alike(one: &Restatement, other: &Restatement) -> bool {
    (&one.report, &one.period.code, one.indicator) == (&other.report, &other.period.code, other.indicator)
        && (one.old, one.new, &one.rows) == (other.old, other.new, &other.rows)
}

/// A warning of values that changed alike.
fn report_restated(project: &Project, figures: &[&Restatement]) -> Problem {
    at_rows(project, figures[0], Problem::warning(restated_kind(project, figures)))
}

/// A problem at the first rows that changed a figure, or at its indicator if there are none.
fn at_rows(project: &Project, figure: &Restatement, mut problem: Problem) -> Problem {
    let rows = &figure.rows;
    let cells = rows.cells.iter().map(|cell| &cell.place);
    let shown = rows.added.iter().chain(&rows.changed).chain(cells.clone()).take(PLACES_SHOWN);
    problem.places = shown.map(place_of).collect();
    problem.count = ((rows.added.len() + rows.changed.len() + cells.len()) as u64).max(1);
    if problem.places.is_empty() {
        let row = project.logframe.indicator(figure.indicator).row;
        let source = project.sources.get(row.sheet);
        problem = problem.at(Place::cell(&source.file, source.sheet.as_deref(), row.row, 0));
    }
    problem
}

fn restated_kind(project: &Project, figures: &[&Restatement]) -> ProblemKind {
    let figure = figures[0];
    let rows = &figure.rows;
    let indicator = project.logframe.indicator(figure.indicator);
    let is_fraction = matches!(indicator.calculation, Calculation::Ratio(..));
    let write =
        |amount: Option<Amount>| amount.map_or_else(|| "—".to_owned(), |amount| number_argument(&amount, is_fraction));
    let indicator = indicator.code.clone();
    let scopes = figures.iter().map(|figure| figure.scope.code()).collect::<Vec<_>>().join(", ");
    let (period, report) = (figure.period.code.clone(), figure.report.clone());
    let (old, new) = tell_apart(write(figure.old), write(figure.new));
    let (added, changed) = (rows.added.len().to_string(), (rows.changed.len() + rows.cells.len()).to_string());
    if rows.is_empty() {
        kinds::Restated::Plain { indicator, new, old, period, report, scopes }
    } else if rows.removed.is_empty() {
        kinds::Restated::Rows { added, changed, indicator, new, old, period, report, scopes }
    } else {
        // Removed rows are nowhere any more: their places are given as they were.
        let (gone, was) = (rows.removed.len().to_string(), write_places(&rows.removed));
        kinds::Restated::Gone { added, changed, gone, indicator, new, old, period, report, scopes, was }
    }
    .into()
}

fn place_of(row: &RowPlace) -> Place {
    let column = row.spot.column.map_or(0, |column| u32::from(column.get()) - 1);
    match row.sheet.split_once(':') {
        Some((file, sheet)) => Place::cell(file, Some(sheet), row.spot.row, column),
        None => Place::cell(&row.sheet, None, row.spot.row, column),
    }
}

/// The first of some rows: `participants.xlsx:Присуства:17; …`.
fn write_places(rows: &[RowPlace]) -> String {
    let shown: Vec<String> = rows.iter().take(PLACES_SHOWN).map(RowPlace::to_string).collect();
    let more = if rows.len() > shown.len() { "; …" } else { "" };
    format!("{}{more}", shown.join("; "))
}
