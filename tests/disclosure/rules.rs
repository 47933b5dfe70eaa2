//! The rules of disclosure one by one, each on a small table.

use donor_report::disclosure::{Released, ReleasedValue, release};
use donor_report::indicators::{Key, PartKey, Scope};
use donor_report::model::*;
use jiff::civil::date;
use rust_decimal::prelude::ToPrimitive;

use super::world::{PLACE, SEX, STATUS, Visits, World, axis, quarters, report};

const F: u32 = 0;
const M: u32 = 1;
const X: u32 = 2;

/// One line for each part of an axis: `0 <5 · 12`, its code and the three scopes as a reader sees them.
fn lines(released: &Released, period: usize, indicator: usize, axis: usize) -> Vec<String> {
    let axis = &released.periods[period].figures[indicator].axes[axis];
    if axis.withheld {
        assert!(axis.parts.is_empty(), "what is withheld whole lists nothing");
        return vec!["withheld".to_owned()];
    }
    let code = |key: Key| match key {
        Key::Category(category) => category.0.to_string(),
        other => format!("{other:?}"),
    };
    let line = axis.parts.iter().map(|part| {
        let name = match part.key {
            PartKey::One(key) => code(key),
            PartKey::Crossed(first, second) => format!("{}×{}", code(first), code(second)),
        };
        let values = [Scope::Period, Scope::Served, Scope::Cumulative].map(|scope| shown(part.value(scope)));
        format!("{name}: {}", values.join(" "))
    });
    line.collect()
}

fn shown(value: ReleasedValue) -> String {
    match value {
        ReleasedValue::Value(None) => "—".to_owned(),
        ReleasedValue::Value(Some(amount)) => amount.from.round_dp(2).normalize().to_string(),
        ReleasedValue::Below(limit) => format!("<{limit}"),
        ReleasedValue::Withheld => "·".to_owned(),
    }
}

fn released(world: &World) -> Released {
    let project = world.project();
    release(&project, &world.figures()).for_report(&project.settings.reports[0]).clone()
}

fn one_quarter(persons: &[(u32, u32)], limit: u32) -> Released {
    let mut visits = Visits::default();
    for &(sex, count) in persons {
        visits = visits.new_persons(count, date(2017, 2, 1), sex, 0, 30);
    }
    released(&World::people(visits, quarters(1), vec![axis(SEX, None)], limit))
}

#[test]
fn a_small_part_takes_a_companion_and_totals_stand() {
    let released = one_quarter(&[(F, 3), (M, 20), (X, 9)], 5);
    assert_eq!(lines(&released, 0, 0, 0), ["0: <5 <5 <5", "1: 20 20 20", "2: · · ·"]);
    let total = released.periods[0].figures[0].totals.cumulative.and_then(|total| total.single());
    assert_eq!(total.and_then(|total| total.to_u32()), Some(32));
}

#[test]
fn two_small_parts_hide_each_other() {
    let released = one_quarter(&[(F, 3), (M, 20), (X, 2)], 5);
    assert_eq!(lines(&released, 0, 0, 0), ["0: <5 <5 <5", "1: 20 20 20", "2: <5 <5 <5"]);
}

#[test]
fn parts_at_the_limit_are_shown() {
    let released = one_quarter(&[(F, 5), (M, 20)], 5);
    assert_eq!(lines(&released, 0, 0, 0), ["0: 5 5 5", "1: 20 20 20"]);
}

#[test]
fn bounds_that_disclose_a_part_are_not_shown() {
    // Two parts under 5 that come to 8 are 4 and 4.
    let released = one_quarter(&[(F, 4), (M, 4)], 5);
    let lines = lines(&released, 0, 0, 0);
    assert!(lines.iter().any(|line| line.ends_with("· · ·")), "{lines:?}");
    assert!(!lines.iter().any(|line| line.ends_with('4')), "{lines:?}");
}

#[test]
fn an_axis_whose_total_is_small_is_withheld_whole() {
    assert_eq!(lines(&one_quarter(&[(F, 1), (M, 3)], 5), 0, 0, 0), ["withheld"]);
}

