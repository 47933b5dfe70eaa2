//! What holds of every page of every document: letters that can be read, cells that say whose they are, full pages.

use std::collections::{BTreeMap, BTreeSet};

use super::page_content::{Colour, Letter, PageContent};
use super::reader::{File, Object};
use super::structure_tree::{Element, MarkedText};

/// Points of the smallest letters.
const SMALLEST: f64 = 8.0;
/// Of text to its ground, by WCAG 2.2, level AA.
const LEAST_CONTRAST: f64 = 4.5;
/// Rows of a part of a table.
const FEWEST_ROWS: usize = 3;

/// Letters under eight points: page, size and letter. Marks of footnotes, raised above their line, may be smaller.
pub fn small_letters(pages: &[PageContent]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (page, content) in pages.iter().enumerate() {
        for (at, letter) in content.letters.iter().enumerate().filter(|(_, letter)| letter.size < SMALLEST - 0.01) {
            // A mark stands behind its word, or before the note that it is about.
            let beside =
                [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| content.letters.get(at));
            let is_raised = |other: &Letter| letter.y > other.y + 0.5 && letter.y < other.y + other.size;
            let is_mark = letter.text.chars().all(|sign| sign.is_ascii_digit()) && beside.into_iter().any(is_raised);
            if !is_mark {
                found.insert(format!("page {}: {} at {:.2}", page + 1, letter.text, letter.size));
            }
        }
    }
    found
}

fn luminance(colour: Colour) -> f64 {
    let [red, green, blue] =
        colour.map(|share| if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Letters whose colour is too near to that of their ground: page, colours and contrast.
pub fn pale_letters(pages: &[PageContent]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (page, content) in pages.iter().enumerate() {
        // Dots that lead from an entry of the contents to its page mean nothing.
        let is_said = |letter: &&Letter| {
            let is_leader = letter.marked.is_none() && letter.text == ".";
            !is_leader && !letter.text.trim().is_empty()
        };
        for letter in content.letters.iter().filter(is_said) {
            let ground = content.ground(letter);
            let (one, other) = (luminance(letter.fill), luminance(ground));
            let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
            if contrast < LEAST_CONTRAST {
                found.insert(format!(
                    "page {}: {} of {:.2?} on {ground:.2?} is {contrast:.2}",
                    page + 1,
                    letter.text,
                    letter.fill
                ));
            }
        }
    }
    found
}

/// Cells with a digit that name no header of their row or of their column.
pub fn cells_without_headers(file: &File, tree: &Element, texts: &MarkedText) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for table in tree.all("Table") {
        let headers: BTreeMap<String, &str> = table
            .all("TH")
            .into_iter()
            .map(|header| (file.get(header.object, "ID").text(), header.attribute(file, "Scope").name()))
            .collect();
        for cell in table.all("TD") {
            let text = texts.under(cell);
            if !text.contains(|sign: char| sign.is_ascii_digit()) {
                continue;
            }
            let named = file.list(cell.attribute(file, "Headers"));
            let scopes: BTreeSet<&str> = named.iter().filter_map(|id| headers.get(&id.text()).copied()).collect();
            if !scopes.contains("Row") || !scopes.contains("Column") {
                found.insert(format!("{text}: {scopes:?}"));
            }
        }
    }
    found
}

/// Parts of tables with fewer than three rows, where the table has more: page, rows and the first words. A row that goes
/// on in another counts once, and headings count as none.
pub fn thin_table_parts(tree: &Element, file: &File, texts: &MarkedText) -> Vec<String> {
    let mut found = Vec::new();
    for table in tree.all("Table") {
        let mut rows: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for row in table.all("TR") {
            let is_row = row.children.iter().any(|cell| cell.role == "TD")
                && (row.children.len() > 1 || *row.children[0].attribute(file, "ColSpan") == Object::Null);
            let page = row.all_pieces().first().map(|piece| piece.0);
            if let Some(page) = page.filter(|_| is_row) {
                rows.entry(page).or_default().push(texts.under(row));
            }
        }
        let all: usize = rows.values().map(Vec::len).sum();
        let thin = rows.iter().filter(|(_, rows)| rows.len() < FEWEST_ROWS.min(all));
        found.extend(thin.map(|(page, rows)| {
            let first: String = rows[0].chars().take(40).collect();
            format!("page {}: {} of {all} rows, {first}", page + 1, rows.len())
        }));
    }
    found
}

/// How much of the room between head and foot each page fills, from 0 to 1: down to the last thing that means something.
pub fn page_fills(pages: &[PageContent], top: f64, bottom: f64) -> Vec<f64> {
    pages
        .iter()
        .map(|page| {
            let letters = page.letters.iter().filter(|letter| letter.marked.is_some()).map(|letter| letter.y);
            let shapes = page.shapes.iter().filter(|shape| !shape.is_artifact).map(|shape| shape.bottom);
            let lowest = letters.chain(shapes).filter(|y| *y >= bottom - 1.0).fold(page.height - top, f64::min);
            (page.height - top - lowest) / (page.height - top - bottom)
        })
        .collect()
}

/// Whether the status of every indicator stands in one piece at the beginning of a cell: how many do.
pub fn whole_status_words(tree: &Element, texts: &MarkedText, words: &BTreeSet<String>) -> usize {
    let cells = tree.all("TD").into_iter().map(|cell| texts.under(cell));
    cells.filter(|cell| words.iter().any(|word| cell.starts_with(word.as_str()))).count()
}
