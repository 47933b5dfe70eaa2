//! The shapes of figures.json and of what `figures` prints.

use donor_report::cli::figures::{Arguments, FiguresFormat, write, write_header};
use donor_report::disclosure::{ReleasedAxis, ReleasedFigure, ReleasedPart, ReleasedPeriod, ReleasedValue};
use donor_report::indicators;
use donor_report::locale::Locale;
use donor_report::model::{CalendarKind, Hedge, Lang, LanguageLayout, Participants, Project, ReportSettings, Text};
use donor_report::report::figures;

use super::case::{By, Calc, Case, number};

fn case() -> Case {
    let mut case = Case::new().act("2017-02-01", "training", "").act("2017-02-02", "clinic", "");
    case.activities[0].reached = Some((16, Some(Hedge::About)));
    case.activities[1].reached = Some((16, None));
    case.att(0, 0)
        .att(0, 1)
        .ind(Calc::Reach)
        .last_ind(|ind| {
            ind.by = vec![(By::Kind, None)];
            ind.target = Some(number("30"));
        })
        .ind(Calc::People)
        .last_ind(|ind| ind.by = vec![(By::Sex, Some(By::Age))])
        .ind(Calc::Ratio(1, 0))
}

fn print(project: &Project, format: FiguresFormat) -> String {
    let arguments = Arguments { project: None, period: Some("project".to_owned()), format };
    let mut out = Vec::new();
    write_header(format, &mut out).unwrap();
    let locale = Locale::new(&Lang::new("en")).unwrap();
    write(project, &indicators::count(project), &arguments, &locale, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn one_object_per_line_and_period() {
    let expected = concat!(
        r#"{"schema":2,"project":"TEST-01","period":{"code":"project","start":"2017-01-01","end":"2017-06-30"},"#,
        r#""notice":{"en":"Invented."},"indicators":["#,
        r#"{"code":"I0","level":"output","unit":{"en":"persons"},"percent":false,"baseline":null,"#,
        r#""target":{"period":null,"due":30,"total":30},"#,
        r#""actual":{"period":{"from":16,"to":32},"served":null,"cumulative":{"from":16,"to":32}},"#,
        r#""approximate":{"period":"about","served":null,"cumulative":"about"},"#,
        r#""progress":{"from":0.5333333333333333,"to":1.0666666666666667},"#,
        r#""progress_due":{"from":0.5333333333333333,"to":1.0666666666666667},"status":"undetermined","due_reached":null,"#,
        r#""by":{"type":{"training":{"period":16,"served":null,"cumulative":16,"#,
        r#""approximate":{"period":"about","served":null,"cumulative":"about"}},"#,
        r#""clinic":{"period":16,"served":null,"cumulative":16}}},"periods":[]},"#,
        r#"{"code":"I1","level":"output","unit":{"en":"persons"},"percent":false,"baseline":null,"#,
        r#""target":{"period":null,"due":null,"total":null},"actual":{"period":2,"served":2,"cumulative":2},"#,
        r#""approximate":{"period":null,"served":null,"cumulative":null},"progress":null,"progress_due":null,"#,
        r#""status":"no_target","due_reached":null,"by":{"sex × age":{"unknown × unknown":{"period":2,"served":2,"cumulative":2}}},"#,
        r#""periods":[]},"#,
        r#"{"code":"I2","level":"output","unit":{"en":"persons"},"percent":true,"baseline":null,"#,
        r#""target":{"period":null,"due":null,"total":null},"#,
        r#""actual":{"period":{"from":0.0625,"to":0.125},"served":{"from":0.0625,"to":0.125},"#,
        r#""cumulative":{"from":0.0625,"to":0.125}},"#,
        r#""approximate":{"period":"about","served":"about","cumulative":"about"},"progress":null,"#,
        r#""progress_due":null,"status":"no_target","due_reached":null,"by":{},"periods":[]}]}"#,
        "\n"
    );
    assert_eq!(print(&case().project(), FiguresFormat::Json), expected);
}

#[test]
fn one_line_of_csv_per_value() {
    let mut project = case().project();
    project.settings.code = "A, \"B\"".to_owned();
    let printed = print(&project, FiguresFormat::Csv);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[0], "project,period,code,scope,axis,value,number,approximate");
    assert_eq!(lines[1], "\"A, \"\"B\"\"\",project,I0,period,,,16–32,about");
    assert_eq!(lines[2], "\"A, \"\"B\"\"\",project,I0,served,,,,");
    assert!(printed.contains(",project,I0,cumulative,type,clinic,16,\n"), "{printed}");
    assert!(printed.contains(",project,I1,served,sex × age,unknown × unknown,2,\n"), "{printed}");
    assert!(printed.contains(",project,I0,target_total,,,30,\n"), "{printed}");
    assert!(printed.contains(",project,I0,status,,undetermined,,\n"), "{printed}");
}

/// A spreadsheet program computes a cell that begins so, if it is no number.
#[test]
fn no_cell_of_csv_is_a_formula() {
    let mut project = case().project();
    let kinds = project.activities.columns.iter_mut().find(|column| column.name == "type").expect("a column");
    let codes = ["=1+1", "@SUM(A1)", "other"].map(|code| (code.to_owned(), Text::default()));
    kinds.entries = codes.into_iter().collect();
    project.logframe.indicators[0].code = "+HYPERLINK(\"http://example.org\")".to_owned();
    project.logframe.indicators[1].code = "-2+3".to_owned();
    project.settings.code = "\tTAB".to_owned();
    let printed = print(&project, FiguresFormat::Csv);
    for cell in ["'=1+1", "'@SUM(A1)", "\"'+HYPERLINK(\"\"http://example.org\"\")\"", "'-2+3", "'\tTAB"] {
        assert!(printed.contains(cell), "{cell}: {printed}");
    }
    let mut cells = printed.lines().flat_map(|line| line.split(',')).map(|cell| cell.trim_matches('"'));
    assert!(cells.all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{printed}");
}

#[test]
fn a_table_to_read() {
    let printed = print(&case().project(), FiguresFormat::Table);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[0], "TEST-01 project (1 Jan–30 Jun 2017)");
    assert!(lines[1].starts_with("Code") && lines[1].ends_with("Status        Indicator"), "{printed}");
    assert!(
        lines[2].starts_with("I0 ") && lines[2].contains("16–32  ") && lines[2].contains("undetermined"),
        "{printed}"
    );
    assert!(lines[3].starts_with("I1 ") && lines[3].contains("no target"), "{printed}");
}

#[test]
fn a_report_shows_what_is_released_of_its_indicators() {
    let project = case().project();
    let figures = indicators::count(&project);
    let released = |figure: &indicators::Figure| {
        let part = |part: &indicators::PartFigures| ReleasedPart {
            key: part.key,
            period: ReleasedValue::Below(5),
            served: ReleasedValue::Withheld,
            cumulative: ReleasedValue::Value(part.cumulative),
        };
        let axis = |axis: &indicators::AxisFigures| ReleasedAxis {
            withheld: figure.served.is_none(),
            parts: axis.parts.iter().map(part).collect(),
        };
        ReleasedFigure { totals: figure.clone(), axes: figure.axes.iter().map(axis).collect() }
    };
    let released: Vec<ReleasedPeriod> = figures
        .periods
        .iter()
        .map(|counted| {
            let figures = counted.figures.iter().map(released).collect();
            ReleasedPeriod { period: counted.period.clone(), figures }
        })
        .collect();
    let report = ReportSettings {
        name: "final".to_owned(),
        profile: "final".to_owned(),
        periods: vec!["project".to_owned()],
        of_kind: Default::default(),
        not_ended: Vec::new(),
        dates: Default::default(),
        documents: Vec::new(),
        annexes: Vec::new(),
        donors: Vec::new(),
        key_figures: None,
        indicators: Some(vec!["I0".to_owned(), "I1".to_owned()]),
        layout: LanguageLayout::Sequential,
        formats: vec![donor_report::model::DocumentFormat::Pdf],
        template: None,
        suppress_below: 5,
        limits_by_axis: Default::default(),
        participants: Participants::None,
        attach: true,
    };
    let text = figures::report_json(&project, &report, &released, released.len() - 1, &[]);
    assert!(text.ends_with("}\n"));
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["report"], "final");
    assert_eq!(json["indicators"].as_array().unwrap().len(), 2);
    assert_eq!(json["indicators"][0]["by"]["type"], serde_json::json!({"withheld": true}));
    let part = &json["indicators"][1]["by"]["sex × age"]["unknown × unknown"];
    assert_eq!(*part, serde_json::json!({"period": {"below": 5}, "served": {"withheld": true}, "cumulative": 2}));
}

