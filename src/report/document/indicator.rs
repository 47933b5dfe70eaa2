use serde::Serialize;

use super::{Bar, Fraction, Pyramid, Trend};

/// A status in words and by a name that the templates draw a shape for: never colour alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct StatusBadge {
    /// `achieved`, `on_track` …
    pub code: String,
    pub text: String,
}

/// A large number and what it means.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct KeyFigure {
    pub code: String,
    /// "about" before an approximate number, set smaller than it.
    pub hedge: Option<String>,
    pub value: String,
    pub unit: String,
    pub title: String,
    /// "of 500 planned by the end of the project".
    pub meaning: Option<String>,
    pub progress: Option<String>,
    pub bar: Option<Bar>,
    pub status: Option<StatusBadge>,
    pub alt: String,
}

/// What a column of the indicator table holds; the templates decide its width and side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnRole {
    Code,
    Text,
    Number,
    Status,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TableColumn {
    pub role: ColumnRole,
    pub heading: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct IndicatorRow {
    pub code: String,
    pub title: String,
    pub unit: String,
    /// Under the table's number columns, in their order.
    pub numbers: Vec<String>,
    pub status: Option<StatusBadge>,
}

/// A word and its number ("Baseline", "0"), for the small line under an indicator.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Measure {
    pub label: String,
    pub value: String,
}

/// An indicator under its result.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct IndicatorView {
    pub code: String,
    pub title: String,
    pub unit: String,
    pub hedge: Option<String>,
    pub value: String,
    pub measures: Vec<Measure>,
    pub bar: Option<Bar>,
    pub bar_alt: String,
    pub status: Option<StatusBadge>,
    /// "1 of 3 activities without a count".
    pub notes: Vec<String>,
}

/// A result of the chain with its indicators.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ResultGroup {
    /// "Outcome", "Output"; none for indicators without a result.
    pub level: Option<String>,
    pub code: String,
    pub title: String,
    /// From 0: its depth in the results chain.
    pub depth: u8,
    pub assumptions: Option<Measure>,
    pub prose: Vec<crate::report::block::Block>,
    pub indicators: Vec<IndicatorView>,
}

/// Parts of one indicator on all its axes, in one scope.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Disaggregation {
    pub code: String,
    pub title: String,
    pub unit: String,
    pub total: Measure,
    pub axes: Vec<AxisView>,
    pub trend: Option<Trend>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AxisView {
    /// "Sex", "Age", "Sex by age".
    pub heading: String,
    /// Headings of the columns: the axis, its number.
    pub columns: Vec<String>,
    /// Parts one under the other; empty where they are in `crossed`.
    pub rows: Vec<PartRow>,
    pub crossed: Option<CrossTable>,
    pub pyramid: Option<Pyramid>,
    pub notes: Vec<String>,
}

/// The values of one axis down, those of another across.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CrossTable {
    /// The axis that runs down.
    pub corner: String,
    pub columns: Vec<String>,
    pub rows: Vec<CrossRow>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CrossRow {
    pub label: String,
    /// One under each column.
    pub cells: Vec<CrossCell>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CrossCell {
    pub value: String,
    /// Beside the cumulative value, in a report that doesn't begin with the project.
    pub period: Option<String>,
    /// None where the value is hidden or absent: no length may give it away.
    pub fraction: Option<Fraction>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PartRow {
    pub label: String,
    pub value: String,
    /// None where the value is hidden or absent: no length may give it away.
    pub fraction: Option<Fraction>,
    pub share: Option<String>,
}

/// Why an indicator is where it is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct VarianceView {
    pub code: String,
    pub title: String,
    pub measures: Vec<Measure>,
    pub status: Option<StatusBadge>,
    pub explanations: Vec<Measure>,
    /// Said where no explanation was given.
    pub missing: Option<String>,
}

/// How an indicator was counted, in words.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CountedView {
    pub code: String,
    pub title: String,
    pub sentences: Vec<String>,
    /// Definition, means of verification: a word and its text.
    pub facts: Vec<Measure>,
}
