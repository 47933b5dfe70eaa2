use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::{Memory, OpenMemory, RecordedSheet, StageError};
use crate::model::RowPlace;

const SCHEMA: u32 = 1;
/// The context that the key of fingerprints is derived in; another one gives other fingerprints from the same secret. Its
/// words are part of the key.
const KEY_CONTEXT: &str = "donor-report 2026 fingerprints of rows";

/// evidence.json of a project's [`Memory`]: the rows behind each figure, with a fingerprint of their content, and the
/// sentences of the narrative, so that the next build can say why a figure changed. Without the file, one build can't name
/// rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceFile {
    schema: u32,
    /// Code → first and last day.
    pub periods: BTreeMap<String, (String, String)>,
    /// State of the inputs (see [`super::Record::state`]) → the rows as they were then.
    pub rows: BTreeMap<String, RecordedRows>,
    /// `<period>/<report>` → `<section>.<language>` → its sentences.
    pub sentences: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// The rows of one state of the inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedRows {
    /// Names the secret of the fingerprints, which are comparable where it is the same.
    pub key: String,
    /// Code of an indicator → file and sheet → day → `row:fingerprint` or `row:fingerprint:parts`, a later contact of a
    /// person with a `+` before it; a row made of a cell by its cell. An indicator with too many rows isn't kept.
    pub indicators: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>,
    /// The cells that they were counted from, of what was submitted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<RecordedSheet>,
}

/// One row behind a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FingerprintedRow {
    /// Where it is.
    pub place: RowPlace,
    /// As ISO 8601 writes it.
    pub day: String,
    /// Of what is counted.
    pub fingerprint: String,
    /// Of its values on the indicator's axes, too; empty if there are none.
    pub parts_fingerprint: String,
    /// A later contact of a person, which counts in *served* alone.
    pub is_later: bool,
}

/// Makes fingerprints of rows with a secret.
pub struct RowFingerprinter([u8; 32]);

impl RowFingerprinter {
    /// `secret` is any text that doesn't leave the organisation.
    pub fn new(secret: &[u8]) -> RowFingerprinter {
        RowFingerprinter(blake3::derive_key(KEY_CONTEXT, secret))
    }

    /// A name for the secret that doesn't give it away.
    pub fn key_name(&self) -> String {
        self.hex(b"", 4)
    }

    /// Three bytes as hex: enough to distinguish a row from some thousands, too few to find out its content.
    pub fn fingerprint(&self, content: &str) -> String {
        self.hex(content.as_bytes(), 3)
    }

    /// Six bytes as hex, for the codes that rows are known by: those of ten thousand rows are all different.
    pub fn key_fingerprint(&self, code: &str) -> String {
        self.hex(code.as_bytes(), 6)
    }

    fn hex(&self, bytes: &[u8], length: usize) -> String {
        let hash = blake3::keyed_hash(&self.0, bytes);
        hash.as_bytes()[..length].iter().fold(String::new(), |mut text, byte| {
            // Writing to a String can't fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

impl RecordedRows {
    /// Adds the rows of an indicator.
    pub fn insert(&mut self, indicator: &str, rows: impl IntoIterator<Item = FingerprintedRow>) {
        let places = self.indicators.entry(indicator.to_owned()).or_default();
        for row in rows {
            let line = places.entry(row.place.sheet).or_default().entry(row.day).or_default();
            let later = if row.is_later { "+" } else { "" };
            let space = if line.is_empty() { "" } else { " " };
            // Writing to a String can't fail.
            let _ = write!(line, "{space}{later}{}:{}", row.place.spot, row.fingerprint);
            if !row.parts_fingerprint.is_empty() {
                let _ = write!(line, ":{}", row.parts_fingerprint);
            }
        }
    }

    /// The rows of an indicator; `None` if they weren't kept.
    pub fn rows_of(&self, indicator: &str) -> Option<Vec<FingerprintedRow>> {
        let mut rows = Vec::new();
        for (sheet, days) in self.indicators.get(indicator)? {
            for (day, line) in days {
                rows.extend(line.split(' ').filter_map(|entry| parse_row(sheet, day, entry)));
            }
        }
        Some(rows)
    }
}

/// Reads `+17:a1b2c3:d4e5f6`.
fn parse_row(sheet: &str, day: &str, entry: &str) -> Option<FingerprintedRow> {
    let (entry, is_later) = entry.strip_prefix('+').map_or((entry, false), |rest| (rest, true));
    let mut pieces = entry.split(':');
    Some(FingerprintedRow {
        place: RowPlace { sheet: sheet.to_owned(), spot: pieces.next()?.parse().ok()? },
        day: day.to_owned(),
        fingerprint: pieces.next()?.to_owned(),
        parts_fingerprint: pieces.next().unwrap_or_default().to_owned(),
        is_later,
    })
}

impl EvidenceFile {
    pub(super) const NAME: &str = "evidence.json";

    /// Nothing but the periods: code → first and last day.
    pub fn new(periods: BTreeMap<String, (String, String)>) -> EvidenceFile {
        EvidenceFile { schema: SCHEMA, periods, ..EvidenceFile::default() }
    }

    /// The evidence of the last build; empty if there is none that this version can use.
    pub fn read(memory: &Memory) -> EvidenceFile {
        memory.read(Self::NAME).filter(|evidence: &EvidenceFile| evidence.schema == SCHEMA).unwrap_or_default()
    }

    /// Drops the rows of all other states of the inputs.
    pub fn retain_states(&mut self, states: &BTreeSet<&String>) {
        self.rows.retain(|state, _| states.contains(state));
    }

    /// Writes the file and returns the checksum of its content.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn write(&self, memory: &OpenMemory) -> Result<String, StageError> {
        memory.write(Self::NAME, self)
    }
}
