//! Holds two programs against each other: `cargo bench --bench same_bytes -- OLD NEW`, or only on some of
//! `example guide generated portfolio cases init help`.
//!
//! Both do the same with the same projects, and all that they print and write must be the same, byte for byte, but for
//! what they remember. A change that isn't meant to change a result is proved by it.
//! Exit code 1: something differs; the folders that it was found in are kept. 2: the programs couldn't be compared.

#[path = "../tests/ingest/case.rs"]
mod case;
#[path = "same_bytes/commands.rs"]
mod commands;
#[path = "same_bytes/compare.rs"]
mod compare;
#[path = "data/edited.rs"]
mod edited;
#[path = "data/invented.rs"]
mod invented;
#[path = "same_bytes/scenario.rs"]
mod scenario;
#[path = "same_bytes/scenarios.rs"]
mod scenarios;
#[path = "../tests/ingest/sheets.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod sheets;

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use scenario::{Outcome, Scenario};
use scenarios::{GROUPS, scenarios};

const USAGE: &str = "cargo bench --bench same_bytes -- OLD NEW";

/// Differences that are shown of one scenario: what follows the first is mostly its consequence.
const SHOWN: usize = 5;

/// Two programs, and the groups of projects to hold them against each other on; none: all.
struct Arguments {
    old: PathBuf,
    new: PathBuf,
    groups: Vec<String>,
}

fn main() -> ExitCode {
    match arguments().and_then(|arguments| run(&arguments)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

fn arguments() -> Result<Arguments, String> {
    // Cargo adds a flag of its own.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let usage = || format!("{USAGE} [{}]…", GROUPS.join("|"));
    let [old, new, groups @ ..] = words.as_slice() else { return Err(usage()) };
    if let Some(unknown) = groups.iter().find(|word| !GROUPS.contains(&word.as_str())) {
        return Err(format!("{unknown}? {}", usage()));
    }
    Ok(Arguments { old: old.into(), new: new.into(), groups: groups.to_vec() })
}

/// Whether the programs are the same in all that was compared.
fn run(arguments: &Arguments) -> Result<bool, String> {
    let place = tempfile::tempdir().map_err(|error| error.to_string())?;
    let old = copied(&arguments.old, &place.path().join("old"))?;
    let new = copied(&arguments.new, &place.path().join("new"))?;
    let scenarios = scenarios(&arguments.groups);
    let outcomes = Mutex::new((Outcome::default(), Ok(())));
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(scenario) = scenarios.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = scenario.compare([&old, &new], place.path());
                    let mut outcomes = outcomes.lock().unwrap_or_else(|broken| broken.into_inner());
                    match outcome {
                        Ok(outcome) => add(&mut outcomes.0, scenario, outcome),
                        Err(error) => outcomes.1 = Err(format!("{}: {error}", scenario.name)),
                    }
                }
            });
        }
    });
    let (sum, ended) = outcomes.into_inner().unwrap_or_else(|broken| broken.into_inner());
    ended?;
    Ok(conclude(&sum, place))
}

/// The program under the name that both have, which it prints in its help. It may be compiled anew while this goes on.
fn copied(program: &Path, folder: &Path) -> Result<PathBuf, String> {
    let copy = folder.join(format!("donor-report{EXE_SUFFIX}"));
    let copied = fs::create_dir(folder).and_then(|()| fs::copy(program, &copy));
    copied.map(|_| copy).map_err(|error| format!("{}: {error}", program.display()))
}

fn add(sum: &mut Outcome, scenario: &Scenario, outcome: Outcome) {
    let differences = &outcome.comparison.differences;
    for difference in differences.iter().take(SHOWN) {
        let about = if scenario.about.is_empty() { String::new() } else { format!(" ({})", scenario.about) };
        println!("{}{about}: {difference}", scenario.name);
    }
    if differences.len() > SHOWN {
        println!("{}: {} more", scenario.name, differences.len() - SHOWN);
    }
    sum.projects += outcome.projects;
    sum.comparison.add(outcome.comparison);
}

fn conclude(sum: &Outcome, place: tempfile::TempDir) -> bool {
    let (compared, different) = (sum.comparison.compared, sum.comparison.differences.len());
    let comparisons = format!("{compared} comparisons over {} projects", sum.projects);
    if different == 0 {
        println!("{comparisons}, no difference");
        return true;
    }
    println!("{comparisons}, {different} differences; the folders are kept in {}", place.keep().display());
    false
}
