//! The page that answers first: which indicators are cards, and which need attention.

use donor_report::model::{IndicatorId, Lang, Level, Project, ReportedValue, RowRef, SheetId};
use donor_report::report::document::Glance;

use super::compose::document;
use super::project::project;

/// The page of the second quarter, at the end of the project, or of the first.
fn glance(project: &Project, period: usize) -> Glance {
    document(project, "progress", &["en"], period).parts[0].glance.clone().expect("a page that answers")
}

fn cards(project: &Project) -> Vec<String> {
    glance(project, 1).cards.into_iter().map(|card| card.code).collect()
}

/// Code and status of what needs attention.
fn attention(project: &Project, period: usize) -> Vec<(String, String)> {
    glance(project, period).attention.into_iter().map(|item| (item.code, item.status.code)).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(code, status)| ((*code).to_owned(), (*status).to_owned())).collect()
}

#[test]
fn cards_are_what_is_late_then_outcomes_then_the_most_people() {
    let mut project = project();
    // I1 is at risk, I2 achieved; I3 and I4 count three and two.
    assert_eq!(cards(&project), ["I1", "I2"]);
    project.logframe.indicators[2].level = Some(Level::Outcome);
    assert_eq!(cards(&project), ["I1", "I3", "I2"], "an outcome is a card, however small");
    project.logframe.indicators[1].target = Some(1_000_000.into());
    assert_eq!(cards(&project), ["I2", "I1", "I3"], "off track comes before at risk");
    project.logframe.indicators[0].target = Some(20.into());
    project.logframe.indicators[1].target = Some(80_000.into());
    project.logframe.indicators[2].level = None;
    assert_eq!(cards(&project), ["I2", "I1"], "of what is not late, the largest count of people");
}

#[test]
fn the_reports_own_key_figures_stand_in_its_order_and_no_more_than_four() {
    let mut project = project();
    project.settings.reports[0].key_figures = Some(["I4", "I1"].map(str::to_owned).to_vec());
    assert_eq!(cards(&project), ["I4", "I1"]);
    let first = project.logframe.indicators[0].clone();
    for at in 5..10 {
        let mut more = first.clone();
        more.code = format!("I{at}");
        project.logframe.indicators.push(more);
    }
    project.settings.reports[0].key_figures = None;
    assert_eq!(cards(&project).len(), 4);
}

#[test]
fn what_is_late_needs_attention_the_worst_first_and_what_is_reached_never() {
    let mut project = project();
    assert_eq!(attention(&project, 1), pairs(&[("I4", "off_track"), ("I1", "at_risk")]));
    project.logframe.indicators[3].target = Some(2.into());
    project.logframe.indicators[0].target = Some(40.into());
    assert_eq!(attention(&project, 1), pairs(&[]));
    let said = glance(&project, 1).attention_note.expect("that nothing is late").text();
    assert_eq!(said, "Nothing is late, and nothing is due in the next period.");
}

#[test]
fn what_is_due_in_the_next_period_needs_attention_and_says_by_when() {
    let project = project();
    let first = glance(&project, 0);
    let due: Vec<(&str, String)> = first.attention.iter().map(|item| (item.code.as_str(), item.text.text())).collect();
    assert_eq!(
        due,
        [
            ("I1", "40\u{a0}of\u{a0}50, due by 30\u{a0}June\u{a0}2030".to_owned()),
            ("I4", "2\u{a0}of\u{a0}4, due by 30\u{a0}June\u{a0}2030".to_owned())
        ]
    );
}

#[test]
fn what_is_due_and_has_no_value_yet_says_only_what_is_planned() {
    let mut project = project();
    project.logframe.indicators[3].calculation = donor_report::model::Calculation::Reported;
    project.logframe.reported.clear();
    let last_target = project.logframe.targets.iter().find(|target| target.indicator == IndicatorId(3)).cloned();
    for at in 5..13 {
        let mut more = project.logframe.indicators[3].clone();
        more.code = format!("I{at}");
        let indicator = IndicatorId(project.logframe.indicators.len() as u16);
        project
            .logframe
            .targets
            .extend(last_target.clone().map(|target| donor_report::model::Target { indicator, ..target }));
        project.logframe.indicators.push(more);
    }
    let due = glance(&project, 0).due;
    let said: Vec<String> = due.iter().filter(|item| item.code != "I1").map(|item| item.text.text()).collect();
    assert!(!said.is_empty());
    assert!(said.iter().all(|text| text == "planned 4, due by 30\u{a0}June\u{a0}2030"), "{said:?}");
}

#[test]
fn an_explanation_stands_beside_what_it_explains_and_nothing_dangles() {
    let mut project = project();
    project.logframe.indicators[3].calculation = donor_report::model::Calculation::Reported;
    project.logframe.reported.clear();
    let absent = |project: &Project| {
        let page = glance(project, 1);
        page.attention.into_iter().find(|item| item.code == "I4").expect("it has no data")
    };
    let unexplained = absent(&project);
    assert_eq!(unexplained.status.code, "absent");
    assert!(!unexplained.text.is_empty() && unexplained.explanations.is_empty(), "{unexplained:?}");
    project.logframe.reported = vec![ReportedValue {
        indicator: IndicatorId(3),
        period: project.logframe.periods[1].clone(),
        value: None,
        comment: [(Lang::new("en"), "The survey is late.".to_owned())].into_iter().collect(),
        action: Default::default(),
        source: Default::default(),
        row: RowRef::whole(SheetId(0), 2),
    }];
    let explained = absent(&project);
    assert_eq!(explained.explanations[0].value, "The survey is late.");
    assert_eq!(explained.text.pieces, []);
}

#[test]
fn of_more_than_six_the_rest_are_counted() {
    let mut project = project();
    let first = project.logframe.indicators[0].clone();
    for at in 5..13 {
        let mut more = first.clone();
        more.code = format!("I{at}");
        project.logframe.indicators.push(more);
    }
    let page = glance(&project, 1);
    assert_eq!(page.attention.len(), 6);
    assert!(page.attention_note.expect("how many more").text().contains('4'));
}
