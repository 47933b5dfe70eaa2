//! Rows behind figures, and why a row counts or doesn't.

use donor_report::cli::explain::{ExplainFormat, Question, find, write};
use donor_report::diagnostic::Catalogue;
use donor_report::indicators;
use donor_report::model::{ActivityStatus, Hedge, Project, RowRef, SheetId, SkippedRow};

use super::case::{Calc, Case, Cond, day};

/// Eight activities and as many rows of attendance, each left out for another reason.
fn project() -> Project {
    let women = Cond::Sex { negated: false, any: vec!["F"] };
    let trainings = Cond::Kind { negated: false, any: vec!["training"] };
    let mut case = Case::new()
        .act("2017-02-01", "training", "Butel")
        .act("2017-02-02", "clinic", "Butel")
        .act("2017-02-03", "training", "Butel")
        .last_act(|act| act.status = ActivityStatus::Planned)
        .act("2016-11-01", "training", "Butel")
        .act("2017-06-20", "training", "Butel")
        .act("2017-05-01", "training", "Butel");
    for (activity, person, sex) in
        [(0, 0, "F"), (0, 1, "M"), (1, 2, "F"), (2, 3, "F"), (3, 3, "F"), (4, 3, "F"), (5, 0, "F"), (5, 4, "F")]
    {
        case = case.att(activity, person).last_att(|att| att.sex = vec![sex]);
    }
    case.data_until = Some(day("2017-06-01"));
    case = case
        .ind(Calc::People)
        .last_ind(|ind| ind.conditions = vec![trainings, women])
        .ind(Calc::Activities)
        .ind(Calc::Sum)
        .ind(Calc::Reported)
        .rep("2017-01-01", "2017-03-31", Some((16, Some(Hedge::About))))
        .rep("2017-04-01", "2017-06-30", None)
        .ind(Calc::Ratio(0, 1));
    let mut project = case.project();
    let row = |row| RowRef::whole(SheetId(1), row);
    project.sources.skipped.push(SkippedRow { row: row(10), reason: "doubled", duplicate_of: Some(row(9)) });
    project
}

