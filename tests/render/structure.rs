//! What a screen reader and an archive find in the file, read by a reader of our own.

use std::collections::BTreeMap;

use donor_report::render::pdf::{Attached, render_pdf};
use donor_report::report::document::DocumentLayout;

use super::reader::{File, Object};
use super::sample;
use super::structure_tree::{Element, structure_tree as tree};

fn file(languages: &[usize], layout: DocumentLayout) -> File {
    let document = sample::document(languages, layout);
    let pdf =
        render_pdf(&document, Attached { annex: Some(b"PK annex".to_vec()), ..Attached::default() }, &BTreeMap::new())
            .unwrap_or_else(|faults| panic!("{faults:#?}"));
    File::read(&pdf.bytes)
}

#[test]
fn the_document_is_marked_titled_and_in_its_language() {
    for (at, lang) in [(0, "mk"), (1, "en")] {
        let file = file(&[at], DocumentLayout::Single);
        let root = file.root();
        let marked = file.get(root, "MarkInfo");
        assert_eq!(*file.get(marked, "Marked"), Object::Bool(true));
        assert_eq!(*file.get(marked, "Suspects"), Object::Null, "a reader takes it for a fault");
        assert_eq!(file.get(root, "Lang").text(), lang);
        assert_eq!(*file.get(file.get(root, "ViewerPreferences"), "DisplayDocTitle"), Object::Bool(true));
        let title = file.get(file.trailer("Info"), "Title").text();
        assert!(title.contains(if at == 0 { "Измислен" } else { "invented" }), "{title}");
    }
}

#[test]
fn metadata_claims_pdf_a_3a_and_pdf_ua_1() {
    let file = file(&[0], DocumentLayout::Single);
    let Object::Stream(_, xmp) = file.get(file.root(), "Metadata") else { panic!("there is no metadata") };
    let xmp = String::from_utf8_lossy(xmp);
    let says = |name: &str, value: &str| {
        xmp.contains(&format!("<{name}>{value}</{name}>")) || xmp.contains(&format!("{name}=\"{value}\""))
    };
    assert!(says("pdfaid:part", "3") && says("pdfaid:conformance", "A"), "{xmp}");
    assert!(says("pdfuaid:part", "1"), "{xmp}");
}

#[test]
fn every_table_has_header_cells_and_every_row_as_many_columns() {
    let file = file(&[1], DocumentLayout::Single);
    let tree = tree(&file);
    let tables = tree.all("Table");
    assert!(tables.len() >= 5, "{} tables", tables.len());
    for table in tables {
        let headers = table.all("TH");
        assert!(!headers.is_empty(), "a table without header cells");
        for header in headers {
            let attributes = file.list(file.get(header.object, "A"));
            let scoped =
                attributes.iter().any(|one| matches!(file.get(one, "Scope").name(), "Column" | "Both" | "Row"));
            assert!(scoped, "a header cell without a scope");
        }
        assert!(!table.all("TD").is_empty(), "a table without cells");
        let widths = row_widths(&file, table);
        assert!(widths.iter().all(|width| *width == widths[0]), "rows of different width: {widths:?}");
    }
}

/// Columns that each row of a table covers, with cells that span columns or reach down from rows above.
fn row_widths(file: &File, table: &Element) -> Vec<usize> {
    let span = |cell: &Element, key: &str| {
        let attributes = file.list(file.get(cell.object, "A"));
        attributes.iter().find_map(|one| file.get(one, key).number()).map_or(1, |number| number as usize)
    };
    let mut reaching: Vec<(usize, usize)> = Vec::new();
    table
        .all("TR")
        .iter()
        .map(|row| {
            let mut width: usize = reaching.iter().map(|(_, columns)| columns).sum();
            for open in &mut reaching {
                open.0 -= 1;
            }
            reaching.retain(|(rows, _)| *rows > 0);
            for cell in row.children.iter().filter(|cell| matches!(cell.role.as_str(), "TH" | "TD")) {
                let (rows, columns) = (span(cell, "RowSpan"), span(cell, "ColSpan"));
                width += columns;
                if rows > 1 {
                    reaching.push((rows - 1, columns));
                }
            }
            width
        })
        .collect()
}

#[test]
fn every_picture_and_chart_has_alternative_text() {
    let file = file(&[0], DocumentLayout::Single);
    let tree = tree(&file);
    let figures = tree.all("Figure");
    assert!(figures.len() > 20, "{} figures", figures.len());
    for figure in figures {
        let mut said = !file.get(figure.object, "Alt").text().is_empty();
        figure.walk(&mut |inner| said |= !file.get(inner.object, "Alt").text().is_empty());
        assert!(said, "a figure without alternative text");
    }
}

