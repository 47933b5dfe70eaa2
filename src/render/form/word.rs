//! A Word file as a form: values in place of helpers, and in content controls.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use quick_xml::escape::partial_escape;

use super::controls::{Control, find_controls};
use super::placeholders::{PartParagraph, WordPart, text_parts};
use super::sheet::allowed_text;
use super::{FormChanges, FormContent, FormFault, FormFaultKind, FormSource, FormSpot, Placeholder, file_fault};
use crate::render::office_package::{OfficePackage, PackageFault};
use crate::render::xml_scan::replace_spans;
use crate::report::form::FormValue;

/// New text for some bytes of a part.
pub(super) type SpanChange = (Range<usize>, String);

/// A helper's range in the text of a paragraph, and the value that replaces it.
type Region<'v> = (Range<usize>, &'v FormValue);

/// What changes in one part, and which of its paragraphs.
#[derive(Default)]
struct PartChanges {
    changes: Vec<SpanChange>,
    touched: BTreeSet<usize>,
}

/// Fills every place of a Word file.
pub(super) fn fill(
    package: &OfficePackage,
    main: &str,
    content: &FormContent,
    placeholders: &[Placeholder],
) -> Result<FormChanges, Vec<FormFault>> {
    let unreadable = |fault: PackageFault| vec![file_fault(FormFaultKind::Unreadable(fault))];
    let names = text_parts(package, main).map_err(unreadable)?;
    let mut parts = BTreeMap::new();
    for name in &names {
        let text = package.xml(name).map_err(unreadable)?;
        parts.insert(name.as_str(), WordPart::read(text).map_err(unreadable)?);
    }
    let controls: Vec<(&str, Control)> = names
        .iter()
        .flat_map(|name| {
            find_controls(&parts[name.as_str()].items).into_iter().map(move |control| (name.as_str(), control))
        })
        .collect();
    let mut faults = Vec::new();
    let mut changed: BTreeMap<&str, PartChanges> = BTreeMap::new();
    let mut places = 0;
    for (at, (place, value)) in content.places.iter().enumerate() {
        let source = FormSource::Place(at);
        let tag = place.trim().trim_start_matches('@');
        let found: Vec<&(&str, Control)> = controls.iter().filter(|(_, control)| control.tag == tag).collect();
        if found.is_empty() {
            let known = controls.iter().map(|(_, control)| format!("@{}", control.tag)).collect();
            let kind = FormFaultKind::NoPlace { place: place.clone(), known };
            faults.push(FormFault { kind, source, spot: None });
        }
        for (name, control) in found {
            let part = &parts[name];
            let kind = match (control.is_locked, control.is_bound) {
                (true, _) => Some(FormFaultKind::Locked),
                (_, true) => Some(FormFaultKind::Bound),
                _ => match control.fill(part, value) {
                    Ok((changes, touched)) => {
                        let entry = changed.entry(name).or_default();
                        entry.changes.extend(changes);
                        entry.touched.extend(touched);
                        places += 1;
                        None
                    }
                    Err(kind) => Some(kind),
                },
            };
            faults.extend(kind.map(|kind| FormFault { kind, source, spot: None }));
        }
    }
    faults.extend((0..content.rows.len()).map(|at| FormFault {
        kind: FormFaultKind::RowsInWord,
        source: FormSource::Rows(at),
        spot: None,
    }));
    // By part and paragraph.
    let mut regions: BTreeMap<(&str, usize), Vec<Region>> = BTreeMap::new();
    for (value, placeholder) in content.placeholders.iter().zip(placeholders) {
        if let (Some(value), FormSpot::Text { part, paragraph, from, to }) = (value, &placeholder.spot) {
            regions.entry((part, *paragraph)).or_default().push((*from..*to, value));
            places += 1;
        }
    }
    for ((name, index), regions) in regions {
        let part = &parts[name];
        let entry = changed.entry(name).or_default();
        entry.changes.extend(fill_regions(part, &part.paragraphs[index], &regions));
        entry.touched.insert(index);
    }
    let mut out = FormChanges { places, ..FormChanges::default() };
    for (name, PartChanges { mut changes, touched }) in changed {
        let part = &parts[name];
        changes.sort_by_key(|(span, _)| (span.start, span.end));
        if changes.windows(2).any(|pair| pair[0].0.end > pair[1].0.start) {
            faults.push(file_fault(FormFaultKind::Twice));
            continue;
        }
        let text = replace_spans(part.text, changes);
        let is_proved = WordPart::read(&text).is_ok_and(|made| rest_of(&made, &touched) == rest_of(part, &touched));
        if !is_proved {
            faults.push(file_fault(FormFaultKind::NotProved));
        }
        out.parts.insert(name.to_owned(), text);
    }
    if faults.is_empty() { Ok(out) } else { Err(faults) }
}

/// Values in place of helpers: each in the piece of text in which its helper begins.
fn fill_regions(part: &WordPart, paragraph: &PartParagraph, regions: &[Region]) -> Vec<SpanChange> {
    let mut changes = Vec::new();
    let mut offset = 0;
    for text in &paragraph.texts {
        let own = offset..offset + text.content.len();
        offset = own.end;
        let mut words = String::new();
        let mut at = own.start;
        for (region, value) in regions.iter().filter(|(region, _)| region.start < own.end && region.end > own.start) {
            let kept = region.start.max(own.start);
            words.push_str(&text.content[at - own.start..kept - own.start]);
            if own.contains(&region.start) {
                words.push_str(&value.text);
            }
            at = region.end.min(own.end);
        }
        words.push_str(&text.content[at - own.start..]);
        if words != text.content {
            changes.push((text.span.clone(), write_text(&part.text[text.span.clone()], &words)));
        }
    }
    changes
}

/// A text element as the one that begins so, with other words; breaks of lines are elements.
pub(super) fn write_text(element: &str, words: &str) -> String {
    let name = element.trim_start_matches('<').split(|c: char| c.is_whitespace() || c == '>' || c == '/').next();
    let name = name.unwrap_or("w:t");
    let prefix = name.strip_suffix('t').unwrap_or("w:");
    let words = allowed_text(words);
    let lines: Vec<String> = words
        .split('\n')
        .map(|line| format!("<{name} xml:space=\"preserve\">{}</{name}>", partial_escape(line)))
        .collect();
    lines.join(&format!("<{prefix}br/>"))
}

pub(super) fn is_within(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// All of a part but the paragraphs that were touched, and the marks of prompts.
fn rest_of(part: &WordPart, touched: &BTreeSet<usize>) -> String {
    let spans: Vec<&Range<usize>> = part
        .paragraphs
        .iter()
        .enumerate()
        .filter(|(at, _)| touched.contains(at))
        .map(|(_, paragraph)| &paragraph.span)
        .collect();
    let is_kept = |span: &Range<usize>| !spans.iter().any(|touched| is_within(span, touched));
    let items = part.items.iter().filter(|item| item.name != "showingPlcHdr" && is_kept(&item.span));
    items.map(|item| &part.text[item.span.clone()]).collect()
}
