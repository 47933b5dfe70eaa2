use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::write_whole::{Readers, write_whole};
use super::{RecordedRows, SectionSentences, seal_rows, unseal_rows};
use crate::model::{Amount, Hedge};

const SCHEMA: u32 = 4;
/// Without versions and days.
const FIRST_READABLE_SCHEMA: u32 = 2;
const FOLDER: &str = "submitted";
const NAME: &str = "submission.json";
/// Rows behind what was sent, after the report's name.
const ROWS: &str = "rows.sealed";
/// Folders of later versions begin with this.
const VERSION: &str = "version-";

/// A report as it was sent: its totals, kept in the project's own folder beside the documents. Nothing in it says more
/// than they do. The rows behind the totals stand beside it, sealed with the project's key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// Version of this format.
    pub schema: u32,
    /// Name of the report.
    pub report: String,
    /// Code of the period.
    pub period: String,
    /// From 1; what is sent again of the same report and period counts on.
    #[serde(default = "first_version")]
    pub version: u32,
    /// The day on which it was sent, as ISO 8601 writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Whom it was sent to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What its documents said, if they were made from the data of the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<ContentMark>,
    /// By code of indicator.
    pub indicators: BTreeMap<String, SentIndicator>,
    /// SectionSentences of the narrative; `None` where only the figures are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentences: Option<SectionSentences>,
}

fn first_version() -> u32 {
    1
}

/// Tells documents that say the same from documents that don't, for one program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContentMark {
    /// The program's version, with a hash of what it carries.
    pub program: String,
    /// Hash of the documents before they are laid out.
    pub hash: String,
}

/// A file to be kept as it was sent.
pub struct SentFile {
    /// Without folders.
    pub name: String,
    /// As they are, byte for byte.
    pub bytes: Vec<u8>,
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
    /// Rows that earlier versions kept in the clear, with codes of persons. They aren't read, and not written again.
    #[serde(default, skip_serializing)]
    rows: Option<Value>,
}

impl SentIndicator {
    /// The totals of an indicator.
    pub fn new(
        period: Option<SentAmount>,
        served: Option<SentAmount>,
        cumulative: Option<SentAmount>,
    ) -> SentIndicator {
        SentIndicator { period, served, cumulative, rows: None }
    }
}

/// An amount as text, so that no digit is lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentAmount {
    from: DecimalText,
    to: DecimalText,
    hedge: Option<SentHedge>,
    grain: i32,
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

/// Decimals that figures.json carries for certain: it holds fractions as the nearest double.
const COMPARED_DECIMALS: u32 = 12;

impl SentAmount {
    /// A number or an interval of figures.json; `None` if it is neither.
    fn from_json(value: &Value, hedge: Option<&str>) -> Option<SentAmount> {
        let decimal = |value: &Value| -> Option<DecimalText> {
            let text = value.as_number()?.to_string();
            text.parse().or_else(|_| Decimal::from_scientific(&text)).ok().map(DecimalText)
        };
        let (from, to) = match value {
            Value::Object(ends) => (decimal(ends.get("from")?)?, decimal(ends.get("to")?)?),
            number => (decimal(number)?, decimal(number)?),
        };
        let hedge = hedge.map(|code| match code {
            "about" => SentHedge::About,
            _ => SentHedge::Approximately,
        });
        Some(SentAmount { from, to, hedge, grain: 0 })
    }

    /// Whether a figure of today is what was sent, as far as figures.json shows.
    pub fn is_same_as(&self, today: Amount) -> bool {
        let round = |value: Decimal| value.round_dp(COMPARED_DECIMALS);
        let sent = self.amount();
        (round(sent.from), round(sent.to), sent.hedge) == (round(today.from), round(today.to), today.hedge)
    }

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
    pub fn new(report: &str, period: &str, version: u32) -> Submission {
        Submission {
            schema: SCHEMA,
            report: report.to_owned(),
            period: period.to_owned(),
            version,
            date: None,
            to: None,
            content: None,
            indicators: BTreeMap::new(),
            sentences: None,
        }
    }

    /// The number of the version after those that are kept, be they readable or not.
    pub fn next_version(project: &Path, report: &str, period: &str) -> u32 {
        let is_kept = |version: &u32| {
            Submission::new(report, period, *version).folder(project).join(format!("{report}.{NAME}")).exists()
        };
        (1..).find(|version| !is_kept(version)).unwrap_or(1)
    }

    /// Takes the totals from the indicators of a figures.json, which knows no rows.
    pub fn add_totals(&mut self, indicators: &Value) {
        for indicator in indicators.as_array().into_iter().flatten() {
            let Some(code) = indicator.get("code").and_then(Value::as_str) else { continue };
            let total = |scope: &str| {
                let hedge = indicator.pointer(&format!("/approximate/{scope}")).and_then(Value::as_str);
                SentAmount::from_json(indicator.pointer(&format!("/actual/{scope}"))?, hedge)
            };
            let (period, served, cumulative) = (total("period"), total("served"), total("cumulative"));
            self.indicators.insert(code.to_owned(), SentIndicator::new(period, served, cumulative));
        }
    }

