use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::indicators::{
    CountedAttendance, CountedAttendances, Evidence, Figures, PartKey, Scope, completed_attendances,
};
use crate::model::{ActivityId, Amount, Calculation, DistinctColumn, IndicatorId, Participants, Period, Project};

use super::axis_key::activity_part;
use super::{Released, ReleasedFigure, ReleasedValue};

/// What is behind one indicator in the cumulative scope of a period, as an annex may show it. Rows of persons are those of
/// [`joint_attendances`](super::joint_attendances).
pub struct ReleasedEvidence<'a> {
    project: &'a Project,
    figures: &'a Figures,
    released: &'a Released,
    indicator: IndicatorId,
    /// Place of the period in [`Figures::periods`].
    period: usize,
    /// In place of the rows of persons, where the report lists none.
    days: Vec<ReleasedDay>,
}

/// How many rows of one activity count on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleasedDay {
    /// The activity.
    pub activity: ActivityId,
    /// The day that they count on.
    pub day: Date,
    /// Up to the end of the period; where persons are counted, those who came for the first time.
    pub cumulative: u64,
    /// In the period.
    pub in_period: u64,
    /// `people`: those who came for the first time in the period.
    pub served: u64,
}

/// One activity that an indicator counts.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedActivity {
    /// Which one.
    pub activity: ActivityId,
    /// The day that it counts on.
    pub day: Date,
    /// Its part on each axis of the indicator.
    pub keys: Vec<PartKey>,
}

/// The values of one axis in one scope, not aligned with the rows: only how often each occurs.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceColumn {
    /// Index among the indicator's axes.
    pub axis: usize,
    /// The scope that the values are of.
    pub scope: Scope,
    /// In the order of the parts, hidden ones together at the end. Their counts sum to the scope's total, except for
    /// `distinct`, where a value may be counted in several parts.
    pub runs: Vec<ValueRun>,
}

/// One value of an axis, and how often it occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueRun {
    /// The value.
    pub key: ValueRunKey,
    /// How many rows have it.
    pub count: u64,
}

/// What the rows of a [`ValueRun`] have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueRunKey {
    /// They belong to this part, which is shown.
    Part(PartKey),
    /// All hidden parts of the axis.
    Withheld,
}

/// What the shown parts of one axis of head counts come to in one scope. Numbers of single activities are nobody's to see, so
/// that the parts are whole.
#[derive(Clone, Debug, PartialEq)]
pub struct PartSums {
    /// Index among the indicator's axes.
    pub axis: usize,
    /// The scope that the sums are of.
    pub scope: Scope,
    /// In the order of the parts; what hidden ones come to together is at the end. They add up to the scope's total, except
    /// for parts of whom there are only some.
    pub sums: Vec<(ValueRunKey, Decimal)>,
}

/// The evidence of `indicator` up to the end of `period`. None where no rows are counted (`ratio`, `reported`), where they
/// would reveal what is hidden elsewhere, or where the project has no such period.
pub fn evidence<'a>(
    project: &'a Project,
    figures: &'a Figures,
    released: &'a Released,
    indicator: IndicatorId,
    period: &Period,
) -> Option<ReleasedEvidence<'a>> {
    if released.without_evidence.contains(&indicator) {
        return None;
    }
    let at = figures.periods.iter().position(|figures| figures.period.code == period.code)?;
    let days = match figures.evidence.get(usize::from(indicator.0))? {
        Evidence::Ratio | Evidence::Reported { .. } => return None,
        Evidence::Attendances { rows } if released.participants == Participants::None => {
            let own = project.logframe.indicator(indicator);
            let is_completion = matches!(own.calculation, Calculation::Completed(_));
            let completed = is_completion.then(|| completed_attendances(project, own, period.end));
            count_by_day(project, indicator, completed.as_ref().unwrap_or(rows), period)
        }
        Evidence::Attendances { .. } | Evidence::Activities { .. } => Vec::new(),
    };
    Some(ReleasedEvidence { project, figures, released, indicator, period: at, days })
}

