//! Figures that documents print: named alike in every document, held by figures.json, found in PDF and Word at their names.

mod numerals;

use std::collections::{BTreeMap, BTreeSet};

use donor_report::disclosure::release;
use donor_report::indicators::count;
use donor_report::locale::Locale;
use donor_report::model::{Amount, IndicatorId, Lang, LanguageLayout, Project};
use donor_report::render::docx::render_docx;
use donor_report::render::pdf::{Attached, render_pdf};
use donor_report::report::compose::RestatedFigure;
use donor_report::report::document::{Document, PrintedFigure, SectionBody, number_figures};
use donor_report::report::figures;
use donor_report::report::profile::Profile;
use serde_json::Value;

use super::compose::{document, restating};
use super::project::project;
use crate::render::page_content::{NamedPlace, named_places, read_pages, text_of, texts_at_places};
use crate::render::reader::File;
use numerals::writes;

/// Whether a place is a figure's: `f0001`, in another language than the first `f0001.en`.
fn is_figure(name: &str) -> bool {
    name.starts_with('f') && name[1..].starts_with(|first: char| first.is_ascii_digit())
}

fn drawn(document: &Document) -> File {
    let attached = Attached { annex: Some(b"annex".to_vec()), ..Attached::default() };
    let pdf = render_pdf(document, attached, &BTreeMap::new()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    File::read(&pdf.bytes)
}

/// Names of figures' places in a PDF.
fn places(document: &Document) -> BTreeSet<String> {
    named_places(&drawn(document)).into_keys().filter(|name| is_figure(name)).collect()
}

fn ids(printed: &[PrintedFigure]) -> BTreeSet<String> {
    printed.iter().map(|figure| figure.id.clone()).collect()
}

/// What figures.json holds for a report of one period.
fn figures_file(project: &Project, period: usize, printed: &[PrintedFigure]) -> Value {
    let report = &project.settings.reports[0];
    let counted = count(project);
    let releases = release(project, &counted);
    let text = figures::report_json(project, report, &releases.for_report(report).periods, period, printed);
    serde_json::from_str(&text).expect("JSON")
}

/// A figure that was corrected since an earlier report.
fn correction(project: &Project) -> RestatedFigure {
    RestatedFigure {
        indicator: IndicatorId(0),
        period: project.logframe.periods[0].code.clone(),
        old: Some(Amount::count(1_350)),
        new: Some(Amount::count(1_362)),
        added: 1_013,
        gone: 1,
        changed: 0,
        corrected: Default::default(),
    }
}

#[test]
fn figures_have_one_name_in_every_document_and_stand_at_it() {
    let project = project();
    let mut documents = [document(&project, "progress", &["mk"], 0), document(&project, "progress", &["en"], 0)];
    let printed = number_figures(&mut documents);
    assert!(printed.len() > 20, "{}", printed.len());
    for document in &documents {
        assert_eq!(places(document), ids(&printed));
    }
}

#[test]
fn in_two_languages_the_second_has_names_of_its_own() {
    let mut project = project();
    for layout in [LanguageLayout::Sequential, LanguageLayout::Parallel] {
        project.settings.reports[0].layout = layout;
        let mut documents = [document(&project, "final", &["mk", "en"], 2)];
        let ids = ids(&number_figures(&mut documents));
        let found = places(&documents[0]);
        let first: BTreeSet<String> = found.iter().filter(|name| !name.contains('.')).cloned().collect();
        assert_eq!(first, ids, "{layout:?}");
        let second = found.iter().filter_map(|name| name.strip_suffix(".en"));
        assert!(second.clone().count() > 0 && second.into_iter().all(|name| ids.contains(name)), "{layout:?}");
    }
}

#[test]
fn figures_json_holds_what_is_printed_under_its_pointer_and_nothing_hidden() {
    for limit in [0, 11] {
        let mut project = project();
        project.settings.reports[0].suppress_below = limit;
        let mut documents = [document(&project, "progress", &["en"], 0)];
        let printed = number_figures(&mut documents);
        let file = figures_file(&project, 0, &printed);
        let entries = file["printed"].as_array().expect("a list");
        assert_eq!(entries.len(), printed.len());
        let mut held = 0;
        for entry in entries {
            let Some(place) = entry["place"].as_str() else { continue };
            let value = file.pointer(place).unwrap_or_else(|| panic!("{place} is nowhere"));
            assert_eq!(*value, entry["value"], "{place}");
            assert!(value["below"].is_null() && value["withheld"].is_null(), "{place} is hidden");
            held += 1;
        }
        assert!(held > 10, "{held}");
    }
}

/// Documents of every profile, and of one with all kinds of sections, with a figure that was corrected.
pub fn each_document(languages: &[&str], layout: LanguageLayout, check: impl Fn(&str, &Project, &Document, &Value)) {
    let mut project = project();
    project.settings.reports[0].layout = layout;
    for profile in Profile::shipped().into_iter().chain(["own"]) {
        let mut documents = [restating(&project, profile, languages, 1, &[correction(&project)])];
        let printed = number_figures(&mut documents);
        let file = figures_file(&project, 1, &printed);
        check(profile, &project, &documents[0], &file["printed"]);
    }
}

/// Holds the text at each place to the value that figures.json has under its name.
fn hold_to_values(what: &str, texts: &BTreeMap<String, String>, printed: &Value, first: &str) {
    let values: BTreeMap<&str, &Value> = printed
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|entry| Some((entry["id"].as_str()?, &entry["value"])))
        .collect();
    let found: BTreeSet<&str> = texts.keys().map(|name| name.split('.').next().unwrap_or_default()).collect();
    assert_eq!(found, values.keys().copied().collect(), "{what}");
    let wrong: Vec<String> = texts
        .iter()
        .filter_map(|(name, text)| {
            let (id, lang) = name.split_once('.').unwrap_or((name, first));
            let value = values[id];
            (!writes(text, value, lang)).then(|| format!("{name} is {value}, the page says {text:?}"))
        })
        .collect();
    assert_eq!(wrong, Vec::<String>::new(), "{what}");
}

