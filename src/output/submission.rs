use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::FingerprintedRow;
use crate::model::{Amount, Hedge, RowPlace};

const SCHEMA: u32 = 2;
const FOLDER: &str = "submitted";
const NAME: &str = "submission.json";

/// A report as it was sent: its totals and the rows behind them. Kept in the project's own folder, beside the
/// documents; it holds codes of persons and never leaves the organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// Version of this format.
    pub schema: u32,
    /// Name of the report.
    pub report: String,
    /// Code of the period.
    pub period: String,
    /// By code of indicator.
    pub indicators: BTreeMap<String, SentIndicator>,
    /// Sentences of the narrative by `<section>.<language>`.
    pub sentences: BTreeMap<String, Vec<String>>,
}

/// One indicator as it was sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentIndicator {
    /// Of the period.
    pub period: Option<SentAmount>,
    /// Of persons, who had contact in the period.
    pub served: Option<SentAmount>,
    /// Since the project's start.
    pub cumulative: Option<SentAmount>,
    /// The rows behind it; `None` if there were too many to be kept.
    pub rows: Option<Vec<SentRow>>,
}

/// A row behind a figure as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentRow {
    /// Activity, person, day …: rows are told apart by it.
    #[serde(rename = "says")]
    pub identity: String,
    /// File and sheet.
    pub place: String,
    /// As a spreadsheet program shows it.
    pub row: u32,
    /// As ISO 8601 writes it.
    pub day: String,
    /// A later contact of a person, which counts in *served* alone.
    #[serde(rename = "later", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_later: bool,
}

impl SentRow {
    /// In the form in which rows of two states are compared, with its identity in clear.
    pub fn comparable(&self) -> FingerprintedRow {
        FingerprintedRow {
            place: RowPlace { sheet: self.place.clone(), row: self.row },
            day: self.day.clone(),
            fingerprint: self.identity.clone(),
            parts_fingerprint: String::new(),
            is_later: self.is_later,
        }
    }
}

/// An amount as text, so that no digit is lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentAmount {
    from: DecimalText,
    to: DecimalText,
    hedge: Option<SentHedge>,
    grain: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SentHedge {
    About,
    Approximately,
}

/// A decimal written as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct DecimalText(Decimal);

impl TryFrom<String> for DecimalText {
    type Error = rust_decimal::Error;

    fn try_from(text: String) -> Result<DecimalText, rust_decimal::Error> {
        text.parse().map(DecimalText)
    }
}

impl From<DecimalText> for String {
    fn from(decimal: DecimalText) -> String {
        decimal.0.normalize().to_string()
    }
}

impl From<Amount> for SentAmount {
    fn from(amount: Amount) -> SentAmount {
        SentAmount {
            from: DecimalText(amount.from),
            to: DecimalText(amount.to),
            hedge: amount.hedge.map(|hedge| match hedge {
                Hedge::About => SentHedge::About,
                Hedge::Approximately => SentHedge::Approximately,
            }),
            grain: amount.rounding_exponent,
        }
    }
}

impl SentAmount {
    /// The amount as figures have it.
    pub fn amount(&self) -> Amount {
        Amount {
            from: self.from.0,
            to: self.to.0,
            hedge: self.hedge.map(|hedge| match hedge {
                SentHedge::About => Hedge::About,
                SentHedge::Approximately => Hedge::Approximately,
            }),
            rounding_exponent: self.grain,
        }
    }
}

/// A submission that can't be used.
#[derive(Debug)]
pub struct SubmissionError {
    /// Relative to the project's folder.
    pub file: String,
    /// The reader's reason, in English.
    pub reason: String,
}

impl Submission {
    /// A submission without indicators and sentences.
    pub fn new(report: &str, period: &str) -> Submission {
        Submission {
            schema: SCHEMA,
            report: report.to_owned(),
            period: period.to_owned(),
            indicators: BTreeMap::new(),
            sentences: BTreeMap::new(),
        }
    }

    /// The folder in `project` where the documents of a period are kept.
    pub fn folder(project: &Path, period: &str) -> PathBuf {
        project.join(FOLDER).join(period)
    }

    /// Whether a report was already submitted for a period.
    pub fn exists(project: &Path, report: &str, period: &str) -> bool {
        Submission::folder(project, period).join(format!("{report}.{NAME}")).exists()
    }

    /// Copies the finished documents and writes the record of them last, each under a temporary name first.
    ///
    /// # Errors
    /// If a document can't be read, or a file can't be written.
    pub fn save(&self, project: &Path, documents: &[PathBuf]) -> io::Result<()> {
        let folder = Submission::folder(project, &self.period);
        fs::create_dir_all(&folder)?;
        for document in documents {
            let Some(name) = document.file_name() else { continue };
            write_file(&folder, &name.to_string_lossy(), &fs::read(document)?)?;
        }
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        write_file(&folder, &format!("{}.{NAME}", self.report), format!("{text}\n").as_bytes())
    }

    /// The indicators of figures.json as they were sent; `None` if the file is missing or damaged.
    pub fn figures(&self, project: &Path) -> Option<Value> {
        let file = Submission::folder(project, &self.period).join(format!("{}.figures.json", self.report));
        let mut read: Value = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
        read.get_mut("indicators").map(Value::take)
    }

    /// Every submission of a project in order of period and report, and those that can't be read.
    pub fn read_all(project: &Path) -> (Vec<Submission>, Vec<SubmissionError>) {
        let mut submissions = Vec::new();
        let mut errors = Vec::new();
        for period in file_names(&project.join(FOLDER)) {
            let folder = project.join(FOLDER).join(&period);
            for name in file_names(&folder).into_iter().filter(|name| name.ends_with(&format!(".{NAME}"))) {
                let read = fs::read_to_string(folder.join(&name))
                    .map_err(|error| error.to_string())
                    .and_then(|text| serde_json::from_str::<Submission>(&text).map_err(|error| error.to_string()))
                    .and_then(|read| if read.schema == SCHEMA { Ok(read) } else { Err(read.schema.to_string()) });
                match read {
                    Ok(submission) => submissions.push(submission),
                    Err(reason) => errors.push(SubmissionError { file: format!("{FOLDER}/{period}/{name}"), reason }),
                }
            }
        }
        (submissions, errors)
    }
}

fn write_file(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    io::Write::write_all(&mut file, bytes)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    Ok(())
}

fn file_names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
