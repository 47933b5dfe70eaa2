//! What ECMA-376 asks of the parts of a workbook, checked over written annexes by a reader of this file's own: a program that
//! opens a workbook that breaks one of these rules offers to repair it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Order of the elements of a worksheet (ECMA-376 Part 1, 18.3.1.99, CT_Worksheet).
const WORKSHEET: [&str; 38] = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
];

/// The same of a workbook (18.2.27, CT_Workbook).
const WORKBOOK: [&str; 18] = [
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "extLst",
];

/// Most characters of a cell, of a name of a sheet, of a head or foot, of an alternative text.
const CELL: usize = 32_767;
const SHEET_NAME: usize = 31;
const MARGIN_TEXT: usize = 255;
const ALTERNATIVE: usize = 255;

/// An element with its attributes, its own text and its children.
#[derive(Debug, Default)]
struct Node {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    children: Vec<Node>,
}

impl Node {
    fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    fn all<'n>(&'n self, name: &str, found: &mut Vec<&'n Node>) {
        if self.name == name {
            found.push(self);
        }
        self.children.iter().for_each(|child| child.all(name, found));
    }

    fn every(&self, name: &str) -> Vec<&Node> {
        let mut found = Vec::new();
        self.all(name, &mut found);
        found
    }

    fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// The name without its prefix.
fn local(name: &[u8]) -> String {
    let name = std::str::from_utf8(name).expect("UTF-8");
    name.rsplit(':').next().unwrap_or(name).to_owned()
}

fn node(start: &BytesStart) -> Node {
    let mut attributes = BTreeMap::new();
    for attribute in start.attributes() {
        let attribute = attribute.expect("no attribute stands twice");
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).expect("an attribute").into_owned();
        let name = std::str::from_utf8(attribute.key.as_ref()).expect("UTF-8").to_owned();
        attributes.insert(name, value);
    }
    Node { name: local(start.name().as_ref()), attributes, ..Node::default() }
}

fn parse(xml: &str) -> Node {
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Node::default()];
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => open.push(node(&start)),
            Event::Empty(start) => {
                let child = node(&start);
                open.last_mut().expect("an element").children.push(child);
            }
            Event::End(_) => {
                let child = open.pop().expect("an element");
                open.last_mut().expect("an element").children.push(child);
            }
            Event::Text(text) => {
                let text = text.decode().expect("text").into_owned();
                open.last_mut().expect("an element").text.push_str(&text);
            }
            Event::GeneralRef(entity) => {
                let name = String::from_utf8_lossy(&entity).into_owned();
                let letter = match name.as_str() {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "apos" => '\'',
                    _ => entity.resolve_char_ref().expect("a reference").unwrap_or_else(|| panic!("&{name};")),
                };
                open.last_mut().expect("an element").text.push(letter);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    open.pop().and_then(|mut root| root.children.pop()).expect("a root element")
}

/// Faults of a workbook, each with its part.
pub fn faults(path: &Path) -> Vec<String> {
    let parts: BTreeMap<String, Vec<u8>> =
        crate::ingest::sheets::parts(&std::fs::read(path).expect("a workbook")).into_iter().collect();
    let mut book = Book { parts: BTreeMap::new(), names: parts.keys().cloned().collect(), faults: Vec::new() };
    for (name, content) in parts.iter().filter(|(name, _)| name.ends_with(".xml") || name.ends_with(".rels")) {
        book.parts.insert(name.clone(), parse(std::str::from_utf8(content).expect("UTF-8")));
    }
    book.check_package();
    let sheets = book.check_workbook();
    let shared = book.parts.get("xl/sharedStrings.xml").map_or(0, |part| part.every("si").len());
    let styles = book.parts["xl/styles.xml"].child("cellXfs").map_or(0, |formats| formats.children.len());
    let mut tables = BTreeSet::new();
    for (name, part) in &sheets {
        book.check_sheet(name, part, (shared, styles), &mut tables);
    }
    book.faults
}

struct Book {
    parts: BTreeMap<String, Node>,
    names: BTreeSet<String>,
    faults: Vec<String>,
}

