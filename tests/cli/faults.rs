//! What goes wrong around a build: outputs stay whole, old or new, and the message says what to do.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::build::{ACTIVITIES, ATTENDANCE, INDICATORS, LISTS, PROGRAM, build, files, project, stderr, stdout};
use crate::ingest::sheets::{Folder, workbook};

/// Two states of the invented project's data: a row more, and figures with it.
fn states() -> [Vec<u8>; 2] {
    let more = format!("{ATTENDANCE}\nA-01 | P7 | F | 1977\nA-02 | P8 | M | 1999");
    [ATTENDANCE.to_owned(), more].map(|attendance| {
        let sheets =
            [("Activities", ACTIVITIES), ("Attendance", &attendance), ("Indicators", INDICATORS), ("Lists", LISTS)];
        workbook(&sheets)
    })
}

/// What each state's outputs are.
fn good_outputs(folder: &Folder, states: &[Vec<u8>; 2]) -> [BTreeMap<String, Vec<u8>>; 2] {
    states.each_ref().map(|state| {
        folder.write("data.xlsx", state);
        let out = tempfile::tempdir().unwrap();
        assert!(build(folder.path(), out.path(), &[]).status.success());
        documents(out.path())
    })
}

/// Finished outputs: all but what explains them and what unfinished builds left.
fn documents(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = files(out);
    found.retain(|name, _| !name.contains(".unfinished-") && name.contains("/2025-"));
    found
}

fn start(folder: &Folder, out: &Path, more: &[&str]) -> std::process::Child {
    Command::new(PROGRAM)
        .arg("build")
        .arg(folder.path())
        .arg("--out")
        .arg(out)
        .args(more)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs")
}

#[test]
fn killed_at_any_moment_every_output_is_the_old_or_the_new_one() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let states = states();
    let good = good_outputs(&folder, &states);
    let begun = Instant::now();
    folder.write("data.xlsx", &states[0]);
    assert!(build(folder.path(), out.path(), &["--force"]).status.success());
    let whole = begun.elapsed();
    // The same delays in every run, as shares of a whole build's time; the last ones let it end.
    for (round, share) in [0, 60, 25, 90, 40, 10, 75, 97, 50, 85, 95, 99, 93, 110].into_iter().enumerate() {
        folder.write("data.xlsx", &states[(round + 1) % 2]);
        let mut child = start(&folder, out.path(), &["--force"]);
        thread::sleep(whole * share / 100);
        let _ = child.kill();
        child.wait().unwrap();
        let left = documents(out.path());
        assert_eq!(left.keys().collect::<Vec<_>>(), good[0].keys().collect::<Vec<_>>());
        for (name, bytes) in &left {
            assert!(good.iter().any(|good| good[name] == *bytes), "{name} is neither, killed after {share} %");
        }
    }
    // The next build mends what was left behind.
    folder.write("data.xlsx", &states[1]);
    let mended = build(folder.path(), out.path(), &[]);
    assert!(mended.status.success(), "{}", stderr(&mended));
    assert!(documents(out.path()) == good[1]);
    let home = out.path().join("TEST-01");
    let left: Vec<String> = names(&home).into_iter().filter(|name| name.starts_with(".unfinished-")).collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn a_build_with_nothing_to_do_removes_what_a_killed_one_left() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    folder.write("data.xlsx", &states()[0]);
    assert!(build(folder.path(), out.path(), &[]).status.success());
    let good = documents(out.path());
    let home = out.path().join("TEST-01");
    let left = home.join(".unfinished-abc");
    fs::create_dir(&left).unwrap();
    fs::write(left.join(".lock"), b"").unwrap();
    fs::write(left.join("half.pdf"), b"%PDF-1.7").unwrap();
    let again = build(folder.path(), out.path(), &[]);
    assert!(again.status.success(), "{}", stderr(&again));
    assert!(!left.exists());
    assert!(documents(out.path()) == good);
}

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

