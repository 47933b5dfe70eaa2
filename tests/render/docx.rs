//! Word files as Word reads them: parts and relations, the order of elements, languages, figures, tables, pictures.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

use donor_report::render::docx::{OfficeTemplate, render_docx};
use donor_report::render::text::{render_text, section_texts};
use donor_report::report::document::DocumentLayout;
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::sample;
use crate::ingest::sheets::{parts, zipped};

/// A file's parts by name.
struct WordFile {
    parts: BTreeMap<String, Vec<u8>>,
}

/// An element with what it holds.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Element>,
    text: String,
}

impl WordFile {
    fn new(languages: &[usize], layout: DocumentLayout) -> WordFile {
        WordFile::read(&render_docx(&sample::document(languages, layout), &BTreeMap::new(), None).expect("a Word file"))
    }

    fn read(bytes: &[u8]) -> WordFile {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let parts = (0..archive.len()).map(|at| {
            let mut file = archive.by_index(at).expect("a part");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("its bytes");
            (file.name().expect("a name").into_owned(), bytes)
        });
        WordFile { parts: parts.collect() }
    }

    fn xml(&self, name: &str) -> Element {
        let text = std::str::from_utf8(&self.parts[name]).expect("UTF-8");
        read_xml(text)
    }

    fn body(&self) -> Element {
        self.xml("word/document.xml")
    }
}

/// The words in each content control of a file, by its tag.
pub fn texts_in_controls(bytes: &[u8]) -> BTreeMap<String, String> {
    let file = WordFile::read(bytes);
    let parts: Vec<Element> = ["word/document.xml", "word/footnotes.xml"]
        .into_iter()
        .filter(|name| file.parts.contains_key(*name))
        .map(|name| file.xml(name))
        .collect();
    let controls = parts.iter().flat_map(|part| part.all("w:sdt"));
    let tagged = controls.filter_map(|control| {
        let tag = control.child("w:sdtPr")?.child("w:tag")?;
        Some((tag.value().to_owned(), control.words()))
    });
    let mut texts = BTreeMap::new();
    for (tag, words) in tagged {
        assert!(texts.insert(tag.clone(), words).is_none(), "{tag} stands twice");
    }
    texts
}

/// All words of a file: its text, footnotes, heads and feet.
pub fn words(bytes: &[u8]) -> String {
    let file = WordFile::read(bytes);
    let is_text = |name: &&String| {
        let begins = |kind: &str| name.starts_with(&format!("word/{kind}")) && name.ends_with(".xml");
        ["document", "footnotes", "header", "footer"].into_iter().any(begins)
    };
    file.parts.keys().filter(is_text).map(|name| file.xml(name).paragraphs()).collect::<Vec<_>>().join(" ")
}

/// Files of every layout, and one that an office's template restyled.
fn files() -> Vec<WordFile> {
    let restyled = render_docx(&sample::document(&[1], DocumentLayout::Single), &BTreeMap::new(), Some(&office()));
    let plain = LAYOUTS.into_iter().map(|(languages, layout)| WordFile::new(languages, layout));
    plain.chain([WordFile::read(&restyled.expect("a Word file"))]).collect()
}

/// An invented office's template: ids of styles in another language, numbered headings, a head with a picture on the first
/// page, a foot without a number.
fn office() -> OfficeTemplate {
    OfficeTemplate::read(&office_file()).unwrap_or_else(|fault| panic!("{fault:?}"))
}