impl Book {
    fn fault(&mut self, part: &str, what: impl std::fmt::Display) {
        self.faults.push(format!("{part}: {what}"));
    }

    /// Every part has a type of content, and every relation leads to a part (Part 2).
    fn check_package(&mut self) {
        let types = &self.parts["[Content_Types].xml"];
        let overrides: BTreeSet<String> = types
            .every("Override")
            .iter()
            .map(|part| part.attribute("PartName").trim_start_matches('/').to_owned())
            .collect();
        let defaults: BTreeSet<String> =
            types.every("Default").iter().map(|part| part.attribute("Extension").to_owned()).collect();
        let untyped = |name: &&String| {
            let ending = name.rsplit('.').next().unwrap_or_default();
            *name != "[Content_Types].xml" && !overrides.contains(*name) && !defaults.contains(ending)
        };
        let mut found: Vec<String> =
            self.names.iter().filter(untyped).map(|name| format!("{name}: no type of content")).collect();
        let absent = overrides.iter().filter(|name| !self.names.contains(*name));
        found.extend(absent.map(|name| format!("{name}: a type of content for a part that isn't there")));
        for (name, part) in self.parts.iter().filter(|(name, _)| name.ends_with(".rels")) {
            let mut ids = BTreeSet::new();
            for relation in part.every("Relationship") {
                if !ids.insert(relation.attribute("Id")) {
                    found.push(format!("{name}: {} twice", relation.attribute("Id")));
                }
                if relation.attribute("TargetMode") == "External" {
                    found.push(format!("{name}: leads out of the file to {}", relation.attribute("Target")));
                } else if !self.names.contains(&target(name, relation.attribute("Target"))) {
                    found.push(format!("{name}: {} isn't there", relation.attribute("Target")));
                }
            }
        }
        self.faults.extend(found);
    }

    /// The part that a relation of another leads to.
    fn related(&self, part: &str, id: &str) -> Option<String> {
        let (folder, file) = part.rsplit_once('/')?;
        let relations = format!("{folder}/_rels/{file}.rels");
        let all = self.parts.get(&relations)?.every("Relationship");
        let relation = all.into_iter().find(|relation| relation.attribute("Id") == id)?;
        Some(target(&relations, relation.attribute("Target")))
    }

