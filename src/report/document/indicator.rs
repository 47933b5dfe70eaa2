use serde::Serialize;

use super::{Bar, FigureText, Fraction, Pyramid};

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
    pub value: FigureText,
    pub unit: String,
    pub title: String,
    /// "of 500 planned by the end of the project", in lines.
    pub meaning: Vec<FigureText>,
    pub progress: Option<FigureText>,
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

/// Every indicator with all its values: a row each, grouped by result.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct IndicatorTable {
    /// Headings of the columns that are always there.
    pub indicator: String,
    pub progress: String,
    pub status: String,
    /// The columns of numbers between them.
    pub columns: Vec<NumberColumn>,
    pub groups: Vec<TableGroup>,
    /// What signs in the cells mean.
    pub notes: Vec<String>,
}

/// A column of numbers; neighbours with the same words over them stand under one heading.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct NumberColumn {
    /// "This period", "To date"; none for a column by itself.
    pub over: Option<String>,
    pub heading: String,
}

/// Rows under one result.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TableGroup {
    pub title: Option<String>,
    pub rows: Vec<IndicatorRow>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct IndicatorRow {
    pub code: String,
    pub title: String,
    pub unit: String,
    /// One under each column of numbers, in lines.
    pub numbers: Vec<Vec<FigureText>>,
    pub bar: Option<Bar>,
    /// Towards the total target.
    pub progress: Option<FigureText>,
    pub status: StatusBadge,
    /// "97.8 % of the target to date", where that isn't the total.
    pub to_date: Option<FigureText>,
    /// Why, and what is done; a word and its text.
    pub explanations: Vec<LabelledText>,
}

/// A word and its number ("Baseline", "0"), for the small line under an indicator.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Measure {
    pub label: String,
    pub value: FigureText,
}

/// A word and the text that somebody wrote under it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LabelledText {
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
    pub value: FigureText,
    pub measures: Vec<Measure>,
    pub bar: Option<Bar>,
    pub bar_alt: String,
    pub status: Option<StatusBadge>,
    /// "1 of 3 activities without a count".
    pub notes: Vec<FigureText>,
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
    pub assumptions: Option<LabelledText>,
    pub prose: Vec<crate::report::block::Block>,
    pub indicators: Vec<IndicatorView>,
    /// Codes of its indicators, where their values are in the table.
    pub links: Vec<String>,
}

/// Parts of one indicator on all its axes, in one scope.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Disaggregation {
    pub code: String,
    pub title: String,
    pub unit: String,
    pub total_heading: String,
    pub total: FigureText,
    pub axes: Vec<AxisView>,
}

/// One axis of an indicator: as a line of words, as a table, as a pyramid or as two axes crossed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AxisView {
    /// "Sex", "Age", "Sex by age".
    pub heading: String,
    /// Where a table would say less: equal parts, or hardly one that may be shown.
    pub line: Option<FigureText>,
    /// Headings of the columns: the axis, its number, a share or the period's number.
    pub columns: Vec<String>,
    /// Parts one under the other; empty where another form shows them.
    pub rows: Vec<PartRow>,
    pub crossed: Option<CrossTable>,
    pub pyramid: Option<Pyramid>,
    pub notes: Vec<String>,
}

/// A large axis of several indicators: its values down, the indicators across.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Matrix {
    /// The axis, as a heading and over the first column.
    pub heading: String,
    pub columns: Vec<MatrixColumn>,
    pub rows: Vec<MatrixRow>,
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct MatrixColumn {
    pub code: String,
    pub title: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct MatrixRow {
    pub label: String,
    /// One under each column; `fraction` of the column's largest.
    pub cells: Vec<CrossCell>,
}

/// The values of one axis down, those of another across.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CrossTable {
    /// The axis that runs down.
    pub corner: String,
    pub columns: Vec<String>,
    pub rows: Vec<MatrixRow>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CrossCell {
    pub value: FigureText,
    /// None where the value is hidden or absent: no length may give it away.
    pub fraction: Option<Fraction>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PartRow {
    pub label: String,
    pub value: FigureText,
    /// None where the value is hidden or absent: no length may give it away.
    pub fraction: Option<Fraction>,
    /// A share of the total, or the period's own value.
    pub beside: Option<FigureText>,
}

/// Why an indicator is where it is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct VarianceView {
    pub code: String,
    pub title: String,
    pub measures: Vec<Measure>,
    pub status: Option<StatusBadge>,
    pub explanations: Vec<LabelledText>,
}

/// How an indicator was counted, in words.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CountedView {
    pub code: String,
    pub title: String,
    pub sentences: Vec<FigureText>,
    /// Definition, means of verification: a word and its text.
    pub facts: Vec<LabelledText>,
}
