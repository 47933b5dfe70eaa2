//! The figures that a document prints, each looked for at its own place of the page.

mod places;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::annex::AnnexCheck;
use super::number_on_page::{ExpectedFigure, NumberSpan};
use super::pdf::{PdfFault, PdfFile};
use crate::locale::Locale;
use crate::model::Lang;
use places::{FigureOnPage, figures_on_pages};

/// Letters of a page's text that a fault shows.
const SHOWN: usize = 24;

/// What became of the figures that figures.json says are printed.
#[derive(Debug, Default)]
pub struct PageCheck {
    /// How many figures the report prints, in all of its documents.
    pub printed: usize,
    /// Those of them that have a place in this document.
    pub placed: usize,
    /// Places at which the page says something else, in the order of their names.
    pub wrong: Vec<WrongFigure>,
}

/// A place at which the page doesn't say what figures.json holds.
#[derive(Debug, PartialEq)]
pub struct WrongFigure {
    /// `f0001`
    pub id: String,
    /// From 1; 0 for a page that the document doesn't have.
    pub page: usize,
    /// `None` for a place that figures.json doesn't know.
    pub value: Option<NumberSpan>,
    /// The beginning of the page's text; empty where there are no letters.
    pub said: String,
}

/// Holds the text at the place of each figure against figures.json.
///
/// # Errors
/// The pages can't be read.
pub(super) fn check_pages(file: &PdfFile, figures: &Value, annex: Option<&AnnexCheck>) -> Result<PageCheck, PdfFault> {
    let printed = printed_figures(figures);
    let first = file.language();
    let mut locales: BTreeMap<String, Option<Locale>> = BTreeMap::new();
    let mut check = PageCheck { printed: printed.len(), ..PageCheck::default() };
    let mut placed = BTreeSet::new();
    for FigureOnPage { id, language, page, text } in figures_on_pages(file)? {
        let entry = printed.get(id.as_str());
        placed.extend(entry.map(|entry| entry.id));
        let tag = language.unwrap_or_else(|| first.clone());
        let locale = locales.entry(tag).or_insert_with_key(|tag| find_locale(tag)).as_ref();
        let expected = entry.and_then(|entry| entry.expected(figures, annex));
        if !expected.is_some_and(|expected| expected.is_said_by(&text, locale)) {
            let value = expected.map(|expected| expected.value);
            check.wrong.push(WrongFigure { id, page, value, said: text.chars().take(SHOWN).collect() });
        }
    }
    check.placed = placed.len();
    Ok(check)
}

/// A language by its tag, else by the first part of that: `mk-MK` → `mk`.
fn find_locale(tag: &str) -> Option<Locale> {
    let short = tag.split('-').next().unwrap_or_default();
    [tag, short].into_iter().find_map(|tag| Locale::new(&Lang::new(tag)))
}

/// An entry of `printed` in figures.json.
struct PrintedEntry<'v> {
    id: &'v str,
    value: &'v Value,
    place: Option<&'v str>,
}

fn printed_figures(figures: &Value) -> BTreeMap<&str, PrintedEntry<'_>> {
    let entries = figures["printed"].as_array().map(Vec::as_slice).unwrap_or_default();
    entries.iter().filter_map(PrintedEntry::read).map(|entry| (entry.id, entry)).collect()
}

impl<'v> PrintedEntry<'v> {
    fn read(entry: &'v Value) -> Option<PrintedEntry<'v>> {
        Some(PrintedEntry { id: entry["id"].as_str()?, value: &entry["value"], place: entry["place"].as_str() })
    }

    /// What the page should say. `None` if it is no number, or another than figures.json has at the figure's own place.
    fn expected(&self, figures: &Value, annex: Option<&AnnexCheck>) -> Option<ExpectedFigure> {
        let value = NumberSpan::from_json(self.value)?;
        let Some(place) = self.place else {
            return Some(ExpectedFigure {
                value,
                shown: None,
                is_rough: false,
                is_placed: false,
                is_in_percents: false,
            });
        };
        if figures.pointer(place) != Some(self.value) {
            return None;
        }
        let shown = annex.and_then(|annex| annex.shown.get(place)).copied();
        Some(expected_at(figures, place, value, shown))
    }
}

/// Whether a text says the figure that figures.json has at a place.
pub fn is_said_at(figures: &Value, place: &str, text: &str, locale: &Locale) -> bool {
    let value = figures.pointer(place).and_then(NumberSpan::from_json);
    value.is_some_and(|value| expected_at(figures, place, value, None).is_said_by(text, Some(locale)))
}

fn expected_at(figures: &Value, place: &str, value: NumberSpan, shown: Option<NumberSpan>) -> ExpectedFigure {
    let is_rough = is_approximate(figures, place);
    ExpectedFigure { value, shown, is_rough, is_placed: true, is_in_percents: is_in_percents(figures, place) }
}

/// Whether a number is given in the indicator's unit, which may be a percentage. Progress is always a fraction; where a report
/// doesn't say which numbers are, as older ones don't, all are taken for fractions.
fn is_in_percents(figures: &Value, place: &str) -> bool {
    let mut steps = place.split('/').skip(1);
    let (Some("indicators"), Some(index)) = (steps.next(), steps.next()) else { return false };
    let is_progress = steps.any(|step| step.starts_with("progress"));
    let percent = figures.pointer(&format!("/indicators/{index}/percent"));
    !is_progress && percent == Some(&Value::Bool(false))
}

/// Whether the indicator of a place, or the part itself, is approximate in any scope.
fn is_approximate(figures: &Value, place: &str) -> bool {
    let mut steps = place.split('/').skip(1);
    let (Some("indicators"), Some(index)) = (steps.next(), steps.next()) else { return false };
    let has_hedge = |value: &Value| match &value["approximate"] {
        Value::Object(scopes) => scopes.values().any(|hedge| !hedge.is_null()),
        _ => false,
    };
    let parent = place.rsplit_once('/').map_or("", |(parent, _)| parent);
    let of_indicator = figures.pointer(&format!("/indicators/{index}")).is_some_and(has_hedge);
    of_indicator || figures.pointer(parent).is_some_and(has_hedge)
}
