use std::collections::BTreeMap;

use super::axis::AxisParts;
use super::sum::quotient;
use super::tally::Draft;
use super::{AxisFigures, Part, PartKey, Scope};
use crate::model::{Amount, Calculation, IndicatorId, Logframe};

/// The axes that every indicator is counted on: its own first, then those that ratios over it ask for.
pub(super) fn axes_asked(logframe: &Logframe) -> Vec<Vec<AxisParts>> {
    let own = |id: IndicatorId| logframe.indicator(id).axes.iter().map(|axis| (axis.first, axis.second)).collect();
    let mut asked: Vec<Vec<AxisParts>> = logframe.indicator_ids().map(own).collect();
    // A ratio of ratios hands its axes on; a chain is no longer than there are indicators.
    for _ in 0..asked.len() {
        let mut changed = false;
        for id in logframe.indicator_ids() {
            let Calculation::Ratio(over, under) = logframe.indicator(id).calculation else { continue };
            for parts in asked[usize::from(id.0)].clone() {
                for of in [over, under] {
                    let axes = &mut asked[usize::from(of.0)];
                    if !axes.contains(&parts) {
                        axes.push(parts);
                        changed = true;
                    }
                }
            }
        }
        if !changed {
            break;
        }
    }
    asked
}

/// Whether an indicator has a *served* value: `people`, and ratios of them.
pub(super) fn has_served(logframe: &Logframe, id: IndicatorId) -> bool {
    served_within(logframe, id, logframe.indicators.len())
}

fn served_within(logframe: &Logframe, id: IndicatorId, depth: usize) -> bool {
    match logframe.indicator(id).calculation {
        Calculation::People => true,
        Calculation::Ratio(over, under) => {
            depth > 0 && (served_within(logframe, over, depth - 1) || served_within(logframe, under, depth - 1))
        }
        _ => false,
    }
}

/// Ratios of what is counted, in the order in which one needs another. A ratio that needs itself stays absent.
pub(super) fn ratios(logframe: &Logframe, asked: &[Vec<AxisParts>], drafts: &mut [Option<Vec<Draft>>]) {
    for _ in 0..drafts.len() {
        let ready = |id: IndicatorId| drafts[usize::from(id.0)].is_some();
        let next =
            logframe.indicator_ids().filter(|&id| !ready(id)).find_map(|id| match logframe.indicator(id).calculation {
                Calculation::Ratio(over, under) if ready(over) && ready(under) => Some((id, over, under)),
                _ => None,
            });
        let Some((id, over, under)) = next else { break };
        let served = (has_served(logframe, over), has_served(logframe, under));
        let made = match (&drafts[usize::from(over.0)], &drafts[usize::from(under.0)]) {
            (Some(overs), Some(unders)) => {
                let of = |(over_draft, under_draft)| Ratio {
                    asked: &asked[usize::from(id.0)],
                    over: (over_draft, &asked[usize::from(over.0)], served.0),
                    under: (under_draft, &asked[usize::from(under.0)], served.1),
                };
                overs.iter().zip(unders).map(|pair| of(pair).draft()).collect()
            }
            _ => Vec::new(),
        };
        drafts[usize::from(id.0)] = Some(made);
    }
}

/// A side of a ratio: its draft, the axes that it was counted on, whether it has a served value.
type Side<'a> = (&'a Draft, &'a [AxisParts], bool);

struct Ratio<'a> {
    asked: &'a [AxisParts],
    over: Side<'a>,
    under: Side<'a>,
}

impl Ratio<'_> {
    fn draft(&self) -> Draft {
        let value = |(draft, _, has_served): Side, scope: Scope| match scope {
            Scope::Cumulative => draft.cumulative,
            Scope::Period | Scope::Served if has_served => draft.served,
            Scope::Period | Scope::Served => draft.period,
        };
        let of = |scope| over(value(self.over, scope), value(self.under, scope));
        let period = of(Scope::Period);
        Draft {
            period,
            served: period.filter(|_| self.served()),
            cumulative: of(Scope::Cumulative),
            axes: self.asked.iter().map(|&parts| self.axis(parts)).collect(),
            ..Draft::default()
        }
    }

    fn served(&self) -> bool {
        self.over.2 || self.under.2
    }

    /// Ratios of the parts. A part that one side lacks is what counts nothing there.
    fn axis(&self, parts: AxisParts) -> AxisFigures {
        let (overs, unders) = (parts_of(self.over, parts), parts_of(self.under, parts));
        let mut keys: Vec<PartKey> = overs.keys().chain(unders.keys()).copied().collect();
        keys.sort();
        keys.dedup();
        let part = |key: PartKey| {
            let value = |parts: &BTreeMap<PartKey, &Part>, has_served: bool, scope: Scope| match parts.get(&key) {
                None => Some(Amount::count(0)),
                Some(part) => match scope {
                    Scope::Cumulative => part.cumulative,
                    Scope::Period | Scope::Served if has_served => part.served,
                    Scope::Period | Scope::Served => part.period,
                },
            };
            let of = |scope| over(value(&overs, self.over.2, scope), value(&unders, self.under.2, scope));
            let period = of(Scope::Period);
            Part { key, period, served: period.filter(|_| self.served()), cumulative: of(Scope::Cumulative) }
        };
        AxisFigures { parts: keys.into_iter().map(part).collect() }
    }
}

fn parts_of<'a>(side: Side<'a>, parts: AxisParts) -> BTreeMap<PartKey, &'a Part> {
    let axis = side.1.iter().position(|asked| *asked == parts).and_then(|at| side.0.axes.get(at));
    axis.map(|axis| axis.parts.iter().map(|part| (part.key, part)).collect()).unwrap_or_default()
}

fn over(over: Option<Amount>, under: Option<Amount>) -> Option<Amount> {
    quotient(over?, under?)
}
