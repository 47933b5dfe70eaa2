//! How workbooks look, as `templates/workbook.toml` says it.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};
use serde::Deserialize;

/// How workbooks look; colours as `#RRGGBB`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Style {
    font: String,
    pub title: Face,
    pub remark: Face,
    pub header: Face,
    pub body: Face,
    /// Rows that show or begin, to be replaced.
    pub example: Face,
    /// Number format of dates.
    pub date: String,
    /// Height of a line of text, in points.
    pub line: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Face {
    size: u32,
    #[serde(default)]
    bold: bool,
    #[serde(default)]
    italic: bool,
    #[serde(default)]
    wrap: bool,
    color: Option<String>,
    fill: Option<String>,
    border: Option<String>,
}

impl Style {
    /// The one in `templates/workbook.toml`, a part of the program.
    pub fn shipped() -> Style {
        toml::from_str(include_str!("../../../templates/workbook.toml"))
            .unwrap_or_else(|error| panic!("templates/workbook.toml: {error}"))
    }

    pub fn format(&self, face: &Face) -> Format {
        let mut format = Format::new().set_font_name(&self.font).set_font_size(face.size).set_align(FormatAlign::Top);
        if face.bold {
            format = format.set_bold();
        }
        if face.italic {
            format = format.set_italic();
        }
        if face.wrap {
            format = format.set_text_wrap();
        }
        if let Some(color) = &face.color {
            format = format.set_font_color(color.as_str());
        }
        if let Some(fill) = &face.fill {
            format = format.set_background_color(fill.as_str());
        }
        if let Some(border) = &face.border {
            format = format.set_border(FormatBorder::Thin).set_border_color(border.as_str());
        }
        format
    }
}