fn office_file() -> Vec<u8> {
    let word = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = |items: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{items}</Relationships>"
        )
    };
    let relation = |id: &str, name: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{kind}/{name}\" Target=\"{target}\"/>")
    };
    let typed = |part: &str, name: &str| {
        format!(
            "<Override PartName=\"/word/{part}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml\"/>"
        )
    };
    let types = [
        ("document", "template.main"),
        ("styles", "styles"),
        ("numbering", "numbering"),
        ("header1", "header"),
        ("footer1", "footer"),
    ]
    .map(|(part, name)| typed(part, name))
    .concat();
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"png\" ContentType=\"image/png\"/>{types}</Types>"
            ),
        ),
        ("_rels/.rels", relations(&relation("rId1", "officeDocument", "word/document.xml"))),
        (
            "word/_rels/document.xml.rels",
            relations(
                &[("rId1", "styles"), ("rId2", "numbering"), ("rId3", "header"), ("rId4", "footer")]
                    .map(|(id, name)| {
                        let file = if name.ends_with('s') || name == "numbering" {
                            format!("{name}.xml")
                        } else {
                            format!("{name}1.xml")
                        };
                        relation(id, name, &file)
                    })
                    .concat(),
            ),
        ),
        (
            "word/document.xml",
            format!(
                "<w:document {word}><w:body><w:p><w:r><w:t>Not taken</w:t></w:r></w:p><w:sectPr><w:headerReference w:type=\"first\" r:id=\"rId3\"/><w:footerReference w:type=\"default\" r:id=\"rId4\"/><w:pgSz w:w=\"12240\" w:h=\"15840\"/><w:pgMar w:top=\"2000\" w:right=\"1000\" w:bottom=\"1000\" w:left=\"1000\" w:header=\"700\" w:footer=\"700\" w:gutter=\"0\"/><w:titlePg/></w:sectPr></w:body></w:document>"
            ),
        ),
        (
            "word/styles.xml",
            format!(
                "<w:styles {word}><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/></w:style><w:style w:type=\"paragraph\" w:styleId=\"1\"><w:name w:val=\"heading 1\"/><w:basedOn w:val=\"a\"/><w:pPr><w:numPr><w:numId w:val=\"7\"/></w:numPr></w:pPr><w:rPr><w:color w:val=\"8A1C1C\"/></w:rPr></w:style><w:style w:type=\"paragraph\" w:styleId=\"Caption\"><w:name w:val=\"Something else\"/></w:style></w:styles>"
            ),
        ),
        (
            "word/numbering.xml",
            format!(
                "<w:numbering {word}><w:abstractNum w:abstractNumId=\"4\"><w:lvl w:ilvl=\"0\"/></w:abstractNum><w:num w:numId=\"7\"><w:abstractNumId w:val=\"4\"/></w:num></w:numbering>"
            ),
        ),
        ("word/header1.xml", format!("<w:hdr {word}><w:p><w:r><w:t>Office of Examples</w:t></w:r></w:p></w:hdr>")),
        ("word/_rels/header1.xml.rels", relations(&relation("rId9", "image", "media/logo.png"))),
        ("word/media/logo.png", "a picture".to_owned()),
        ("word/footer1.xml", format!("<w:ftr {word}><w:p><w:r><w:t>Example Street 1</w:t></w:r></w:p></w:ftr>")),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(name, SimpleFileOptions::default()).expect("a part");
        archive.write_all(content.as_bytes()).expect("its bytes");
    }
    archive.finish().expect("an archive").into_inner()
}

fn read_xml(text: &str) -> Element {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(tag) => open.push(element(&tag)),
            Event::Empty(tag) => {
                let child = element(&tag);
                open.last_mut().expect("a root").children.push(child);
            }
            Event::End(_) => {
                let done = open.pop().expect("an element");
                open.last_mut().expect("a root").children.push(done);
            }
            Event::Text(text) => open.last_mut().expect("a root").text.push_str(&text.decode().expect("text")),
            Event::Eof => break,
            _ => {}
        }
    }
    open.remove(0).children.remove(0)
}

fn element(tag: &quick_xml::events::BytesStart) -> Element {
    let name = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
    let attributes = tag.attributes().map(|attribute| {
        let attribute = attribute.expect("an attribute");
        let value = String::from_utf8_lossy(&attribute.value).into_owned();
        (String::from_utf8_lossy(attribute.key.as_ref()).into_owned(), value)
    });
    Element { name, attributes: attributes.collect(), ..Element::default() }
}

impl Element {
    fn walk<'e>(&'e self, visit: &mut dyn FnMut(&'e Element)) {
        visit(self);
        self.children.iter().for_each(|child| child.walk(visit));
    }

