//! A reader with every document of every period tries to work out what is hidden.

use std::collections::{BTreeMap, BTreeSet};

use donor_report::disclosure::{Released, ReleasedValue, release};
use donor_report::indicators::{Figures, PartKey, Scope};
use donor_report::model::*;
use jiff::civil::{Date, date};
use rust_decimal::prelude::ToPrimitive;

use super::solver::{Answer, Solver, Terms};
use super::world::{PLACE, SEX, STATUS, Visit, World, axis, key, period, quarters, report};

/// Numbers that need no luck, only to be the same every time.
struct Dice(u64);

impl Dice {
    fn up_to(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    /// Small numbers more often than large ones.
    fn skewed(&mut self, sides: u64) -> u64 {
        let a = self.up_to(sides);
        a.min(self.up_to(sides))
    }
}

const AGE: AxisSide = AxisSide::Age;

fn random_world(dice: &mut Dice) -> World {
    let mut periods = quarters(2 + dice.up_to(3) as i8);
    if dice.up_to(3) == 0 {
        periods.push(period("2017-H1", date(2017, 1, 1), date(2017, 6, 30)));
    }
    if dice.up_to(3) == 0 && periods.len() > 3 {
        periods.push(period("2017-H2", date(2017, 7, 1), date(2017, 12, 31)));
    }
    if dice.up_to(4) == 0 {
        periods.push(period("custom", date(2017, 2, 1), date(2017, 5, 31)));
    }
    if dice.up_to(4) == 0 {
        periods.push(period("project", date(2017, 1, 1), date(2017, 12, 31)));
    }
    let persons = 4 + dice.up_to(40) as u32;
    let mut visits = Vec::new();
    let mut first: BTreeMap<u32, (u32, u8)> = BTreeMap::new();
    for at in 0..persons * 3 / 2 {
        let person = if at < persons { at } else { dice.up_to(u64::from(persons)) as u32 };
        let (sex, age) =
            *first.entry(person).or_insert_with(|| (dice.skewed(3) as u32, [7, 30, 30, 70][dice.up_to(4) as usize]));
        let day = date(2017, 1 + dice.up_to(12) as i8, 1 + dice.up_to(28) as i8);
        let status = dice.skewed(3) as u32;
        visits.push(Visit { person, day, sex, status, age, place: dice.skewed(2) as u32 });
    }
    visits.sort_by_key(|visit| visit.day);
    let (sex, status, age) = (axis(SEX, None), axis(STATUS, None), axis(AGE, None));
    let crossed = axis(SEX, Some(STATUS));
    let axes = match dice.up_to(8) {
        0 => vec![sex],
        1 => vec![status.clone()],
        2 => vec![sex, status.clone()],
        3 => vec![sex, status.clone(), crossed],
        4 => vec![crossed],
        5 => vec![age.clone(), axis(AGE, Some(SEX)), sex],
        6 => vec![axis(PLACE, None), axis(PLACE, Some(SEX)), sex],
        _ => vec![sex, axis(SEX, Some(AGE)), axis(AGE, Some(STATUS))],
    };
    let calculation = if dice.up_to(3) == 0 { Calculation::Attendances } else { Calculation::People };
    let mut indicators = vec![(calculation, axes)];
    if dice.up_to(3) == 0 {
        let by = if dice.up_to(2) == 0 { vec![status] } else { Vec::new() };
        indicators.push((Calculation::Attendances, by));
        indicators.push((Calculation::Ratio(IndicatorId(1), IndicatorId(0)), vec![axis(SEX, None)]));
        // A reader of the ratio needs the numbers below it on the same axis.
        if !indicators[0].1.contains(&axis(SEX, None)) {
            indicators[0].1.push(axis(SEX, None));
        }
    }
    let limit = 3 + dice.up_to(3) as u32;
    let codes: Vec<&str> = periods.iter().filter(|_| dice.up_to(8) > 0).map(|period| period.code.as_str()).collect();
    let reports = vec![report("quarterly", &codes, limit)];
    World { visits, periods: periods.clone(), indicators, reports, conditions: Vec::new(), key: None }
}

/// What a reader may not know, as a sum of the solver's numbers, with the true value.
struct Secret {
    name: String,
    terms: Terms,
    value: i64,
}

/// Everything that `released` shows, as sums; `None` where nothing is hidden.
struct Reader<'a> {
    world: &'a World,
    solver: Solver,
    /// By indicator, axis, part, first day of a stretch between boundaries.
    grown: BTreeMap<(usize, usize, usize, Date), usize>,
    /// By indicator, axis, part, place of the period.
    served: BTreeMap<(usize, usize, usize, usize), usize>,
    /// First days of stretches.
    starts: Vec<Date>,
}

