//! Pages of every kind of section, in every layout: letters that can be read, cells that say whose they are.

use std::collections::{BTreeMap, BTreeSet};

use donor_report::model::LanguageLayout;
use donor_report::render::pdf::{Attached, render_pdf};
use donor_report::report::document::{Document, DocumentLayout, Opening, SectionBody};

use super::page_checks::{cells_without_headers, pale_letters, small_letters, thin_table_parts, whole_status_words};
use super::page_content::{Letter, PageContent, read_pages, text_of};
use super::reader::File;
use super::sample;
use super::structure_tree::{MarkedText, structure_tree};
use crate::report::printed::each_document;

fn drawn(document: &Document) -> File {
    let attached = Attached { annex: Some(b"PK annex".to_vec()), ..Attached::default() };
    let pdf = render_pdf(document, attached, &BTreeMap::new()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    File::read(&pdf.bytes)
}

/// Documents with every kind of section, in one language and in two.
fn each_file(check: impl Fn(&str, &Document, &File)) {
    for (languages, layout) in
        [(&[0][..], DocumentLayout::Single), (&[0, 1], DocumentLayout::Sequential), (&[0, 1], DocumentLayout::Parallel)]
    {
        let document = sample::document(languages, layout);
        check(&format!("sample {layout:?}"), &document, &drawn(&document));
    }
    for (languages, layout) in [(&["en"][..], LanguageLayout::Sequential), (&["mk", "en"], LanguageLayout::Parallel)] {
        each_document(languages, layout, |profile, _, document, _| {
            check(&format!("{profile} {layout:?}"), document, &drawn(document));
        });
    }
}

#[test]
fn no_letter_is_under_eight_points_and_every_one_stands_out_from_its_ground() {
    each_file(|what, _, file| {
        let pages = read_pages(file);
        let letters: usize = pages.iter().map(|page| page.letters.len()).sum();
        // A letter about a report is a page; every report is several.
        let least = if what.starts_with("erratum ") { 100 } else { 1_000 };
        assert!(letters > least, "{what}: hardly a letter was found");
        assert_eq!(small_letters(&pages), BTreeSet::new(), "{what}");
        assert_eq!(pale_letters(&pages), BTreeSet::new(), "{what}");
    });
}

/// Letters that are printed over others, on lines that are not the same.
fn printed_over(page: &PageContent) -> BTreeSet<String> {
    let said: Vec<_> = page.letters.iter().filter(|letter| !letter.text.trim().is_empty()).collect();
    let is_over = |one: &Letter, other: &Letter| {
        let apart = (one.y - other.y).abs();
        apart > 0.5 && apart < one.size.min(other.size) * 0.6 && one.x < other.end - 0.5 && other.x < one.end - 0.5
    };
    let pairs = said.iter().enumerate().flat_map(|(at, one)| said[at + 1..].iter().map(move |other| (one, other)));
    pairs
        .filter(|(one, other)| is_over(one, other))
        .map(|(one, other)| format!("{} over {}", one.text, other.text))
        .collect()
}

#[test]
fn a_cover_has_room_for_its_title_and_all_that_stands_under_it() {
    for (languages, layout) in [(&[0, 1][..], DocumentLayout::Sequential), (&[0, 1], DocumentLayout::Parallel)] {
        for repeats in [1, 2, 4] {
            let mut document = sample::document(languages, layout);
            document.opening = Opening::Cover;
            for part in &mut document.parts {
                part.cover.title = vec![part.cover.title.clone(); repeats].join(" ");
                part.cover.revision = Some("Version 2".into());
                part.cover.date = Some("18 April 2030".into());
                part.cover.notice = Some("An invented notice that has to be on the cover itself.".into());
            }
            let pages = read_pages(&drawn(&document));
            let what = format!("{layout:?}, {repeats} times the title");
            assert_eq!(pale_letters(&pages[..1]), BTreeSet::new(), "{what}");
            assert_eq!(printed_over(&pages[0]), BTreeSet::new(), "{what}");
            let notices = text_of(&pages[0].letters).matches("on the cover itself").count();
            let on_this_page = if layout == DocumentLayout::Parallel { document.parts.len() } else { 1 };
            assert_eq!(notices, on_this_page, "{what}: {}", text_of(&pages[0].letters));
        }
    }
}

#[test]
fn every_cell_with_a_number_names_the_headers_of_its_row_and_of_its_column() {
    each_file(|what, _, file| {
        let (tree, texts) = (structure_tree(file), MarkedText::new(&read_pages(file)));
        assert_eq!(cells_without_headers(file, &tree, &texts), BTreeSet::new(), "{what}");
    });
}

#[test]
fn no_part_of_a_table_has_fewer_than_three_rows() {
    each_file(|what, _, file| {
        let (tree, texts) = (structure_tree(file), MarkedText::new(&read_pages(file)));
        assert_eq!(thin_table_parts(&tree, file, &texts), Vec::<String>::new(), "{what}");
    });
}

#[test]
fn the_word_of_a_status_stands_whole_in_its_cell() {
    each_file(|what, document, file| {
        let (tree, texts) = (structure_tree(file), MarkedText::new(&read_pages(file)));
        let bodies = document.sections.iter().flat_map(|section| &section.entries).map(|entry| &entry.body);
        let tables = bodies.filter_map(|body| match body {
            SectionBody::IndicatorTable(table) => Some(table),
            _ => None,
        });
        let rows: Vec<_> = tables.flat_map(|table| &table.groups).flat_map(|group| &group.rows).collect();
        let words: BTreeSet<String> = rows.iter().map(|row| row.status.text.clone()).collect();
        let once = if document.layout == DocumentLayout::Parallel { document.parts.len() } else { 1 };
        assert_eq!(whole_status_words(&tree, &texts, &words), rows.len() / once, "{what}: {words:?}");
    });
}