/// A limit on the size of files stops writing in the middle of one, as a full disk does, and needs no rights.
#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_leaves_the_last_good_files_and_says_so() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let states = states();
    let good = good_outputs(&folder, &states);
    folder.write("data.xlsx", &states[0]);
    assert!(build(folder.path(), out.path(), &[]).status.success());
    folder.write("data.xlsx", &states[1]);
    let mut refused = 0;
    for blocks in [0, 1, 4, 8, 16, 32, 64] {
        let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let ended = Command::new("sh")
            .args(["-c", &limited, PROGRAM, "build"])
            .arg(folder.path())
            .arg("--out")
            .arg(out.path())
            .output()
            .expect("sh runs");
        if ended.status.success() {
            continue;
        }
        refused += 1;
        assert_eq!(ended.status.code(), Some(2), "{blocks}: {}", stderr(&ended));
        assert!(stderr(&ended).contains("error[cannot-write]"), "{blocks}: {}", stderr(&ended));
        assert!(stderr(&ended).contains("is the disk full"), "{blocks}: {}", stderr(&ended));
        assert!(documents(out.path()) == good[0], "{blocks}: an output was touched");
        let home = out.path().join("TEST-01");
        assert!(names(&home).iter().all(|name| !name.starts_with(".unfinished-")), "{blocks}: it left its stage");
    }
    assert!(refused >= 4, "only {refused} limits stopped it");
    assert!(build(folder.path(), out.path(), &[]).status.success());
    assert!(documents(out.path()) == good[1]);
}

/// What another program holds in the place of an output (here a folder that can't be replaced) keeps no other from its
/// place.
#[test]
fn an_output_that_cannot_be_replaced_is_named_and_the_others_are_whole() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let states = states();
    let good = good_outputs(&folder, &states);
    folder.write("data.xlsx", &states[0]);
    assert!(build(folder.path(), out.path(), &[]).status.success());
    let held = out.path().join("TEST-01/2025-Q1/quarterly.mk-en.xlsx");
    fs::remove_file(&held).unwrap();
    fs::create_dir(&held).unwrap();
    fs::write(held.join("in-use"), "").unwrap();
    folder.write("data.xlsx", &states[1]);
    let refused = build(folder.path(), out.path(), &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("quarterly.mk-en.xlsx can't be written"), "{}", stderr(&refused));
    let left = documents(out.path());
    for (name, bytes) in good[1].iter().filter(|(name, _)| !name.contains("2025-Q1/quarterly.mk-en.xlsx")) {
        assert!(left[name] == *bytes, "{name}");
    }
    fs::remove_dir_all(&held).unwrap();
    assert!(build(folder.path(), out.path(), &[]).status.success());
    assert!(documents(out.path()) == good[1]);
}

#[test]
fn a_place_that_cannot_be_written_is_told_before_any_work() {
    let folder = project();
    let place = tempfile::tempdir().unwrap();
    // A file where the folder of outputs would be, and one where the project's own would be.
    let file = place.path().join("build");
    fs::write(&file, "").unwrap();
    let home = place.path().join("other");
    fs::create_dir(&home).unwrap();
    fs::write(home.join("TEST-01"), "").unwrap();
    for out in [&file, &home] {
        let refused = build(folder.path(), out, &[]);
        assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
        assert!(stderr(&refused).contains("error[cannot-write]"), "{}", stderr(&refused));
        assert!(stderr(&refused).contains("read-only"), "{}", stderr(&refused));
    }
}

/// Rights don't bind root, so the test tells which of both it is.
#[cfg(unix)]
#[test]
fn a_read_only_folder_is_told_and_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let states = states();
    folder.write("data.xlsx", &states[0]);
    assert!(build(folder.path(), out.path(), &[]).status.success());
    let good = documents(out.path());
    folder.write("data.xlsx", &states[1]);
    let home = out.path().join("TEST-01");
    fs::set_permissions(&home, fs::Permissions::from_mode(0o555)).unwrap();
    let binds = fs::write(home.join("probe"), "").is_err();
    let ended = build(folder.path(), out.path(), &[]);
    fs::set_permissions(&home, fs::Permissions::from_mode(0o755)).unwrap();
    if binds {
        assert_eq!(ended.status.code(), Some(2), "{}", stderr(&ended));
        assert!(stderr(&ended).contains("error[cannot-write]"), "{}", stderr(&ended));
        assert!(documents(out.path()) == good);
    } else {
        assert!(ended.status.success(), "{}", stderr(&ended));
    }
}

