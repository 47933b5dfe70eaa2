//! The sheet of data: every figure on a line of its own, as a pivot takes it.

mod equality;
mod plan;

use super::annex_builder::{AnnexBuilder, IntervalEnd, QuantityFormulas};
use super::axis_labels::part_sides;
use super::evidence;
use super::indicators::round_for_print;
use super::labels::ColumnList;
use super::sheet_plan::SheetSubject;
use super::workbook_model::{
    AnnexCell, AnnexColumn, AnnexColumnKind, AnnexSheet, CellRef, FormatId, Formula, InMemoryRows, SheetRole,
};
use crate::disclosure::ReleasedValue;
use crate::indicators::{PartKey, Scope};
use crate::locale::{ExcelKind, Locale};
use crate::model::{Amount, Calculation, Hedge, IndicatorId};
use crate::report::column_names;
use crate::report::figures::{PlacedValue, part_code};
use plan::{DataKey, value_of};

pub use plan::{DataItem, DataPlan};

const SCOPES: [Scope; 3] = [Scope::Period, Scope::Served, Scope::Cumulative];

/// Columns by place.
#[derive(Clone, Copy)]
struct DataColumns {
    part: u16,
    number: u16,
}

impl DataColumns {
    fn new(draft: &AnnexBuilder) -> DataColumns {
        let languages = draft.labels.count();
        // Result, its titles, code, titles, units, axis.
        let part = 3 + 3 * languages;
        // Two axes with their values; period, first and last day; scopes.
        DataColumns { part, number: part + 1 + 4 * languages + 3 + languages }
    }

    /// What the report says, and whether that comes out again.
    fn reported(self, languages: u16) -> u16 {
        self.number + 3 + 2 * languages
    }

    fn end(self, end: IntervalEnd) -> u16 {
        match end {
            IntervalEnd::Least => self.number + 1,
            IntervalEnd::Most => self.number + 2,
        }
    }
}

pub fn data_sheet<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let labels = &draft.labels;
    let columns = data_columns(draft);
    debug_assert_eq!(columns.len() as u16, DataColumns::new(draft).reported(labels.count()) + 1 + labels.count());
    let mut head = labels.title_lines(|locale| locale.label("workbook.data").to_owned());
    head.extend(labels.text_lines(|locale| locale.label("workbook.data-lines").to_owned()));
    head.extend(equality::count_line(draft));
    let rows = draft.data.keys.iter().map(|key| data_row(draft, *key)).collect();
    let rows = Box::new(InMemoryRows(rows));
    draft.table_sheet(SheetSubject::Data, (SheetRole::Data, "data"), head, columns, 0, rows)
}

fn data_columns(draft: &AnnexBuilder) -> Vec<AnnexColumn> {
    let labels = &draft.labels;
    let numbered = |key: &str, number: u8| labels.each(|locale| format!("{} {number}", locale.label(key)));
    let mut columns = ColumnList::new(labels);
    columns.add("figure.result", AnnexColumnKind::Code);
    columns.add_texts("workbook.result-title", AnnexColumnKind::Title);
    columns.add("figure.code", AnnexColumnKind::Code);
    columns.add_texts("figure.indicator", AnnexColumnKind::Title);
    columns.add_texts("figure.unit", AnnexColumnKind::Word);
    columns.add("workbook.axis-code", AnnexColumnKind::Key);
    columns.add("workbook.part-code", AnnexColumnKind::Key);
    for number in [1, 2] {
        columns.add_texts_headed(numbered("figure.disaggregation", number), AnnexColumnKind::Word);
        columns.add_texts_headed(numbered("figure.part", number), AnnexColumnKind::Word);
    }
    columns.add("period.one", AnnexColumnKind::Key);
    columns.add("workbook.period-start", AnnexColumnKind::Date);
    columns.add("workbook.period-end", AnnexColumnKind::Date);
    columns.add_texts("workbook.scope", AnnexColumnKind::Word);
    columns.add("workbook.number", AnnexColumnKind::Number);
    columns.add("workbook.at-least", AnnexColumnKind::Number);
    columns.add("workbook.at-most", AnnexColumnKind::Number);
    columns.add_texts("workbook.hedge", AnnexColumnKind::Word);
    columns.add_texts("workbook.hidden", AnnexColumnKind::Word);
    columns.add("workbook.in-report", AnnexColumnKind::Number);
    columns.add_texts("workbook.recomputed-equal", AnnexColumnKind::Word);
    columns.finish()
}

