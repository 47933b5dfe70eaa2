//! Drawings (SVG) as points, for programs that can't show them.

use resvg::tiny_skia::{Pixmap, Transform};

use crate::render::picture;

/// Points for one of the drawing's own.
const SCALE: f32 = 3.0;
/// Most points on a side.
const MAX_SIDE: f32 = 3_000.0;
/// A point of a drawing's grid, of which 96 are an inch, in the unit of Word's drawings.
const PIXEL: f64 = 9_525.0;

/// A drawing as points.
pub(super) struct DrawingPoints {
    pub png: Vec<u8>,
    /// The drawing's own size, in the unit of Word's drawings.
    pub width: u64,
    pub height: u64,
}

/// `None` for what is no drawing.
pub(super) fn draw(svg: &[u8]) -> Option<DrawingPoints> {
    let tree = picture::parse_drawing(svg)?;
    let size = tree.size();
    let scale = SCALE.min(MAX_SIDE / size.width().max(size.height()));
    let mut pixmap = Pixmap::new(pixels(size.width() * scale), pixels(size.height() * scale))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    let unit = |length: f32| (f64::from(length) * PIXEL).round() as u64;
    Some(DrawingPoints { png: pixmap.encode_png().ok()?, width: unit(size.width()), height: unit(size.height()) })
}

fn pixels(length: f32) -> u32 {
    (length.ceil() as u32).max(1)
}
