//! Figures that documents print: named alike in every document, held by figures.json, found in the PDF.

use std::collections::{BTreeMap, BTreeSet};

use donor_report::disclosure::release;
use donor_report::indicators::count;
use donor_report::model::LanguageLayout;
use donor_report::render::pdf::{Attached, render_pdf};
use donor_report::report::document::{Document, PrintedFigure, number_figures};
use donor_report::report::figures;
use serde_json::Value;

use super::compose::document;
use super::project::project;
use crate::render::reader::File;

/// Names of places in a PDF.
fn places(document: &Document) -> BTreeSet<String> {
    let attached = Attached { annex: Some(b"annex".to_vec()), ..Attached::default() };
    let pdf = render_pdf(document, attached, &BTreeMap::new()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let file = File::read(&pdf.bytes);
    let tree = file.get(file.get(file.root(), "Names"), "Dests");
    let branches = std::iter::once(tree).chain(file.list(file.get(tree, "Kids")));
    let leaves = branches.flat_map(|branch| file.list(file.get(branch, "Names")));
    let mut names: BTreeSet<String> = leaves.into_iter().map(|name| name.text()).collect();
    names.retain(|name| name.starts_with('f') && name[1..].starts_with(|first: char| first.is_ascii_digit()));
    names
}

fn ids(printed: &[PrintedFigure]) -> BTreeSet<String> {
    printed.iter().map(|figure| figure.id.clone()).collect()
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
        let report = &project.settings.reports[0];
        let figures = count(&project);
        let releases = release(&project, &figures);
        let released = releases.for_report(report);
        let text = figures::report_json(&project, report, &released.periods, 0, &printed);
        let file: Value = serde_json::from_str(&text).expect("JSON");
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
