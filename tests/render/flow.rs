//! How a document runs over its pages: what stays together, and what has room.

use std::collections::BTreeMap;

use donor_report::render::pdf::{Attached, render_pdf};
use donor_report::report::block::{Align, Block, Inline};
use donor_report::report::document::{Document, DocumentLayout, FigureText, LabelledText, NumberColumn, SectionBody};

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
        assert_nothing_is_printed_over(&document, &format!("{layout:?}"));
    }
}

/// That no letter is printed over another, and none beyond the edges of its page.
fn assert_nothing_is_printed_over(document: &Document, what: &str) {
    for page in pages_of(document) {
        for (at, one) in page.letters.iter().enumerate() {
            let over = page.letters[at + 1..].iter().find(|other| {
                let apart = (one.y - other.y).abs();
                let may_touch = if apart < 0.5 { 1.5 } else { 0.5 };
                let is_near = apart < one.size.min(other.size) * 0.6;
                is_near && one.x < other.end - may_touch && other.x < one.end - may_touch
            });
            assert!(over.is_none(), "{what}: {one:?} is printed over {over:?}");
            let is_within = one.y > 20.0 && one.y < page.height && one.x > 0.0 && one.end < page.width;
            assert!(is_within, "{what}: {one:?} is beyond the page");
        }
    }
}

/// The indicators alone, in half a page or a whole one, with titles of so many letters.
fn long_titles(languages: &[usize], layout: DocumentLayout, length: usize) -> Document {
    let mut document = section_alone("indicators", languages, layout);
    let title = "Municipalities with services ".repeat(length / 29);
    for entry in &mut document.sections[0].entries {
        let SectionBody::IndicatorTable(table) = &mut entry.body else { panic!("a table") };
        table.groups.truncate(1);
        table.groups[0].rows.truncate(5);
        for row in &mut table.groups[0].rows {
            row.title = title.trim().to_owned();
            row.explanations = vec![LabelledText { label: "Explanation".into(), value: title.repeat(2) }];
        }
    }
    document
}

#[test]
fn a_table_of_long_titles_keeps_its_heading_and_prints_every_row_within_its_pages() {
    for (languages, layout) in [(&[1][..], DocumentLayout::Single), (&[0, 1], DocumentLayout::Parallel)] {
        for length in [60, 250, 500] {
            let document = long_titles(languages, layout, length);
            let what = format!("{layout:?}, titles of {length} letters");
            assert_nothing_is_printed_over(&document, &what);
            let pages = pages_of(&document);
            let SectionBody::IndicatorTable(table) = &document.sections[0].entries[0].body else { panic!("a table") };
            let codes = table.groups[0].rows.iter().map(|row| format!("{} Mun", row.code));
            let rows: Vec<usize> = codes.map(|code| pages_with(&pages, &code)[0]).collect();
            let heading = pages_with(&pages, &document.sections[0].entries[0].heading);
            assert_eq!(heading.last(), rows.first(), "{what}: the heading, and the first of {rows:?}");
        }
    }
}

#[test]
fn no_heading_of_many_columns_is_printed_over_its_neighbour() {
    for columns in 1..=4 {
        let mut document = section_alone("indicators", &[0], DocumentLayout::Single);
        let SectionBody::IndicatorTable(table) = &mut document.sections[0].entries[0].body else { panic!("a table") };
        let quarter = |at: usize| NumberColumn {
            over: Some("Претходни периоди".into()),
            heading: format!("{at} кв. 2030"),
        };
        table.columns.insert(0, NumberColumn { over: None, heading: "Почетна вредност".into() });
        table.columns.extend((1..=columns).map(quarter));
        for row in table.groups.iter_mut().flat_map(|group| &mut group.rows) {
            row.numbers.insert(0, vec![FigureText::plain("31,25")]);
            row.numbers.extend((0..columns).map(|_| vec![FigureText::plain("1.000")]));
        }
        assert_nothing_is_printed_over(&document, &format!("{columns} more columns"));
    }
}

#[test]
fn a_box_and_breakdowns_in_three_languages_print_nothing_over_another() {
    let mut document = section_alone("summary", &[1], DocumentLayout::Single);
    let heading = |text: &str| Block::Heading { level: 1, content: vec![words(text)] };
    document.sections[0].boxed = true;
    document.sections[0].entries[0].prose = vec![
        heading("A first heading"),
        paragraph(vec![words("A line under it.")]),
        heading("A second heading"),
        paragraph(vec![words("Another line.")]),
    ];
    assert_nothing_is_printed_over(&document, "a box");
    let document = section_alone("disaggregation", &[0, 1, 0], DocumentLayout::Parallel);
    assert_nothing_is_printed_over(&document, "three languages");
}

