use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartSolidFill, ChartType, Worksheet, XlsxError,
};

use super::address::{Addresses, header_row};
use super::look::{Look, color};
use super::{LONGEST, within};
use crate::report::annex::{self, Bars, Sheet};

/// Draws a sheet's charts one under the other, as many on a printed page as fit.
pub fn insert(worksheet: &mut Worksheet, sheet: &Sheet, addresses: &Addresses, look: &Look) -> Result<(), XlsxError> {
    let mut row = header_row(sheet);
    let mut breaks = Vec::new();
    let mut page_ends = look.chart.page_rows;
    for chart in &sheet.charts {
        let height = height_of(chart, look);
        let rows = height.div_ceil(look.chart.row_height) + 1;
        if row + rows > page_ends {
            breaks.push(row);
            page_ends = row + look.chart.page_rows;
        }
        // A little below the line at which the page may end, on which a frame would be drawn twice.
        worksheet.insert_chart_with_offset(row, 0, &drawn(chart, addresses, look, height), 0, 3)?;
        row += rows;
    }
    worksheet.set_page_breaks(&breaks)?;
    Ok(())
}

fn height_of(chart: &annex::Chart, look: &Look) -> u32 {
    let bars = chart.series.iter().map(|series| series.values.last - series.values.first + 1).sum::<u32>();
    let height = match chart.bars {
        Bars::Lying => (bars * look.chart.bar_height + look.chart.height / 3).max(look.chart.height / 2),
        Bars::Standing => look.chart.height,
    };
    height.min(look.chart.height_at_most)
}

fn drawn(chart: &annex::Chart, addresses: &Addresses, look: &Look, height: u32) -> Chart {
    let mut out = Chart::new(match chart.bars {
        Bars::Lying => ChartType::Bar,
        Bars::Standing => ChartType::Column,
    });
    out.set_width(look.chart.width).set_height(height);
    out.title().set_name(&chart.title).set_font(ChartFont::new().set_bold().set_size(look.chart.title_size));
    out.set_alt_text(within(&chart.alt, LONGEST));
    for (at, series) in chart.series.iter().enumerate() {
        let fill = ChartSolidFill::new().set_color(color(&look.chart.series[at % look.chart.series.len()])).clone();
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
            .set_gap(look.chart.gap);
    }
    if chart.bars == Bars::Lying {
        // The first row of the table is the topmost bar. Each bar bears its number, so that no axis says it again.
        out.y_axis().set_reverse();
        out.x_axis().set_hidden(true).set_major_gridlines(false);
    }
    let values = match chart.bars {
        Bars::Lying => out.x_axis(),
        Bars::Standing => out.y_axis(),
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
