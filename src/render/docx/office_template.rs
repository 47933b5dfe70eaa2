//! An office's own Word file or template, which lends a report its styles, page, head and foot.

use std::collections::BTreeMap;

use super::WORD;
use super::office_traces::{without_folder, without_traces};
use super::package::{Package, Relations};
use crate::render::office_package::{OfficePackage, OfficeRelation, PackageFault};
use crate::render::xml_scan::{XmlItem, XmlItemKind, end_of, replace_spans, scan_xml};

/// What a report takes of an office's file.
pub struct OfficeTemplate {
    package: OfficePackage,
    relations: Vec<OfficeRelation>,
    /// Heads and feet of its pages, by what they are and for which pages.
    furniture: BTreeMap<(FurnitureKind, &'static str), String>,
    pub(super) page: OfficePage,
    /// Left and right pages have their own heads and feet.
    pub(super) has_even_pages: bool,
}

/// Size and margins in twentieths of a point, as far as they are said.
#[derive(Default)]
pub(super) struct OfficePage {
    pub size: BTreeMap<String, u32>,
    pub margins: BTreeMap<String, u32>,
    /// The first page has a head and foot of its own.
    pub has_first_page: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FurnitureKind {
    Header,
    Footer,
}

impl FurnitureKind {
    /// The word for it in relations.
    pub(super) fn relation(self) -> &'static str {
        match self {
            FurnitureKind::Header => "header",
            FurnitureKind::Footer => "footer",
        }
    }
}

/// For which pages a head or foot is.
pub(super) const PAGE_KINDS: [&str; 3] = ["default", "first", "even"];

impl OfficeTemplate {
    /// Reads an office's file: .docx, .dotx or their kin with macros, which stay behind.
    ///
    /// # Errors
    /// It isn't such a file.
    pub fn read(bytes: &[u8]) -> Result<OfficeTemplate, PackageFault> {
        let package = OfficePackage::open(bytes)?;
        let main = package.main_part()?;
        let relations = package.relations(&main)?;
        let mut template = OfficeTemplate {
            relations,
            furniture: BTreeMap::new(),
            page: OfficePage::default(),
            has_even_pages: false,
            package,
        };
        if !template.text_of("styles")?.is_some_and(|styles| styles.contains("<w:styles")) {
            return Err(PackageFault::NotSuchAFile);
        }
        let items = scan_xml(template.package.xml(&main)?)?;
        for (at, item) in items.iter().enumerate() {
            if item.begins("sectPr") {
                template.read_section(&items[at..end_of(&items, at)]);
            }
        }
        if let Some(settings) = template.text_of("settings")? {
            template.has_even_pages = scan_xml(settings)?.iter().any(|item| is_on(item, "evenAndOddHeaders"));
        }
        for name in ["numbering", "theme"] {
            template.text_of(name)?.map(scan_xml).transpose()?;
        }
        for part in template.furniture.values() {
            scan_xml(template.package.xml(part)?)?;
        }
        Ok(template)
    }

