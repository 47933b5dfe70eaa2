use serde::Serialize;

use super::{ActivitiesChart, Fraction, MunicipalityCoverage, TableColumn};

/// A label and the lines beside it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Fact {
    pub label: String,
    pub lines: Vec<String>,
}

/// A number of activities under a label, with its length among the others.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CountBar {
    pub label: String,
    pub value: String,
    pub fraction: Fraction,
}

/// The activities of a report: overview first, then their table, cut to the profile's number of rows.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Activities {
    pub over_time: Option<ActivitiesChart>,
    pub by_type: Vec<CountBar>,
    pub by_type_heading: String,
    pub by_type_alt: String,
    pub coverage: Vec<MunicipalityCoverage>,
    pub coverage_heading: String,
    /// What the small multiples leave out: activities without a municipality, municipalities with few activities.
    pub coverage_notes: Vec<String>,
    pub table_heading: String,
    pub columns: Vec<TableColumn>,
    pub rows: Vec<ActivityRow>,
    /// "The first 40 of 2,000 activities; all of them stand in the annex."
    pub more: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ActivityRow {
    pub date: String,
    pub title: String,
    pub kind: String,
    pub place: String,
    pub reached: String,
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
