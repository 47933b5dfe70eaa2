//! A few native charts, each beside the small table that it draws: the way to the targets, people by period, people by place.

use rust_decimal::Decimal;

use super::annex_builder::{AnnexBuilder, IntervalEnd};
use super::axis_labels::part_sides;
use super::data::DataItem;
use super::labels::ColumnList;
use super::sheet_plan::{PlacedIndicator, SheetSubject};
use super::workbook_model::{
    AnnexCell, AnnexChart, AnnexColumnKind, AnnexSheet, AnnexSheetIndex, BarDirection, CellSpan, ChartSeries,
    InMemoryRows, SheetRole,
};
use crate::disclosure::ReleasedValue;
use crate::indicators::{Scope, Status};
use crate::locale::Locale;
use crate::model::{AxisSide, Calculation, IndicatorId};
use crate::report::figures::PlacedValue;

/// With more bars than these a chart can't be read.
const BARS_AT_MOST: usize = 40;

/// Indicators of people side by side.
const SERIES_AT_MOST: usize = 3;

/// The column of axes that is a place.
const PLACE: &str = "municipality";

/// The rows that a chart draws, in all languages.
struct ChartTable<'a> {
    /// By language.
    titles: Vec<String>,
    series: Vec<SeriesNames>,
    rows: Vec<ChartRow<'a>>,
    bars: BarDirection,
    percent: bool,
    statuses: Vec<Option<&'static str>>,
}

/// What a series is called above its numbers, and in each language beside its colour.
struct SeriesNames {
    short: String,
    names: Vec<String>,
}

struct ChartRow<'a> {
    /// By language.
    categories: Vec<String>,
    values: Vec<AnnexCell<'a>>,
}

pub fn charts_sheet<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let tables: Vec<ChartTable> =
        [progress_table(draft), period_table(draft), place_table(draft)].into_iter().flatten().collect();
    let labels = &draft.labels;
    let languages = labels.count();
    let mut columns = ColumnList::new(labels);
    columns.add_texts("workbook.bar", AnnexColumnKind::Source);
    let width = tables.iter().map(|table| table.series.len()).max().unwrap_or(1);
    for number in 1..=width {
        columns.add_headed(
            labels.each(|locale| format!("{} {number}", locale.label("figure.value"))),
            AnnexColumnKind::Number,
        );
    }
    let columns = columns.finish();
    let sheet = draft.sheet(SheetSubject::Charts);
    let mut rows: Vec<Vec<AnnexCell>> = Vec::new();
    let mut charts: Vec<Vec<AnnexChart>> = labels.locales().iter().map(|_| Vec::new()).collect();
    for table in tables {
        let mut title: Vec<AnnexCell> =
            table.titles.iter().map(|title| AnnexCell::Group(title.as_str().into())).map(own).collect();
        title.extend(table.series.iter().map(|series| AnnexCell::Group(series.short.clone().into())));
        rows.push(title);
        let first = rows.len() as u32;
        for (at, locale) in labels.locales().iter().enumerate() {
            charts[at].push(chart_of(&table, (at as u16, languages), (sheet, first), locale));
        }
        rows.extend(
            table.rows.into_iter().map(|row| {
                row.categories.into_iter().map(AnnexCell::text).chain(row.values).collect::<Vec<AnnexCell>>()
            }),
        );
    }
    let mut head = labels.title_lines(|locale| locale.label("workbook.charts").to_owned());
    if rows.is_empty() {
        head.extend(labels.text_lines(|locale| locale.label("notes.none").to_owned()));
    }
    let rows = Box::new(InMemoryRows(rows));
    let mut sheet = draft.table_sheet(SheetSubject::Charts, (SheetRole::Charts, "charts"), head, columns, 0, rows);
    sheet.tables.clear();
    sheet.charts = charts.into_iter().flatten().collect();
    sheet
}

/// The cell with a text of its own.
fn own(cell: AnnexCell) -> AnnexCell<'static> {
    match cell {
        AnnexCell::Group(text) => AnnexCell::Group(text.into_owned().into()),
        _ => AnnexCell::Empty,
    }
}

