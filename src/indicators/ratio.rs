use std::collections::BTreeMap;

use super::amounts::quotient;
use super::axis::AxisSides;
use super::period_counts::PeriodCount;
use super::{AxisFigures, PartFigures, PartKey, Scope};
use crate::model::{Amount, Calculation, IndicatorId, Logframe};

/// The axes that every indicator is counted on: its own first, then those of ratios over it.
pub(super) fn counted_axes(logframe: &Logframe) -> Vec<Vec<AxisSides>> {
    let own = |id: IndicatorId| logframe.indicator(id).axes.iter().map(|axis| (axis.first, axis.second)).collect();
    let mut counted: Vec<Vec<AxisSides>> = logframe.indicator_ids().map(own).collect();
    // A ratio of ratios passes its axes on; a chain is no longer than there are indicators.
    for _ in 0..counted.len() {
        let mut changed = false;
        for id in logframe.indicator_ids() {
            let Calculation::Ratio(over, under) = logframe.indicator(id).calculation else { continue };
            for sides in counted[usize::from(id.0)].clone() {
                for of in [over, under] {
                    let axes = &mut counted[usize::from(of.0)];
                    if !axes.contains(&sides) {
                        axes.push(sides);
                        changed = true;
                    }
                }
            }
        }
        if !changed {
            break;
        }
    }
    counted
}

/// Whether an indicator has a *served* value: `people`, and ratios of them.
pub(super) fn has_served(logframe: &Logframe, id: IndicatorId) -> bool {
    has_served_to_depth(logframe, id, logframe.indicators.len())
}

fn has_served_to_depth(logframe: &Logframe, id: IndicatorId, depth: usize) -> bool {
    match logframe.indicator(id).calculation {
        Calculation::People => true,
        Calculation::Ratio(over, under) => {
            depth > 0
                && (has_served_to_depth(logframe, over, depth - 1) || has_served_to_depth(logframe, under, depth - 1))
        }
        _ => false,
    }
}

/// Adds the ratios of what is counted, in the order in which one needs another. A ratio that needs itself stays absent.
pub(super) fn fill_ratios(logframe: &Logframe, axes: &[Vec<AxisSides>], counts: &mut [Option<Vec<PeriodCount>>]) {
    for _ in 0..counts.len() {
        let ready = |id: IndicatorId| counts[usize::from(id.0)].is_some();
        let next =
            logframe.indicator_ids().filter(|&id| !ready(id)).find_map(|id| match logframe.indicator(id).calculation {
                Calculation::Ratio(over, under) if ready(over) && ready(under) => Some((id, over, under)),
                _ => None,
            });
        let Some((id, over, under)) = next else { break };
        let made = match (&counts[usize::from(over.0)], &counts[usize::from(under.0)]) {
            (Some(overs), Some(unders)) => {
                let side = |of: IndicatorId, count| Side {
                    count,
                    axes: &axes[usize::from(of.0)],
                    has_served: has_served(logframe, of),
                    is_counted: logframe.indicator(of).calculation.is_counted(),
                };
                let ratio = |(over_count, under_count)| Ratio {
                    axes: &axes[usize::from(id.0)],
                    over: side(over, over_count),
                    under: side(under, under_count),
                };
                overs.iter().zip(unders).map(|pair| ratio(pair).count()).collect()
            }
            _ => Vec::new(),
        };
        counts[usize::from(id.0)] = Some(made);
    }
}

/// A side of a ratio.
struct Side<'a> {
    count: &'a PeriodCount,
    /// What it was counted on.
    axes: &'a [AxisSides],
    has_served: bool,
    is_counted: bool,
}

impl<'a> Side<'a> {
    fn value(&self, scope: Scope) -> Option<Amount> {
        match scope {
            Scope::Cumulative => self.count.cumulative,
            Scope::Period | Scope::Served if self.has_served => self.count.served,
            Scope::Period | Scope::Served => self.count.period,
        }
    }

    fn parts(&self, sides: AxisSides) -> BTreeMap<PartKey, &'a PartFigures> {
        let axis = self.axes.iter().position(|axis| *axis == sides).and_then(|at| self.count.axes.get(at));
        axis.map(|axis| axis.parts.iter().map(|part| (part.key, part)).collect()).unwrap_or_default()
    }

    /// A part that doesn't occur counts nothing; of what isn't counted it is absent.
    fn part(&self, part: Option<&&PartFigures>, scope: Scope) -> Option<Amount> {
        match (part, scope) {
            (None, _) => Some(Amount::count(0)).filter(|_| self.is_counted),
            (Some(part), Scope::Cumulative) => part.cumulative,
            (Some(part), _) if self.has_served => part.served,
            (Some(part), _) => part.period,
        }
    }
}

struct Ratio<'a> {
    axes: &'a [AxisSides],
    over: Side<'a>,
    under: Side<'a>,
}

impl Ratio<'_> {
    fn count(&self) -> PeriodCount {
        let ratio = |scope| divide(self.over.value(scope), self.under.value(scope));
        let period = ratio(Scope::Period);
        PeriodCount {
            period,
            served: period.filter(|_| self.has_served()),
            cumulative: ratio(Scope::Cumulative),
            axes: self.axes.iter().map(|&sides| self.axis(sides)).collect(),
            ..PeriodCount::default()
        }
    }

    fn has_served(&self) -> bool {
        self.over.has_served || self.under.has_served
    }

    /// Ratios of the parts.
    fn axis(&self, sides: AxisSides) -> AxisFigures {
        let (overs, unders) = (self.over.parts(sides), self.under.parts(sides));
        let mut keys: Vec<PartKey> = overs.keys().chain(unders.keys()).copied().collect();
        keys.sort();
        keys.dedup();
        let part = |key: PartKey| {
            let ratio =
                |scope| divide(self.over.part(overs.get(&key), scope), self.under.part(unders.get(&key), scope));
            let period = ratio(Scope::Period);
            PartFigures {
                key,
                period,
                served: period.filter(|_| self.has_served()),
                cumulative: ratio(Scope::Cumulative),
            }
        };
        AxisFigures { parts: keys.into_iter().map(part).collect() }
    }
}

fn divide(over: Option<Amount>, under: Option<Amount>) -> Option<Amount> {
    quotient(over?, under?)
}
