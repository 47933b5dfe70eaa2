//! The contract's section 4 once more, in plain loops over rows, knowing nothing of how the engine counts.

use std::collections::{BTreeMap, BTreeSet};

use donor_report::model::{ActivityStatus, Aggregation, BaselineUse, Birth, Direction, Hedge, Op, TargetKind};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::case::{Act, Aim, Att, By, Calc, Case, Cond, Ind, SESSIONS};

/// From, to, hedge.
pub type Value = Option<(Decimal, Decimal, Option<Hedge>)>;

/// Period, served, cumulative.
pub type Triple = [Value; 3];

#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub values: Triple,
    /// Axis → value → part.
    pub by: Vec<BTreeMap<String, Triple>>,
    pub level: Value,
    pub target: [Option<Decimal>; 3],
    pub progress: Option<(Decimal, Decimal)>,
    pub progress_due: Option<(Decimal, Decimal)>,
    pub due_reached: Option<bool>,
    pub status: Option<&'static str>,
}

/// First and last day.
type Scope = (Date, Date);

pub fn line(case: &Case, index: usize, period: Scope) -> Line {
    let ind = &case.indicators[index];
    let values = triple(case, index, period, None);
    let axes = ind.by.iter().map(|axis| {
        let keys = keys(case, index, *axis, period);
        keys.into_iter().map(|key| (key.clone(), triple(case, index, period, Some((*axis, &key))))).collect()
    });
    let by = axes.collect();
    let counted = starts_at_zero(ind);
    let added = ind.baseline.filter(|_| counted && ind.baseline_use == Some(BaselineUse::Added));
    let level =
        values[2].map(|(from, to, hedge)| (from + added.unwrap_or_default(), to + added.unwrap_or_default(), hedge));
    let baseline = if counted { added } else { ind.baseline };
    let mut target = targets(case, index, period, added);
    target[1] = target[1].or(by_time(case, index, period, baseline));
    Line {
        values,
        by,
        level,
        target,
        progress: progress(ind, baseline, level, target[2]),
        progress_due: progress(ind, baseline, level, target[1]),
        due_reached: due_reached(ind, level, target[1]),
        status: status(case, index, baseline, level, target, final_level(case, index, period, added)),
    }
}

/// An axis and a value on it; none: everything.
type Part<'a> = Option<((By, Option<By>), &'a str)>;

fn triple(case: &Case, index: usize, period: Scope, part: Part) -> Triple {
    let so_far = (case.start, period.1);
    match case.indicators[index].calc {
        Calc::People => [people(case, index, period, part, true), people(case, index, period, part, false), {
            people(case, index, so_far, part, false)
        }],
        Calc::Ratio(over, under) => {
            let (a, b) = (triple(case, over, period, part), triple(case, under, period, part));
            let first = |index: usize, triple: &Triple| if has_served(case, index) { triple[1] } else { triple[0] };
            let value = divide(first(over, &a), first(under, &b));
            let served = has_served(case, over) || has_served(case, under);
            [value, value.filter(|_| served), divide(a[2], b[2])]
        }
        _ => [value(case, index, period, part), None, value(case, index, so_far, part)],
    }
}

fn has_served(case: &Case, index: usize) -> bool {
    match case.indicators[index].calc {
        Calc::People => true,
        Calc::Ratio(over, under) => has_served(case, over) || has_served(case, under),
        _ => false,
    }
}

fn divide(over: Value, under: Value) -> Value {
    let ((a, b, hedge), (c, d, other)) = (over?, under?);
    // The denominator may be an interval; where zero lies in it there is none.
    if c.is_zero() || d.is_zero() {
        return None;
    }
    Some((a / d, b / c, join(hedge, other)))
}

fn join(a: Option<Hedge>, b: Option<Hedge>) -> Option<Hedge> {
    match (a, b) {
        (Some(a), Some(b)) if a != b => Some(Hedge::About),
        (Some(a), _) => Some(a),
        (None, b) => b,
    }
}

fn known_day(case: &Case, day: Date) -> bool {
    case.start <= day && day <= case.end && case.data_until.is_none_or(|until| day <= until)
}

fn held(act: &Act) -> Option<Date> {
    if act.end_date.is_some() { act.end_date } else { act.date }
}

