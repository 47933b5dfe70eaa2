use std::collections::BTreeMap;

use crate::indicators::{Figure, Figures, Part, PartKey, Scope};
use crate::model::{Axis, IndicatorId, Project, ReportSettings};

use super::board::State;
use super::ledger::{Indexed, ledger};
use super::published::{Published, counted_in};
use super::settle::{Verdicts, settle};
use super::standing::concerns_persons;
use super::{ReleasedAxis, ReleasedFigure, ReleasedPart, ReleasedPeriod, Shown};

/// What may be shown of every period to the readers of `reports`, which all have the same limit.
/// What none of them shows is withheld, so that it can't slip in from elsewhere.
pub(super) fn withhold(
    project: &Project,
    figures: &Figures,
    limit: u32,
    reports: &[&ReportSettings],
) -> Vec<ReleasedPeriod> {
    let published = Published::new(project, figures, reports);
    let mut settled = BTreeMap::new();
    if limit > 0 {
        for id in project.logframe.indicator_ids() {
            if counted_in(project, id).contains(&id)
                && let Some(indexed) = ledger(project, figures, &published, id, limit)
            {
                let verdicts = settle(&indexed.ledger);
                settled.insert(id, Settled { indexed, verdicts });
            }
        }
    }
    let readers = Readers { project, limit, published, settled };
    let periods = figures.periods.iter().enumerate();
    periods
        .map(|(at, period)| ReleasedPeriod {
            period: period.period.clone(),
            figures: project
                .logframe
                .indicator_ids()
                .zip(&period.figures)
                .map(|(id, figure)| readers.figure(at, id, figure))
                .collect(),
        })
        .collect()
}

struct Settled {
    indexed: Indexed,
    verdicts: Verdicts,
}

/// What the readers of one limit may see.
struct Readers<'a> {
    project: &'a Project,
    limit: u32,
    published: Published,
    settled: BTreeMap<IndicatorId, Settled>,
}

impl Readers<'_> {
    fn figure(&self, period: usize, id: IndicatorId, figure: &Figure) -> ReleasedFigure {
        let indicator = self.project.logframe.indicator(id);
        let axes = indicator.axes.iter().zip(&figure.axes).map(|(axis, parts)| {
            let counted = counted_in(self.project, id);
            if self.limit == 0 || counted.is_empty() || !concerns_persons(axis) {
                return ReleasedAxis { withheld: false, parts: parts.parts.iter().map(open).collect() };
            }
            let itself = counted.contains(&id);
            let of: Option<Vec<&Settled>> = counted.iter().map(|id| self.settled.get(id)).collect();
            match of {
                Some(of) if self.published.shows(period, id) => {
                    self.axis(period, figure, axis, &parts.parts, &of, itself)
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
    /// it is made of is, since it tells both numbers to whoever knows one of them.
    fn axis(
        &self,
        period: usize,
        figure: &Figure,
        axis: &Axis,
        parts: &[Part],
        of: &[&Settled],
        itself: bool,
    ) -> ReleasedAxis {
        let places: Option<Vec<(&Settled, usize, bool)>> =
            of.iter().map(|settled| settled.indexed.axis(axis).map(|(at, turned)| (*settled, at, turned))).collect();
        let Some(places) = places else { return ReleasedAxis { withheld: true, parts: Vec::new() } };
        if places.iter().any(|(settled, axis, _)| settled.verdicts.is_silent(period, *axis)) {
            return ReleasedAxis { withheld: true, parts: Vec::new() };
        }
        let shown = |part: &Part, scope: Scope| {
            let value = Shown::Value(part.value(scope));
            if figure.value(scope).is_none() && part.value(scope).is_none() {
                return value;
            }
            let states = places
                .iter()
                .map(|(settled, axis, turned)| settled.state(period, *axis, part.key, *turned, scope, itself));
            match (states.max_by_key(|state| *state as u8), itself) {
                (Some(State::Shown), _) => value,
                (Some(State::Below), true) => Shown::Below(self.limit),
                _ => Shown::Withheld,
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

impl Settled {
    fn state(&self, period: usize, axis: usize, key: PartKey, turned: bool, scope: Scope, itself: bool) -> State {
        let scope = match scope {
            // A ratio of people takes those served for its period value.
            Scope::Period if self.indexed.ledger.people && !itself => Scope::Served,
            scope => scope,
        };
        let slots = self.indexed.slots_of.get(&period).map(|slots| slots.span(scope));
        let part = self.indexed.part(axis, key, turned);
        match (slots, part) {
            (Some(span), Some(part)) => self.verdicts.state(part, span),
            _ => State::Withheld,
        }
    }
}

fn open(part: &Part) -> ReleasedPart {
    ReleasedPart {
        key: part.key,
        period: Shown::Value(part.period),
        served: Shown::Value(part.served),
        cumulative: Shown::Value(part.cumulative),
    }
}
