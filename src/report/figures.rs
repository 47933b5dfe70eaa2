//! Figures for machines (contract, sections 7 and 8): `figures.json` of a report, from what is released, and the
//! unsuppressed figures of the organisation itself as JSON, CSV and a table.

mod csv;
mod json;
mod json_pointers;
mod table;

use std::borrow::Cow;

use crate::disclosure::{ReleasedFigure, ReleasedPeriod, ReleasedValue};
use crate::indicators::{Figure, Figures, Key, PartKey, PeriodFigures};
use crate::model::{Axis, AxisSide, Indicator, Period, Project, ReportSettings};
use crate::report::document::PrintedFigure;

pub use csv::csv_row;
pub use json_pointers::{FigurePlaces, PlacedValue};
pub use table::table;

/// `figures.json` of a report in one of its periods, given as an index among those that are `released`, ending in a line
/// break.
pub fn report_json(
    project: &Project,
    report: &ReportSettings,
    released: &[ReleasedPeriod],
    period: usize,
    printed: &[PrintedFigure],
) -> String {
    let Some(own) = released.get(period) else { return String::new() };
    let beside = side_by_side(project, &own.period);
    let line = |(at, indicator)| {
        let mut line = IndicatorFigures::released(project, indicator, own.figures.get(at)?);
        line.periods = beside
            .iter()
            .filter_map(|beside| released.get(*beside))
            .filter_map(|beside| {
                Some((&beside.period, IndicatorFigures::released(project, indicator, beside.figures.get(at)?)))
            })
            .collect();
        Some(line)
    };
    let shown = project.logframe.indicators.iter().enumerate().filter(|(_, indicator)| report.shows(&indicator.code));
    let lines: Vec<IndicatorFigures> = shown.filter_map(line).collect();
    json::write_pretty(project, report, &own.period, &lines, printed)
}

/// Indexes of the periods that are shown beside one.
fn side_by_side(project: &Project, period: &Period) -> Vec<usize> {
    period.side_by_side(&project.settings.periods, &project.logframe.periods)
}

/// One object per line and period, nothing suppressed. `all` are the figures of every period.
pub fn json_lines<'a>(
    project: &Project,
    all: &Figures,
    periods: impl IntoIterator<Item = &'a PeriodFigures>,
) -> String {
    let one = |figures: &PeriodFigures| {
        let beside = side_by_side(project, &figures.period);
        let mut lines = indicator_figures(project, figures);
        for (at, (line, indicator)) in lines.iter_mut().zip(&project.logframe.indicators).enumerate() {
            let period = |beside: &usize| {
                let beside = &all.periods[*beside];
                (&beside.period, IndicatorFigures::unsuppressed(project, indicator, &beside.figures[at]))
            };
            line.periods = beside.iter().map(period).collect();
        }
        json::write_line(project, &figures.period, &lines)
    };
    periods.into_iter().map(one).collect()
}

/// A header and one line per value, nothing suppressed.
pub fn csv<'a>(project: &Project, periods: impl IntoIterator<Item = &'a PeriodFigures>) -> String {
    periods
        .into_iter()
        .map(|figures| csv::write_rows(project, &figures.period, &indicator_figures(project, figures)))
        .collect()
}

/// The first line of a CSV file.
pub const CSV_HEADER: &str = "project,period,code,scope,axis,value,number,approximate\n";

/// The figures of one period, or of all.
pub fn select_periods<'a>(figures: &'a Figures, period: Option<&str>) -> Vec<&'a PeriodFigures> {
    figures.periods.iter().filter(|figures| period.is_none_or(|code| figures.period.code == code)).collect()
}

fn indicator_figures<'a>(project: &'a Project, figures: &'a PeriodFigures) -> Vec<IndicatorFigures<'a>> {
    let pairs = project.logframe.indicators.iter().zip(&figures.figures);
    pairs.map(|(indicator, figure)| IndicatorFigures::unsuppressed(project, indicator, figure)).collect()
}

/// One indicator as machines read it.
struct IndicatorFigures<'a> {
    indicator: &'a Indicator,
    totals: &'a Figure,
    axes: Vec<AxisValues<'a>>,
    /// The indicator in the periods beside; those have none themselves.
    periods: Vec<(&'a Period, IndicatorFigures<'a>)>,
}

struct AxisValues<'a> {
    /// As written in `by`.
    text: &'a str,
    withheld: bool,
    parts: Vec<AxisPartValues<'a>>,
}

struct AxisPartValues<'a> {
    value: Cow<'a, str>,
    period: ReleasedValue,
    served: ReleasedValue,
    cumulative: ReleasedValue,
}

impl<'a> IndicatorFigures<'a> {
    fn released(project: &'a Project, indicator: &'a Indicator, figure: &'a ReleasedFigure) -> IndicatorFigures<'a> {
        let axes = indicator.axes.iter().zip(&figure.axes).map(|(axis, released)| AxisValues {
            text: &axis.text,
            withheld: released.withheld,
            parts: released
                .parts
                .iter()
                .map(|part| AxisPartValues {
                    value: part_code(project, axis, part.key),
                    period: part.period,
                    served: part.served,
                    cumulative: part.cumulative,
                })
                .collect(),
        });
        IndicatorFigures { indicator, totals: &figure.totals, axes: axes.collect(), periods: Vec::new() }
    }

    fn unsuppressed(project: &'a Project, indicator: &'a Indicator, figure: &'a Figure) -> IndicatorFigures<'a> {
        let axes = indicator.axes.iter().zip(&figure.axes).map(|(axis, counted)| AxisValues {
            text: &axis.text,
            withheld: false,
            parts: counted
                .parts
                .iter()
                .map(|part| AxisPartValues {
                    value: part_code(project, axis, part.key),
                    period: ReleasedValue::Value(part.period),
                    served: ReleasedValue::Value(part.served),
                    cumulative: ReleasedValue::Value(part.cumulative),
                })
                .collect(),
        });
        IndicatorFigures { indicator, totals: figure, axes: axes.collect(), periods: Vec::new() }
    }
}

/// How machines name a part: its list code, its band, `F × 18-59`, `several`, `unknown`.
pub fn part_code<'a>(project: &'a Project, axis: &Axis, key: PartKey) -> Cow<'a, str> {
    match (key, axis.second) {
        (PartKey::One(key), _) | (PartKey::Crossed(key, _), None) => key_code(project, axis.first, key),
        (PartKey::Crossed(first, second), Some(part)) => {
            Cow::Owned(format!("{} × {}", key_code(project, axis.first, first), key_code(project, part, second)))
        }
    }
}

/// How machines name one side of a part.
pub fn key_code(project: &Project, part: AxisSide, key: Key) -> Cow<'_, str> {
    let columns = project.side_column(part);
    match key {
        Key::Category(category) => columns
            .and_then(|column| column.entries.get(category.0 as usize))
            .map_or(Cow::Borrowed(""), |entry| Cow::Borrowed(entry.code)),
        Key::Band(band) => Cow::Owned(project.settings.age_bands.code(band)),
        Key::Several => Cow::Borrowed("several"),
        Key::Unknown => Cow::Borrowed("unknown"),
    }
}

/// First and last day of a period, and its code.
fn period_ends(period: &Period) -> (String, String) {
    (period.start.to_string(), period.end.to_string())
}