    /// Sheets in their order, with their parts.
    fn check_workbook(&mut self) -> Vec<(String, String)> {
        let part = "xl/workbook.xml";
        self.check_order(part, &WORKBOOK);
        let workbook = &self.parts[part];
        let mut sheets: Vec<(String, String)> = Vec::new();
        let mut found = Vec::new();
        let mut numbers = BTreeSet::new();
        for sheet in workbook.every("sheet") {
            let name = sheet.attribute("name");
            let is_refused = name.is_empty()
                || name.encode_utf16().count() > SHEET_NAME
                || name.contains(['[', ']', ':', '*', '?', '/', '\\'])
                || name.starts_with('\'')
                || name.ends_with('\'')
                || name.eq_ignore_ascii_case("history");
            if is_refused || sheets.iter().any(|(known, _)| known.to_lowercase() == name.to_lowercase()) {
                found.push(format!("the sheet's name {name:?}"));
            }
            if !numbers.insert(sheet.attribute("sheetId")) {
                found.push(format!("the number of the sheet {name:?}"));
            }
            match self.related(part, sheet.attribute("r:id")) {
                Some(target) => sheets.push((name.to_owned(), target)),
                None => found.push(format!("no part of the sheet {name:?}")),
            }
        }
        let mut names = BTreeSet::new();
        for defined in workbook.every("definedName") {
            let (name, local) = (defined.attribute("name"), defined.attribute("localSheetId"));
            let is_built_in = name.starts_with("_xlnm.");
            let begins = name.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
            let holds = name.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '.');
            if !begins || !holds || name.chars().count() > 255 || (!is_built_in && is_reference(name)) {
                found.push(format!("the name {name:?}"));
            }
            if !names.insert((name.to_lowercase(), local.to_owned())) {
                found.push(format!("the name {name:?} twice"));
            }
            for sheet in sheet_names(&defined.text) {
                if !sheets.iter().any(|(known, _)| *known == sheet) {
                    found.push(format!("{name} leads to {sheet:?}"));
                }
            }
        }
        found.into_iter().for_each(|what| self.fault(part, what));
        sheets
    }

    fn check_order(&mut self, part: &str, order: &[&str]) {
        let mut last = 0;
        let mut found = Vec::new();
        for child in &self.parts[part].children {
            match order.iter().position(|name| *name == child.name) {
                None => found.push(format!("no place for {}", child.name)),
                Some(at) if at < last => found.push(format!("{} behind {}", child.name, order[last])),
                Some(at) => last = at,
            }
        }
        found.into_iter().for_each(|what| self.fault(part, what));
    }

    fn check_sheet(&mut self, name: &str, part: &str, (shared, styles): (usize, usize), tables: &mut BTreeSet<String>) {
        if !self.parts.contains_key(part) {
            return;
        }
        self.check_order(part, &WORKSHEET);
        let sheet = &self.parts[part];
        let mut found = Vec::new();
        let mut cells: BTreeMap<(u32, u32), &Node> = BTreeMap::new();
        let mut last = (0, 0);
        for row in sheet.every("row") {
            for cell in row.children.iter().filter(|cell| cell.name == "c") {
                let at = position(cell.attribute("r"));
                if at <= last && !cells.is_empty() {
                    found.push(format!("{} behind {last:?}", cell.attribute("r")));
                }
                if at.0.to_string() != row.attribute("r") {
                    found.push(format!("{} in row {}", cell.attribute("r"), row.attribute("r")));
                }
                last = at;
                let value = cell.child("v").map(|value| value.text.as_str()).unwrap_or_default();
                if cell.attribute("t") == "s" && value.parse().is_ok_and(|number: usize| number >= shared) {
                    found.push(format!("{} names the text {value} of {shared}", cell.attribute("r")));
                }
                if cell.attribute("s").parse().is_ok_and(|number: usize| number >= styles) {
                    found.push(format!("{} has the style {} of {styles}", cell.attribute("r"), cell.attribute("s")));
                }
                let text: usize = cell.every("t").iter().map(|text| text.text.encode_utf16().count()).sum();
                if text > CELL {
                    found.push(format!("{} holds {text} letters", cell.attribute("r")));
                }
                cells.insert(at, cell);
            }
        }
        let merged: Vec<[(u32, u32); 2]> =
            sheet.every("mergeCell").iter().map(|cell| range(cell.attribute("ref"))).collect();
        for text in ["oddHeader", "oddFooter"] {
            for margin in sheet.every(text).iter().filter(|margin| margin.text.encode_utf16().count() > MARGIN_TEXT) {
                found.push(format!("{text} of {} letters", margin.text.len()));
            }
        }
        for link in sheet.every("hyperlink") {
            let to = sheet_names(link.attribute("location"));
            let known = self.parts["xl/workbook.xml"].every("sheet");
            if !to.iter().all(|to| known.iter().any(|sheet| sheet.attribute("name") == *to)) || to.is_empty() {
                found.push(format!("a link to {:?}", link.attribute("location")));
            }
        }
        let parts: Vec<Option<String>> =
            sheet.every("tablePart").iter().map(|table| self.related(part, table.attribute("r:id"))).collect();
        for table in parts {
            let Some(table) = table else {
                found.push("a table without a part".to_owned());
                continue;
            };
            let node = &self.parts[&table];
            let (name, area) = (node.attribute("displayName"), range(node.attribute("ref")));
            if !tables.insert(name.to_lowercase()) || name.is_empty() || is_reference(name) || name.contains(' ') {
                found.push(format!("the table's name {name:?}"));
            }
            let columns = node.every("tableColumn");
            if columns.len() as u32 != area[1].1 - area[0].1 + 1 {
                found.push(format!("{name} has {} columns for {}", columns.len(), node.attribute("ref")));
            }
            let mut headings = BTreeSet::new();
            for (at, column) in (area[0].1..).zip(&columns) {
                let heading = column.attribute("name");
                if !headings.insert(heading.to_lowercase()) {
                    found.push(format!("{name} has {heading:?} twice"));
                }
                let cell = cells.get(&(area[0].0, at)).map(|cell| self.cell_text(cell)).unwrap_or_default();
                if cell != unescape(heading) {
                    found.push(format!("{name} is headed {heading:?} and the cell says {cell:?}"));
                }
            }
            for merged in &merged {
                if merged[0].0 <= area[1].0 && area[0].0 <= merged[1].0 {
                    found.push(format!("{name} lies over merged cells"));
                }
            }
        }
        for drawing in sheet.every("drawing") {
            let drawn = self.related(part, drawing.attribute("r:id")).map(|drawn| self.parts[&drawn].every("cNvPr"));
            for picture in drawn.into_iter().flatten() {
                let text = picture.attribute("descr");
                if text.is_empty() || text.encode_utf16().count() > ALTERNATIVE || text.ends_with('…') {
                    found.push(format!("the alternative text {text:?}"));
                }
            }
        }
        found.into_iter().for_each(|what| self.fault(&format!("{part} ({name})"), what));
    }

    fn cell_text(&self, cell: &Node) -> String {
        let joined = |node: &Node| node.every("t").iter().map(|text| text.text.as_str()).collect::<String>();
        let value = cell.child("v").map(|value| value.text.as_str()).unwrap_or_default();
        match (cell.attribute("t"), value.parse::<usize>()) {
            ("s", Ok(number)) => joined(self.parts["xl/sharedStrings.xml"].every("si")[number]),
            _ => joined(cell),
        }
    }
}

