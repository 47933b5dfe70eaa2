//! Pictures made ready for print: turned as their EXIF says, no larger than a page needs, and without metadata,
//! so that no place or time of a photograph reaches a donor.

mod drawing;

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use crate::diagnostic::{Place, Problem, kinds};

/// Longest side of a picture in a document, in pixels: 170 mm at 300 dots an inch.
const MAX_SIDE_IN_DOCUMENT: u32 = 2000;
/// Quality of a photograph in percent; text in a scanned page still reads well.
const JPEG_QUALITY: u8 = 86;
/// Most pixels on a side, and in all, that a picture may have.
const MAX_INPUT_SIDE: u32 = 30_000;
const MAX_INPUT_PIXELS: u64 = 100_000_000;
/// Bytes in memory of so many pixels.
const MAX_INPUT_BYTES: u64 = MAX_INPUT_PIXELS * 4;

/// What is wrong with a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureFault {
    /// Neither JPEG nor PNG nor SVG.
    UnknownFormat,
    /// It can't be decoded.
    Damaged,
    /// It has more pixels than a picture may.
    TooLarge,
    /// A drawing that doesn't name SVG's namespace where it begins.
    Namespace,
    /// A drawing that isn't well-formed.
    Syntax {
        /// Counted from 1.
        line: u32,
        /// In characters, counted from 1.
        column: u32,
        /// What is wrong, in the words of the reader of XML.
        message: String,
    },
    /// A drawing with neither a size nor a `viewBox`.
    Sizeless,
    /// A drawing that names a picture outside of itself.
    Linked {
        /// Its address.
        name: String,
    },
    /// A drawing with more elements, or deeper ones, than a drawing may have.
    Elements,
    /// A drawing whose filters would take too long.
    Effects,
    /// A drawing that the typesetter refuses, with its reason.
    Undrawable {
        /// In the typesetter's words.
        message: String,
    },
}

impl PictureFault {
    /// The fault as an error at the picture's file.
    pub fn problem(&self, file: &str) -> Problem {
        let limit = |number: u64| number.to_string();
        let kind = match self.clone() {
            PictureFault::UnknownFormat => kinds::PictureUnreadable::Format,
            PictureFault::Damaged => kinds::PictureUnreadable::Damaged,
            PictureFault::TooLarge => {
                kinds::PictureUnreadable::Size { side: limit(MAX_INPUT_SIDE.into()), pixels: limit(MAX_INPUT_PIXELS) }
            }
            PictureFault::Namespace => kinds::PictureUnreadable::Namespace,
            PictureFault::Syntax { line, column, message } => {
                let kind = kinds::PictureUnreadable::Syntax { message };
                return Problem::error(kind).at(Place::line(file, line, column));
            }
            PictureFault::Sizeless => kinds::PictureUnreadable::Sizeless,
            PictureFault::Linked { name } => kinds::PictureUnreadable::Linked { name },
            PictureFault::Elements => kinds::PictureUnreadable::Elements {
                elements: limit(drawing::MAX_ELEMENTS as u64),
                depth: limit(drawing::MAX_DEPTH as u64),
            },
            PictureFault::Effects => kinds::PictureUnreadable::Effects { pixels: limit(drawing::MAX_EFFECT_PIXELS) },
            PictureFault::Undrawable { message } => kinds::PictureUnreadable::Undrawable { message },
        };
        Problem::error(kind).at(Place::file(file))
    }
}

/// What a picture may cost, by the names that docs/reference.md explains.
pub fn picture_limits() -> [(&'static str, u64); 5] {
    [
        ("picture-side", MAX_INPUT_SIDE.into()),
        ("picture-pixels", MAX_INPUT_PIXELS),
        ("drawing-elements", drawing::MAX_ELEMENTS as u64),
        ("drawing-depth", drawing::MAX_DEPTH as u64),
        ("drawing-effects", drawing::MAX_EFFECT_PIXELS),
    ]
}

/// Whether it is a drawing (SVG) by its first bytes.
pub fn is_drawing(bytes: &[u8]) -> bool {
    drawing::is_drawing(bytes)
}

/// A drawing that can be drawn, as elements with their sizes; `None` for what is none.
pub(super) fn parse_drawing(bytes: &[u8]) -> Option<usvg::Tree> {
    drawing::parse(bytes)
}

/// A JPEG or PNG decoded, turned, scaled down and written anew; an SVG as it is.
///
/// # Errors
/// When it is no picture of these kinds, is damaged, or would take more memory or time than a picture may.
pub fn prepare(bytes: &[u8]) -> Result<Vec<u8>, PictureFault> {
    if is_drawing(bytes) {
        return drawing::check(bytes).map(|()| bytes.to_vec());
    }
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| PictureFault::UnknownFormat)?;
    let format = match reader.format() {
        Some(format @ (ImageFormat::Jpeg | ImageFormat::Png)) => format,
        _ => return Err(PictureFault::UnknownFormat),
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_INPUT_SIDE);
    limits.max_image_height = Some(MAX_INPUT_SIDE);
    limits.max_alloc = Some(MAX_INPUT_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(picture_fault)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_INPUT_PIXELS {
        return Err(PictureFault::TooLarge);
    }
    // A picture without a readable EXIF block is printed as it is.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(picture_fault)?;
    picture.apply_orientation(orientation);
    let sized = if picture.width().max(picture.height()) > MAX_SIDE_IN_DOCUMENT {
        picture.resize(MAX_SIDE_IN_DOCUMENT, MAX_SIDE_IN_DOCUMENT, image::imageops::FilterType::CatmullRom)
    } else {
        picture
    };
    encode(&sized, format)
}

fn picture_fault(error: image::ImageError) -> PictureFault {
    match error {
        image::ImageError::Limits(_) => PictureFault::TooLarge,
        image::ImageError::Unsupported(_) => PictureFault::UnknownFormat,
        _ => PictureFault::Damaged,
    }
}

fn encode(picture: &DynamicImage, format: ImageFormat) -> Result<Vec<u8>, PictureFault> {
    let mut out = Vec::new();
    let written = match format {
        ImageFormat::Jpeg => DynamicImage::from(picture.to_rgb8())
            .write_with_encoder(JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY)),
        _ => picture.write_to(&mut Cursor::new(&mut out), ImageFormat::Png),
    };
    written.map(|()| out).map_err(|_| PictureFault::Damaged)
}
