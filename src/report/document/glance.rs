use serde::Serialize;

use super::{FigureText, Fraction, KeyItem, LabelledText, StatusBadge, TrendLine};
use crate::report::block::{Block, Inline};

/// The page that answers first: whether targets were reached, what changed, what needs attention.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Glance {
    pub heading: String,
    pub elapsed: TimeElapsed,
    pub tally: Tally,
    /// The officers' own sentence.
    pub headline: Vec<Inline>,
    pub cards: Vec<GlanceCard>,
    /// How many different people, and how many of them women.
    pub people: Vec<FigureText>,
    pub attention_heading: String,
    pub attention: Vec<AttentionItem>,
    /// Said where nothing needs attention, or how much more does.
    pub attention_note: Option<FigureText>,
    pub next_heading: String,
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
    pub text: FigureText,
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

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TallyCount {
    pub status: StatusBadge,
    /// "9 on track, 7 of them with the target to date reached".
    pub text: FigureText,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TallyMark {
    pub code: String,
    pub status: StatusBadge,
}

/// One indicator, large.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct GlanceCard {
    pub code: String,
    pub title: String,
    pub unit: String,
    /// "about" before an approximate number, set smaller than it.
    pub hedge: Option<String>,
    pub value: FigureText,
    /// "planned 500", "planned to date 460".
    pub plan: Vec<FigureText>,
    /// "+127 since the first quarter of 2017".
    pub change: Option<FigureText>,
    pub progress: Option<FigureText>,
    pub status: StatusBadge,
    pub trend: Option<TrendLine>,
}

/// An indicator that is late, has no data or is soon due.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AttentionItem {
    pub code: String,
    pub title: String,
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
    pub code: String,
    pub title: String,
    pub text: FigureText,
}
