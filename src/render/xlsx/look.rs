use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, TableStyle};
use serde::Deserialize;

use crate::report::annex::{Annex, ColumnKind, FormatId, Role};

/// `templates/annex.toml`: widths, colours and sizes of annexes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    pub page: Page,
    pub title: Title,
    header: Header,
    pub lines: Lines,
    link: Ink,
    pub streamed: Streamed,
    table: TableLook,
    pub bar: Ink,
    sheet: BTreeMap<String, String>,
    pub status: BTreeMap<String, Badge>,
    pub chart: ChartLook,
    column: BTreeMap<String, ColumnLook>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub paper: u8,
    pub margin: f64,
    pub foot_margin: f64,
    /// Most letters of a foot, so that its lines stay on the paper.
    pub foot_length: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    pub size: f64,
    color: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    background: String,
    color: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    pub height: f64,
    pub header_at_most: u32,
    pub row_at_most: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ink {
    pub color: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Streamed {
    pub rows: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableLook {
    style: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Badge {
    pub background: String,
    pub color: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChartLook {
    pub width: u32,
    pub height: u32,
    pub height_at_most: u32,
    pub bar_height: u32,
    pub row_height: u32,
    pub page_rows: u32,
    pub series: Vec<String>,
    pub gap: u16,
    pub title_size: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnLook {
    pub width: f64,
    #[serde(default)]
    pub wrap: bool,
    #[serde(default)]
    align: Align,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Align {
    #[default]
    Left,
    Center,
    Right,
}

impl Look {
    /// The file in the binary; a test proves it readable.
    pub fn shipped() -> Look {
        let text = include_str!("../../../templates/annex.toml");
        toml::from_str(text).unwrap_or_else(|error| panic!("templates/annex.toml: {error}"))
    }

    pub fn column(&self, kind: ColumnKind) -> &ColumnLook {
        &self.column[kind.code()]
    }

    pub fn tab(&self, role: Role) -> Color {
        color(&self.sheet[role.code()])
    }

    /// Styles are named as Excel shows them: `light-1`, `medium-2`.
    pub fn table_style(&self) -> TableStyle {
        match self.table.style.as_str() {
            "light-1" => TableStyle::Light1,
            "light-9" => TableStyle::Light9,
            "medium-2" => TableStyle::Medium2,
            _ => TableStyle::None,
        }
    }
}

/// `#1F3A5F`.
pub fn color(written: &str) -> Color {
    Color::from(written)
}

/// Formats of cells, each made once: by kind of column and by format code of a number.
pub struct Formats {
    pub title: Format,
    pub header: Format,
    /// Lines above the table.
    pub plain: Format,
    /// By kind of column, for texts; those that begin like a formula are kept texts when they are edited.
    texts: BTreeMap<ColumnKind, [Format; 2]>,
    links: BTreeMap<ColumnKind, Format>,
    /// By kind of column, then by [`FormatId`].
    numbers: BTreeMap<ColumnKind, Vec<Format>>,
}

impl Formats {
    pub fn new(annex: &Annex, look: &Look) -> Formats {
        let base = |kind: ColumnKind| {
            let column = look.column(kind);
            let format = Format::new().set_align(FormatAlign::Top);
            let format = match column.align {
                Align::Left => format.set_align(FormatAlign::Left),
                Align::Center => format.set_align(FormatAlign::Center),
                // Away from the text that may stand in the next column.
                Align::Right => format.set_align(FormatAlign::Right).set_indent(1),
            };
            if column.wrap { format.set_text_wrap() } else { format }
        };
        let kinds = || ColumnKind::ALL.into_iter();
        Formats {
            title: Format::new().set_bold().set_font_size(look.title.size).set_font_color(color(&look.title.color)),
            header: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_align(FormatAlign::Left)
                .set_border(FormatBorder::Thin)
                .set_border_color(color(&look.header.color))
                .set_background_color(color(&look.header.background))
                .set_font_color(color(&look.header.color)),
            plain: Format::new().set_align(FormatAlign::Left),
            texts: kinds().map(|kind| (kind, [base(kind), base(kind).set_quote_prefix()])).collect(),
            links: kinds()
                .map(|kind| {
                    let ink = color(&look.link.color);
                    (kind, base(kind).set_font_color(ink).set_underline(rust_xlsxwriter::FormatUnderline::Single))
                })
                .collect(),
            numbers: kinds()
                .map(|kind| (kind, annex.formats.iter().map(|code| base(kind).set_num_format(code)).collect()))
                .collect(),
        }
    }

    /// Every format, in an order that is always the same.
    pub fn all(&self) -> impl Iterator<Item = &Format> {
        let single = [&self.title, &self.header, &self.plain];
        let of_kinds = self.texts.values().flatten().chain(self.links.values()).chain(self.numbers.values().flatten());
        single.into_iter().chain(of_kinds)
    }

    pub fn text(&self, kind: ColumnKind, text: &str) -> &Format {
        &self.texts[&kind][usize::from(Formats::is_quoted(text))]
    }

    /// Whether a text begins like a formula.
    pub fn is_quoted(text: &str) -> bool {
        text.starts_with(['=', '+', '-', '@'])
    }

    pub fn link(&self, kind: ColumnKind) -> &Format {
        &self.links[&kind]
    }

    pub fn number(&self, kind: ColumnKind, id: FormatId) -> &Format {
        &self.numbers[&kind][usize::from(id.0)]
    }
}
