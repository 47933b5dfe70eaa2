use std::sync::OnceLock;

use super::TableKind;
use super::vocabulary::{ContractColumn, parse_hxl_tag, vocabulary};
use crate::fold;
use crate::ingest::cell;
use crate::ingest::raw_row::{Raw, RawRow};
use crate::model::Lang;

/// One heading of a possible header row. Its comparison keys are computed once, for all tables.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    pub(super) column: u32,
    pub(super) row: u32,
    /// Cleaned, on one line.
    pub(super) text: String,
    /// Heading of the row above, if it spans this column too.
    pub(super) above: Option<String>,
    pub(super) hxl: Option<String>,
    /// See [`Heading::spellings`].
    spellings: OnceLock<Vec<String>>,
    /// Key without the language that it ends with, and that language: with the heading above it, then alone.
    in_languages: OnceLock<[Option<(String, Lang)>; 2]>,
}

impl Heading {
    pub(super) fn new(column: u32, row: u32, text: String, above: Option<String>) -> Heading {
        let (spellings, in_languages) = (OnceLock::new(), OnceLock::new());
        Heading { column, row, text, above, hxl: None, spellings, in_languages }
    }

    /// Keys that the heading can be compared by: with the heading above it, then alone.
    pub(super) fn spellings(&self) -> &[String] {
        self.spellings.get_or_init(|| {
            let own = fold::heading_key(&self.text);
            let mut keys = Vec::new();
            if let Some(above) = &self.above {
                let forms = vocabulary().group_forms.iter();
                keys.extend(
                    forms.map(|form| fold::heading_key(&form.replace("{above}", above).replace("{own}", &self.text))),
                );
            }
            keys.push(own);
            keys
        })
    }

    fn in_languages(&self) -> &[Option<(String, Lang)>; 2] {
        self.in_languages.get_or_init(|| {
            let split = |text: &str| split_language(text).map(|(base, lang)| (fold::heading_key(&base), lang));
            let with_above = self.above.as_ref().and_then(|above| split(&format!("{above} {}", self.text)));
            [with_above, split(&self.text)]
        })
    }

    /// The index of the contract's column that the heading names, and its language.
    pub(super) fn find_column(&self, kind: TableKind) -> Option<(usize, Option<Lang>)> {
        let find = |key: &String| vocabulary().find_column(kind, key);
        let with_language = |split: &Option<(String, Lang)>| {
            let (key, lang) = split.as_ref()?;
            vocabulary().find_column_in_language(kind, key).map(|at| (at, Some(lang.clone())))
        };
        let (own, with_above) = self.spellings().split_last()?;
        let [both, alone] = self.in_languages();
        let found = with_above.iter().find_map(find).map(|at| (at, None)).or_else(|| with_language(both));
        found.or_else(|| find(own).map(|at| (at, None))).or_else(|| with_language(alone))
    }
}

/// `title (mk)`, `title_mk`, `title.mk`, `Наслов (мк)`, `Наслов на македонски` → the heading without its language, and the
/// language.
pub(super) fn split_language(heading: &str) -> Option<(String, Lang)> {
    let trimmed = heading.trim().trim_end_matches('*').trim_end();
    if let Some(open) = trimmed.strip_suffix([')', ']']).and_then(|_| trimmed.rfind(['(', '['])) {
        let inner = &trimmed[open + 1..trimmed.len() - 1];
        return Some((trimmed[..open].trim().to_owned(), parse_language(inner)?));
    }
    for separator in ['_', '.', '/', '-', '–', ':', '|'] {
        if let Some(at) = trimmed.rfind(separator)
            && let Some(lang) = parse_language(&trimmed[at + separator.len_utf8()..])
        {
            return Some((trimmed[..at].trim().to_owned(), lang));
        }
    }
    // What follows in a long text can't be a language's name yet.
    let near = |at: &usize| trimmed.len() - at <= MAX_LANGUAGE;
    for (at, _) in trimmed.match_indices(' ').filter(|(at, _)| near(at)) {
        if let Some(lang) = vocabulary().language(&fold::heading_key(&trimmed[at..])) {
            return Some((trimmed[..at].trim().to_owned(), lang.clone()));
        }
    }
    let (first, rest) = trimmed.split_once(' ')?;
    if first.len() > MAX_LANGUAGE {
        return None;
    }
    vocabulary().language(&fold::heading_key(first)).map(|lang| (rest.trim().to_owned(), lang.clone()))
}

