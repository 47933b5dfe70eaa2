//! Native charts over the sheets of indicators and disaggregations, each with what it shows in words.

use super::annex_builder::AnnexBuilder;
use super::axis_labels::{self, PartLabels};
use super::disaggregation::{self, PlacedPart};
use super::indicators;
use super::sheet_plan::SheetSubject;
use super::workbook_model::{
    AnnexCell, AnnexChart, AnnexSheet, BarDirection, CellSpan, ChartSeries, InMemoryRows, SheetRole,
};
use crate::disclosure::ReleasedValue;
use crate::indicators::Scope;
use crate::locale::Locale;
use crate::model::IndicatorId;

/// More would make the sheet slow to open; the first ones are drawn.
const CHARTS_AT_MOST: usize = 24;

/// With more bars than these a chart can't be read.
const PARTS_AT_MOST: usize = 20;

pub fn charts_sheet<'a>(draft: &mut AnnexBuilder<'a>, parts: &[PlacedPart]) -> AnnexSheet<'a> {
    let mut charts: Vec<AnnexChart> = progress_chart(draft).into_iter().collect();
    for by_axis in parts.chunk_by(|a, b| (a.id, a.axis) == (b.id, b.axis)) {
        if charts.len() < CHARTS_AT_MOST {
            charts.extend(disaggregation_chart(draft, by_axis));
        }
    }
    let heading = draft.labels.label("workbook.charts");
    let mut head = vec![vec![AnnexCell::Heading(heading.into())]];
    if charts.is_empty() {
        head.push(vec![AnnexCell::text(draft.labels.label("notes.none"))]);
    }
    AnnexSheet {
        name: draft.plan.name(SheetSubject::Charts).to_owned(),
        role: SheetRole::Charts,
        head,
        columns: Vec::new(),
        frozen: 0,
        rows: Box::new(InMemoryRows(Vec::new())),
        tables: Vec::new(),
        charts,
    }
}

/// Progress of all indicators towards their total targets.
fn progress_chart(draft: &AnnexBuilder) -> Option<AnnexChart> {
    let with_progress = |id: IndicatorId| draft.figure(id).totals.progress.is_some();
    let last = draft.plan.indicators.last()?;
    if !draft.plan.indicators.iter().any(|placed| with_progress(placed.id)) {
        return None;
    }
    let sheet = draft.sheet(SheetSubject::Indicators);
    let span = |column: u16| CellSpan { sheet, column, first: 0, last: last.row + last.rows() - 1 };
    let alt = draft.labels.join_lines(|locale| {
        let descriptions = draft.plan.indicators.iter().map(|placed| describe_indicator(draft, placed.id, locale));
        descriptions.collect::<Vec<String>>().join(" ")
    });
    Some(AnnexChart {
        title: draft.labels.label("section.chart"),
        alt,
        bars: BarDirection::Horizontal,
        percent: true,
        series: vec![ChartSeries {
            name: draft.labels.label("figure.progress"),
            categories: span(indicators::column::CODE),
            values: span(indicators::column::PROGRESS),
        }],
    })
}

fn describe_indicator(draft: &AnnexBuilder, id: IndicatorId, locale: &Locale) -> String {
    let totals = &draft.figure(id).totals;
    let title = draft.labels.in_language(&draft.indicator(id).title, locale);
    let percent = draft.is_percent(id);
    let actual = match &totals.level {
        Some(amount) => locale.figure(amount, percent),
        None => locale.absent().to_owned(),
    };
    let Some(target) = totals.target_total else {
        return locale.phrase("chart.alt-no-target", &[("title", &title), ("actual", &actual)]);
    };
    let target = if percent { locale.percent(target, 1) } else { locale.number(target) };
    let status = locale.status(totals.status.map(|status| status.code()));
    let args = [("title", title.as_str()), ("actual", &actual), ("target", &target), ("status", status)];
    locale.phrase("chart.alt", &args)
}

/// The parts of one axis. None where there is nothing to compare, or too much.
fn disaggregation_chart(draft: &AnnexBuilder, parts: &[PlacedPart]) -> Option<AnnexChart> {
    let PlacedPart { id, axis, .. } = *parts.first()?;
    let parts: Vec<&PlacedPart> = parts.iter().filter(|part| part.key.is_some()).collect();
    let readable = (2..=PARTS_AT_MOST).contains(&parts.len()) && parts.iter().all(|part| !part.interval);
    let released = &draft.figure(id).axes[axis].parts;
    let number = |shown: ReleasedValue| matches!(shown, ReleasedValue::Value(Some(_)));
    if !readable || !released.iter().any(|part| number(part.value(Scope::Cumulative))) {
        return None;
    }
    let labels = PartLabels::new(draft, id, axis);
    let percent = draft.is_percent(id);
    let indicator = draft.indicator(id);
    let title = draft.labels.join(|locale| draft.labels.in_language(&indicator.title, locale));
    let axis_name = axis_labels::axis_name(draft, &indicator.axes[axis]);
    let alt = draft.labels.join_lines(|locale| {
        let descriptions = released.iter().map(|part| {
            let value = match part.value(Scope::Cumulative) {
                ReleasedValue::Value(Some(amount)) => locale.figure(&amount, percent),
                ReleasedValue::Value(None) => locale.absent().to_owned(),
                ReleasedValue::Below(limit) => locale.below(limit),
                ReleasedValue::Withheld => locale.withheld().to_owned(),
            };
            format!("{}: {value}", labels.label(part.key))
        });
        descriptions.collect::<Vec<String>>().join("; ")
    });
    let span = |column: u16| disaggregation::part_span(draft, &parts, column);
    Some(AnnexChart {
        title: format!("{}. {title} ({axis_name})", indicator.code),
        alt,
        bars: BarDirection::Horizontal,
        percent,
        series: vec![ChartSeries {
            name: draft.labels.label("figure.cumulative"),
            categories: span(disaggregation::column::PART)?,
            values: span(disaggregation::column::CUMULATIVE)?,
        }],
    })
}
