//! Many projects, and units of one, made at once.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::build::{PROGRAM, PROJECT, files, project, run, stderr, stdout};
use crate::ingest::sheets::Folder;

const IATI: &str = "[iati]\nidentifier = \"MK-EXAMPLE-1\"\norganisation = \"MK-EXAMPLE\"\norganisation-type = \"22\"\n\
                    status = \"2\"\ncountry = \"MK\"\nsector = \"15160\"\n";

/// Invented projects in `inputs/`, as many as asked for; the second has a fault in its table.
pub fn portfolio(count: usize) -> Folder {
    let folder = Folder::new();
    let one = project();
    let data = fs::read(one.path().join("data.xlsx")).unwrap();
    for at in 1..=count {
        let code = format!("TEST-{at:02}");
        folder.write(&format!("inputs/p{at:02}/project.toml"), PROJECT.replace("TEST-01", &code));
        folder.write(&format!("inputs/p{at:02}/data.xlsx"), if at == 2 { &data[..100] } else { &data });
    }
    folder
}

pub fn build_in(folder: &Folder, more: &[&str]) -> std::process::Output {
    Command::new(PROGRAM).arg("build").args(more).current_dir(folder.path()).output().expect("the program runs")
}

#[test]
fn a_bad_project_stops_no_other_and_the_end_sums_up() {
    let folder = portfolio(5);
    let built = build_in(&folder, &["--jobs", "2"]);
    assert_eq!(built.status.code(), Some(1), "{}", stderr(&built));
    let told = stdout(&built);
    assert!(told.contains("projects: 5, without problems: 4; files written: 32, already up to date: 0"), "{told}");
    assert!(stderr(&built).contains("with problems (1): inputs/p02"), "{}", stderr(&built));
    let in_order: Vec<&str> = told.lines().filter(|line| line.starts_with("TEST-")).collect();
    assert_eq!(
        in_order,
        ["01", "03", "04", "05"].map(|number| format!("TEST-{number}: 8 written, 0 already up to date"))
    );
    assert!(!folder.path().join("build/TEST-02/2025-Q1").exists());

    // However many at once, the bytes are the same.
    let alone = build_in(&folder, &["--jobs", "1", "--out", "alone"]);
    assert_eq!(alone.status.code(), Some(1));
    assert!(files(&folder.path().join("build")) == files(&folder.path().join("alone")));
}

/// A terminal of its own, as `script` of util-linux gives one: the bar goes there and nowhere else.
#[cfg(target_os = "linux")]
#[test]
fn a_bar_counts_outputs_on_a_terminal_and_nowhere_else() {
    let folder = project();
    let out = tempfile::tempdir().unwrap();
    let command = format!("'{PROGRAM}' build '{}' --out '{}'", folder.path().display(), out.path().display());
    let seen = Command::new("script").args(["-qec", &command, "/dev/null"]).stdin(Stdio::null()).output();
    let seen = stdout(&seen.expect("`script` of util-linux runs"));
    assert!(seen.contains("8/8") || seen.contains("7/8"), "{seen:?}");
    let plain = run(&["build", folder.path().to_str().unwrap(), "--out", out.path().to_str().unwrap(), "--force"]);
    assert!(!format!("{}{}", stdout(&plain), stderr(&plain)).contains("/8"));
}

/// The units of a project as `plan` prints them.
fn units(folder: &Path) -> Vec<Value> {
    let plan = run(&["plan", folder.to_str().unwrap()]);
    stdout(&plan).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn units_made_at_once_by_processes_of_their_own_make_what_a_plain_build_makes() {
    let folder = project();
    folder.write("project.toml", format!("{PROJECT}{IATI}"));
    let (whole, parts) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let plain = run(&["build", folder.path().to_str().unwrap(), "--out", whole.path().to_str().unwrap()]);
    assert!(plain.status.success(), "{}", stderr(&plain));
    let units = units(folder.path());
    assert_eq!(units.len(), 3, "two quarters and the file for IATI");
    let start = |unit: &Value| {
        Command::new(PROGRAM)
            .args(["build", "--unit", unit["unit"].as_str().unwrap(), "--out"])
            .arg(parts.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs")
    };
    let children: Vec<_> = units.iter().map(start).collect();
    for child in children {
        let ended = child.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", stderr(&ended));
    }
    let made = files(parts.path());
    for output in units.iter().flat_map(|unit| unit["outputs"].as_array().unwrap()) {
        assert!(made.contains_key(output.as_str().unwrap()), "{output}");
    }
    let expected = files(whole.path());
    assert_eq!(made.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (name, bytes) in &expected {
        assert!(made[name] == *bytes, "{name} differs");
    }
    let again = run(&["build", folder.path().to_str().unwrap(), "--out", parts.path().to_str().unwrap()]);
    assert!(stdout(&again).starts_with("TEST-01: 0 written, 9 "), "{}", stdout(&again));
}

/// The example of docs/portfolio.md: GNU make spreads the units of every project.
#[test]
fn make_spreads_the_units_of_a_plan() {
    let folder = portfolio(3);
    fs::remove_dir_all(folder.path().join("inputs/p02")).unwrap();
    let makefile = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/portfolio.mk");
    let spread = || {
        Command::new("make")
            .args(["--no-print-directory", "-j", "3", "-k", "-f", makefile])
            .arg(format!("DONOR_REPORT={PROGRAM}"))
            .current_dir(folder.path())
            .output()
            .expect("GNU make runs")
    };
    let made = spread();
    assert!(made.status.success(), "{}{}", stdout(&made), stderr(&made));
    let plain = build_in(&folder, &["--out", "plain"]);
    assert!(plain.status.success(), "{}", stderr(&plain));
    assert!(files(&folder.path().join("build")) == files(&folder.path().join("plain")));
    let again = stdout(&spread());
    assert_eq!(again.matches(": 0 written, 4 already up to date").count(), 4, "{again}");
}

#[test]
fn a_long_portfolio_is_printed_in_order_and_summed_up_once() {
    let folder = portfolio(18);
    let built = build_in(&folder, &["--period", "2025-Q1"]);
    assert_eq!(built.status.code(), Some(1), "{}", stderr(&built));
    let told = stdout(&built);
    assert!(told.contains("projects: 18, without problems: 17; files written: 68, already up to date: 0"), "{told}");
    assert_eq!(told.matches("projects: ").count(), 1, "{told}");
    assert!(stderr(&built).contains("with problems (1): inputs/p02"), "{}", stderr(&built));
    let in_order: Vec<String> =
        told.lines().filter_map(|line| line.split_once(": 4 written, 0 ")).map(|(code, _)| code.to_owned()).collect();
    let expected: Vec<String> = (1..=18).filter(|at| *at != 2).map(|at| format!("TEST-{at:02}")).collect();
    assert_eq!(in_order, expected);

    // The last one, by itself.
    let alone = build_in(&folder, &["inputs/p18", "--period", "2025-Q1", "--out", "alone"]);
    assert!(alone.status.success(), "{}", stderr(&alone));
    let whole = files(&folder.path().join("build/TEST-18"));
    assert!(!whole.is_empty() && whole == files(&folder.path().join("alone/TEST-18")));

    // Messages, reports and the other options hold for every project.
    let again = build_in(&folder, &["--messages", "mk", "--report", "quarterly", "--force", "--jobs", "1"]);
    let told = stdout(&again);
    assert!(told.contains("TEST-18: запишани 8"), "{told}");
    let unknown = build_in(&folder, &["--report", "none-of-the-kind"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(stderr(&unknown).matches("error[no-such-report]").count(), 18, "{}", stderr(&unknown));
}