    /// The folder in `project` where its files are kept: the first version's are in the period's own, each later one's in
    /// a folder beside them.
    pub fn folder(&self, project: &Path) -> PathBuf {
        let folder = project.join(FOLDER).join(&self.period);
        if self.version > 1 { folder.join(format!("{VERSION}{}", self.version)) } else { folder }
    }

    /// Writes the files and the record of them last, each under a temporary name first.
    ///
    /// # Errors
    /// If a file can't be written.
    pub fn save(&self, project: &Path, files: &[SentFile]) -> io::Result<()> {
        let folder = self.folder(project);
        fs::create_dir_all(&folder)?;
        for file in files {
            write_whole(&folder, &file.name, &file.bytes, Readers::All)?;
        }
        self.save_record(&folder)
    }

    fn save_record(&self, folder: &Path) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(self).map_err(io::Error::other)?;
        text.push(b'\n');
        write_whole(folder, &format!("{}.{NAME}", self.report), &text, Readers::All)
    }

    /// Whether an earlier version kept rows in the clear.
    pub fn holds_rows(&self) -> bool {
        self.indicators.values().any(|indicator| indicator.rows.is_some())
    }

    /// Takes rows in the clear out of what earlier versions kept in `project`.
    ///
    /// # Errors
    /// A file can't be written.
    pub fn remove_rows(project: &Path) -> io::Result<()> {
        let (submissions, _) = Submission::read_all(project);
        submissions
            .iter()
            .filter(|submission| submission.holds_rows())
            .try_for_each(|submission| submission.save_record(&submission.folder(project)))
    }

    /// The rows behind what is sent as a file that only `key` opens; `None` if the key is too short for that.
    pub fn sealed_rows(&self, rows: &RecordedRows, key: &[u8]) -> Option<SentFile> {
        Some(SentFile { name: format!("{}.{ROWS}", self.report), bytes: seal_rows(rows, key)? })
    }

    /// The rows behind what was sent from `project`; `None` if they weren't kept, or with another key.
    pub fn rows(&self, project: &Path, key: &[u8]) -> Option<RecordedRows> {
        let sealed = fs::read(self.folder(project).join(format!("{}.{ROWS}", self.report))).ok()?;
        unseal_rows(&sealed, key)
    }

    /// The file of this submission, relative to the project's folder.
    pub fn path(&self) -> String {
        let file = self.folder(Path::new("")).join(format!("{}.{NAME}", self.report));
        file.to_string_lossy().replace('\\', "/")
    }

    /// The indicators of figures.json as they were sent; `None` if the file is missing or damaged.
    pub fn figures(&self, project: &Path) -> Option<Value> {
        let folder = self.folder(project);
        let file = file_names(&folder).into_iter().find(|name| is_figures_file(name, &self.report))?;
        let file = folder.join(file);
        let mut read: Value = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
        read.get_mut("indicators").map(Value::take)
    }

    /// Every submission of a project in order of period, report and version, and those that can't be read.
    pub fn read_all(project: &Path) -> (Vec<Submission>, Vec<SubmissionError>) {
        let mut submissions: Vec<Submission> = Vec::new();
        let mut errors = Vec::new();
        for period in file_names(&project.join(FOLDER)) {
            let of_period = format!("{FOLDER}/{period}");
            let later = file_names(&project.join(&of_period)).into_iter().filter(|name| name.starts_with(VERSION));
            let folders: Vec<String> = later.map(|name| format!("{of_period}/{name}")).collect();
            for folder in [of_period].into_iter().chain(folders) {
                let names = file_names(&project.join(&folder));
                for name in names.into_iter().filter(|name| name.ends_with(&format!(".{NAME}"))) {
                    let file = format!("{folder}/{name}");
                    match read_submission(&project.join(&file)) {
                        Ok(submission) => submissions.push(submission),
                        Err(reason) => errors.push(SubmissionError { file, reason }),
                    }
                }
            }
        }
        submissions.sort_by(|one, other| one.order().cmp(&other.order()));
        (submissions, errors)
    }

    fn order(&self) -> (&str, &str, u32) {
        (&self.period, &self.report, self.version)
    }
}

/// Whether a file that is kept holds a report's figures: `quarterly.figures.json`, `quarterly.restricted.figures.json`.
pub fn is_figures_file(name: &str, report: &str) -> bool {
    let rest = name.strip_prefix(report);
    rest.is_some_and(|rest| rest == ".figures.json" || rest == ".restricted.figures.json")
}

fn read_submission(file: &Path) -> Result<Submission, String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    let read: Submission = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    if (FIRST_READABLE_SCHEMA..=SCHEMA).contains(&read.schema) { Ok(read) } else { Err(read.schema.to_string()) }
}

fn file_names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
