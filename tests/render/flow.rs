//! How a document runs over its pages: what stays together, and what has room.

use std::collections::BTreeMap;

use donor_report::render::pdf::{Attached, render_pdf};
use donor_report::report::block::{Block, Inline};
use donor_report::report::document::{Document, DocumentLayout, FigureText, NumberColumn, SectionBody};

use super::page_content::{PageContent, read_pages, text_of};
use super::reader::File;
use super::sample;

fn pages_of(document: &Document) -> Vec<PageContent> {
    let attached = Attached { annex: Some(b"PK annex".to_vec()), ..Attached::default() };
    let pdf = render_pdf(document, attached, &BTreeMap::new()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    read_pages(&File::read(&pdf.bytes))
}

/// The sample with one section; nothing in it leads to the others.
fn section_alone(id: &str, languages: &[usize], layout: DocumentLayout) -> Document {
    let mut document = sample::document(languages, layout);
    document.sections.retain(|section| section.id == id);
    document.anchors.clear();
    document
}

fn paragraph(content: Vec<Inline>) -> Block {
    Block::Paragraph { content }
}

fn words(text: &str) -> Inline {
    Inline::Text { text: text.to_owned() }
}

/// The pages, from 0, on which some words are.
fn pages_with(pages: &[PageContent], words: &str) -> Vec<usize> {
    let is_there = |page: &PageContent| text_of(&page.letters).contains(words);
    pages.iter().enumerate().filter(|(_, page)| is_there(page)).map(|(at, _)| at).collect()
}

#[test]
fn a_footnote_is_on_the_page_of_its_mark_wherever_that_falls() {
    let mut document = section_alone("summary", &[1], DocumentLayout::Single);
    let mut second = document.sections[0].clone();
    second.id = "context".into();
    let note = Inline::Footnote { content: vec![paragraph(vec![words("Said at the foot.")])] };
    second.entries[0].prose = vec![
        paragraph(vec![words("A first line.")]),
        paragraph(vec![words("A second line.")]),
        paragraph(vec![words("A line that bears a mark."), note]),
    ];
    document.sections.push(second);
    for lines in 1..40 {
        document.sections[0].entries[0].prose = vec![paragraph(vec![words("A line of the summary.")]); lines];
        let pages = pages_of(&document);
        let marks = pages_with(&pages, "that bears a mark");
        assert_eq!(marks.len(), 1, "{lines} lines");
        assert_eq!(marks, pages_with(&pages, "Said at the foot"), "{lines} lines");
    }
}

#[test]
fn titles_have_room_over_their_numbers_where_columns_are_many() {
    let mut document = section_alone("indicators", &[1], DocumentLayout::Single);
    let SectionBody::IndicatorTable(table) = &mut document.sections[0].entries[0].body else { panic!("a table") };
    let quarter = |at: usize| NumberColumn { over: Some("Earlier periods".into()), heading: format!("Q{at} 2030") };
    table.columns.extend((1..=4).map(quarter));
    let rows = table.groups.iter_mut().flat_map(|group| &mut group.rows);
    for row in rows {
        row.title = "People in three municipalities who received support of several kinds".into();
        row.numbers.extend(["1,000", "2,000", "3,000", "4,000"].map(|number| vec![FigureText::plain(number)]));
    }
    let pages = pages_of(&document);
    let whole: usize = pages
        .iter()
        .map(|page| text_of(&page.letters).matches("municipalities who received support of several kinds").count())
        .sum();
    assert!(whole >= 24, "{whole} titles are on one line");
}

#[test]
fn a_matrix_of_many_indicators_prints_no_heading_over_its_neighbour() {
    for (languages, layout) in [(&[1][..], DocumentLayout::Single), (&[0, 1], DocumentLayout::Parallel)] {
        let mut document = section_alone("disaggregation", languages, layout);
        for entry in &mut document.sections[0].entries {
            let SectionBody::Disaggregation { items, matrices } = &mut entry.body else { panic!("a disaggregation") };
            items.clear();
            matrices.truncate(1);
            let column = matrices[0].columns[0].clone();
            matrices[0].columns = vec![column; 12];
            for (at, column) in matrices[0].columns.iter_mut().enumerate() {
                (column.code, column.title) = (format!("I{at}"), "Municipalities internationally recognised".into());
            }
            for row in &mut matrices[0].rows {
                row.cells = vec![row.cells[0].clone(); 12];
            }
        }
        for page in pages_of(&document) {
            for (at, one) in page.letters.iter().enumerate() {
                let over = page.letters[at + 1..].iter().find(|other| {
                    let same_line = (one.y - other.y).abs() < 0.5;
                    same_line && one.x < other.end - 1.5 && other.x < one.end - 1.5
                });
                assert!(over.is_none(), "{layout:?}: {} is printed over {over:?}", one.text);
            }
        }
    }
}
