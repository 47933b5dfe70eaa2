//! Indicators that lag, or are far ahead, without an explanation.

use std::collections::BTreeMap;

use crate::diagnostic::{Place, Problem, ProblemKind, Severity, Spot, kinds};
use crate::indicators::{PeriodFigures, Status};
use crate::model::{CommentColumn, Indicator, IndicatorId, Project};

/// Used in place of a status where an indicator passes its target by more than the limit.
const OVER: &str = "over";

/// A problem for each indicator that owes an explanation by the limits of `[progress]` in a period without one: a comment
/// in *reported* for the period, or for one inside it that ends with it. Only indicators that are `shown` count.
pub fn find_unexplained_variances(
    project: &Project,
    figures: &PeriodFigures,
    shown: impl Fn(IndicatorId) -> bool,
    severity: Severity,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (id, figure) in project.logframe.indicator_ids().zip(&figures.figures).filter(|(id, _)| shown(*id)) {
        let limits = project.settings.progress;
        if figure.owes_explanation(limits) && !is_explained(project, figures, id) {
            let status = if figure.is_over(limits) { OVER } else { figure.status.map_or("", Status::code) };
            let (kind, place) = missing_explanation(project, figures, id, status);
            problems.push(Problem::new(severity, kind).at(place));
        }
    }
    problems
}

/// The problem and the cell where the explanation is to be written: in the row of the indicator and the period, else below
/// the table.
fn missing_explanation(
    project: &Project,
    figures: &PeriodFigures,
    id: IndicatorId,
    status: &str,
) -> (ProblemKind, Place) {
    let own = project.logframe.indicator(id);
    let (indicator, period, status) = (own.code.clone(), figures.period.code.clone(), status.to_owned());
    let Some(CommentColumn { sheet, column, example, next_row }) = &project.sources.comments else {
        return (kinds::UnexplainedVariance::NoTable { indicator, period, status }.into(), place_of(project, own));
    };
    let source = project.sources.get(*sheet);
    let name = source.sheet.clone().unwrap_or_else(|| source.file.clone());
    let Some((column, heading)) = column else {
        let column = example.clone();
        let kind = kinds::UnexplainedVariance::NoColumn { column, indicator, period, sheet: name, status };
        return (kind.into(), Place::sheet(&source.file, source.sheet.as_deref()));
    };
    let reported = project.logframe.reported.iter();
    let mut own_rows = reported.filter(|row| row.indicator == id && row.row.sheet == *sheet);
    let row = own_rows.find(|row| row.period.code == figures.period.code).map_or(*next_row, |row| row.row.row);
    let kind = kinds::UnexplainedVariance::Plain { column: heading.clone(), indicator, period, sheet: name, status };
    (kind.into(), Place::cell(&source.file, source.sheet.as_deref(), row, *column))
}

fn place_of(project: &Project, indicator: &Indicator) -> Place {
    let source = project.sources.get(indicator.row.sheet);
    Place::cell(&source.file, source.sheet.as_deref(), indicator.row.row, 0)
}

fn is_explained(project: &Project, figures: &PeriodFigures, id: IndicatorId) -> bool {
    project.logframe.reported.iter().any(|reported| {
        reported.indicator == id
            && !reported.comment.is_empty()
            && reported.period.end == figures.period.end
            && reported.period.start >= figures.period.start
    })
}

/// Makes one problem of all warnings of missing explanations, so that they don't bury what else there is. Errors stay as
/// they are: each stops the report that it is about.
pub(super) fn fold_variances(problems: &mut Vec<Problem>) {
    let mut folded: Vec<Problem> = Vec::new();
    let mut groups: BTreeMap<(String, Option<String>, u32), usize> = BTreeMap::new();
    for mut problem in std::mem::take(problems) {
        let Some(key) = group_key(&problem) else {
            folded.push(problem);
            continue;
        };
        let Some(&at) = groups.get(&key) else {
            groups.insert(key, folded.len());
            folded.push(problem);
            continue;
        };
        let group = &mut folded[at];
        let both = group.reports.take().into_iter().zip(problem.reports.take());
        let mut reports: Vec<String> = both.flat_map(|(own, other)| [own, other]).flatten().collect();
        reports.sort();
        reports.dedup();
        group.reports = Some(reports);
        group.add_repeat(problem);
    }
    *problems = folded;
}

/// Explanations that are to be written into one column of a sheet go together.
fn group_key(problem: &Problem) -> Option<(String, Option<String>, u32)> {
    let is_missing = problem.code == kinds::UnexplainedVariance::CODE && problem.severity == Severity::Warning;
    let place = problem.places.first().filter(|_| is_missing)?;
    match &place.spot {
        Spot::Cell { sheet, column, .. } => Some((place.file.clone(), sheet.clone(), *column)),
        Spot::File | Spot::Sheet { .. } | Spot::TableCell { .. } | Spot::Line { .. } => None,
    }
}
