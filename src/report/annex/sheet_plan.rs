use std::collections::BTreeSet;

use super::evidence::{EvidenceKind, EvidenceLayout};
use super::labels::Labels;
use super::workbook_model::{AnnexSheetIndex, CellName, CellRef};
use crate::disclosure::{Released, ReleasedFigure};
use crate::model::{Amount, Calculation, Indicator, IndicatorId, Logframe, Participants, ReportSettings};
use crate::report::results_chain::group_by_result;

/// Characters that a sheet's name can hold.
const NAME_LENGTH: usize = 31;

/// What each sheet shows, in the order of the workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SheetSubject {
    Summary,
    Indicators,
    Logframe,
    Reference,
    Data,
    Activities,
    Attendance,
    Evidence(EvidenceKind),
    /// What formulas need beside the evidence: values of axes.
    AxisValues,
    Charts,
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
    /// Where its rows are.
    pub evidence: Option<EvidenceKind>,
}

impl PlacedIndicator {
    pub fn rows(&self) -> u32 {
        if self.interval { 2 } else { 1 }
    }
}

impl WorkbookPlan {
    pub fn new(
        shown: &[ShownIndicator],
        released: &Released,
        figures: &[ReleasedFigure],
        evidence: &EvidenceLayout,
        labels: &Labels,
    ) -> WorkbookPlan {
        let mut subjects = vec![
            SheetSubject::Summary,
            SheetSubject::Indicators,
            SheetSubject::Logframe,
            SheetSubject::Reference,
            SheetSubject::Data,
            SheetSubject::Activities,
        ];
        if released.participants != Participants::None {
            subjects.push(SheetSubject::Attendance);
        }
        subjects.extend(evidence.kinds().map(SheetSubject::Evidence));
        if !evidence.values.is_empty() {
            subjects.push(SheetSubject::AxisValues);
        }
        subjects.extend([SheetSubject::Charts, SheetSubject::Notes]);
        let mut row = 0;
        let place = |shown: &ShownIndicator| {
            let id = shown.id;
            let placed = PlacedIndicator {
                id,
                row,
                interval: figures.get(usize::from(id.0)).is_some_and(is_interval),
                listed: shown.listed,
                evidence: evidence.kind(id),
            };
            row += placed.rows();
            placed
        };
        let indicators = shown.iter().map(place).collect();
        WorkbookPlan { subjects: name_sheets(subjects, labels), indicators }
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

/// An indicator of the annex.
#[derive(Clone, Copy, Debug)]
pub struct ShownIndicator {
    pub id: IndicatorId,
    /// Whether the report lists it.
    pub listed: bool,
}

/// The report's indicators by results, then what listed ratios are made of and the report doesn't list: ratios are proved
/// by their parts.
pub fn shown_indicators(logframe: &Logframe, report: &ReportSettings) -> Vec<ShownIndicator> {
    let listed: Vec<IndicatorId> =
        logframe.indicator_ids().filter(|id| report.shows(&logframe.indicator(*id).code)).collect();
    let mut shown: Vec<ShownIndicator> = group_by_result(logframe, &listed)
        .into_iter()
        .flat_map(|(_, ids)| ids)
        .map(|id| ShownIndicator { id, listed: true })
        .collect();
    let mut at = 0;
    while let Some(&ShownIndicator { id, .. }) = shown.get(at) {
        if let Calculation::Ratio(first, second) = logframe.indicator(id).calculation {
            for part in [first, second] {
                if shown.iter().all(|shown| shown.id != part) {
                    shown.push(ShownIndicator { id: part, listed: false });
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
fn name_sheets(subjects: Vec<SheetSubject>, labels: &Labels) -> Vec<(SheetSubject, String)> {
    let mut taken = BTreeSet::new();
    subjects
        .into_iter()
        .map(|subject| {
            let name = labels.short_label(subject.label(), NAME_LENGTH);
            (subject, make_unique(&sanitize_name(&name), &mut taken))
        })
        .collect()
}

impl SheetSubject {
    /// The key of its name.
    pub fn label(self) -> &'static str {
        match self {
            SheetSubject::Summary => "workbook.summary",
            SheetSubject::Indicators => "annex.indicators",
            SheetSubject::Logframe => "workbook.logframe",
            SheetSubject::Reference => "workbook.reference",
            SheetSubject::Data => "workbook.data",
            SheetSubject::Activities => "annex.activities",
            SheetSubject::Attendance => "annex.attendance",
            SheetSubject::Evidence(EvidenceKind::Activities) => "workbook.evidence-activities",
            SheetSubject::Evidence(EvidenceKind::Attendances) => "workbook.evidence-attendance",
            SheetSubject::Evidence(EvidenceKind::Reported) => "workbook.evidence-reported",
            SheetSubject::AxisValues => "workbook.values",
            SheetSubject::Charts => "workbook.charts",
            SheetSubject::Notes => "annex.notes",
        }
    }

    /// The key of what it holds, in a sentence.
    pub fn description(self) -> &'static str {
        match self {
            SheetSubject::Summary => "workbook.about-summary",
            SheetSubject::Indicators => "workbook.about-indicators",
            SheetSubject::Logframe => "workbook.about-logframe",
            SheetSubject::Reference => "workbook.about-reference",
            SheetSubject::Data => "workbook.about-data",
            SheetSubject::Activities => "workbook.about-activities",
            SheetSubject::Attendance => "workbook.about-attendance",
            SheetSubject::Evidence(EvidenceKind::Activities) => "workbook.about-evidence-activities",
            SheetSubject::Evidence(EvidenceKind::Attendances) => "workbook.about-evidence-attendance",
            SheetSubject::Evidence(EvidenceKind::Reported) => "workbook.about-evidence-reported",
            SheetSubject::AxisValues => "workbook.about-values",
            SheetSubject::Charts => "workbook.about-charts",
            SheetSubject::Notes => "workbook.about-notes",
        }
    }
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
        self.make_unique(base)
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
