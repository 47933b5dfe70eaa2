use std::collections::{BTreeMap, BTreeSet};

use super::view::{CellRef, Name, SheetId};
use super::words::Words;
use crate::disclosure::{Released, ReleasedEvidence, ReleasedFigure};
use crate::model::{Amount, Calculation, Indicator, IndicatorId, Logframe, Participants, ReportSettings};

/// An indicator with more rows has no evidence sheet; `explain` lists them.
pub const EVIDENCE_ROWS: u64 = 50_000;

/// Characters that a sheet's name can hold.
const NAME_LENGTH: usize = 31;

/// What each sheet shows, in the order of the workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Contents,
    Indicators,
    Disaggregation,
    Charts,
    Activities,
    Participants,
    Attendance,
    Evidence(IndicatorId),
    Notes,
}

/// Which sheets there are, and where every indicator stands in them.
pub struct Plan {
    subjects: Vec<(Subject, String)>,
    /// In the order of the sheet of indicators.
    pub indicators: Vec<Placed>,
}

/// An indicator in the sheet of indicators. One that is an interval takes two rows: the least and the most.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    pub id: IndicatorId,
    pub row: u32,
    pub interval: bool,
    /// Whether the report lists it; others are there because a listed ratio is made of them.
    pub listed: bool,
    pub evidence: Option<SheetId>,
}

impl Placed {
    pub fn rows(&self) -> u32 {
        if self.interval { 2 } else { 1 }
    }
}

impl Plan {
    pub fn new(
        logframe: &Logframe,
        report: &ReportSettings,
        released: &Released,
        figures: &[ReleasedFigure],
        evidence: &BTreeMap<IndicatorId, ReleasedEvidence>,
        words: &Words,
    ) -> Plan {
        let listed = listed(logframe, report);
        let shown = with_parts_of_ratios(logframe, &listed);
        let proved = |id: &IndicatorId| {
            logframe.indicator(*id).calculation == Calculation::Reported
                || evidence.get(id).is_some_and(|view| view.row_count() <= EVIDENCE_ROWS)
        };
        let mut subjects = vec![Subject::Contents, Subject::Indicators, Subject::Disaggregation, Subject::Charts];
        subjects.push(Subject::Activities);
        if released.participants != Participants::None {
            subjects.extend([Subject::Participants, Subject::Attendance]);
        }
        subjects.extend(shown.iter().copied().filter(proved).map(Subject::Evidence));
        subjects.push(Subject::Notes);
        let subjects = named(subjects, logframe, words);
        let mut row = 0;
        let indicators = shown
            .iter()
            .map(|&id| {
                let at = subjects.iter().position(|(subject, _)| *subject == Subject::Evidence(id));
                let placed = Placed {
                    id,
                    row,
                    interval: figures.get(usize::from(id.0)).is_some_and(is_interval),
                    listed: listed.contains(&id),
                    evidence: at.map(|at| SheetId(at as u16)),
                };
                row += placed.rows();
                placed
            })
            .collect();
        Plan { subjects, indicators }
    }

    pub fn subjects(&self) -> impl Iterator<Item = Subject> + '_ {
        self.subjects.iter().map(|(subject, _)| *subject)
    }

    pub fn sheet(&self, subject: Subject) -> Option<SheetId> {
        self.subjects.iter().position(|(other, _)| *other == subject).map(|at| SheetId(at as u16))
    }

    pub fn name(&self, subject: Subject) -> &str {
        self.subjects.iter().find(|(other, _)| *other == subject).map_or("", |(_, name)| name)
    }

    pub fn placed(&self, id: IndicatorId) -> Option<&Placed> {
        self.indicators.iter().find(|placed| placed.id == id)
    }
}

fn listed(logframe: &Logframe, report: &ReportSettings) -> Vec<IndicatorId> {
    logframe.indicator_ids().filter(|id| report.shows(&logframe.indicator(*id).code)).collect()
}

