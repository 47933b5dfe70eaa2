//! Pictures: turned as EXIF says, without metadata, no larger than a page needs.

use std::io::Cursor;

use donor_report::render::picture::{PictureFault, prepare};
use image::{GenericImageView, ImageFormat, RgbImage};

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    RgbImage::from_pixel(width, height, image::Rgb([200, 30, 30]))
        .write_to(&mut out, ImageFormat::Jpeg)
        .expect("written");
    out.into_inner()
}

/// The JPEG with an EXIF block that tells an orientation and holds a text, as a camera's place would stand in it.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    exif.extend([2, 0]);
    exif.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    // ImageDescription, 16 bytes of text after the two entries.
    exif.extend([0x0E, 0x01, 2, 0, 16, 0, 0, 0, 38, 0, 0, 0]);
    exif.extend([0, 0, 0, 0]);
    exif.extend(b"PLACE-OF-PHOTO!\0");
    let length = (exif.len() + 2) as u16;
    let mut out = jpeg[..2].to_vec();
    out.extend([0xFF, 0xE1]);
    out.extend(length.to_be_bytes());
    out.extend(exif);
    out.extend(&jpeg[2..]);
    out
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[test]
fn a_photograph_is_turned_upright_and_its_metadata_left_out() {
    let taken = with_exif(&jpeg(60, 20), 6);
    assert!(holds(&taken, b"PLACE-OF-PHOTO"));
    let ready = prepare(&taken).expect("a picture");
    assert!(!holds(&ready, b"PLACE-OF-PHOTO") && !holds(&ready, b"Exif"));
    assert_eq!(image::load_from_memory(&ready).expect("readable").dimensions(), (20, 60));
}

#[test]
fn a_large_photograph_is_scaled_down() {
    let ready = prepare(&jpeg(5000, 1000)).expect("a picture");
    assert_eq!(image::load_from_memory(&ready).expect("readable").dimensions(), (2000, 400));
}

#[test]
fn what_is_no_picture_is_refused() {
    assert_eq!(prepare(b"%PDF-1.7 not a picture"), Err(PictureFault::UnknownFormat));
    let whole = jpeg(60, 20);
    assert_eq!(prepare(&whole[..20]), Err(PictureFault::Damaged));
}

#[test]
fn a_drawing_stays_as_it_is() {
    let svg = br#"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>"#;
    assert_eq!(prepare(svg).as_deref(), Ok(&svg[..]));
}
