//! Parts of a section's body that may be on different pages, such as one indicator of several.

use std::slice::from_ref;

use super::body_writer::DocumentWriter;
use super::sections::SECTION;
use crate::report::document::{Disaggregation, SectionBody, SectionEntry};

/// How many parts a body has; none where it is prose alone.
pub(super) fn count_parts(body: &SectionBody) -> usize {
    match body {
        SectionBody::Prose => 0,
        SectionBody::Disaggregation { items, matrices } => items.len() + usize::from(!matrices.is_empty()),
        SectionBody::Results { groups } => groups.len(),
        SectionBody::Variance { items } => items.len(),
        SectionBody::Counted { items } => items.len(),
        _ => 1,
    }
}

/// About how many lines a part takes, as far as that is known; many where it isn't.
pub(super) fn lines_of_part(body: &SectionBody, at: usize) -> usize {
    match body {
        SectionBody::Disaggregation { items, .. } => items.get(at).map_or(usize::MAX, lines_of),
        _ => usize::MAX,
    }
}

fn lines_of(item: &Disaggregation) -> usize {
    let axes = item.axes.iter().map(|axis| {
        let crossed = axis.crossed.as_ref().map_or(0, |crossed| crossed.rows.len() + 2);
        let pyramid = axis.pyramid.as_ref().map_or(0, |pyramid| 3 * pyramid.rows.len());
        let rows = if axis.rows.is_empty() { 0 } else { axis.rows.len() + 2 };
        crossed + pyramid + rows + 2 * usize::from(axis.line.is_some())
    });
    2 + axes.sum::<usize>()
}

impl DocumentWriter<'_> {
    /// One part of what a section shows beside its prose, or all of it.
    pub(super) fn section_part(&mut self, entry: &SectionEntry, part: Option<usize>) {
        let Some(at) = part else { return self.body(&entry.body, SECTION) };
        match &entry.body {
            SectionBody::Disaggregation { items, matrices } => match items.get(at) {
                Some(item) => self.disaggregation(from_ref(item), &[], SECTION),
                None => self.disaggregation(&[], matrices, SECTION),
            },
            SectionBody::Results { groups } => self.results(groups.get(at..=at).unwrap_or_default(), SECTION),
            SectionBody::Variance { items } => self.variances(items.get(at..=at).unwrap_or_default(), SECTION),
            SectionBody::Counted { items } => self.counted(items.get(at..=at).unwrap_or_default()),
            body => self.body(body, SECTION),
        }
    }
}
