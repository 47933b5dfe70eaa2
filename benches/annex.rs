//! An annex of very many people under pseudonyms, each of whom came once, beside rust_xlsxwriter writing the same cells
//! bare, and the memory that each needs beyond the project itself. *Attendance* has a row for each of them; up to 50,000
//! so have the sheets of evidence, with a column for every indicator, and the values that formulas count are in columns
//! of their own behind them. Beyond that an indicator's cells are values, so that the sizes measure both layouts.
//! `cargo bench --bench annex`, or with numbers of people: `cargo bench --bench annex -- 100000 1000000`.
//!
//! Exits with 1 where the annex takes more than 1.25 times as long as the bare cells.

#[expect(dead_code, reason = "each benchmark uses its part")]
#[path = "data/bare.rs"]
mod bare;
#[path = "data/invented.rs"]
mod invented;
#[path = "data/memory.rs"]
mod memory;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use donor_report::report::annex::{Annex, AnnexInput, compose_annex};
use donor_report::{disclosure, indicators, ingest, render};

const RATIO_LIMIT: f64 = 1.25;
const RUNS: usize = 3;

fn main() -> ExitCode {
    let mut sizes: Vec<u32> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![40_000, 1_000_000];
    }
    // Every size is measured, whatever the one before came to.
    let ratios: Vec<f64> = sizes.into_iter().map(measure).collect();
    if ratios.iter().all(|ratio| *ratio <= RATIO_LIMIT) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints what an annex of so many participants takes; returns the ratio of its time to the bare cells'.
fn measure(participants: u32) -> f64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    invented::write_project(folder.path(), invented::Size::with_persons(participants), 1)
        .expect("the invented project");
    list_participants(folder.path());
    let checked = ingest::read(folder.path());
    let project = checked.project.unwrap_or_else(|| panic!("the project has errors: {:#?}", checked.problems));
    let figures = indicators::count(&project);
    let releases = disclosure::release(&project, &figures);
    let report = &project.settings.reports[0];
    let period =
        project.logframe.periods.iter().position(|period| period.code == "project").expect("the project's period");
    let input = AnnexInput {
        project: &project,
        figures: &figures,
        released: releases.for_report(report),
        period,
        report,
        languages: &report.annexes[0],
        waived: &checked.waived,
    };
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let ours = |view: &Annex| {
        render::xlsx::write_xlsx(view, &scratch.path().join("annex.xlsx"), scratch.path()).expect("an annex");
    };
    let bare = |view: &Annex| {
        bare::write_cells(view, &scratch.path().join("bare.xlsx"), scratch.path()).expect("a workbook");
    };
    let (mut annex_best, mut bare_best) = (Cost::WORST, Cost::WORST);
    let mut cells = 0;
    for _ in 0..RUNS {
        annex_best = annex_best.min(Cost::measure(&input, ours));
        bare_best = bare_best.min(Cost::measure(&input, bare));
        cells = bare::count_cells(&compose_annex(&input).expect("the period is there"));
    }
    let size = |name| std::fs::metadata(scratch.path().join(name)).map_or(0, |file| file.len() >> 20);
    println!("{participants} participants, {cells} cells");
    println!("  annex                 {annex_best}, {} MiB on disk", size("annex.xlsx"));
    println!("  rust_xlsxwriter, bare {bare_best}, {} MiB on disk", size("bare.xlsx"));
    let ratio = annex_best.seconds / bare_best.seconds;
    println!("  annex / rust_xlsxwriter, bare: {ratio:.2} (at most {RATIO_LIMIT})");
    ratio
}

/// Without rows of persons an annex counts them by activity and day.
fn list_participants(folder: &Path) {
    let path = folder.join("project.toml");
    let settings = std::fs::read_to_string(&path).expect("project.toml");
    std::fs::write(&path, settings + "[privacy]\nparticipants = \"pseudonymised\"\n").expect("project.toml");
}

/// Of composing an annex and writing it.
#[derive(Clone, Copy)]
struct Cost {
    seconds: f64,
    /// Memory beyond what was held before.
    mib: u64,
}

impl Cost {
    const WORST: Cost = Cost { seconds: f64::INFINITY, mib: u64::MAX };

    fn measure(input: &AnnexInput, write: impl Fn(&Annex)) -> Cost {
        memory::reset_peak();
        let before = memory::current_kib();
        let start = Instant::now();
        write(&compose_annex(input).expect("the period is there"));
        Cost { seconds: start.elapsed().as_secs_f64(), mib: memory::peak_kib().saturating_sub(before) / 1024 }
    }

    fn min(self, other: Cost) -> Cost {
        Cost { seconds: self.seconds.min(other.seconds), mib: self.mib.min(other.mib) }
    }
}

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:>8.3} s, {:>4} MiB of memory", self.seconds, self.mib)
    }
}