/// A table as a chart in one of the languages, by its place among so many.
fn chart_of(
    table: &ChartTable,
    (language, languages): (u16, u16),
    (sheet, first): (AnnexSheetIndex, u32),
    locale: &Locale,
) -> AnnexChart {
    let last = first + table.rows.len() as u32 - 1;
    let span = |column: u16| CellSpan { sheet, column, first, last };
    let at = usize::from(language);
    let title = table.titles[at].clone();
    let named = |row: Option<&ChartRow>| row.map(|row| row.categories[at].clone()).unwrap_or_default();
    let args = [("title", title.as_str()), ("n", &locale.integer(table.rows.len() as u64))];
    let ends = [("first", named(table.rows.first())), ("last", named(table.rows.last()))];
    let ends = ends.iter().map(|(name, text)| (*name, text.as_str()));
    let series = table.series.iter().enumerate().map(|(number, series)| ChartSeries {
        name: series.names[at].clone(),
        values: span(languages + number as u16),
        statuses: table.statuses.clone(),
    });
    AnnexChart {
        alt: locale.phrase("workbook.chart-alt", &args.into_iter().chain(ends).collect::<Vec<_>>()),
        title,
        language: locale.lang().as_str().to_owned(),
        bars: table.bars,
        percent: table.percent,
        categories: span(language),
        series: series.collect(),
    }
}

/// The report's own indicators, in the order of its table.
fn listed<'d>(draft: &'d AnnexBuilder) -> impl Iterator<Item = &'d PlacedIndicator> {
    draft.plan.indicators.iter().filter(|placed| placed.listed)
}

/// Progress of all indicators towards their total targets, coloured by their statuses.
fn progress_table<'a>(draft: &AnnexBuilder<'a>) -> Option<ChartTable<'a>> {
    let mut statuses = Vec::new();
    let mut rows = Vec::new();
    for placed in listed(draft) {
        let item = DataItem::Total(PlacedValue::Progress);
        let value = draft.data.reference(draft, placed.id, draft.input.period, item, IntervalEnd::Least);
        let Some(value) = value.filter(|_| rows.len() < BARS_AT_MOST) else { continue };
        statuses.push(draft.figure(placed.id).totals.status.map(Status::code));
        rows.push(ChartRow { categories: indicator_names(draft, placed.id), values: vec![value] });
    }
    (!rows.is_empty()).then(|| ChartTable {
        titles: draft.labels.each_label("section.chart"),
        series: vec![single_series(draft, "figure.progress")],
        rows,
        bars: BarDirection::Horizontal,
        percent: true,
        statuses,
    })
}

/// The only series of a chart.
fn single_series(draft: &AnnexBuilder, key: &str) -> SeriesNames {
    SeriesNames { short: String::new(), names: draft.labels.each_label(key) }
}

/// "I14 Number of refugees who received support", in each language.
fn indicator_names(draft: &AnnexBuilder, id: IndicatorId) -> Vec<String> {
    let indicator = draft.indicator(id);
    draft.labels.each(|locale| format!("{} {}", indicator.code, draft.labels.in_language(&indicator.title, locale)))
}

/// Indicators of people, those with most first.
fn people_indicators(draft: &AnnexBuilder) -> Vec<IndicatorId> {
    let of_people = |placed: &&PlacedIndicator| draft.indicator(placed.id).calculation == Calculation::People;
    let mut people: Vec<IndicatorId> = listed(draft).filter(of_people).map(|placed| placed.id).collect();
    let size = |id: &IndicatorId| draft.figure(*id).totals.cumulative.map_or(Decimal::ZERO, |amount| amount.to);
    people.sort_by_key(|id| std::cmp::Reverse(size(id)));
    people
}

