//! Each stage alone, with the memory it needed, and beside it the floor under it: what the libraries take for the same
//! files, cells and documents. `cargo bench --bench stages`, or with numbers of attendances:
//! `cargo bench --bench stages -- 10000 100000 1000000`.
//!
//! Exits with 1 where ten times the rows take more than eleven times the time of reading, counting or the annex.

#[path = "data/bare.rs"]
mod bare;
#[path = "data/invented.rs"]
mod invented;
#[path = "data/memory.rs"]
mod memory;
#[path = "data/prepared.rs"]
mod prepared;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use donor_report::report::annex::{AnnexInput, annex};
use donor_report::report::profile::Profile;
use donor_report::{disclosure, indicators, ingest, render};

/// How much longer ten times the rows may take.
const GROWTH: f64 = 11.0;
const RUNS: usize = 3;

/// Seconds of each stage and floor, in the order in which they are gone through.
type Times = Vec<(&'static str, f64)>;

fn main() -> ExitCode {
    let mut sizes: Vec<u32> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000];
    }
    let mut before: Option<(u32, Times)> = None;
    let mut grows = true;
    for size in sizes {
        let folder = tempfile::tempdir().expect("a temporary folder");
        invented::write_project(folder.path(), invented::Size::of(size), 1).expect("the invented project");
        println!("{size} attendances");
        let mut best: Times = Vec::new();
        for _ in 0..RUNS {
            for (at, (stage, seconds)) in stages(folder.path()).into_iter().enumerate() {
                match best.get_mut(at) {
                    Some((_, least)) => *least = least.min(seconds),
                    None => best.push((stage, seconds)),
                }
            }
        }
        for (stage, seconds) in &best {
            println!("  {stage:<34} {seconds:>9.3} s");
        }
        println!("  {:<34} {:>9} MiB", "most memory", memory::peak_kib() / 1024);
        for (ours, floor) in
            [("read", "calamine's bare stream"), ("annex", "rust_xlsxwriter, bare"), ("PDF", "Typst, bare")]
        {
            println!("  {ours} / {floor}: {:.2}", of(&best, ours) / of(&best, floor));
        }
        if let Some((fewer, times)) = &before {
            let rows = f64::from(size) / f64::from(*fewer);
            for stage in ["read", "count", "annex"] {
                let growth = of(&best, stage) / of(times, stage) * 10.0 / rows;
                println!("  {stage}: ten times the rows take {growth:.1} times the time (at most {GROWTH})");
                grows &= growth <= GROWTH;
            }
        }
        before = Some((size, best));
    }
    if grows { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn of(times: &Times, stage: &str) -> f64 {
    times.iter().find(|(name, _)| *name == stage).map_or(f64::NAN, |(_, seconds)| *seconds)
}

fn stages(folder: &Path) -> Times {
    let mut times = Times::new();
    let mut timed = |stage, since: Instant| times.push((stage, since.elapsed().as_secs_f64()));

    let start = Instant::now();
    for file in ["activities.xlsx", "participants.xlsx", "logframe.xlsx"] {
        bare::stream(&folder.join(file));
    }
    timed("calamine's bare stream", start);
    let start = Instant::now();
    let checked = ingest::read(folder);
    timed("read", start);
    let project = checked.project.unwrap_or_else(|| panic!("the project has errors: {:#?}", checked.problems));
    let start = Instant::now();
    let figures = indicators::count(&project);
    timed("count", start);
    let start = Instant::now();
    let releases = disclosure::release(&project, &figures);
    timed("release", start);

    let report = &project.settings.reports[0];
    let period =
        project.logframe.periods.iter().position(|period| period.code == "project").expect("the project's period");
    let released = releases.for_report(report);
    let profile = Profile::load(&report.profile, None).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let languages = &report.annexes[0];
    let input = AnnexInput {
        project: &project,
        figures: &figures,
        released,
        period,
        report,
        languages,
        waived: &checked.waived,
    };
    let start = Instant::now();
    let view = annex(&input).expect("the period is there");
    render::xlsx::xlsx(&view, &scratch.path().join("annex.xlsx"), scratch.path()).expect("an annex");
    timed("annex", start);
    let start = Instant::now();
    let cells = bare::walk(&view);
    timed("  of it: making its rows", start);
    let start = Instant::now();
    bare::write(&view, &scratch.path().join("bare.xlsx"), scratch.path()).expect("a workbook");
    // Writing them bare walks over the rows, too; that is ours.
    let walking = times.last().map_or(0.0, |(_, seconds)| *seconds);
    times.push(("rust_xlsxwriter, bare", start.elapsed().as_secs_f64() - walking));
    assert!(cells > 0);

    let mut timed = |stage, since: Instant| times.push((stage, since.elapsed().as_secs_f64()));
    let start = Instant::now();
    let (languages, waived) = (&report.documents[0], &checked.waived);
    let document = prepared::document(&project, (released, report, &profile), period, languages, waived);
    timed("compose", start);
    let attached = b"an annex of a few bytes".to_vec();
    comemo::evict(0);
    let start = Instant::now();
    let drawn = render::pdf::pdf(&document, Some(attached.clone()), &BTreeMap::new());
    timed("PDF", start);
    let drawn = drawn.unwrap_or_else(|faults| panic!("{faults:#?}"));
    let typesetter = bare::Typesetter::new();
    let world = bare::BareWorld::new(&typesetter, render::pdf::data_files(&document).expect("a view"), attached);
    comemo::evict(0);
    let start = Instant::now();
    let bytes = world.pdf();
    timed("Typst, bare", start);
    assert!(bytes.len() * 10 > drawn.bytes.len() * 9, "the bare document is another one");
    times
}
