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
    header: ColorPair,
    group: ColorPair,
    pub lines: LineStyle,
    link: ColorStyle,
    pub streamed: StreamingThreshold,
    table: SheetTableStyle,
    pub bar: BarStyle,
    sheet: BTreeMap<String, String>,
    status: StatusStyle,
    pub chart: ChartStyle,
    bilingual: BilingualStyle,
    column: BTreeMap<String, ColumnStyle>,
    /// Colours by the names that the theme knows.
    #[serde(skip)]
    colors: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageStyle {
    papers: BTreeMap<String, Paper>,
    /// Inches, as the others.
    pub margin: f64,
    pub head_margin: f64,
    pub foot_margin: f64,
    pub notice_size: u8,
    pub notice_length: usize,
    /// Columns that a title is printed over, where the rows aren't printed.
    pub title_columns: u16,
    /// Percent: what is printed is no smaller.
    pub least_scale: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BilingualStyle {
    narrowed: f64,
}

/// Paper on its side, in inches.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// In workbooks.
    pub number: u8,
    pub width: f64,
    pub height: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitleStyle {
    pub size: f64,
    color: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColorPair {
    background: String,
    color: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineStyle {
    pub height: f64,
    pub header_at_most: u32,
    pub row_at_most: u32,
    pub measured_rows: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColorStyle {
    color: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BarStyle {
    color: String,
    pub most: f64,
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
struct StatusStyle {
    lightened: f64,
    colors: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChartStyle {
    pub width: u32,
    pub height: u32,
    pub height_at_most: u32,
    pub bar_height: u32,
    pub row_height: u32,
    series: Vec<String>,
    line: String,
    pub gap: u16,
    pub title_size: u32,
    pub axis_at_most: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnStyle {
    pub width: f64,
    pub at_most: f64,
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

/// The theme's own colours, where a project has none.
#[derive(Deserialize)]
struct ThemeColors {
    colours: BTreeMap<String, String>,
}

impl AnnexStyle {
    /// The file in the binary, in the colours of a project's theme; a test proves it readable.
    pub fn themed(theme: &BTreeMap<String, String>) -> AnnexStyle {
        let text = include_str!("../../../templates/annex.toml");
        let mut style: AnnexStyle =
            toml::from_str(text).unwrap_or_else(|error| panic!("templates/annex.toml: {error}"));
        let known: ThemeColors = toml::from_str(include_str!("../../../templates/typst/theme.toml"))
            .unwrap_or_else(|error| panic!("templates/typst/theme.toml: {error}"));
        style.colors = known.colours;
        for (name, value) in &mut style.colors {
            if let Some(own) = theme.get(name) {
                value.clone_from(own);
            }
        }
        let paper = theme.get("page-size").and_then(|size| style.page.papers.get(size)).copied();
        if let Some(paper) = paper {
            style.page.papers = BTreeMap::from([(String::new(), paper)]);
        }
        style
    }

    pub fn paper(&self) -> Paper {
        self.page.papers.values().next().copied().unwrap_or_default()
    }

    /// A colour by its name in the theme, or as it is written: `#1F3A5F`.
    fn color(&self, written: &str) -> Color {
        Color::from(self.colors.get(written).map_or(written, String::as_str))
    }

    pub fn column(&self, kind: AnnexColumnKind) -> &ColumnStyle {
        &self.column[kind.code()]
    }

    /// The greatest width of a column.
    pub fn width_at_most(&self, kind: AnnexColumnKind, is_narrowed: bool) -> f64 {
        let column = self.column(kind);
        column.at_most * if is_narrowed && column.wrap { self.bilingual.narrowed } else { 1.0 }
    }

    pub fn tab_color(&self, role: SheetRole) -> Color {
        self.color(&self.sheet[role.code()])
    }

    pub fn bar_color(&self) -> Color {
        self.color(&self.bar.color)
    }

    /// The colour of a status, and of the ground under its word.
    pub fn status_colors(&self, code: &str) -> Option<(Color, Color)> {
        let name = self.status.colors.get(code)?;
        let written = self.colors.get(name).map_or(name.as_str(), String::as_str);
        Some((Color::from(written), Color::from(lighten(written, self.status.lightened).as_str())))
    }

    /// The colour of a series of a chart, by its place.
    pub fn series_color(&self, at: usize) -> Color {
        self.color(&self.chart.series[at % self.chart.series.len()])
    }

    pub fn line_color(&self) -> Color {
        self.color(&self.chart.line)
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

/// A colour `#rrggbb` so much nearer to white.
fn lighten(color: &str, share: f64) -> String {
    let digits = color.trim_start_matches('#');
    let channel = |at: usize| {
        let value = digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or_default();
        (f64::from(value) + (255.0 - f64::from(value)) * share).round() as u8
    };
    format!("#{:02x}{:02x}{:02x}", channel(0), channel(2), channel(4))
}

/// Formats of cells, each made once: by kind of column and by format code of a number.
pub struct Formats {
    pub title: Format,
    pub header: Format,
    /// Lines above the table.
    pub plain: Format,
    /// The title of a group of rows.
    pub group: Format,
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
            title: Format::new()
                .set_bold()
                .set_font_size(style.title.size)
                .set_font_color(style.color(&style.title.color)),
            header: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_align(FormatAlign::Left)
                .set_border(FormatBorder::Thin)
                .set_border_color(style.color(&style.header.color))
                .set_background_color(style.color(&style.header.background))
                .set_font_color(style.color(&style.header.color)),
            plain: Format::new().set_align(FormatAlign::Left),
            group: match annex.properties.languages.len() {
                // One title has the room of the whole row.
                0 | 1 => Format::new(),
                _ => Format::new().set_text_wrap(),
            }
            .set_bold()
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Left)
            .set_background_color(style.color(&style.group.background))
            .set_font_color(style.color(&style.group.color)),
            texts: kinds().map(|kind| (kind, [base_format(kind), base_format(kind).set_quote_prefix()])).collect(),
            links: kinds()
                .map(|kind| {
                    let ink = style.color(&style.link.color);
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
        let single = [&self.title, &self.header, &self.plain, &self.group];
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
