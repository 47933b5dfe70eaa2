//! What axes and their parts are called.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::annex_builder::AnnexBuilder;
use crate::indicators::{Key, PartKey};
use crate::locale::Locale;
use crate::model::{Axis, AxisSide, Column, IndicatorId, Text};

/// Between the two of a crossed axis or part.
const CROSSED: &str = " × ";

/// `sex × age` in the annex's languages.
pub fn axis_name(draft: &AnnexBuilder, axis: &Axis) -> String {
    draft.labels.join(|locale| {
        let first = side_name(draft, axis.first, locale);
        match axis.second {
            Some(second) => format!("{first}{CROSSED}{}", side_name(draft, second, locale)),
            None => first,
        }
    })
}

/// What a column of persons or activities, or age, is called.
pub fn side_names(draft: &AnnexBuilder, part: AxisSide) -> String {
    draft.labels.join(|locale| side_name(draft, part, locale))
}

fn side_name(draft: &AnnexBuilder, part: AxisSide, locale: &Locale) -> String {
    let column = side_column(draft, part);
    if let Some(label) = column.and_then(|column| column.label.get(locale.lang())) {
        return label.to_owned();
    }
    let name = match column {
        Some(column) => column.name.as_str(),
        None => "age",
    };
    locale.find_label(&format!("axis.{name}")).unwrap_or(name).to_owned()
}

/// The column of an axis; none for age.
fn side_column<'a>(draft: &AnnexBuilder<'a>, part: AxisSide) -> Option<&'a Column> {
    draft.project().side_column(part)
}

/// Labels of a column's entries, unlike one another: formulas tell parts apart by them.
pub fn entry_labels(draft: &AnnexBuilder, column: &Column) -> Vec<String> {
    let mut labels: Vec<String> =
        column.entries.iter().map(|entry| text_or_code(draft, entry.label, entry.code)).collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for label in &labels {
        *seen.entry(label.to_lowercase()).or_default() += 1;
    }
    for (label, entry) in labels.iter_mut().zip(column.entries.iter()) {
        if seen[&label.to_lowercase()] > 1 {
            *label = format!("{label} ({})", entry.code);
        }
    }
    labels
}

fn text_or_code(draft: &AnnexBuilder, label: &Text, code: &str) -> String {
    match draft.labels.text(label) {
        text if text.is_empty() => code.to_owned(),
        text => text,
    }
}

/// Labels of the parts of one axis.
pub struct PartLabels {
    first: Arc<KeyLabels>,
    second: Arc<KeyLabels>,
}

/// Labels of the values of one column, or of age.
pub struct KeyLabels {
    entries: Vec<String>,
    bands: Vec<String>,
    several: String,
    unknown: String,
}

impl PartLabels {
    pub fn new(draft: &AnnexBuilder, id: IndicatorId, axis: usize) -> PartLabels {
        let axis = &draft.indicator(id).axes[axis];
        PartLabels { first: draft.key_labels(axis.first), second: draft.key_labels(axis.second.unwrap_or(axis.first)) }
    }

    pub fn label(&self, key: PartKey) -> String {
        match key {
            PartKey::One(key) => self.first.label(key).to_owned(),
            PartKey::Crossed(first, second) => {
                format!("{}{CROSSED}{}", self.first.label(first), self.second.label(second))
            }
        }
    }
}

impl KeyLabels {
    /// Made once for an annex: see [`AnnexBuilder::key_labels`].
    pub(super) fn new(draft: &AnnexBuilder, part: AxisSide) -> KeyLabels {
        let bands = &draft.project().settings.age_bands;
        KeyLabels {
            entries: side_column(draft, part).map(|column| entry_labels(draft, column)).unwrap_or_default(),
            bands: (0..bands.0.len() as u8).map(|band| band_label(draft, band)).collect(),
            several: draft.labels.label("axis.several"),
            unknown: draft.labels.label("axis.unknown"),
        }
    }

    pub fn label(&self, key: Key) -> &str {
        match key {
            Key::Category(category) => self.entries.get(category.0 as usize).unwrap_or(&self.unknown),
            Key::Band(band) => self.bands.get(usize::from(band)).unwrap_or(&self.unknown),
            Key::Several => &self.several,
            Key::Unknown => &self.unknown,
        }
    }
}

/// `12–17 години`.
fn band_label(draft: &AnnexBuilder, band: u8) -> String {
    let (from, to) = draft.project().settings.age_bands.ends(band);
    let from = from.to_string();
    match to {
        Some(to) => draft.labels.label_with_args("axis.years", &[("from", &from), ("to", &to.to_string())]),
        None => draft.labels.label_with_args("axis.years-and-over", &[("from", &from)]),
    }
}
