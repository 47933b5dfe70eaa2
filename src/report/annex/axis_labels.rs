//! What axes and their parts are called, in each language of the annex.

use std::sync::Arc;

use super::annex_builder::AnnexBuilder;
use crate::indicators::{Key, PartKey};
use crate::model::{AxisSide, Column};
use crate::report::column_names;

/// Labels of the values of one column, or of age.
pub struct KeyLabels {
    /// By language.
    languages: Vec<LanguageKeys>,
}

struct LanguageKeys {
    entries: Vec<String>,
    bands: Vec<String>,
    several: String,
    unknown: String,
}

impl KeyLabels {
    /// Made once for an annex: see [`AnnexBuilder::key_labels`].
    pub(super) fn new(draft: &AnnexBuilder, side: AxisSide) -> KeyLabels {
        let bands = &draft.project().settings.age_bands;
        let column = side_column(draft, side);
        let language = |locale: &crate::locale::Locale| {
            let entry = |entry: crate::model::ColumnEntry| match draft.labels.in_language(entry.label, locale) {
                label if label.is_empty() => entry.code.to_owned(),
                label => label,
            };
            let band = |band: u8| {
                let (from, to) = bands.ends(band);
                let from = from.to_string();
                match to {
                    Some(to) => locale.phrase("axis.years", &[("from", &from), ("to", &to.to_string())]),
                    None => locale.phrase("axis.years-and-over", &[("from", &from)]),
                }
            };
            LanguageKeys {
                entries: column.map(|column| column.entries.iter().map(entry).collect()).unwrap_or_default(),
                bands: (0..bands.0.len() as u8).map(band).collect(),
                several: locale.label("axis.several").to_owned(),
                unknown: locale.label("axis.unknown").to_owned(),
            }
        };
        KeyLabels { languages: draft.labels.locales().iter().map(language).collect() }
    }

    /// In one of the annex's languages, by its place.
    pub fn label(&self, key: Key, language: usize) -> &str {
        let Some(keys) = self.languages.get(language) else { return "" };
        match key {
            Key::Category(category) => keys.entries.get(category.0 as usize).unwrap_or(&keys.unknown),
            Key::Band(band) => keys.bands.get(usize::from(band)).unwrap_or(&keys.unknown),
            Key::Several => &keys.several,
            Key::Unknown => &keys.unknown,
        }
    }
}

/// What one side of an axis is called, in each language.
pub fn side_names(draft: &AnnexBuilder, side: AxisSide) -> Vec<String> {
    draft.labels.each(|locale| column_names::side_name(draft.project(), locale, side))
}

/// The two sides of a part; none for the second of a simple axis.
pub fn part_sides(key: PartKey) -> (Key, Option<Key>) {
    match key {
        PartKey::One(key) => (key, None),
        PartKey::Crossed(first, second) => (first, Some(second)),
    }
}

/// The column of an axis; none for age.
fn side_column<'a>(draft: &AnnexBuilder<'a>, side: AxisSide) -> Option<&'a Column> {
    draft.project().side_column(side)
}

/// Shared labels of one side.
pub type SharedLabels = Arc<KeyLabels>;
