//! `[theme]`: what it may set stands in `templates/typst/theme.toml`, beside the templates that draw with it.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use super::folder;
use super::keys::{Keys, Node, Page};
use crate::diagnostic::Problem;
use crate::model::Theme;

static SHIPPED: LazyLock<Shipped> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../templates/typst/theme.toml"))
        .unwrap_or_else(|error| panic!("templates/typst/theme.toml: {error}"))
});

#[derive(Deserialize)]
struct Shipped {
    colours: BTreeMap<String, String>,
    fonts: BTreeMap<String, String>,
    choices: BTreeMap<String, Vec<String>>,
    pictures: BTreeMap<String, String>,
    contrast: Vec<Contrast>,
}

/// Colours that must be told apart from those under them.
#[derive(Deserialize)]
struct Contrast {
    of: Vec<String>,
    on: Vec<String>,
    least: f64,
}

/// The project's own templates: their text, and whether there are fonts among them.
struct Own {
    templates: String,
    fonts: bool,
}

pub(super) fn read<'a>(page: &Page<'a>, keys: &Keys<'a>, folder: &Path) -> Theme {
    let mut theme = Theme::default();
    let Some(keys) = keys.take("theme").and_then(|node| page.keys(&node)) else { return theme };
    let own = own(folder);
    let mut colours = BTreeMap::new();
    for (key, key_span, node) in keys.all() {
        let Some(value) = page.string(&node) else { continue };
        if SHIPPED.colours.contains_key(key) {
            match rgb(&value) {
                Some(colour) => {
                    colours.insert(key, (colour, node.span.clone()));
                }
                None => {
                    let key = node.name.as_str();
                    page.problem(
                        Problem::error("bad-colour").at(page.place(&node.span)).with("key", key).with("value", value),
                    );
                    continue;
                }
            }
        } else if SHIPPED.fonts.contains_key(key) {
            if !own.fonts && !family_is_known(page, &node, &value) {
                continue;
            }
        } else if let Some(words) = SHIPPED.choices.get(key) {
            let words: Vec<(&str, ())> = words.iter().map(|word| (word.as_str(), ())).collect();
            if page.word(&node, &words).is_none() {
                continue;
            }
        } else if SHIPPED.pictures.contains_key(key) {
            let Some(file) = folder::named_file(page, folder, &node) else { continue };
            theme.values.insert(key.to_owned(), file);
            continue;
        } else if !own.templates.contains(key) {
            let known = SHIPPED.colours.keys().chain(SHIPPED.fonts.keys()).chain(SHIPPED.choices.keys());
            let known = known.chain(SHIPPED.pictures.keys()).map(String::as_str);
            page.unknown("unknown-key", &key_span, key, known, |problem| problem.with("table", "theme"));
            continue;
        }
        theme.values.insert(key.to_owned(), value);
    }
    check_contrast(page, &colours);
    theme
}

/// Paths of the pictures that a theme names.
pub fn pictures(theme: &Theme) -> impl Iterator<Item = &String> {
    SHIPPED.pictures.keys().filter_map(|key| theme.values.get(key))
}

fn family_is_known<'a>(page: &Page<'a>, node: &Node<'a>, value: &str) -> bool {
    let families: Vec<&str> = SHIPPED.fonts.values().map(String::as_str).collect();
    let known = families.iter().any(|family| family.eq_ignore_ascii_case(value));
    if !known {
        page.unknown("unknown-font", &node.span, value, families.iter().copied(), |problem| {
            problem.with("known", families.join(", "))
        });
    }
    known
}

/// `#1f4e79`, `#fff`: red, green and blue from 0 to 255.
fn rgb(written: &str) -> Option<[u8; 3]> {
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

/// A warning at each colour of the project that can't be read on what lies under it, or under what lies on it; of
/// several, the weakest.
fn check_contrast<'a>(page: &Page<'a>, own: &BTreeMap<&str, ([u8; 3], Range<usize>)>) {
    let colour = |name: &str| own.get(name).map(|(colour, _)| *colour).or_else(|| rgb(SHIPPED.colours.get(name)?));
    let mut weakest: BTreeMap<&str, (f64, &str, &str, f64)> = BTreeMap::new();
    for rule in &SHIPPED.contrast {
        for (of, on) in rule.of.iter().flat_map(|of| rule.on.iter().map(move |on| (of, on))) {
            let Some(key) = [of, on].into_iter().find(|name| own.contains_key(name.as_str())) else { continue };
            let (Some(first), Some(second)) = (colour(of), colour(on)) else { continue };
            let found = contrast(first, second);
            let weaker =
                weakest.get(key.as_str()).is_none_or(|(known, _, _, least)| found / rule.least < known / least);
            if found < rule.least && weaker {
                weakest.insert(key, (found, of, on, rule.least));
            }
        }
    }
    for (key, (found, of, on, least)) in weakest {
        let Some((_, span)) = own.get(key) else { continue };
        page.problem(
            Problem::warning("weak-contrast")
                .at(page.place(span))
                .with("key", key)
                .with("of", of)
                .with("on", on)
                // Cut, not rounded: 4.49 isn't 4.5.
                .with("found", format!("{:.1}", (found * 10.0).floor() / 10.0))
                .with("least", format!("{least:.1}")),
        );
    }
}

/// Contrast ratio of two colours by WCAG 2.2, from 1 to 21.
fn contrast(first: [u8; 3], second: [u8; 3]) -> f64 {
    let (first, second) = (luminance(first), luminance(second));
    (first.max(second) + 0.05) / (first.min(second) + 0.05)
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn own(folder: &Path) -> Own {
    let mut own = Own { templates: String::new(), fonts: false };
    for entry in fs::read_dir(folder.join("templates")).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
        if name.ends_with(".ttf") || name.ends_with(".otf") {
            own.fonts = true;
        } else if name.ends_with(".typ") {
            own.templates += &fs::read_to_string(entry.path()).unwrap_or_default();
        }
    }
    own
}
