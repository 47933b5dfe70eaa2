//! Pictures: turned as EXIF says, without metadata, no larger than a page needs.

use std::collections::BTreeMap;
use std::io::Cursor;

use donor_report::diagnostic::Spot;
use donor_report::render::pdf::find_picture_fault;
use donor_report::render::picture::{PictureFault, prepare};
use image::{GenericImageView, ImageFormat, RgbImage};

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    RgbImage::from_pixel(width, height, image::Rgb([200, 30, 30]))
        .write_to(&mut out, ImageFormat::Jpeg)
        .expect("written");
    out.into_inner()
}

/// The JPEG with an EXIF block that holds an orientation and a text, such as the place of a photograph.
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

/// Which corner of the printed picture shows what the camera saw at its top left, for each EXIF orientation.
#[test]
fn every_orientation_is_turned_as_exif_defines_it() {
    let mut taken = RgbImage::from_pixel(64, 32, image::Rgb([20, 20, 20]));
    for (x, y) in (0..32).flat_map(|x| (0..16).map(move |y| (x, y))) {
        taken.put_pixel(x, y, image::Rgb([230, 20, 20]));
    }
    let mut plain = Cursor::new(Vec::new());
    taken.write_to(&mut plain, ImageFormat::Jpeg).expect("written");
    let corners = [(1, "top left"), (2, "top right"), (3, "bottom right"), (4, "bottom left")];
    let sideways = [(5, "top left"), (6, "top right"), (7, "bottom right"), (8, "bottom left")];
    for (orientation, expected) in corners.into_iter().chain(sideways) {
        let ready = prepare(&with_exif(plain.get_ref(), orientation)).expect("a picture");
        let picture = image::load_from_memory(&ready).expect("readable").to_rgb8();
        let (width, height) = picture.dimensions();
        assert_eq!((width, height), if orientation < 5 { (64, 32) } else { (32, 64) }, "{orientation}");
        let at = |right: bool, bottom: bool| {
            let x = if right { width - 4 } else { 3 };
            picture.get_pixel(x, if bottom { height - 4 } else { 3 }).0[0] > 128
        };
        let places = [("top left", false, false), ("top right", true, false), ("bottom left", false, true)];
        let places = places.into_iter().chain([("bottom right", true, true)]);
        let red: Vec<&str> = places.filter(|(_, right, bottom)| at(*right, *bottom)).map(|(name, ..)| name).collect();
        assert_eq!(red, [expected], "{orientation}");
    }
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

/// A drawing of 100 by 50 with this content.
fn drawing(content: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 50\">\n{content}\n</svg>")
}

fn fault(drawing: &str) -> Option<PictureFault> {
    find_picture_fault(drawing.as_bytes(), &BTreeMap::new())
}

#[test]
fn drawings_as_they_are_drawn_are_printed() {
    for content in [
        r#"<rect width="10" height="10" fill="teal"/><text x="5" y="20" font-family="Arial">Здружение – Association</text>"#,
        r#"<defs><filter id="f"><feDropShadow dx="1" dy="1" stdDeviation="1"/></filter></defs><g filter="url(#f)"><rect width="40" height="20"/></g>"#,
        r#"<text x="5" y="20">ქართული 🙂 → &#x10D0;</text>"#,
        r#"<g><g><path d="M0 0L10 10" stroke="black"/></g></g>"#,
        "",
    ] {
        assert_eq!(fault(&drawing(content)), None, "{content}");
    }
    assert_eq!(fault(&format!("<!-- Made by hand -->\n{}", drawing("<g/>"))), None);
}

#[test]
fn a_drawing_that_names_a_file_beside_it_is_refused_with_its_name() {
    for name in ["photo.jpg", "../secret.png", "file:///etc/passwd", "https://example.org/logo.png"] {
        let found = fault(&drawing(&format!("<image href=\"{name}\" width=\"10\" height=\"10\"/>")));
        assert_eq!(found, Some(PictureFault::Linked { name: name.to_owned() }));
    }
}

#[test]
fn a_drawing_that_is_not_well_formed_is_refused_at_its_line() {
    let found = fault(&drawing("<g>\n<rect></g>")).expect("a fault");
    assert!(matches!(found, PictureFault::Syntax { line: 3, .. }), "{found:?}");
    let problem = found.problem("images/logo.svg");
    assert!(matches!(problem.places[0].spot, Spot::Line { line: 3, .. }));
}

#[test]
fn a_drawing_without_a_name_or_size_is_refused() {
    assert_eq!(fault("<svg width=\"10\" height=\"10\"/>"), Some(PictureFault::Namespace));
    let sizeless =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\" height=\"5\"><rect width=\"1\" height=\"1\"/></svg>";
    assert_eq!(fault(sizeless), Some(PictureFault::Sizeless));
}

#[test]
fn filters_that_would_take_minutes_are_refused() {
    let filtered = |filter: &str| {
        drawing(&format!("<filter id=\"f\" {filter}</filter><rect filter=\"url(#f)\" width=\"90\" height=\"40\"/>"))
    };
    let region =
        |size: &str| format!("filterUnits=\"userSpaceOnUse\" x=\"0\" y=\"0\" width=\"{size}\" height=\"{size}\">");
    let blur = "<feGaussianBlur stdDeviation=\"3\"/>";
    assert_eq!(fault(&filtered(&format!("{}{blur}", region("100")))), None);
    for (size, steps) in [
        ("100000", blur.to_owned()),
        ("100000", blur.repeat(2)),
        ("100", blur.repeat(200)),
        ("100", "<feTurbulence baseFrequency=\"0.1\" numOctaves=\"900\"/>".into()),
    ] {
        assert_eq!(
            fault(&filtered(&format!("{}{steps}", region(size)))),
            Some(PictureFault::Effects),
            "{size} {steps:.40}"
        );
    }
}

#[test]
fn drawings_of_too_many_or_too_deep_elements_are_refused() {
    let deep = drawing(&format!("{}{}", "<g>".repeat(5_000), "</g>".repeat(5_000)));
    assert_eq!(fault(&deep), Some(PictureFault::Elements));
    assert_eq!(fault(&drawing(&"<g/>".repeat(200_001))), Some(PictureFault::Elements));
}