#[test]
fn the_page_says_at_each_place_what_figures_json_holds() {
    for (languages, layout) in [
        (&["mk"][..], LanguageLayout::Sequential),
        (&["en"], LanguageLayout::Sequential),
        (&["mk", "en"], LanguageLayout::Sequential),
        (&["mk", "en"], LanguageLayout::Parallel),
    ] {
        each_document(languages, layout, |profile, _, document, printed| {
            let file = drawn(document);
            let places: BTreeMap<String, NamedPlace> =
                named_places(&file).into_iter().filter(|(name, _)| is_figure(name)).collect();
            let texts = texts_at_places(&read_pages(&file), &places, is_figure);
            hold_to_values(&format!("{profile} {languages:?} {layout:?}"), &texts, printed, languages[0]);
        });
    }
}

#[test]
fn word_holds_each_figure_in_a_control_of_its_name() {
    for languages in [&["mk"][..], &["en"]] {
        each_document(languages, LanguageLayout::Sequential, |profile, _, document, printed| {
            let bytes = render_docx(document, &BTreeMap::new(), None).expect("a Word file");
            let texts = crate::render::docx::texts_in_controls(&bytes);
            hold_to_values(&format!("{profile} {languages:?}"), &texts, printed, languages[0]);
        });
    }
}

