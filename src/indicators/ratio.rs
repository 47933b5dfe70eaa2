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
        let made = match (&drafts[usize::from(over.0)], &drafts[usize::from(under.0)]) {
            (Some(overs), Some(unders)) => {
                let side = |of: IndicatorId, draft| Side {
                    draft,
                    axes: &asked[usize::from(of.0)],
                    has_served: has_served(logframe, of),
                    is_counted: logframe.indicator(of).calculation.is_counted(),
                };
                let ratio = |(over_draft, under_draft)| Ratio {
                    asked: &asked[usize::from(id.0)],
                    over: side(over, over_draft),
                    under: side(under, under_draft),
                };
                overs.iter().zip(unders).map(|pair| ratio(pair).draft()).collect()
            }
            _ => Vec::new(),
        };
        drafts[usize::from(id.0)] = Some(made);
    }
}

/// A side of a ratio.
struct Side<'a> {
    draft: &'a Draft,
    /// What the draft was counted on.
    axes: &'a [AxisParts],
    has_served: bool,
    is_counted: bool,
}

impl<'a> Side<'a> {
    fn value(&self, scope: Scope) -> Option<Amount> {
        match scope {
            Scope::Cumulative => self.draft.cumulative,
            Scope::Period | Scope::Served if self.has_served => self.draft.served,
            Scope::Period | Scope::Served => self.draft.period,
        }
    }

    fn parts(&self, parts: AxisParts) -> BTreeMap<PartKey, &'a Part> {
        let axis = self.axes.iter().position(|asked| *asked == parts).and_then(|at| self.draft.axes.get(at));
        axis.map(|axis| axis.parts.iter().map(|part| (part.key, part)).collect()).unwrap_or_default()
    }

    /// A part that doesn't occur counts nothing; of what isn't counted it is absent.
    fn part(&self, part: Option<&&Part>, scope: Scope) -> Option<Amount> {
        match (part, scope) {
            (None, _) => Some(Amount::count(0)).filter(|_| self.is_counted),
            (Some(part), Scope::Cumulative) => part.cumulative,
            (Some(part), _) if self.has_served => part.served,
            (Some(part), _) => part.period,
        }
    }
}

struct Ratio<'a> {
    asked: &'a [AxisParts],
    over: Side<'a>,
    under: Side<'a>,
}

impl Ratio<'_> {
    fn draft(&self) -> Draft {
        let of = |scope| over(self.over.value(scope), self.under.value(scope));
        let period = of(Scope::Period);
        Draft {
            period,
            served: period.filter(|_| self.has_served()),
            cumulative: of(Scope::Cumulative),
            axes: self.asked.iter().map(|&parts| self.axis(parts)).collect(),
            ..Draft::default()
        }
    }

    fn has_served(&self) -> bool {
        self.over.has_served || self.under.has_served
    }

    /// Ratios of the parts.
    fn axis(&self, parts: AxisParts) -> AxisFigures {
        let (overs, unders) = (self.over.parts(parts), self.under.parts(parts));
        let mut keys: Vec<PartKey> = overs.keys().chain(unders.keys()).copied().collect();
        keys.sort();
        keys.dedup();
        let part = |key: PartKey| {
            let of = |scope| over(self.over.part(overs.get(&key), scope), self.under.part(unders.get(&key), scope));
            let period = of(Scope::Period);
            Part { key, period, served: period.filter(|_| self.has_served()), cumulative: of(Scope::Cumulative) }
        };
        AxisFigures { parts: keys.into_iter().map(part).collect() }
    }
}

fn over(over: Option<Amount>, under: Option<Amount>) -> Option<Amount> {
    quotient(over?, under?)
}
