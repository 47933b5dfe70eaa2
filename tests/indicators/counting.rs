//! Rules of counting, one by one.

use donor_report::indicators::{self, Figure, Key, PartKey};
use donor_report::model::{ActivityStatus, Aggregation, Amount, Birth, Category, Hedge};
use rust_decimal::Decimal;

use super::case::{By, Calc, Case, day};

fn figures(case: &Case, period: &str) -> Vec<Figure> {
    let figures = indicators::count(&case.project());
    figures.periods.into_iter().find(|counted| counted.period.code == period).unwrap().figures
}

fn whole(number: u64) -> Option<Amount> {
    Some(Amount::count(number))
}

/// Person 0 comes in both quarters, person 1 in the second.
fn two_quarters() -> Case {
    Case::new().act("2017-02-01", "training", "").act("2017-05-01", "training", "").att(0, 0).att(1, 0).att(1, 1)
}

#[test]
fn people_are_counted_at_their_first_contact() {
    let case = two_quarters().ind(Calc::People);
    let (first, second) = (figures(&case, "2017-Q1"), figures(&case, "2017-Q2"));
    assert_eq!((first[0].period, first[0].served, first[0].cumulative), (whole(1), whole(1), whole(1)));
    assert_eq!((second[0].period, second[0].served, second[0].cumulative), (whole(1), whole(2), whole(2)));
}

#[test]
fn a_late_row_moves_a_first_contact_into_an_earlier_period() {
    let late = two_quarters().att(0, 1).ind(Calc::People);
    assert_eq!(figures(&late, "2017-Q1")[0].period, whole(2));
    assert_eq!(figures(&late, "2017-Q2")[0].period, whole(0));
}

#[test]
fn a_ratio_of_people_takes_everybody_served_in_the_period() {
    let case = two_quarters().ind(Calc::People).ind(Calc::Activities).ind(Calc::Ratio(0, 1));
    let second = figures(&case, "2017-Q2");
    assert_eq!((second[2].period, second[2].served, second[2].cumulative), (whole(2), whole(2), whole(1)));
    let nothing = Case::new().ind(Calc::People).ind(Calc::Ratio(0, 0));
    assert_eq!(figures(&nothing, "project")[1].cumulative, None);
}

#[test]
fn a_ratio_that_needs_itself_is_absent() {
    let case = two_quarters().ind(Calc::Ratio(1, 0)).ind(Calc::Ratio(0, 1));
    assert_eq!(figures(&case, "project")[0].cumulative, None);
}

#[test]
fn activities_count_on_their_last_day_and_dated_attendances_on_their_own() {
    let case = Case::new()
        .act("2017-03-30", "training", "")
        .last_act(|act| act.end_date = Some(day("2017-04-02")))
        .att(0, 0)
        .last_att(|att| att.day = Some(day("2017-03-31")))
        .att(0, 1)
        .ind(Calc::Activities)
        .ind(Calc::Attendances);
    let (first, second) = (figures(&case, "2017-Q1"), figures(&case, "2017-Q2"));
    assert_eq!((first[0].period, second[0].period), (whole(0), whole(1)));
    assert_eq!((first[1].period, second[1].period), (whole(1), whole(1)));
}

#[test]
fn attendances_of_ongoing_activities_count_where_they_are_dated() {
    let case = Case::new()
        .act("2017-02-01", "training", "")
        .last_act(|act| act.status = ActivityStatus::Ongoing)
        .att(0, 0)
        .last_att(|att| att.day = Some(day("2017-02-03")))
        .att(0, 1)
        .ind(Calc::Activities)
        .ind(Calc::People);
    let whole_project = figures(&case, "project");
    assert_eq!((whole_project[0].cumulative, whole_project[1].cumulative), (whole(0), whole(1)));
}

#[test]
fn what_is_outside_the_project_or_after_data_until_counts_nowhere() {
    let mut case = Case::new().act("2016-12-31", "", "").act("2017-01-01", "", "").act("2017-06-30", "", "");
    case = case.ind(Calc::Activities);
    assert_eq!(figures(&case, "project")[0].cumulative, whole(2));
    case.data_until = Some(day("2017-06-29"));
    let cut = figures(&case, "project");
    assert_eq!((cut[0].cumulative, cut[0].data_until), (whole(1), case.data_until));
    assert_eq!(figures(&case, "2017-Q1")[0].data_until, None);
}

