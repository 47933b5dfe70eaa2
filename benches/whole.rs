//! Whole runs of the program, from outside: `cargo bench --bench whole`, or only some of
//! `small medium large portfolio nothing watch`. Linux only, since what a process used is read from /proc.
//!
//! Everything is put beside a floor in the same run: projects beside calamine's bare stream, rust_xlsxwriter's bare write
//! and Typst's bare compile, a build with nothing to do beside starting the program and hashing its inputs
//! and outputs, a changed cell in `watch` beside a cold build, 200 projects beside 20.

#[path = "data/bare.rs"]
mod bare;
#[path = "data/edited.rs"]
mod edited;
#[path = "data/floors.rs"]
mod floors;
#[path = "data/invented.rs"]
mod invented;
#[path = "data/prepared.rs"]
mod prepared;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use donor_report::folder::hash_files;
use donor_report::output::checksum_of_file;
use floors::{Floors, Time, cpu_seconds, measure_floors};
use invented::Size;
use nix::sys::resource::UsageWho;

const PROGRAM: &str = env!("CARGO_BIN_EXE_donor-report");
const RUNS: usize = 5;
/// The argument by which this benchmark calls itself, with a project's folder: its floors in a process of their own.
const FLOORS_COMMAND: &str = "alone";
/// CPU of small projects, in times of what the libraries alone take.
const SMALL_CPU_LIMIT: f64 = 1.25;
/// Wall time of the large project, in times of reading and writing bare; everything else hides behind them.
const LARGE_WALL_LIMIT: f64 = 1.0;
/// A build with nothing to do, in times of starting the program and hashing inputs and outputs.
const UP_TO_DATE_LIMIT: f64 = 1.5;
/// A changed cell in `watch`, as a share of a cold build's CPU.
const CHANGED_CELL_LIMIT: f64 = 0.5;
/// Memory of 200 projects, in times of that of 20.
const PORTFOLIO_MEMORY_LIMIT: f64 = 1.25;

/// What a run used: seconds on the clock and of the processors, and the most memory.
#[derive(Clone, Copy)]
struct ResourceUse {
    wall: f64,
    cpu: f64,
    mib: f64,
}

