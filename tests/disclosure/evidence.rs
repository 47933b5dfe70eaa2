//! What an annex gets to prove its figures with.

use donor_report::disclosure::{JointAttendance, ValueRunKey, attendances, evidence, joint_attendances, release};
use donor_report::indicators::{Key, PartKey, Scope};
use donor_report::model::*;
use jiff::civil::date;

use super::world::{SEX, Visit, Visits, World, axis, quarters};

fn world() -> World {
    let mut visits = Visits::default()
        .new_persons(3, date(2017, 2, 1), 0, 0, 30)
        .new_persons(20, date(2017, 2, 1), 1, 0, 30)
        .new_persons(9, date(2017, 5, 1), 2, 0, 30);
    // The first person comes again in the second quarter.
    visits.visits.push(Visit { day: date(2017, 6, 1), ..visits.visits[0] });
    World::people(visits, quarters(2), vec![axis(SEX, None)], 5)
}

#[test]
fn people_have_one_row_each_and_the_served_are_among_them() {
    let world = world();
    let (project, figures) = (world.project(), world.figures());
    let releases = release(&project, &figures);
    let released = releases.for_report(&project.settings.reports[0]);
    let view = evidence(&project, &figures, released, IndicatorId(0), &world.periods[1]).expect("evidence of people");
    let joint = joint_attendances(&project, &figures, &[IndicatorId(0)], &world.periods[1]);
    let rows: Vec<JointAttendance> = joint.rows().collect();
    assert_eq!([rows.len() as u64, joint.count()], [view.row_count(); 2]);
    assert_eq!(rows.len(), 32);
    assert!(rows.iter().all(|row| row.marks.len() == 1 && row.marks[0].counted));
    assert_eq!(rows.iter().filter(|row| row.in_period).count(), 9);
    assert_eq!(rows.iter().filter(|row| row.marks[0].served).count(), 10);
    assert!(rows.iter().all(|row| !row.in_period || row.marks[0].served));
    assert_eq!(rows[0].pseudonym, "P-0001");
}

#[test]
fn columns_count_what_is_shown_and_the_rest_together() {
    let world = world();
    let (project, figures) = (world.project(), world.figures());
    let releases = release(&project, &figures);
    let released = releases.for_report(&project.settings.reports[0]);
    for (at, period) in world.periods.iter().enumerate() {
        let view = evidence(&project, &figures, released, IndicatorId(0), period).expect("evidence of people");
        for column in view.columns() {
            let total = figures.periods[at].figures[0].value(column.scope).and_then(|total| total.single());
            let counted: u64 = column.runs.iter().map(|run| run.count).sum();
            assert_eq!(Some(counted.into()), total, "{column:?}");
            let small = ValueRunKey::Part(PartKey::One(Key::Category(Category(0))));
            let shows_small = column.runs.iter().any(|run| run.key == small);
            assert!(!(shows_small && column.scope == Scope::Cumulative), "{column:?}");
        }
    }
}

#[test]
fn attendances_are_those_counted_with_what_a_donor_is_entitled_to() {
    let world = world();
    let (project, figures) = (world.project(), world.figures());
    let releases = release(&project, &figures);
    let report = &project.settings.reports[0];
    let released = releases.for_report(report);
    let counted = |period: usize| attendances(&project, &figures, released, report, &world.periods[period]);
    assert_eq!([counted(0).count(), counted(1).count()], [23, 33]);
    assert!(counted(0).columns().is_empty() && counted(0).rows().all(|row| row.details.is_empty()));
    let mut left_out = released.clone();
    left_out.participants = Participants::None;
    assert_eq!(attendances(&project, &figures, &left_out, report, &world.periods[0]).rows().count(), 0);
    let mut entitled = released.clone();
    entitled.participants = Participants::Detailed;
    let detailed = attendances(&project, &figures, &entitled, report, &world.periods[0]);
    assert_eq!(detailed.columns().len(), 3, "sex, age band, status");
    let first = detailed.rows().next().expect("a row");
    assert_eq!(first.details, [Key::Category(Category(0)), Key::Band(1), Key::Category(Category(0))]);
}

#[test]
fn keyed_pseudonyms_are_the_hmac_of_the_code_and_keep_no_order() {
    let mut world = world();
    world.key = Some(b"an invented key".to_vec());
    let (project, figures) = (world.project(), world.figures());
    let releases = release(&project, &figures);
    let report = &project.settings.reports[0];
    let counted = attendances(&project, &figures, releases.for_report(report), report, &world.periods[1]);
    let rows: Vec<_> = counted.rows().map(|row| (row.day, row.activity, row.pseudonym)).collect();
    assert!(rows.is_sorted(), "of one day and activity by pseudonym");
    let pseudonyms: Vec<&str> = rows.iter().map(|(_, _, pseudonym)| pseudonym.as_str()).collect();
    assert!(pseudonyms.iter().all(|name| name.len() == 16 && name.chars().all(|c| c.is_ascii_hexdigit())));
    // printf 'u-0' | openssl dgst -sha256 -hmac 'an invented key'
    assert!(pseudonyms.contains(&"69a50407d90a662d"), "{pseudonyms:?}");
    let joint = joint_attendances(&project, &figures, &[IndicatorId(0)], &world.periods[1]);
    let rows: Vec<_> = joint.rows().map(|row| (row.day, row.activity, row.pseudonym)).collect();
    assert!(rows.is_sorted() && rows.len() == 32);
}