/// Activities that count, with their day.
fn activities<'a>(case: &'a Case, ind: &Ind, scope: Scope) -> Vec<&'a Act> {
    let mut rows = Vec::new();
    for act in &case.activities {
        let Some(day) = held(act) else { continue };
        let counts = act.status == ActivityStatus::Completed && known_day(case, day);
        if counts && scope.0 <= day && day <= scope.1 && ind.conditions.iter().all(|cond| of_activity(cond, act)) {
            rows.push(act);
        }
    }
    rows
}

/// Attendances that count, by day, activity, session, then row.
fn attendances<'a>(case: &'a Case, ind: &Ind, scope: Scope) -> Vec<(Date, &'a Att, &'a Act)> {
    let mut rows = Vec::new();
    for att in &case.attendances {
        let act = &case.activities[att.activity];
        let day = match (att.day, act.status) {
            (Some(day), ActivityStatus::Completed | ActivityStatus::Ongoing) => day,
            (None, ActivityStatus::Completed) => held(act).unwrap(),
            _ => continue,
        };
        let holds =
            |cond: &Cond| if cond.of_activity() { of_activity(cond, act) } else { of_person(case, cond, att, day) };
        if known_day(case, day) && scope.0 <= day && day <= scope.1 && ind.conditions.iter().all(holds) {
            rows.push((day, att, act));
        }
    }
    // What falls on one day is in the order of activities, whose codes are numbers here, and of sessions.
    rows.sort_by_key(|(day, att, _)| (*day, att.activity, SESSIONS[att.session as usize]));
    rows
}

fn compare<T: PartialOrd>(op: Op, left: T, right: T) -> bool {
    match op {
        Op::Equal => left == right,
        Op::Less => left < right,
        Op::LessOrEqual => left <= right,
        Op::Greater => left > right,
        Op::GreaterOrEqual => left >= right,
    }
}

fn words_hold(negated: bool, any: &[&str], cell: &[&str]) -> bool {
    let meant = cell.iter().any(|word| any.contains(word));
    if negated { !meant } else { meant }
}

fn of_activity(cond: &Cond, act: &Act) -> bool {
    match cond {
        Cond::Kind { negated, any } => words_hold(*negated, any, &act.kind),
        Cond::Place { negated, any } => words_hold(*negated, any, &act.place),
        Cond::Reached(op, limit) => act.reached.is_some_and(|(count, _)| compare(*op, count, *limit)),
        Cond::Held(op, limit) => held(act).is_some_and(|day| compare(*op, day, *limit)),
        _ => unreachable!(),
    }
}

fn of_person(case: &Case, cond: &Cond, att: &Att, day: Date) -> bool {
    match cond {
        Cond::Sex { negated, any } => words_hold(*negated, any, &att.sex),
        Cond::Status { negated, any } => words_hold(*negated, any, &att.status),
        Cond::Age(op, limit) => match (age(att.birth, day), att.birth) {
            (Some(age), _) => compare(*op, age, i32::from(*limit)),
            // Known by a band: what holds for every age in it.
            (None, Birth::Band(band)) => {
                let low = i32::from(case.bands[usize::from(band)]);
                let high = case.bands.get(usize::from(band) + 1).map_or(150, |next| i32::from(*next) - 1);
                (low..=high).all(|age| compare(*op, age, i32::from(*limit)))
            }
            _ => false,
        },
        Cond::Born(op, limit) => match att.birth {
            Birth::Year(year) => compare(*op, year, *limit),
            Birth::Date(date) => compare(*op, date.year(), *limit),
            _ => false,
        },
        Cond::Attended(op, limit) => compare(*op, day, *limit),
        Cond::Person { negated, any } => any.contains(&att.person) != *negated,
        _ => unreachable!(),
    }
}

fn age(birth: Birth, day: Date) -> Option<i32> {
    match birth {
        Birth::Age(age) => Some(i32::from(age)),
        Birth::Year(year) => Some(i32::from(day.year() - year)),
        Birth::Date(date) => {
            let mut age = i32::from(day.year() - date.year());
            if (day.month(), day.day()) < (date.month(), date.day()) {
                age -= 1;
            }
            Some(age)
        }
        Birth::Unknown | Birth::Band(_) => None,
    }
}

fn band(case: &Case, birth: Birth, day: Date) -> Option<String> {
    let name = |at: usize| match case.bands.get(at + 1) {
        Some(next) => format!("{}-{}", case.bands[at], next - 1),
        None => format!("{}+", case.bands[at]),
    };
    if let Birth::Band(band) = birth {
        return Some(name(usize::from(band)));
    }
    let age = age(birth, day)?;
    (0..case.bands.len()).rev().find(|at| i32::from(case.bands[*at]) <= age).map(name)
}

