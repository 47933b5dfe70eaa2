use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartPoint, ChartSolidFill,
    ChartType, Worksheet, XlsxError,
};

use super::address::{Addresses, first_header_row};
use super::style::AnnexStyle;
use super::{MAX_TEXT_LENGTH, truncate_at_word};
use crate::report::annex::{self, AnnexSheet, BarDirection};

/// Pixels of a column that nothing is written in.
const COLUMN_PIXELS: u32 = 64;
/// Pixels between the table and its charts.
const CHART_OFFSET: u32 = 12;

/// What charts cover beside a table.
pub struct ChartArea {
    pub columns: u16,
    /// From 0.
    pub first_row: u32,
    pub last_row: u32,
}

/// Draws a sheet's charts one under the other beside its table.
pub fn insert_charts(
    worksheet: &mut Worksheet,
    sheet: &AnnexSheet,
    addresses: &Addresses,
    style: &AnnexStyle,
) -> Result<ChartArea, XlsxError> {
    let mut row = first_header_row(sheet);
    for chart in &sheet.charts {
        let height = chart_height(chart, style);
        let column = sheet.columns.len() as u16;
        worksheet.insert_chart_with_offset(
            row,
            column,
            &build_chart(chart, addresses, style, height),
            CHART_OFFSET,
            3,
        )?;
        row += height.div_ceil(style.chart.row_height) + 1;
    }
    if sheet.charts.is_empty() {
        return Ok(ChartArea { columns: 0, first_row: 0, last_row: 0 });
    }
    let columns = (style.chart.width + 2 * CHART_OFFSET).div_ceil(COLUMN_PIXELS);
    Ok(ChartArea { columns: columns as u16, first_row: first_header_row(sheet), last_row: row })
}

fn chart_height(chart: &annex::AnnexChart, style: &AnnexStyle) -> u32 {
    let bars = chart.series.iter().map(|series| series.values.last - series.values.first + 1).sum::<u32>();
    let height = match chart.bars {
        BarDirection::Horizontal => {
            (bars * style.chart.bar_height + style.chart.height / 3).max(style.chart.height / 2)
        }
        BarDirection::Vertical => style.chart.height,
    };
    height.min(style.chart.height_at_most)
}

fn build_chart(chart: &annex::AnnexChart, addresses: &Addresses, style: &AnnexStyle, height: u32) -> Chart {
    let mut out = Chart::new(match chart.bars {
        BarDirection::Horizontal => ChartType::Bar,
        BarDirection::Vertical => ChartType::Column,
    });
    out.set_width(style.chart.width).set_height(height);
    out.title().set_name(&chart.title).set_font(ChartFont::new().set_bold().set_size(style.chart.title_size));
    out.set_alt_text(truncate_at_word(&chart.alt, MAX_TEXT_LENGTH));
    for (at, series) in chart.series.iter().enumerate() {
        let fill = |color| ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(color)).clone();
        let mut label = ChartDataLabel::new();
        label.show_value();
        if chart.percent {
            label.set_num_format("0%");
        }
        let status_color =
            |code: &Option<&'static str>| code.and_then(|code| style.status_colors(code)).map(|colors| colors.0);
        let points: Vec<ChartPoint> = series
            .statuses
            .iter()
            .map(|code| {
                let color = status_color(code).unwrap_or(style.series_color(at));
                ChartPoint::new().set_format(&mut fill(color))
            })
            .collect();
        let drawn = out.add_series();
        drawn
            .set_name(series.name.as_str())
            .set_categories(addresses.span(chart.categories).as_str())
            .set_values(addresses.span(series.values).as_str())
            .set_format(&mut fill(style.series_color(at)))
            .set_data_label(&label)
            .set_gap(style.chart.gap);
        if !points.is_empty() {
            drawn.set_points(&points);
        }
    }
    if chart.bars == BarDirection::Horizontal {
        // The first row of the table is the topmost bar.
        out.y_axis().set_reverse();
        // Each bar bears its number, so that an axis of counts says nothing new.
        out.x_axis().set_hidden(!chart.percent).set_major_gridlines(chart.percent);
    }
    let values = match chart.bars {
        BarDirection::Horizontal => out.x_axis(),
        BarDirection::Vertical => out.y_axis(),
    };
    values.set_min(0);
    if chart.percent {
        // A line at each whole: at the target, and at twice it.
        values.set_max(style.chart.axis_at_most).set_major_unit(1).set_num_format("0%");
        values.set_major_gridlines_line(ChartLine::new().set_color(style.line_color()).set_width(1.5));
    }
    if chart.series.len() > 1 {
        out.legend().set_position(ChartLegendPosition::Bottom);
    } else {
        out.legend().set_hidden();
    }
    out
}
