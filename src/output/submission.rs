use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::MarkedRow;
use crate::model::{Amount, Hedge};

const SCHEMA: u32 = 2;
const FOLDER: &str = "submitted";
const NAME: &str = "submission.json";

/// A report as it was sent: its totals and the rows that they stood on. Kept in the project's own folder, beside the
/// documents; it holds codes of persons and never leaves the organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    pub schema: u32,
    pub report: String,
    pub period: String,
    /// By code of indicator.
    pub indicators: BTreeMap<String, Sent>,
    /// Sentences of the narrative by `<section>.<language>`.
    pub sentences: BTreeMap<String, Vec<String>>,
}

/// One indicator as it was sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    pub period: Option<SentAmount>,
    pub served: Option<SentAmount>,
    pub cumulative: Option<SentAmount>,
    /// The rows that it stood on; none where there were too many to be kept.
    pub rows: Option<Vec<SentRow>>,
}

/// A row under a figure as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentRow {
    /// Activity, person, day …: rows are told apart by it.
    pub says: String,
    /// File and sheet.
    pub place: String,
    pub row: u32,
    pub day: String,
    /// Counts in *served* alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub later: bool,
}

impl SentRow {
    /// As rows of two states are compared.
    pub fn marked(&self) -> MarkedRow {
        MarkedRow {
            place: self.place.clone(),
            row: self.row,
            day: self.day.clone(),
            mark: self.says.clone(),
            parts: String::new(),
            is_later: self.later,
        }
    }
}

/// An amount as text, so that no digit is lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentAmount {
    from: Written,
    to: Written,
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
struct Written(Decimal);

impl TryFrom<String> for Written {
    type Error = rust_decimal::Error;

    fn try_from(text: String) -> Result<Written, rust_decimal::Error> {
        text.parse().map(Written)
    }
}

impl From<Written> for String {
    fn from(decimal: Written) -> String {
        decimal.0.normalize().to_string()
    }
}

impl From<Amount> for SentAmount {
    fn from(amount: Amount) -> SentAmount {
        SentAmount {
            from: Written(amount.from),
            to: Written(amount.to),
            hedge: amount.hedge.map(|hedge| match hedge {
                Hedge::About => SentHedge::About,
                Hedge::Approximately => SentHedge::Approximately,
            }),
            grain: amount.grain,
        }
    }
}

impl SentAmount {
    pub fn amount(&self) -> Amount {
        Amount {
            from: self.from.0,
            to: self.to.0,
            hedge: self.hedge.map(|hedge| match hedge {
                SentHedge::About => Hedge::About,
                SentHedge::Approximately => Hedge::Approximately,
            }),
            grain: self.grain,
        }
    }
}

/// A submission that can't be used, and why.
#[derive(Debug)]
pub struct SubmissionFault {
    /// Relative to the project's folder.
    pub file: String,
    pub why: String,
}

impl Submission {
    pub fn new(report: &str, period: &str) -> Submission {
        Submission {
            schema: SCHEMA,
            report: report.to_owned(),
            period: period.to_owned(),
            indicators: BTreeMap::new(),
            sentences: BTreeMap::new(),
        }
    }

    /// Where the documents of a submission are kept.
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
    /// The disk's.
    pub fn keep(&self, project: &Path, documents: &[PathBuf]) -> io::Result<()> {
        let folder = Submission::folder(project, &self.period);
        fs::create_dir_all(&folder)?;
        for document in documents {
            let Some(name) = document.file_name() else { continue };
            place(&folder, &name.to_string_lossy(), &fs::read(document)?)?;
        }
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        place(&folder, &format!("{}.{NAME}", self.report), format!("{text}\n").as_bytes())
    }

    /// The indicators of figures.json as they were sent; none where the file is gone or damaged.
    pub fn figures(&self, project: &Path) -> Option<Value> {
        let file = Submission::folder(project, &self.period).join(format!("{}.figures.json", self.report));
        let mut read: Value = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
        read.get_mut("indicators").map(Value::take)
    }

    /// Every submission of a project in order of period and report, and those that can't be read.
    pub fn all(project: &Path) -> (Vec<Submission>, Vec<SubmissionFault>) {
        let mut found = Vec::new();
        let mut faults = Vec::new();
        for period in names(&project.join(FOLDER)) {
            let folder = project.join(FOLDER).join(&period);
            for name in names(&folder).into_iter().filter(|name| name.ends_with(&format!(".{NAME}"))) {
                let read = fs::read_to_string(folder.join(&name))
                    .map_err(|error| error.to_string())
                    .and_then(|text| serde_json::from_str::<Submission>(&text).map_err(|error| error.to_string()))
                    .and_then(|read| if read.schema == SCHEMA { Ok(read) } else { Err(read.schema.to_string()) });
                match read {
                    Ok(submission) => found.push(submission),
                    Err(why) => faults.push(SubmissionFault { file: format!("{FOLDER}/{period}/{name}"), why }),
                }
            }
        }
        (found, faults)
    }
}

fn place(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    io::Write::write_all(&mut file, bytes)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    Ok(())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
