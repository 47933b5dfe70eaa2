//! The house's invariants that can be read off its sources: which crate lives in which room, and what a room may see.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Every source file by its path under `src/`.
fn sources() -> BTreeMap<String, String> {
    fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                walk(&entry.path(), &format!("{name}/"), found);
            } else {
                found.insert(name, fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut found);
    found
}

/// Whether a file is the room itself or stands in it: `ingest.rs`, `ingest/cell.rs`.
fn is_in(file: &str, room: &str) -> bool {
    file.strip_prefix(room).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

#[test]
fn a_crate_appears_only_in_its_rooms() {
    let homes: [(&str, &[&str]); 33] = [
        ("calamine", &["ingest"]),
        ("csv", &["ingest"]),
        ("encoding_rs", &["ingest"]),
        ("unicode_normalization", &["ingest"]),
        ("memchr", &["ingest", "output"]),
        ("twox_hash", &["output"]),
        ("fixedbitset", &["indicators", "ingest"]),
        ("zip", &["ingest", "output", "render"]),
        ("handlebars", &["report"]),
        ("pulldown_cmark", &["report"]),
        ("typst", &["render"]),
        ("typst_pdf", &["render"]),
        ("typst_layout", &["render"]),
        ("typst_kit", &["render"]),
        ("typst_svg", &["render"]),
        ("comemo", &["render"]),
        ("image", &["render"]),
        ("rust_xlsxwriter", &["render", "cli"]),
        ("flate2", &["render"]),
        ("itoa", &["render"]),
        ("icu_decimal", &["locale"]),
        ("icu_plurals", &["locale"]),
        ("icu_list", &["locale"]),
        ("clap", &["cli"]),
        ("clap_complete", &["cli"]),
        ("clap_mangen", &["cli"]),
        ("indicatif", &["cli"]),
        ("notify", &["cli"]),
        ("hyper", &["cli/preview"]),
        ("hyper_util", &["cli/preview"]),
        ("http_body_util", &["cli/preview"]),
        ("tokio", &["cli/preview"]),
        ("strsim", &["diagnostic"]),
    ];
    for (file, text) in sources() {
        for (name, rooms) in homes {
            let used = text.lines().any(|line| {
                let line = line.trim_start();
                !line.starts_with("//")
                    && (line.starts_with(&format!("use {name}::"))
                        || line.contains(&format!(" {name}::"))
                            && !line.contains("super::")
                            && !line.contains("crate::"))
            });
            assert!(!used || rooms.iter().any(|room| is_in(&file, room)), "{name} is used in src/{file}");
        }
    }
}

#[test]
fn rendering_never_sees_the_model_and_counting_never_sees_a_language() {
    for (file, text) in sources() {
        if is_in(&file, "render") {
            assert!(!text.contains("crate::model"), "src/{file} sees the model");
        }
        if is_in(&file, "indicators") {
            assert!(!text.contains("crate::locale") && !text.contains("Lang"), "src/{file} sees a language");
        }
        if is_in(&file, "model") {
            assert!(!text.contains("crate::"), "src/{file} looks out of its room");
        }
        if is_in(&file, "report") {
            assert!(!text.contains("Checked"), "src/{file} sees what isn't released");
        }
    }
}