/// A value of an axis as a reader knows it; the last is whatever else there may be.
type Known = Vec<Option<PartKey>>;

impl<'a> Reader<'a> {
    fn new(world: &'a World, published: &[usize]) -> Reader<'a> {
        let mut starts: BTreeSet<Date> = BTreeSet::from([date(2017, 1, 1)]);
        for &at in published {
            starts.insert(world.periods[at].start);
            starts.insert(world.periods[at].end.tomorrow().unwrap());
        }
        Reader {
            world,
            solver: Solver::default(),
            grown: BTreeMap::new(),
            served: BTreeMap::new(),
            starts: starts.into_iter().collect(),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what one axis is counted from, each thing once")]
    fn count(
        &self,
        calculation: Calculation,
        axis: &Axis,
        parts: &Known,
        part: usize,
        from: Date,
        to: Date,
        new: bool,
    ) -> i64 {
        let standing = self.world.standing(calculation, from, to, new);
        let place =
            |visit: &Visit| parts.iter().position(|part| *part == Some(key(axis, visit))).unwrap_or(parts.len() - 1);
        standing.iter().filter(|visit| place(visit) == part).count() as i64
    }

    fn terms(&self, indicator: usize, axis: usize, part: usize, at: usize, scope: Scope) -> Terms {
        let period = &self.world.periods[at];
        if scope == Scope::Served
            && let Some(number) = self.served.get(&(indicator, axis, part, at))
        {
            return vec![(*number, 1)];
        }
        let from = if scope == Scope::Cumulative { date(2017, 1, 1) } else { period.start };
        self.grown
            .iter()
            .filter(|((i, a, p, day), _)| (*i, *a, *p) == (indicator, axis, part) && from <= *day && *day <= period.end)
            .map(|(_, number)| (*number, 1))
            .collect()
    }
}

const SCOPES: [Scope; 3] = [Scope::Period, Scope::Served, Scope::Cumulative];

/// Tries to work out every hidden number; names those that it could, and how many took too long.
fn attack(world: &World, figures: &Figures, released: &Released) -> (Vec<String>, usize) {
    let codes = &world.reports[0].periods;
    let published: Vec<usize> =
        (0..world.periods.len()).filter(|at| codes.contains(&world.periods[*at].code)).collect();
    let mut reader = Reader::new(world, &published);
    let mut secrets = Vec::new();
    // The axes that a reader thinks about: an indicator's own, and those of a ratio over it.
    let mut axes: Vec<Vec<Axis>> = world.indicators.iter().map(|(_, axes)| axes.clone()).collect();
    for (calculation, by) in &world.indicators {
        if let Calculation::Ratio(over, under) = calculation {
            for side in [over, under] {
                let missing: Vec<Axis> =
                    by.iter().filter(|axis| !axes[usize::from(side.0)].contains(axis)).cloned().collect();
                axes[usize::from(side.0)].extend(missing);
            }
        }
    }
    let mut known: BTreeMap<(usize, usize), Known> = BTreeMap::new();
    for (indicator, (calculation, own)) in world.indicators.iter().enumerate() {
        if matches!(calculation, Calculation::Ratio(..)) {
            continue;
        }
        for (at, axis) in axes[indicator].iter().enumerate() {
            let mut keys: BTreeSet<PartKey> = BTreeSet::new();
            for &period in &published {
                let figures = &released.periods[period].figures;
                if at < own.len() {
                    keys.extend(figures[indicator].axes[at].parts.iter().map(|part| part.key));
                }
                for (other, (calculation, by)) in world.indicators.iter().enumerate() {
                    if matches!(calculation, Calculation::Ratio(..))
                        && let Some(place) = by.iter().position(|by| by == axis)
                    {
                        keys.extend(figures[other].axes[place].parts.iter().map(|part| part.key));
                    }
                }
            }
            let parts: Known = keys.into_iter().map(Some).chain([None]).collect();
            learn_axis(&mut reader, indicator, *calculation, at, axis, &parts, &published);
            known.insert((indicator, at), parts);
        }
        learn_totals(&mut reader, figures, indicator, &known, &published);
        learn_sides(&mut reader, indicator, &axes[indicator], &known, &published);
        for &period in &published {
            for at in 0..own.len() {
                let shown = &released.periods[period].figures[indicator].axes[at];
                learn_shown(
                    &mut reader,
                    indicator,
                    at,
                    &own[at],
                    shown,
                    &known[&(indicator, at)],
                    period,
                    &mut secrets,
                );
            }
        }
    }
    for (indicator, (calculation, by)) in world.indicators.iter().enumerate() {
        let Calculation::Ratio(over, under) = calculation else { continue };
        let sides = [usize::from(over.0), usize::from(under.0)];
        for &period in &published {
            for (at, axis) in by.iter().enumerate() {
                for part in &released.periods[period].figures[indicator].axes[at].parts {
                    for scope in SCOPES {
                        learn_ratio(
                            &mut reader,
                            sides,
                            &axes,
                            axis,
                            part.key,
                            period,
                            scope,
                            part.value(scope),
                            &known,
                        );
                    }
                }
            }
        }
    }
    if secrets.is_empty() {
        return (Vec::new(), 0);
    }
    assert!(
        reader.solver.hints_hold(),
        "the attacker believes something that is not true: {world:#?}\n{:#?}",
        released.periods
    );
    let mut recovered = Vec::new();
    let mut unknown = 0;
    let mut safe = vec![false; secrets.len()];
    for at in 0..secrets.len() {
        if safe[at] {
            continue;
        }
        match reader.solver.differing(&secrets[at].terms, secrets[at].value) {
            // What one other truth leaves open for this number, it leaves open for all in which it differs.
            Answer::Possible(values) => {
                for (safe, secret) in safe.iter_mut().zip(&secrets) {
                    let value: i64 = secret.terms.iter().map(|(number, sign)| sign * values[*number]).sum();
                    *safe |= value != secret.value;
                }
            }
            Answer::Impossible => recovered.push(secrets[at].name.clone()),
            Answer::Unknown => unknown += 1,
        }
    }
    (recovered, unknown)
}

fn learn_axis(
    reader: &mut Reader,
    indicator: usize,
    calculation: Calculation,
    at: usize,
    axis: &Axis,
    parts: &Known,
    published: &[usize],
) {
    let starts = reader.starts.clone();
    for part in 0..parts.len() {
        for (index, &start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).map_or(date(2018, 12, 31), |next| next.yesterday().unwrap());
            let hint = reader.count(calculation, axis, parts, part, start, end, true);
            let number = reader.solver.number(hint);
            reader.grown.insert((indicator, at, part, start), number);
        }
        if calculation != Calculation::People {
            continue;
        }
        for &period in published {
            let (from, to) = (reader.world.periods[period].start, reader.world.periods[period].end);
            if from > date(2017, 1, 1) {
                let hint = reader.count(calculation, axis, parts, part, from, to, false);
                let number = reader.solver.number(hint);
                reader.served.insert((indicator, at, part, period), number);
            }
        }
        for &period in published {
            let served = reader.terms(indicator, at, part, period, Scope::Served);
            let new = reader.terms(indicator, at, part, period, Scope::Period);
            let ever = reader.terms(indicator, at, part, period, Scope::Cumulative);
            reader.solver.between(less(&served, &new), 0, None);
            if *axis == super::world::axis(SEX, None) {
                reader.solver.between(less(&ever, &served), 0, None);
            }
            for &other in published {
                let (long, short) = (&reader.world.periods[period], &reader.world.periods[other]);
                if long.start == short.start && long.end > short.end {
                    let fewer = reader.terms(indicator, at, part, other, Scope::Served);
                    reader.solver.between(less(&served, &fewer), 0, None);
                }
            }
        }
    }
}

fn less(a: &Terms, b: &Terms) -> Terms {
    a.iter().copied().chain(b.iter().map(|(number, sign)| (*number, -sign))).collect()
}

fn learn_totals(
    reader: &mut Reader,
    figures: &Figures,
    indicator: usize,
    known: &BTreeMap<(usize, usize), Known>,
    published: &[usize],
) {
    for ((_, axis), parts) in known.iter().filter(|((of, _), _)| *of == indicator) {
        for &period in published {
            for scope in SCOPES {
                let total = figures.periods[period].figures[indicator].value(scope);
                let Some(total) = total.and_then(|total| total.single()).and_then(|total| total.to_i64()) else {
                    continue;
                };
                let all =
                    (0..parts.len()).flat_map(|part| reader.terms(indicator, *axis, part, period, scope)).collect();
                reader.solver.exactly(all, total);
            }
        }
    }
}

/// Parts of a crossing add up to the parts of its sides, where no unknown value may be between.
fn learn_sides(
    reader: &mut Reader,
    indicator: usize,
    axes: &[Axis],
    known: &BTreeMap<(usize, usize), Known>,
    published: &[usize],
) {
    for (crossed, axis) in axes.iter().enumerate().filter(|(_, axis)| axis.second.is_some()) {
        for (side, simple) in axes.iter().enumerate().filter(|(_, axis)| axis.second.is_none()) {
            let first = simple.first == axis.first;
            if !first && Some(simple.first) != axis.second {
                continue;
            }
            let of_side = |key: PartKey| match key {
                PartKey::Crossed(a, b) => PartKey::One(if first { a } else { b }),
                one => one,
            };
            for &period in published {
                for scope in SCOPES {
                    for (part, key) in known[&(indicator, side)].iter().enumerate().filter(|(_, key)| key.is_some()) {
                        let crossing = known[&(indicator, crossed)].iter().enumerate();
                        let sum: Terms = crossing
                            .filter(|(_, other)| other.map(of_side) == *key)
                            .flat_map(|(other, _)| reader.terms(indicator, crossed, other, period, scope))
                            .collect();
                        let whole = reader.terms(indicator, side, part, period, scope);
                        let unnamed = known[&(indicator, crossed)].len() - 1;
                        let unnamed = reader.terms(indicator, crossed, unnamed, period, scope);
                        reader.solver.between(less(&whole, &sum), 0, None);
                        let most = less(&whole, &sum.into_iter().chain(unnamed).collect());
                        reader.solver.between(most, i64::MIN / 4, Some(0));
                    }
                }
            }
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one line of a table, with all that a reader knows of its place")]
fn learn_shown(
    reader: &mut Reader,
    indicator: usize,
    at: usize,
    axis: &Axis,
    shown: &donor_report::disclosure::ReleasedAxis,
    parts: &Known,
    period: usize,
    secrets: &mut Vec<Secret>,
) {
    if shown.withheld {
        assert!(shown.parts.is_empty());
        return;
    }
    for (part, key) in parts.iter().enumerate() {
        let ever = reader.terms(indicator, at, part, period, Scope::Cumulative);
        let Some(line) = shown.parts.iter().find(|line| Some(line.key) == *key) else {
            reader.solver.exactly(ever, 0);
            continue;
        };
        reader.solver.between(ever, 1, None);
        for scope in SCOPES {
            let terms = reader.terms(indicator, at, part, period, scope);
            let value = hinted(reader, &terms);
            let hidden = match line.value(scope) {
                ReleasedValue::Value(None) => false,
                ReleasedValue::Value(Some(amount)) => {
                    reader.solver.exactly(terms.clone(), amount.single().and_then(|value| value.to_i64()).unwrap());
                    false
                }
                ReleasedValue::Below(limit) => {
                    reader.solver.between(terms.clone(), 1, Some(i64::from(limit) - 1));
                    true
                }
                ReleasedValue::Withheld => true,
            };
            if hidden {
                let name =
                    format!("I{indicator} {} {key:?} {} {scope:?}", axis.text, reader.world.periods[period].code);
                secrets.push(Secret { name, terms, value });
            }
        }
    }
}

fn hinted(reader: &Reader, terms: &Terms) -> i64 {
    terms.iter().map(|(number, sign)| sign * reader.solver.hint(*number)).sum()
}

/// A ratio ties the numbers that it is made of: over × denominator = under × numerator.
#[expect(clippy::too_many_arguments, reason = "one line of a table, with all that a reader knows of its place")]
fn learn_ratio(
    reader: &mut Reader,
    sides: [usize; 2],
    axes: &[Vec<Axis>],
    axis: &Axis,
    key: PartKey,
    period: usize,
    scope: Scope,
    shown: ReleasedValue,
    known: &BTreeMap<(usize, usize), Known>,
) {
    let ReleasedValue::Value(value) = shown else { return };
    let [over, under] = sides.map(|side| {
        let at = axes[side].iter().position(|other| other == axis).unwrap();
        let part = known[&(side, at)].iter().position(|other| *other == Some(key)).unwrap();
        let people = reader.world.indicators[side].0 == Calculation::People;
        let scope = match scope {
            Scope::Cumulative => Scope::Cumulative,
            _ if people => Scope::Served,
            _ => Scope::Period,
        };
        reader.terms(side, at, part, period, scope)
    });
    let (over_count, under_count) = (hinted(reader, &over), hinted(reader, &under));
    match value {
        None if scope == Scope::Served => {}
        None => reader.solver.exactly(under, 0),
        Some(_) => {
            let terms = over.iter().map(|(number, sign)| (*number, sign * under_count));
            let terms = terms.chain(under.iter().map(|(number, sign)| (*number, -sign * over_count))).collect();
            reader.solver.exactly(terms, 0);
            reader.solver.between(under, 1, None);
        }
    }
}

#[test]
fn nothing_hidden_is_recovered() {
    let mut dice = Dice(7);
    let (mut showing, mut given_up) = (0, 0);
    for case in 0..400 {
        let world = random_world(&mut dice);
        let (project, figures) = (world.project(), world.figures());
        let releases = release(&project, &figures);
        let released = releases.for_report(&project.settings.reports[0]);
        let (recovered, unknown) = attack(&world, &figures, released);
        assert!(recovered.is_empty(), "case {case}: {recovered:#?}\n{}", printed(&world, &figures, released));
        let some = released.periods.iter().flat_map(|period| &period.figures).flat_map(|figure| &figure.axes);
        showing += usize::from(some.clone().any(|axis| !axis.parts.is_empty()));
        given_up += unknown;
    }
    assert!(showing > 300, "only {showing} cases show anything");
    assert!(given_up < 3_000, "the attacker gave up on {given_up} numbers");
}

/// What is shown beside what is true, line by line.
fn printed(world: &World, figures: &Figures, released: &Released) -> String {
    let mut lines = vec![format!("{:?}", world.reports[0].periods)];
    for (truth, shown) in figures.periods.iter().zip(&released.periods) {
        for (at, (truth, shown)) in truth.figures.iter().zip(&shown.figures).enumerate() {
            let totals = SCOPES.map(|scope| number(truth.value(scope)));
            lines.push(format!("{:?} I{at} {totals:?}", shown_period(released, shown)));
            for (axis, (truth, shown)) in world.indicators[at].1.iter().zip(truth.axes.iter().zip(&shown.axes)) {
                lines.push(format!("  {} withheld {}", axis.text, shown.withheld));
                for part in &truth.parts {
                    let line = shown.parts.iter().find(|line| line.key == part.key);
                    let shown = SCOPES.map(|scope| match line.map(|line| line.value(scope)) {
                        Some(ReleasedValue::Value(_)) => format!("{:?}", number(part.value(scope))),
                        Some(ReleasedValue::Below(_)) => format!("<({:?})", number(part.value(scope))),
                        _ => format!("·({:?})", number(part.value(scope))),
                    });
                    lines.push(format!("    {:?} {shown:?}", part.key));
                }
            }
        }
    }
    lines.join("\n")
}

fn number(amount: Option<Amount>) -> Option<String> {
    amount.map(|amount| amount.from.round_dp(3).to_string())
}

fn shown_period<'a>(released: &'a Released, figure: &donor_report::disclosure::ReleasedFigure) -> &'a str {
    let holds = |period: &&donor_report::disclosure::ReleasedPeriod| {
        period.figures.iter().any(|other| std::ptr::eq(other, figure))
    };
    released.periods.iter().find(holds).map_or("", |period| period.period.code.as_str())
}
