use crate::indicators::{Figure, Figures, Part, Scope};
use crate::model::{Amount, Calculation, IndicatorId, Project, ReportSettings};

use super::standing::concerns_persons;
use super::{ReleasedAxis, ReleasedFigure, ReleasedPart, ReleasedPeriod, Shown};

const SCOPES: [Scope; 3] = [Scope::Period, Scope::Served, Scope::Cumulative];

/// What may be shown of every period to the readers of `reports`, which all have the same limit.
pub(super) fn settle(
    project: &Project,
    figures: &Figures,
    limit: u32,
    reports: &[&ReportSettings],
) -> Vec<ReleasedPeriod> {
    let _ = reports;
    figures
        .periods
        .iter()
        .map(|period| ReleasedPeriod {
            period: period.period.clone(),
            figures: project
                .logframe
                .indicator_ids()
                .zip(&period.figures)
                .map(|(id, figure)| settle_figure(project, id, figure, limit))
                .collect(),
        })
        .collect()
}

fn settle_figure(project: &Project, id: IndicatorId, figure: &Figure, limit: u32) -> ReleasedFigure {
    let indicator = project.logframe.indicator(id);
    let counts_people = matches!(indicator.calculation, Calculation::People | Calculation::Attendances);
    let axes = indicator
        .axes
        .iter()
        .zip(&figure.axes)
        .map(|(axis, figures)| {
            let mut parts: Vec<ReleasedPart> = figures.parts.iter().map(open).collect();
            let mut withheld = false;
            if counts_people && limit > 0 && concerns_persons(axis) {
                for scope in SCOPES {
                    hide(&mut parts, &figures.parts, scope, figure.value(scope), limit);
                }
                withheld = is_small(figure.cumulative, limit);
                if withheld {
                    parts.clear();
                }
            }
            ReleasedAxis { withheld, parts }
        })
        .collect();
    let mut totals = figure.clone();
    totals.axes.clear();
    ReleasedFigure { totals, axes }
}

fn open(part: &Part) -> ReleasedPart {
    ReleasedPart {
        key: part.key,
        period: Shown::Value(part.period),
        served: Shown::Value(part.served),
        cumulative: Shown::Value(part.cumulative),
    }
}

fn hide(shown: &mut [ReleasedPart], parts: &[Part], scope: Scope, total: Option<Amount>, limit: u32) {
    if is_small(total, limit) {
        for part in shown.iter_mut() {
            *slot(part, scope) = Shown::Withheld;
        }
        return;
    }
    let mut hidden = 0;
    for (shown, part) in shown.iter_mut().zip(parts) {
        if is_small(part.value(scope), limit) {
            *slot(shown, scope) = Shown::Below(limit);
            hidden += 1;
        }
    }
    if hidden == 1 {
        let companion = parts
            .iter()
            .enumerate()
            .filter(|(_, part)| part.value(scope).is_some_and(|value| value.from >= limit.into()))
            .min_by_key(|(at, part)| (part.value(scope).map(|value| value.from), *at));
        if let Some((at, _)) = companion {
            *slot(&mut shown[at], scope) = Shown::Withheld;
        }
    }
}

fn slot(part: &mut ReleasedPart, scope: Scope) -> &mut Shown {
    match scope {
        Scope::Period => &mut part.period,
        Scope::Served => &mut part.served,
        Scope::Cumulative => &mut part.cumulative,
    }
}

fn is_small(value: Option<Amount>, limit: u32) -> bool {
    value.and_then(|amount| amount.single()).is_some_and(|value| value > 0.into() && value < limit.into())
}
