//! The sheet of indicators: a row for each, two for one that is an interval.

use rust_decimal::Decimal;

use super::draft::{Draft, End};
use super::evidence;
use super::plan::{Placed, Subject};
use super::view::{Cached, Cell, CellRef, Column, ColumnKind, FormatId, Formula, Listed, Role, Sheet, Table};
use crate::indicators::{Progress, Scope, Status};
use crate::locale::ExcelKind;
use crate::model::{Amount, BaselineUse, Direction};

/// Decimal places that comparisons are rounded to, so that binary fractions don't decide them.
const COMPARED: u32 = 10;

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

pub fn sheet<'a>(draft: &mut Draft<'a>) -> Sheet<'a> {
    let home = draft.sheet(Subject::Indicators);
    let words = &draft.words;
    let percent = draft.format_of(ExcelKind::Percent, None);
    let limits = draft.project().settings.progress;
    let head = vec![
        vec![Cell::Heading(heading(draft).into())],
        vec![Cell::Number(limits.on_track, percent), Cell::text(words.label("workbook.limit-on-track"))],
        vec![Cell::Number(limits.at_risk, percent), Cell::text(words.label("workbook.limit-at-risk"))],
    ];
    let named = |heading: &str, kind| Column { heading: words.label(heading), kind };
    let columns = vec![
        named("figure.code", ColumnKind::Code),
        named("figure.indicator", ColumnKind::Title),
        named("figure.result", ColumnKind::Code),
        named("figure.unit", ColumnKind::Word),
        named("figure.baseline", ColumnKind::Number),
        named("figure.target-period", ColumnKind::Number),
        named("figure.actual-period", ColumnKind::Number),
        named("figure.served", ColumnKind::Number),
        named("figure.cumulative", ColumnKind::Number),
        named("figure.level", ColumnKind::Number),
        named("figure.target-due", ColumnKind::Number),
        named("figure.progress-due", ColumnKind::Progress),
        named("figure.target-total", ColumnKind::Number),
        named("figure.progress", ColumnKind::Progress),
        named("figure.status", ColumnKind::Status),
        named("page.note", ColumnKind::Title),
    ];
    draft.names.cell("limit_on_track", CellRef::head(home, ON_TRACK, 0));
    draft.names.cell("limit_at_risk", CellRef::head(home, AT_RISK, 0));
    let placed = draft.plan.indicators.clone();
    let mut rows = Vec::new();
    for placed in &placed {
        for &end in End::of(placed.interval) {
            rows.push(row(draft, placed, end));
        }
    }
    let table = Table {
        name: draft.names.table("indicators"),
        first_column: 0,
        last_column: columns.len() as u16 - 1,
        rows: rows.len() as u32,
    };
    Sheet {
        name: draft.plan.name(Subject::Indicators).to_owned(),
        role: Role::Figures,
        head,
        columns,
        frozen: 2,
        rows: Box::new(Listed(rows)),
        tables: vec![table],
        charts: Vec::new(),
    }
}

fn heading(draft: &Draft) -> String {
    let period = draft.words.each(|locale| locale.period(draft.period));
    format!("{}, {period}", draft.words.label("annex.indicators"))
}

/// One indicator, or one end of it.
fn row<'a>(draft: &mut Draft<'a>, placed: &Placed, end: End) -> Vec<Cell<'a>> {
    let line = Line::new(draft, placed, end);
    let indicator = draft.indicator(placed.id);
    let totals = &draft.figure(placed.id).totals;
    let percent = draft.is_percent(placed.id);
    let code = match placed.evidence {
        Some(sheet) => draft.link(indicator.code.as_str(), CellRef::head(sheet, 0, 0)),
        None => Cell::text(indicator.code.as_str()),
    };
    let mut title = draft.words.text(&indicator.title);
    if placed.interval {
        title = format!("{title} ({})", draft.words.label(end.label()));
    }
    let result = indicator.result.map(|result| draft.logframe().result(result).code.as_str()).unwrap_or_default();
    let cells = vec![
        code,
        Cell::text(title),
        Cell::text(result),
        Cell::text(draft.words.text(&indicator.unit)),
        draft.number(indicator.baseline, percent),
        draft.number(totals.target_period, percent),
        line.scope(draft, Scope::Period),
        line.scope(draft, Scope::Served),
        line.scope(draft, Scope::Cumulative),
        line.level(draft),
        draft.number(totals.target_due, percent),
        line.progress(draft, totals.target_due, totals.progress_due, column::DUE),
        draft.number(totals.target_total, percent),
        line.progress(draft, totals.target_total, totals.progress, column::TOTAL),
        line.status(draft),
        Cell::text(note(draft, placed)),
    ];
    line.name(draft);
    cells
}