fn reached(counts: &[Option<(u64, Option<Hedge>)>]) -> Case {
    let add = |case: Case, count: &Option<(u64, Option<Hedge>)>| {
        case.act("2017-02-01", "training", "").last_act(|act| act.reached = *count)
    };
    counts.iter().fold(Case::new(), add).ind(Calc::Sum).ind(Calc::Reach)
}

#[test]
fn no_row_is_zero_but_blank_cells_are_absent() {
    let none = figures(&reached(&[]), "project");
    assert_eq!((none[0].cumulative, none[1].cumulative), (whole(0), whole(0)));
    let blank = figures(&reached(&[None, None]), "project");
    assert_eq!((blank[0].cumulative, blank[1].cumulative, blank[0].status), (None, None, None));
    let some = figures(&reached(&[None, Some((7, None)), Some((0, None))]), "project");
    assert_eq!(some[0].cumulative, whole(7));
    assert_eq!((some[0].coverage.rows, some[0].coverage.blank), (3, 1));
}

#[test]
fn head_counts_that_may_overlap_are_an_interval() {
    let about = Some(Hedge::About);
    let figures = figures(&reached(&[Some((16, about)), Some((16, None))]), "project");
    let reach = figures[1].cumulative.unwrap();
    assert_eq!((reach.from, reach.to, reach.hedge), (Decimal::from(16), Decimal::from(32), about));
}

#[test]
fn an_approximate_sum_keeps_its_digits_and_knows_its_coarsest_part() {
    let parts = [Some((84_000, Some(Hedge::Approximately))), Some((16, Some(Hedge::About))), Some((7, None))];
    let sum = figures(&reached(&parts), "project")[0].cumulative.unwrap();
    assert_eq!((sum.from, sum.hedge, sum.rounding_exponent), (Decimal::from(84_023), Some(Hedge::About), 3));
}

#[test]
fn different_values_are_a_union() {
    let case = Case::new()
        .act("2017-02-01", "training;clinic", "Butel")
        .act("2017-05-01", "training", "")
        .ind(Calc::DistinctKind)
        .ind(Calc::DistinctPlace);
    let second = figures(&case, "2017-Q2");
    assert_eq!((second[0].period, second[0].cumulative), (whole(1), whole(2)));
    assert_eq!((second[1].period, second[1].cumulative), (whole(0), whole(1)));
}

#[test]
fn a_person_stands_on_an_axis_as_at_the_first_attendance_of_the_scope() {
    let case = two_quarters().ind(Calc::People).last_ind(|ind| ind.by = vec![(By::Status, None)]);
    let mut case = case;
    case.attendances[0].status = vec!["asylum seeker"];
    case.attendances[1].status = vec!["refugee"];
    let figures = figures(&case, "2017-Q2");
    let part = |at: u32| {
        let key = PartKey::One(Key::Category(Category(at)));
        let part = figures[0].axes[0].parts.iter().find(|part| part.key == key).unwrap();
        (part.period, part.served, part.cumulative)
    };
    assert_eq!(part(0), (whole(0), whole(1), whole(0)), "a refugee in the second quarter");
    assert_eq!(part(1), (whole(0), whole(0), whole(1)), "an asylum seeker at the first contact");
}

#[test]
fn several_unknown_and_ages_below_the_first_band() {
    let mut case = Case::new()
        .act("2017-02-01", "training;clinic", "")
        .att(0, 0)
        .last_att(|att| att.birth = Birth::Age(9))
        .ind(Calc::People)
        .last_ind(|ind| ind.by = vec![(By::Kind, None), (By::Place, None), (By::Age, None), (By::Kind, Some(By::Age))]);
    case.bands = vec![10, 18];
    let figures = figures(&case, "project");
    let keys: Vec<PartKey> = figures[0].axes.iter().map(|axis| axis.parts[0].key).collect();
    let one = PartKey::One;
    let expected =
        [one(Key::Several), one(Key::Unknown), one(Key::Unknown), PartKey::Crossed(Key::Several, Key::Unknown)];
    assert_eq!(keys, expected);
}