    fn all(&self, name: &str) -> Vec<&Element> {
        let mut found = Vec::new();
        self.walk(&mut |element| {
            if element.name == name {
                found.push(element);
            }
        });
        found
    }

    fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    fn value(&self) -> &str {
        &self.attributes["w:val"]
    }

    /// Its words with a blank behind each paragraph.
    fn paragraphs(&self) -> String {
        let mut text = String::new();
        self.walk(&mut |element| match element.name.as_str() {
            "w:p" | "w:br" => text.push(' '),
            "w:t" => text.push_str(&element.text),
            _ => {}
        });
        text
    }

    fn words(&self) -> String {
        self.all("w:t").iter().map(|text| text.text.as_str()).collect()
    }
}

const LAYOUTS: [(&[usize], DocumentLayout); 3] =
    [(&[1], DocumentLayout::Single), (&[0, 1], DocumentLayout::Sequential), (&[0, 1], DocumentLayout::Parallel)];

/// Order of elements within some others (ECMA-376 part 1, annex A), as far as they are written here. Word calls a file with
/// another order damaged.
const ORDERS: [(&str, &[&str]); 7] = [
    ("w:pPr", &["w:pStyle", "w:keepNext", "w:keepLines", "w:pageBreakBefore", "w:numPr", "w:ind", "w:jc", "w:sectPr"]),
    ("w:rPr", &["w:rStyle", "w:b", "w:bCs", "w:i", "w:iCs", "w:rtl", "w:lang"]),
    ("w:tblPr", &["w:tblStyle", "w:tblW", "w:tblLayout", "w:tblLook", "w:tblCaption", "w:tblDescription"]),
    ("w:tcPr", &["w:tcW", "w:gridSpan", "w:vMerge"]),
    ("w:sdtPr", &["w:alias", "w:tag", "w:id", "w:lock"]),
    ("w:sectPr", &["w:headerReference", "w:footerReference", "w:pgSz", "w:pgMar", "w:titlePg"]),
    ("w:tbl", &["w:tblPr", "w:tblGrid", "w:tr"]),
];

#[test]
fn every_part_has_a_content_type_and_every_relation_its_part() {
    for file in files() {
        let types = file.xml("[Content_Types].xml");
        let endings: BTreeSet<&str> = types.all("Default").iter().map(|item| &*item.attributes["Extension"]).collect();
        let named: BTreeSet<&str> = types.all("Override").iter().map(|item| &*item.attributes["PartName"]).collect();
        for name in file.parts.keys().filter(|name| *name != "[Content_Types].xml") {
            let ending = name.rsplit('.').next().unwrap_or_default();
            let is_typed = named.contains(format!("/{name}").as_str()) || (ending != "xml" && endings.contains(ending));
            assert!(is_typed, "{name} has no content type");
        }
        for name in &named {
            assert!(file.parts.contains_key(&name[1..]), "{name} is typed and isn't there");
        }
        for name in file.parts.keys().filter(|name| name.ends_with(".rels")) {
            let folder = name.split("_rels/").next().unwrap_or_default();
            for relation in file.xml(name).all("Relationship") {
                let target = &relation.attributes["Target"];
                let part = match (target.strip_prefix('/'), target.strip_prefix("../")) {
                    (Some(absolute), _) => absolute.to_owned(),
                    (_, Some(above)) => above.to_owned(),
                    _ => format!("{folder}{target}"),
                };
                let is_there = relation.attributes.get("TargetMode").is_some_and(|mode| mode == "External")
                    || file.parts.contains_key(&part);
                assert!(is_there, "{name}: {target}");
            }
        }
        let relations = file.xml("word/_rels/document.xml.rels");
        let ids: BTreeSet<&str> = relations.all("Relationship").iter().map(|item| &*item.attributes["Id"]).collect();
        file.body().walk(&mut |element| {
            for key in ["r:id", "r:embed"] {
                if let Some(id) = element.attributes.get(key) {
                    assert!(ids.contains(id.as_str()), "{} names {id}", element.name);
                }
            }
        });
    }
}

