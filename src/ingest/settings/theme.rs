//! `[theme]`: what it may set is in `templates/typst/theme.toml`, beside the templates that draw with it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use super::named_files::named_file;
use super::toml_reader::{TomlKeys, TomlNode, TomlReader};
use crate::diagnostic::{Problem, kinds};
use crate::folder::{entries, read_text};
use crate::model::{Settings, Theme};

/// A larger file is no template.
const TEMPLATE_BYTES: u64 = 16 << 20;

static THEME_KEYS: LazyLock<ThemeKeys> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../templates/typst/theme.toml"))
        .unwrap_or_else(|error| panic!("templates/typst/theme.toml: {error}"))
});

#[derive(Deserialize)]
struct ThemeKeys {
    colours: BTreeMap<String, String>,
    fonts: BTreeMap<String, String>,
    choices: BTreeMap<String, Vec<String>>,
    pictures: BTreeMap<String, String>,
    contrast: Vec<ContrastRule>,
}

/// Colours that must be readable on those under them.
#[derive(Deserialize)]
struct ContrastRule {
    of: Vec<String>,
    on: Vec<String>,
    least: f64,
}

/// The project's own templates: their text, and whether there are fonts among them.
struct OwnTemplates {
    templates: String,
    fonts: bool,
}

/// Reads `[theme]`.
pub(super) fn read_theme<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>, folder: &Path) -> Theme {
    let mut theme = Theme::default();
    let Some(keys) = keys.take("theme").and_then(|node| reader.keys(&node)) else { return theme };
    let own = read_templates(folder);
    let mut colours = BTreeMap::new();
    for (key, key_span, node) in keys.entries() {
        let Some(value) = reader.string(&node) else { continue };
        if THEME_KEYS.colours.contains_key(key) {
            match parse_colour(&value) {
                Some(colour) => {
                    colours.insert(key, (colour, node.span.clone()));
                }
                None => {
                    reader.report_at(&node.span, kinds::BadColour { key: node.name.clone(), value });
                    continue;
                }
            }
        } else if THEME_KEYS.fonts.contains_key(key) {
            if !own.fonts && !check_family(reader, &node, &value) {
                continue;
            }
        } else if let Some(words) = THEME_KEYS.choices.get(key) {
            let words: Vec<(&str, ())> = words.iter().map(|word| (word.as_str(), ())).collect();
            if reader.choice(&node, &words).is_none() {
                continue;
            }
        } else if THEME_KEYS.pictures.contains_key(key) {
            let Some(file) = named_file(reader, folder, &node) else { continue };
            theme.values.insert(key.to_owned(), file);
            continue;
        } else if !own.templates.contains(key) {
            let known = THEME_KEYS.colours.keys().chain(THEME_KEYS.fonts.keys()).chain(THEME_KEYS.choices.keys());
            let known = known.chain(THEME_KEYS.pictures.keys()).map(String::as_str);
            let table = "theme".to_owned();
            reader.report_unknown(&key_span, key, known, |value, nearest| kinds::UnknownKey::Plain {
                table,
                value,
                nearest,
            });
            continue;
        }
        theme.values.insert(key.to_owned(), value);
    }
    check_contrast(reader, &colours);
    theme
}

/// Paths of the pictures that a theme names.
fn theme_pictures(theme: &Theme) -> impl Iterator<Item = &String> {
    THEME_KEYS.pictures.keys().filter_map(|key| theme.values.get(key))
}

/// Paths of all pictures that a project's documents may show, relative to its folder.
pub fn picture_paths(settings: &Settings) -> impl Iterator<Item = &String> {
    let images = settings.images.iter().map(|image| &image.file);
    let logos = settings.donors.iter().filter_map(|donor| donor.logo.as_ref());
    let own = settings.implementer.iter().filter_map(|implementer| implementer.logo.as_ref());
    images.chain(logos).chain(own).chain(theme_pictures(&settings.theme))
}

/// Whether a font is one of ours; any other is reported.
fn check_family<'a>(reader: &TomlReader<'a>, node: &TomlNode<'a>, value: &str) -> bool {
    let families: Vec<&str> = THEME_KEYS.fonts.values().map(String::as_str).collect();
    let is_known = families.iter().any(|family| family.eq_ignore_ascii_case(value));
    if !is_known {
        let known = families.join(", ");
        reader.report_unknown(&node.span, value, families, |value, nearest| kinds::UnknownFont {
            known,
            value,
            nearest,
        });
    }
    is_known
}

/// `#1f4e79`, `#fff`: red, green and blue from 0 to 255.
fn parse_colour(written: &str) -> Option<[u8; 3]> {
    let digits = written.strip_prefix('#')?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let channel = |at: usize| match digits.len() {
        3 => u8::from_str_radix(&digits[at..=at].repeat(2), 16).ok(),
        6 => u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok(),
        _ => None,
    };
    Some([channel(0)?, channel(1)?, channel(2)?])
}

/// Warns at each of the project's colours that has too little contrast with one that it is drawn on, or that is drawn on it;
/// of several, at the weakest.
fn check_contrast<'a>(reader: &TomlReader<'a>, own: &BTreeMap<&str, ([u8; 3], Range<usize>)>) {
    let colour =
        |name: &str| own.get(name).map(|(colour, _)| *colour).or_else(|| parse_colour(THEME_KEYS.colours.get(name)?));
    let mut weakest: BTreeMap<&str, (f64, &str, &str, f64)> = BTreeMap::new();
    for rule in &THEME_KEYS.contrast {
        for (of, on) in rule.of.iter().flat_map(|of| rule.on.iter().map(move |on| (of, on))) {
            let Some(key) = [of, on].into_iter().find(|name| own.contains_key(name.as_str())) else { continue };
            let (Some(first), Some(second)) = (colour(of), colour(on)) else { continue };
            let found = contrast_ratio(first, second);
            let weaker =
                weakest.get(key.as_str()).is_none_or(|(known, _, _, least)| found / rule.least < known / least);
            if found < rule.least && weaker {
                weakest.insert(key, (found, of, on, rule.least));
            }
        }
    }
    for (key, (found, of, on, least)) in weakest {
        let Some((_, span)) = own.get(key) else { continue };
        let kind = kinds::WeakContrast {
            key: key.to_owned(),
            of: of.to_owned(),
            on: on.to_owned(),
            // Cut, not rounded: 4.49 isn't 4.5.
            found: format!("{:.1}", (found * 10.0).floor() / 10.0),
            least: format!("{least:.1}"),
        };
        reader.report(Problem::warning(kind).at(reader.place(span)));
    }
}

/// ContrastRule ratio of two colours by WCAG 2.2, from 1 to 21.
fn contrast_ratio(first: [u8; 3], second: [u8; 3]) -> f64 {
    let (first, second) = (luminance(first), luminance(second));
    (first.max(second) + 0.05) / (first.min(second) + 0.05)
}

/// Relative luminance by WCAG 2.2, from 0 to 1.
fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn read_templates(folder: &Path) -> OwnTemplates {
    let mut own = OwnTemplates { templates: String::new(), fonts: false };
    for (name, path) in entries(&folder.join("templates")) {
        let name = name.to_ascii_lowercase();
        if name.ends_with(".ttf") || name.ends_with(".otf") {
            own.fonts = true;
        } else if name.ends_with(".typ") {
            own.templates += &read_text(&path, TEMPLATE_BYTES).unwrap_or_default();
        }
    }
    own
}