fn word(cell: &[&str]) -> String {
    match cell {
        [] => "unknown".to_owned(),
        [word] => (*word).to_owned(),
        _ => "several".to_owned(),
    }
}

fn key(case: &Case, by: By, act: &Act, att: Option<(&Att, Date)>) -> String {
    match (by, att) {
        (By::Kind, _) => word(&act.kind),
        (By::Place, _) => word(&act.place),
        (By::Sex, Some((att, _))) => word(&att.sex),
        (By::Status, Some((att, _))) => word(&att.status),
        (By::Age, Some((att, day))) => band(case, att.birth, day).unwrap_or("unknown".to_owned()),
        _ => unreachable!(),
    }
}

fn full_key(case: &Case, axis: (By, Option<By>), act: &Act, att: Option<(&Att, Date)>) -> String {
    let first = key(case, axis.0, act, att);
    match axis.1 {
        None => first,
        Some(second) => format!("{first} × {}", key(case, second, act, att)),
    }
}

fn over_attendances(calc: Calc) -> bool {
    use Calc::{Attendances, DistinctAge, DistinctPerson, DistinctStatus, People};
    matches!(calc, Attendances | People | DistinctStatus | DistinctPerson | DistinctAge)
}

/// Values that occur on an axis up to the end of a period: of people, at first contacts and in the period.
fn keys(case: &Case, index: usize, axis: (By, Option<By>), period: Scope) -> BTreeSet<String> {
    let ind = &case.indicators[index];
    let so_far = (case.start, period.1);
    let of_persons = |rows: Vec<(Date, &Att, &Act)>| -> BTreeSet<String> {
        rows.iter().map(|(day, att, act)| full_key(case, axis, act, Some((att, *day)))).collect()
    };
    match ind.calc {
        Calc::Ratio(over, under) => &keys(case, over, axis, period) | &keys(case, under, axis, period),
        Calc::Reported => BTreeSet::new(),
        Calc::People => &of_persons(firsts(case, ind, so_far)) | &of_persons(firsts(case, ind, period)),
        calc if over_attendances(calc) => of_persons(attendances(case, ind, so_far)),
        _ => activities(case, ind, so_far).iter().map(|act| full_key(case, axis, act, None)).collect(),
    }
}

/// The first counted attendance in a scope of everybody who came in it.
fn firsts<'a>(case: &'a Case, ind: &Ind, scope: Scope) -> Vec<(Date, &'a Att, &'a Act)> {
    let mut met = BTreeSet::new();
    attendances(case, ind, scope).into_iter().filter(|(_, att, _)| met.insert(att.person)).collect()
}

fn people(case: &Case, index: usize, scope: Scope, part: Part, only_new: bool) -> Value {
    let ind = &case.indicators[index];
    let mut rows = firsts(case, ind, scope);
    if only_new {
        let before: BTreeSet<u32> = attendances(case, ind, (case.start, case.end))
            .iter()
            .filter(|(day, _, _)| *day < scope.0)
            .map(|(_, att, _)| att.person)
            .collect();
        rows.retain(|(_, att, _)| !before.contains(&att.person));
    }
    let counts = |(day, att, act): &&(Date, &Att, &Act)| {
        part.is_none_or(|(axis, value)| full_key(case, axis, act, Some((att, *day))) == value)
    };
    count(rows.iter().filter(counts).count())
}

fn count(number: usize) -> Value {
    let number = Decimal::from(number as u64);
    Some((number, number, None))
}

