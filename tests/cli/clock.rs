//! The program under a clock that is wrong: it prints no time of the machine, so that only what can't be written at all may
//! notice.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::build::{PROGRAM, example, files, stderr};
use crate::ingest::sheets::Folder;

/// Answers every question for the time with the seconds since 1970 that `CLOCK` holds.
const SHIM: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
static time_t clock_of_test(void) { return atoll(getenv("CLOCK")); }
int clock_gettime(clockid_t id, struct timespec *now) {
  int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
  int code = real(id, now);
  if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) now->tv_sec = clock_of_test();
  return code;
}
time_t time(time_t *now) { time_t at = clock_of_test(); if (now) *now = at; return at; }
int gettimeofday(struct timeval *now, void *zone) { now->tv_sec = clock_of_test(); now->tv_usec = 0; return 0; }
"#;

/// The shim as a library; whoever can link this test has a C compiler.
fn shim(folder: &Path) -> PathBuf {
    let (source, library) = (folder.join("clock.c"), folder.join("clock.so"));
    fs::write(&source, SHIM).expect("a file");
    let made = Command::new("cc").args(["-shared", "-fPIC", "-o"]).args([&library, &source]).arg("-ldl").status();
    assert!(made.expect("a C compiler").success());
    library
}

fn run_at(shim: &Path, seconds: i64, arguments: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).env("LD_PRELOAD", shim).env("CLOCK", seconds.to_string());
    command.output().expect("the program runs")
}

/// The example, and a folder for its outputs.
fn project() -> (Folder, PathBuf) {
    let folder = example();
    let out = folder.path().join("out");
    (folder, out)
}

#[test]
fn a_clock_that_is_wrong_by_decades_changes_no_byte() {
    let tools = tempfile::tempdir().expect("a folder");
    let shim = shim(tools.path());
    // 1970; 1975, before the first year that an archive can say; 2039, past 31 bits; 2108, past the last year that an
    // archive can say; 10000, past four digits.
    let clocks = [86_400, 157_766_400, 2_200_000_000, 4_354_819_200, 253_402_300_800];
    let mut first = None;
    for seconds in clocks {
        let (folder, out) = project();
        let [project, out] = [folder.path(), &out].map(|path| path.to_str().expect("a path"));
        let arguments = ["build", project, "--report", "quarterly", "--period", "2017-Q1", "--out", out];
        let built = run_at(&shim, seconds, &arguments);
        assert_eq!(built.status.code(), Some(0), "{seconds}: {}", stderr(&built));
        let files = files(Path::new(out));
        assert!(files.keys().any(|name| name.ends_with(".xlsx")) && files.keys().any(|name| name.ends_with(".pdf")));
        let first = first.get_or_insert_with(|| files.clone());
        for (name, content) in &files {
            assert!(first.get(name) == Some(content), "{name} at {seconds}");
        }
        assert_eq!(first.len(), files.len());
    }
}

#[test]
fn a_clock_before_1970_is_told_and_nothing_is_written() {
    let tools = tempfile::tempdir().expect("a folder");
    let shim = shim(tools.path());
    let (folder, out) = project();
    let [project, out_name] = [folder.path(), &out].map(|path| path.to_str().expect("a path"));
    let built = run_at(&shim, -1, &["build", project, "--out", out_name]);
    assert_eq!(built.status.code(), Some(2), "{}", stderr(&built));
    assert!(stderr(&built).contains("error[clock-before-1970]"), "{}", stderr(&built));
    assert!(!out.exists());
    // What writes no workbook needs no clock.
    let checked = run_at(&shim, -1, &["check", project]);
    assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
}
