//! Drawings (SVG): refused where they name other files, or where drawing them would take too long.

use std::io::Cursor;
use std::sync::{Arc, Mutex};

use image::ImageReader;
use quick_xml::events::Event;
use usvg::filter::{Filter, Kind};
use usvg::{Group, ImageKind, Node, Options, Tree};

use super::{MAX_INPUT_PIXELS, PictureFault};

/// Elements within elements.
pub const MAX_DEPTH: usize = 200;
/// Elements in all.
pub const MAX_ELEMENTS: usize = 200_000;
/// Pixels that the effects of a drawing may compute, one by one.
pub const MAX_EFFECT_PIXELS: u64 = 40_000_000;

/// How a drawing says that it is one. The typesetter looks for it in the same bytes.
const NAMESPACE: &[u8] = b"http://www.w3.org/2000/svg";
const HEAD: usize = 2048;

/// A drawing is at most as wide as a page, in points; effects are drawn with so many pixels a point, up to a largest side.
const PAGE_WIDTH: f32 = 842.0;
const PIXELS_A_POINT: f32 = 4.0;
const MAX_EFFECT_SIDE: f32 = 5000.0;

/// Fonts of the texts in a drawing, for their size.
static FONT: &[u8] = include_bytes!("../../../templates/fonts/NotoSans-Regular.ttf");

pub(super) fn is_drawing(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    let head = head.trim_start_matches('\u{feff}').trim_start();
    head.starts_with('<') && head.contains("<svg")
}

/// Whether a drawing can be drawn, and in a bounded time.
pub(super) fn check(bytes: &[u8]) -> Result<(), PictureFault> {
    let head = &bytes[..bytes.len().min(HEAD)];
    if !head.windows(NAMESPACE.len()).any(|window| window == NAMESPACE) {
        return Err(PictureFault::Namespace);
    }
    check_elements(bytes)?;
    let linked = Mutex::new(None);
    let tree = Tree::from_data(bytes, &options(&linked)).map_err(fault)?;
    if let Some(name) = linked.into_inner().unwrap_or_default() {
        return Err(PictureFault::Linked { name });
    }
    let scale = PAGE_WIDTH / tree.size().width() * PIXELS_A_POINT;
    let mut effort = Effort { scale, effects: 0, pixels: 0 };
    effort.add_group(tree.root());
    if effort.effects > MAX_EFFECT_PIXELS {
        Err(PictureFault::Effects)
    } else if effort.pixels > MAX_INPUT_PIXELS {
        Err(PictureFault::TooLarge)
    } else {
        Ok(())
    }
}

/// A drawing that passed [`check`], or that the typesetter made; `None` for what is none.
pub(super) fn parse(bytes: &[u8]) -> Option<Tree> {
    Tree::from_data(bytes, &options(&Mutex::new(None))).ok()
}

/// Counts elements before anything is made of them.
fn check_elements(bytes: &[u8]) -> Result<(), PictureFault> {
    let mut reader = quick_xml::Reader::from_reader(bytes);
    let (mut depth, mut elements) = (0_usize, 0_usize);
    // What isn't well-formed is reported with its line when the drawing is read.
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(_) => (depth, elements) = (depth + 1, elements + 1),
            Event::Empty(_) => elements += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof => break,
            _ => {}
        }
        if depth > MAX_DEPTH || elements > MAX_ELEMENTS {
            return Err(PictureFault::Elements);
        }
    }
    Ok(())
}

/// Nothing outside the drawing is read; the first picture that it names is put into `linked`.
fn options(linked: &Mutex<Option<String>>) -> Options<'_> {
    let mut options = Options {
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: usvg::ImageHrefResolver::default_data_resolver(),
            resolve_string: Box::new(|name, _| {
                if let Ok(mut linked) = linked.lock() {
                    linked.get_or_insert_with(|| name.to_owned());
                }
                None
            }),
        },
        font_resolver: usvg::FontResolver {
            select_font: Box::new(|_, fonts| fonts.faces().next().map(|face| face.id)),
            select_fallback: Box::new(|_, _, _| None),
        },
        ..Options::default()
    };
    options.fontdb_mut().load_font_source(usvg::fontdb::Source::Binary(Arc::new(FONT)));
    options
}

fn fault(error: usvg::Error) -> PictureFault {
    match error {
        usvg::Error::ElementsLimitReached => PictureFault::Elements,
        usvg::Error::InvalidSize => PictureFault::Sizeless,
        usvg::Error::ParsingFailed(error) => {
            let place = error.pos();
            PictureFault::Syntax { line: place.row, column: place.col, message: error.to_string() }
        }
        usvg::Error::NotAnUtf8Str | usvg::Error::MalformedGZip => PictureFault::Damaged,
    }
}

/// What drawing it takes.
struct Effort {
    /// Pixels to a unit of the drawing.
    scale: f32,
    effects: u64,
    /// Of pictures within the drawing.
    pixels: u64,
}

impl Effort {
    fn add_group(&mut self, group: &Group) {
        if !group.filters().is_empty() {
            let area = group.abs_layer_bounding_box();
            let scale = self.scale.min(MAX_EFFECT_SIDE / area.width().max(area.height()));
            let pixels = f64::from(area.width() * scale) * f64::from(area.height() * scale);
            let passes: u64 = group.filters().iter().map(|filter| passes(filter)).sum();
            self.effects = self.effects.saturating_add((pixels as u64).saturating_mul(passes));
        }
        for node in group.children() {
            self.add_node(node);
        }
    }

    fn add_node(&mut self, node: &Node) {
        match node {
            Node::Group(group) => self.add_group(group),
            Node::Image(picture) => match picture.kind() {
                ImageKind::SVG(tree) => self.add_group(tree.root()),
                ImageKind::JPEG(bytes) | ImageKind::PNG(bytes) | ImageKind::GIF(bytes) | ImageKind::WEBP(bytes) => {
                    self.pixels = self.pixels.saturating_add(pixels_of(bytes));
                }
            },
            Node::Text(text) => self.add_group(text.flattened()),
            Node::Path(_) => {}
        }
        // Patterns, masks and clips.
        node.subroots(|group| self.add_group(group));
    }
}

/// Pixels of a picture by its head.
fn pixels_of(bytes: &[u8]) -> u64 {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok();
    let size = reader.and_then(|reader| reader.into_dimensions().ok());
    size.map_or(0, |(width, height)| u64::from(width) * u64::from(height))
}

/// How often a filter goes over each pixel, by the kinds of its steps.
fn passes(filter: &Filter) -> u64 {
    let step = |kind: &Kind| match kind {
        Kind::ConvolveMatrix(step) => u64::from(step.matrix().columns()) * u64::from(step.matrix().rows()),
        Kind::Morphology(step) => (step.radius_x().get() + step.radius_y().get()) as u64 * 2 + 1,
        Kind::Turbulence(step) => u64::from(step.num_octaves()) * 4,
        Kind::GaussianBlur(_) | Kind::DropShadow(_) => 2,
        _ => 1,
    };
    filter.primitives().iter().map(|primitive| step(primitive.kind()).max(1)).sum()
}