fn value(case: &Case, index: usize, scope: Scope, part: Part) -> Value {
    let ind = &case.indicators[index];
    if ind.calc == Calc::Reported {
        // Nothing is known of parts of a typed value.
        return reported(case, index, scope).filter(|_| part.is_none());
    }
    if over_attendances(ind.calc) {
        let mut rows = attendances(case, ind, scope);
        rows.retain(|(day, att, act)| {
            part.is_none_or(|(axis, value)| full_key(case, axis, act, Some((att, *day))) == value)
        });
        let different: BTreeSet<String> = rows
            .iter()
            .flat_map(|(day, att, _)| match ind.calc {
                Calc::DistinctStatus => att.status.iter().map(|status| (*status).to_owned()).collect(),
                Calc::DistinctPerson => vec![att.person.to_string()],
                _ => band(case, att.birth, *day).into_iter().collect(),
            })
            .collect();
        return count(if ind.calc == Calc::Attendances { rows.len() } else { different.len() });
    }
    let mut rows = activities(case, ind, scope);
    rows.retain(|act| part.is_none_or(|(axis, value)| full_key(case, axis, act, None) == value));
    let different = |cell: fn(&Act) -> &Vec<&'static str>| {
        rows.iter().flat_map(|act| cell(act).iter()).collect::<BTreeSet<_>>().len()
    };
    match ind.calc {
        Calc::Activities => count(rows.len()),
        Calc::DistinctKind => count(different(|act| &act.kind)),
        Calc::DistinctPlace => count(different(|act| &act.place)),
        _ => {
            let counts: Vec<(u64, Option<Hedge>)> = rows.iter().filter_map(|act| act.reached).collect();
            if counts.is_empty() && !rows.is_empty() {
                return None;
            }
            let sum = Decimal::from(counts.iter().map(|(count, _)| count).sum::<u64>());
            let largest = Decimal::from(counts.iter().map(|(count, _)| *count).max().unwrap_or(0));
            let hedge = counts.iter().fold(None, |hedge, (_, other)| join(hedge, *other));
            Some((if ind.calc == Calc::Reach { largest } else { sum }, sum, hedge))
        }
    }
}

fn reported(case: &Case, index: usize, scope: Scope) -> Value {
    let mut values = Vec::new();
    for rep in case.reported.iter().filter(|rep| rep.indicator == index) {
        let counts = case.start <= rep.start
            && rep.end <= case.end
            && case.data_until.is_none_or(|until| rep.end <= until)
            && scope.0 <= rep.start
            && rep.end <= scope.1;
        if let (true, Some((value, hedge))) = (counts, rep.value) {
            values.push((rep.end, rep.start, Decimal::from(value), hedge));
        }
    }
    values.sort_by_key(|(end, start, _, _)| (*end, *start));
    let latest = values.last()?;
    let hedge = values.iter().fold(None, |hedge, (_, _, _, other)| join(hedge, *other));
    let sum: Decimal = values.iter().map(|(_, _, value, _)| *value).sum();
    let (value, hedge) = match case.indicators[index].aggregation {
        Some(Aggregation::Sum) => (sum, hedge),
        Some(Aggregation::Average) => (sum / Decimal::from(values.len() as u64), hedge),
        Some(Aggregation::Maximum) => (values.iter().map(|(_, _, value, _)| *value).max()?, hedge),
        Some(Aggregation::Latest) | None => (latest.2, latest.3),
    };
    Some((value, value, hedge))
}

/// Of the period, due, in total.
fn targets(case: &Case, index: usize, period: Scope, added: Option<Decimal>) -> [Option<Decimal>; 3] {
    let all: Vec<&Aim> = case.targets.iter().filter(|aim| aim.indicator == index).collect();
    let increments: Vec<&Aim> = all.iter().copied().filter(|aim| aim.kind == TargetKind::Incremental).collect();
    let total = case.indicators[index].target;
    let of_period =
        increments.iter().find(|aim| aim.start == Some(period.0) && aim.end == period.1).map(|aim| aim.value);
    let last = case.data_until.map_or(period.1, |until| until.min(period.1));
    if total.is_some() && last >= case.end {
        return [of_period, total, total];
    }
    let Some(end) = all.iter().map(|aim| aim.end).filter(|end| *end <= last).max() else {
        return [of_period, None, total];
    };
    if let Some(aim) = all.iter().find(|aim| aim.end == end && aim.kind == TargetKind::Cumulative) {
        return [of_period, Some(aim.value), total];
    }
    // Every set of increments there is.
    let mut best: Option<((Date, i64, usize), Decimal)> = None;
    for set in 1u32..1 << increments.len() {
        let mut chosen: Vec<&Aim> =
            (0..increments.len()).filter(|at| set >> at & 1 == 1).map(|at| increments[at]).collect();
        chosen.sort_by_key(|aim| aim.end);
        let apart = chosen.windows(2).all(|pair| pair[0].end < pair[1].start.unwrap());
        if !apart || chosen.last().unwrap().end != end {
            continue;
        }
        let days: i64 = chosen.iter().map(|aim| (aim.end - aim.start.unwrap()).get_days() as i64 + 1).sum();
        let merit = (chosen[0].start.unwrap(), -days, chosen.len());
        let sum: Decimal = chosen.iter().map(|aim| aim.value).sum();
        if best.is_none_or(|(other, _)| merit < other) {
            best = Some((merit, sum));
        }
    }
    [of_period, best.map(|(_, sum)| sum + added.unwrap_or_default()), total]
}