#[test]
fn elements_are_in_the_order_that_word_asks_for() {
    for file in files() {
        for name in file.parts.keys().filter(|name| name.starts_with("word/") && name.ends_with(".xml")) {
            if name == "word/styles.xml" || name.starts_with("word/office/") {
                continue;
            }
            file.xml(name).walk(&mut |element| {
                let Some((_, order)) = ORDERS.iter().find(|(owner, _)| *owner == element.name) else { return };
                let places: Vec<usize> = element
                    .children
                    .iter()
                    .map(|child| {
                        let place = order.iter().position(|known| *known == child.name);
                        place.unwrap_or_else(|| panic!("{name}: {} in {}", child.name, element.name))
                    })
                    .collect();
                assert!(places.is_sorted(), "{name}: {:?}", element);
            });
        }
        file.body().walk(&mut |element| {
            if element.name == "w:tc" {
                assert_eq!(
                    element.children.last().map(|child| &*child.name),
                    Some("w:p"),
                    "a cell ends with a paragraph"
                );
            }
        });
    }
}

#[test]
fn styles_numbers_and_places_that_are_named_are_there_once() {
    for file in files() {
        let body = file.body();
        let styles = file.xml("word/styles.xml");
        let known: BTreeSet<&str> = styles.all("w:style").iter().map(|style| &*style.attributes["w:styleId"]).collect();
        for name in ["w:pStyle", "w:rStyle", "w:tblStyle"] {
            for used in body.all(name) {
                assert!(known.contains(used.value()), "{name} {}", used.value());
            }
        }
        assert!(!String::from_utf8_lossy(&file.parts["word/styles.xml"]).contains('{'), "a name of the theme is left");
        let numbering = file.xml("word/numbering.xml");
        let lists: BTreeSet<&str> = numbering.all("w:num").iter().map(|list| &*list.attributes["w:numId"]).collect();
        for used in body.all("w:numId") {
            assert!(lists.contains(used.value()), "list {}", used.value());
        }
        let mut ids = BTreeSet::new();
        for sdt in body.all("w:sdtPr") {
            assert!(ids.insert(sdt.child("w:id").expect("an id").value()), "an id twice");
            assert_eq!(sdt.child("w:lock").expect("a lock").value(), "contentLocked");
        }
        let places = body.all("w:bookmarkStart");
        let names: BTreeSet<&str> = places.iter().map(|place| &*place.attributes["w:name"]).collect();
        assert_eq!(names.len(), places.len(), "a place twice");
        for link in body.all("w:hyperlink") {
            if let Some(anchor) = link.attributes.get("w:anchor") {
                assert!(names.contains(anchor.as_str()), "a link to {anchor}");
            }
        }
    }
}

#[test]
fn every_run_says_its_language_and_levels_of_headings_are_in_order() {
    for (languages, layout) in LAYOUTS {
        let body = WordFile::new(languages, layout).body();
        let mut spoken = BTreeSet::new();
        for run in body.all("w:r").iter().filter(|run| run.child("w:t").is_some()) {
            let language = run.child("w:rPr").and_then(|properties| properties.child("w:lang"));
            spoken.insert(language.expect("a language").value().to_owned());
        }
        assert_eq!(spoken.len(), languages.len(), "{spoken:?}");
        let mut before = 0;
        for paragraph in body.all("w:p") {
            let style = paragraph.all("w:pStyle").first().map(|style| style.value().to_owned()).unwrap_or_default();
            if let Some(level) = style.strip_prefix("Heading").and_then(|level| level.parse::<u8>().ok()) {
                assert!(level <= before + 1, "level {level} behind {before}: {}", paragraph.words());
                before = level;
            }
        }
    }
}

