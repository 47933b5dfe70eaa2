//! The printed page of a sheet: as few pages as letters of a readable size allow, with what it belongs to at head and foot.

use rust_xlsxwriter::XlsxError;

use super::address::first_header_row;
use super::sheet::WorksheetWriter;
use super::{MAX_TEXT_LENGTH, truncate_at_word};
use crate::report::annex::SheetRole;

/// Pixels of an inch, and of a character of the font that widths are measured in.
const PIXELS_PER_INCH: f64 = 96.0;
const PIXELS_PER_CHARACTER: f64 = 7.0;
/// Pixels beside the characters of a column.
const COLUMN_PADDING: f64 = 5.0;
const POINTS_PER_INCH: f64 = 72.0;

/// Sets up how a worksheet is printed whose rows are written; charts reach over so many columns beside the table.
pub fn set_up_page(writer: &mut WorksheetWriter, rows: u32, chart_columns: u16) -> Result<(), XlsxError> {
    let (style, sheet) = (writer.style, writer.sheet);
    let page = &style.page;
    let notices = &writer.annex.notices;
    let head_margin = if notices.len() > 1 { page.head_margin } else { page.margin };
    let number = writer.annex.page_number.replace("{pages}", "&N").replace("{page}", "&P");
    let size = page.notice_size;
    let foot = |notice: Option<&String>| {
        let right = format!("&R&{size}{number}");
        let own = writer.annex.foot.replace('&', "&&");
        let notice = notice.map(|notice| format!("\n{}", page_lines(notice, page.notice_length))).unwrap_or_default();
        let left = format!("&L&{size}{own}{notice}");
        let room = MAX_TEXT_LENGTH.saturating_sub(right.encode_utf16().count());
        truncate_at_word(&left, room) + &right
    };
    let text = foot(notices.last());
    let worksheet = &mut *writer.worksheet;
    worksheet.set_paper_size(style.paper());
    worksheet.set_margins(page.margin, page.margin, head_margin, page.foot_margin, -1.0, -1.0);
    worksheet.set_footer(text);
    if let [first, _, ..] = notices.as_slice() {
        let line = format!("&L&{size}{}", page_lines(first, page.notice_length));
        worksheet.set_header(truncate_at_word(&line, MAX_TEXT_LENGTH));
    }
    let columns = sheet.columns.len() as u16;
    if !sheet.role.is_printed() && sheet.role != SheetRole::Evidence || columns == 0 {
        // The title, and what the sheet is.
        worksheet.set_landscape().set_print_fit_to_pages(1, 0);
        let lines = (sheet.head.len() as u32).max(1);
        worksheet.set_print_area(0, 0, lines - 1, page.title_columns.min(columns.max(1)) - 1)?;
        return Ok(());
    }
    let printed = if sheet.role.is_printed() { rows.max(1) } else { 0 };
    worksheet.set_print_area(0, 0, writer.header + printed, columns - 1 + chart_columns)?;
    if printed > 0 {
        worksheet.set_repeat_rows(first_header_row(sheet), writer.header)?;
    }
    let pixels = |width: &f64| width * PIXELS_PER_CHARACTER + COLUMN_PADDING;
    let charts = if sheet.charts.is_empty() { 0.0 } else { f64::from(style.chart.width) };
    let width = writer.widths.iter().map(pixels).sum::<f64>() + charts;
    let across = |inches: f64| (inches - 2.0 * page.margin) * PIXELS_PER_INCH / width;
    let down = |inches: f64| (inches - head_margin - page.foot_margin) * POINTS_PER_INCH / writer.height.max(1.0);
    let least = f64::from(page.least_scale) / 100.0;
    if across(page.height) >= least {
        worksheet.set_portrait();
        if down(page.width) >= 1.0 && across(page.height) >= 1.0 {
            return Ok(());
        }
        // As many rows on a page as letters of that size allow.
        let scale = if down(page.width) >= least { down(page.width).min(across(page.height)).min(1.0) } else { least };
        worksheet.set_print_scale((scale * 100.0).floor() as u16);
    } else if sheet.role == SheetRole::Summary && across(page.width).min(down(page.height)) >= least {
        worksheet.set_landscape().set_print_fit_to_pages(1, 1);
    } else if across(page.width) >= least {
        worksheet.set_landscape();
        let scale = if down(page.height) >= least { across(page.width).min(down(page.height)).min(1.0) } else { least };
        worksheet.set_print_scale((scale * 100.0).floor() as u16);
    } else {
        worksheet.set_landscape().set_print_scale(page.least_scale);
        if sheet.frozen > 0 {
            worksheet.set_repeat_columns(0, sheet.frozen - 1)?;
        }
    }
    Ok(())
}

/// A text in lines of at most so many letters, as heads and feet of pages are written.
fn page_lines(text: &str, length: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= length => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n").replace('&', "&&")
}
