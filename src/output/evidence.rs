use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Stage, StageFault, checksum};

const SCHEMA: u32 = 1;
const NAME: &str = "evidence.json";
/// What marks of rows are made for; another purpose of the same secret gives other marks.
const PURPOSE: &str = "donor-report 2026 marks of rows in evidence.json";

/// `build/<code>/evidence.json`: where the rows are that figures stand on, each with a mark of what it says, and the
/// sentences of the narrative, so that the next build can tell why a figure changed. Marks are keyed with what doesn't
/// leave the organisation and tell a row from another, no more. A lost file only means that no rows are told once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    schema: u32,
    /// Code → first and last day.
    pub periods: BTreeMap<String, (String, String)>,
    /// Hash of a state of the inputs (see [`super::Record::units`]) → the rows as they were then.
    pub rows: BTreeMap<String, EvidenceRows>,
    /// `<period>/<report>` → `<section>.<language>` → its sentences.
    pub sentences: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// The rows of one state of the inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRows {
    /// Marks made with the same secret have the same name here.
    pub key: String,
    /// Code of an indicator → file and sheet → day → `row:mark` or `row:mark:parts`, a later contact of a person with a
    /// `+` before it. One with too many rows isn't kept.
    pub indicators: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>,
}

/// One row under a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkedRow {
    /// `participants.xlsx:Attendance`, or a file without sheets.
    pub place: String,
    pub row: u32,
    /// As ISO 8601 writes it.
    pub day: String,
    /// Of what it says.
    pub mark: String,
    /// Of its values on the indicator's axes.
    pub parts: String,
    /// Counts in *served* alone.
    pub is_later: bool,
}

/// Makes marks of rows with a secret.
pub struct Marks([u8; 32]);

impl Marks {
    pub fn new(secret: &[u8]) -> Marks {
        Marks(blake3::derive_key(PURPOSE, secret))
    }

    /// A name for the secret that doesn't give it away.
    pub fn key(&self) -> String {
        self.hex(b"", 4)
    }

    /// Three bytes: enough to tell a row from some thousands, too few to find out what it says.
    pub fn mark(&self, says: &str) -> String {
        self.hex(says.as_bytes(), 3)
    }

    fn hex(&self, bytes: &[u8], length: usize) -> String {
        let hash = blake3::keyed_hash(&self.0, bytes);
        hash.as_bytes()[..length].iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

impl EvidenceRows {
    /// Keeps the rows of an indicator.
    pub fn keep(&mut self, indicator: &str, rows: impl IntoIterator<Item = MarkedRow>) {
        let places = self.indicators.entry(indicator.to_owned()).or_default();
        for row in rows {
            let line = places.entry(row.place).or_default().entry(row.day).or_default();
            let later = if row.is_later { "+" } else { "" };
            let space = if line.is_empty() { "" } else { " " };
            let _ = write!(line, "{space}{later}{}:{}", row.row, row.mark);
            if !row.parts.is_empty() {
                let _ = write!(line, ":{}", row.parts);
            }
        }
    }

    /// The rows of an indicator; none where they weren't kept.
    pub fn of(&self, indicator: &str) -> Option<Vec<MarkedRow>> {
        let mut rows = Vec::new();
        for (place, days) in self.indicators.get(indicator)? {
            for (day, line) in days {
                rows.extend(line.split(' ').filter_map(|written| read_row(place, day, written)));
            }
        }
        Some(rows)
    }
}

fn read_row(place: &str, day: &str, written: &str) -> Option<MarkedRow> {
    let (written, is_later) = written.strip_prefix('+').map_or((written, false), |rest| (rest, true));
    let mut pieces = written.split(':');
    Some(MarkedRow {
        place: place.to_owned(),
        row: pieces.next()?.parse().ok()?,
        day: day.to_owned(),
        mark: pieces.next()?.to_owned(),
        parts: pieces.next().unwrap_or_default().to_owned(),
        is_later,
    })
}

impl Evidence {
    pub fn new(periods: BTreeMap<String, (String, String)>) -> Evidence {
        Evidence { schema: SCHEMA, periods, ..Evidence::default() }
    }

    /// What `home` keeps; nothing where there is nothing that this version can use.
    pub fn read(home: &Path) -> Evidence {
        let read = fs::read(home.join(NAME)).ok().and_then(|text| serde_json::from_slice::<Evidence>(&text).ok());
        read.filter(|evidence| evidence.schema == SCHEMA).unwrap_or_default()
    }

    /// Keeps only the rows of the states that something still stands on.
    pub fn forget_all_but(&mut self, states: &BTreeSet<&String>) {
        self.rows.retain(|state, _| states.contains(state));
    }

    /// Writes the file and gives the checksum of its content.
    pub fn write(&self, stage: &Stage) -> Result<String, StageFault> {
        let mut text = serde_json::to_vec_pretty(self).unwrap_or_default();
        text.push(b'\n');
        stage.write(NAME, &text)?;
        stage.publish(NAME)?;
        Ok(checksum(&text))
    }

    /// Where the file stands.
    pub fn path(home: &Path) -> PathBuf {
        home.join(NAME)
    }
}
