//! The printed page of a sheet: as few pages as letters of a readable size allow, with what it belongs to at head and foot.

use rust_xlsxwriter::XlsxError;

use super::address::first_header_row;
use super::chart::ChartArea;
use super::sheet::WorksheetWriter;
use super::style::AnnexStyle;
use super::{MAX_TEXT_LENGTH, truncate_at_word};
use crate::report::annex::{Annex, AnnexColumnKind, AnnexSheet, SheetRole};

/// Pixels of an inch, and of a character of the font that widths are measured in.
const PIXELS_PER_INCH: f64 = 96.0;
const PIXELS_PER_CHARACTER: f64 = 7.0;
/// Pixels beside the characters of a column.
const COLUMN_PADDING: f64 = 5.0;
const POINTS_PER_INCH: f64 = 72.0;
/// Programs measure letters in their own ways: so much of the paper is counted on.
const SAFETY: f64 = 0.94;

/// A line of text above a table has at most so many cells, a number and what it is of.
const CELLS_OF_A_LINE: usize = 2;

/// What goes on one page in the smallest letters.
pub struct PrintedPage {
    pub lines: f64,
    /// Of all columns together.
    pub characters: f64,
}

impl PrintedPage {
    /// How much a page holds of a table with so many columns: upright, then on its side.
    pub fn of_both_ways(annex: &Annex, style: &AnnexStyle, columns: usize) -> [PrintedPage; 2] {
        let (page, paper) = (&style.page, style.paper());
        let least = f64::from(page.least_scale) / 100.0;
        [(paper.height, paper.width), (paper.width, paper.height)].map(|(width, height)| {
            let height = height - head_margin(annex, style) - page.foot_margin;
            let pixels = SAFETY * (width - 2.0 * page.margin) * PIXELS_PER_INCH / least;
            PrintedPage {
                lines: SAFETY * height * POINTS_PER_INCH / least / style.lines.height,
                characters: (pixels - COLUMN_PADDING * columns as f64) / PIXELS_PER_CHARACTER,
            }
        })
    }
}

/// How many columns go on paper: where a row came from is for the screen.
pub fn shown_columns(sheet: &AnnexSheet) -> usize {
    let sources = sheet.columns.iter().rev().take_while(|column| column.kind == AnnexColumnKind::Source).count();
    if sources == sheet.columns.len() { sources } else { sheet.columns.len() - sources }
}

/// How a sheet goes on paper.
enum Fit {
    /// So much smaller.
    Scaled(f64),
    /// As wide as a page.
    Width,
    /// On one page.
    OnePage,
    /// Over several pages side by side.
    Wide,
}

/// How many columns are repeated on pages side by side: the code, and the title in the first language.
pub fn repeated_columns(sheet: &AnnexSheet) -> usize {
    usize::from(sheet.frozen.min(2))
}

