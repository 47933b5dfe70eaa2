//! The first sheet: what the report is, how many targets were reached, and its table.

use super::annex_builder::{AnnexBuilder, IntervalEnd};
use super::data::DataItem;
use super::labels::ColumnList;
use super::row_notes::explanation;
use super::sheet_plan::{PlacedIndicator, SheetSubject};
use super::workbook_model::{
    AnnexCell, AnnexColumnKind, AnnexSheet, CachedResult, CellRef, Formula, InMemoryRows, SheetRole,
};
use crate::indicators::{Scope, Status};
use crate::locale::{ExcelKind, Locale};
use crate::model::{Amount, ResultId};
use crate::report::figures::PlacedValue;

/// Earlier periods beside the report's own; the sheet of indicators has all of them.
const MAX_EARLIER: usize = 3;

/// Statuses in the order in which they are counted: what needs attention first.
const TALLY: [Status; 7] = [
    Status::OffTrack,
    Status::AtRisk,
    Status::Undetermined,
    Status::Achieved,
    Status::OnTrack,
    Status::NotDue,
    Status::NoTarget,
];

pub fn summary_sheet<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let labels = &draft.labels;
    let values = value_columns(draft);
    let known = |period: usize| draft.project().settings.known_days(&draft.logframe().periods[period]);
    let mut columns = ColumnList::new(labels);
    columns.add("figure.code", AnnexColumnKind::Code);
    columns.add_texts("figure.indicator", AnnexColumnKind::Title);
    for value in &values {
        match value {
            SummaryColumn::Earlier(period) => {
                columns.add_headed(labels.each(|locale| locale.period_short(&known(*period))), AnnexColumnKind::Number)
            }
            SummaryColumn::Own(value, key) => columns.add(key, column_kind(*value)),
        };
    }
    columns.add_texts("figure.status", AnnexColumnKind::Status);
    // Of one language there is room for long lines, so that the rows are lower.
    let kind = if labels.count() == 1 { AnnexColumnKind::Title } else { AnnexColumnKind::Remark };
    columns.add_texts("figure.comment", kind);
    let columns = columns.finish();
    let mut rows = Vec::new();
    let mut result: Option<Option<ResultId>> = None;
    for placed in draft.plan.indicators.iter().filter(|placed| placed.listed) {
        let own = draft.indicator(placed.id).result;
        if own.is_some() && result != Some(own) {
            rows.extend(own.map(|id| group_row(draft, id)));
        }
        result = Some(own);
        for &end in IntervalEnd::needed(placed.interval) {
            rows.push(summary_row(draft, placed, end, &values));
        }
    }
    let mut head = project_lines(draft);
    head.extend(tally_lines(draft));
    let frozen = 1 + labels.count();
    let rows = Box::new(InMemoryRows(rows));
    draft.table_sheet(SheetSubject::Summary, (SheetRole::Summary, "summary"), head, columns, frozen, rows)
}

