//! What depends on the program itself, and so differs between any two: [`FIELDS`] of record.json, and the names of
//! evidence.json's rows, which are values of one of them. Nothing else is normalised.
//!
//! Each value gives way to the path of the first field that holds it. Two fields that were the same stay the same, two that
//! differed go on to differ, and what isn't such a value as it should be is left as it is.

use std::collections::BTreeMap;

use donor_report::output::checksum;
use serde_json::Value;

use super::compare::Files;

/// A field of record.json: its path, where `*` stands for any name with the rest, and how its values look.
struct Field {
    path: &'static [&'static str],
    is_valid: fn(value: &str, evidence: &str) -> bool,
}

const FIELDS: [Field; 5] = [
    // The program's version, and the fingerprint of its sources, templates and dependencies.
    Field { path: &["program"], is_valid: |value, _| is_program(value) },
    // Hash of the program and the inputs that a unit was made from.
    Field { path: &["units", "*"], is_valid: |value, _| is_hash(value) },
    // Hash of the program and the view, pictures and templates that a document was drawn from. What figures.json and
    // iati.xml were made from is their content, and has to be the same.
    Field { path: &["outputs", "*.pdf", "made_from"], is_valid: |value, _| is_hash(value) },
    // Hash of the program and the tables that an annex was written from.
    Field { path: &["outputs", "*.xlsx", "made_from"], is_valid: |value, _| is_hash(value) },
    // Checksum of evidence.json, in which values of `units` are names. It must be the file's.
    Field { path: &["evidence"], is_valid: |value, evidence| value == checksum(evidence.as_bytes()) },
];

const RECORD: &str = "record.json";
const EVIDENCE: &str = "evidence.json";

/// Files of a folder, by their paths, without what depends on the program.
pub fn normalise(mut files: Files) -> Files {
    let records: Vec<String> = files.keys().filter(|path| is_named(path, RECORD)).cloned().collect();
    for record in records {
        let evidence = format!("{}{EVIDENCE}", record.strip_suffix(RECORD).unwrap_or_default());
        let text_of = |path: &str| files.get(path).and_then(|content| String::from_utf8(content.clone()).ok());
        let (Some(record_text), evidence_text) = (text_of(&record), text_of(&evidence)) else { continue };
        let labels = labels(&record_text, evidence_text.as_deref().unwrap_or_default());
        files.insert(record, relabelled(&record_text, &labels).into_bytes());
        if let Some(text) = evidence_text {
            files.insert(evidence, in_order_of_labels(&relabelled(&text, &labels)).into_bytes());
        }
    }
    files
}

fn is_named(path: &str, name: &str) -> bool {
    path.rsplit('/').next() == Some(name)
}

/// `0.1.0-0123456789abcdef`
fn is_program(value: &str) -> bool {
    value.rsplit_once('-').is_some_and(|(_, fingerprint)| is_hexadecimal(fingerprint, 16))
}

/// A BLAKE3 hash.
fn is_hash(value: &str) -> bool {
    is_hexadecimal(value, 64)
}

fn is_hexadecimal(value: &str, length: usize) -> bool {
    value.len() == length && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Each value of the fields → the path of the first field that holds it.
fn labels(record: &str, evidence: &str) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    let Ok(record) = serde_json::from_str::<Value>(record) else { return labels };
    for field in &FIELDS {
        collect(&record, field.path, "", &mut |path, value| {
            if (field.is_valid)(value, evidence) {
                labels.entry(value.to_owned()).or_insert_with(|| path.to_owned());
            }
        });
    }
    labels
}

fn collect(value: &Value, path: &[&str], prefix: &str, take: &mut dyn FnMut(&str, &str)) {
    match (value, path) {
        (Value::String(text), []) => take(prefix.trim_end(), text),
        (Value::Object(fields), [pattern, rest @ ..]) => {
            for (name, value) in fields.iter().filter(|(name, _)| matches(pattern, name)) {
                collect(value, rest, &format!("{prefix}{name} "), take);
            }
        }
        _ => {}
    }
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_prefix('*').map_or(pattern == name, |ending| name.ends_with(ending))
}

/// The text with each value that stands there as a whole text of JSON replaced by its label.
fn relabelled(text: &str, labels: &BTreeMap<String, String>) -> String {
    let mut pieces: Vec<&str> = text.split('"').collect();
    for piece in &mut pieces {
        if let Some(label) = labels.get(*piece) {
            *piece = label;
        }
    }
    pieces.join("\"")
}

/// evidence.json with the blocks of its rows in the order of their labels: as it was written they stand in that of hashes.
fn in_order_of_labels(text: &str) -> String {
    const OPEN: &str = "  \"rows\": {\n";
    const CLOSE: &str = "\n    }\n  },\n";
    const BETWEEN: &str = "\n    },\n";
    let Some((before, rest)) = text.split_once(OPEN) else { return text.to_owned() };
    let Some((rows, after)) = rest.split_once(CLOSE) else { return text.to_owned() };
    let mut blocks: Vec<&str> = rows.split(BETWEEN).collect();
    blocks.sort_unstable();
    format!("{before}{OPEN}{}{CLOSE}{after}", blocks.join(BETWEEN))
}
