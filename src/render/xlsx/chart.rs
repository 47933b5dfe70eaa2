use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartSolidFill, ChartType, Worksheet, XlsxError,
};

use super::address::{Addresses, header_row};
use super::style::{AnnexStyle, color};
use super::{MAX_TEXT_LENGTH, truncate_at_word};
use crate::report::annex::{self, AnnexSheet, BarDirection};

/// Draws a sheet's charts one under the other, as many on a printed page as fit.
pub fn insert_charts(
    worksheet: &mut Worksheet,
    sheet: &AnnexSheet,
    addresses: &Addresses,
    style: &AnnexStyle,
) -> Result<(), XlsxError> {
    let mut row = header_row(sheet);
    let mut breaks = Vec::new();
    let mut page_ends = style.chart.page_rows;
    for chart in &sheet.charts {
        let height = chart_height(chart, style);
        let rows = height.div_ceil(style.chart.row_height) + 1;
        if row + rows > page_ends {
            breaks.push(row);
            page_ends = row + style.chart.page_rows;
        }
        // A little below the line at which the page may end, on which a frame would be drawn twice.
        worksheet.insert_chart_with_offset(row, 0, &build_chart(chart, addresses, style, height), 0, 3)?;
        row += rows;
    }
    worksheet.set_page_breaks(&breaks)?;
    Ok(())
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
        let fill = ChartSolidFill::new().set_color(color(&style.chart.series[at % style.chart.series.len()])).clone();
        let mut label = ChartDataLabel::new();
        label.show_value();
        if chart.percent {
            label.set_num_format("0%");
        }
        out.add_series()
            .set_name(series.name.as_str())
            .set_categories(addresses.span(series.categories).as_str())
            .set_values(addresses.span(series.values).as_str())
            .set_format(ChartFormat::new().set_solid_fill(&fill))
            .set_data_label(&label)
            .set_gap(style.chart.gap);
    }
    if chart.bars == BarDirection::Horizontal {
        // The first row of the table is the topmost bar. Each bar bears its number, so that no axis says it again.
        out.y_axis().set_reverse();
        out.x_axis().set_hidden(true).set_major_gridlines(false);
    }
    let values = match chart.bars {
        BarDirection::Horizontal => out.x_axis(),
        BarDirection::Vertical => out.y_axis(),
    };
    values.set_min(0);
    if chart.percent {
        values.set_num_format("0%");
    }
    if chart.series.len() > 1 {
        out.legend().set_position(ChartLegendPosition::Bottom);
    } else {
        out.legend().set_hidden();
    }
    out
}
