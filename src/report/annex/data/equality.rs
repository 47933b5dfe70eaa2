//! What the report says of a figure, and whether the workbook gives that again: for a reader who runs no program.

use rust_decimal::Decimal;

use super::super::annex_builder::{AnnexBuilder, IntervalEnd};
use super::super::sheet_plan::SheetSubject;
use super::super::workbook_model::{AnnexCell, CachedResult, CellRef, CellSpan, Formula};
use super::plan::DataKey;
use super::{DataColumns, cell_formula, number_format};
use crate::disclosure::ReleasedValue;
use crate::locale::{ExcelKind, Locale};

/// Decimal places of a figure, or of a large one its first digits, that are compared, so that binary fractions don't decide.
const COMPARED_DECIMALS: u32 = 9;

/// The figure as the report prints it, a value and no formula; and in each language whether the recomputed one beside it is
/// the same. Nothing where there is no formula to recompute.
pub(super) fn equality_cells<'a>(draft: &AnnexBuilder<'a>, key: DataKey, value: ReleasedValue) -> Vec<AnnexCell<'a>> {
    let labels = &draft.labels;
    let nothing = || [AnnexCell::Empty].into_iter().chain(labels.empty_cells()).collect();
    let ReleasedValue::Value(Some(amount)) = value else { return nothing() };
    if cell_formula(draft, key, amount, IntervalEnd::Least).is_none() {
        return nothing();
    }
    let Some(row) = draft.data.row(key.id, key.period, key.item) else { return nothing() };
    let (columns, sheet) = (DataColumns::new(draft), draft.sheet(SheetSubject::Data));
    let printed = |end: IntervalEnd| amount.round_for_print(end.amount(&amount));
    let cell = |column: u16| Formula::Cell(CellRef::row(sheet, row, column));
    let is_same = |column: u16, said: Formula| {
        let minus = |one: Formula, other: Formula| one.infix("-", other);
        let distances = [minus(cell(column), said.clone()), minus(said.clone(), cell(column))];
        let sizes = [Formula::number(1), said.clone(), minus(Formula::number(0), said)];
        let least = Formula::Number(Decimal::new(1, COMPARED_DECIMALS)).infix("*", Formula::call("MAX", sizes));
        Formula::call("MAX", distances).infix("<=", least)
    };
    let percent = draft.is_percent(key.id);
    let (reported, conditions) = if amount.is_interval() {
        let said = labels.locales().first().map(|locale| locale.figure(&amount, percent)).unwrap_or_default();
        let ends = [IntervalEnd::Least, IntervalEnd::Most];
        let conditions = ends.map(|end| is_same(columns.end(end), Formula::Number(printed(end))));
        (AnnexCell::text(said), conditions.to_vec())
    } else {
        let number = printed(IntervalEnd::Least);
        let format = number_format(draft, key.id, key.item, number, amount.hedge);
        let said = cell(columns.reported(labels.count()));
        (AnnexCell::Number(number, format), vec![is_same(columns.number, said)])
    };
    let format = draft.format_of(ExcelKind::Integer, None);
    let word = |locale: &Locale| {
        let [yes, no] = [locale.label("annex.yes"), locale.label("annex.no")].map(str::to_owned);
        let otherwise = || Formula::text(no.clone());
        let all = conditions.iter().rev().fold(Formula::text(yes.clone()), |inner, condition| {
            Formula::call("IF", [condition.clone(), inner, otherwise()])
        });
        // A cell that was overtyped with words isn't what the report says either.
        let formula = Formula::call("IFERROR", [all, otherwise()]);
        AnnexCell::Formula { formula, result: CachedResult::Text(yes), format }
    };
    [reported].into_iter().chain(labels.locales().iter().map(word)).collect()
}

/// How many recomputed figures aren't what the report says: none, unless somebody changed the workbook.
pub(super) fn count_line<'a>(draft: &AnnexBuilder<'a>) -> Option<Vec<AnnexCell<'a>>> {
    let last = u32::try_from(draft.data.keys.len()).ok()?.checked_sub(1)?;
    let no = draft.labels.locales().first()?.label("annex.no");
    let column = DataColumns::new(draft).reported(draft.labels.count()) + 1;
    let span = Formula::Span(CellSpan { sheet: draft.sheet(SheetSubject::Data), column, first: 0, last });
    let differing = span.infix("=", Formula::text(no)).infix("*", Formula::number(1));
    let formula = Formula::call("SUMPRODUCT", [differing]);
    let format = draft.format_of(ExcelKind::Integer, None);
    let mut line = vec![AnnexCell::Formula { formula, result: CachedResult::Number(Decimal::ZERO), format }];
    line.extend(draft.labels.label_cells("workbook.recomputed-differ"));
    Some(line)
}
