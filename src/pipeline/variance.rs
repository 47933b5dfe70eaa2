//! Indicators that lag without an explanation.

use crate::diagnostic::{Place, Problem, Severity, kinds};
use crate::indicators::{PeriodFigures, Status};
use crate::model::{IndicatorId, Project};

/// A problem for each indicator that lags behind the limits of `[progress]` in a period without an explanation: a comment
/// in *reported* for the period, or for one inside it that ends with it. Only indicators that are `shown` count.
pub fn find_unexplained_variances(
    project: &Project,
    figures: &PeriodFigures,
    shown: impl Fn(IndicatorId) -> bool,
    severity: Severity,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (id, figure) in project.logframe.indicator_ids().zip(&figures.figures).filter(|(id, _)| shown(*id)) {
        let lags = matches!(figure.status, Some(Status::AtRisk | Status::OffTrack));
        if lags && !is_explained(project, figures, id) {
            let indicator = project.logframe.indicator(id);
            let source = project.sources.get(indicator.row.sheet);
            let place = Place::cell(&source.file, source.sheet.as_deref(), indicator.row.row, 0);
            let kind = kinds::UnexplainedVariance {
                indicator: indicator.code.clone(),
                period: figures.period.code.clone(),
                status: figure.status.map_or("", Status::code).to_owned(),
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
