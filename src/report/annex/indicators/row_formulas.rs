//! The formulas of one row: values, progress and status.

use rust_decimal::Decimal;

use super::super::annex_builder::{AnnexBuilder, IntervalEnd};
use super::super::evidence;
use super::super::sheet_plan::{PlacedIndicator, SheetSubject};
use super::super::workbook_model::{AnnexCell, CachedResult, CellRef, FormatId, Formula};
use super::limit_cells;
use crate::indicators::{AchievedAt, Progress, Scope, Status, achieved_at};
use crate::locale::{ExcelKind, Locale};
use crate::model::{Amount, BaselineUse, Direction, Hedge};

/// Decimal places that comparisons are rounded to, so that binary fractions don't decide them.
const COMPARED_DECIMALS: u32 = 10;

/// What a row of the sheet needs to write its formulas.
pub(super) struct RowFormulas {
    placed: PlacedIndicator,
    end: IntervalEnd,
    row: u32,
}

impl RowFormulas {
    pub fn new(placed: &PlacedIndicator, end: IntervalEnd) -> RowFormulas {
        let row = placed.row + if end == IntervalEnd::Most { 1 } else { 0 };
        RowFormulas { placed: *placed, end, row }
    }

    fn cell_at(&self, draft: &AnnexBuilder, column: u16) -> Formula {
        Formula::Cell(CellRef::row(draft.sheet(SheetSubject::Indicators), self.row, column))
    }

    /// The printed value of a scope: rounded where it is approximate.
    pub fn scope_cell<'a>(&self, draft: &AnnexBuilder<'a>, scope: Scope) -> AnnexCell<'a> {
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
        draft.formula(round_for_print(draft, formula, value), number, format)
    }

    /// The level, unrounded: what progress is computed from. None where nothing of the kind is counted.
    fn level_formula(&self, draft: &AnnexBuilder, end: IntervalEnd) -> Option<Formula> {
        let quantity = evidence::total_formulas(draft, self.placed.id, Scope::Cumulative)?;
        let counted = quantity.end(end).clone();
        let indicator = draft.indicator(self.placed.id);
        match self.progress_baseline(draft).filter(|_| indicator.starts_from_nothing()) {
            Some(baseline) if !baseline.is_zero() => {
                Some(draft.or_absent(self.cell_at(draft, draft.columns.baseline).infix("+", counted)))
            }
            _ => Some(counted),
        }
    }

    pub fn level_cell<'a>(&self, draft: &AnnexBuilder<'a>) -> AnnexCell<'a> {
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
                let baseline = || self.cell_at(draft, draft.columns.baseline);
                level.infix("-", baseline()).infix("/", target.infix("-", baseline()))
            }
            None => level.infix("/", target),
        };
        Some(draft.or_absent(fraction))
    }

    pub fn progress_cell<'a>(
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

    fn progress_format(&self, draft: &AnnexBuilder, whole: bool, hedge: Option<Hedge>) -> FormatId {
        draft.format_of(if whole { ExcelKind::WholePercent } else { ExcelKind::Percent }, hedge)
    }

    pub fn status_cell<'a>(&self, draft: &AnnexBuilder<'a>, locale: &Locale) -> AnnexCell<'a> {
        let status = draft.figure(self.placed.id).totals.status;
        let word = draft.status(status, locale);
        let of_end = |end: IntervalEnd| self.status_formula(draft, end, locale);
        let Some(least) = of_end(IntervalEnd::Least) else { return AnnexCell::text(word) };
        let formula = match self.placed.interval.then(|| of_end(IntervalEnd::Most)).flatten() {
            Some(most) => {
                let undetermined = Formula::text(draft.status(Some(Status::Undetermined), locale));
                Formula::call("IF", [least.clone().infix("=", most), least, undetermined])
            }
            None => least,
        };
        let format = draft.format_of(ExcelKind::Integer, None);
        AnnexCell::Formula { formula, result: CachedResult::Text(word), format }
    }

    /// The contract's order: absent, no target, the total reached, not due, then by progress towards what is due.
    fn status_formula(&self, draft: &AnnexBuilder, end: IntervalEnd, locale: &Locale) -> Option<Formula> {
        let totals = &draft.figure(self.placed.id).totals;
        let indicator = draft.indicator(self.placed.id);
        let level = self.level_formula(draft, end)?;
        let word = |status: Status| Formula::text(draft.status(Some(status), locale));
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
                let progress = exact(self.progress_formula(draft, end, draft.columns.due)?);
                self.by_progress(draft, progress, locale)
            }
            Some(_) => {
                Formula::call("IF", [reached(at(draft.columns.due)), word(Status::OnTrack), word(Status::OffTrack)])
            }
        };
        let aimed = draft.logframe().targets.iter().any(|target| target.indicator == self.placed.id);
        let achieved = achieved_at(draft.project(), self.placed.id, draft.period);
        let present = match achieved {
            Some(AchievedAt { level, is_lasting }) => {
                let is_written = totals.target_total.is_some();
                let target = if is_written { at(draft.columns.total) } else { Formula::number(level) };
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

    fn by_progress(&self, draft: &AnnexBuilder, progress: Formula, locale: &Locale) -> Formula {
        let (on_track, at_risk) = limit_cells(draft);
        let word = |status: Status| Formula::text(draft.status(Some(status), locale));
        let at_risk = progress.clone().infix(">=", Formula::Cell(at_risk));
        let lower = Formula::call("IF", [at_risk, word(Status::AtRisk), word(Status::OffTrack)]);
        let on_track = progress.infix(">=", Formula::Cell(on_track));
        Formula::call("IF", [on_track, word(Status::OnTrack), lower])
    }

    /// Names the cells of every figure in the row.
    pub fn name_cells(&self, draft: &mut AnnexBuilder) {
        let home = draft.sheet(SheetSubject::Indicators);
        let indicator = draft.indicator(self.placed.id);
        let columns = &draft.columns;
        let fields = [
            ("baseline", Some(columns.baseline)),
            ("target_period", Some(columns.target_period)),
            (Scope::Period.code(), Some(columns.period)),
            (Scope::Served.code(), columns.served),
            (Scope::Cumulative.code(), Some(columns.cumulative)),
            ("level", columns.level),
            ("target_due", Some(columns.due)),
            ("progress_due", Some(columns.progress_due)),
            ("target", Some(columns.total)),
            ("progress", Some(columns.progress)),
            ("status", Some(columns.status)),
        ];
        let fields = fields.into_iter().filter_map(|(field, column)| Some((field, column?)));
        for (field, column) in fields {
            let field = if self.placed.interval { format!("{field}_{}", self.end.field()) } else { field.to_owned() };
            draft.names.name_figure(indicator, &field, CellRef::row(home, self.row, column));
        }
    }
}

/// A formula for a value as it is printed: an approximate one is rounded.
pub fn round_for_print(draft: &AnnexBuilder, formula: Formula, value: Option<Amount>) -> Formula {
    match value.and_then(|amount| amount.printed_exponent()) {
        None => formula,
        Some(exponent) => draft.or_absent(Formula::call("ROUND", [formula, Formula::number(-Decimal::from(exponent))])),
    }
}