/// What a row of the sheet needs to write its formulas.
struct Line {
    placed: Placed,
    end: End,
    row: u32,
}

impl Line {
    fn new(_: &Draft, placed: &Placed, end: End) -> Line {
        let row = placed.row + if end == End::Most { 1 } else { 0 };
        Line { placed: *placed, end, row }
    }

    fn at(&self, draft: &Draft, column: u16) -> Formula {
        Formula::Cell(CellRef::row(draft.sheet(Subject::Indicators), self.row, column))
    }

    /// The printed value of a scope: rounded where it is approximate.
    fn scope<'a>(&self, draft: &Draft<'a>, scope: Scope) -> Cell<'a> {
        let value = draft.figure(self.placed.id).totals.value(scope);
        let Some(quantity) = evidence::quantity(draft, self.placed.id, scope) else {
            return Cell::text(draft.absent());
        };
        let formula = quantity.end(self.end).clone();
        self.printed(draft, formula, value)
    }

    fn printed<'a>(&self, draft: &Draft<'a>, formula: Formula, value: Option<Amount>) -> Cell<'a> {
        let percent = draft.is_percent(self.placed.id);
        let number = value.map(|amount| amount.round_for_print(self.end.amount(&amount)));
        let format = draft.format(percent, number.as_slice(), value.and_then(|amount| amount.hedge));
        if let (Formula::Number(_) | Formula::Text(_), number) = (&formula, number) {
            return match number {
                Some(number) => Cell::Number(number, format),
                None => Cell::text(draft.absent()),
            };
        }
        draft.formula(super::disaggregation::round_for_print(draft, formula, value), number, format)
    }

    /// The level, unrounded: what progress is computed from. None where nothing of the kind is counted.
    fn level_formula(&self, draft: &Draft, end: End) -> Option<Formula> {
        let quantity = evidence::quantity(draft, self.placed.id, Scope::Cumulative)?;
        let counted = quantity.end(end).clone();
        let indicator = draft.indicator(self.placed.id);
        match self.origin(draft).filter(|_| indicator.calculation.is_counted()) {
            Some(baseline) if !baseline.is_zero() => {
                Some(draft.or_absent(self.at(draft, column::BASELINE).infix("+", counted)))
            }
            _ => Some(counted),
        }
    }

    fn level<'a>(&self, draft: &Draft<'a>) -> Cell<'a> {
        let value = draft.figure(self.placed.id).totals.level;
        match self.level_formula(draft, self.end) {
            Some(formula) => self.printed(draft, formula, value),
            None => Cell::text(draft.absent()),
        }
    }

    /// The baseline that progress is measured from: a counted indicator's only where its level begins from it.
    fn origin(&self, draft: &Draft) -> Option<Decimal> {
        let indicator = draft.indicator(self.placed.id);
        let added = indicator.baseline_use == Some(BaselineUse::Added);
        indicator.baseline.filter(|_| added || !indicator.calculation.is_counted())
    }

    /// `(level - baseline) / (target - baseline)`, as a formula over the level of one end.
    fn progress_formula(&self, draft: &Draft, end: End, target: u16) -> Option<Formula> {
        let level = self.level_formula(draft, end)?;
        let target = self.at(draft, target);
        let fraction = match self.origin(draft).filter(|baseline| !baseline.is_zero()) {
            Some(_) => {
                let baseline = || self.at(draft, column::BASELINE);
                level.infix("-", baseline()).infix("/", target.infix("-", baseline()))
            }
            None => level.infix("/", target),
        };
        Some(draft.or_absent(fraction))
    }

    fn progress<'a>(
        &self,
        draft: &Draft<'a>,
        target: Option<Decimal>,
        progress: Option<Progress>,
        target_column: u16,
    ) -> Cell<'a> {
        let (Some(target), Some(progress)) = (target, progress) else { return Cell::text(draft.absent()) };
        let Some(formula) = self.progress_formula(draft, self.end, target_column) else {
            return Cell::text(draft.absent());
        };
        // Towards a target below the baseline the larger level is the smaller progress.
        let falling = target < self.origin(draft).unwrap_or_default();
        let (low, high) = (progress.from.min(progress.to), progress.from.max(progress.to));
        let value = match (self.end, falling) {
            (End::Least, false) | (End::Most, true) => low,
            (End::Most, false) | (End::Least, true) => high,
        };
        let hedge = draft.figure(self.placed.id).totals.level.and_then(|level| level.hedge);
        draft.formula(formula, Some(value), self.progress_format(draft, hedge.is_some(), hedge))
    }

    fn progress_format(&self, draft: &Draft, whole: bool, hedge: Option<crate::model::Hedge>) -> FormatId {
        draft.format_of(if whole { ExcelKind::WholePercent } else { ExcelKind::Percent }, hedge)
    }

    fn status<'a>(&self, draft: &Draft<'a>) -> Cell<'a> {
        let status = draft.figure(self.placed.id).totals.status;
        let word = draft.status(status);
        let Some(least) = self.status_formula(draft, End::Least) else { return Cell::text(word) };
        let formula = match self.placed.interval.then(|| self.status_formula(draft, End::Most)).flatten() {
            Some(most) => {
                let undetermined = Formula::text(draft.status(Some(Status::Undetermined)));
                Formula::call("IF", [least.clone().infix("=", most), least, undetermined])
            }
            None => least,
        };
        let format = draft.format_of(ExcelKind::Integer, None);
        Cell::Formula { formula, result: Cached::Text(word), format }
    }

    /// The contract's order: absent, no target, achieved, not due, then by progress towards what is due.
    fn status_formula(&self, draft: &Draft, end: End) -> Option<Formula> {
        let totals = &draft.figure(self.placed.id).totals;
        let indicator = draft.indicator(self.placed.id);
        let level = self.level_formula(draft, end)?;
        let word = |status: Status| Formula::text(draft.status(Some(status)));
        let at = |column: u16| self.at(draft, column);
        let exact = |formula: Formula| Formula::call("ROUND", [formula, Formula::number(COMPARED)]);
        let reached = |target: u16| {
            let operator = match indicator.direction {
                Direction::Increase => ">=",
                Direction::Decrease => "<=",
            };
            exact(level.clone()).infix(operator, exact(at(target)))
        };
        let later = match totals.target_due {
            None => word(Status::NotDue),
            Some(due) if self.is_approached(draft, due) => {
                let progress = exact(self.progress_formula(draft, end, column::DUE)?);
                self.by_progress(draft, progress)
            }
            Some(_) => Formula::call("IF", [reached(column::DUE), word(Status::Achieved), word(Status::OffTrack)]),
        };
        let aimed = draft.logframe().targets.iter().any(|target| target.indicator == self.placed.id);
        let present = match totals.target_total {
            Some(_) => Formula::call("IF", [reached(column::TOTAL), word(Status::Achieved), later]),
            None if aimed => later,
            None => word(Status::NoTarget),
        };
        let known = Formula::call("ISNUMBER", [level.clone()]);
        Some(Formula::call("IF", [known, present, Formula::text(draft.absent())]))
    }

    /// Whether there is a way from the baseline to what is due; else it is met or not met.
    fn is_approached(&self, draft: &Draft, due: Decimal) -> bool {
        let baseline = self.origin(draft);
        let from = baseline.unwrap_or_default();
        match draft.indicator(self.placed.id).direction {
            Direction::Increase => due > from,
            Direction::Decrease => baseline.is_some() && due < from,
        }
    }

    fn by_progress(&self, draft: &Draft, progress: Formula) -> Formula {
        let home = draft.sheet(Subject::Indicators);
        let limit = |line: u32| Formula::Cell(CellRef::head(home, line, 0));
        let word = |status: Status| Formula::text(draft.status(Some(status)));
        let at_risk = progress.clone().infix(">=", limit(AT_RISK));
        let lower = Formula::call("IF", [at_risk, word(Status::AtRisk), word(Status::OffTrack)]);
        let on_track = progress.clone().infix(">=", limit(ON_TRACK));
        let middle = Formula::call("IF", [on_track, word(Status::OnTrack), lower]);
        Formula::call("IF", [progress.infix(">=", Formula::number(1)), word(Status::Achieved), middle])
    }

    /// Names the cells of every figure in the row.
    fn name(&self, draft: &mut Draft) {
        let home = draft.sheet(Subject::Indicators);
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
            draft.names.figure(indicator, &field, CellRef::row(home, self.row, column));
        }
    }
}

/// What to know of a figure, in a few words; the sheet of notes says more.
fn note(draft: &Draft, placed: &Placed) -> String {
    let words = &draft.words;
    let totals = &draft.figure(placed.id).totals;
    let mut notes = Vec::new();
    if !placed.listed {
        notes.push(words.label("workbook.part-of-ratio"));
    }
    if totals.coverage.blank > 0 {
        notes.push(words.each(|locale| {
            let (blank, rows) = (locale.integer(totals.coverage.blank), locale.integer(totals.coverage.rows));
            locale.phrase("counted.without-count", &[("blank", &blank), ("rows", &rows)])
        }));
    }
    if let Some(day) = totals.data_until {
        notes.push(words.each(|locale| locale.phrase("period.until", &[("date", &locale.date_in_text(day))])));
    }
    notes.join("\n")
}
