//! The sheet of indicators: a row for each, two for one that is an interval.

use rust_decimal::Decimal;

use super::annex_builder::{AnnexBuilder, IntervalEnd};
use super::evidence;
use super::sheet_plan::{PlacedIndicator, SheetSubject};
use super::workbook_model::{
    AnnexCell, AnnexColumn, AnnexColumnKind, AnnexSheet, AnnexTable, CachedResult, CellRef, FormatId, Formula,
    InMemoryRows, SheetRole,
};
use crate::indicators::{AchievedAt, Progress, Scope, Status, achieved_at};
use crate::locale::ExcelKind;
use crate::model::{Amount, BaselineUse, Direction};

/// Decimal places that comparisons are rounded to, so that binary fractions don't decide them.
const COMPARED_DECIMALS: u32 = 10;

/// Lines above the table that hold the limits of statuses.
const ON_TRACK: u32 = 1;
const AT_RISK: u32 = 2;

/// Columns by place.
pub mod column {
    pub const CODE: u16 = 0;
    pub const BASELINE: u16 = 4;
    pub const PERIOD: u16 = 6;
    pub const SERVED: u16 = 7;
    pub const CUMULATIVE: u16 = 8;
    pub const LEVEL: u16 = 9;
    pub const DUE: u16 = 10;
    pub const PROGRESS_DUE: u16 = 11;
    pub const TOTAL: u16 = 12;
    pub const PROGRESS: u16 = 13;
    pub const STATUS: u16 = 14;
}

pub fn indicators_sheet<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let home = draft.sheet(SheetSubject::Indicators);
    let labels = &draft.labels;
    let percent = draft.format_of(ExcelKind::Percent, None);
    let limits = draft.project().settings.progress;
    let head = vec![
        vec![AnnexCell::Heading(heading(draft).into())],
        vec![AnnexCell::Number(limits.on_track, percent), AnnexCell::text(labels.label("workbook.limit-on-track"))],
        vec![AnnexCell::Number(limits.at_risk, percent), AnnexCell::text(labels.label("workbook.limit-at-risk"))],
    ];
    let named = |heading: &str, kind| AnnexColumn { heading: labels.label(heading), kind };
    let columns = vec![
        named("figure.code", AnnexColumnKind::Code),
        named("figure.indicator", AnnexColumnKind::Title),
        named("figure.result", AnnexColumnKind::Code),
        named("figure.unit", AnnexColumnKind::Word),
        named("figure.baseline", AnnexColumnKind::Number),
        named("figure.target-period", AnnexColumnKind::Number),
        named("figure.actual-period", AnnexColumnKind::Number),
        named("figure.served", AnnexColumnKind::Number),
        named("figure.cumulative", AnnexColumnKind::Number),
        named("figure.level", AnnexColumnKind::Number),
        named("figure.target-due", AnnexColumnKind::Number),
        named("figure.progress-due", AnnexColumnKind::Progress),
        named("figure.target-total", AnnexColumnKind::Number),
        named("figure.progress", AnnexColumnKind::Progress),
        named("figure.status", AnnexColumnKind::Status),
        named("page.note", AnnexColumnKind::Title),
    ];
    draft.names.name_cell("limit_on_track", CellRef::head(home, ON_TRACK, 0));
    draft.names.name_cell("limit_at_risk", CellRef::head(home, AT_RISK, 0));
    let placed = draft.plan.indicators.clone();
    let mut rows = Vec::new();
    for placed in &placed {
        for &end in IntervalEnd::needed(placed.interval) {
            rows.push(indicator_row(draft, placed, end));
        }
    }
    let table = AnnexTable {
        name: draft.names.table_name("indicators"),
        first_column: 0,
        last_column: columns.len() as u16 - 1,
        rows: rows.len() as u32,
    };
    AnnexSheet {
        name: draft.plan.name(SheetSubject::Indicators).to_owned(),
        role: SheetRole::Figures,
        head,
        columns,
        frozen: 2,
        rows: Box::new(InMemoryRows(rows)),
        tables: vec![table],
        charts: Vec::new(),
    }
}

fn heading(draft: &AnnexBuilder) -> String {
    let period = draft.labels.join(|locale| locale.period(&draft.project().settings.known_days(draft.period)));
    format!("{}, {period}", draft.labels.label("annex.indicators"))
}

