//! Targets, levels, progress and statuses, one rule a line.

use donor_report::diagnostic::Severity;
use donor_report::indicators::{self, Figure, Status};
use donor_report::model::{Aggregation, BaselineUse, Direction, Hedge, Plan, TargetKind};
use donor_report::pipeline::find_unexplained_variances;
use rust_decimal::{Decimal, RoundingStrategy};

use super::case::{Calc, Case, Ind, day, number};

fn figure(case: &Case, period: &str) -> Figure {
    let figures = indicators::count(&case.project());
    let counted = figures.periods.into_iter().find(|counted| counted.period.code == period).unwrap();
    counted.figures.into_iter().next_back().unwrap()
}

/// A reported indicator whose whole value is known in the first quarter.
fn level(value: u64) -> Case {
    Case::new().ind(Calc::Reported).rep("2017-01-01", "2017-03-31", Some((value, None)))
}

fn percent(progress: Option<indicators::Progress>) -> Option<Decimal> {
    let value = progress?.from * Decimal::ONE_HUNDRED;
    Some(value.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero))
}

#[test]
fn the_example_of_the_european_union() {
    let case = level(12_980).last_ind(|ind| {
        ind.baseline = Some(number("2505"));
        ind.target = Some(number("15000"));
    });
    let figure = figure(&case, "project");
    assert_eq!(percent(figure.progress), Some(number("83.8")));
    assert_eq!(figure.status, Some(Status::AtRisk));
}

/// 90 activities in the first quarter and 60 in the second.
fn activities() -> Case {
    let mut case = Case::new();
    for _ in 0..90 {
        case = case.act("2017-02-01", "", "");
    }
    for _ in 0..60 {
        case = case.act("2017-05-01", "", "");
    }
    case.ind(Calc::Activities)
}

#[test]
fn increments_of_quarters_add_up_to_what_is_due() {
    let case = activities().aim("2017-01-01", "2017-03-31", "100").aim("2017-04-01", "2017-06-30", "150");
    let (first, second) = (figure(&case, "2017-Q1"), figure(&case, "2017-Q2"));
    assert_eq!((first.target_period, first.target_due), (Some(number("100")), Some(number("100"))));
    assert_eq!((percent(first.progress_due), first.status), (Some(number("90")), Some(Status::OnTrack)));
    assert_eq!((second.target_period, second.target_due), (Some(number("150")), Some(number("250"))));
    assert_eq!((percent(second.progress_due), second.status), (Some(number("60")), Some(Status::OffTrack)));
    assert_eq!(second.progress, None);
}

#[test]
fn due_is_the_best_series_of_increments() {
    let months =
        [("2017-01-01", "2017-01-31", "1"), ("2017-02-01", "2017-02-28", "2"), ("2017-03-01", "2017-03-31", "4")];
    let all = |case: Case| months.iter().fold(case, |case, (start, end, value)| case.aim(start, end, value));
    let due = |case: &Case, period: &str| figure(case, period).target_due;
    // All months, none left out.
    assert_eq!(due(&all(activities()), "2017-Q1"), Some(number("7")));
    // The quarter reaches back as far with one target.
    assert_eq!(due(&all(activities()).aim("2017-01-01", "2017-03-31", "100"), "2017-Q1"), Some(number("100")));
    // One that reaches back further wins, though it has more targets.
    let further = activities().aim("2017-02-01", "2017-03-31", "100").aim("2017-01-01", "2017-02-28", "3").aim(
        "2017-03-01",
        "2017-03-31",
        "4",
    );
    assert_eq!(due(&further, "2017-Q1"), Some(number("7")));
    // A gap between increments is no reason to forget the earlier ones.
    let gap = activities().aim("2017-01-01", "2017-01-31", "1").aim("2017-03-01", "2017-03-31", "4");
    assert_eq!(due(&gap, "2017-Q1"), Some(number("5")));
    // What ends after the period isn't due; what was due before stays so.
    let later = activities().aim("2017-01-01", "2017-01-31", "1").aim("2017-01-01", "2017-04-30", "9");
    assert_eq!(due(&later, "2017-Q1"), Some(number("1")));
    // A cumulative target comes before increments.
    assert_eq!(due(&all(activities()).due("2017-03-31", "50"), "2017-Q1"), Some(number("50")));
    // Increments by due date follow one another.
    let dates = activities().any_aim(None, "2017-02-15", "10", TargetKind::Incremental).any_aim(
        None,
        "2017-03-31",
        "20",
        TargetKind::Incremental,
    );
    assert_eq!(due(&dates, "2017-Q1"), Some(number("30")));
}