#[test]
fn a_table_in_prose_with_long_cells_goes_on_on_the_next_page() {
    let mut document = section_alone("summary", &[1], DocumentLayout::Single);
    let cell = |text: &str| vec![words(&text.repeat(40))];
    document.sections[0].entries[0].prose = vec![Block::Table {
        align: vec![Align::Start; 3],
        header: vec![vec![words("Risk")], vec![words("What was done")], vec![words("What remains")]],
        rows: vec![vec![cell("A risk of the project. "), cell("What was done. "), cell("What remains. ")]; 4],
    }];
    assert_nothing_is_printed_over(&document, "long cells");
    let printed: usize =
        pages_of(&document).iter().map(|page| text_of(&page.letters).matches("remains.").count()).sum();
    assert!(printed >= 4 * 38, "{printed} of 160 are printed");
}

#[test]
fn what_follows_a_short_first_page_begins_on_it() {
    let full = sample::document(&[0], DocumentLayout::Single);
    let mut short = full.clone();
    let glance = short.parts[0].glance.as_mut().expect("a first page");
    glance.cards.truncate(2);
    glance.cards.iter_mut().for_each(|card| card.trend = None);
    (glance.attention, glance.due, glance.next_steps) = Default::default();
    let heading = &full.sections[0].entries[0].heading;
    let first_page_of = |document: &Document| pages_with(&pages_of(document), heading)[0];
    assert_eq!((first_page_of(&short), first_page_of(&full)), (0, 1));
}

#[test]
fn a_long_code_of_a_project_is_whole_in_the_head_of_a_page() {
    for (languages, layout) in [(&[1][..], DocumentLayout::Single), (&[0, 1], DocumentLayout::Parallel)] {
        let mut document = section_alone("summary", languages, layout);
        let code = "SERVICES-OF-MUNICIPALITIES-POLOG-NORTHEAST-PELAGONIA-2030-2032";
        document.parts.iter_mut().for_each(|part| part.cover.code = code.into());
        let page = pages_of(&document).pop().expect("a page");
        let start = text_of(&page.letters).find(code);
        assert!(start.is_some(), "{layout:?}: {}", text_of(&page.letters));
        assert_nothing_is_printed_over(&document, &format!("{layout:?}"));
    }
}

#[test]
fn footnotes_of_each_language_are_numbered_for_themselves() {
    for layout in [DocumentLayout::Parallel, DocumentLayout::Sequential] {
        let mut document = section_alone("summary", &[0, 1], layout);
        for (entry, names) in document.sections[0].entries.iter_mut().zip([["алфа", "бета"], ["alpha", "beta"]])
        {
            let noted = |name: &str| {
                let content = vec![paragraph(vec![words(&format!("said of {name}"))])];
                paragraph(vec![words(&format!("A line with {name}")), Inline::Footnote { content }])
            };
            entry.prose = names.map(noted).into();
        }
        let pages = pages_of(&document);
        let text: String = pages.iter().map(|page| text_of(&page.letters).replace(' ', "")).collect();
        for (name, number) in [("алфа", 1), ("бета", 2), ("alpha", 1), ("beta", 2)] {
            assert!(text.contains(&format!("Alinewith{name}{number}")), "{layout:?}, the mark of {name}: {text}");
            assert!(text.contains(&format!("{number}saidof{name}")), "{layout:?}, the note of {name}: {text}");
        }
    }
}

#[test]
fn a_table_in_prose_keeps_its_distance_from_the_chart_before_it() {
    let whole = sample::document(&[0], DocumentLayout::Single);
    let body = |id: &str| {
        let section = whole.sections.iter().find(|section| section.id == id).expect("the section");
        section.entries[0].body.clone()
    };
    let mut document = section_alone("summary", &[0], DocumentLayout::Single);
    document.parts[0].charts.insert("I1".into(), body("chart"));
    document.parts[0].tables.insert("I1".into(), body("indicators"));
    document.sections[0].entries[0].prose = vec![
        paragraph(vec![words("Пред графиконот.")]),
        Block::IndicatorChart { indicator: "I1".into() },
        Block::IndicatorTable { indicator: "I1".into() },
        paragraph(vec![words("По табелата.")]),
    ];
    assert_nothing_is_printed_over(&document, "a chart and a table");
}