/// One indicator, or one end of it.
fn indicator_row<'a>(draft: &mut AnnexBuilder<'a>, placed: &PlacedIndicator, end: IntervalEnd) -> Vec<AnnexCell<'a>> {
    let formulas = RowFormulas::new(placed, end);
    let indicator = draft.indicator(placed.id);
    let totals = &draft.figure(placed.id).totals;
    let percent = draft.is_percent(placed.id);
    let code = match placed.evidence {
        Some(sheet) => draft.link(indicator.code.as_str(), CellRef::head(sheet, 0, 0)),
        None => AnnexCell::text(indicator.code.as_str()),
    };
    let mut title = draft.labels.text(&indicator.title);
    if placed.interval {
        title = format!("{title} ({})", draft.labels.label(end.label()));
    }
    let result = indicator.result.map(|result| draft.logframe().result(result).code.as_str()).unwrap_or_default();
    let cells = vec![
        code,
        AnnexCell::text(title),
        AnnexCell::text(result),
        AnnexCell::text(draft.labels.text(&indicator.unit)),
        draft.number(indicator.baseline, percent),
        draft.number(totals.target_period, percent),
        formulas.scope_cell(draft, Scope::Period),
        formulas.scope_cell(draft, Scope::Served),
        formulas.scope_cell(draft, Scope::Cumulative),
        formulas.level_cell(draft),
        draft.number(totals.target_due, percent),
        formulas.progress_cell(draft, totals.target_due, totals.progress_due, column::DUE),
        draft.number(totals.target_total, percent),
        formulas.progress_cell(draft, totals.target_total, totals.progress, column::TOTAL),
        formulas.status_cell(draft),
        AnnexCell::text(short_note(draft, placed)),
    ];
    formulas.name_cells(draft);
    cells
}

/// What a row of the sheet needs to write its formulas.
struct RowFormulas {
    placed: PlacedIndicator,
    end: IntervalEnd,
    row: u32,
}

impl RowFormulas {
    fn new(placed: &PlacedIndicator, end: IntervalEnd) -> RowFormulas {
        let row = placed.row + if end == IntervalEnd::Most { 1 } else { 0 };
        RowFormulas { placed: *placed, end, row }
    }

    fn cell_at(&self, draft: &AnnexBuilder, column: u16) -> Formula {
        Formula::Cell(CellRef::row(draft.sheet(SheetSubject::Indicators), self.row, column))
    }

