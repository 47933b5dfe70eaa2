//! What Windows shows of the program.

use std::fs;
use std::path::Path;

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use resvg::tiny_skia::{Pixmap, Transform};
use usvg::{Options, Tree};

/// Sides of the icon, in pixels, from lists of files to large tiles.
const SIDES: [u32; 7] = [16, 20, 24, 32, 48, 64, 256];

/// The icon of the app's page as Windows keeps icons: a directory, then a PNG for each size.
fn icon(svg: &str) -> Vec<u8> {
    let tree = Tree::from_str(svg, &Options::default()).expect("a drawing");
    let pictures: Vec<Vec<u8>> = SIDES.iter().map(|side| picture(&tree, *side)).collect();
    let mut icon = vec![0, 0, 1, 0, SIDES.len() as u8, 0];
    let mut at = 6 + 16 * SIDES.len();
    for (side, picture) in SIDES.iter().zip(&pictures) {
        // 256 is written as 0.
        icon.extend([*side as u8, *side as u8, 0, 0, 1, 0, 32, 0]);
        icon.extend((picture.len() as u32).to_le_bytes());
        icon.extend((at as u32).to_le_bytes());
        at += picture.len();
    }
    icon.extend(pictures.concat());
    icon
}

fn picture(tree: &Tree, side: u32) -> Vec<u8> {
    let mut pixels = Pixmap::new(side, side).expect("pixels");
    let scale = side as f32 / tree.size().width();
    resvg::render(tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    let plain: Vec<u8> = pixels
        .pixels()
        .iter()
        .flat_map(|pixel| {
            let color = pixel.demultiply();
            [color.red(), color.green(), color.blue(), color.alpha()]
        })
        .collect();
    let mut png = Vec::new();
    PngEncoder::new(&mut png).write_image(&plain, side, side, ExtendedColorType::Rgba8).expect("a picture");
    png
}

#[test]
fn the_icon_of_the_program_is_that_of_the_app() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let drawn = icon(&fs::read_to_string(root.join("templates/app/icon.svg")).expect("the app's icon"));
    let path = root.join("codegen/windows/donor-report.ico");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &drawn).expect("written");
    }
    assert!(fs::read(&path).expect("the icon") == drawn, "UPDATE_GOLDEN=1 draws it again");
}
