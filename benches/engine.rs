//! How much the counting adds to the reading: a million attendances of 20,000 activities, twelve indicators with
//! three axes. Writes its own invented project, or takes a project's folder as argument.
//!
//! Exits with 1 where counting takes 0.3 of the reading time, or more.

#[path = "data/invented.rs"]
mod invented;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use donor_report::{indicators, ingest};

/// The share of the reading time that counting stays under.
const SHARE_LIMIT: f64 = 0.3;
const RUNS: usize = 3;

fn main() -> ExitCode {
    // Cargo itself gives `--bench`.
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).map(PathBuf::from);
    let made = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.unwrap_or_else(|| {
        invented::write_project(made.path(), invented::Size::LARGE, 1).expect("the invented project");
        made.path().to_owned()
    });
    let mut shares = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        let checked = ingest::read(&folder);
        let reading = start.elapsed().as_secs_f64();
        let Some(project) = checked.project else {
            eprintln!("the project has errors: {:#?}", checked.problems);
            return ExitCode::FAILURE;
        };
        let start = Instant::now();
        let figures = indicators::count(&project);
        let counting = start.elapsed().as_secs_f64();
        let numbers = (project.persons.attendances.len(), figures.evidence.len(), figures.periods.len());
        println!(
            "{} attendances, {} indicators, {} periods: read in {reading:.3} s, counted in {counting:.3} s",
            numbers.0, numbers.1, numbers.2
        );
        shares.push(counting / reading);
    }
    shares.sort_by(f64::total_cmp);
    let median = shares[shares.len() / 2];
    println!("counting takes {median:.3} of the reading time; the limit is {SHARE_LIMIT}");
    if median < SHARE_LIMIT { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
