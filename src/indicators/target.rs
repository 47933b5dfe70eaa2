use jiff::civil::Date;
use rust_decimal::Decimal;

use super::amounts::add_number;
use super::day_index::days_between;
use super::{Progress, Status};
use crate::model::{
    Aggregation, Amount, BaselineUse, Calculation, Direction, Indicator, IndicatorId, Period, Plan, ProgressLimits,
    Project, Settings, Target, TargetKind, TargetSpan,
};

/// What an indicator is to reach in one period.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct PeriodTargets {
    pub period: Option<Decimal>,
    pub due: Option<Decimal>,
    /// What is due follows from the elapsed time, not from a target.
    pub is_due_by_time: bool,
    pub total: Option<Decimal>,
    /// What makes the status *achieved* once it is reached.
    pub achieved: Option<AchievedAt>,
    /// There is any target at all, if not due yet.
    pub any: bool,
}

/// The level at which an indicator is achieved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AchievedAt {
    /// The total; where none is written, the level that is due at the project's end.
    pub level: Decimal,
    /// Whether what is reached stays so: at the project's end, and before it where the level can't fall. Else it is on
    /// track only.
    pub is_lasting: bool,
}

/// At which level an indicator is achieved in a period, `None` without a target for the project's end.
pub fn achieved_at(project: &Project, id: IndicatorId, period: &Period) -> Option<AchievedAt> {
    let indicator = project.logframe.indicator(id);
    let targets: Vec<&Target> = project.logframe.targets.iter().filter(|target| target.indicator == id).collect();
    find_achieved(&project.settings, indicator, &targets, last_day(&project.settings, period))
}

/// The last day of a period of which the data is known.
fn last_day(settings: &Settings, period: &Period) -> Date {
    settings.data_until.map_or(period.end, |until| until.min(period.end))
}

fn find_achieved(settings: &Settings, indicator: &Indicator, targets: &[&Target], last: Date) -> Option<AchievedAt> {
    let due_at_end = || {
        let is_due = targets.iter().any(|target| target.span.end() == settings.end);
        is_due.then(|| due_level(settings.start, indicator, targets, settings.end)).flatten()
    };
    let only_grows = match indicator.calculation {
        Calculation::Ratio(..) => false,
        calculation if calculation.may_fall() => false,
        Calculation::Reported => matches!(indicator.aggregation, Some(Aggregation::Sum | Aggregation::Maximum)),
        _ => true,
    };
    let is_lasting = last >= settings.end || (only_grows && indicator.direction == Direction::Increase);
    indicator.target.or_else(due_at_end).map(|level| AchievedAt { level, is_lasting })
}

/// How far an indicator is from its targets.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct TargetProgress {
    pub level: Option<Amount>,
    pub progress: Option<Progress>,
    pub progress_due: Option<Progress>,
    /// `None` where nothing is due, or where only one end of an interval has reached it.
    pub due_reached: Option<bool>,
    pub status: Option<Status>,
}

/// `targets` are those of the indicator.
pub(super) fn period_targets(
    settings: &Settings,
    indicator: &Indicator,
    targets: &[&Target],
    period: &Period,
) -> PeriodTargets {
    let of_period = targets.iter().find(|target| {
        target.kind == TargetKind::Incremental
            && matches!(&target.span, TargetSpan::Period(span) if span.start == period.start && span.end == period.end)
    });
    let last = last_day(settings, period);
    let by_time = linear_level(settings, indicator, last).filter(|_| targets.is_empty());
    let due = match indicator.target {
        Some(total) if last >= settings.end => Some(total),
        _ => due_level(settings.start, indicator, targets, last).or(by_time),
    };
    PeriodTargets {
        period: of_period.map(|target| target.value),
        due,
        is_due_by_time: by_time.is_some(),
        total: indicator.target,
        achieved: find_achieved(settings, indicator, targets, last),
        any: indicator.target.is_some() || !targets.is_empty(),
    }
}

/// The level that is due at the last end of a target on `last` or before it.
fn due_level(start: Date, indicator: &Indicator, targets: &[&Target], last: Date) -> Option<Decimal> {
    let end = targets.iter().map(|target| target.span.end()).filter(|end| *end <= last).max()?;
    let ends_there = |target: &&&Target| target.span.end() == end;
    let cumulative = targets
        .iter()
        .filter(ends_there)
        .find(|target| target.kind == TargetKind::Cumulative)
        .map(|target| target.value);
    cumulative.or_else(|| {
        let sum = best_series(&increments(start, targets), end)?;
        Some(added_baseline(indicator).map_or(sum, |baseline| sum.saturating_add(baseline)))
    })
}

/// The level that a linear plan makes due on `last`: from the baseline, the share of the way to the total that the elapsed
/// days are of the project's. `None` at the end, when the total is due, and for what can only be met or not.
fn linear_level(settings: &Settings, indicator: &Indicator, last: Date) -> Option<Decimal> {
    let Plan::Linear = indicator.plan.or(settings.progress.plan)?;
    let total = indicator.target?;
    let from = measured_from(indicator);
    if last < settings.start || last >= settings.end || from.is_none() && indicator.direction == Direction::Decrease {
        return None;
    }
    let days = |last: Date| Decimal::from(days_between(settings.start, last) + 1);
    let from = from.unwrap_or_default();
    let way = total.checked_sub(from)?.checked_mul(days(last))?.checked_div(days(settings.end))?;
    from.checked_add(way)
}

struct Increment {
    start: Date,
    end: Date,
    value: Decimal,
}

