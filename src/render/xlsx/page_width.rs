//! What goes on paper takes as few pages as letters of a readable size allow, so wrapped texts share the width of the page.

use std::collections::BTreeMap;

use super::printed_page::{PrintedPage, repeated_columns, shown_columns};
use super::style::AnnexStyle;
use super::text_fit::{longest_line, longest_word, row_line_count, wrapped_line_count};
use crate::report::annex::{Annex, AnnexCell, AnnexColumnKind, AnnexSheet};

/// No text is made narrower than so many characters, unless it is shorter.
const NARROWEST: f64 = 12.0;
/// Lines of headings, and what is between them and the title.
const LINES_OF_A_HEADING: usize = 3;
/// Rows that widths are chosen by, at most.
const MEASURED_ROWS: usize = 60;
/// Characters by which a column grows.
const STEP: f64 = 2.0;
/// So many of these steps are tried at once.
const STEPS: [u64; 5] = [1, 2, 4, 8, 12];
/// No text is made wider for the sake of paper: lines would be too long to be read.
const WIDEST: f64 = 100.0;
/// Most pages side by side that texts are shared among.
const MOST_ACROSS: usize = 3;
/// How much a line of a row weighs against a line of a cell: cells only decide between rows of the same height.
const ROW_LINE: u64 = 1_000;

/// Gives texts the widths with which the rows take fewest pages, upright or on its side, if they don't fit on one page as
/// they are.
pub fn fit_to_page(annex: &Annex, sheet: &AnnexSheet, style: &AnnexStyle, widths: &mut Vec<f64>) {
    let shown = shown_columns(sheet);
    let rows = measured_rows(sheet);
    let above = sheet.head.len() + sheet.heading_rows() * LINES_OF_A_HEADING;
    let total = sheet.rows.count();
    let printed = PrintedPage::of_both_ways(annex, style, shown);
    let [upright, sideways] = &printed;
    let repeated = repeated_columns(sheet);
    // And how many of them side by side: of as many pages, those that follow one another read better.
    let pages = |widths: &[f64]| {
        let width: f64 = widths[..shown].iter().sum();
        let page = printed.iter().find(|page| width <= page.characters).unwrap_or(sideways);
        let lines: u64 = rows.iter().map(|row| u64::from(row_line_count(sheet, style, widths, row))).sum();
        let all = lines as f64 * total as f64 / rows.len().max(1) as f64;
        let across = pages_across(&widths[..shown], page.characters, repeated);
        (across * ((all + above as f64) / page.lines).ceil() as u64, across)
    };
    let own = pages(widths);
    if own.0 <= 1 {
        return;
    }
    let behind_first = sideways.characters - widths[..repeated].iter().sum::<f64>();
    let rooms = (0..MOST_ACROSS).map(|more| sideways.characters + more as f64 * behind_first);
    let rooms = [upright.characters].into_iter().chain(rooms);
    let mut lines = TextLines { rows: &rows, known: BTreeMap::new() };
    let shared = rooms.filter_map(|room| share_width(sheet, style, &mut lines, widths, room, shown));
    let best = shared.map(|widths| (pages(&widths), widths));
    let best = best.min_by_key(|(pages, widths)| (*pages, widths.iter().sum::<f64>() as u64));
    if let Some((_, best)) = best.filter(|(pages, _)| *pages < own) {
        *widths = best;
    }
}

/// How many pages side by side some columns take, of which the first ones are repeated on each.
fn pages_across(widths: &[f64], characters: f64, repeated: usize) -> u64 {
    let again: f64 = widths[..repeated.min(widths.len())].iter().sum();
    let (mut pages, mut filled) = (1, 0.0);
    for width in widths {
        if filled + width > characters && filled > 0.0 {
            pages += 1;
            filled = again;
        }
        filled += width;
    }
    pages
}