/// A column of numbers.
#[derive(Clone, Copy)]
enum SummaryColumn {
    Earlier(usize),
    /// Of the report's own period, with its heading.
    Own(PlacedValue, &'static str),
}

/// The columns of the report's table in which some indicator has a value.
fn value_columns(draft: &AnnexBuilder) -> Vec<SummaryColumn> {
    let starts_with_project = draft.period.start == draft.project().settings.start;
    let earlier = &draft.columns.earlier;
    let past = earlier.len().saturating_sub(MAX_EARLIER);
    let own = [
        (PlacedValue::TargetPeriod, "figure.target-period"),
        (PlacedValue::Actual(Scope::Period), "figure.actual-period"),
        (PlacedValue::Actual(Scope::Served), "figure.served"),
        (PlacedValue::TargetDue, "figure.target-due"),
        (PlacedValue::Actual(Scope::Cumulative), "figure.cumulative"),
        (PlacedValue::TargetTotal, "figure.target-total"),
        (PlacedValue::Progress, "figure.progress"),
    ];
    let repeats = |value: PlacedValue| {
        let of_period =
            [PlacedValue::TargetPeriod, PlacedValue::Actual(Scope::Period), PlacedValue::Actual(Scope::Served)];
        starts_with_project && of_period.contains(&value)
    };
    let has_value = |value: PlacedValue| {
        draft.plan.indicators.iter().any(|placed| {
            let totals = &draft.figure(placed.id).totals;
            match value {
                PlacedValue::Baseline => draft.indicator(placed.id).baseline.is_some_and(|value| !value.is_zero()),
                PlacedValue::TargetPeriod => totals.target_period.is_some(),
                PlacedValue::TargetDue => totals.target_due.is_some() && totals.target_due != totals.target_total,
                PlacedValue::Actual(Scope::Served) => totals.served.is_some(),
                _ => true,
            }
        })
    };
    let baseline = (PlacedValue::Baseline, "figure.baseline");
    let column = |(value, key): (PlacedValue, &'static str)| SummaryColumn::Own(value, key);
    let shown = |(value, _): &(PlacedValue, &str)| !repeats(*value) && has_value(*value);
    let mut columns: Vec<SummaryColumn> = [baseline].into_iter().filter(shown).map(column).collect();
    columns.extend(earlier[past..].iter().map(|(period, _)| SummaryColumn::Earlier(*period)));
    columns.extend(own.into_iter().filter(shown).map(column));
    columns
}

fn column_kind(value: PlacedValue) -> AnnexColumnKind {
    match value {
        PlacedValue::Progress => AnnexColumnKind::Progress,
        _ => AnnexColumnKind::Number,
    }
}

/// The result that the indicators below belong to, in each language.
fn group_row<'a>(draft: &AnnexBuilder<'a>, id: ResultId) -> Vec<AnnexCell<'a>> {
    let node = draft.logframe().result(id);
    let mut cells = vec![AnnexCell::Group(node.code.as_str().into())];
    let titles = draft.labels.each(|locale| draft.labels.in_language(&node.title, locale));
    cells.extend(titles.into_iter().map(|title| AnnexCell::Group(title.into())));
    cells
}

fn summary_row<'a>(
    draft: &AnnexBuilder<'a>,
    placed: &PlacedIndicator,
    end: IntervalEnd,
    values: &[SummaryColumn],
) -> Vec<AnnexCell<'a>> {
    let labels = &draft.labels;
    let indicator = draft.indicator(placed.id);
    let home = draft.sheet(SheetSubject::Indicators);
    let row = placed.row + if end == IntervalEnd::Most { 1 } else { 0 };
    let mut cells = vec![draft.link(indicator.code.as_str(), CellRef::row(home, row, 0))];
    cells.extend(labels.cells(|locale| {
        let title = labels.in_language(&indicator.title, locale);
        if placed.interval { format!("{title} ({})", locale.label(end.label())) } else { title }
    }));
    for value in values {
        cells.push(match value {
            SummaryColumn::Earlier(period) => {
                let item = DataItem::Total(PlacedValue::Actual(Scope::Period));
                let shown = draft.data.reference(draft, placed.id, *period, item, end);
                shown.unwrap_or_else(|| AnnexCell::text(draft.absent()))
            }
            SummaryColumn::Own(value, _) => own_cell(draft, placed, *value, end),
        });
    }
    let status = draft.figure(placed.id).totals.status;
    for (at, locale) in labels.locales().iter().enumerate() {
        let formula = Formula::Cell(CellRef::row(home, row, draft.columns.status + at as u16));
        let result = CachedResult::Text(draft.status(status, locale));
        cells.push(AnnexCell::Formula { formula, result, format: draft.format_of(ExcelKind::Integer, None) });
    }
    cells.extend(labels.cells(|locale| explanation(draft, placed.id, locale)));
    cells
}

