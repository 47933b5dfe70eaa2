//! What a project's folder remembers of builds, and rows that only its key opens.

use std::fs;

use donor_report::folder::{MEMORY_FOLDER, hash_files, resolve_path};
use donor_report::model::{RowPlace, RowSpot};
use donor_report::output::{FingerprintedRow, Memory, RecordedRows, seal_rows, unseal_rows};

#[test]
fn each_folder_of_outputs_has_a_memory_of_its_own() {
    let place = tempfile::tempdir().unwrap();
    let at = |out: &str| Memory::new(place.path(), &place.path().join(out)).path("record.json");
    assert_eq!(at("build"), at("build"));
    assert_ne!(at("build"), at("other"));
    // However the way to it is written, once it is there.
    fs::create_dir_all(place.path().join("a/build")).unwrap();
    assert_eq!(at("a/build"), at("a/../a/./build"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(place.path().join("a"), place.path().join("link")).unwrap();
        assert_eq!(at("a/build"), at("link/build"));
    }
}

#[test]
fn a_memory_stays_out_of_version_control_and_is_no_part_of_the_project() {
    let project = tempfile::tempdir().unwrap();
    // A file that project.toml names is read whatever its name; not so here.
    fs::write(project.path().join("project.toml"), "file = \".donor-report/secret\"\nhidden = \".hidden\"\n").unwrap();
    fs::write(project.path().join(".hidden"), "").unwrap();
    let memory = Memory::new(project.path(), &project.path().join("build"));
    drop(memory.open().unwrap());
    memory.secret().unwrap();
    assert_eq!(fs::read_to_string(project.path().join(MEMORY_FOLDER).join(".gitignore")).unwrap(), "*\n");
    let inputs = hash_files(project.path(), None);
    assert_eq!(inputs.keys().collect::<Vec<_>>(), [".hidden", "project.toml"]);
    assert!(resolve_path(project.path(), ".donor-report/secret").is_err());
    assert!(resolve_path(project.path(), "./.donor-report").is_err());
}

#[test]
fn a_secret_is_made_once_and_nobody_else_may_read_it() {
    let project = tempfile::tempdir().unwrap();
    let secret = |out: &str| Memory::new(project.path(), &project.path().join(out)).secret().unwrap();
    let first = secret("build");
    assert_eq!(first.len(), 32);
    assert_eq!(secret("build"), first);
    assert_eq!(secret("other"), first);
    let another = tempfile::tempdir().unwrap();
    assert_ne!(Memory::new(another.path(), another.path()).secret().unwrap(), first);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = project.path().join(MEMORY_FOLDER).join("secret");
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o077, 0);
    }
}

#[cfg(unix)]
#[test]
fn a_memory_that_is_a_link_is_not_followed() {
    let (project, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::os::unix::fs::symlink(outside.path(), project.path().join(MEMORY_FOLDER)).unwrap();
    let memory = Memory::new(project.path(), project.path());
    assert!(memory.open().is_err() && memory.secret().is_err());
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn what_a_killed_build_left_in_a_memory_is_removed() {
    let project = tempfile::tempdir().unwrap();
    let memory = Memory::new(project.path(), project.path());
    drop(memory.open().unwrap());
    fs::write(memory.path(".unfinished-x"), "ha").unwrap();
    drop(memory.open().unwrap());
    assert!(!memory.path(".unfinished-x").exists());
}

const KEY: &[u8] = b"an invented key, thirty-two bytes";

fn rows(sheet: &str) -> RecordedRows {
    let mut rows = RecordedRows { key: "0123abcd".to_owned(), ..RecordedRows::default() };
    let row = FingerprintedRow {
        place: RowPlace { sheet: sheet.to_owned(), spot: RowSpot { row: 17, column: None } },
        day: "2025-02-03".to_owned(),
        fingerprint: "a1b2c3".to_owned(),
        parts_fingerprint: "d4e5f6".to_owned(),
        is_later: false,
    };
    rows.insert("T1", [row]);
    rows
}

#[test]
fn sealed_rows_open_with_their_key_alone() {
    let sealed = seal_rows(&rows("data.xlsx:Attendance"), KEY).unwrap();
    assert_eq!(seal_rows(&rows("data.xlsx:Attendance"), KEY).unwrap(), sealed, "the same rows, the same bytes");
    assert_eq!(unseal_rows(&sealed, KEY), Some(rows("data.xlsx:Attendance")));
    assert_eq!(unseal_rows(&sealed, b"an invented key, thirty-two byteZ"), None);
    for at in [0, sealed.len() / 2, sealed.len() - 1] {
        let mut damaged = sealed.clone();
        damaged[at] ^= 1;
        assert_eq!(unseal_rows(&damaged, KEY), None, "byte {at}");
    }
    let text = String::from_utf8_lossy(&sealed).into_owned();
    assert!(["data.xlsx", "T1", "a1b2c3", "2025"].iter().all(|piece| !text.contains(piece)));
}

/// Whoever holds what was sent could try out words.
#[test]
fn a_key_that_is_a_word_seals_nothing() {
    for key in ["", "skopje2017", "an invented key, one byte short"] {
        assert_eq!(seal_rows(&rows("data.xlsx"), key.as_bytes()), None, "{key}");
        assert_eq!(unseal_rows(b"anything", key.as_bytes()), None, "{key}");
    }
}
