use std::collections::BTreeMap;

use crate::indicators::{Figure, Figures, PartFigures, PartKey, Scope};
use crate::model::{Axis, IndicatorId, Project, ReportSettings};

use super::knowledge::CellState;
use super::ledger::{LedgerIndex, build_ledger};
use super::shown_indicators::{Published, person_indicators_behind};
use super::suppression::{SuppressionPattern, suppress};
use super::{ReleasedAxis, ReleasedFigure, ReleasedPart, ReleasedPeriod, ReleasedValue};

/// What may be shown of every period to the readers of `reports`, which all have the same limit.
/// What none of them shows is withheld, so that no other output can show it.
pub(super) fn release_periods(
    project: &Project,
    figures: &Figures,
    limit: u32,
    reports: &[&ReportSettings],
) -> Vec<ReleasedPeriod> {
    let published = Published::new(project, figures, reports);
    let mut suppressed = BTreeMap::new();
    if limit > 0 {
        for id in project.logframe.indicator_ids() {
            if person_indicators_behind(project, id).contains(&id)
                && let Some(index) = build_ledger(project, figures, &published, id, limit)
            {
                let pattern = suppress(&index.ledger);
                suppressed.insert(id, SuppressedLedger { index, pattern });
            }
        }
    }
    let view = ReaderView { project, limit, published, suppressed };
    let periods = figures.periods.iter().enumerate();
    periods
        .map(|(at, period)| ReleasedPeriod {
            period: period.period.clone(),
            figures: project
                .logframe
                .indicator_ids()
                .zip(&period.figures)
                .map(|(id, figure)| view.release_figure(at, id, figure))
                .collect(),
        })
        .collect()
}

struct SuppressedLedger {
    index: LedgerIndex,
    pattern: SuppressionPattern,
}

/// What the readers of one limit may see.
struct ReaderView<'a> {
    project: &'a Project,
    limit: u32,
    published: Published,
    suppressed: BTreeMap<IndicatorId, SuppressedLedger>,
}

impl ReaderView<'_> {
    fn release_figure(&self, period: usize, id: IndicatorId, figure: &Figure) -> ReleasedFigure {
        let indicator = self.project.logframe.indicator(id);
        let axes = indicator.axes.iter().zip(&figure.axes).map(|(axis, parts)| {
            let counted = person_indicators_behind(self.project, id);
            if self.limit == 0 || counted.is_empty() || !axis.is_personal() {
                return ReleasedAxis { withheld: false, parts: parts.parts.iter().map(release_unchanged).collect() };
            }
            let itself = counted.contains(&id);
            let of: Option<Vec<&SuppressedLedger>> = counted.iter().map(|id| self.suppressed.get(id)).collect();
            match of {
                Some(of) if self.published.shows(period, id) => {
                    self.release_axis(period, figure, axis, &parts.parts, &of, itself)
                }
                _ => ReleasedAxis { withheld: true, parts: Vec::new() },
            }
        });
        let axes = axes.collect();
        let mut totals = figure.clone();
        totals.axes.clear();
        ReleasedFigure { totals, axes }
    }

    /// An axis of an indicator of persons, or of a ratio over the indicators `of`. A ratio's part is shown only where all that
    /// it is made of is, since whoever knows one of the numbers can derive the other.
    fn release_axis(
        &self,
        period: usize,
        figure: &Figure,
        axis: &Axis,
        parts: &[PartFigures],
        of: &[&SuppressedLedger],
        itself: bool,
    ) -> ReleasedAxis {
        let places: Option<Vec<(&SuppressedLedger, usize, bool)>> =
            of.iter().map(|ledger| ledger.index.axis(axis).map(|(at, transposed)| (*ledger, at, transposed))).collect();
        let Some(places) = places else { return ReleasedAxis { withheld: true, parts: Vec::new() } };
        if places.iter().any(|(ledger, axis, _)| ledger.pattern.is_axis_withheld(period, *axis)) {
            return ReleasedAxis { withheld: true, parts: Vec::new() };
        }
        let shown = |part: &PartFigures, scope: Scope| {
            let value = ReleasedValue::Value(part.value(scope));
            if figure.value(scope).is_none() && part.value(scope).is_none() {
                return value;
            }
            let states = places.iter().map(|(ledger, axis, transposed)| {
                ledger.cell_state(period, *axis, part.key, *transposed, scope, itself)
            });
            match (states.max_by_key(|state| *state as u8), itself) {
                (Some(CellState::Shown), _) => value,
                (Some(CellState::Below), true) => ReleasedValue::Below(self.limit),
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

impl SuppressedLedger {
    fn cell_state(
        &self,
        period: usize,
        axis: usize,
        key: PartKey,
        transposed: bool,
        scope: Scope,
        itself: bool,
    ) -> CellState {
        let scope = match scope {
            // A ratio of people takes those served for its period value.
            Scope::Period if self.index.ledger.people && !itself => Scope::Served,
            scope => scope,
        };
        let slots = self.index.slots_of.get(&period).map(|slots| slots.span(scope));
        let part = self.index.part(axis, key, transposed);
        match (slots, part) {
            (Some(span), Some(part)) => self.pattern.state(part, span),
            _ => CellState::Withheld,
        }
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
