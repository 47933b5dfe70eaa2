//! Rows enough to be shared out to cores, counted as they are one by one. All of it is invented.

use donor_report::indicators::{self, Evidence, Figure, Figures};
use donor_report::model::{ActivityStatus, Birth, Op, Project, RowRef};
use jiff::ToSpan;

use super::agreement::{engine_line, normalized};
use super::case::{Att, By, Calc, Case, Cond, Ind, KINDS, PLACES, SEXES, STATUSES, day};
use super::naive;

const ATTENDANCES: usize = 20_000;
const PERSONS: u32 = 3_000;

/// The same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn indicator(calc: Calc, conditions: Vec<Cond>, by: Vec<(By, Option<By>)>) -> Ind {
    Ind { conditions, by, ..Ind::new(calc) }
}

/// A half year with some days before and after it, and persons whose births are given in every way.
fn case() -> Case {
    let mut dice = Dice(8);
    let mut case = Case::new();
    for at in 0..90 {
        let held = day("2016-12-25").checked_add((2 * at).days()).unwrap().to_string();
        let [kind, place] = [KINDS, PLACES].map(|words| words[dice.roll(3) as usize]);
        let planned = dice.roll(10) == 0;
        case = case.act(&held, kind, place).last_act(|act| {
            act.reached = Some((dice.roll(40), None)).filter(|_| dice.roll(3) > 0);
            if planned {
                act.status = ActivityStatus::Planned;
            }
        });
    }
    case.people = PERSONS;
    for _ in 0..ATTENDANCES {
        let person = dice.roll(u64::from(PERSONS)) as u32;
        let birth = match person % 5 {
            0 => Birth::Unknown,
            1 => Birth::Year(1700 + (person % 317) as i16),
            2 => Birth::Date(day("2012-06-01").checked_sub(i64::from(person % 40).months()).unwrap()),
            3 => Birth::Age((person % 70) as u8),
            _ => Birth::Band((person % 3) as u8),
        };
        let words = |dice: &mut Dice, list: &[&'static str]| match dice.roll(list.len() as u64 + 2) as usize {
            0 => vec![],
            1 => list[..2].to_vec(),
            at => vec![list[at - 2]],
        };
        let dated = dice.roll(4) == 0;
        case.attendances.push(Att {
            session: 0,
            activity: dice.roll(90) as usize,
            person,
            day: dated.then(|| day("2016-12-25").checked_add((dice.roll(190) as i64).days()).unwrap()),
            sex: words(&mut dice, &SEXES),
            status: words(&mut dice, &STATUSES),
            birth,
        });
    }
    let (sex, age, status, kind) = (By::Sex, By::Age, By::Status, By::Kind);
    case.indicators = vec![
        indicator(Calc::People, vec![], vec![(sex, None), (age, None), (kind, Some(status))]),
        indicator(Calc::People, vec![Cond::Age(Op::Less, 18)], vec![(age, Some(sex)), (By::Place, None)]),
        indicator(Calc::Attendances, vec![], vec![(age, None), (kind, None)]),
        indicator(
            Calc::Attendances,
            vec![Cond::Attended(Op::GreaterOrEqual, day("2017-02-01")), Cond::Sex { negated: true, any: vec!["F"] }],
            vec![(status, None)],
        ),
        indicator(Calc::DistinctAge, vec![Cond::Kind { negated: false, any: vec!["clinic"] }], vec![(sex, None)]),
        indicator(Calc::DistinctPerson, vec![], vec![(By::Place, None)]),
        indicator(Calc::Sum, vec![], vec![(kind, None), (By::Place, None)]),
        indicator(Calc::Reach, vec![], vec![(kind, Some(By::Place))]),
        indicator(Calc::DistinctPlace, vec![], vec![(kind, None)]),
    ];
    case
}

fn agrees(case: &Case) {
    let project = case.project();
    let figures = indicators::count(&project);
    for counted in &figures.periods {
        for (id, figure) in project.logframe.indicator_ids().zip(&counted.figures) {
            let by_hand = naive::line(case, usize::from(id.0), (counted.period.start, counted.period.end));
            let engine = engine_line(&project, id, figure);
            assert_eq!(engine, normalized(by_hand), "I{} in {}", id.0, counted.period.code);
        }
    }
}

#[test]
fn many_rows_are_counted_as_they_are_one_by_one() {
    agrees(&case());
}

#[test]
fn axes_of_many_parts_are_counted_like_those_of_few() {
    agrees(&Case { bands: (0..80).collect(), ..case() });
}

/// The rows behind every indicator, and which are first contacts.
fn rows(project: &Project, figures: &Figures) -> Vec<Vec<(RowRef, bool)>> {
    let of = |evidence: &Evidence| match evidence {
        Evidence::Attendances { rows } => {
            let row = |index: u32| project.persons.attendances[index as usize].row;
            rows.iter().map(|counted| (row(counted.index), counted.is_first)).collect()
        }
        Evidence::Activities { rows } => rows.iter().map(|(_, id)| (project.activities.get(*id).row, true)).collect(),
        Evidence::Reported { .. } | Evidence::Ratio => Vec::new(),
    };
    figures.evidence.iter().map(of).collect()
}

#[test]
fn rows_count_in_the_order_of_files_however_they_stand_in_memory() {
    let project = case().project();
    let mut turned = project.clone();
    turned.persons.attendances.reverse();
    let (figures, of_turned) = (indicators::count(&project), indicators::count(&turned));
    let all = |figures: &Figures| -> Vec<Figure> {
        figures.periods.iter().flat_map(|counted| counted.figures.clone()).collect()
    };
    assert_eq!(all(&figures), all(&of_turned));
    assert_eq!(rows(&project, &figures), rows(&turned, &of_turned));
    assert!(rows(&project, &figures)[2].len() > ATTENDANCES / 2);
}