fn ask(question: Question, period: Option<&str>, format: ExplainFormat) -> String {
    let project = project();
    let figures = indicators::count(&project);
    let subject = find(&project, question, period).unwrap();
    let mut out = Vec::new();
    write(&project, &figures, &subject, format, &Catalogue::new("en"), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_rows_behind_a_figure_and_those_left_out() {
    let answer = ask(Question::Indicator("I0"), Some("2017-Q1"), ExplainFormat::Json);
    let expected = concat!(
        r#"{"indicator":"I0","period":"2017-Q1","#,
        r#""rows":[{"file":"participants.xlsx","sheet":"Attendance","row":2,"cell":null,"activity":"A-00"}],"#,
        r#""left_out":{"the activity is not completed":1,"dated outside the project":1,"dated after `data_until`":1,"#,
        r#""condition `Kind { negated: false, any: [\"training\"] }` does not hold":1,"#,
        r#""condition `Sex { negated: false, any: [\"F\"] }` does not hold":1,"#,
        r#""dated outside the period":2,"passed over when it was read (doubled)":1}}"#,
        "\n"
    );
    assert_eq!(answer, expected);
}

#[test]
fn the_same_as_lines_to_read() {
    let answer = ask(Question::Indicator("i0"), None, ExplainFormat::Text);
    let expected = "\
I0, project (1 Jan 2017 to 30 Jun 2017): rows that count: 2
  A-00  2017-02-01  participants.xlsx:Attendance:2
  A-05  2017-05-01  participants.xlsx:Attendance:9
  - 1: the activity is not completed
  - 1: dated outside the project
  - 1: dated after `data_until`
  - 1: condition `Kind { negated: false, any: [\"training\"] }` does not hold
  - 1: condition `Sex { negated: false, any: [\"F\"] }` does not hold
  - 1: counted before
  - 1: passed over when it was read (doubled)
";
    assert_eq!(answer, expected);
}

#[test]
fn a_ratio_is_explained_by_its_parts() {
    let answer = ask(Question::Indicator("I4"), Some("2017-Q2"), ExplainFormat::Text);
    assert!(
        answer.contains("I0, 2017-Q2 (1 Apr 2017 to 30 Jun 2017): rows that count: 2"),
        "served, not first contacts: {answer}"
    );
    assert!(answer.contains("I1, 2017-Q2 (1 Apr 2017 to 30 Jun 2017): rows that count: 1"), "{answer}");
}

/// Why each of these rows doesn't count, by indicator.
#[test]
fn every_row_that_does_not_count_has_its_reason() {
    let attendance = "participants.xlsx:Attendance:";
    let rules = [
        (format!("{attendance}3"), "I0", "condition `Sex { negated: false, any: [\"F\"] }` does not hold"),
        (format!("{attendance}4"), "I0", "condition `Kind { negated: false, any: [\"training\"] }` does not hold"),
        (format!("{attendance}5"), "I0", "the activity is not completed"),
        (format!("{attendance}6"), "I0", "dated outside the project"),
        (format!("{attendance}7"), "I0", "dated after `data_until`"),
        (format!("{attendance}8"), "I0", "counted before, by participants.xlsx:Attendance:2"),
        (
            format!("{attendance}10"),
            "I0",
            "passed over when it was read (doubled): it repeats participants.xlsx:Attendance:9",
        ),
        (format!("{attendance}2"), "I1", "the indicator counts rows of another table"),
        ("activities.xlsx:Activities:4".to_owned(), "I1", "the activity is not completed"),
        ("activities.xlsx:2".to_owned(), "I2", "the cell to be counted is blank"),
        ("reported.csv:3".to_owned(), "I3", "no value is reported"),
        ("reported.csv::2".to_owned(), "I0", "a reported value of another indicator"),
        (
            "participants.xlsx:Participants:5".to_owned(),
            "I0",
            "none of its 3 attendances counts; of the first: the activity is not completed",
        ),
        ("indicators.csv:2".to_owned(), "I0", "a row of the logframe: nothing is counted from it"),
        (format!("{attendance}1"), "I0", "not a row that anything is counted from"),
    ];
    for (row, indicator, why) in rules {
        let answer: serde_json::Value =
            serde_json::from_str(&ask(Question::Row { row: &row, indicator: None }, None, ExplainFormat::Json))
                .unwrap();
        let of = |entry: &&serde_json::Value| entry["indicator"] == indicator;
        let entry = answer.as_array().unwrap().iter().find(of).unwrap();
        assert_eq!((entry["counts"].as_bool(), entry["why"].as_str()), (Some(false), Some(why)), "{row}");
    }
}

#[test]
fn rows_that_count_say_so() {
    assert_eq!(
        ask(Question::Row { row: "participants.xlsx:Attendance:2", indicator: None }, None, ExplainFormat::Text),
        "+ I0\n- I1  the indicator counts rows of another table\n- I2  the indicator counts rows of another table\n\
         - I3  the indicator counts rows of another table\n+ I4  by way of I0\n"
    );
    let person = ask(
        Question::Row { row: "inputs/x/participants.xlsx:Participants:2", indicator: None },
        None,
        ExplainFormat::Text,
    );
    assert!(person.starts_with("+ I0  by 1 of its 2 attendances\n"), "{person}");
    assert!(
        ask(Question::Row { row: "reported.csv:2", indicator: None }, None, ExplainFormat::Text).contains("+ I3\n")
    );
}

#[test]
fn questions_that_have_no_answer_name_the_nearest() {
    let project = project();
    let problem = |question, period| {
        let problem = find(&project, question, period).unwrap_err();
        (problem.code, problem.args.get("nearest").cloned())
    };
    assert_eq!(problem(Question::Indicator("I9"), None), ("no-such-indicator", None));
    assert_eq!(problem(Question::Indicator("IO"), None), ("no-such-indicator", Some("I0".to_owned())));
    // What differs in digits alone is another indicator or period, no misspelt one.
    assert_eq!(problem(Question::Indicator("I0"), Some("2017-Q3")), ("no-such-period", None));
    assert_eq!(problem(Question::Row { row: "participants.xlsx", indicator: None }, None), ("no-such-row", None));
    let sheet = problem(Question::Row { row: "participants.xlsx:Atendance:2", indicator: None }, None);
    assert_eq!(sheet, ("no-such-sheet", Some("participants.xlsx:Attendance".to_owned())));
}