#[test]
fn at_the_end_the_total_is_due_unless_the_data_ends_before() {
    let mut case = activities().last_ind(|ind| ind.target = Some(number("200"))).due("2017-03-31", "80");
    assert_eq!(figure(&case, "2017-Q2").target_due, Some(number("200")));
    assert_eq!(figure(&case, "project").status, Some(Status::AtRisk));
    case.data_until = Some(day("2017-05-31"));
    assert_eq!(figure(&case, "project").target_due, Some(number("80")));
    case.data_until = Some(day("2017-03-30"));
    assert_eq!((figure(&case, "project").target_due, figure(&case, "project").status), (None, Some(Status::NotDue)));
}

#[test]
fn statuses_with_their_limits_included() {
    let rules = [
        (100, Status::OnTrack),
        (90, Status::OnTrack),
        (89, Status::AtRisk),
        (70, Status::AtRisk),
        (69, Status::OffTrack),
    ];
    for (value, status) in rules {
        let case = level(value).last_ind(|ind| ind.target = Some(number("1000"))).due("2017-03-31", "100");
        assert_eq!(figure(&case, "2017-Q1").status, Some(status), "{value}");
    }
    assert_eq!(figure(&level(1), "project").status, Some(Status::NoTarget));
    let early = level(1000).last_ind(|ind| ind.target = Some(number("1000")));
    assert_eq!(figure(&early, "2017-Q1").status, Some(Status::OnTrack), "a level may fall again");
    assert_eq!(figure(&early, "project").status, Some(Status::Achieved));
    let not_due = level(10).last_ind(|ind| ind.target = Some(number("1000")));
    assert_eq!(figure(&not_due, "2017-Q1").status, Some(Status::NotDue));
    let absent = Case::new().ind(Calc::Reported).last_ind(|ind| ind.target = Some(number("1000")));
    assert_eq!((figure(&absent, "project").status, figure(&absent, "project").progress), (None, None));
}

#[test]
fn what_cannot_fall_is_achieved_early_and_only_by_its_total() {
    let with_total = |total: &str| activities().last_ind(|ind| ind.target = Some(number(total)));
    assert_eq!(figure(&with_total("90"), "2017-Q1").status, Some(Status::Achieved));
    let due = with_total("200").due("2017-03-31", "80");
    assert_eq!(figure(&due, "2017-Q1").status, Some(Status::OnTrack), "more than is due");
    let sum = level(90).last_ind(|ind| {
        ind.aggregation = Some(Aggregation::Sum);
        ind.target = Some(number("90"));
    });
    assert_eq!(figure(&sum, "2017-Q1").status, Some(Status::Achieved));
    let falling = with_total("100").last_ind(|ind| ind.direction = Direction::Decrease);
    assert_eq!(figure(&falling, "2017-Q1").status, Some(Status::OnTrack), "it may still grow");
    assert_eq!(figure(&falling, "project").status, Some(Status::OffTrack));
}