/// People counted for the first time in each period, for the largest indicators of people.
fn period_table<'a>(draft: &AnnexBuilder<'a>) -> Option<ChartTable<'a>> {
    let item = DataItem::Total(PlacedValue::Actual(Scope::Period));
    let mut periods: Vec<usize> = draft.columns.earlier.iter().map(|(period, _)| *period).collect();
    let own = &draft.period;
    // A custom period, or the whole project, is no further one beside those within it.
    let within = |at: &usize| draft.logframe().periods[*at].start >= own.start;
    if !periods.iter().any(within) {
        periods.push(draft.input.period);
    }
    let people: Vec<IndicatorId> = people_indicators(draft).into_iter().take(SERIES_AT_MOST).collect();
    if people.is_empty() || periods.len() < 2 {
        return None;
    }
    let rows = periods.iter().map(|&period| {
        let known = draft.project().settings.known_days(&draft.logframe().periods[period]);
        let value = |id: &IndicatorId| {
            draft.data.reference(draft, *id, period, item, IntervalEnd::Least).unwrap_or(AnnexCell::Empty)
        };
        ChartRow {
            categories: draft.labels.each(|locale| locale.period_short(&known)),
            values: people.iter().map(value).collect(),
        }
    });
    Some(ChartTable {
        titles: draft.labels.each_label("workbook.people-by-period"),
        rows: rows.collect(),
        series: people
            .iter()
            .map(|id| SeriesNames { short: draft.indicator(*id).code.clone(), names: indicator_names(draft, *id) })
            .collect(),
        bars: BarDirection::Vertical,
        percent: false,
        statuses: Vec::new(),
    })
}

/// People by place, for the largest indicator of people that is broken down so. A place of which the number is hidden says
/// so in its name.
fn place_table<'a>(draft: &AnnexBuilder<'a>) -> Option<ChartTable<'a>> {
    let project = draft.project();
    let is_place = |side: AxisSide| match side {
        AxisSide::Activity(column) => project.activities.columns[usize::from(column.0)].name == PLACE,
        AxisSide::Person(column) => project.persons.columns[usize::from(column.0)].name == PLACE,
        AxisSide::Age | AxisSide::Counted(_) => false,
    };
    let with_place = |id: IndicatorId| {
        let axes = draft.indicator(id).axes.iter();
        let at = axes.enumerate().position(|(_, axis)| axis.second.is_none() && is_place(axis.first))?;
        Some((id, at))
    };
    let (id, axis) = people_indicators(draft).into_iter().find_map(with_place)?;
    let words = draft.key_labels(draft.indicator(id).axes[axis].first);
    let mut parts: Vec<_> = draft.figure(id).axes[axis].parts.iter().collect();
    let size = |value: ReleasedValue| match value {
        ReleasedValue::Value(Some(amount)) => Some(amount.to),
        _ => None,
    };
    parts.sort_by_key(|part| std::cmp::Reverse(size(part.cumulative)));
    parts.truncate(BARS_AT_MOST);
    if parts.iter().filter(|part| size(part.cumulative).is_some()).count() < 2 {
        return None;
    }
    let rows = parts.into_iter().map(|part| {
        let item = DataItem::Part(axis, part.key, Scope::Cumulative);
        let value = draft.data.reference(draft, id, draft.input.period, item, IntervalEnd::Least);
        let (key, _) = part_sides(part.key);
        let categories = draft.labels.locales().iter().enumerate().map(|(language, locale)| {
            let name = words.label(key, language);
            match part.cumulative {
                ReleasedValue::Value(_) => name.to_owned(),
                ReleasedValue::Below(limit) => format!("{name} ({})", locale.below(limit)),
                ReleasedValue::Withheld => format!("{name} ({})", locale.not_shown()),
            }
        });
        ChartRow { categories: categories.collect(), values: vec![value.unwrap_or(AnnexCell::Empty)] }
    });
    let names = indicator_names(draft, id);
    let place = super::axis_labels::side_names(draft, draft.indicator(id).axes[axis].first);
    Some(ChartTable {
        titles: names.iter().zip(place).map(|(name, place)| format!("{name} ({place})")).collect(),
        series: vec![single_series(draft, "figure.cumulative")],
        rows: rows.collect(),
        bars: BarDirection::Horizontal,
        percent: false,
        statuses: Vec::new(),
    })
}