/// Incremental targets by their end. One with a due date begins after the increment before it, or with the project.
fn increments(start: Date, targets: &[&Target]) -> Vec<Increment> {
    let incremental: Vec<&&Target> = targets.iter().filter(|target| target.kind == TargetKind::Incremental).collect();
    let begins = |target: &Target| match &target.span {
        TargetSpan::Period(period) => period.start,
        TargetSpan::Due(day) => {
            let before = incremental.iter().map(|other| other.span.end()).filter(|end| end < day).max();
            before.and_then(|end| end.tomorrow().ok()).unwrap_or(start)
        }
    };
    let mut increments: Vec<Increment> = incremental
        .iter()
        .map(|target| Increment { start: begins(target), end: target.span.end(), value: target.value })
        .collect();
    increments.sort_by_key(|increment| (increment.end, increment.start));
    increments
}

/// The rank of a series, the best lowest: it reaches back furthest, leaves the fewest days out, has the fewest targets.
type SeriesRank = (Date, i64, usize);

/// The sum of the best series of increments that don't overlap, the last of which ends at `end`.
fn best_series(increments: &[Increment], end: Date) -> Option<Decimal> {
    let mut best: Vec<(SeriesRank, Decimal)> = Vec::new();
    for increment in increments {
        let days = increment.end.duration_since(increment.start).as_hours() / 24 + 1;
        let before = increments[..best.len()]
            .iter()
            .zip(&best)
            .filter(|(earlier, _)| earlier.end < increment.start)
            .map(|(_, series)| series)
            .min_by_key(|(rank, _)| *rank);
        best.push(match before {
            Some(((first, covered, number), sum)) if *first <= increment.start => {
                ((*first, covered - days, number + 1), sum.saturating_add(increment.value))
            }
            _ => ((increment.start, -days, 1), increment.value),
        });
    }
    let ends_there = |(increment, _): &(&Increment, _)| increment.end == end;
    increments.iter().zip(&best).filter(ends_there).min_by_key(|(_, (rank, _))| *rank).map(|(_, (_, sum))| *sum)
}

/// A counted indicator's baseline that its level begins from.
fn added_baseline(indicator: &Indicator) -> Option<Decimal> {
    let added = indicator.starts_from_nothing() && indicator.baseline_use == Some(BaselineUse::Added);
    indicator.baseline.filter(|_| added)
}

/// The baseline that progress is measured from, where there is one.
fn measured_from(indicator: &Indicator) -> Option<Decimal> {
    if indicator.starts_from_nothing() { added_baseline(indicator) } else { indicator.baseline }
}

pub(super) fn measure_progress(
    limits: ProgressLimits,
    indicator: &Indicator,
    cumulative: Option<Amount>,
    targets: &PeriodTargets,
) -> TargetProgress {
    let Some(level) = cumulative.map(|amount| add_number(amount, added_baseline(indicator).unwrap_or_default())) else {
        return TargetProgress::default();
    };
    let scale = ProgressScale { baseline: measured_from(indicator), direction: indicator.direction };
    let status_at = |level: Decimal| scale.status(limits, level, targets);
    let (low, high) = (status_at(level.from), status_at(level.to));
    TargetProgress {
        level: Some(level),
        progress: targets.total.and_then(|target| scale.progress_interval(level, target)),
        progress_due: targets.due.and_then(|target| scale.progress_interval(level, target)),
        due_reached: targets.due.and_then(|due| {
            let (low, high) = (scale.is_reached(level.from, due), scale.is_reached(level.to, due));
            (low == high).then_some(low)
        }),
        status: Some(if low == high { low } else { Status::Undetermined }),
    }
}

struct ProgressScale {
    baseline: Option<Decimal>,
    direction: Direction,
}

impl ProgressScale {
    /// (level − baseline) / (target − baseline); without a baseline, level / target. None where a target
    /// can only be met or not met.
    fn progress(&self, level: Decimal, target: Decimal) -> Option<Decimal> {
        if self.baseline.is_none() && self.direction == Direction::Decrease {
            return None;
        }
        let baseline = self.baseline.unwrap_or_default();
        level.checked_sub(baseline)?.checked_div(target.checked_sub(baseline)?)
    }

    fn progress_interval(&self, level: Amount, target: Decimal) -> Option<Progress> {
        let (a, b) = (self.progress(level.from, target)?, self.progress(level.to, target)?);
        Some(Progress { from: a.min(b), to: a.max(b) })
    }

    fn is_reached(&self, level: Decimal, target: Decimal) -> bool {
        match self.direction {
            Direction::Increase => level >= target,
            Direction::Decrease => level <= target,
        }
    }

    fn status(&self, limits: ProgressLimits, level: Decimal, targets: &PeriodTargets) -> Status {
        if !targets.any {
            return Status::NoTarget;
        }
        if let Some(achieved) = targets.achieved.filter(|achieved| self.is_reached(level, achieved.level)) {
            return if achieved.is_lasting { Status::Achieved } else { Status::OnTrack };
        }
        let Some(due) = targets.due else { return Status::NotDue };
        match self.progress(level, due) {
            // A target that lies on the wrong side of its baseline can't be approached: it is met or not.
            Some(progress) if self.is_reached(due, self.baseline.unwrap_or_default()) => {
                if progress >= limits.on_track {
                    Status::OnTrack
                } else if progress >= limits.at_risk {
                    Status::AtRisk
                } else {
                    Status::OffTrack
                }
            }
            _ if self.is_reached(level, due) => Status::OnTrack,
            _ => Status::OffTrack,
        }
    }
}
