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
use std::process::{Command, ExitCode};
use std::time::Instant;

use donor_report::report::annex::{AnnexInput, compose_annex};
use donor_report::report::profile::Profile;
use donor_report::{disclosure, indicators, ingest, render};
use tempfile::TempDir;

/// How much longer ten times the rows may take.
const GROWTH_LIMIT: f64 = 11.0;
const RUNS: usize = 5;

/// The argument by which this benchmark calls itself, with a project's folder: a run in a process of its own, which has
/// no memory left over from another.
const STAGES_COMMAND: &str = "alone";
const MEMORY: &str = "memory";

/// Seconds of each stage and floor, in the order in which they are gone through.
type Times = Vec<(String, f64)>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, folder, ..] = arguments.as_slice()
        && word == STAGES_COMMAND
    {
        for (stage, seconds) in time_stages(Path::new(folder)) {
            println!("{stage}\t{seconds}");
        }
        println!("{MEMORY}\t{}", memory::peak_kib());
        return ExitCode::SUCCESS;
    }
    let mut sizes: Vec<u32> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000];
    }
    let folders: Vec<TempDir> = sizes.iter().map(|&size| invented_folder(size)).collect();
    // In turn, since a machine's speed changes while this runs.
    let turns: Vec<Vec<Times>> =
        (0..RUNS).map(|_| folders.iter().map(|folder| run_alone(folder.path())).collect()).collect();
    let mut grows = true;
    for (at, &size) in sizes.iter().enumerate() {
        let best = &minimum(turns.iter().map(|turn| &turn[at]));
        println!("{size} attendances");
        for (stage, seconds) in best.iter().filter(|(stage, _)| stage != MEMORY) {
            println!("  {stage:<34} {seconds:>9.3} s");
        }
        println!("  {:<34} {:>9.0} MiB", "most memory", seconds_of(best, MEMORY) / 1024.0);
        for (ours, floor) in
            [("read", "calamine's bare stream"), ("annex", "rust_xlsxwriter, bare"), ("PDF", "Typst, bare")]
        {
            println!("  {ours} / {floor}: {:.2}", seconds_of(best, ours) / seconds_of(best, floor));
        }
        if let Some(before) = at.checked_sub(1) {
            let rows = f64::from(size) / f64::from(sizes[before]);
            // The middle one of the turns: what ran one after the other found the machine at about one speed.
            let growth = |stage| {
                let mut of_turns: Vec<f64> = turns
                    .iter()
                    .map(|turn| seconds_of(&turn[at], stage) / seconds_of(&turn[before], stage) * 10.0 / rows)
                    .collect();
                of_turns.sort_by(f64::total_cmp);
                of_turns[RUNS / 2]
            };
            for stage in ["read", "count", "annex"] {
                println!(
                    "  {stage}: ten times the rows take {:.1} times the time (at most {GROWTH_LIMIT})",
                    growth(stage)
                );
                grows &= growth(stage) <= GROWTH_LIMIT;
            }
            println!("  calamine's bare stream: {:.1} times", growth("calamine's bare stream"));
        }
    }
    if grows { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn invented_folder(size: u32) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    invented::write_project(folder.path(), invented::Size::with_attendances(size), 1).expect("the invented project");
    folder
}

/// Goes through the stages in a process of their own: what each took, and the peak of memory.
fn run_alone(folder: &Path) -> Times {
    let program = std::env::current_exe().expect("this benchmark");
    let output = Command::new(program).arg(STAGES_COMMAND).arg(folder).output().expect("a run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let stdout = String::from_utf8_lossy(&output.stdout);
    let lines = stdout.lines().filter_map(|line| line.split_once('\t'));
    lines.map(|(what, number)| (what.to_owned(), number.parse().expect("a number"))).collect()
}

/// The least that each stage took in any turn, and the least peak of memory.
fn minimum<'t>(mut turns: impl Iterator<Item = &'t Times>) -> Times {
    let first = turns.next().cloned().unwrap_or_default();
    turns.fold(first, |best, turn| {
        best.into_iter().zip(turn).map(|((stage, least), (_, number))| (stage, least.min(*number))).collect()
    })
}

fn seconds_of(times: &Times, stage: &str) -> f64 {
    times.iter().find(|(name, _)| name == stage).map_or(f64::NAN, |(_, seconds)| *seconds)
}

fn time_stages(folder: &Path) -> Times {
    let mut times = Times::new();
    let mut timed = |stage, since: Instant| times.push((String::from(stage), since.elapsed().as_secs_f64()));

    let start = Instant::now();
    for file in ["activities.xlsx", "participants.xlsx", "logframe.xlsx"] {
        bare::read_cells(&folder.join(file));
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
    let view = compose_annex(&input).expect("the period is there");
    render::xlsx::write_xlsx(&view, &scratch.path().join("annex.xlsx"), scratch.path()).expect("an annex");
    timed("annex", start);
    let start = Instant::now();
    let cells = bare::count_cells(&view);
    timed("  of it: making its rows", start);
    let start = Instant::now();
    bare::write_cells(&view, &scratch.path().join("bare.xlsx"), scratch.path()).expect("a workbook");
    // Writing them bare walks over the rows, too; that is ours.
    let walking = times.last().map_or(0.0, |(_, seconds)| *seconds);
    times.push(("rust_xlsxwriter, bare".to_owned(), start.elapsed().as_secs_f64() - walking));
    assert!(cells > 0);

    let mut timed = |stage, since: Instant| times.push((String::from(stage), since.elapsed().as_secs_f64()));
    let start = Instant::now();
    let (languages, waived) = (&report.documents[0], &checked.waived);
    let document = prepared::compose_document(&project, (released, report, &profile), period, languages, waived);
    timed("compose", start);
    let attached = b"an annex of a few bytes".to_vec();
    let typesetter = bare::Typesetter::new();
    let data = render::pdf::data_files(&document, &render::pdf::FontCoverage::new(&BTreeMap::new())).expect("a view");
    let world = bare::BareWorld::new(&typesetter, data, attached.clone());
    // Neither of the two shall be the first to touch the typesetter's code and memory.
    world.pdf();
    comemo::evict(0);
    let start = Instant::now();
    let drawn = render::pdf::render_pdf(
        &document,
        render::pdf::Attached { annex: Some(attached), ..Default::default() },
        &BTreeMap::new(),
    );
    timed("PDF", start);
    let drawn = drawn.unwrap_or_else(|faults| panic!("{faults:#?}"));
    comemo::evict(0);
    let start = Instant::now();
    let bytes = world.pdf();
    timed("Typst, bare", start);
    assert!(bytes.len() * 10 > drawn.bytes.len() * 9, "the bare document is another one");
    times
}
