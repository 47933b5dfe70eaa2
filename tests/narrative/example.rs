//! The prose of inputs/myla-2017, as far as it can be checked without its workbooks.

use donor_report::diagnostic::Catalogue;
use donor_report::diagnostic::print_problems;
use donor_report::model::{Axis, AxisPart, Calculation, ColumnId, Period};
use donor_report::report::narrative::{Narratives, Rules};

use super::fixture::project;

#[test]
fn the_example_says_the_same_in_both_languages_and_types_no_figure() {
    let mut project = project();
    let template = project.logframe.indicators[0].clone();
    project.logframe.indicators = (1..=17)
        .map(|n| {
            let mut indicator = template.clone();
            indicator.code = format!("I{n}");
            indicator.target = None;
            indicator.calculation = Calculation::Activities;
            indicator.axes =
                vec![Axis { text: "topic".to_owned(), first: AxisPart::Activity(ColumnId(0)), second: None }];
            indicator
        })
        .collect();
    let reports: Vec<_> = ["quarterly", "progress", "final"]
        .into_iter()
        .map(|name| {
            let mut report = project.settings.reports[1].clone();
            report.name = name.to_owned();
            report
        })
        .collect();
    project.settings.reports = reports;
    let whole = Period { code: Period::PROJECT.to_owned(), ..project.logframe.periods[0].clone() };
    project.logframe.periods.push(whole);
    let folder = std::path::Path::new("inputs/myla-2017");
    let (narratives, inputs, mut problems) = Narratives::load(folder, &project.settings);
    problems.extend(narratives.check(&project.logframe, &project.settings, &Rules::default()));
    assert_eq!(print_problems(&problems, &Catalogue::new("en"), ""), "");
    assert!(inputs.len() >= 20);
}
