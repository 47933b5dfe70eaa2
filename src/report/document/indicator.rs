use serde::Serialize;

use super::{Bar, FigureText, Fraction, Pyramid};

/// A status in words and by a name that the templates draw a shape for: never colour alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct StatusBadge {
    /// `achieved`, `on_track` …
    pub code: String,
    /// The status in words.
    pub text: String,
}

/// A large number and what it means.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct KeyFigure {
    /// Code of the indicator.
    pub code: String,
    /// "about" before an approximate number, set smaller than it.
    pub hedge: Option<String>,
    /// Its value, as printed.
    pub value: FigureText,
    /// Unit of the indicator, in words.
    pub unit: String,
    /// Title of the indicator.
    pub title: String,
    /// "of 500 planned by the end of the project", in lines.
    pub meaning: Vec<FigureText>,
    /// Progress, as printed.
    pub progress: Option<FigureText>,
    /// Progress as a bar.
    pub bar: Option<Bar>,
    /// Its status.
    pub status: Option<StatusBadge>,
    /// Alternative text.
    pub alt: String,
}

/// What a column of the indicator table holds; the templates decide its width and side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnRole {
    /// Codes.
    Code,
    /// Texts.
    Text,
    /// Numbers.
    Number,
    /// Statuses.
    Status,
}

/// A column of a table.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TableColumn {
    /// What it holds.
    pub role: ColumnRole,
    /// Its heading.
    pub heading: String,
}

/// Every indicator with all its values: a row each, grouped by result.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct IndicatorTable {
    /// Headings of the columns that are always there.
    pub indicator: String,
    /// Heading of the progress.
    pub progress: String,
    /// Heading of the status.
    pub status: String,
    /// The columns of numbers between them.
    pub columns: Vec<NumberColumn>,
    /// In the order of the results chain.
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
    /// Its heading.
    pub heading: String,
}

/// Rows under one result.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TableGroup {
    /// The result; `None` for indicators without one.
    pub title: Option<String>,
    /// From top to bottom.
    pub rows: Vec<IndicatorRow>,
}

/// One indicator of the table.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct IndicatorRow {
    /// Code of the indicator.
    pub code: String,
    /// Title of the indicator.
    pub title: String,
    /// Unit of the indicator, in words.
    pub unit: String,
    /// One under each column of numbers, in lines.
    pub numbers: Vec<Vec<FigureText>>,
    /// The bar beside it.
    pub bar: Option<Bar>,
    /// Towards the total target.
    pub progress: Option<FigureText>,
    /// Its status.
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
    /// What it is.
    pub label: String,
    /// The number, as printed.
    pub value: FigureText,
}

/// A word and the text that somebody wrote under it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LabelledText {
    /// What it is.
    pub label: String,
    /// The text.
    pub value: String,
}

/// An indicator under its result.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct IndicatorView {
    /// Code of the indicator.
    pub code: String,
    /// Title of the indicator.
    pub title: String,
    /// Unit of the indicator, in words.
    pub unit: String,
    /// "about" before an approximate value.
    pub hedge: Option<String>,
    /// Its value, as printed.
    pub value: FigureText,
    /// Baseline, targets and the like.
    pub measures: Vec<Measure>,
    /// The bar beside it.
    pub bar: Option<Bar>,
    /// Alternative text of the bar.
    pub bar_alt: String,
    /// Its status.
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
    /// Code of the result.
    pub code: String,
    /// Title of the result.
    pub title: String,
    /// From 0: its depth in the results chain.
    pub depth: u8,
    /// What must hold for it.
    pub assumptions: Option<LabelledText>,
    /// What was written of it.
    pub prose: Vec<crate::report::block::Block>,
    /// Its own indicators.
    pub indicators: Vec<IndicatorView>,
    /// Codes of its indicators, where their values are in the table.
    pub links: Vec<String>,
}

/// Parts of one indicator on all its axes, in one scope.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Disaggregation {
    /// Code of the indicator.
    pub code: String,
    /// Title of the indicator.
    pub title: String,
    /// Unit of the indicator, in words.
    pub unit: String,
    /// Heading of the total.
    pub total_heading: String,
    /// The total, as printed.
    pub total: FigureText,
    /// One after the other.
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
    /// Both sides of a crossed axis.
    pub crossed: Option<CrossTable>,
    /// Sex by age, if it is drawn.
    pub pyramid: Option<Pyramid>,
    /// Notes under the table.
    pub notes: Vec<String>,
}

/// A large axis of several indicators: its values down, the indicators across.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Matrix {
    /// The axis, as a heading and over the first column.
    pub heading: String,
    /// The indicators.
    pub columns: Vec<MatrixColumn>,
    /// The values of the axis.
    pub rows: Vec<MatrixRow>,
    /// Notes under the table.
    pub notes: Vec<String>,
}

/// One indicator of a matrix.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct MatrixColumn {
    /// Code of the indicator.
    pub code: String,
    /// Title of the indicator.
    pub title: String,
}

/// One value of an axis, across all columns.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct MatrixRow {
    /// The value.
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
    /// Values of the axis that runs across.
    pub columns: Vec<String>,
    /// Values of the axis that runs down.
    pub rows: Vec<MatrixRow>,
}

/// One cell of a matrix or crossed table.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CrossCell {
    /// Its value, as printed.
    pub value: FigureText,
    /// None where the value is hidden or absent: no length may give it away.
    pub fraction: Option<Fraction>,
}

/// One part of an axis.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PartRow {
    /// The value of the axis.
    pub label: String,
    /// Its value, as printed.
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
    /// Code of the indicator.
    pub code: String,
    /// Title of the indicator.
    pub title: String,
    /// Baseline, targets and the like.
    pub measures: Vec<Measure>,
    /// Its status.
    pub status: Option<StatusBadge>,
    /// Why, and what is done about it.
    pub explanations: Vec<LabelledText>,
}

/// How an indicator was counted, in words.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CountedView {
    /// Code of the indicator.
    pub code: String,
    /// Title of the indicator.
    pub title: String,
    /// How it was counted.
    pub sentences: Vec<FigureText>,
    /// Definition, means of verification: a word and its text.
    pub facts: Vec<LabelledText>,
}