#[test]
fn parts_that_their_number_alone_would_disclose_are_withheld_whole() {
    // Two lines of at least one person each come to 2.
    assert_eq!(lines(&one_quarter(&[(F, 1), (M, 1)], 2), 0, 0, 0), ["withheld"]);
    assert_eq!(lines(&one_quarter(&[(F, 1), (M, 1), (X, 1)], 3), 0, 0, 0), ["withheld"]);
}

#[test]
fn without_a_limit_and_for_the_entitled_everything_is_shown() {
    let open = ["0: 3 3 3", "1: 20 20 20"];
    assert_eq!(lines(&one_quarter(&[(F, 3), (M, 20)], 0), 0, 0, 0), open);
    let visits =
        Visits::default().new_persons(3, date(2017, 2, 1), F, 0, 30).new_persons(20, date(2017, 2, 1), M, 0, 30);
    let mut world = World::people(visits, quarters(1), vec![axis(SEX, None)], 5);
    world.reports.push(report("entitled", &["2017-Q1"], 5));
    world.reports[1].participants = Participants::Detailed;
    let project = world.project();
    let releases = release(&project, &world.figures());
    let entitled = releases.for_report(&project.settings.reports[1]);
    assert_eq!(entitled.suppress_below, 0);
    assert_eq!(lines(entitled, 0, 0, 0), open);
    assert_eq!(lines(releases.for_report(&project.settings.reports[0]), 0, 0, 0), ["0: <5 <5 <5", "1: · · ·"]);
}

#[test]
fn axes_of_activities_alone_are_shown() {
    let visits = Visits::default().new_persons(3, date(2017, 2, 1), F, 0, 30);
    let released = released(&World::people(visits, quarters(1), vec![axis(PLACE, None)], 5));
    assert_eq!(lines(&released, 0, 0, 0), ["0: 3 3 3"]);
}

#[test]
fn a_later_period_hides_the_level_that_would_disclose_its_growth() {
    let visits = Visits::default()
        .new_persons(30, date(2017, 2, 1), F, 0, 30)
        .new_persons(20, date(2017, 2, 1), M, 0, 30)
        .new_persons(3, date(2017, 5, 1), F, 0, 30)
        .new_persons(10, date(2017, 5, 1), M, 0, 30)
        .new_persons(8, date(2017, 8, 1), F, 0, 30)
        .new_persons(9, date(2017, 8, 1), M, 0, 30);
    let released = released(&World::people(visits, quarters(3), vec![axis(SEX, None)], 5));
    assert_eq!(lines(&released, 0, 0, 0), ["0: 30 30 30", "1: 20 20 20"]);
    assert_eq!(lines(&released, 1, 0, 0), ["0: <5 <5 ·", "1: · · ·"]);
    // Either the level or the growth may be shown again, never both.
    let third = lines(&released, 2, 0, 0);
    assert!(third[0] == "0: 8 8 ·" || third[0] == "0: · · 41" || third[0] == "0: · 8 41", "{third:?}");
}

#[test]
fn crossed_parts_cannot_be_derived_from_their_sides() {
    let visits = Visits::default()
        .new_persons(3, date(2017, 2, 1), F, 0, 30)
        .new_persons(12, date(2017, 2, 1), F, 1, 30)
        .new_persons(14, date(2017, 2, 1), M, 0, 30)
        .new_persons(16, date(2017, 2, 1), M, 1, 30);
    let axes = vec![axis(SEX, None), axis(STATUS, None), axis(SEX, Some(STATUS))];
    let released = released(&World::people(visits, quarters(1), axes, 5));
    assert_eq!(lines(&released, 0, 0, 0), ["0: 15 15 15", "1: 30 30 30"]);
    assert_eq!(lines(&released, 0, 0, 2), ["0×0: <5 <5 <5", "0×1: · · ·", "1×0: · · ·", "1×1: · · ·"]);
}