impl<'a> ReleasedEvidence<'a> {
    /// The period whose end is the end of the evidence.
    pub fn period(&self) -> &'a Period {
        &self.figures.periods[self.period].period
    }

    /// Activities and days in place of the rows of persons; `None` where the rows themselves are listed.
    pub fn days(&self) -> Option<&[ReleasedDay]> {
        let counts_persons = matches!(self.evidence(), Evidence::Attendances { .. });
        (counts_persons && self.released.participants == Participants::None).then_some(&self.days)
    }

    /// How many rows prove the indicator: activities, attendances (of `people` the first contacts), or
    /// [`ReleasedEvidence::days`].
    pub fn row_count(&self) -> u64 {
        if let Some(days) = self.days() {
            return days.len() as u64;
        }
        let end = self.period().end;
        match self.evidence() {
            Evidence::Activities { .. } => self.activities().count() as u64,
            Evidence::Attendances { rows } => {
                let people = self.is_people();
                rows.iter().filter(|row| row.day <= end && (!people || row.is_first)).count() as u64
            }
            Evidence::Reported { .. } | Evidence::Ratio => 0,
        }
    }

    /// The activities that count, in order of day and code; none where persons are counted.
    pub fn activities(&self) -> impl Iterator<Item = ReleasedActivity> + '_ {
        let end = self.period().end;
        let rows = match self.evidence() {
            Evidence::Activities { rows, .. } => rows.as_slice(),
            Evidence::Attendances { .. } | Evidence::Reported { .. } | Evidence::Ratio => &[],
        };
        let axes = &self.project.logframe.indicator(self.indicator).axes;
        let counted = rows.iter().filter(move |(day, _)| *day <= end);
        counted.map(move |&(day, activity)| ReleasedActivity {
            activity,
            day,
            keys: axes.iter().map(|axis| activity_part(self.project, axis, activity)).collect(),
        })
    }

    /// The columns beside the rows of `people`, `attendances` and `distinct`, for formulas to count; of `distinct` a line
    /// for each different value of a part.
    pub fn columns(&self) -> Vec<EvidenceColumn> {
        let calculation = self.project.logframe.indicator(self.indicator).calculation;
        let scopes: &[Scope] = match calculation {
            Calculation::People => &[Scope::Period, Scope::Served, Scope::Cumulative],
            calculation if calculation.may_fall() => &[Scope::Cumulative],
            Calculation::Attendances | Calculation::Completed(_) | Calculation::Distinct(_) => {
                &[Scope::Period, Scope::Cumulative]
            }
            _ => &[],
        };
        let figure =
            self.released.periods.get(self.period).and_then(|period| period.figures.get(usize::from(self.indicator.0)));
        let Some(figure) = figure else { return Vec::new() };
        let axes = 0..figure.axes.len();
        let adds_up = !matches!(calculation, Calculation::Distinct(_));
        axes.flat_map(|axis| scopes.iter().map(move |&scope| column(figure, axis, scope, adds_up))).collect()
    }

    /// The parts of each axis of head counts that a `sum` is broken down by, for formulas to add up; none of an axis of which
    /// nothing is shown, or only as an interval.
    pub fn part_sums(&self) -> Vec<PartSums> {
        let indicator = self.project.logframe.indicator(self.indicator);
        let figure =
            self.released.periods.get(self.period).and_then(|period| period.figures.get(usize::from(self.indicator.0)));
        let (Calculation::Sum(_), Some(figure)) = (indicator.calculation, figure) else { return Vec::new() };
        let head_counts = &self.project.activities.head_counts;
        let counted = indicator.axes.iter().enumerate().filter(|(_, axis)| axis.is_counted());
        let scopes = [Scope::Period, Scope::Cumulative];
        let each = counted.flat_map(|(at, axis)| {
            scopes.map(|scope| (at, head_counts.is_of_whom(indicator.calculation, axis), scope))
        });
        each.filter_map(|(axis, of_whom, scope)| part_sums(figure, axis, scope, !of_whom)).collect()
    }

    fn evidence(&self) -> &'a Evidence {
        &self.figures.evidence[usize::from(self.indicator.0)]
    }

    fn is_people(&self) -> bool {
        is_people(self.project, self.indicator)
    }
}

