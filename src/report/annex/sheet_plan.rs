use std::collections::{BTreeMap, BTreeSet};

use super::labels::Labels;
use super::workbook_model::{AnnexSheetIndex, CellName, CellRef};
use crate::disclosure::{Released, ReleasedEvidence, ReleasedFigure};
use crate::model::{Amount, Calculation, Indicator, IndicatorId, Logframe, Participants, ReportSettings};

/// An indicator with more rows has no evidence sheet; `explain` lists them.
pub const EVIDENCE_ROWS: u64 = 50_000;

/// Characters that a sheet's name can hold.
const NAME_LENGTH: usize = 31;

/// What each sheet shows, in the order of the workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SheetSubject {
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

/// Which sheets there are, and the place of every indicator in them.
pub struct WorkbookPlan {
    subjects: Vec<(SheetSubject, String)>,
    /// In the order of the sheet of indicators.
    pub indicators: Vec<PlacedIndicator>,
}

/// An indicator in the sheet of indicators. One that is an interval takes two rows: the least and the most.
#[derive(Clone, Copy, Debug)]
pub struct PlacedIndicator {
    pub id: IndicatorId,
    pub row: u32,
    pub interval: bool,
    /// Whether the report lists it; others are there because a listed ratio is made of them.
    pub listed: bool,
    pub evidence: Option<AnnexSheetIndex>,
}

impl PlacedIndicator {
    pub fn rows(&self) -> u32 {
        if self.interval { 2 } else { 1 }
    }
}

impl WorkbookPlan {
    pub fn new(
        logframe: &Logframe,
        report: &ReportSettings,
        released: &Released,
        figures: &[ReleasedFigure],
        evidence: &BTreeMap<IndicatorId, ReleasedEvidence>,
        labels: &Labels,
    ) -> WorkbookPlan {
        let listed = listed_indicators(logframe, report);
        let shown = add_ratio_parts(logframe, &listed);
        let has_evidence = |id: &IndicatorId| {
            logframe.indicator(*id).calculation == Calculation::Reported
                || evidence.get(id).is_some_and(|view| view.row_count() <= EVIDENCE_ROWS)
        };
        let mut subjects =
            vec![SheetSubject::Contents, SheetSubject::Indicators, SheetSubject::Disaggregation, SheetSubject::Charts];
        subjects.push(SheetSubject::Activities);
        if released.participants != Participants::None {
            subjects.extend([SheetSubject::Participants, SheetSubject::Attendance]);
        }
        subjects.extend(shown.iter().copied().filter(has_evidence).map(SheetSubject::Evidence));
        subjects.push(SheetSubject::Notes);
        let subjects = name_sheets(subjects, logframe, labels);
        let mut row = 0;
        let indicators = shown
            .iter()
            .map(|&id| {
                let at = subjects.iter().position(|(subject, _)| *subject == SheetSubject::Evidence(id));
                let placed = PlacedIndicator {
                    id,
                    row,
                    interval: figures.get(usize::from(id.0)).is_some_and(is_interval),
                    listed: listed.contains(&id),
                    evidence: at.map(|at| AnnexSheetIndex(at as u16)),
                };
                row += placed.rows();
                placed
            })
            .collect();
        WorkbookPlan { subjects, indicators }
    }

    pub fn subjects(&self) -> impl Iterator<Item = SheetSubject> + '_ {
        self.subjects.iter().map(|(subject, _)| *subject)
    }

    pub fn sheet(&self, subject: SheetSubject) -> Option<AnnexSheetIndex> {
        self.subjects.iter().position(|(other, _)| *other == subject).map(|at| AnnexSheetIndex(at as u16))
    }

    pub fn name(&self, subject: SheetSubject) -> &str {
        self.subjects.iter().find(|(other, _)| *other == subject).map_or("", |(_, name)| name)
    }

    pub fn placed(&self, id: IndicatorId) -> Option<&PlacedIndicator> {
        self.indicators.iter().find(|placed| placed.id == id)
    }
}

fn listed_indicators(logframe: &Logframe, report: &ReportSettings) -> Vec<IndicatorId> {
    logframe.indicator_ids().filter(|id| report.shows(&logframe.indicator(*id).code)).collect()
}

/// Ratios are proved by their parts, whether the report lists these or not.
fn add_ratio_parts(logframe: &Logframe, listed: &[IndicatorId]) -> Vec<IndicatorId> {
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

/// Names of sheets: in all languages where they fit, without what Excel refuses; no two alike.
fn name_sheets(subjects: Vec<SheetSubject>, logframe: &Logframe, labels: &Labels) -> Vec<(SheetSubject, String)> {
    let mut taken = BTreeSet::new();
    subjects
        .into_iter()
        .map(|subject| {
            let name = match subject {
                SheetSubject::Contents => labels.short_label("annex.contents", NAME_LENGTH),
                SheetSubject::Indicators => labels.short_label("annex.indicators", NAME_LENGTH),
                SheetSubject::Disaggregation => labels.short_label("annex.disaggregation", NAME_LENGTH),
                SheetSubject::Charts => labels.short_label("workbook.charts", NAME_LENGTH),
                SheetSubject::Activities => labels.short_label("annex.activities", NAME_LENGTH),
                SheetSubject::Participants => labels.short_label("annex.participants", NAME_LENGTH),
                SheetSubject::Attendance => labels.short_label("annex.attendance", NAME_LENGTH),
                SheetSubject::Evidence(id) => logframe.indicator(id).code.clone(),
                SheetSubject::Notes => labels.short_label("annex.notes", NAME_LENGTH),
            };
            (subject, make_unique(&sanitize_name(&name), &mut taken))
        })
        .collect()
}

/// A sheet's name may not hold `[ ] : * ? / \`, nor begin or end with an apostrophe.
fn sanitize_name(name: &str) -> String {
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
fn make_unique(name: &str, taken: &mut BTreeSet<String>) -> String {
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

/// Names of cells and tables; no two alike.
#[derive(Default)]
pub struct UniqueNames {
    taken: BTreeSet<String>,
    pub cells: Vec<CellName>,
}

impl UniqueNames {
    /// Names the cell of an indicator's figure: `I14_cumulative`.
    pub fn name_figure(&mut self, indicator: &Indicator, field: &str, cell: CellRef) {
        let name = self.make_unique(&format!("{}_{field}", identifier(&indicator.code)));
        self.cells.push(CellName { name, cell });
    }

    pub fn name_cell(&mut self, name: &str, cell: CellRef) {
        let name = self.make_unique(name);
        self.cells.push(CellName { name, cell });
    }

    pub fn table_name(&mut self, base: &str) -> String {
        self.make_unique(&identifier(base))
    }

    fn make_unique(&mut self, name: &str) -> String {
        let mut candidate = name.to_owned();
        let mut again = 2;
        while !self.taken.insert(candidate.to_lowercase()) {
            candidate = format!("{name}_{again}");
            again += 1;
        }
        candidate
    }
}

/// Letters, digits and `_`, not beginning with a digit, nor like a reference in Excel's other notation (`R1`, `C2`); short
/// enough for what follows it.
fn identifier(code: &str) -> String {
    let kept: String =
        code.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '_' }).take(100).collect();
    let rest = kept.to_ascii_uppercase();
    let rest = rest.strip_prefix("RC").or_else(|| rest.strip_prefix(['R', 'C'])).unwrap_or_default();
    let is_reference = rest.starts_with(|digit: char| digit.is_ascii_digit());
    if kept.starts_with(|letter: char| letter.is_alphabetic()) && !is_reference { kept } else { format!("_{kept}") }
}