fn main() -> ExitCode {
    let requested: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    if let [word, folder] = requested.as_slice()
        && word == FLOORS_COMMAND
    {
        println!("{}", measure_floors(Path::new(folder)).prepared.cpu);
        return ExitCode::SUCCESS;
    }
    let is_requested = |name: &str| requested.is_empty() || requested.iter().any(|other| other == name);
    let place = tempfile::tempdir().expect("a temporary folder");
    let place = place.path();
    let mut holds = true;
    for (name, size) in [("small", Size::SMALL), ("medium", Size::MEDIUM), ("large", Size::LARGE)] {
        if is_requested(name) {
            holds &= compare_with_floors(name, size, place);
        }
    }
    if is_requested("portfolio") {
        // The floors of every tenth project lie between builds of ten, since a machine's speed changes within minutes.
        let (mut ours, mut under) = (0.0, 0.0);
        for ten in 0..10 {
            let folders: Vec<PathBuf> = (0..10).map(|at| small_project(place, 10 * ten + at)).collect();
            ours += cold_build(&folders, place).cpu;
            under += measure_floors(&small_project(place, 10 * ten)).cpu_without_fonts() * 10.0;
        }
        holds &=
            check_ratio("CPU of 100 projects, in tens / a hundred times the floors", ours / under, SMALL_CPU_LIMIT);
        let mut used = Vec::new();
        for count in [20, 100, 200] {
            let folders: Vec<PathBuf> = (0..count).map(|at| small_project(place, at)).collect();
            let run = cold_build(&folders, place);
            print_use(&format!("portfolio of {count}"), run);
            used.push(run);
        }
        holds &= check_ratio("memory of 200 projects / of 20", used[2].mib / used[0].mib, PORTFOLIO_MEMORY_LIMIT);
    }
    if is_requested("nothing") {
        for (name, size) in [("small", Size::SMALL), ("medium", Size::MEDIUM), ("large", Size::LARGE)] {
            holds &= compare_up_to_date(name, &project(place, name, size), place);
        }
    }
    if is_requested("watch") {
        holds &= compare_watch(place);
    }
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A project of a size beside what the libraries alone take for it. Ratios are of one turn each, and the middle one counts:
/// a machine's speed changes from turn to turn.
fn compare_with_floors(name: &str, size: Size, place: &Path) -> bool {
    let folder = project(place, name, size);
    let turns = match name {
        "small" => 3 * RUNS,
        "large" => 3,
        _ => RUNS,
    };
    let (mut used, mut under, mut warm, mut fresh, mut streamed) = (vec![], vec![], vec![], vec![], vec![]);
    for _ in 0..turns {
        let (ours, floor) = (cold_build(std::slice::from_ref(&folder), place), measure_floors(&folder));
        warm.push(ours.cpu / floor.cpu());
        streamed.push(ours.wall / (floor.read.wall + floor.write.wall));
        fresh.extend((name == "small").then(|| ours.cpu / floors_cpu(&folder)));
        used.push(ours);
        under.push(floor);
    }
    print_use(name, median_run(used));
    print_floors(&under);
    match name {
        "small" => {
            println!("CPU / the same in a process that has done it before: {:.2}", median(warm));
            check_ratio(
                "CPU / (bare read + bare write + bare PDFs), each in a process of its own",
                median(fresh),
                SMALL_CPU_LIMIT,
            )
        }
        "large" => check_ratio("wall / (bare read + bare write)", median(streamed), LARGE_WALL_LIMIT),
        _ => true,
    }
}

/// An invented project of a size, made once.
fn project(place: &Path, name: &str, size: Size) -> PathBuf {
    let folder = place.join(name);
    if !folder.exists() {
        invented::write_project(&folder, size, 1).expect("the invented project");
    }
    folder
}

/// One of many small projects, each with a seed of its own.
fn small_project(place: &Path, at: u64) -> PathBuf {
    let folder = place.join(format!("portfolio/p{at:03}"));
    if !folder.exists() {
        invented::write_project(&folder, Size::SMALL, 100 + at).expect("the invented project");
    }
    folder
}

/// Builds projects into an empty folder.
fn cold_build(folders: &[PathBuf], place: &Path) -> ResourceUse {
    let out = place.join("out");
    let _ = fs::remove_dir_all(&out);
    run(Command::new(PROGRAM).arg("build").args(folders).arg("--out").arg(out))
}

/// CPU seconds of the libraries alone in a process that does nothing else: with its start and its first touch of memory,
/// which a build has as well.
fn floors_cpu(folder: &Path) -> f64 {
    let before = cpu_seconds(UsageWho::RUSAGE_CHILDREN);
    let program = std::env::current_exe().expect("this benchmark");
    let output = Command::new(program).arg(FLOORS_COMMAND).arg(folder).output().expect("the floors");
    let prepared: f64 = String::from_utf8_lossy(&output.stdout).trim().parse().expect("what isn't the libraries'");
    cpu_seconds(UsageWho::RUSAGE_CHILDREN) - before - prepared
}

/// Runs a command to its end.
fn run(command: &mut Command) -> ResourceUse {
    let cpu = cpu_seconds(UsageWho::RUSAGE_CHILDREN);
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs");
    // Batches of a portfolio are built one after the other, each by a process that this one waits for.
    let (mut own, mut batch): (f64, f64) = (0.0, 0.0);
    let status = loop {
        own = own.max(peak_mib(child.id()));
        batch = children(child.id()).into_iter().map(peak_mib).fold(batch, f64::max);
        if let Some(status) = child.try_wait().expect("a process") {
            break status;
        }
        thread::sleep(Duration::from_millis(1));
    };
    let wall = start.elapsed().as_secs_f64();
    assert!(status.success(), "{command:?} ended with {status}");
    ResourceUse { wall, cpu: cpu_seconds(UsageWho::RUSAGE_CHILDREN) - cpu, mib: own + batch }
}

/// Wall time in seconds of a command that is too short to sample its memory.
fn wall_seconds(command: &mut Command) -> f64 {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the program runs");
    let wall = start.elapsed().as_secs_f64();
    assert!(status.success(), "{command:?} ended with {status}");
    wall
}

fn print_use(name: &str, used: ResourceUse) {
    println!("{name:<18} {:>8.3} s {:>8.2} CPU seconds {:>7.0} MiB", used.wall, used.cpu, used.mib);
}

fn check_ratio(what: &str, ratio: f64, most: f64) -> bool {
    println!("{what}: {ratio:.2} (at most {most})");
    ratio <= most
}

fn median_run(mut runs: Vec<ResourceUse>) -> ResourceUse {
    runs.sort_by(|a, b| a.wall.total_cmp(&b.wall));
    runs[runs.len() / 2]
}

fn print_floors(floors: &[Floors]) {
    let summary = |of: fn(&Floors) -> Time| {
        let wall = median(floors.iter().map(|run| of(run).wall).collect());
        let cpu = median(floors.iter().map(|run| of(run).cpu).collect());
        format!("{wall:.3} s ({cpu:.3} CPU)")
    };
    let (read, write) = (summary(|run| run.read), summary(|run| run.write));
    let (fonts, pdfs) = (summary(|run| run.fonts), summary(|run| run.pdfs));
    println!(
        "  alone: calamine reads {read}, rust_xlsxwriter writes {write}, Typst has its fonts {fonts}, sets {pdfs}"
    );
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// A build with nothing to do against starting the program and hashing inputs and outputs.
fn compare_up_to_date(name: &str, folder: &Path, place: &Path) -> bool {
    let out = place.join("up-to-date");
    let build = || wall_seconds(Command::new(PROGRAM).arg("build").arg(folder).arg("--out").arg(&out));
    build();
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..RUNS * 8 {
        ours.push(build());
        let start = wall_seconds(Command::new(PROGRAM).arg("--version"));
        let hashing = Instant::now();
        let hashed = hash_files(folder, Some(&out)).len() + hash_outputs(&out);
        floor.push(start + hashing.elapsed().as_secs_f64());
        assert!(hashed > 0);
    }
    let (ours, floor) = (median(ours), median(floor));
    println!("{name}, nothing to do: {:.1} ms; starting and hashing: {:.1} ms", ours * 1e3, floor * 1e3);
    check_ratio("nothing to do / starting and hashing", ours / floor, UP_TO_DATE_LIMIT)
}

/// How many files lie under a folder of outputs, each of them hashed.
fn hash_outputs(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).expect("a folder of outputs").flatten().map(|entry| entry.path());
    entries
        .map(|path| if path.is_dir() { hash_outputs(&path) } else { usize::from(checksum_of_file(&path).is_ok()) })
        .sum()
}

/// One changed cell of the small project in `watch` against a cold build, in CPU time.
fn compare_watch(place: &Path) -> bool {
    const CHANGES: usize = 10;
    let folder = place.join("watched");
    invented::write_project(&folder, Size::SMALL, 1).expect("the invented project");
    let states = [fs::read(folder.join("activities.xlsx")).expect("a workbook"), {
        let other = place.join("other");
        invented::write_project(&other, Size::SMALL, 1).expect("the invented project");
        edited::increment_cell(&other.join("activities.xlsx"), "sheet1", "H3")
    }];
    let cold_builds: f64 =
        (0..RUNS).map(|_| cold_build(std::slice::from_ref(&folder), place).cpu).sum::<f64>() / RUNS as f64;
    let mut child = Command::new(PROGRAM)
        .arg("watch")
        .arg(&folder)
        .arg("--out")
        .arg(place.join("watched-out"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    let (sender, built) = channel();
    let stdout = child.stdout.take().expect("a pipe");
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if line.contains(" written, ") && sender.send(line).is_err() {
                return;
            }
        }
    });
    let next = |child: &mut Child| {
        built.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| {
            let _ = child.kill();
            panic!("watch has built nothing")
        })
    };
    next(&mut child);
    thread::sleep(Duration::from_millis(500));
    let before = process_cpu(child.id());
    let start = Instant::now();
    for at in 0..CHANGES {
        fs::write(folder.join("activities.xlsx"), &states[(at + 1) % 2]).expect("a save");
        let line = next(&mut child);
        assert!(!line.contains(" 0 written"), "the changed cell changed nothing: {line}");
    }
    let (cpu, wall) = (process_cpu(child.id()) - before, start.elapsed().as_secs_f64());
    let _ = child.kill();
    let _ = child.wait();
    let each = cpu / CHANGES as f64;
    println!(
        "a changed cell in watch: {each:.3} CPU seconds, {:.3} s with its debounce; a cold build: {cold_builds:.3}",
        wall / CHANGES as f64
    );
    check_ratio("changed cell / cold build, CPU", each / cold_builds, CHANGED_CELL_LIMIT)
}

/// CPU seconds of a process that runs, in hundredths.
fn process_cpu(process: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).expect("this benchmark needs /proc");
    // The name of the program is in brackets and may hold spaces.
    let after: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    after[11..13].iter().filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn children(process: u32) -> Vec<u32> {
    let text = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    text.split_whitespace().filter_map(|child| child.parse().ok()).collect()
}

fn peak_mib(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