/// A value of the period, as the sheet of indicators has it.
fn own_cell<'a>(
    draft: &AnnexBuilder<'a>,
    placed: &PlacedIndicator,
    value: PlacedValue,
    end: IntervalEnd,
) -> AnnexCell<'a> {
    let totals = &draft.figure(placed.id).totals;
    let exact = |number: Option<rust_decimal::Decimal>| number.map(Amount::exact);
    let amount = match value {
        PlacedValue::Baseline => exact(draft.indicator(placed.id).baseline),
        PlacedValue::TargetPeriod => exact(totals.target_period),
        PlacedValue::TargetDue => exact(totals.target_due),
        PlacedValue::TargetTotal => exact(totals.target_total),
        PlacedValue::Actual(scope) => totals.value(scope),
        PlacedValue::Progress | PlacedValue::ProgressDue => {
            let item = DataItem::Total(value);
            let shown = draft.data.reference(draft, placed.id, draft.input.period, item, end);
            return shown.unwrap_or_else(|| AnnexCell::text(draft.absent()));
        }
    };
    let (Some(amount), Some(column)) = (amount, draft.columns.column(value)) else {
        return AnnexCell::text(draft.absent());
    };
    let number = amount.round_for_print(end.amount(&amount));
    let row = placed.row + if end == IntervalEnd::Most { 1 } else { 0 };
    let format = draft.format(draft.is_percent(placed.id), &[number], amount.hedge);
    let cell = Formula::Cell(CellRef::row(draft.sheet(SheetSubject::Indicators), row, column));
    draft.formula(cell, Some(number), format)
}

/// What the report is of, for whom and to which day, a few lines in each language.
fn project_lines<'a>(draft: &AnnexBuilder<'a>) -> Vec<Vec<AnnexCell<'a>>> {
    let (labels, settings) = (&draft.labels, &draft.project().settings);
    let mut head = labels.title_lines(|locale| labels.in_language(&settings.title, locale));
    head.extend(labels.text_lines(|locale| about_text(draft, locale)));
    if draft.input.report.is_restricted() {
        head.extend(labels.text_lines(|locale| locale.label("notes.restricted").to_owned()));
    }
    head.extend(labels.text_lines(|locale| labels.in_language(&settings.notice, locale)));
    head
}

/// "Project code: … · Reporting period: … · Implemented by: …".
fn about_text(draft: &AnnexBuilder, locale: &Locale) -> String {
    let (labels, settings, report) = (&draft.labels, &draft.project().settings, draft.input.report);
    let named = |key: &str, value: String| format!("{}: {value}", locale.label(key));
    let mut facts = vec![
        named("cover.code", settings.code.clone()),
        named("period.reporting", locale.period(&settings.known_days(draft.period))),
    ];
    if let Some(date) = report.dates.get(&draft.period.code) {
        facts.push(named("cover.date", locale.date(*date)));
    }
    if let Some(own) = &settings.implementer {
        facts.push(named("cover.implementer", labels.in_language(&own.name, locale)));
    }
    for donor in settings.donors.iter().filter(|donor| report.donors.contains(&donor.code)) {
        let name = labels.in_language(&donor.name, locale);
        let grant = donor.grant.as_ref().map(|grant| format!(" ({}: {grant})", locale.label("cover.grant")));
        facts.push(named("cover.donor", name + &grant.unwrap_or_default()));
    }
    facts.join(" · ")
}

/// "17 indicators: 1 off track · 14 achieved · 2 not yet due".
fn tally_lines<'a>(draft: &AnnexBuilder<'a>) -> Vec<Vec<AnnexCell<'a>>> {
    let statuses: Vec<Option<Status>> = draft
        .plan
        .indicators
        .iter()
        .filter(|placed| placed.listed)
        .map(|placed| draft.figure(placed.id).totals.status)
        .collect();
    draft.labels.text_lines(|locale| {
        let integer = |number: usize| locale.integer(number as u64);
        let counts = TALLY.into_iter().map(Some).chain([None]).filter_map(|status| {
            let count = statuses.iter().filter(|own| **own == status).count();
            let word = locale.status(status.map(Status::code));
            (count > 0).then(|| locale.phrase("glance.count", &[("status", word), ("n", &integer(count))]))
        });
        let all = locale.phrase("glance.indicators", &[("n", &integer(statuses.len()))]);
        format!("{all} ({})", counts.collect::<Vec<String>>().join(" · "))
    })
}
