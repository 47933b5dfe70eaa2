//! Widths of a table's columns: by their shares, but wide enough for the longest word in each, which would break between any
//! two letters.

use quick_xml::escape::unescape;

/// Letters of a table's cells and headings are so high, in twentieths of a point.
const LETTER_SIZE: f64 = 170.0;
const HEADING_SIZE: f64 = 160.0;
/// Room at both sides of a cell's text.
const CELL_ROOM: f64 = 160.0;
/// One column takes at the most so much of the table for the sake of a word: an address without a blank would leave no room.
const MOST_FOR_A_WORD: f64 = 0.4;
/// Columns that share a heading among them are widened for it up to so many.
const MOST_SPANNED: usize = 3;

/// The columns of a table while its cells are written.
pub(super) struct ColumnWidths {
    /// By their shares, in twentieths of a point.
    widths: Vec<u32>,
    /// What their longest words need.
    least: Vec<u32>,
}

impl ColumnWidths {
    pub(super) fn new(shares: impl IntoIterator<Item = u32>, total: u32) -> ColumnWidths {
        let shares: Vec<u32> = shares.into_iter().collect();
        let all = shares.iter().sum::<u32>().max(1);
        let widths: Vec<u32> = shares.iter().map(|share| total * share / all).collect();
        ColumnWidths { least: vec![0; widths.len()], widths }
    }

    /// The width of neighbouring columns by their shares.
    pub(super) fn of(&self, column: usize, span: usize) -> u32 {
        sum_of(&self.widths, column, span)
    }

    pub(super) fn by_share(self) -> Vec<u32> {
        self.widths
    }

    /// Takes note of the words of a cell, from what was written of it.
    pub(super) fn measure(&mut self, column: usize, span: usize, cell: &str) {
        if !(1..=MOST_SPANNED).contains(&span) {
            return;
        }
        let longest = cell.split("</w:p>").flat_map(|paragraph| {
            let text: String = paragraph.split("<w:t ").skip(1).filter_map(text_of_run).collect();
            let text = unescape(&text).map(|text| text.into_owned()).unwrap_or_default();
            let size = if paragraph.contains("\"TableHeading\"") { HEADING_SIZE } else { LETTER_SIZE };
            text.split(is_break).map(|word| word_width(word) * size).collect::<Vec<f64>>()
        });
        let need = longest.fold(0.0, f64::max);
        if need > 0.0 {
            let total = f64::from(self.widths.iter().sum::<u32>());
            let each = ((need + CELL_ROOM) / span as f64).min(total * MOST_FOR_A_WORD).ceil() as u32;
            self.least.iter_mut().skip(column).take(span).for_each(|least| *least = each.max(*least));
        }
    }

    /// The widths, of which each holds its words: what one lacks the others give, as far as they can. Where there isn't room
    /// for all words, each column has its part of what there is.
    pub(super) fn fit(&self) -> Vec<u32> {
        let total: u32 = self.widths.iter().sum();
        let least: u32 = self.least.iter().sum();
        if least > total {
            return self
                .least
                .iter()
                .map(|need| (u64::from(*need) * u64::from(total) / u64::from(least)) as u32)
                .collect();
        }
        let mut widths = self.widths.clone();
        let mut lacking = 0;
        for (width, need) in widths.iter_mut().zip(&self.least) {
            lacking += need.saturating_sub(*width);
            *width = (*width).max(*need);
        }
        // The widest are those of sentences, which take more lines for it.
        let widest = self.widths.iter().copied().max().unwrap_or_default();
        for gives in [|share: u32, widest: u32| share < widest, |share, widest| share == widest] {
            let spare_of = |at: usize, width: u32| {
                if gives(self.widths[at], widest) { width.saturating_sub(self.least[at]) } else { 0 }
            };
            let spare: u32 = widths.iter().enumerate().map(|(at, width)| spare_of(at, *width)).sum();
            let taken = lacking.min(spare);
            for (at, width) in widths.iter_mut().enumerate() {
                *width -= (u64::from(spare_of(at, *width)) * u64::from(taken) / u64::from(spare.max(1))) as u32;
            }
            lacking -= taken;
        }
        widths
    }
}

/// What neighbouring columns come to.
pub(super) fn sum_of(widths: &[u32], column: usize, span: usize) -> u32 {
    widths.iter().skip(column).take(span).sum()
}

fn text_of_run(rest: &str) -> Option<&str> {
    Some(rest.split_once('>')?.1.split_once("</w:t>")?.0)
}

/// Where a line may break; a blank that keeps its words together is none.
fn is_break(letter: char) -> bool {
    matches!(letter, ' ' | '\n' | '\t' | '-' | '–' | '/')
}

/// About how wide a word is in bold letters of a common font, of their height.
fn word_width(word: &str) -> f64 {
    word.chars().map(letter_width).sum()
}

fn letter_width(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 'f' | 't' | 'r' | 'і' | 'ј' | '.' | ',' | ':' | ';' | '\'' | '(' | ')' | '\u{a0}' => 0.34,
        'm' | 'w' | 'M' | 'W' | 'ж' | 'м' | 'ф' | 'ш' | 'щ' | 'ю' | 'љ' | 'њ' | 'Ж' | 'М' | 'Ф' | 'Ш' | 'Щ' | 'Ю'
        | 'Љ' | 'Њ' | '%' => 0.86,
        letter if letter.is_uppercase() => 0.68,
        _ => 0.55,
    }
}
