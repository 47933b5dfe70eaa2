//! What `templates/docx` says of pages, fonts and styles, with a project's theme in it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::office_template::OfficePage;
use super::xml_writer::Xml;
use crate::report::document::{Document, DocumentLayout};

/// `templates/docx/page.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageSettings {
    margin: Margins,
    size: BTreeMap<String, PageSize>,
    fonts: BTreeMap<String, String>,
    list: ListSettings,
    /// Of an office's template.
    #[serde(skip)]
    office_size: Option<PageSize>,
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

    /// The page of an office's template in place of ours, where it says one.
    pub(super) fn adopt(&mut self, page: &OfficePage) {
        let size = |key: &str| page.size.get(key).copied();
        self.office_size = size("w").zip(size("h")).map(|(width, height)| PageSize { width, height });
        let margins = [
            ("top", &mut self.margin.top),
            ("bottom", &mut self.margin.bottom),
            ("left", &mut self.margin.left),
            ("right", &mut self.margin.right),
            ("header", &mut self.margin.header),
            ("footer", &mut self.margin.footer),
        ];
        for (key, margin) in margins {
            *margin = page.margins.get(key).copied().unwrap_or(*margin);
        }
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
        let size = self.office_size.or(size).unwrap_or(PageSize { width: 11_906, height: 16_838 });
        match document.layout {
            DocumentLayout::Parallel if size.width < size.height => PageSize { width: size.height, height: size.width },
            _ => size,
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

    /// Styles with the colours and fonts of the theme, `accent` in place of its main colour, and the first language of the
    /// document.
    pub(super) fn styles(&self, document: &Document, language: &str, accent: Option<&str>) -> String {
        let shipped = theme().colours;
        let colours = shipped.iter().map(|(name, value)| (name, document.theme.get(name).unwrap_or(value)));
        let colours = colours.map(|(name, value)| (name, value.trim_start_matches('#').to_uppercase()));
        let colours = colours.map(|(name, value)| match accent.filter(|_| name == "accent") {
            Some(accent) => (name, accent.to_owned()),
            None => (name, value),
        });
        let fonts = self.fonts.iter().map(|(name, value)| (name, document.theme.get(name).unwrap_or(value).clone()));
        let mut styles = include_str!("../../../templates/docx/styles.xml").to_owned();
        for (name, value) in colours.chain(fonts) {
            styles = styles.replace(&format!("{{{name}}}"), &quick_xml::escape::escape(&value));
        }
        styles = styles.replace("{lang}", language);
        styles.split_once("?>\n").map_or(styles.clone(), |(_, body)| body.to_owned())
    }

    /// The forms of lists, with numbers behind `last_form`; and bullets and a list for each numbered one with its first
    /// number, numbered themselves behind `last_list`.
    pub(super) fn numbering(&self, first_numbers: &[u64], last_form: u32, last_list: u32) -> (String, String) {
        let mut xml = Xml::default();
        let (bullets, numbers) = ((last_form + 1).to_string(), (last_form + 2).to_string());
        let bullet = |depth: usize| self.list.bullets[depth % self.list.bullets.len().max(1)].clone();
        write_levels(&mut xml, &bullets, "bullet", bullet);
        write_levels(&mut xml, &numbers, "decimal", |depth| format!("%{}.", depth + 1));
        let forms = std::mem::take(&mut xml).finish();
        xml.open("w:num", &[("w:numId", &(last_list + 1).to_string())]);
        xml.value("w:abstractNumId", &bullets);
        xml.close();
        for (at, first) in first_numbers.iter().enumerate() {
            xml.open("w:num", &[("w:numId", &(last_list as usize + at + 2).to_string())]);
            xml.value("w:abstractNumId", &numbers);
            for depth in 0..9 {
                xml.open("w:lvlOverride", &[("w:ilvl", &depth.to_string())]);
                xml.value("w:startOverride", &first.to_string());
                xml.close();
            }
            xml.close();
        }
        (forms, xml.finish())
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