/// `_x000a_` is a line break in an attribute.
fn unescape(text: &str) -> String {
    text.replace("_x000a_", "\n").replace("_x000A_", "\n")
}

/// The part that a relation's target names, from where its part of relations lies.
fn target(relations: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut folders: Vec<&str> = relations.split('/').collect();
    folders.truncate(folders.len() - 2);
    for step in target.split('/') {
        match step {
            ".." => {
                folders.pop();
            }
            step => folders.push(step),
        }
    }
    folders.join("/")
}

/// Row and column, from 1.
fn position(address: &str) -> (u32, u32) {
    let digits = address.find(|letter: char| letter.is_ascii_digit()).expect("a row");
    let column = address[..digits].bytes().fold(0, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1);
    (address[digits..].parse().expect("a row"), column)
}

fn range(area: &str) -> [(u32, u32); 2] {
    let (first, last) = area.split_once(':').unwrap_or((area, area));
    [position(first), position(last)]
}

/// Whether a name would be read as a cell: `A1`, `R1C1`, `R`, `C`.
fn is_reference(name: &str) -> bool {
    let upper = name.to_uppercase();
    let letters = upper.chars().take_while(char::is_ascii_uppercase).count();
    let rest = &upper[letters..];
    let is_cell = (1..=3).contains(&letters) && !rest.is_empty() && rest.chars().all(|digit| digit.is_ascii_digit());
    let is_numbered = upper.strip_prefix('R').is_some_and(|rest| {
        let rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
        rest.is_empty() || rest.strip_prefix('C').is_some_and(|rest| rest.chars().all(|digit| digit.is_ascii_digit()))
    });
    is_cell || is_numbered || upper == "C"
}

/// Names of sheets that a reference holds: `'Evidence I14'!$A$1`.
fn sheet_names(reference: &str) -> Vec<String> {
    let mut names = Vec::new();
    for piece in reference.split('!').rev().skip(1) {
        let name = match piece.strip_suffix('\'') {
            Some(quoted) => {
                let begins = quoted.replace("''", "\u{1}").rfind('\'').map_or(0, |at| at + 1);
                quoted.replace("''", "\u{1}")[begins..].replace('\u{1}', "'")
            }
            None => piece.rsplit([',', '(', ' ']).next().unwrap_or(piece).to_owned(),
        };
        names.push(name);
    }
    names
}