#[test]
fn tables_begin_with_headings_on_every_page_and_their_rows_stay_whole() {
    let body = WordFile::new(&[1], DocumentLayout::Single).body();
    let tables: Vec<&Element> = body
        .all("w:tbl")
        .into_iter()
        .filter(|table| table.all("w:tblStyle").first().is_some_and(|style| style.value() == "TableGrid"))
        .collect();
    assert!(!tables.is_empty());
    for table in &tables {
        let columns = table.child("w:tblGrid").expect("columns").children.len();
        for row in table.children.iter().filter(|child| child.name == "w:tr") {
            assert!(row.child("w:trPr").is_some_and(|properties| properties.child("w:cantSplit").is_some()));
            let span = |cell: &&Element| -> usize {
                cell.all("w:gridSpan").first().map_or(1, |span| span.value().parse().expect("a number"))
            };
            let cells: Vec<&Element> = row.children.iter().filter(|child| child.name == "w:tc").collect();
            assert_eq!(cells.iter().map(span).sum::<usize>(), columns, "{}", row.words());
        }
    }
    assert!(tables.iter().any(|table| !table.all("w:tblHeader").is_empty()));
}

/// A row that is as high as a whole section would leave the rest of the page before it empty.
#[test]
fn two_languages_side_by_side_have_a_row_for_each_indicator_of_a_section() {
    let body = WordFile::new(&[0, 1], DocumentLayout::Parallel).body();
    let mut rows = 0;
    for table in body.children[0].children.iter().filter(|child| child.name == "w:tbl") {
        for row in table.children.iter().filter(|child| child.name == "w:tr") {
            for cell in row.children.iter().filter(|child| child.name == "w:tc") {
                let styles =
                    cell.children.iter().filter(|child| child.name == "w:p").flat_map(|child| child.all("w:pStyle"));
                let headings = styles.filter(|style| style.value() == "Heading2").count();
                assert!(headings <= 1, "{}", cell.words());
                rows += headings;
            }
        }
    }
    assert!(rows > 2, "{rows}");
}

/// A word that is wider than its cell would break between any two letters.
#[test]
fn columns_are_wide_enough_for_their_longest_words() {
    let number = |element: &Element, name: &str| element.attributes[name].parse::<usize>().expect("a number");
    // Letters of eight points and a half, not as wide as they are high, and the margins of a cell.
    let need = |cell: &Element| {
        let words = cell.paragraphs();
        let longest =
            words.split([' ', '-', '–', '/', '\n']).map(|word| word.chars().count()).max().unwrap_or_default();
        if longest == 0 { 0 } else { longest * 85 + 140 }
    };
    let mut widened = 0;
    for (languages, layout) in
        [(&[0][..], DocumentLayout::Single), (&[1], DocumentLayout::Single), (&[0, 1], DocumentLayout::Sequential)]
    {
        let body = WordFile::new(languages, layout).body();
        for table in body.all("w:tbl") {
            if table.all("w:tblStyle").first().is_none_or(|style| style.value() != "TableGrid") {
                continue;
            }
            let grid: Vec<usize> = table
                .child("w:tblGrid")
                .expect("columns")
                .children
                .iter()
                .map(|column| number(column, "w:w"))
                .collect();
            let whole = number(table.all("w:tblW")[0], "w:w");
            assert!(grid.iter().sum::<usize>().abs_diff(whole) <= 2 * grid.len(), "{grid:?} of {whole}");
            widened += usize::from(grid.len() > 4 && grid[1..].iter().any(|width| *width != grid[1]));
            let mut least = vec![0; grid.len()];
            for row in table.children.iter().filter(|child| child.name == "w:tr") {
                let mut column = 0;
                for cell in row.children.iter().filter(|child| child.name == "w:tc") {
                    let span = cell.all("w:gridSpan").first().map_or(1, |span| span.value().parse().expect("a number"));
                    let width = number(cell.all("w:tcW")[0], "w:w");
                    assert_eq!(width, grid[column..column + span].iter().sum::<usize>(), "{}", cell.words());
                    if span == 1 {
                        least[column] = need(cell).max(least[column]);
                    }
                    column += span;
                }
            }
            assert!(
                grid.iter().zip(&least).all(|(width, least)| width >= least),
                "{grid:?} for {least:?}: {}",
                table.words()
            );
        }
    }
    assert!(widened > 0);
}

