//! Indicators that lag and that nobody explains.

use crate::diagnostic::{Place, Problem, Severity};
use crate::indicators::{PeriodFigures, Status};
use crate::model::{IndicatorId, Project};

/// Indicators that lag behind the limits of `[progress]` in a period without anybody explaining it: a comment in
/// *reported* for the period, or for one inside it that ends with it.
pub fn find_unexplained_variances(
    project: &Project,
    figures: &PeriodFigures,
    wanted: impl Fn(IndicatorId) -> bool,
    severity: Severity,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (id, figure) in project.logframe.indicator_ids().zip(&figures.figures).filter(|(id, _)| wanted(*id)) {
        let lags = matches!(figure.status, Some(Status::AtRisk | Status::OffTrack));
        if lags && !is_explained(project, figures, id) {
            let indicator = project.logframe.indicator(id);
            let source = project.sources.get(indicator.row.sheet);
            let place = Place::cell(&source.file, source.sheet.as_deref(), indicator.row.row, 0);
            let problem = Problem::new(severity, "unexplained-variance").at(place);
            let problem = problem.with("indicator", &indicator.code).with("period", &figures.period.code);
            problems.push(problem.with("status", figure.status.map_or("", Status::code)));
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