/// So many characters shared among the texts: each begins as narrow as its words are, and grows where rows become shorter.
/// `None` where that is too few even so.
fn share_width(
    sheet: &AnnexSheet,
    style: &AnnexStyle,
    lines: &mut TextLines,
    widths: &[f64],
    room: f64,
    shown: usize,
) -> Option<Vec<f64>> {
    let is_text = |at: &usize| {
        matches!(sheet.columns[*at].kind, AnnexColumnKind::Title | AnnexColumnKind::Remark | AnnexColumnKind::Prose)
    };
    let texts: Vec<usize> = (0..shown).filter(is_text).collect();
    let mut shared = widths.to_vec();
    for at in &texts {
        let heading = sheet.columns[*at].headings.iter().map(|heading| longest_word(heading)).fold(0.0, f64::max) + 3.0;
        let word = longest_word_of(lines.rows, *at).max(NARROWEST.min(longest_line(lines.rows, *at)));
        shared[*at] = word.max(heading.min(style.column(sheet.columns[*at].kind).width));
    }
    let mut left = room - shared[..shown].iter().sum::<f64>();
    if left < 0.0 {
        return None;
    }
    loop {
        let mut best: Option<(u64, usize, f64)> = None;
        for at in &texts {
            let others = lines.longest(texts.iter().filter(|other| *other != at), &shared);
            let own = lines.cost(*at, shared[*at], &others);
            for step in STEPS {
                let grown = step as f64 * STEP;
                if grown > left || shared[*at] + grown > WIDEST {
                    break;
                }
                let gain = own.saturating_sub(lines.cost(*at, shared[*at] + grown, &others)) * 64 / step;
                if gain > best.map_or(0, |(gain, ..)| gain) {
                    best = Some((gain, *at, grown));
                }
            }
        }
        let Some((_, at, grown)) = best else { return Some(shared) };
        shared[at] += grown;
        left -= grown;
    }
}

/// How many lines texts take, each width of a column counted once.
struct TextLines<'r, 'a> {
    rows: &'r [Vec<AnnexCell<'a>>],
    /// By column and width in characters.
    known: BTreeMap<(usize, u32), Vec<u32>>,
}

impl TextLines<'_, '_> {
    /// The most lines that some columns take of each row.
    fn longest<'c>(&mut self, columns: impl Iterator<Item = &'c usize>, widths: &[f64]) -> Vec<u32> {
        let mut most = vec![1; self.rows.len()];
        for at in columns {
            for (most, lines) in most.iter_mut().zip(self.lines(*at, widths[*at])) {
                *most = (*lines).max(*most);
            }
        }
        most
    }

    /// What the rows take with a column of such a width beside others.
    fn cost(&mut self, at: usize, width: f64, others: &[u32]) -> u64 {
        let rows = self.lines(at, width).iter().zip(others);
        rows.map(|(own, others)| ROW_LINE * u64::from(*own.max(others)) + u64::from(*own)).sum()
    }

    fn lines(&mut self, at: usize, width: f64) -> &[u32] {
        let rows = self.rows;
        self.known.entry((at, (width * 8.0) as u32)).or_insert_with(|| {
            let of = |row: &Vec<AnnexCell>| match row.get(at) {
                Some(AnnexCell::Text(text) | AnnexCell::Link { text, .. }) => wrapped_line_count(text, width),
                _ => 1,
            };
            rows.iter().map(of).collect()
        })
    }
}

fn longest_word_of(rows: &[Vec<AnnexCell>], column: usize) -> f64 {
    let texts = rows.iter().filter_map(|row| match row.get(column) {
        Some(AnnexCell::Text(text) | AnnexCell::Link { text, .. }) => Some(longest_word(text)),
        _ => None,
    });
    texts.fold(0.0, f64::max) + 1.0
}

fn measured_rows<'s>(sheet: &'s AnnexSheet) -> Vec<Vec<AnnexCell<'s>>> {
    let mut rows = Vec::new();
    let mut iter = sheet.rows.iter();
    let mut row = Vec::new();
    while rows.len() < MEASURED_ROWS && iter(&mut row) {
        rows.push(std::mem::take(&mut row));
    }
    rows
}