#[test]
fn the_first_rows_of_a_table_and_its_last_stay_on_one_page() {
    let body = WordFile::new(&[1], DocumentLayout::Single).body();
    let mut longest = 0;
    for table in body.all("w:tbl") {
        let rows = table.children.iter().filter(|child| child.name == "w:tr" && child.all("w:tblHeader").is_empty());
        let rows: Vec<&Element> = rows.filter(|row| !row.all("w:cantSplit").is_empty()).collect();
        longest = longest.max(rows.len());
        for (at, row) in rows.iter().enumerate() {
            let kept = row.all("w:pPr").iter().all(|paragraph| paragraph.child("w:keepNext").is_some());
            let follows = at + 1 < rows.len();
            if follows && (at < 2 || at + 3 >= rows.len()) {
                assert!(kept, "row {at} of {}: {}", rows.len(), row.words());
            } else if follows {
                assert!(!kept, "row {at} of {}: {}", rows.len(), row.words());
            }
        }
    }
    assert!(longest > 6);
}

#[test]
fn pictures_have_their_words_and_a_file() {
    let file = WordFile::new(&[1], DocumentLayout::Single);
    let body = file.body();
    let pictures = body.all("wp:docPr");
    assert!(!pictures.is_empty());
    for picture in pictures {
        assert!(!picture.attributes["descr"].is_empty());
    }
    assert!(file.parts.keys().any(|name| name.starts_with("word/media/")));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    for (languages, layout) in LAYOUTS {
        let document = sample::document(languages, layout);
        let write = || render_docx(&document, &BTreeMap::new(), None).expect("a file");
        assert_eq!(write(), write());
    }
}

#[test]
fn an_office_lends_its_styles_page_head_and_foot() {
    let document = sample::document(&[1], DocumentLayout::Single);
    let bytes = render_docx(&document, &BTreeMap::new(), Some(&office())).expect("a Word file");
    let file = WordFile::read(&bytes);
    let body = file.body();
    let used: BTreeSet<&str> = body.all("w:pStyle").iter().map(|style| style.value()).collect();
    assert!(used.contains("1") && !used.contains("Heading1"), "headings are in the office's style: {used:?}");
    assert!(used.contains("a") && used.contains("CaptionReport") && used.contains("SmallText"), "{used:?}");
    let styles = file.xml("word/styles.xml");
    let small = styles.all("w:style").into_iter().find(|style| style.attributes["w:styleId"] == "SmallText");
    let small = small.expect("a style of ours");
    assert_eq!(small.child("w:basedOn").expect("its base").value(), "a");
    assert!(small.all("w:rFonts").is_empty(), "fonts are the office's");
    assert!(String::from_utf8_lossy(&file.parts["word/styles.xml"]).contains("8A1C1C"));
    let lists: BTreeSet<&str> = body.all("w:numId").iter().map(|list| list.value()).collect();
    assert!(!lists.is_empty() && !lists.contains("7"), "the office's headings keep their numbers: {lists:?}");
    let page = body.all("w:pgSz").last().expect("a page").attributes["w:w"].clone();
    assert_eq!((page.as_str(), body.all("w:titlePg").len()), ("12240", 1));
    let text = |name: &str| String::from_utf8_lossy(&file.parts[name]).into_owned();
    assert!(text("word/header-first-1.xml").contains("Office of Examples"));
    let foot = text("word/footer-default-1.xml");
    for words in ["Example Street 1", " PAGE ", "Example: all data is invented."] {
        assert!(foot.contains(words), "the foot lacks {words}: {foot}");
    }
    assert!(!words(&bytes).contains("Not taken"));
    assert_eq!(file.parts.values().filter(|bytes| bytes.as_slice() == b"a picture").count(), 1);
}