fn data_row<'a>(draft: &AnnexBuilder<'a>, key: DataKey) -> Vec<AnnexCell<'a>> {
    let (labels, project) = (&draft.labels, draft.project());
    let indicator = draft.indicator(key.id);
    let result = indicator.result.map(|id| draft.logframe().result(id));
    let mut cells = vec![AnnexCell::text(result.map(|result| result.code.as_str()).unwrap_or_default())];
    match result {
        Some(result) => cells.extend(labels.text_cells(&result.title)),
        None => cells.extend(labels.empty_cells()),
    }
    cells.push(AnnexCell::text(indicator.code.as_str()));
    cells.extend(labels.text_cells(&indicator.title));
    cells.extend(labels.text_cells(&indicator.unit));
    let (axis, part) = match key.item {
        DataItem::Total(_) => (None, None),
        DataItem::Part(axis, part, _) => (Some(&indicator.axes[axis]), Some(part)),
        DataItem::Withheld(axis) => (Some(&indicator.axes[axis]), None),
    };
    cells.push(AnnexCell::text(axis.map(|axis| axis.text.as_str()).unwrap_or_default()));
    let code = axis.zip(part).map(|(axis, part)| part_code(project, axis, part)).unwrap_or_default();
    cells.push(AnnexCell::text(code.into_owned()));
    let keys = part.map(part_sides);
    let sides = [axis.map(|axis| axis.first), axis.and_then(|axis| axis.second)];
    for (side, key) in sides.into_iter().zip([keys.map(|keys| keys.0), keys.and_then(|keys| keys.1)]) {
        let Some(side) = side else {
            cells.extend(labels.empty_cells());
            cells.extend(labels.empty_cells());
            continue;
        };
        cells.extend(labels.cells(|locale| column_names::side_name(project, locale, side)));
        let words = draft.key_labels(side);
        cells.extend((0..labels.locales().len()).map(|language| match key {
            Some(key) => AnnexCell::text(words.label(key, language).to_owned()),
            None => AnnexCell::Empty,
        }));
    }
    let period = &draft.logframe().periods[key.period];
    cells.extend([AnnexCell::text(period.code.as_str()), AnnexCell::Date(period.start), AnnexCell::Date(period.end)]);
    cells.extend(labels.cells(|locale| scope_word(key.item, locale)));
    let value = value_of(draft, key);
    cells.extend(number_cells(draft, key, value));
    let hedge = if let ReleasedValue::Value(Some(amount)) = value { amount.hedge } else { None };
    cells.extend(labels.cells(|locale| hedge_word(hedge, locale).to_owned()));
    cells.extend(labels.cells(|locale| match value {
        ReleasedValue::Value(_) => locale.label("annex.no").to_owned(),
        ReleasedValue::Below(limit) => locale.fewer_than(limit),
        ReleasedValue::Withheld => locale.not_shown().to_owned(),
    }));
    cells.extend(equality::equality_cells(draft, key, value));
    cells
}

fn scope_word(item: DataItem, locale: &Locale) -> String {
    let key = match item {
        DataItem::Part(_, _, scope) | DataItem::Total(PlacedValue::Actual(scope)) => evidence::scope_label(scope),
        DataItem::Total(PlacedValue::Baseline) => "figure.baseline",
        DataItem::Total(PlacedValue::TargetPeriod) => "figure.target-period",
        DataItem::Total(PlacedValue::TargetDue) => "figure.target-due",
        DataItem::Total(PlacedValue::TargetTotal) => "figure.target-total",
        DataItem::Total(PlacedValue::Progress) => "figure.progress",
        DataItem::Total(PlacedValue::ProgressDue) => "figure.progress-due",
        DataItem::Withheld(_) => return String::new(),
    };
    locale.label(key).to_owned()
}

fn hedge_word(hedge: Option<Hedge>, locale: &Locale) -> &'static str {
    let key = match hedge {
        None => return "",
        Some(Hedge::About) => "workbook.about",
        Some(Hedge::Approximately) => "workbook.approximately",
    };
    locale.find_label(key).unwrap_or_default()
}

/// The number, and the ends of an interval in its place.
fn number_cells<'a>(draft: &AnnexBuilder<'a>, key: DataKey, value: ReleasedValue) -> [AnnexCell<'a>; 3] {
    let ReleasedValue::Value(Some(amount)) = value else {
        return [AnnexCell::Empty, AnnexCell::Empty, AnnexCell::Empty];
    };
    let end = |end: IntervalEnd| {
        let number = amount.round_for_print(end.amount(&amount));
        let format = number_format(draft, key.id, key.item, number, amount.hedge);
        match cell_formula(draft, key, amount, end) {
            Some(formula) => draft.formula(formula, Some(number), format),
            None => AnnexCell::Number(number, format),
        }
    };
    if amount.is_interval() {
        [AnnexCell::Empty, end(IntervalEnd::Least), end(IntervalEnd::Most)]
    } else {
        [end(IntervalEnd::Least), AnnexCell::Empty, AnnexCell::Empty]
    }
}