/// Words without their case. Numbers are held by their names; those of pages are the PDF's alone.
fn words_of(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// What the PDF says of the bars and columns of its charts; in Word they are numbers.
fn about_charts(document: &Document) -> BTreeSet<String> {
    let keys = document.parts.iter().flat_map(|part| &part.key_lines);
    let bodies = document.sections.iter().flat_map(|section| &section.entries).map(|entry| &entry.body);
    let legends = bodies.filter_map(|body| match body {
        SectionBody::IndicatorChart { legend, .. } => Some(legend),
        _ => None,
    });
    let locales = document.parts.iter().filter_map(|part| Locale::new(&Lang::new(&part.tag)));
    let trends: String = locales.map(|locale| format!("{} ", locale.label("report.legend-trend"))).collect();
    keys.chain(legends.flatten()).chain([&trends]).flat_map(|text| words_of(text)).collect()
}

/// What only the PDF says, in charts, which are pictures in Word.
const IN_CHARTS: &[&str] = &["јан", "фев", "мар", "апр", "мај", "јун", "jan", "feb", "mar", "apr", "may", "jun"];
/// What only Word says: the heading of the page that answers first, which is the head itself in the PDF.
const IN_WORD: &[&str] = &["најважното", "at", "a", "glance"];

#[test]
fn word_says_what_the_pdf_says() {
    for languages in [&["mk"][..], &["en"], &["mk", "en"]] {
        each_document(languages, LanguageLayout::Sequential, |profile, _, document, _| {
            let what = format!("{profile} {languages:?}");
            let pdf = drawn(document);
            let pages = read_pages(&pdf);
            let bytes = render_docx(document, &BTreeMap::new(), None).expect("a Word file");
            if languages.len() == 1 {
                let places = named_places(&pdf).into_iter().filter(|(name, _)| is_figure(name)).collect();
                let on_pages = texts_at_places(&pages, &places, is_figure);
                let in_word = crate::render::docx::texts_in_controls(&bytes);
                assert!(on_pages.keys().eq(in_word.keys()), "{what}");
                let plain = |text: &str| text.split_whitespace().collect::<String>();
                for (name, text) in &in_word {
                    let on_page = &on_pages[name];
                    assert!(
                        plain(on_page).starts_with(&plain(text)),
                        "{what}, {name}: Word {text}, the page {on_page}"
                    );
                }
            }
            let on_pages: String = pages.iter().map(|page| text_of(&page.letters) + " ").collect();
            let (on_pages, in_word) = (words_of(&on_pages), words_of(&crate::render::docx::words(&bytes)));
            let except = |words: &BTreeSet<String>, others: &BTreeSet<String>, known: &[&str]| -> Vec<String> {
                words.difference(others).filter(|word| !known.contains(&word.as_str())).cloned().collect()
            };
            let about_charts = about_charts(document);
            let mut lacking = except(&on_pages, &in_word, IN_CHARTS);
            lacking.retain(|word| !about_charts.contains(word));
            let more = except(&in_word, &on_pages, IN_WORD);
            assert!(lacking.is_empty() && more.is_empty(), "{what}: Word lacks {lacking:?}, the PDF {more:?}");
        });
    }
}

/// Fields of a document's view that hold digits which are no figures of the report: names, days, codes, limits, words for
/// readers who can't see a chart.
const NO_FIGURES: &[&str] = &[
    "alt",
    "bar",
    "bar-alt",
    "id",
    "over-time",
    "code",
    "date",
    "explanations",
    "facts",
    "file",
    "first",
    "head",
    "heading",
    "indicator",
    "key",
    "key-lines",
    "kind",
    "label",
    "last",
    "lead",
    "links",
    "notes",
    "name",
    "period",
    "place",
    "title",
    "legend",
];

/// Whether a word has a digit, and is no code, quarter or year.
fn is_number(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit()) && !word.starts_with(['I', 'Q']) && word != "2030"
}

/// Texts with a digit that stand under none of these fields and have no name.
fn unnamed(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        // Days and numbers of contracts: what project.toml says of the project.
        Value::Object(fields) if fields.get("kind").and_then(Value::as_str) == Some("facts") => {}
        Value::Object(fields) => {
            let is_named = fields.contains_key("id") && fields.contains_key("text");
            for (key, value) in fields.iter().filter(|(key, _)| !NO_FIGURES.contains(&key.as_str())) {
                if !(is_named && (key == "id" || key == "text")) {
                    unnamed(value, &format!("{path}.{key}"), found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| unnamed(item, path, found)),
        // Codes of indicators, names of periods, and the limit that hidden parts are below.
        Value::String(text) if text.contains("<5") => {}
        Value::String(text) if text.split_whitespace().any(is_number) => found.push(format!("{path}: {text}")),
        _ => {}
    }
}

#[test]
fn no_figure_of_a_page_is_without_a_name() {
    each_document(&["en"], LanguageLayout::Sequential, |profile, _, document, _| {
        let view = serde_json::to_value(document).expect("a view");
        let mut found = Vec::new();
        unnamed(&view["parts"], "parts", &mut found);
        unnamed(&view["sections"], "sections", &mut found);
        assert_eq!(found, Vec::<String>::new(), "{profile}");
    });
}
