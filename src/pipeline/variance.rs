//! Indicators that lag, or are far ahead, without an explanation.

use rust_decimal::Decimal;

use crate::diagnostic::{Place, Problem, Severity, kinds};
use crate::indicators::{PeriodFigures, Status};
use crate::model::{IndicatorId, Project};

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
            let indicator = project.logframe.indicator(id);
            let source = project.sources.get(indicator.row.sheet);
            let place = Place::cell(&source.file, source.sheet.as_deref(), indicator.row.row, 0);
            let (code, period) = (indicator.code.clone(), figures.period.code.clone());
            let kind = if figure.is_over(limits) {
                let limit = (limits.over * Decimal::ONE_HUNDRED).normalize().to_string();
                kinds::UnexplainedVariance::Over { indicator: code, period, limit }
            } else {
                let status = figure.status.map_or("", Status::code).to_owned();
                kinds::UnexplainedVariance::Plain { indicator: code, period, status }
            };
            problems.push(Problem::new(severity, kind).at(place));
        }
    }
    problems
}

fn is_explained(project: &Project, figures: &PeriodFigures, id: IndicatorId) -> bool {
    project.logframe.reported.iter().any(|reported| {
        reported.indicator == id
            && !reported.comment.is_empty()
            && reported.period.end == figures.period.end
            && reported.period.start >= figures.period.start
    })
}
