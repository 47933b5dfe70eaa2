//! Pictures made ready for print: turned as their EXIF says, no larger than a page needs, and without metadata,
//! so that no place or time of a photograph reaches a donor.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// Longest side of a picture in a document, in pixels: 170 mm at 300 dots an inch.
const MAX_SIDE_IN_DOCUMENT: u32 = 2000;
/// Quality of a photograph in percent; text in a scanned page still reads well.
const JPEG_QUALITY: u8 = 86;
/// Most pixels on a side, and bytes in memory, that a picture may ask for.
const MAX_INPUT_SIDE: u32 = 30_000;
const MAX_INPUT_BYTES: u64 = 512 << 20;

/// What is wrong with a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFault {
    /// Neither JPEG nor PNG nor SVG.
    UnknownFormat,
    Damaged,
    TooLarge,
}

impl PictureFault {
    /// Names the wording of its message.
    pub fn code(self) -> &'static str {
        match self {
            PictureFault::UnknownFormat => "format",
            PictureFault::Damaged => "damaged",
            PictureFault::TooLarge => "size",
        }
    }
}

/// A JPEG or PNG decoded, turned, scaled down and written anew; an SVG as it is.
///
/// # Errors
/// When it is no picture of these kinds, is damaged, or would take more memory than a picture may.
pub fn prepare(bytes: &[u8]) -> Result<Vec<u8>, PictureFault> {
    if is_svg(bytes) {
        return Ok(bytes.to_vec());
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
    let decoder = reader.into_decoder().map_err(picture_fault)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) * 4 > MAX_INPUT_BYTES {
        return Err(PictureFault::TooLarge);
    }
    let decoded = DynamicImage::from_decoder(decoder).map_err(picture_fault)?;
    let upright = turned(decoded, orientation(bytes));
    let sized = if upright.width().max(upright.height()) > MAX_SIDE_IN_DOCUMENT {
        upright.resize(MAX_SIDE_IN_DOCUMENT, MAX_SIDE_IN_DOCUMENT, image::imageops::FilterType::CatmullRom)
    } else {
        upright
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

fn is_svg(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    let head = String::from_utf8_lossy(head);
    let head = head.trim_start_matches('\u{feff}').trim_start();
    head.starts_with("<svg") || (head.starts_with("<?xml") && head.contains("<svg"))
}

/// The EXIF orientation, 1 to 8; 1 where none is told.
fn orientation(bytes: &[u8]) -> u32 {
    exif::Reader::new()
        .read_from_container(&mut Cursor::new(bytes))
        .ok()
        .and_then(|exif| exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?.value.get_uint(0))
        .unwrap_or(1)
}

fn turned(picture: DynamicImage, orientation: u32) -> DynamicImage {
    match orientation {
        2 => picture.fliph(),
        3 => picture.rotate180(),
        4 => picture.flipv(),
        5 => picture.rotate90().fliph(),
        6 => picture.rotate90(),
        7 => picture.rotate270().fliph(),
        8 => picture.rotate270(),
        _ => picture,
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
