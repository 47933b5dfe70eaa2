use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};
use serde::Deserialize;

/// How a cell looks; colours as `#RRGGBB`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellFace {
    /// In points.
    pub size: u32,
    #[serde(default)]
    bold: bool,
    #[serde(default)]
    wrap: bool,
    fill: Option<String>,
    border: Option<String>,
}

impl CellFace {
    pub fn format(&self, font: &str) -> Format {
        let format = Format::new().set_font_name(font).set_font_size(self.size);
        let mut format = format.set_align(FormatAlign::Top).set_align(FormatAlign::Left);
        if self.bold {
            format = format.set_bold();
        }
        if self.wrap {
            format = format.set_text_wrap();
        }
        if let Some(fill) = &self.fill {
            format = format.set_background_color(fill.as_str());
        }
        if let Some(border) = &self.border {
            format = format.set_border(FormatBorder::Thin).set_border_color(border.as_str());
        }
        format
    }
}
