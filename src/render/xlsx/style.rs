use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, TableStyle};
use serde::Deserialize;

use crate::report::annex::{Annex, AnnexColumnKind, FormatId, SheetRole};

/// `templates/annex.toml`: widths, colours and sizes of annexes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnexStyle {
    pub page: PageStyle,
    pub title: TitleStyle,
    header: HeaderStyle,
    pub lines: LineStyle,
    link: ColorStyle,
    pub streamed: StreamingThreshold,
    table: SheetTableStyle,
    pub bar: ColorStyle,
    sheet: BTreeMap<String, String>,
    pub status: BTreeMap<String, StatusStyle>,
    pub chart: ChartStyle,
    column: BTreeMap<String, ColumnStyle>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageStyle {
    pub paper: u8,
    pub margin: f64,
    pub foot_margin: f64,
    /// Most letters of a foot, so that its lines stay on the paper.
    pub foot_length: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitleStyle {
    pub size: f64,
    color: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeaderStyle {
    background: String,
    color: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineStyle {
    pub height: f64,
    pub header_at_most: u32,
    pub row_at_most: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColorStyle {
    pub color: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamingThreshold {
    pub rows: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SheetTableStyle {
    style: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusStyle {
    pub background: String,
    pub color: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChartStyle {
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
pub struct ColumnStyle {
    pub width: f64,
    #[serde(default)]
    pub wrap: bool,
    #[serde(default)]
    align: ColumnAlign,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ColumnAlign {
    #[default]
    Left,
    Center,
    Right,
}

impl AnnexStyle {
    /// The file in the binary; a test proves it readable.
    pub fn shipped() -> AnnexStyle {
        let text = include_str!("../../../templates/annex.toml");
        toml::from_str(text).unwrap_or_else(|error| panic!("templates/annex.toml: {error}"))
    }

    pub fn column(&self, kind: AnnexColumnKind) -> &ColumnStyle {
        &self.column[kind.code()]
    }

    pub fn tab_color(&self, role: SheetRole) -> Color {
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
    texts: BTreeMap<AnnexColumnKind, [Format; 2]>,
    links: BTreeMap<AnnexColumnKind, Format>,
    /// By kind of column, then by [`FormatId`].
    numbers: BTreeMap<AnnexColumnKind, Vec<Format>>,
}

impl Formats {
    pub fn new(annex: &Annex, style: &AnnexStyle) -> Formats {
        let base_format = |kind: AnnexColumnKind| {
            let column = style.column(kind);
            let format = Format::new().set_align(FormatAlign::Top);
            let format = match column.align {
                ColumnAlign::Left => format.set_align(FormatAlign::Left),
                ColumnAlign::Center => format.set_align(FormatAlign::Center),
                // Away from the text that may be in the next column.
                ColumnAlign::Right => format.set_align(FormatAlign::Right).set_indent(1),
            };
            if column.wrap { format.set_text_wrap() } else { format }
        };
        let kinds = || AnnexColumnKind::ALL.into_iter();
        Formats {
            title: Format::new().set_bold().set_font_size(style.title.size).set_font_color(color(&style.title.color)),
            header: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_align(FormatAlign::Left)
                .set_border(FormatBorder::Thin)
                .set_border_color(color(&style.header.color))
                .set_background_color(color(&style.header.background))
                .set_font_color(color(&style.header.color)),
            plain: Format::new().set_align(FormatAlign::Left),
            texts: kinds().map(|kind| (kind, [base_format(kind), base_format(kind).set_quote_prefix()])).collect(),
            links: kinds()
                .map(|kind| {
                    let ink = color(&style.link.color);
                    (
                        kind,
                        base_format(kind).set_font_color(ink).set_underline(rust_xlsxwriter::FormatUnderline::Single),
                    )
                })
                .collect(),
            numbers: kinds()
                .map(|kind| (kind, annex.formats.iter().map(|code| base_format(kind).set_num_format(code)).collect()))
                .collect(),
        }
    }

    /// Every format, in an order that is always the same.
    pub fn all(&self) -> impl Iterator<Item = &Format> {
        let single = [&self.title, &self.header, &self.plain];
        let of_kinds = self.texts.values().flatten().chain(self.links.values()).chain(self.numbers.values().flatten());
        single.into_iter().chain(of_kinds)
    }

    pub fn text(&self, kind: AnnexColumnKind, text: &str) -> &Format {
        &self.texts[&kind][usize::from(Formats::needs_quote_prefix(text))]
    }

    /// Whether a text begins like a formula.
    pub fn needs_quote_prefix(text: &str) -> bool {
        text.starts_with(['=', '+', '-', '@'])
    }

    pub fn link(&self, kind: AnnexColumnKind) -> &Format {
        &self.links[&kind]
    }

    pub fn number(&self, kind: AnnexColumnKind, id: FormatId) -> &Format {
        &self.numbers[&kind][usize::from(id.0)]
    }
}
