//! What `templates/docx` says of pages, fonts and styles, with a project's theme in it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::xml::Xml;
use crate::report::document::{Document, DocumentLayout};

/// `templates/docx/page.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageSettings {
    margin: Margins,
    size: BTreeMap<String, PageSize>,
    fonts: BTreeMap<String, String>,
    list: ListSettings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Margins {
    top: u32,
    bottom: u32,
    left: u32,
    right: u32,
    header: u32,
    footer: u32,
    gutter: u32,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct PageSize {
    width: u32,
    height: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListSettings {
    bullets: Vec<String>,
}

/// What of `templates/typst/theme.toml` is read here.
#[derive(Deserialize)]
struct ThemeFile {
    colours: BTreeMap<String, String>,
    choices: BTreeMap<String, Vec<String>>,
}

impl PageSettings {
    /// The files in the binary; a test proves them readable.
    pub(super) fn shipped() -> PageSettings {
        let text = include_str!("../../../templates/docx/page.toml");
        toml::from_str(text).unwrap_or_else(|error| panic!("templates/docx/page.toml: {error}"))
    }

    /// Room between the margins, in twentieths of a point; two languages side by side have a page that lies.
    pub(super) fn text_width(&self, document: &Document) -> u32 {
        self.page(document).width.saturating_sub(self.margin.left + self.margin.right)
    }

    /// Room between two languages side by side.
    pub(super) fn gutter(&self) -> u32 {
        self.margin.gutter
    }

    fn page(&self, document: &Document) -> PageSize {
        let named = document.theme.get("page-size").cloned().or_else(|| theme().choices["page-size"].first().cloned());
        let size = named.and_then(|name| self.size.get(&name).copied());
        let size = size.unwrap_or(PageSize { width: 11_906, height: 16_838 });
        match document.layout {
            DocumentLayout::Parallel => PageSize { width: size.height, height: size.width },
            DocumentLayout::Single | DocumentLayout::Sequential => size,
        }
    }

    /// Size and margins of the pages of a part of the document.
    pub(super) fn write_page(&self, xml: &mut Xml, document: &Document) {
        let page = self.page(document);
        let number = |value: u32| value.to_string();
        let lies = page.width > page.height;
        let (width, height) = (number(page.width), number(page.height));
        let mut size = vec![("w:w", width.as_str()), ("w:h", &height)];
        if lies {
            size.push(("w:orient", "landscape"));
        }
        xml.empty("w:pgSz", &size);
        let margin = &self.margin;
        xml.empty(
            "w:pgMar",
            &[
                ("w:top", &number(margin.top)),
                ("w:right", &number(margin.right)),
                ("w:bottom", &number(margin.bottom)),
                ("w:left", &number(margin.left)),
                ("w:header", &number(margin.header)),
                ("w:footer", &number(margin.footer)),
                ("w:gutter", "0"),
            ],
        );
    }

    /// Styles with the colours and fonts of the theme, and the first language of the document.
    pub(super) fn styles(&self, document: &Document, language: &str) -> String {
        let shipped = theme().colours;
        let colours = shipped.iter().map(|(name, value)| (name, document.theme.get(name).unwrap_or(value)));
        let colours = colours.map(|(name, value)| (name, value.trim_start_matches('#').to_uppercase()));
        let fonts = self.fonts.iter().map(|(name, value)| (name, document.theme.get(name).unwrap_or(value).clone()));
        let mut styles = include_str!("../../../templates/docx/styles.xml").to_owned();
        for (name, value) in colours.chain(fonts) {
            styles = styles.replace(&format!("{{{name}}}"), &quick_xml::escape::escape(&value));
        }
        styles = styles.replace("{lang}", language);
        styles.split_once("?>\n").map_or(styles.clone(), |(_, body)| body.to_owned())
    }

    /// Bullets, and a numbering for each numbered list with its first number.
    pub(super) fn numbering(&self, first_numbers: &[u64]) -> String {
        let mut xml = Xml::default();
        xml.open("w:numbering", &[("xmlns:w", super::WORD)]);
        let bullet = |depth: usize| self.list.bullets[depth % self.list.bullets.len().max(1)].clone();
        write_levels(&mut xml, "0", "bullet", bullet);
        write_levels(&mut xml, "1", "decimal", |depth| format!("%{}.", depth + 1));
        xml.open("w:num", &[("w:numId", "1")]);
        xml.value("w:abstractNumId", "0");
        xml.close();
        for (at, first) in first_numbers.iter().enumerate() {
            xml.open("w:num", &[("w:numId", &(at + 2).to_string())]);
            xml.value("w:abstractNumId", "1");
            for depth in 0..9 {
                xml.open("w:lvlOverride", &[("w:ilvl", &depth.to_string())]);
                xml.value("w:startOverride", &first.to_string());
                xml.close();
            }
            xml.close();
        }
        xml.close();
        xml.finish()
    }
}

fn write_levels(xml: &mut Xml, id: &str, format: &str, text: impl Fn(usize) -> String) {
    xml.open("w:abstractNum", &[("w:abstractNumId", id)]);
    xml.value("w:multiLevelType", "multilevel");
    for depth in 0..9_usize {
        xml.open("w:lvl", &[("w:ilvl", &depth.to_string())]);
        xml.value("w:start", "1");
        xml.value("w:numFmt", format);
        xml.value("w:lvlText", &text(depth));
        xml.value("w:lvlJc", "left");
        xml.open("w:pPr", &[]);
        xml.empty("w:ind", &[("w:left", &((depth + 1) * 360).to_string()), ("w:hanging", "360")]);
        xml.close();
        xml.close();
    }
    xml.close();
}

fn theme() -> ThemeFile {
    let text = include_str!("../../../templates/typst/theme.toml");
    toml::from_str(text).unwrap_or_else(|error| panic!("templates/typst/theme.toml: {error}"))
}