/// A period's own kind is beside it; beside the project and custom periods the coarsest enabled kind of which there are four.
#[test]
fn periods_beside_a_report() {
    let mut project = case().project();
    project.settings.periods.quarters = true;
    let json = |project: &donor_report::model::Project| -> Vec<serde_json::Value> {
        let lines = print(project, FiguresFormat::Json);
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let codes = |sheet: &serde_json::Value| -> Vec<String> {
        let beside = sheet["indicators"][0]["periods"].as_array().unwrap();
        beside.iter().map(|period| period["code"].as_str().unwrap().to_owned()).collect()
    };
    let figures = indicators::count(&project);
    let all = figures::json_lines(&project, &figures, figures::select_periods(&figures, None));
    let all: Vec<serde_json::Value> = all.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        all.iter().map(codes).collect::<Vec<_>>(),
        [vec!["2017-Q1"], vec!["2017-Q1", "2017-Q2"], vec!["2017-Q1", "2017-Q2"]]
    );
    let beside = &all[2]["indicators"][1]["periods"][0];
    assert_eq!(beside["actual"], all[0]["indicators"][1]["actual"]);
    assert_eq!(beside["by"], all[0]["indicators"][1]["by"]);
    assert_eq!(json(&project).len(), 1);

    let months = CalendarKind::Months.periods(project.settings.start, project.settings.end);
    project.settings.periods.months = true;
    let whole = project.logframe.periods.pop().unwrap();
    project.logframe.periods.extend(months);
    project.logframe.periods.push(whole);
    assert_eq!(codes(&json(&project)[0]), ["2017-01", "2017-02", "2017-03", "2017-04", "2017-05", "2017-06"]);
}