/// Who wrote the office's file, what was struck in it and where it lies on a disk isn't lent.
/// A letterhead's metafiles and embedded objects are no pictures that could be read; they stay byte for byte.
#[test]
fn metafiles_and_embedded_objects_of_a_letterhead_are_kept() {
    let (metafile, object): (&[u8], &[u8]) =
        (b"\x01\0\0\0\x6c\0\0\0 EMF", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an object");
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut parts = parts(&office_file());
    for (name, bytes) in &mut parts {
        let text = String::from_utf8(bytes.clone()).expect("text");
        *bytes = match name.as_str() {
            "[Content_Types].xml" => text.replace("<Default Extension=\"png\"", "<Default Extension=\"emf\" ContentType=\"image/x-emf\"/><Default Extension=\"bin\" ContentType=\"application/vnd.openxmlformats-officedocument.oleObject\"/><Default Extension=\"png\""),
            "word/_rels/header1.xml.rels" => text.replace("</Relationships>", &format!("<Relationship Id=\"rId10\" Type=\"{kind}/image\" Target=\"media/logo.emf\"/><Relationship Id=\"rId11\" Type=\"{kind}/oleObject\" Target=\"embeddings/object1.bin\"/></Relationships>")),
            _ => text,
        }
        .into_bytes();
    }
    parts.push(("word/media/logo.emf".to_owned(), metafile.to_vec()));
    parts.push(("word/embeddings/object1.bin".to_owned(), object.to_vec()));
    let office = OfficeTemplate::read(&zipped(&parts)).unwrap_or_else(|fault| panic!("{fault:?}"));
    let document = sample::document(&[1], DocumentLayout::Single);
    let file = WordFile::read(&render_docx(&document, &BTreeMap::new(), Some(&office)).expect("a Word file"));
    let holding = |bytes: &[u8]| -> Vec<&String> {
        file.parts.iter().filter(|(_, part)| part.as_slice() == bytes).map(|(name, _)| name).collect()
    };
    let types = file.xml("[Content_Types].xml");
    for (bytes, id, media) in [(metafile, "rId10", "image/x-emf"), (object, "rId11", "oleObject")] {
        let [name] = holding(bytes)[..] else { panic!("{id}: {:?}", holding(bytes)) };
        let target = format!("/{name}");
        let heads = file.parts.keys().filter(|part| part.ends_with(".rels") && part.contains("header"));
        let is_named = |rels: &String| {
            let relations = file.xml(rels);
            relations.children.iter().any(|one| one.attributes["Id"] == id && one.attributes["Target"] == target)
        };
        assert!(heads.clone().any(is_named), "{id} {target} {:?}", heads.collect::<Vec<_>>());
        let ending = name.rsplit('.').next().unwrap_or_default();
        let is_typed = |one: &Element| {
            let whose = one.attributes.get("PartName").is_some_and(|part| *part == target)
                || one.attributes.get("Extension").is_some_and(|own| own == ending);
            whose && one.attributes["ContentType"].contains(media)
        };
        assert!(types.children.iter().any(is_typed), "{target}");
    }
}

#[test]
fn an_office_lends_nothing_of_the_people_who_wrote_its_file() {
    let by = "w:id=\"1\" w:author=\"Ana Template\" w:date=\"2020-01-01T00:00:00Z\"";
    let head = format!(
        "<w:p><w:pPr><w:rPr><w:ins {by}/></w:rPr><w:pPrChange {by}><w:pPr/></w:pPrChange></w:pPr><w:ins {by}><w:r><w:rPr><w:b/><w:rPrChange {by}><w:rPr/></w:rPrChange></w:rPr><w:t>Kept words</w:t></w:r></w:ins><w:del {by}><w:r><w:delText>Struck words</w:delText></w:r></w:del><w:moveFrom {by}><w:r><w:t>Moved away</w:t></w:r></w:moveFrom><w:fldSimple w:instr=\" AUTHOR \"><w:r><w:t>Ana Template</w:t></w:r></w:fldSimple><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> FILENAME \\p </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>C:\\Users\\ana\\letter.docx</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:fldSimple w:instr=\" PAGE \"><w:r><w:t>7</w:t></w:r></w:fldSimple></w:p></w:hdr>"
    );
    let mut picture = Vec::new();
    let pixels = image::RgbImage::from_pixel(20, 10, image::Rgb([120, 30, 30]));
    let encoder = image::codecs::jpeg::JpegEncoder::new(&mut picture);
    pixels.write_with_encoder(encoder).expect("a picture");
    // A comment after the first mark.
    let comment = b"Ana Template";
    let segment = [&[0xff, 0xfe, 0, comment.len() as u8 + 2][..], comment].concat();
    picture.splice(2..2, segment);
    let mut parts = crate::ingest::sheets::parts(&office_file());
    for (name, content) in &mut parts {
        let text = String::from_utf8_lossy(content).into_owned();
        match name.as_str() {
            "word/header1.xml" => *content = text.replace("</w:hdr>", &head).into_bytes(),
            "word/styles.xml" => {
                let change = format!("<w:rPr><w:rPrChange {by}><w:rPr/></w:rPrChange><w:color");
                *content = text.replace("<w:rPr><w:color", &change).into_bytes();
            }
            "word/media/logo.png" => content.clone_from(&picture),
            "word/_rels/header1.xml.rels" => {
                let linked = "<Relationship Id=\"rId10\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\" Target=\"file:///C:\\Users\\ana\\linked.png\" TargetMode=\"External\"/><Relationship Id=\"rId11\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink\" Target=\"https://example.org/a\" TargetMode=\"External\"/></Relationships>";
                *content = text.replace("</Relationships>", linked).into_bytes();
            }
            _ => {}
        }
    }
    let core =
        "<cp:coreProperties xmlns:cp=\"c\" xmlns:dc=\"d\"><dc:creator>Ana Template</dc:creator></cp:coreProperties>";
    for (name, content) in [
        ("docProps/core.xml", core),
        ("word/comments.xml", "<w:comments>Ana Template</w:comments>"),
        ("word/people.xml", "<w15:people>Ana Template</w15:people>"),
    ] {
        parts.push((name.to_owned(), content.as_bytes().to_vec()));
    }
    let template =
        OfficeTemplate::read(&crate::ingest::sheets::zipped(&parts)).unwrap_or_else(|fault| panic!("{fault:?}"));
    let document = sample::document(&[1], DocumentLayout::Single);
    let bytes = render_docx(&document, &BTreeMap::new(), Some(&template)).expect("a Word file");
    let file = WordFile::read(&bytes);
    for (name, content) in &file.parts {
        let text = String::from_utf8_lossy(content);
        for trace in ["Ana Template", "Struck words", "Moved away", "Users", "rPrChange", "pPrChange"] {
            assert!(!text.contains(trace), "{trace} in {name}: {text}");
        }
    }
    let head = String::from_utf8_lossy(&file.parts["word/header-first-1.xml"]).into_owned();
    assert!(head.contains("Kept words") && head.contains("<w:t>7</w:t>") && head.contains(" AUTHOR "), "{head}");
    read_xml(&head);
    let relations = String::from_utf8_lossy(&file.parts["word/_rels/header-first-1.xml.rels"]).into_owned();
    assert!(relations.contains("\"linked.png\"") && relations.contains("https://example.org/a"), "{relations}");
    let lent = file.parts.iter().find(|(name, _)| name.starts_with("word/office/") && name.ends_with(".png"));
    assert!(lent.is_some_and(|(_, bytes)| bytes.starts_with(&[0xff, 0xd8])), "the picture itself is lent");
}

#[test]
fn text_for_portals_has_each_section_with_its_characters() {
    let document = sample::document(&[0, 1], DocumentLayout::Sequential);
    let text = render_text(&document);
    let sections = section_texts(&document);
    assert_eq!(sections.len(), 2 * document.sections.len());
    for section in &sections {
        let heading = &document.sections[section.section].entries[section.language].heading;
        assert!(text.contains(&format!("# {heading}\n")) && text.contains(&section.text), "{heading}");
    }
    let summary = sections.iter().find(|section| section.section == 0 && section.language == 1).expect("a section");
    let lines: Vec<&str> = summary.text.lines().filter(|line| !line.is_empty()).collect();
    let item = "- training on an invented topic, with participants from several municipalities";
    assert_eq!(lines[1..6], ["A footnote.", "What was done", item, item, item]);
    assert_eq!(lines[6..], ["Topic | Sessions", "Convention | 6", "Law | 6"]);
    assert!(text.contains(&format!("Characters: {} of at most 400", summary.characters())), "{text}");
}
