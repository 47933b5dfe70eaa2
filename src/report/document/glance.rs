use serde::Serialize;

use super::{FigureText, Fraction, KeyItem, LabelledText, StatusBadge, TrendLine};
use crate::report::block::{Block, Inline};

/// The page that answers first: whether targets were reached, what changed, what needs attention.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Glance {
    /// Its heading.
    pub heading: String,
    /// The share of the time that is gone.
    pub elapsed: TimeElapsed,
    /// How many indicators have which status.
    pub tally: Tally,
    /// The officers' own sentence.
    pub headline: Vec<Inline>,
    /// At most four.
    pub cards: Vec<GlanceCard>,
    /// How many different people, and how many of them women.
    pub people: Vec<FigureText>,
    /// Heading of the box of what needs attention.
    pub attention_heading: String,
    /// The worst first.
    pub attention: Vec<AttentionItem>,
    /// Said where nothing needs attention, or how much more does.
    pub attention_note: Option<FigureText>,
    /// Heading of the box of what comes next.
    pub next_heading: String,
    /// What is due, earliest first.
    pub due: Vec<DueItem>,
    /// The first of what the officers write of the next steps.
    pub next_steps: Vec<Block>,
    /// What was corrected, and what is approximate, incomplete or left out.
    pub notes: Vec<FigureText>,
    /// The statuses that occur, and what they mean.
    pub key: Vec<KeyItem>,
}

/// How much of the project's time has passed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TimeElapsed {
    /// In words.
    pub text: FigureText,
    /// Of the project's days.
    pub fraction: Fraction,
}

/// How many indicators have each status.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Tally {
    /// "17 indicators".
    pub total: FigureText,
    /// What needs attention first.
    pub counts: Vec<TallyCount>,
    /// One for each indicator, in the order of the results chain.
    pub marks: Vec<TallyMark>,
}

/// How many indicators have one status.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TallyCount {
    /// The status.
    pub status: StatusBadge,
    /// "9 on track, 7 of them with the target to date reached".
    pub text: FigureText,
}

/// One indicator in the strip of shapes.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TallyMark {
    /// Code of the indicator.
    pub code: String,
    /// Its status.
    pub status: StatusBadge,
}

/// One indicator, large.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct GlanceCard {
    /// Code of the indicator.
    pub code: String,
    /// Title of the indicator.
    pub title: String,
    /// Unit of the indicator, in words.
    pub unit: String,
    /// "about" before an approximate number, set smaller than it.
    pub hedge: Option<String>,
    /// Its value, as printed.
    pub value: FigureText,
    /// "planned 500", "planned to date 460".
    pub plan: Vec<FigureText>,
    /// "+127 since the first quarter of 2017".
    pub change: Option<FigureText>,
    /// Progress, as printed.
    pub progress: Option<FigureText>,
    /// Its status.
    pub status: StatusBadge,
    /// The line over all periods.
    pub trend: Option<TrendLine>,
}

/// An indicator that is late, has no data or is soon due.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AttentionItem {
    /// Code of the indicator.
    pub code: String,
    /// Title of the indicator.
    pub title: String,
    /// Its status.
    pub status: StatusBadge,
    /// "12 of 30 planned to date (40 %)", "0 of 3, due on 31 August 2017".
    pub text: FigureText,
    /// Why, and what is done: a word and its text.
    pub explanations: Vec<LabelledText>,
}

/// A target with its day.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DueItem {
    /// Code of the indicator.
    pub code: String,
    /// Title of the indicator.
    pub title: String,
    /// How much of how much, and by when.
    pub text: FigureText,
}
