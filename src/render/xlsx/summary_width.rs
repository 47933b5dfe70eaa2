//! A summary is printed on one page where letters of a readable size allow it, so its texts share the width of the page.

use super::printed_page::{PrintedPage, printed_page};
use super::style::AnnexStyle;
use super::text_fit::{longest_line, row_line_count};
use crate::report::annex::{Annex, AnnexCell, AnnexColumnKind, AnnexSheet};

/// No text is made narrower than so many characters.
const NARROWEST: f64 = 12.0;
/// Lines of headings, and what is between them and the title.
const LINES_OF_A_HEADING: usize = 3;

/// Gives titles and explanations the widths with which the rows take fewest lines, if they don't fit on one page as they
/// are.
pub fn fit_to_page(annex: &Annex, sheet: &AnnexSheet, style: &AnnexStyle, widths: &mut Vec<f64>) {
    let page = printed_page(annex, style, sheet.columns.len());
    let rows = collect_rows(sheet);
    let above = sheet.head.len() + sheet.heading_rows() * LINES_OF_A_HEADING;
    let lines = |widths: &[f64]| rows.iter().map(|row| row_line_count(sheet, style, widths, row)).sum::<u32>();
    if f64::from(lines(widths)) + above as f64 <= page.lines {
        return;
    }
    let candidates = (NARROWEST as u32..=page.characters as u32 / 2)
        .filter_map(|title| divide(sheet, &rows, widths, &page, f64::from(title)));
    if let Some(best) = candidates.min_by_key(|widths| (lines(widths), widths.iter().sum::<f64>() as u32)) {
        *widths = best;
    }
}

/// The page's width where each title has so many characters, and explanations have the rest; `None` where that is less
/// than they need.
fn divide(
    sheet: &AnnexSheet,
    rows: &[Vec<AnnexCell>],
    widths: &[f64],
    page: &PrintedPage,
    title: f64,
) -> Option<Vec<f64>> {
    let is = |at: usize, kind: AnnexColumnKind| sheet.columns[at].kind == kind;
    let of_kind = |kind| (0..widths.len()).filter(|at| is(*at, kind)).collect::<Vec<usize>>();
    let (titles, remarks) = (of_kind(AnnexColumnKind::Title), of_kind(AnnexColumnKind::Remark));
    let others: f64 = widths
        .iter()
        .enumerate()
        .filter(|(at, _)| !titles.contains(at) && !remarks.contains(at))
        .map(|(_, width)| width)
        .sum();
    let mut divided = widths.to_vec();
    for at in &titles {
        divided[*at] = title.min(longest_line(rows, *at));
    }
    let left = page.characters - others - titles.iter().map(|at| divided[*at]).sum::<f64>();
    let each = if remarks.is_empty() { 0.0 } else { left / remarks.len() as f64 };
    for at in &remarks {
        divided[*at] = each.min(longest_line(rows, *at)).max(NARROWEST);
    }
    let has_room = if remarks.is_empty() { left >= 0.0 } else { each >= NARROWEST };
    has_room.then_some(divided)
}

fn collect_rows<'s>(sheet: &'s AnnexSheet) -> Vec<Vec<AnnexCell<'s>>> {
    let mut rows = Vec::new();
    let mut iter = sheet.rows.iter();
    let mut row = Vec::new();
    while iter(&mut row) {
        rows.push(std::mem::take(&mut row));
    }
    rows
}
