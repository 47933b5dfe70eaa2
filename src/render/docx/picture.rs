//! Pictures and drawings within the text.

use std::io::Cursor;

use image::ImageReader;

use super::body_writer::DocumentWriter;
use super::drawing::{DrawingPoints, draw};
use super::runs::RunStyle;
use crate::render::picture;

/// A twentieth of a point in the unit of drawings (914,400 to the inch).
const TWIP: u64 = 635;
/// A point of a picture's grid, of which 96 are an inch.
const PIXEL: u64 = 9_525;
const DRAWING_NAMESPACE: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const PICTURE_NAMESPACE: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";
const SVG_NAMESPACE: &str = "http://schemas.microsoft.com/office/drawing/2016/SVG/main";
/// Names the extension in which a picture has its drawing ([MS-ODRAWXML] 2.3.3.22).
const SVG_EXTENSION: &str = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}";

/// A picture on its parts, and how large it is by itself.
pub(super) struct PlacedPicture {
    /// The relation to its points, and to its drawing where it is one.
    raster: String,
    vector: Option<String>,
    /// In the unit of drawings.
    width: u64,
    height: u64,
}

impl DocumentWriter<'_> {
    /// A picture of the project with its words under it.
    pub(super) fn photograph(&mut self, file: &str, alt: &str, caption: impl FnOnce(&mut Self)) {
        let width = self.width;
        self.kept_paragraph("Normal", |writer| writer.project_picture(file, alt, width, width * 3 / 4));
        self.paragraph("Caption", caption);
    }

    /// A picture of the project as large as fits, in twentieths of a point. One that can't be read stops the PDF, too,
    /// where it is reported; here its words take its place.
    pub(super) fn project_picture(&mut self, file: &str, alt: &str, width: u32, height: u32) {
        if self.charts.is_none() {
            return;
        }
        let prepared = self.document.pictures.get(file).and_then(|bytes| picture::prepare(bytes).ok());
        match prepared.and_then(|bytes| self.place_picture(bytes)) {
            Some(placed) => self.picture_run(&placed, alt, width, height),
            None => self.run(alt, RunStyle::of("Muted")),
        }
    }

    /// A chart as the typesetter draws it, in its own size, but not wider than the text.
    pub(super) fn chart(&mut self, style: &str, alt: &str) {
        let width = self.width;
        let drawing = self.charts.and_then(|charts| charts.get(self.index, alt)).cloned();
        if let Some(placed) = drawing.and_then(|drawing| self.place_picture(drawing)) {
            self.paragraph(style, |writer| writer.picture_run(&placed, alt, width, width * 2));
        }
    }

    fn place_picture(&mut self, bytes: Vec<u8>) -> Option<PlacedPicture> {
        if picture::is_drawing(&bytes) {
            let DrawingPoints { png, width, height } = draw(&bytes)?;
            let raster = self.add_picture("png", png);
            let vector = Some(self.add_picture("svg", bytes));
            return Some(PlacedPicture { raster, vector, width, height });
        }
        let reader = ImageReader::new(Cursor::new(&bytes)).with_guessed_format().ok()?;
        let ending = if reader.format() == Some(image::ImageFormat::Png) { "png" } else { "jpg" };
        let (width, height) = reader.into_dimensions().ok()?;
        let raster = self.add_picture(ending, bytes);
        Some(PlacedPicture { raster, vector: None, width: u64::from(width) * PIXEL, height: u64::from(height) * PIXEL })
    }

    /// Adds a picture's file, once for the same bytes, and gives the relation to it.
    fn add_picture(&mut self, ending: &str, bytes: Vec<u8>) -> String {
        let known = self.pictures.iter().position(|(_, known)| *known == bytes);
        let at = known.unwrap_or_else(|| {
            self.pictures.push((format!("media/image{}.{ending}", self.pictures.len() + 1), bytes));
            self.pictures.len() - 1
        });
        let name = self.pictures[at].0.clone();
        self.relations.part("image", &name)
    }

    fn picture_run(&mut self, placed: &PlacedPicture, alt: &str, width: u32, height: u32) {
        let (width, height) = fit(placed, u64::from(width) * TWIP, u64::from(height) * TWIP);
        let (width, height) = (width.to_string(), height.to_string());
        let id = self.next_id().to_string();
        let name = format!("Picture {id}");
        let xml = &mut self.xml;
        xml.open("w:r", &[]);
        xml.open("w:drawing", &[]);
        xml.open("wp:inline", &[("distT", "0"), ("distB", "0"), ("distL", "0"), ("distR", "0")]);
        xml.empty("wp:extent", &[("cx", &width), ("cy", &height)]);
        xml.empty("wp:docPr", &[("id", &id), ("name", &name), ("descr", alt)]);
        xml.open("wp:cNvGraphicFramePr", &[]);
        xml.empty("a:graphicFrameLocks", &[("xmlns:a", DRAWING_NAMESPACE), ("noChangeAspect", "1")]);
        xml.close();
        xml.open("a:graphic", &[("xmlns:a", DRAWING_NAMESPACE)]);
        xml.open("a:graphicData", &[("uri", PICTURE_NAMESPACE)]);
        xml.open("pic:pic", &[("xmlns:pic", PICTURE_NAMESPACE)]);
        xml.open("pic:nvPicPr", &[]);
        xml.empty("pic:cNvPr", &[("id", &id), ("name", &name), ("descr", alt)]);
        xml.empty("pic:cNvPicPr", &[]);
        xml.close();
        xml.open("pic:blipFill", &[]);
        xml.open("a:blip", &[("r:embed", &placed.raster)]);
        if let Some(vector) = &placed.vector {
            xml.open("a:extLst", &[]);
            xml.open("a:ext", &[("uri", SVG_EXTENSION)]);
            xml.empty("asvg:svgBlip", &[("xmlns:asvg", SVG_NAMESPACE), ("r:embed", vector)]);
            xml.close();
            xml.close();
        }
        xml.close();
        xml.open("a:stretch", &[]);
        xml.empty("a:fillRect", &[]);
        xml.close();
        xml.close();
        xml.open("pic:spPr", &[]);
        xml.open("a:xfrm", &[]);
        xml.empty("a:off", &[("x", "0"), ("y", "0")]);
        xml.empty("a:ext", &[("cx", &width), ("cy", &height)]);
        xml.close();
        xml.open("a:prstGeom", &[("prst", "rect")]);
        xml.empty("a:avLst", &[]);
        (0..8).for_each(|_| xml.close());
    }
}

/// A picture's size, made smaller until it fits.
fn fit(placed: &PlacedPicture, width: u64, height: u64) -> (u64, u64) {
    let (mut wide, mut high) = (placed.width.max(1), placed.height.max(1));
    if wide > width {
        (wide, high) = (width, (high * width / wide).max(1));
    }
    if high > height {
        (wide, high) = ((wide * height / high).max(1), height);
    }
    (wide, high)
}