#[test]
fn a_ratio_shows_a_part_only_where_both_its_numbers_are_shown() {
    let visits = Visits::default()
        .new_persons(3, date(2017, 2, 1), F, 0, 30)
        .new_persons(20, date(2017, 2, 1), M, 0, 30)
        .new_persons(9, date(2017, 2, 1), X, 0, 30);
    let mut world = World::people(visits, quarters(1), vec![], 5);
    world.indicators.push((Calculation::Attendances, vec![axis(SEX, None)]));
    world.indicators.push((Calculation::Ratio(IndicatorId(1), IndicatorId(0)), vec![axis(SEX, None)]));
    world.indicators[0].1.push(axis(SEX, None));
    assert_eq!(lines(&released(&world), 0, 2, 0), ["0: · — ·", "1: 1 — 1", "2: · — ·"]);
}

#[test]
fn what_no_report_shows_is_withheld_and_discloses_nothing() {
    let visits = Visits::default()
        .new_persons(30, date(2017, 2, 1), F, 0, 30)
        .new_persons(20, date(2017, 2, 1), M, 0, 30)
        .new_persons(3, date(2017, 5, 1), F, 0, 30)
        .new_persons(10, date(2017, 5, 1), M, 0, 30);
    let mut world = World::people(visits, quarters(2), vec![axis(SEX, None)], 5);
    world.reports[0].periods = vec!["2017-Q1".to_owned()];
    let of_first = released(&world);
    assert_eq!(lines(&of_first, 0, 0, 0), ["0: 30 30 30", "1: 20 20 20"]);
    assert_eq!(lines(&of_first, 1, 0, 0), ["withheld"]);
    // A report of the second quarter has the first beside it, which could be subtracted.
    world.reports[0].periods = vec!["2017-Q2".to_owned()];
    let of_second = released(&world);
    assert_eq!(lines(&of_second, 0, 0, 0), ["0: 30 30 30", "1: 20 20 20"]);
    assert_eq!(lines(&of_second, 1, 0, 0), ["0: <5 <5 ·", "1: · · ·"]);
}

#[test]
fn a_small_total_of_a_condition_on_persons_is_a_warning() {
    let visits =
        Visits::default().new_persons(3, date(2017, 2, 1), F, 0, 30).new_persons(9, date(2017, 5, 1), F, 0, 30);
    let mut world = World::people(visits, quarters(2), vec![], 5);
    assert!(release(&world.project(), &world.figures()).problems().is_empty());
    world.conditions = vec![Condition {
        subject: Subject::Person(ColumnId(0)),
        negated: false,
        any: vec![Atom::Category(Category(F))],
        text: "sex = F".to_owned(),
    }];
    let releases = release(&world.project(), &world.figures());
    let codes: Vec<(&str, u64)> = releases.problems().iter().map(|problem| (problem.code, problem.count)).collect();
    assert_eq!(codes, [("small-total", 1)]);
}

#[test]
fn reports_of_different_limits_over_the_same_persons_are_a_warning() {
    let visits = Visits::default().new_persons(9, date(2017, 2, 1), F, 0, 30);
    let mut world = World::people(visits, quarters(1), vec![axis(SEX, None)], 5);
    world.reports.push(report("other", &["2017-Q1"], 3));
    let codes = |world: &World| {
        let releases = release(&world.project(), &world.figures());
        releases.problems().iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&world), ["different-limits"]);
    // A report for somebody who is entitled to the numbers stands outside.
    world.reports[1].suppress_below = 0;
    assert!(codes(&world).is_empty());
}

#[test]
fn what_is_for_everybody_is_hidden_whatever_reports_show() {
    let visits =
        Visits::default().new_persons(3, date(2017, 2, 1), F, 0, 30).new_persons(20, date(2017, 2, 1), M, 0, 30);
    let world = World::people(visits, quarters(1), vec![axis(SEX, None)], 0);
    let releases = release(&world.project(), &world.figures());
    let public = releases.for_everybody();
    assert_eq!((public.released.suppress_below, public.periods.as_slice()), (5, [0].as_slice()));
    assert_eq!(lines(&public.released, 0, 0, 0), ["0: <5 <5 <5", "1: · · ·"]);
}