/// Bytes of the longest name of a language, with marks and spaces around it.
const MAX_LANGUAGE: usize = 80;

/// A language by its name in the vocabulary, or any tag of the form of BCP 47 (`fr`, `sr-Latn`).
fn parse_language(text: &str) -> Option<Lang> {
    let text = text.trim();
    if text.len() > MAX_LANGUAGE {
        return None;
    }
    if let Some(lang) = vocabulary().language(&fold::heading_key(text)) {
        return Some(lang.clone());
    }
    Lang::is_tag(text).then(|| Lang::new(text))
}

/// Whether a row holds HXL tags: every cell is one, and there are at least two.
pub(super) fn is_hxl_row(row: &RawRow<'_>) -> bool {
    let mut tags = 0;
    for cell in &row.cells {
        match heading_text(row, cell.column) {
            Some(text) if parse_hxl_tag(&text).is_some() => tags += 1,
            Some(text) if cell::is_placeholder(&text) => {}
            Some(_) => return false,
            None => {}
        }
    }
    tags >= 2
}

/// The column that an HXL tag names: the pattern with the most attributes, all of which the tag has.
pub(super) fn find_hxl_column(columns: &[ContractColumn], text: &str) -> Option<(usize, Option<Lang>)> {
    let (tag, attributes) = parse_hxl_tag(text)?;
    let mut best: Option<(usize, usize)> = None;
    for (at, column) in columns.iter().enumerate() {
        for (pattern, needed) in &column.hxl {
            let holds = *pattern == tag && needed.iter().all(|attribute| attributes.contains(attribute));
            if holds && best.is_none_or(|(_, most)| needed.len() > most) {
                best = Some((at, needed.len()));
            }
        }
    }
    let (at, _) = best?;
    let lang = attributes.iter().find_map(|attribute| vocabulary().language(attribute).cloned());
    Some((at, lang.filter(|_| columns[at].text)))
}

/// The text of a cell as a heading: cleaned, on one line. Words that stand for nothing in a row of data (`NA`, `?`) are
/// headings as any other.
pub fn heading_text(row: &RawRow<'_>, column: u32) -> Option<String> {
    let cell = row.cell(column)?;
    let text = match &cell.raw {
        Raw::Text(text) => one_line(&cell::clean(text)),
        _ => one_line(&cell::read_text(Some(cell)).ok()??),
    };
    (!text.is_empty()).then_some(text)
}

/// Line breaks and repeated spaces as one space.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The headings of one row.
pub(super) fn one_row_headings(head: &[RawRow<'_>], at: usize) -> Option<Vec<Heading>> {
    let row = &head[at];
    let headings: Vec<Heading> = row
        .cells
        .iter()
        .filter_map(|cell| {
            let text = heading_text(row, cell.column)?;
            Some(Heading::new(cell.column, row.number, text, None))
        })
        .collect();
    (!headings.is_empty()).then_some(headings)
}

/// The headings of a row and the one above it, which groups some of them.
pub(super) fn two_row_headings(head: &[RawRow<'_>], at: usize) -> Option<Vec<Heading>> {
    let above = head.get(at.checked_sub(1)?)?;
    let row = &head[at];
    if above.number + 1 != row.number {
        return None;
    }
    let mut columns: Vec<u32> = above.cells.iter().chain(&row.cells).map(|cell| cell.column).collect();
    columns.sort_unstable();
    columns.dedup();
    let headings: Vec<Heading> = columns
        .into_iter()
        .filter_map(|column| {
            let (child, parent) = (heading_text(row, column), heading_text(above, column));
            match (child, parent) {
                (Some(text), parent) => {
                    let above = parent.filter(|parent| *parent != text);
                    Some(Heading::new(column, row.number, text, above))
                }
                (None, Some(text)) => Some(Heading::new(column, above.number, text, None)),
                (None, None) => None,
            }
        })
        .collect();
    (!headings.is_empty()).then_some(headings)
}
