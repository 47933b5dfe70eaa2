//! Colours: ours can be read by everybody, and a project's own reach the page.

use std::collections::BTreeMap;

use donor_report::render::pdf::{Attached, render_pdf};
use donor_report::report::document::DocumentLayout;

use super::reader::{File, Object};
use super::sample;

fn shipped() -> toml::Table {
    toml::from_str(&std::fs::read_to_string("templates/typst/theme.toml").expect("the theme")).expect("TOML")
}

/// Relative luminance by WCAG 2.2.
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let share = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("two hexadecimal digits")) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(first: &str, second: &str) -> f64 {
    let (first, second) = (luminance(first), luminance(second));
    (first.max(second) + 0.05) / (first.min(second) + 0.05)
}

#[test]
fn text_and_shapes_of_our_palette_have_the_contrast_of_wcag_aa() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.01, "the formula");
    let theme = shipped();
    let colour = |name: &str| theme["colours"][name].as_str().expect("a colour").to_owned();
    for (texts, grounds, least) in [
        (&["ink", "muted", "accent", "achieved", "on-track", "at-risk", "off-track"][..], &["paper", "tint"][..], 4.5),
        (&["paper"], &["accent"], 4.5),
        (&["accent", "second", "achieved", "on-track", "at-risk", "off-track"], &["paper", "track"], 3.0),
    ] {
        for text in texts {
            for ground in grounds {
                let found = contrast(&colour(text), &colour(ground));
                assert!(found >= least, "{text} on {ground}: {found:.2}");
            }
        }
    }
}

/// Colours as the pages set them, to three decimals.
fn colours_set(bytes: &[u8]) -> Vec<String> {
    let file = File::read(bytes);
    let mut found = Vec::new();
    for object in file.objects() {
        let Object::Stream(_, content) = object else { continue };
        let text = String::from_utf8_lossy(content);
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        for set in words.windows(4).filter(|set| matches!(set[3], "scn" | "sc" | "rg" | "SCN")) {
            let numbers: Vec<f64> = set[..3].iter().filter_map(|word| word.parse().ok()).collect();
            if let [red, green, blue] = numbers[..] {
                found.push(format!("{red:.3} {green:.3} {blue:.3}"));
            }
        }
    }
    found
}

#[test]
fn a_colour_of_the_project_reaches_the_page() {
    let mut document = sample::document(&[1], DocumentLayout::Single);
    let laid = |document: &_| {
        render_pdf(document, Attached { annex: Some(Vec::new()), ..Attached::default() }, &BTreeMap::new())
            .unwrap_or_else(|faults| panic!("{faults:#?}"))
            .bytes
    };
    // 102, 51 and 153 of 255.
    let wanted = "0.400 0.200 0.600".to_owned();
    assert!(!colours_set(&laid(&document)).contains(&wanted));
    document.theme.insert("accent".into(), "#663399".into());
    assert!(colours_set(&laid(&document)).contains(&wanted));
}

#[test]
fn every_status_has_a_shape_and_a_colour_of_its_own() {
    let theme = shipped();
    let statuses = ["achieved", "on-track", "at-risk", "off-track"];
    let colours: std::collections::BTreeSet<&str> =
        statuses.iter().map(|name| theme["colours"][name].as_str().expect("a colour")).collect();
    assert_eq!(colours.len(), statuses.len());
    let charts = std::fs::read_to_string("templates/typst/charts.typ").expect("the charts");
    let shapes =
        charts.split("#let status-shape").nth(1).and_then(|rest| rest.split("#let badge").next()).expect("shapes");
    for name in statuses {
        assert!(shapes.contains(&format!("code == \"{}\"", name.replace('-', "_"))), "{name} has no shape");
    }
}
