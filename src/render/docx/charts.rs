//! Charts as drawings of the typesetter, found by the words that stand for them.

use std::collections::{BTreeMap, HashMap};

use crate::render::pdf::{RenderFault, draw_charts};
use crate::report::document::{Document, SectionBody};

/// The charts of a document: drawings by language and alternative text, which says all that a chart shows.
#[derive(Default)]
pub(super) struct Charts {
    drawings: HashMap<(usize, String), Vec<u8>>,
}

impl Charts {
    /// Draws all charts.
    ///
    /// # Errors
    /// Every fault of a template.
    pub(super) fn draw(document: &Document, overrides: &BTreeMap<String, Vec<u8>>) -> Result<Charts, Vec<RenderFault>> {
        let names = chart_names(document);
        if names.is_empty() {
            return Ok(Charts::default());
        }
        let drawings = draw_charts(document, overrides)?;
        Ok(Charts { drawings: names.into_iter().zip(drawings.into_iter().map(String::into_bytes)).collect() })
    }

    /// A chart by its language and words.
    pub(super) fn get(&self, index: usize, alt: &str) -> Option<&Vec<u8>> {
        self.drawings.get(&(index, alt.to_owned()))
    }
}

/// Language and words of each chart, in the order of `templates/typst/charts-alone.typ`.
fn chart_names(document: &Document) -> Vec<(usize, String)> {
    let mut names = Vec::new();
    for (index, part) in document.parts.iter().enumerate() {
        let cards = part.glance.iter().flat_map(|glance| &glance.cards);
        names.extend(cards.filter_map(|card| card.trend.as_ref()).map(|trend| (index, trend.alt.clone())));
        for entry in document.sections.iter().filter_map(|section| section.entries.get(index)) {
            match &entry.body {
                SectionBody::Disaggregation { items, .. } => {
                    let axes = items.iter().flat_map(|item| &item.axes);
                    let pyramids = axes.filter_map(|axis| axis.pyramid.as_ref());
                    names.extend(pyramids.map(|pyramid| (index, pyramid.alt.clone())));
                }
                SectionBody::Activities(activities) => {
                    names.extend(activities.over_time.iter().map(|chart| (index, chart.alt.clone())));
                }
                _ => {}
            }
        }
    }
    names
}
