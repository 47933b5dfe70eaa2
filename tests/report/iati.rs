//! Results as an IATI activity file. The order of elements is the schema's; the file itself is held against the published
//! schema by hand.

use donor_report::diagnostic::Catalogue;
use donor_report::disclosure::release;
use donor_report::indicators::count;
use donor_report::model::Project;
use donor_report::report::iati::{IatiExport, REQUIRED, export_iati};

use super::annex::world::{project, small};

fn with_keys(keys: &[(&str, &str)]) -> Project {
    let mut project = project(small(1));
    project.settings.iati = keys.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    project
}

fn of(project: &Project) -> IatiExport {
    let figures = count(project);
    let releases = release(project, &figures);
    export_iati(project, releases.for_report(&project.settings.reports[0]), &[0, 1, 2])
}

const ALL: [(&str, &str); 7] = [
    ("identifier", "XM-INVENTED-1"),
    ("organisation", "XM-INVENTED"),
    ("organisation-type", "22"),
    ("status", "2"),
    ("country", "MK"),
    ("sector", "15160"),
    ("description-mk", "Измислен <опис> & уште нешто"),
];

#[test]
fn a_project_without_iati_has_no_file() {
    let nothing = of(&with_keys(&[]));
    assert!(nothing.xml.is_none() && nothing.problems.is_empty());
}

#[test]
fn what_iati_needs_is_said_key_by_key() {
    let lacking = of(&with_keys(&[("identifier", "XM-INVENTED-1"), ("status", " ")]));
    assert!(lacking.xml.is_none());
    let keys: Vec<&str> = lacking.problems.iter().map(|problem| problem.args["key"].as_str()).collect();
    assert_eq!(keys, ["organisation", "organisation-type", "status", "country", "sector"]);
    let catalogue = Catalogue::new("en");
    assert_eq!(
        catalogue.sentences(&lacking.problems[0]).message,
        "no IATI file is written: `[iati]` lacks `organisation`"
    );
    assert_eq!(REQUIRED.len(), 4);
}

#[test]
fn results_hold_periods_targets_actuals_and_dimensions_in_both_languages() {
    let whole = of(&with_keys(&ALL));
    assert!(whole.problems.is_empty());
    let xml = whole.xml.expect("a file");
    for piece in [
        "<iati-activities version=\"2.03\">",
        "<narrative xml:lang=\"mk\">Измислен &lt;опис&gt; &amp; уште нешто</narrative>",
        "<narrative xml:lang=\"en\">Indicator I1</narrative>",
        "<indicator measure=\"2\" ascending=\"true\" aggregation-status=\"false\">",
        "<period-start iso-date=\"2030-04-01\"/>",
        "<target value=\"13\"/>",
        "<dimension name=\"sex\" value=\"F\"/>",
        "<baseline iso-date=\"2030-01-01\" year=\"2030\" value=\"12.5\"/>",
        "<dimension name=\"type\" value=\"training\"/>",
    ] {
        assert!(xml.contains(piece), "{piece} in {xml}");
    }
}