#[test]
fn headings_nest() {
    for (languages, layout) in
        [(&[0][..], DocumentLayout::Single), (&[0, 1], DocumentLayout::Sequential), (&[0, 1], DocumentLayout::Parallel)]
    {
        let file = file(languages, layout);
        let mut levels = Vec::new();
        tree(&file).walk(&mut |element| {
            if let Some(level) = element.role.strip_prefix('H').and_then(|digits| digits.parse::<u8>().ok()) {
                levels.push(level);
            }
        });
        assert_eq!(levels.first(), Some(&1), "{layout:?}: {levels:?}");
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{layout:?}: {levels:?}");
    }
}

#[test]
fn each_part_of_a_bilingual_document_has_its_language() {
    for layout in [DocumentLayout::Sequential, DocumentLayout::Parallel] {
        let file = file(&[0, 1], layout);
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        tree(&file).walk(&mut |element| {
            if element.role == "P" || element.role == "TD" {
                *seen.entry(element.lang.clone()).or_default() += 1;
            }
        });
        let count = |lang: &str| seen.get(lang).copied().unwrap_or_default();
        assert!(count("mk") > 50 && count("en") > 50, "{layout:?}: {seen:?}");
        assert_eq!(seen.len(), 2, "{layout:?}: {seen:?}");
    }
}

#[test]
fn the_annex_is_attached_with_its_relationship_and_description() {
    let file = file(&[1], DocumentLayout::Single);
    let attached = file.list(file.get(file.root(), "AF"));
    assert_eq!(attached.len(), 1);
    let spec = attached[0];
    assert_eq!(file.get(spec, "UF").text(), "progress.mk.xlsx");
    assert_eq!(file.get(spec, "AFRelationship").name(), "Data");
    assert_eq!(file.get(spec, "Desc").text(), "Annex with the data");
    let Object::Stream(_, content) = file.get(file.get(spec, "EF"), "F") else { panic!("no embedded file") };
    assert_eq!(content, b"PK annex");
}

#[test]
fn fonts_are_embedded_and_ours() {
    let file = file(&[0], DocumentLayout::Single);
    let descriptors: Vec<&Object> =
        file.objects().filter(|object| file.get(object, "Type").name() == "FontDescriptor").collect();
    assert!(descriptors.len() >= 4, "{} fonts", descriptors.len());
    for descriptor in descriptors {
        let name = file.get(descriptor, "FontName").name();
        assert!(name.contains("NotoSans") || name.contains("NotoSerif"), "{name}");
        let embedded = ["FontFile2", "FontFile3"].iter().any(|key| *file.get(descriptor, key) != Object::Null);
        assert!(embedded, "{name} is not embedded");
    }
}

#[test]
fn bookmarks_lead_to_the_sections() {
    let file = file(&[1], DocumentLayout::Single);
    let mut titles = Vec::new();
    let mut next = file.get(file.get(file.root(), "Outlines"), "First");
    while *next != Object::Null {
        titles.push(file.get(next, "Title").text());
        next = file.get(next, "Next");
    }
    assert!(titles.iter().any(|title| title == "Key figures"), "{titles:?}");
}

/// All links of a file: their words for a screen reader, and whether they lead to a page of it or out of it.
fn links(file: &File) -> Vec<(String, bool)> {
    let pages: Vec<&Object> = file.objects().filter(|object| file.get(object, "Type").name() == "Page").collect();
    let named: Vec<String> = file
        .list(file.get(file.get(file.get(file.root(), "Names"), "Dests"), "Names"))
        .iter()
        .map(|name| name.text())
        .filter(|name| !name.is_empty())
        .collect();
    file.objects()
        .filter(|object| file.get(object, "Subtype").name() == "Link")
        .map(|link| {
            let target = file.get(link, "Dest");
            let leads = match target {
                Object::Text(_) => named.contains(&target.text()),
                Object::List(_) => pages.contains(&file.list(target)[0]),
                _ => !file.get(file.get(link, "A"), "URI").text().is_empty(),
            };
            (file.get(link, "Contents").text(), leads)
        })
        .collect()
}

#[test]
fn links_lead_somewhere_and_say_where() {
    for (languages, layout) in [(&[0][..], DocumentLayout::Single), (&[0, 1], DocumentLayout::Parallel)] {
        let file = file(languages, layout);
        let links = links(&file);
        // Six indicators, each linked from its card and its result to how it was counted, and back.
        assert!(links.len() >= 18 * languages.len(), "{layout:?}: {} links", links.len());
        assert!(links.iter().all(|(words, leads)| *leads && !words.trim().is_empty()), "{layout:?}: {links:?}");
        let marked = tree(&file).all("Link").len();
        assert!(marked >= links.len(), "{layout:?}: {marked} of {} links are marked", links.len());
    }
}