/// Ratios are proved by their parts, whether the report lists these or not.
fn with_parts_of_ratios(logframe: &Logframe, listed: &[IndicatorId]) -> Vec<IndicatorId> {
    let mut shown = listed.to_vec();
    let mut at = 0;
    while let Some(&id) = shown.get(at) {
        if let Calculation::Ratio(first, second) = logframe.indicator(id).calculation {
            for part in [first, second] {
                if !shown.contains(&part) {
                    shown.push(part);
                }
            }
        }
        at += 1;
    }
    shown
}

fn is_interval(figure: &ReleasedFigure) -> bool {
    let totals = &figure.totals;
    let amounts = [totals.period, totals.served, totals.cumulative, totals.level];
    amounts.iter().flatten().any(Amount::is_interval)
}

/// Names of sheets: in all languages where they fit, without what Excel refuses, unlike one another.
fn named(subjects: Vec<Subject>, logframe: &Logframe, words: &Words) -> Vec<(Subject, String)> {
    let mut taken = BTreeSet::new();
    subjects
        .into_iter()
        .map(|subject| {
            let wanted = match subject {
                Subject::Contents => words.short_label("annex.contents", NAME_LENGTH),
                Subject::Indicators => words.short_label("annex.indicators", NAME_LENGTH),
                Subject::Disaggregation => words.short_label("annex.disaggregation", NAME_LENGTH),
                Subject::Charts => words.short_label("workbook.charts", NAME_LENGTH),
                Subject::Activities => words.short_label("annex.activities", NAME_LENGTH),
                Subject::Participants => words.short_label("annex.participants", NAME_LENGTH),
                Subject::Attendance => words.short_label("annex.attendance", NAME_LENGTH),
                Subject::Evidence(id) => logframe.indicator(id).code.clone(),
                Subject::Notes => words.short_label("annex.notes", NAME_LENGTH),
            };
            (subject, unlike(&allowed(&wanted), &mut taken))
        })
        .collect()
}

/// A sheet's name may not hold `[ ] : * ? / \`, nor begin or end with an apostrophe.
fn allowed(name: &str) -> String {
    let allowed: String = name
        .chars()
        .map(|letter| match letter {
            '/' => '·',
            '[' | ']' | ':' | '*' | '?' | '\\' => '-',
            letter if letter.is_control() => ' ',
            letter => letter,
        })
        .take(NAME_LENGTH)
        .collect();
    match allowed.trim_matches(|letter: char| letter == '\'' || letter.is_whitespace()) {
        "" => "-".to_owned(),
        trimmed => trimmed.to_owned(),
    }
}

/// The name, or with a number behind it where another sheet has it in whatever case.
fn unlike(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut candidate = name.to_owned();
    let mut again = 2;
    // Excel keeps `History` for itself.
    while candidate.eq_ignore_ascii_case("history") || !taken.insert(candidate.to_lowercase()) {
        let tail = format!(" - {again}");
        let kept: String = name.chars().take(NAME_LENGTH - tail.chars().count()).collect();
        candidate = kept + &tail;
        again += 1;
    }
    candidate
}

/// Names of cells and tables, unlike one another.
#[derive(Default)]
pub struct Names {
    taken: BTreeSet<String>,
    pub cells: Vec<Name>,
}

impl Names {
    /// Names the cell of an indicator's figure: `I14_cumulative`.
    pub fn figure(&mut self, indicator: &Indicator, field: &str, cell: CellRef) {
        let name = self.unlike(&format!("{}_{field}", identifier(&indicator.code)));
        self.cells.push(Name { name, cell });
    }

    pub fn cell(&mut self, name: &str, cell: CellRef) {
        let name = self.unlike(name);
        self.cells.push(Name { name, cell });
    }

    pub fn table(&mut self, wanted: &str) -> String {
        self.unlike(&identifier(wanted))
    }

    fn unlike(&mut self, name: &str) -> String {
        let mut candidate = name.to_owned();
        let mut again = 2;
        while !self.taken.insert(candidate.to_lowercase()) {
            candidate = format!("{name}_{again}");
            again += 1;
        }
        candidate
    }
}

/// Letters, digits and `_`, not beginning with a digit; short enough for what follows it.
fn identifier(code: &str) -> String {
    let kept: String =
        code.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '_' }).take(100).collect();
    if kept.starts_with(|letter: char| letter.is_alphabetic()) { kept } else { format!("_{kept}") }
}