/// Sets up how a worksheet is printed whose rows are written, and beside whose table are charts.
pub fn set_up_page(writer: &mut WorksheetWriter, rows: u32, charts: ChartArea) -> Result<(), XlsxError> {
    let (style, sheet) = (writer.style, writer.sheet);
    let page = &style.page;
    let paper = style.paper();
    set_margin_texts(writer);
    let columns = sheet.columns.len() as u16;
    if !sheet.role.is_printed() || columns == 0 {
        // The title, and what the sheet is; not the totals above columns that aren't there.
        let [_, sideways] = PrintedPage::of_both_ways(writer.annex, style, page.title_columns.into());
        let mut filled = 0.0;
        let fits = writer.widths.iter().take(page.title_columns.into()).take_while(|width| {
            filled += **width;
            filled <= sideways.characters
        });
        let title_columns = fits.count() as u16;
        let worksheet = &mut *writer.worksheet;
        worksheet.set_landscape().set_print_fit_to_pages(1, 0);
        let lines = (sheet.head.iter().take_while(|cells| cells.len() <= CELLS_OF_A_LINE).count() as u32).max(1);
        worksheet.set_print_area(0, 0, lines - 1, title_columns.max(1) - 1)?;
        return Ok(());
    }
    if charts.columns > 0 {
        // Each chart bears its numbers, and what it shows in its title.
        let pages = sheet.heading_rows() as u16;
        let worksheet = &mut *writer.worksheet;
        worksheet.set_portrait().set_print_fit_to_pages(1, pages);
        worksheet.set_print_area(charts.first_row, columns, charts.last_row, columns + charts.columns - 1)?;
        return Ok(());
    }
    let shown = shown_columns(sheet) as u16;
    writer.worksheet.set_print_area(0, 0, writer.header + rows.max(1), shown - 1)?;
    writer.worksheet.set_repeat_rows(first_header_row(sheet), writer.header)?;
    let pixels = |width: &f64| width * PIXELS_PER_CHARACTER + COLUMN_PADDING;
    let width = writer.widths[..usize::from(shown)].iter().map(pixels).sum::<f64>();
    let height = writer.height;
    let least = f64::from(page.least_scale) / 100.0;
    let across = |inches: f64| SAFETY * (inches - 2.0 * page.margin) * PIXELS_PER_INCH / width;
    let down = |inches: f64| {
        SAFETY * (inches - head_margin(writer.annex, style) - page.foot_margin) * POINTS_PER_INCH / height.max(1.0)
    };
    let upright = across(paper.height) >= least;
    let (across, down) = match upright {
        true => (across(paper.height), down(paper.width)),
        false => (across(paper.width), down(paper.height)),
    };
    // As many rows on a page as letters of that size allow, where one page isn't enough.
    let scale = if down >= least { down.min(1.0) } else { least };
    let fit = if across < least {
        Fit::Wide
    } else if sheet.role == SheetRole::Summary && down >= least {
        Fit::OnePage
    } else if scale < across {
        Fit::Scaled(scale)
    } else {
        Fit::Width
    };
    let worksheet = &mut *writer.worksheet;
    if upright {
        worksheet.set_portrait();
    } else {
        worksheet.set_landscape();
    }
    match fit {
        Fit::OnePage => {
            worksheet.set_print_fit_to_pages(1, 1);
        }
        Fit::Width => {
            worksheet.set_print_fit_to_pages(1, 0);
        }
        Fit::Scaled(scale) => {
            worksheet.set_print_scale((scale * 100.0).floor() as u16);
        }
        Fit::Wide => {
            worksheet.set_print_scale(page.least_scale);
            if let Some(last) = repeated_columns(sheet).checked_sub(1) {
                worksheet.set_repeat_columns(0, last as u16)?;
            }
        }
    }
    Ok(())
}

fn head_margin(annex: &Annex, style: &AnnexStyle) -> f64 {
    let page = &style.page;
    if annex.notices.len() > 1 { page.head_margin } else { page.margin }
}

/// Margins and their content: what the sheet belongs to, the notice, the number of the page.
fn set_margin_texts(writer: &mut WorksheetWriter) {
    let (page, notices) = (&writer.style.page, &writer.annex.notices);
    let number = writer.annex.page_number.replace("{pages}", "&N").replace("{page}", "&P");
    let size = page.notice_size;
    let right = format!("&R&{size}{number}");
    let own = writer.annex.foot.replace('&', "&&");
    let notice = notices.last().map(|notice| format!("\n{}", page_lines(notice, page.notice_length)));
    let left = format!("&L&{size}{own}{}", notice.unwrap_or_default());
    let room = MAX_TEXT_LENGTH.saturating_sub(right.encode_utf16().count());
    let head_margin = head_margin(writer.annex, writer.style);
    let worksheet = &mut *writer.worksheet;
    worksheet.set_paper_size(writer.style.paper().number);
    worksheet.set_margins(page.margin, page.margin, head_margin, page.foot_margin, -1.0, -1.0);
    worksheet.set_footer(truncate_at_word(&left, room) + &right);
    if let [first, _, ..] = notices.as_slice() {
        let line = format!("&L&{size}{}", page_lines(first, page.notice_length));
        worksheet.set_header(truncate_at_word(&line, MAX_TEXT_LENGTH));
    }
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