/// What is due at the project's end, total aside, and whether the period's data reaches to it.
fn final_level(case: &Case, index: usize, period: Scope, added: Option<Decimal>) -> (Option<Decimal>, bool) {
    let mut whole = Case { data_until: None, ..case.clone() };
    whole.indicators[index].target = None;
    let is_due = case.targets.iter().any(|aim| aim.indicator == index && aim.end == case.end);
    let [_, due, _] = targets(&whole, index, (case.start, case.end), added);
    let at_end = case.data_until.map_or(period.1, |until| until.min(period.1)) >= case.end;
    (due.filter(|_| is_due), at_end)
}

/// Whether a baseline is added or for reference, not where progress begins.
fn starts_at_zero(ind: &Ind) -> bool {
    match ind.calc {
        Calc::Ratio(..) => false,
        Calc::Reported => ind.aggregation == Some(Aggregation::Sum),
        _ => true,
    }
}

/// On a straight line to the total, day by day.
fn by_time(case: &Case, index: usize, period: Scope, baseline: Option<Decimal>) -> Option<Decimal> {
    let ind = &case.indicators[index];
    let (Some(_), Some(total)) = (ind.plan, ind.target) else { return None };
    let is_planned = case.targets.iter().any(|aim| aim.indicator == index);
    let last = case.data_until.map_or(period.1, |until| until.min(period.1));
    let is_met_or_not = baseline.is_none() && ind.direction == Direction::Decrease;
    if is_planned || is_met_or_not || last < case.start || last >= case.end {
        return None;
    }
    let days = |end: Date| Decimal::from((end - case.start).get_days() + 1);
    let start = baseline.unwrap_or_default();
    Some(start + (total - start) * days(last) / days(case.end))
}

fn due_reached(ind: &Ind, level: Value, due: Option<Decimal>) -> Option<bool> {
    let ((from, to, _), due) = (level?, due?);
    let reached = |level: Decimal| if ind.direction == Direction::Increase { level >= due } else { level <= due };
    if reached(from) == reached(to) { Some(reached(from)) } else { None }
}

fn one_progress(ind: &Ind, baseline: Option<Decimal>, level: Decimal, target: Decimal) -> Option<Decimal> {
    match baseline {
        Some(baseline) if target == baseline => None,
        Some(baseline) => Some((level - baseline) / (target - baseline)),
        None if ind.direction == Direction::Decrease || target.is_zero() => None,
        None => Some(level / target),
    }
}

fn progress(ind: &Ind, baseline: Option<Decimal>, level: Value, target: Option<Decimal>) -> Option<(Decimal, Decimal)> {
    let ((from, to, _), target) = (level?, target?);
    let (a, b) = (one_progress(ind, baseline, from, target)?, one_progress(ind, baseline, to, target)?);
    Some((a.min(b), a.max(b)))
}

fn status(
    case: &Case,
    index: usize,
    baseline: Option<Decimal>,
    level: Value,
    target: [Option<Decimal>; 3],
    (end_level, at_end): (Option<Decimal>, bool),
) -> Option<&'static str> {
    let ind = &case.indicators[index];
    let (from, to, _) = level?;
    let met = |level: Decimal, target: Decimal| match ind.direction {
        Direction::Increase => level >= target,
        Direction::Decrease => level <= target,
    };
    let at = |level: Decimal| {
        if target[2].is_none() && case.targets.iter().all(|aim| aim.indicator != index) {
            return "no_target";
        }
        let rises_only = match ind.calc {
            Calc::Ratio(..) => false,
            Calc::Reported => matches!(ind.aggregation, Some(Aggregation::Sum | Aggregation::Maximum)),
            _ => true,
        };
        if target[2].or(end_level).is_some_and(|total| met(level, total)) {
            let is_kept = at_end || rises_only && ind.direction == Direction::Increase;
            return if is_kept { "achieved" } else { "on_track" };
        }
        let Some(due) = target[1] else { return "not_due" };
        // A target on the wrong side of the baseline is met or not met.
        let contrary = !met(due, baseline.unwrap_or_default());
        match one_progress(ind, baseline, level, due).filter(|_| !contrary) {
            None if met(level, due) => "on_track",
            None => "off_track",
            Some(progress) if progress >= Decimal::new(9, 1) => "on_track",
            Some(progress) if progress >= Decimal::new(7, 1) => "at_risk",
            Some(_) => "off_track",
        }
    };
    Some(if at(from) == at(to) { at(from) } else { "undetermined" })
}