#[test]
fn what_is_due_at_the_end_is_the_total_where_none_is_written() {
    let case = activities().due("2017-03-31", "80").due("2017-06-30", "150");
    assert_eq!(figure(&case, "2017-Q1").status, Some(Status::OnTrack));
    assert_eq!(figure(&case, "2017-Q2").status, Some(Status::Achieved));
    let early = activities().due("2017-06-30", "90");
    assert_eq!(figure(&early, "2017-Q1").status, Some(Status::Achieved));
    let before_end = activities().due("2017-05-31", "100");
    assert_eq!(figure(&before_end, "project").status, Some(Status::OnTrack), "nothing is due at the end");
}

#[test]
fn falling_indicators() {
    let falling = |value: u64, baseline: Option<&str>, target: &str| {
        level(value).last_ind(|ind| {
            ind.direction = Direction::Decrease;
            ind.baseline = baseline.map(number);
            ind.target = Some(number(target));
        })
    };
    // With a baseline the one formula serves: 40 of 50 on the way down.
    let down = figure(&falling(60, Some("100"), "50"), "project");
    assert_eq!((percent(down.progress), down.status), (Some(number("80")), Some(Status::AtRisk)));
    // Without one it is only met or not met.
    let met = figure(&falling(50, None, "50"), "project");
    assert_eq!((met.progress, met.status), (None, Some(Status::Achieved)));
    assert_eq!(figure(&falling(51, None, "50"), "project").status, Some(Status::OffTrack));
    // So where the target is the baseline.
    let kept = figure(&falling(50, Some("50"), "50"), "project");
    assert_eq!((kept.progress, kept.status), (None, Some(Status::Achieved)));
    assert_eq!(figure(&falling(55, Some("50"), "50"), "project").status, Some(Status::OffTrack));
}

#[test]
fn what_a_baseline_of_a_counted_indicator_is_for() {
    let with = |baseline_use| {
        activities().aim("2017-01-01", "2017-03-31", "100").last_ind(|ind| {
            ind.baseline = Some(number("50"));
            ind.baseline_use = Some(baseline_use);
            ind.target = Some(number("250"));
        })
    };
    let added = figure(&with(BaselineUse::Added), "2017-Q1");
    assert_eq!(added.level.map(|level| level.from), Some(number("140")));
    assert_eq!(added.target_due, Some(number("150")));
    assert_eq!((percent(added.progress), percent(added.progress_due)), (Some(number("45")), Some(number("90"))));
    let reference = figure(&with(BaselineUse::Reference), "2017-Q1");
    assert_eq!(reference.level.map(|level| level.from), Some(number("90")));
    assert_eq!(reference.target_due, Some(number("100")));
    assert_eq!(
        (percent(reference.progress), percent(reference.progress_due)),
        (Some(number("36")), Some(number("90")))
    );
}

#[test]
fn an_interval_takes_the_status_of_both_ends() {
    let reach = |target: &str| {
        let act = |case: Case| {
            case.act("2017-02-01", "training", "").last_act(|act| act.reached = Some((16, Some(Hedge::About))))
        };
        act(act(Case::new())).ind(Calc::Reach).last_ind(|ind| ind.target = Some(number(target)))
    };
    let between = figure(&reach("30"), "project");
    let progress = between.progress.unwrap();
    assert_eq!((progress.from.round_dp(2), progress.to.round_dp(2)), (number("0.53"), number("1.07")));
    assert_eq!(between.status, Some(Status::Undetermined));
    assert_eq!(figure(&reach("16"), "project").status, Some(Status::Achieved));
    assert_eq!(figure(&reach("100"), "project").status, Some(Status::OffTrack));
}