fn number_format(
    draft: &AnnexBuilder,
    id: IndicatorId,
    item: DataItem,
    number: rust_decimal::Decimal,
    hedge: Option<Hedge>,
) -> FormatId {
    match item {
        DataItem::Total(PlacedValue::Progress | PlacedValue::ProgressDue) => {
            draft.format_of(if hedge.is_some() { ExcelKind::WholePercent } else { ExcelKind::Percent }, hedge)
        }
        _ => draft.format(draft.is_percent(id), &[number], hedge),
    }
}

/// The formula of a number, or of one end; none for a period beside the report's own, of which there is no evidence.
fn cell_formula(draft: &AnnexBuilder, key: DataKey, amount: Amount, end: IntervalEnd) -> Option<Formula> {
    if key.period != draft.input.period {
        return None;
    }
    match key.item {
        DataItem::Total(value) => {
            let placed = draft.plan.placed(key.id)?;
            let column = draft.columns.column(value)?;
            let cell = |row: u32| Formula::Cell(CellRef::row(draft.sheet(SheetSubject::Indicators), row, column));
            let (least, most) = (placed.row, placed.row + placed.rows() - 1);
            Some(match (value, end) {
                // Towards a target below the baseline the larger level is the smaller progress.
                (PlacedValue::Progress | PlacedValue::ProgressDue, end) if amount.is_interval() => {
                    let function = if end == IntervalEnd::Least { "MIN" } else { "MAX" };
                    Formula::call(function, [cell(least), cell(most)])
                }
                (_, IntervalEnd::Least) => cell(least),
                (_, IntervalEnd::Most) => cell(most),
            })
        }
        DataItem::Part(axis, part, scope) => {
            let formula = part_formula(draft, (key.id, axis, part), scope, end)?;
            Some(round_for_print(draft, formula, Some(amount)))
        }
        DataItem::Withheld(_) => None,
    }
}

/// What a part comes to, unrounded. None where no formula over the annex gives it.
fn part_formula(
    draft: &AnnexBuilder,
    (id, axis, part): (IndicatorId, usize, PartKey),
    scope: Scope,
    end: IntervalEnd,
) -> Option<Formula> {
    if let Calculation::Ratio(first, second) = draft.indicator(id).calculation {
        if scope == Scope::Served && !evidence::has_served(draft, id) {
            return None;
        }
        let side = |of: IndicatorId| ratio_side(draft, (id, axis, part), of, scope);
        let (top, bottom) = (side(first)?, side(second)?);
        let (top, bottom) = match end {
            IntervalEnd::Least => (top.from, bottom.to),
            IntervalEnd::Most => (top.to, bottom.from),
        };
        return Some(draft.or_absent(top.infix("/", bottom)));
    }
    let row = draft.data.row(id, draft.input.period, DataItem::Part(axis, part, scope))?;
    let code = Formula::Cell(CellRef::row(draft.sheet(SheetSubject::Data), row, DataColumns::new(draft).part));
    evidence::part_formula(draft, (id, axis), code, scope, end)
}

/// The same part of what a ratio is made of: its own cells, or where these hold rounded numbers, their formulas. A part that
/// doesn't occur counts nothing.
fn ratio_side(
    draft: &AnnexBuilder,
    (ratio, axis, part): (IndicatorId, usize, PartKey),
    of: IndicatorId,
    scope: Scope,
) -> Option<QuantityFormulas> {
    let indicator = draft.indicator(of);
    let own = &draft.indicator(ratio).axes[axis];
    let axis = indicator.axes.iter().position(|axis| (axis.first, axis.second) == (own.first, own.second))?;
    let released = draft.figure(of).axes.get(axis)?;
    let Some(found) = released.parts.iter().find(|released| released.key == part) else {
        let zero = || Formula::number(0);
        let matches = indicator.calculation.is_counted() && !released.withheld;
        return matches.then(|| QuantityFormulas { from: zero(), to: zero() });
    };
    let scope = evidence::scope_in_ratio(draft, of, scope);
    let ReleasedValue::Value(Some(amount)) = found.value(scope) else { return None };
    if amount.printed_exponent().is_some() {
        let formula = |end| part_formula(draft, (of, axis, part), scope, end);
        let to = if amount.is_interval() { IntervalEnd::Most } else { IntervalEnd::Least };
        return Some(QuantityFormulas { from: formula(IntervalEnd::Least)?, to: formula(to)? });
    }
    let row = draft.data.row(of, draft.input.period, DataItem::Part(axis, part, scope))?;
    let columns = DataColumns::new(draft);
    let cell = |end| {
        let column = if amount.is_interval() { columns.end(end) } else { columns.number };
        Formula::Cell(CellRef::row(draft.sheet(SheetSubject::Data), row, column))
    };
    Some(QuantityFormulas { from: cell(IntervalEnd::Least), to: cell(IntervalEnd::Most) })
}