#[test]
fn age_is_the_age_on_the_day() {
    let born = |date: &str| Birth::Date(day(date));
    assert_eq!(born("1999-02-02").age_on(day("2017-02-01")), Some(17));
    assert_eq!(born("1999-02-01").age_on(day("2017-02-01")), Some(18));
    assert_eq!(Birth::Year(1999).age_on(day("2017-01-01")), Some(18));
    assert_eq!(Birth::Band(2).age_on(day("2017-01-01")), None);
}

#[test]
fn reported_values_are_aggregated_where_a_scope_contains_their_period() {
    let about = Some(Hedge::About);
    let case = |aggregation: Aggregation| {
        Case::new()
            .ind(Calc::Reported)
            .last_ind(|ind| ind.aggregation = Some(aggregation))
            .rep("2017-01-01", "2017-03-31", Some((10, about)))
            .rep("2017-04-01", "2017-06-30", Some((5, None)))
    };
    let amount = |number: &str, hedge| Some((number.parse().unwrap(), hedge));
    let rules = [
        (Aggregation::Sum, amount("15", about)),
        (Aggregation::Latest, amount("5", None)),
        (Aggregation::Maximum, amount("10", about)),
        (Aggregation::Average, amount("7.5", about)),
    ];
    for (aggregation, expected) in rules {
        let figure = &figures(&case(aggregation), "project")[0];
        assert_eq!(figure.cumulative.map(|amount| (amount.from, amount.hedge)), expected, "{aggregation:?}");
    }
    // An average is computed to the end, and printed with one decimal place more than its values have.
    let thirds = [("2017-01-01", "2017-01-31", 5), ("2017-02-01", "2017-02-28", 5), ("2017-03-01", "2017-03-31", 6)]
        .into_iter()
        .fold(Case::new().ind(Calc::Reported), |case, (start, end, value)| case.rep(start, end, Some((value, None))))
        .last_ind(|ind| ind.aggregation = Some(Aggregation::Average));
    let average = figures(&thirds, "project")[0].cumulative.unwrap();
    assert_eq!(average.round_for_print(average.to), "5.3".parse().unwrap());
    assert_eq!(average.to.round_dp(6), "5.333333".parse().unwrap());
    let change = average.difference(Amount::count(5));
    assert_eq!(change.round_for_print(change.to), "0.3".parse().unwrap());
    let gap = Case::new().ind(Calc::Reported).rep("2017-01-01", "2017-03-31", None);
    assert_eq!(figures(&gap, "project")[0].cumulative, None);
    let wide = Case::new().ind(Calc::Reported).rep("2017-01-01", "2017-06-30", Some((9, None)));
    assert_eq!(figures(&wide, "2017-Q1")[0].cumulative, None);
}

#[test]
fn parts_of_a_ratio_are_ratios_of_the_parts() {
    let mut case = Case::new().act("2017-02-01", "training", "").att(0, 0).att(0, 1).att(0, 2);
    for (att, sex) in case.attendances.iter_mut().zip(["F", "F", "M"]) {
        att.sex = vec![sex];
        att.status = vec!["refugee"];
    }
    case.attendances[1].status = vec!["official"];
    let officials = super::case::Cond::Status { negated: false, any: vec!["official"] };
    let case = case
        .ind(Calc::People)
        .last_ind(|ind| ind.conditions = vec![officials])
        .ind(Calc::People)
        .ind(Calc::Ratio(0, 1))
        .last_ind(|ind| ind.by = vec![(By::Sex, None)]);
    let figures = figures(&case, "project");
    let parts: Vec<Option<Decimal>> =
        figures[2].axes[0].parts.iter().map(|part| part.cumulative.map(|amount| amount.from)).collect();
    assert_eq!(parts, [Some(Decimal::new(5, 1)), Some(Decimal::ZERO)]);
    assert!(figures[0].axes.is_empty(), "the axes of a ratio aren't its parts' own");
}
