//! `watch` as an officer has it running while workbooks are saved.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use super::build::{ACTIVITIES, ATTENDANCE, INDICATORS, LISTS, PROGRAM, build, files, project, stderr};
use crate::ingest::sheets::{Folder, workbook};

/// How long a line is awaited before something is wrong; a rebuild takes a fraction of a second.
const PATIENCE: Duration = Duration::from_secs(120);
/// As long as nothing must be told: longer than `watch` waits for a save to go on, and a build takes.
const SILENCE: Duration = Duration::from_secs(3);

/// The program watching a project; it is ended with the test.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(folder: &Folder, out: &Path) -> Watch {
        let mut child = Command::new(PROGRAM)
            .arg("watch")
            .arg(folder.path())
            .arg("--out")
            .arg(out)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let (sender, lines) = channel();
        let streams: [Box<dyn std::io::Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for stream in streams {
            let sender = sender.clone();
            thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    if sender.send(line).is_err() {
                        return;
                    }
                }
            });
        }
        let watch = Watch { child, lines };
        watch.until_all(&["watching for changes; end with Ctrl-C", " written, "]);
        watch
    }

    /// Lines with each of these words; what comes on two streams comes in either order.
    fn until_all(&self, words: &[&str]) {
        let mut awaited = words.to_vec();
        let mut told = Vec::new();
        while !awaited.is_empty() {
            let Ok(line) = self.lines.recv_timeout(PATIENCE) else {
                panic!("no line with {awaited:?} among {told:#?}")
            };
            awaited.retain(|words| !line.contains(words));
            told.push(line);
        }
    }

    /// The lines up to one that holds these words.
    fn until(&self, words: &str) -> Vec<String> {
        let mut told = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    let ends = line.contains(words);
                    told.push(line);
                    if ends {
                        return told;
                    }
                }
                Err(_) => panic!("no line with {words:?} among {told:#?}"),
            }
        }
    }

    /// Passes over what a build still has to tell on the other stream.
    fn settle(&self) {
        while self.lines.recv_timeout(SILENCE / 2).is_ok() {}
    }

    fn is_silent(&self) {
        match self.lines.recv_timeout(SILENCE) {
            Err(RecvTimeoutError::Timeout) => {}
            other => panic!("{other:?}"),
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Finished documents and figures.
fn documents(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = files(out);
    found.retain(|name, _| name.contains("/2025-"));
    found
}

fn data(attendance: &str) -> Vec<u8> {
    let sheets = [("Activities", ACTIVITIES), ("Attendance", attendance), ("Indicators", INDICATORS), ("Lists", LISTS)];
    workbook(&sheets)
}

#[test]
fn every_way_of_saving_is_followed_by_the_documents_it_changes() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let watch = Watch::start(&folder, out.path());
    assert_eq!(documents(out.path()).len(), 8);

    // In place.
    let one_more = format!("{ATTENDANCE}\nA-02 | P4 | M | 1999");
    fs::write(folder.path().join("data.xlsx"), data(&one_more)).unwrap();
    let told = watch.until("T1 in the period: 1 → 2");
    assert!(!told.iter().any(|line| line.contains("2025-Q1")), "{told:#?}");
    watch.until("rows newly counted (1): data.xlsx:Attendance:6");

    // As Excel saves: a lock file, another name, then a rename over the old one, the lock removed.
    let two_more = format!("{one_more}\nA-02 | P5 | F | 2001");
    folder.write("~$data.xlsx", [5u8; 165]);
    folder.write("8C5F2A10", data(&two_more));
    fs::rename(folder.path().join("8C5F2A10"), folder.path().join("data.xlsx")).unwrap();
    fs::remove_file(folder.path().join("~$data.xlsx")).unwrap();
    watch.until("T1 in the period: 2 → 3");
    watch.until("rows newly counted");

    // Emptied first, then written piece by piece with pauses, of which one is longer than a burst.
    let bytes = data(&one_more);
    let mut file = OpenOptions::new().write(true).truncate(true).open(folder.path().join("data.xlsx")).unwrap();
    for (at, piece) in bytes.chunks(bytes.len() / 5 + 1).enumerate() {
        thread::sleep(Duration::from_millis(if at == 2 { 250 } else { 60 }));
        file.write_all(piece).unwrap();
        file.flush().unwrap();
    }
    drop(file);
    watch.until("T1 in the period: 3 → 2");
    watch.until("rows no longer counted");

    // What editors leave beside a file is no reason to build.
    watch.settle();
    for name in ["~$data.xlsx", ".~lock.data.xlsx#", ".summary.md.swp", "data.xlsx~", "saving.tmp"] {
        folder.write(name, "…");
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    watch.is_silent();
    let plain = tempfile::tempdir().unwrap();
    let built = build(folder.path(), plain.path(), &[]);
    assert!(built.status.success(), "{}", stderr(&built));
    assert!(files(plain.path()) == files(out.path()), "watched outputs differ from a plain build's");
}

#[test]
fn problems_are_shown_and_cleared_and_the_last_good_reports_stay() {
    let (folder, out) = (project(), tempfile::tempdir().unwrap());
    let watch = Watch::start(&folder, out.path());
    let good = documents(out.path());

    fs::write(folder.path().join("data.xlsx"), data(&ATTENDANCE.replace("A-02", "A-77"))).unwrap();
    watch.until_all(&["error[unknown-activity]", "no report was written"]);
    assert!(documents(out.path()) == good);
    fs::write(folder.path().join("data.xlsx"), data(ATTENDANCE)).unwrap();
    watch.until("the problems are mended");
    assert!(documents(out.path()) == good);

    // Prose alone: tables aren't read again, and problems of both kinds are told.
    folder.write("narrative/quarterly/summary.en.md", "{{actual \"T9\"}} people were trained.\n");
    watch.until_all(&["error[unknown-indicator]", "not written because of the errors"]);
    folder.write("narrative/quarterly/summary.en.md", "{{actual \"T1\"}} people were trained.\n");
    watch.until_all(&["the problems are mended", "2025-Q1/quarterly.en.pdf"]);

    // A workbook that is taken away and put back.
    fs::rename(folder.path().join("data.xlsx"), folder.path().join("data.away")).unwrap();
    watch.until("no report was written");
    fs::rename(folder.path().join("data.away"), folder.path().join("data.xlsx")).unwrap();
    watch.until("the problems are mended");
}
