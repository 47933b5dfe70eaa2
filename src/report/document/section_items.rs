use serde::Serialize;

use super::{ActivitiesChart, FigureText, TableColumn};

/// A label and the lines beside it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Fact {
    pub label: String,
    pub lines: Vec<String>,
}

/// A question of a form with its answer, or a short name with its meaning.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FormAnswer {
    /// As the form numbers it.
    pub number: Option<String>,
    pub label: String,
    /// Empty where project.toml doesn't say it.
    pub lines: Vec<FigureText>,
}

/// A word and the numbers beside it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CountLine {
    pub label: String,
    pub value: FigureText,
}

/// The activities of a report: when they were, what kinds there are, and those that matter most.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Activities {
    pub over_time: Option<ActivitiesChart>,
    /// Completed activities by type and by municipality.
    pub counts: Vec<CountLine>,
    pub table_heading: String,
    pub columns: Vec<TableColumn>,
    pub rows: Vec<ActivityRow>,
    /// "10 of 2,000 activities, those with most people; all of them are in the annex."
    pub more: Option<FigureText>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ActivityRow {
    pub date: String,
    pub title: String,
    pub kind: String,
    pub place: String,
    /// How many people it reached, where that is known.
    pub people: Option<FigureText>,
    pub status: String,
    /// Completed: others are set apart.
    pub held: bool,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AnnexItem {
    pub name: String,
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
    pub alt: String,
    pub caption: Option<String>,
    /// Who took it.
    pub credit: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SignatureLine {
    pub name: String,
    pub role: String,
    /// Words under the empty lines: "Signature", "Date".
    pub signature: String,
    pub date: String,
}