    /// The printed value of a scope: rounded where it is approximate.
    fn scope_cell<'a>(&self, draft: &AnnexBuilder<'a>, scope: Scope) -> AnnexCell<'a> {
        let value = draft.figure(self.placed.id).totals.value(scope);
        let Some(quantity) = evidence::total_formulas(draft, self.placed.id, scope) else {
            return AnnexCell::text(draft.absent());
        };
        let formula = quantity.end(self.end).clone();
        self.printed_cell(draft, formula, value)
    }

    fn printed_cell<'a>(&self, draft: &AnnexBuilder<'a>, formula: Formula, value: Option<Amount>) -> AnnexCell<'a> {
        let percent = draft.is_percent(self.placed.id);
        let number = value.map(|amount| amount.round_for_print(self.end.amount(&amount)));
        let format = draft.format(percent, number.as_slice(), value.and_then(|amount| amount.hedge));
        if let (Formula::Number(_) | Formula::Text(_), number) = (&formula, number) {
            return match number {
                Some(number) => AnnexCell::Number(number, format),
                None => AnnexCell::text(draft.absent()),
            };
        }
        draft.formula(super::disaggregation::round_for_print(draft, formula, value), number, format)
    }

    /// The level, unrounded: what progress is computed from. None where nothing of the kind is counted.
    fn level_formula(&self, draft: &AnnexBuilder, end: IntervalEnd) -> Option<Formula> {
        let quantity = evidence::total_formulas(draft, self.placed.id, Scope::Cumulative)?;
        let counted = quantity.end(end).clone();
        let indicator = draft.indicator(self.placed.id);
        match self.progress_baseline(draft).filter(|_| indicator.starts_from_nothing()) {
            Some(baseline) if !baseline.is_zero() => {
                Some(draft.or_absent(self.cell_at(draft, column::BASELINE).infix("+", counted)))
            }
            _ => Some(counted),
        }
    }

    fn level_cell<'a>(&self, draft: &AnnexBuilder<'a>) -> AnnexCell<'a> {
        let value = draft.figure(self.placed.id).totals.level;
        match self.level_formula(draft, self.end) {
            Some(formula) => self.printed_cell(draft, formula, value),
            None => AnnexCell::text(draft.absent()),
        }
    }

    /// The baseline that progress is measured from: a counted indicator's only where its level begins from it.
    fn progress_baseline(&self, draft: &AnnexBuilder) -> Option<Decimal> {
        let indicator = draft.indicator(self.placed.id);
        let added = indicator.baseline_use == Some(BaselineUse::Added);
        indicator.baseline.filter(|_| added || !indicator.starts_from_nothing())
    }

    /// `(level - baseline) / (target - baseline)`, as a formula over the level of one end.
    fn progress_formula(&self, draft: &AnnexBuilder, end: IntervalEnd, target: u16) -> Option<Formula> {
        let level = self.level_formula(draft, end)?;
        let target = self.cell_at(draft, target);
        let fraction = match self.progress_baseline(draft).filter(|baseline| !baseline.is_zero()) {
            Some(_) => {
                let baseline = || self.cell_at(draft, column::BASELINE);
                level.infix("-", baseline()).infix("/", target.infix("-", baseline()))
            }
            None => level.infix("/", target),
        };
        Some(draft.or_absent(fraction))
    }

    fn progress_cell<'a>(
        &self,
        draft: &AnnexBuilder<'a>,
        target: Option<Decimal>,
        progress: Option<Progress>,
        target_column: u16,
    ) -> AnnexCell<'a> {
        let (Some(target), Some(progress)) = (target, progress) else { return AnnexCell::text(draft.absent()) };
        let Some(formula) = self.progress_formula(draft, self.end, target_column) else {
            return AnnexCell::text(draft.absent());
        };
        // Towards a target below the baseline the larger level is the smaller progress.
        let falling = target < self.progress_baseline(draft).unwrap_or_default();
        let (low, high) = (progress.from.min(progress.to), progress.from.max(progress.to));
        let value = match (self.end, falling) {
            (IntervalEnd::Least, false) | (IntervalEnd::Most, true) => low,
            (IntervalEnd::Most, false) | (IntervalEnd::Least, true) => high,
        };
        let hedge = draft.figure(self.placed.id).totals.level.and_then(|level| level.hedge);
        draft.formula(formula, Some(value), self.progress_format(draft, hedge.is_some(), hedge))
    }

    fn progress_format(&self, draft: &AnnexBuilder, whole: bool, hedge: Option<crate::model::Hedge>) -> FormatId {
        draft.format_of(if whole { ExcelKind::WholePercent } else { ExcelKind::Percent }, hedge)
    }

    fn status_cell<'a>(&self, draft: &AnnexBuilder<'a>) -> AnnexCell<'a> {
        let status = draft.figure(self.placed.id).totals.status;
        let word = draft.status(status);
        let Some(least) = self.status_formula(draft, IntervalEnd::Least) else { return AnnexCell::text(word) };
        let formula = match self.placed.interval.then(|| self.status_formula(draft, IntervalEnd::Most)).flatten() {
            Some(most) => {
                let undetermined = Formula::text(draft.status(Some(Status::Undetermined)));
                Formula::call("IF", [least.clone().infix("=", most), least, undetermined])
            }
            None => least,
        };
        let format = draft.format_of(ExcelKind::Integer, None);
        AnnexCell::Formula { formula, result: CachedResult::Text(word), format }
    }

    /// The contract's order: absent, no target, the total reached, not due, then by progress towards what is due.
    fn status_formula(&self, draft: &AnnexBuilder, end: IntervalEnd) -> Option<Formula> {
        let totals = &draft.figure(self.placed.id).totals;
        let indicator = draft.indicator(self.placed.id);
        let level = self.level_formula(draft, end)?;
        let word = |status: Status| Formula::text(draft.status(Some(status)));
        let at = |column: u16| self.cell_at(draft, column);
        let exact = |formula: Formula| Formula::call("ROUND", [formula, Formula::number(COMPARED_DECIMALS)]);
        let reached = |target: Formula| {
            let operator = match indicator.direction {
                Direction::Increase => ">=",
                Direction::Decrease => "<=",
            };
            exact(level.clone()).infix(operator, exact(target))
        };
        let later = match totals.target_due {
            None => word(Status::NotDue),
            Some(due) if self.is_approached(draft, due) => {
                let progress = exact(self.progress_formula(draft, end, column::DUE)?);
                self.by_progress(draft, progress)
            }
            Some(_) => Formula::call("IF", [reached(at(column::DUE)), word(Status::OnTrack), word(Status::OffTrack)]),
        };
        let aimed = draft.logframe().targets.iter().any(|target| target.indicator == self.placed.id);
        let achieved = achieved_at(draft.project(), self.placed.id, draft.period);
        let present = match achieved {
            Some(AchievedAt { level, is_lasting }) => {
                let is_written = totals.target_total.is_some();
                let target = if is_written { at(column::TOTAL) } else { Formula::number(level) };
                let status = if is_lasting { Status::Achieved } else { Status::OnTrack };
                Formula::call("IF", [reached(target), word(status), later])
            }
            None if aimed => later,
            None => word(Status::NoTarget),
        };
        let known = Formula::call("ISNUMBER", [level.clone()]);
        Some(Formula::call("IF", [known, present, Formula::text(draft.absent())]))
    }

    /// Whether there is a way from the baseline to what is due; else it is met or not met.
    fn is_approached(&self, draft: &AnnexBuilder, due: Decimal) -> bool {
        let baseline = self.progress_baseline(draft);
        let from = baseline.unwrap_or_default();
        match draft.indicator(self.placed.id).direction {
            Direction::Increase => due > from,
            Direction::Decrease => baseline.is_some() && due < from,
        }
    }

    fn by_progress(&self, draft: &AnnexBuilder, progress: Formula) -> Formula {
        let home = draft.sheet(SheetSubject::Indicators);
        let limit = |line: u32| Formula::Cell(CellRef::head(home, line, 0));
        let word = |status: Status| Formula::text(draft.status(Some(status)));
        let at_risk = progress.clone().infix(">=", limit(AT_RISK));
        let lower = Formula::call("IF", [at_risk, word(Status::AtRisk), word(Status::OffTrack)]);
        let on_track = progress.infix(">=", limit(ON_TRACK));
        Formula::call("IF", [on_track, word(Status::OnTrack), lower])
    }

    /// Names the cells of every figure in the row.
    fn name_cells(&self, draft: &mut AnnexBuilder) {
        let home = draft.sheet(SheetSubject::Indicators);
        let indicator = draft.indicator(self.placed.id);
        let fields = [
            ("baseline", column::BASELINE),
            ("target_period", column::BASELINE + 1),
            (Scope::Period.code(), column::PERIOD),
            (Scope::Served.code(), column::SERVED),
            (Scope::Cumulative.code(), column::CUMULATIVE),
            ("level", column::LEVEL),
            ("target_due", column::DUE),
            ("progress_due", column::PROGRESS_DUE),
            ("target", column::TOTAL),
            ("progress", column::PROGRESS),
            ("status", column::STATUS),
        ];
        for (field, column) in fields {
            let field = if self.placed.interval { format!("{field}_{}", self.end.field()) } else { field.to_owned() };
            draft.names.name_figure(indicator, &field, CellRef::row(home, self.row, column));
        }
    }
}

/// What to know of a figure, in a few words; the sheet of notes says more.
fn short_note(draft: &AnnexBuilder, placed: &PlacedIndicator) -> String {
    let labels = &draft.labels;
    let totals = &draft.figure(placed.id).totals;
    let mut notes = Vec::new();
    if !placed.listed {
        notes.push(labels.label("workbook.part-of-ratio"));
    }
    if totals.coverage.blank > 0 {
        notes.push(labels.join(|locale| {
            let (blank, rows) = (locale.integer(totals.coverage.blank), locale.integer(totals.coverage.rows));
            locale.phrase("counted.without-count", &[("blank", &blank), ("rows", &rows)])
        }));
    }
    if let Some(day) = totals.data_until {
        notes.push(labels.join(|locale| locale.phrase("period.until", &[("date", &locale.date_in_text(day))])));
    }
    notes.join("\n")
}