#[test]
fn the_lock_file_of_an_open_workbook_is_passed_over() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    assert!(build(folder.path(), out.path(), &[]).status.success());
    // As Excel and LibreOffice leave them while a workbook is open.
    folder.write("~$data.xlsx", [5u8; 165]);
    folder.write(".~lock.data.xlsx#", ",someone,somewhere,01.01.2025 10:00;");
    let again = build(folder.path(), out.path(), &[]);
    assert!(again.status.success(), "{}", stderr(&again));
    assert!(stdout(&again).starts_with("TEST-01: 0 written, 8 "), "{}", stdout(&again));
    let forced = build(folder.path(), out.path(), &["--force"]);
    assert!(forced.status.success(), "{}", stderr(&forced));
}

#[test]
fn a_workbook_replaced_while_it_is_read_gives_one_state_or_the_other() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let states = states();
    let good = good_outputs(&folder, &states);
    let ends = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let (place, aside) = (folder.path().join("data.xlsx"), folder.path().join("saving.tmp"));
            for at in (0..).take_while(|_| !ends.load(Ordering::Relaxed)) {
                fs::write(&aside, &states[at % 2]).unwrap();
                fs::rename(&aside, &place).unwrap();
                thread::sleep(Duration::from_millis(7 + (at as u64 * 13) % 40));
            }
        });
        for _ in 0..8 {
            let built = build(folder.path(), out.path(), &[]);
            assert!(built.status.success(), "{}", stderr(&built));
            let made = documents(out.path());
            assert!(good.contains(&made), "outputs of two states were mixed");
        }
        ends.store(true, Ordering::Relaxed);
    });
}

#[test]
fn two_builds_at_once_take_turns_and_both_end_well() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let states = states();
    let good = good_outputs(&folder, &states);
    for state in [0, 1] {
        folder.write("data.xlsx", &states[state]);
        let children: Vec<_> = (0..3).map(|_| start(&folder, out.path(), &["--force"])).collect();
        let mut told = BTreeSet::new();
        for child in children {
            let ended = child.wait_with_output().unwrap();
            assert!(ended.status.success(), "{}", stderr(&ended));
            told.insert(stderr(&ended));
        }
        assert!(documents(out.path()) == good[state]);
        assert!(told.iter().any(|words| words.contains("another build is writing")), "{told:?}");
    }
}

/// A device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_standard_output_is_exit_2_for_every_command() {
    let folder = project();
    let path = folder.path().to_str().unwrap();
    let out = tempfile::tempdir().unwrap();
    let to = out.path().to_str().unwrap();
    let lines: [&[&str]; 14] = [
        &["figures", path, "--format", "csv"],
        &["figures", path],
        &["figures", path, "--format", "json"],
        &["check", path],
        &["check", path, "--format", "json"],
        &["explain", path, "T1"],
        &["plan", path],
        &["man"],
        &["completions", "bash"],
        &["licences"],
        &["help"],
        &["help", "build"],
        &["--help"],
        &["build", path, "--out", to],
    ];
    for line in lines {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let ended = Command::new(PROGRAM).args(line).stdout(full).output().unwrap();
        let said = stderr(&ended);
        assert_eq!(ended.status.code(), Some(2), "{line:?}: {said}");
        assert!(said.contains("error[cannot-write]: standard output can't be written"), "{line:?}: {said}");
    }
    assert!(out.path().join("TEST-01/2025-Q1/quarterly.mk.pdf").is_file(), "the reports were made all the same");
}