    /// A section's page, and heads and feet in place of those before it.
    fn read_section(&mut self, items: &[XmlItem]) {
        let numbers = |item: &XmlItem| -> BTreeMap<String, u32> {
            let local = |key: &String| key.rsplit(':').next().unwrap_or_default().to_owned();
            item.attributes.iter().filter_map(|(key, value)| Some((local(key), value.parse().ok()?))).collect()
        };
        self.page.has_first_page = items.iter().any(|item| is_on(item, "titlePg"));
        for item in items {
            match item.name.as_str() {
                "pgSz" => self.page.size = numbers(item),
                "pgMar" => self.page.margins = numbers(item),
                "headerReference" | "footerReference" => {
                    let is_header = item.name == "headerReference";
                    let kind = if is_header { FurnitureKind::Header } else { FurnitureKind::Footer };
                    let pages = PAGE_KINDS.into_iter().find(|known| item.attribute("type") == Some(known));
                    let id = item.attribute("id").unwrap_or_default();
                    let part = self.relations.iter().find(|relation| relation.id == id && !relation.is_external);
                    if let (Some(pages), Some(part)) = (pages, part)
                        && self.package.parts.contains_key(&part.target)
                    {
                        self.furniture.insert((kind, pages), part.target.clone());
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether it has a head or foot for such pages.
    pub(super) fn has_pages(&self, pages: &'static str) -> bool {
        match pages {
            "first" => self.page.has_first_page,
            "even" => self.has_even_pages,
            _ => true,
        }
    }

    /// The text of a head or foot.
    pub(super) fn furniture(&self, kind: FurnitureKind, pages: &'static str) -> Option<(&str, &str)> {
        let part = self.furniture.get(&(kind, pages))?;
        Some((part, self.package.xml(part).ok()?))
    }

    /// The part of a kind, where it has one, as text.
    fn text_of(&self, kind: &str) -> Result<Option<&str>, PackageFault> {
        self.part_of(kind).map(|part| self.package.xml(part)).transpose()
    }

    pub(super) fn part_of(&self, kind: &str) -> Option<&str> {
        let relation = self.relations.iter().find(|relation| relation.kind == kind && !relation.is_external)?;
        self.package.parts.contains_key(&relation.target).then_some(relation.target.as_str())
    }

    /// The colour of its main headings, as six digits.
    pub(super) fn accent(&self) -> Option<String> {
        let items = scan_xml(self.text_of("styles").ok()??).ok()?;
        let is_heading = |at: &usize| style_of(&items, *at).is_some_and(|style| style.key.1 == "heading 1");
        let at = (0..items.len()).find(is_heading)?;
        let colour = items[at..end_of(&items, at)].iter().find(|item| item.begins("color"))?;
        let value = colour.attribute("val")?;
        (value.len() == 6 && value.chars().all(|digit| digit.is_ascii_hexdigit())).then(|| value.to_owned())
    }

    /// Its styles with those of `ours` that it lacks, and which of ours have another id there. Fonts of ours give way to its
    /// own.
    pub(super) fn merge_styles(&self, ours: &str) -> (String, BTreeMap<String, String>) {
        let theirs = self.text_of("styles").ok().flatten().unwrap_or_default();
        let (Ok(items), Ok(own)) = (scan_xml(theirs), scan_xml(ours)) else { return Default::default() };
        let known: Vec<StyleEntry> = (0..items.len()).filter_map(|at| style_of(&items, at)).collect();
        let wanted: Vec<(usize, StyleEntry)> =
            (0..own.len()).filter_map(|at| Some((at, style_of(&own, at)?))).collect();
        let mut ids = BTreeMap::new();
        for (_, style) in &wanted {
            let same = known.iter().find(|other| other.key == style.key);
            let is_taken = || known.iter().any(|other| other.id == style.id);
            let id = match same {
                Some(same) => same.id.clone(),
                None if is_taken() => format!("{}Report", style.id),
                None => continue,
            };
            if id != style.id {
                ids.insert(style.id.clone(), id);
            }
        }
        let is_lacking = |style: &StyleEntry| !known.iter().any(|other| other.key == style.key);
        let added: String = wanted
            .iter()
            .filter(|(_, style)| is_lacking(style))
            .map(|(at, style)| added_style(ours, &own[*at..end_of(&own, *at)], style, &ids))
            .collect();
        (insert_before_end(theirs, &items, &added), ids)
    }

    /// The greatest numbers of its lists: of their forms, and of the lists themselves.
    pub(super) fn last_numbering(&self) -> (u32, u32) {
        let items = self.text_of("numbering").ok().flatten().and_then(|text| scan_xml(text).ok()).unwrap_or_default();
        let last = |element: &str, attribute: &str| {
            let found = items.iter().filter(|item| item.begins(element));
            found.filter_map(|item| item.attribute(attribute)?.parse::<u32>().ok()).max().unwrap_or(0)
        };
        (last("abstractNum", "abstractNumId"), last("num", "numId"))
    }

    /// Its lists with others behind them.
    pub(super) fn merge_numbering(&self, forms: &str, lists: &str) -> Option<String> {
        let text = self.text_of("numbering").ok()??;
        let items = scan_xml(text).ok()?;
        let end = items.iter().rposition(|item| item.ends("numbering"))?;
        let find = |name: &str| items.iter().position(|item| item.begins(name));
        let lists_at = find("numIdMacAtCleanup").unwrap_or(end);
        let forms_at = find("num").unwrap_or(lists_at);
        let at = |index: usize| items[index].span.start..items[index].span.start;
        Some(if forms_at == lists_at {
            replace_spans(text, vec![(at(lists_at), format!("{forms}{lists}"))])
        } else {
            replace_spans(text, vec![(at(forms_at), forms.to_owned()), (at(lists_at), lists.to_owned())])
        })
    }
}

/// Copies parts of an office's file into a report's, each once, without what they say of the people who wrote them.
pub(super) struct PartCopier<'t> {
    pub template: &'t OfficeTemplate,
    copied: BTreeMap<String, String>,
}

impl<'t> PartCopier<'t> {
    pub(super) fn new(template: &'t OfficeTemplate) -> PartCopier<'t> {
        PartCopier { template, copied: BTreeMap::new() }
    }

    /// Copies a part with all that it is related to, and gives its name in the report.
    pub(super) fn copy(&mut self, package: &mut Package, part: &str) -> String {
        if let Some(name) = self.copied.get(part) {
            return name.clone();
        }
        let ending = part.rsplit('.').next().unwrap_or("bin");
        let name = format!("word/office/part{}.{ending}", self.copied.len() + 1);
        self.copied.insert(part.to_owned(), name.clone());
        let bytes = self.template.package.parts.get(part).cloned().unwrap_or_default();
        self.add(package, part, &name, bytes);
        name
    }

    /// Adds a part under a name of its own with other content, related to what the office's part is related to.
    pub(super) fn add(&mut self, package: &mut Package, part: &str, name: &str, bytes: Vec<u8>) {
        let mut relations = Relations::default();
        for relation in self.template.package.relations(part).unwrap_or_default() {
            let target = if relation.is_external {
                without_folder(&relation.target)
            } else if self.template.package.parts.contains_key(&relation.target) {
                format!("/{}", self.copy(package, &relation.target))
            } else {
                continue;
            };
            relations.keep(relation.id, relation.full_kind, target, relation.is_external);
        }
        let content_type = self.template.package.content_type(part).ok().flatten();
        package.copied(name, content_type, without_traces(part, bytes), relations);
    }
}

/// A head or foot of the office's with what it must say and doesn't yet: each with the words to look for.
pub(super) fn complete_furniture(text: &str, paragraphs: &[String]) -> Option<String> {
    let items = scan_xml(text).ok()?;
    let added: String = paragraphs
        .iter()
        .map(|paragraph| paragraph.replacen("<w:p>", &format!("<w:p xmlns:w=\"{WORD}\">"), 1))
        .collect();
    Some(insert_before_end(text, &items, &added))
}

/// Whether a head or foot numbers its pages.
pub(super) fn has_page_number(text: &str) -> bool {
    let items = scan_xml(text).unwrap_or_default();
    let mut instructions = String::new();
    let mut is_inside = false;
    for item in &items {
        match item.kind {
            XmlItemKind::Start if item.name == "instrText" => is_inside = true,
            XmlItemKind::End if item.name == "instrText" => is_inside = false,
            XmlItemKind::Text if is_inside => instructions.push_str(&item.text),
            _ => {}
        }
        if item.begins("fldSimple") {
            instructions.push_str(item.attribute("instr").unwrap_or_default());
            instructions.push(' ');
        }
    }
    instructions.split_whitespace().any(|word| word.eq_ignore_ascii_case("PAGE"))
}

/// The words of a head or foot.
pub(super) fn words_of(text: &str) -> String {
    scan_xml(text).unwrap_or_default().into_iter().map(|item| item.text).collect()
}

/// A style of a list of styles: its id, its type and its name in lower case.
struct StyleEntry {
    id: String,
    key: (String, String),
    is_default: bool,
}

/// The style that begins at an item, if one does.
fn style_of(items: &[XmlItem], at: usize) -> Option<StyleEntry> {
    let item = items.get(at).filter(|item| item.begins("style"))?;
    let name = items[at..end_of(items, at)].iter().find(|inner| inner.begins("name"))?.attribute("val")?;
    Some(StyleEntry {
        id: item.attribute("styleId")?.to_owned(),
        key: (item.attribute("type").unwrap_or("paragraph").to_owned(), name.to_lowercase()),
        is_default: item.attribute("default").is_some(),
    })
}

/// A style of ours as it is added to an office's.
fn added_style(text: &str, items: &[XmlItem], style: &StyleEntry, ids: &BTreeMap<String, String>) -> String {
    let Some(span) = items.first().zip(items.last()).map(|(first, last)| first.span.start..last.span.end) else {
        return String::new();
    };
    let mut changes = Vec::new();
    for item in items {
        let (from, to) = (item.span.start - span.start, item.span.end - span.start);
        let renamed = item.attribute("val").and_then(|id| ids.get(id));
        match item.name.as_str() {
            "basedOn" | "next" | "link" => {
                if let Some(id) = renamed {
                    changes.push((from..to, format!("<w:{} w:val=\"{id}\"/>", item.name)));
                }
            }
            "rFonts" if item.attribute("ascii") != Some("Consolas") => changes.push((from..to, String::new())),
            _ => {}
        }
    }
    let mut added = replace_spans(&text[span], changes);
    if style.is_default {
        added = added.replacen(" w:default=\"1\"", "", 1);
    }
    match ids.get(&style.id) {
        Some(id) => added.replacen(&format!("w:styleId=\"{}\"", style.id), &format!("w:styleId=\"{id}\""), 1),
        None => added,
    }
}

/// A document with more at the end of its outermost element.
fn insert_before_end(text: &str, items: &[XmlItem], added: &str) -> String {
    let end = items.iter().rposition(|item| item.kind == XmlItemKind::End);
    match end.map(|at| items[at].span.start) {
        Some(at) => replace_spans(text, vec![(at..at, added.to_owned())]),
        None => text.to_owned(),
    }
}

/// Whether an element that is a switch is there and on.
fn is_on(item: &XmlItem, name: &str) -> bool {
    item.begins(name) && !matches!(item.attribute("val"), Some("0" | "false" | "off"))
}
