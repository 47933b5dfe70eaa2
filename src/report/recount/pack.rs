//! What a pack holds: plain data, which goes into the workbook whole, so that reading it again needs no project.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::as_text::AsText;

/// Version of the format.
pub const PACK_SCHEMA: u32 = 1;

/// The first of the lines that a pack is read again from.
const RECORD_MARK: &str = "donor-report recount";

/// Letters of each of those lines; a cell holds 32,767.
const LONGEST_LINE: usize = 16_000;

/// Why lines give no pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordFault {
    /// They are no pack's, or of another version of the program.
    Other,
    /// They aren't as they were written.
    Changed,
}

/// A recount pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecountPack {
    /// [`PACK_SCHEMA`] of the program that drew it.
    pub schema: u32,
    /// Code of the project.
    pub project: String,
    /// Its title in each of the languages.
    pub title: Vec<String>,
    /// Name of the report.
    pub report: String,
    /// Code of its period.
    pub period: String,
    /// First and last day of the period.
    pub days: (AsText<Date>, AsText<Date>),
    /// What the draw began from.
    pub seed: u64,
    /// Rows, and activities, that were to be drawn for each indicator.
    pub sample: u32,
    /// Tags of the languages of the report's documents.
    pub languages: Vec<String>,
    /// The indicators that were recounted.
    pub indicators: Vec<RecountIndicator>,
    /// The rows that were drawn, by indicator, then in the order of files.
    pub rows: Vec<RecountRow>,
    /// The activities that were drawn, in the order of files.
    pub lists: Vec<RecountList>,
}

/// An indicator of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecountIndicator {
    /// Its code.
    pub code: String,
    /// Its title in each of the languages.
    pub title: Vec<String>,
    /// What the report says for the period, in each of the languages.
    pub reported: Vec<String>,
    /// How many rows it counts in the period.
    pub rows: u64,
}

/// Where the data says what is to be looked up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecountSource {
    /// The file.
    pub file: String,
    /// Its sheet; `None` for CSV.
    pub sheet: Option<String>,
    /// The row, or the cell that it was made of.
    pub row: String,
    /// What the register says of the paper that the row was typed from.
    pub document: Option<String>,
}

/// A row to look up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecountRow {
    /// Code of the indicator that counts it.
    pub indicator: String,
    /// Code of its activity.
    pub activity: Option<String>,
    /// The day that it counts on.
    pub day: AsText<Date>,
    /// Code of the person, as the register writes it.
    pub person: Option<String>,
    /// Where it is.
    pub source: RecountSource,
}

/// An activity whose signed list is to be counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecountList {
    /// Codes of the indicators that it was drawn for.
    pub indicators: Vec<String>,
    /// Whether it was drawn from all activities, too.
    pub among_all: bool,
    /// Code of the activity.
    pub activity: String,
    /// Its title in each of the languages.
    pub title: Vec<String>,
    /// The day that it counts on.
    pub day: Option<AsText<Date>>,
    /// Where it is.
    pub source: RecountSource,
    /// What is to be counted.
    pub subject: ListSubject,
    /// How many the data has.
    pub in_data: AsText<Decimal>,
}

/// What is counted on a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListSubject {
    /// Signatures: each is an attendance.
    Attendances,
    /// What a column of the activities says, by its name in each of the languages.
    Column(Vec<String>),
}

impl RecountPack {
    /// Lines that hold the pack, to be read again with [`RecountPack::from_record`].
    pub fn to_record(&self) -> Vec<String> {
        let json = serde_json::to_string(self).unwrap_or_default();
        let letters: Vec<char> = json.chars().collect();
        let pieces = letters.chunks(LONGEST_LINE).map(|piece| piece.iter().collect());
        [RECORD_MARK.to_owned(), sha256(&json)].into_iter().chain(pieces).collect()
    }

    /// The pack that lines of a workbook hold.
    ///
    /// # Errors
    /// The lines are of something else, or were changed.
    pub fn from_record(lines: &[String]) -> Result<RecountPack, RecordFault> {
        let [mark, checksum, pieces @ ..] = lines else { return Err(RecordFault::Other) };
        if mark != RECORD_MARK {
            return Err(RecordFault::Other);
        }
        let json = pieces.concat();
        if sha256(&json) != *checksum {
            return Err(RecordFault::Changed);
        }
        let read: Option<RecountPack> = serde_json::from_str(&json).ok();
        read.filter(|pack| pack.schema == PACK_SCHEMA).ok_or(RecordFault::Other)
    }

    /// What it holds of the data's rows, to be filled with what the register says of papers.
    pub fn sources(&mut self) -> impl Iterator<Item = &mut RecountSource> {
        let rows = self.rows.iter_mut().map(|row| &mut row.source);
        rows.chain(self.lists.iter_mut().map(|list| &mut list.source))
    }
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl RecountSource {
    /// As a [`crate::model::RowPlace`] is written.
    pub fn place(&self) -> String {
        let sheet = self.sheet.iter().map(|sheet| format!(":{sheet}")).collect::<String>();
        format!("{}{sheet}:{}", self.file, self.row)
    }
}