fn is_people(project: &Project, indicator: IndicatorId) -> bool {
    project.logframe.indicator(indicator).calculation == Calculation::People
}

fn count_by_day(
    project: &Project,
    indicator: IndicatorId,
    rows: &CountedAttendances,
    period: &Period,
) -> Vec<ReleasedDay> {
    let calculation = project.logframe.indicator(indicator).calculation;
    let persons = matches!(calculation, Calculation::People | Calculation::Distinct(DistinctColumn::PersonCode));
    let mut seen = vec![false; project.persons.rows.len()];
    let mut seen_in_period = seen.clone();
    let mut days: Vec<ReleasedDay> = Vec::new();
    // Of completion only the last attendance needed counts.
    let is_counted = |row: &CountedAttendance| row.is_first || !matches!(calculation, Calculation::Completed(_));
    for row in rows.iter().take_while(|row| row.day <= period.end).filter(is_counted) {
        let person = row.person.0 as usize;
        let is_new = !std::mem::replace(&mut seen[person], true);
        let is_within = period.contains(row.day);
        let is_new_within = is_within && !std::mem::replace(&mut seen_in_period[person], true);
        // `people` are new in the period where they are new at all; different persons are counted anew in each.
        let is_first_within = if calculation == Calculation::People { is_within && is_new } else { is_new_within };
        if days.last().is_none_or(|last| (last.day, last.activity) != (row.day, row.activity)) {
            days.push(ReleasedDay { activity: row.activity, day: row.day, cumulative: 0, in_period: 0, served: 0 });
        }
        let Some(day) = days.last_mut() else { continue };
        day.cumulative += u64::from(is_new || !persons);
        day.in_period += u64::from(if persons { is_first_within } else { is_within });
        day.served += u64::from(is_new_within);
    }
    days.retain(|day| day.cumulative + day.in_period + day.served > 0);
    days
}

/// What isn't shown is counted together: no more than the total less the shown parts, which anybody can work out.
fn column(figure: &ReleasedFigure, axis: usize, scope: Scope, adds_up: bool) -> EvidenceColumn {
    let mut runs: Vec<ValueRun> = Vec::new();
    for part in &figure.axes[axis].parts {
        if let ReleasedValue::Value(Some(value)) = part.value(scope)
            && let Some(count) = to_count(value)
            && count > 0
        {
            runs.push(ValueRun { key: ValueRunKey::Part(part.key), count });
        }
    }
    let total = figure.totals.value(scope).and_then(to_count).unwrap_or(0);
    let hidden = total.saturating_sub(runs.iter().map(|run| run.count).sum());
    if adds_up && hidden > 0 {
        runs.push(ValueRun { key: ValueRunKey::Withheld, count: hidden });
    }
    EvidenceColumn { axis, scope, runs }
}

fn part_sums(figure: &ReleasedFigure, axis: usize, scope: Scope, adds_up: bool) -> Option<PartSums> {
    let released = figure.axes.get(axis)?;
    let mut sums: Vec<(ValueRunKey, Decimal)> = Vec::new();
    for part in &released.parts {
        if let ReleasedValue::Value(Some(value)) = part.value(scope) {
            sums.push((ValueRunKey::Part(part.key), value.single()?));
        }
    }
    let total = figure.totals.value(scope)?.single()?;
    let hidden = sums.iter().try_fold(total, |rest, (_, sum)| rest.checked_sub(*sum))?;
    if adds_up && hidden > Decimal::ZERO && !sums.is_empty() {
        sums.push((ValueRunKey::Withheld, hidden));
    }
    (!sums.is_empty()).then_some(PartSums { axis, scope, sums })
}

fn to_count(amount: Amount) -> Option<u64> {
    amount.single().and_then(|value| value.to_u64())
}