/// Half a table looks whole: what a disk takes of it before it is full is no success.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_before_a_table_is_whole_is_exit_2() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let file = out.path().join("figures.csv");
    for line in ["figures \"$1\" --format csv", "figures \"$1\" --format json", "licences"] {
        let limited = format!("trap '' XFSZ; ulimit -f 1; exec \"$0\" {line} > \"$2\"");
        let words = ["-c", &limited, PROGRAM].map(OsStr::new);
        let ended = Command::new("sh").args(words).arg(folder.path()).arg(&file).output().unwrap();
        let said = stderr(&ended);
        assert_eq!(ended.status.code(), Some(2), "{line}: {said}");
        assert!(said.contains("error[cannot-write]: standard output can't be written"), "{line}: {said}");
        assert!(fs::metadata(&file).unwrap().len() > 0, "{line}: nothing was written");
    }
}

/// A reader that has seen enough, such as `head`, is no fault.
#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_fault() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ended = Command::new(PROGRAM).arg("licences").stdout(writer).output().unwrap();
    assert_eq!((ended.status.code(), stderr(&ended).as_str()), (Some(0), ""));
}

/// Files would be written outside the folder of outputs.
#[cfg(unix)]
#[test]
fn a_link_within_the_folder_of_outputs_is_not_followed() {
    use std::os::unix::fs::symlink;
    for name in ["TEST-01/2025-Q1", "TEST-01"] {
        let (folder, out, elsewhere) = (project(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let link = out.path().join(name);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(elsewhere.path(), &link).unwrap();
        let ended = build(folder.path(), out.path(), &[]);
        assert_eq!(ended.status.code(), Some(2), "{name}");
        assert!(stderr(&ended).contains("it is a link"), "{name}: {}", stderr(&ended));
        assert!(files(elsewhere.path()).is_empty(), "{name}");
    }
    // A link in place of a file is replaced, and the folder of outputs itself may be one.
    let (folder, out, elsewhere) = (project(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let target = elsewhere.path().join("letter.pdf");
    fs::write(&target, "a letter").unwrap();
    let linked = out.path().join("linked");
    symlink(elsewhere.path().join("real"), &linked).unwrap();
    fs::create_dir_all(elsewhere.path().join("real/TEST-01/2025-Q1")).unwrap();
    symlink(&target, linked.join("TEST-01/2025-Q1/quarterly.mk.pdf")).unwrap();
    assert!(build(folder.path(), &linked, &[]).status.success());
    assert_eq!(fs::read(&target).unwrap(), b"a letter");
    assert!(!linked.join("TEST-01/2025-Q1/quarterly.mk.pdf").is_symlink());
}

/// The workbooks of a new project come from the same library as annexes.
#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_under_a_new_project_is_said_in_one_message() {
    let home = tempfile::tempdir().unwrap();
    let line =
        format!("trap '' XFSZ; ulimit -f 4; exec '{PROGRAM}' init '{}' --example", home.path().join("new").display());
    let ended = Command::new("sh").args(["-c", &line]).output().unwrap();
    let said = stderr(&ended);
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.starts_with("error[cannot-write]: "), "{said}");
    assert!(!said.contains("ZipWriter") && !said.contains("panicked"), "{said}");
}

/// The library of workbooks prints on its own where it can't finish one; what is said is ours, once and with its remedy.
#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_under_an_annex_is_said_in_one_message() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let line = format!(
        "trap '' XFSZ; ulimit -f 8; exec '{PROGRAM}' build '{}' --out '{}'",
        folder.path().display(),
        out.path().display()
    );
    let ended = Command::new("sh").args(["-c", &line]).output().unwrap();
    let said = stderr(&ended);
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.starts_with("error[cannot-write]: "), "{said}");
    assert!(!said.contains("ZipWriter") && !said.contains("panicked"), "{said}");
    assert!(!files(out.path()).keys().any(|name| name.ends_with(".pdf")), "nothing half made is in place");
}
