use std::collections::BTreeSet;

use crate::indicators::{Figure, Figures, PartFigures, Scope};
use crate::model::{Axis, Calculation, DistinctColumn, IndicatorId, Participants, Period, Project, ReportSettings};

use super::cells::CellState;
use super::head_counts::release_head_counts;
use super::ledger::{build_ledger, depends_on, is_narrowed_by, normalize_axis};
use super::limits::SuppressionLimits;
use super::shown_indicators::{Published, person_indicators_behind};
use super::suppression::{SuppressionPattern, suppress};
use super::{Released, ReleasedAxis, ReleasedFigure, ReleasedPart, ReleasedPeriod, ReleasedValue};

/// What the readers of some reports may see.
#[derive(Clone, Debug)]
pub(super) struct Decision {
    pub periods: Vec<ReleasedPeriod>,
    /// Indicators whose rows would reveal who has one of the hidden values.
    pub without_evidence: BTreeSet<IndicatorId>,
}

impl Decision {
    /// What reports of this limit show that list participants alike.
    pub fn to_released(&self, limits: &SuppressionLimits, participants: Participants) -> Released {
        let Decision { periods, without_evidence } = self;
        let (periods, without_evidence) = (periods.clone(), without_evidence.clone());
        Released { suppress_below: limits.default, participants, periods, without_evidence }
    }
}

/// What may be shown of every period to the readers of `reports`, which all have the same limits.
/// What none of them shows is withheld, so that no other output can show it.
pub(super) fn release_periods(
    project: &Project,
    figures: &Figures,
    limits: &SuppressionLimits,
    reports: &[&ReportSettings],
) -> Decision {
    let published = Published::new(project, figures, reports);
    let ledger = build_ledger(project, figures, &published, limits);
    let mut without_evidence = BTreeSet::new();
    if let Some(ledger) = &ledger {
        let is_telling = |id: &IndicatorId| {
            let indicator = project.logframe.indicator(*id);
            let mut conditions = indicator.conditions.iter();
            indicator.calculation.over_attendances()
                && conditions.any(|condition| depends_on(condition, &ledger.attributes))
        };
        without_evidence.extend(project.logframe.indicator_ids().filter(is_telling));
    }
    let pattern = ledger.as_ref().map(suppress);
    let view = ReaderView { project, limits, published, pattern };
    let periods = figures.periods.iter().enumerate().map(|(at, period)| ReleasedPeriod {
        period: period.period.clone(),
        figures: project
            .logframe
            .indicator_ids()
            .zip(&period.figures)
            .map(|(id, figure)| view.release_figure(at, &period.period, id, figure))
            .collect(),
    });
    let mut periods: Vec<ReleasedPeriod> = periods.collect();
    release_head_counts(project, figures, limits, reports, &mut periods);
    without_evidence.extend(sums_of_parts(project));
    Decision { periods, without_evidence }
}

/// Indicators that add up a part of head counts, whose rows would reveal it of single activities.
fn sums_of_parts(project: &Project) -> impl Iterator<Item = IndicatorId> {
    project.logframe.indicator_ids().filter(|id| match project.logframe.indicator(*id).calculation {
        Calculation::Sum(column)
        | Calculation::Reach(column)
        | Calculation::Distinct(DistinctColumn::Activity(column)) => project.activities.head_counts.has_part(column),
        _ => false,
    })
}

/// What the readers of one limit may see.
struct ReaderView<'a> {
    project: &'a Project,
    limits: &'a SuppressionLimits,
    published: Published,
    /// `None` where nothing of persons is published on an axis that isn't open.
    pattern: Option<SuppressionPattern<'a>>,
}

impl ReaderView<'_> {
    fn release_figure(&self, at: usize, period: &Period, id: IndicatorId, figure: &Figure) -> ReleasedFigure {
        let indicator = self.project.logframe.indicator(id);
        let axes = indicator.axes.iter().zip(&figure.axes).map(|(axis, parts)| {
            let counted = self.telling_indicators(id, axis);
            if self.limits.default == 0 || counted.is_empty() {
                return ReleasedAxis { withheld: false, parts: parts.parts.iter().map(release_unchanged).collect() };
            }
            if !self.published.shows(at, id) {
                return ReleasedAxis { withheld: true, parts: Vec::new() };
            }
            match &self.pattern {
                Some(pattern) => self.release_axis(pattern, period, figure, axis, &parts.parts, id, &counted),
                None => ReleasedAxis { withheld: false, parts: parts.parts.iter().map(release_unchanged).collect() },
            }
        });
        let axes = axes.collect();
        let mut totals = figure.clone();
        totals.axes.clear();
        ReleasedFigure { totals, axes }
    }

    /// The indicators of persons behind a figure whose parts on an axis are about persons. By a column of activities those do
    /// that a hidden attribute narrows.
    fn telling_indicators(&self, id: IndicatorId, axis: &Axis) -> BTreeSet<IndicatorId> {
        let mut counted = person_indicators_behind(self.project, id);
        if !axis.is_personal() {
            let attributes = self.pattern.as_ref().map_or(&[][..], SuppressionPattern::attributes);
            let is_telling = |id: &IndicatorId| {
                let indicator = self.project.logframe.indicator(*id);
                attributes.iter().any(|attribute| is_narrowed_by(indicator, *attribute))
            };
            counted.retain(is_telling);
        }
        counted
    }

    /// An axis of an indicator of persons, or of a ratio over the indicators `counted`. A ratio's part is shown only where all
    /// that it is made of is, since whoever knows one of the numbers can derive the other.
    #[expect(clippy::too_many_arguments, reason = "one axis of a figure, each thing once")]
    fn release_axis(
        &self,
        pattern: &SuppressionPattern,
        period: &Period,
        figure: &Figure,
        axis: &Axis,
        parts: &[PartFigures],
        id: IndicatorId,
        counted: &BTreeSet<IndicatorId>,
    ) -> ReleasedAxis {
        if counted.iter().any(|counted| pattern.is_axis_withheld(*counted, axis, period)) {
            return ReleasedAxis { withheld: true, parts: Vec::new() };
        }
        let itself = counted.contains(&id);
        let shown = |part: &PartFigures, scope: Scope| {
            let value = ReleasedValue::Value(part.value(scope));
            if figure.value(scope).is_none() && part.value(scope).is_none() {
                return value;
            }
            // A ratio of people takes those served for its period value.
            let counts_people =
                |id: IndicatorId| self.project.logframe.indicator(id).calculation == Calculation::People;
            let states = counted.iter().map(|counted| {
                let is_of_served = scope == Scope::Period && !itself && counts_people(*counted);
                let scope = if is_of_served { Scope::Served } else { scope };
                pattern.state(*counted, axis, part.key, period, scope)
            });
            match (states.max_by_key(|state| *state as u8), itself) {
                (Some(CellState::Shown), _) => value,
                (Some(CellState::Below), true) => {
                    ReleasedValue::Below(self.limits.of_axis(self.project, normalize_axis(axis).0))
                }
                _ => ReleasedValue::Withheld,
            }
        };
        let parts = parts.iter().map(|part| ReleasedPart {
            key: part.key,
            period: shown(part, Scope::Period),
            served: shown(part, Scope::Served),
            cumulative: shown(part, Scope::Cumulative),
        });
        ReleasedAxis { withheld: false, parts: parts.collect() }
    }
}

fn release_unchanged(part: &PartFigures) -> ReleasedPart {
    ReleasedPart {
        key: part.key,
        period: ReleasedValue::Value(part.period),
        served: ReleasedValue::Value(part.served),
        cumulative: ReleasedValue::Value(part.cumulative),
    }
}
