//! Outputs needn't be read again while the file system says that nobody has touched them.

use std::fs::{self, File};
use std::thread::sleep;
use std::time::Duration;

use donor_report::output::Seen;

/// Longer than the coarsest times of file systems.
const SETTLED: Duration = Duration::from_millis(2_100);

#[test]
fn outputs_are_known_until_somebody_touches_one_even_without_a_trace_in_its_length_and_time() {
    let home = tempfile::tempdir().unwrap();
    let (one, other, record) = (home.path().join("a.pdf"), home.path().join("b.xlsx"), home.path().join("record.json"));
    for path in [&one, &other, &record] {
        fs::write(path, "as written").unwrap();
    }
    let files = [(one.clone(), "1"), (other, "2")];
    sleep(SETTLED);
    let seen = Seen::of(&files).unwrap();
    assert!(!seen.is_noted(&record));
    seen.note(&record);
    if !xattr::list(&record).is_ok_and(|mut notes| notes.any(|note| note == "user.donor-report.seen")) {
        eprintln!("the file system for temporary files takes no notes; the rest was left out");
        return;
    }
    assert!(Seen::of(&files).unwrap().is_noted(&record));
    assert_eq!(fs::read_to_string(&record).unwrap(), "as written", "the note stands beside the content");
    let otherwise = [(one.clone(), "3"), files[1].clone()];
    assert!(!Seen::of(&otherwise).unwrap().is_noted(&record), "it is noted of these checksums alone");

    let time = fs::metadata(&one).unwrap().modified().unwrap();
    fs::write(&one, "as edited!").unwrap();
    File::options().write(true).open(&one).unwrap().set_modified(time).unwrap();
    assert_eq!(fs::metadata(&one).unwrap().modified().unwrap(), time);
    sleep(SETTLED);
    assert!(!Seen::of(&files).unwrap().is_noted(&record));
    fs::remove_file(&one).unwrap();
    assert!(Seen::of(&files).is_none());
}