#[test]
fn a_variance_wants_an_explanation() {
    let case = level(10).last_ind(|ind| ind.target = Some(number("1000"))).due("2017-03-31", "100");
    let problems = |case: &Case| {
        let project = case.project();
        let figures = indicators::count(&project);
        let problems = find_unexplained_variances(&project, &figures.periods[0], |_| true, Severity::Error);
        problems.iter().map(|problem| (problem.code, problem.severity)).collect::<Vec<_>>()
    };
    assert_eq!(problems(&case), [("unexplained-variance", Severity::Error)]);
    let mut explained = case.clone();
    explained.reported[0].comment = true;
    assert_eq!(problems(&explained), []);
    let mut elsewhere = case;
    elsewhere.reported.push(elsewhere.reported[0].clone());
    (elsewhere.reported[1].start, elsewhere.reported[1].end) = (day("2017-04-01"), day("2017-06-30"));
    (elsewhere.reported[1].comment, elsewhere.reported[1].value) = (true, None);
    assert_eq!(problems(&elsewhere).len(), 1);
}

#[test]
fn a_linear_plan_makes_due_what_the_elapsed_days_are_of_the_way() {
    let linear = |ind: &mut Ind| ind.plan = Some(Plan::Linear);
    let case = Case::new().ind(Calc::People).last_ind(linear).last_ind(|ind| ind.target = Some(number("181")));
    let first = figure(&case, "2017-Q1");
    assert_eq!((first.target_due, first.is_due_by_time), (Some(number("90")), true), "90 of 181 days");
    assert_eq!((first.status, first.due_reached), (Some(Status::OffTrack), Some(false)));
    let last = figure(&case, "2017-Q2");
    assert_eq!((last.target_due, last.is_due_by_time), (Some(number("181")), false), "at the end the total");
    let added =
        case.clone().last_ind(|ind| (ind.baseline, ind.baseline_use) = (Some(number("181")), Some(BaselineUse::Added)));
    let added = figure(&added.last_ind(|ind| ind.target = Some(number("362"))), "2017-Q1");
    assert_eq!(added.target_due, Some(number("271")), "from the baseline on");
    let mut known = case.clone();
    known.data_until = Some(day("2017-01-31"));
    assert_eq!(figure(&known, "2017-Q1").target_due, Some(number("31")), "as far as the data goes");
    let planned = figure(&case.clone().aim("2017-01-01", "2017-03-31", "7"), "2017-Q1");
    assert_eq!((planned.target_due, planned.is_due_by_time), (Some(number("7")), false), "a target comes first");
    let falling = case.last_ind(|ind| ind.direction = Direction::Decrease);
    assert_eq!(figure(&falling, "2017-Q1").target_due, None, "what can only be met or not");
}

#[test]
fn what_is_due_is_reached_or_not_or_nothing_is_due() {
    let of = |value: u64, due: Option<&str>| {
        let case = Case::new().ind(Calc::Reported).last_ind(|ind| ind.target = Some(number("10")));
        let case = case.rep("2017-01-01", "2017-03-31", Some((value, None)));
        figure(&due.into_iter().fold(case, |case, due| case.due("2017-03-31", due)), "2017-Q1").due_reached
    };
    assert_eq!([of(6, Some("6")), of(5, Some("6")), of(5, None)], [Some(true), Some(false), None]);
}

/// Reported values that are added up start from nothing, as what is counted does.
#[test]
fn a_baseline_of_reported_values_that_are_added_up_is_added_or_for_reference() {
    let of = |baseline_use: BaselineUse, aggregation: Aggregation| {
        let case = Case::new().ind(Calc::Reported).rep("2017-01-01", "2017-03-31", Some((13, None)));
        let case = case.last_ind(|ind| (ind.baseline, ind.target) = (Some(number("2")), Some(number("20"))));
        let case = case.last_ind(|ind| (ind.baseline_use, ind.aggregation) = (Some(baseline_use), Some(aggregation)));
        let figure = figure(&case, "project");
        (figure.level.unwrap().from, figure.progress.unwrap().from.round_dp(4))
    };
    assert_eq!(of(BaselineUse::Added, Aggregation::Sum), (number("15"), number("0.7222")));
    assert_eq!(of(BaselineUse::Reference, Aggregation::Sum), (number("13"), number("0.65")));
    assert_eq!(of(BaselineUse::Added, Aggregation::Latest), (number("13"), number("0.6111")));
}
