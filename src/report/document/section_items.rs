use serde::Serialize;

use super::{ActivitiesChart, FigureText, TableColumn};

/// A label and the lines beside it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Fact {
    /// Its label.
    pub label: String,
    /// One under the other.
    pub lines: Vec<String>,
}

/// A question of a form with its answer, or a short name with its meaning.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FormAnswer {
    /// As the form numbers it.
    pub number: Option<String>,
    /// Its label.
    pub label: String,
    /// Empty where project.toml doesn't say it.
    pub lines: Vec<FigureText>,
}

/// A word and the numbers beside it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CountLine {
    /// What is counted.
    pub label: String,
    /// Its value, as printed.
    pub value: FigureText,
}

/// The activities of a report: when they were, what kinds there are, and those that matter most.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Activities {
    /// Months with their activities.
    pub over_time: Option<ActivitiesChart>,
    /// Completed activities by type and by municipality.
    pub counts: Vec<CountLine>,
    /// Heading of the table.
    pub table_heading: String,
    /// From left to right.
    pub columns: Vec<TableColumn>,
    /// From top to bottom.
    pub rows: Vec<ActivityRow>,
    /// "10 of 2,000 activities, those with most people; all of them are in the annex."
    pub more: Option<FigureText>,
}

/// One activity of the table.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ActivityRow {
    /// Its day or days, as printed.
    pub date: String,
    /// Its title.
    pub title: String,
    /// Its type.
    pub kind: String,
    /// Its municipality.
    pub place: String,
    /// How many people it reached, where that is known.
    pub people: Option<FigureText>,
    /// Its status, in words.
    pub status: String,
    /// Completed: others are set apart.
    pub held: bool,
}

/// A file that belongs to the report.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AnnexItem {
    /// Name of the file.
    pub name: String,
    /// What it holds.
    pub description: String,
    /// Set for a file too large to be attached.
    pub sha256: Option<String>,
}

/// A picture of the project with its words; a logo has no caption.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Photograph {
    /// Path relative to the project's folder; a key of [`super::Document::pictures`].
    pub file: String,
    /// Alternative text.
    pub alt: String,
    /// Under the picture.
    pub caption: Option<String>,
    /// Who took it.
    pub credit: Option<String>,
}

/// A line to sign on.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SignatureLine {
    /// Who signs.
    pub name: String,
    /// As what.
    pub role: String,
    /// Words under the empty lines: "Signature", "Date".
    pub signature: String,
    /// The word for the date.
    pub date: String,
}
