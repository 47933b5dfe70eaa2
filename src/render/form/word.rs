//! A Word file as a form: values in place of helpers, in content controls, and in cells of tables.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use quick_xml::escape::partial_escape;

use super::controls::{Control, FilledControl, find_controls};
use super::placeholders::{PartParagraph, WordPart, text_parts};
use super::protection::DocumentProtection;
use super::sheet::allowed_text;
use super::word_tables::{WordCell, WordTables, find_tables};
use super::{FormChanges, FormContent, FormFault, FormFaultKind, FormSource, FormSpot, Placeholder, file_fault};
use crate::render::office_package::{OfficePackage, PackageFault};
use crate::render::xml_scan::replace_spans;
use crate::report::form::{FormRowValues, FormValue};

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

/// A Word file with all that may be filled in.
struct WordForm<'p> {
    main: &'p str,
    /// In their order, the main part first.
    parts: Vec<(&'p str, WordPart<'p>)>,
    /// Controls of each part.
    controls: Vec<(&'p str, Control)>,
    protection: DocumentProtection,
}

/// What is filled in so far, and what couldn't be.
struct WordFilling<'w> {
    form: &'w WordForm<'w>,
    tables: WordTables<'w>,
    faults: Vec<FormFault>,
    changed: BTreeMap<&'w str, PartChanges>,
    filled: BTreeSet<WordCell>,
    places: usize,
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
    let form = WordForm::read(package, &names).map_err(unreadable)?;
    let mut filling = WordFilling::new(&form);
    for (at, (place, value)) in content.places.iter().enumerate() {
        filling.fill_place(FormSource::Place(at), place, value);
    }
    for (at, (from, to, rows)) in content.rows.iter().enumerate() {
        filling.fill_rows(FormSource::Rows(at), from, to.as_deref(), rows);
    }
    filling.fill_placeholders(&content.placeholders, placeholders);
    filling.finish()
}

impl<'p> WordForm<'p> {
    fn read(package: &'p OfficePackage, names: &'p [String]) -> Result<WordForm<'p>, PackageFault> {
        let main = names.first().map(String::as_str).unwrap_or_default();
        let mut parts = Vec::new();
        for name in names {
            parts.push((name.as_str(), WordPart::read(package.xml(name)?)?));
        }
        let controls = parts.iter().flat_map(|(name, part)| {
            let name: &'p str = name;
            find_controls(&part.items).into_iter().map(move |control| (name, control))
        });
        let controls = controls.collect();
        Ok(WordForm { main, parts, controls, protection: DocumentProtection::read(package, main)? })
    }

    fn part(&self, name: &str) -> Option<&WordPart<'p>> {
        self.parts.iter().find(|(known, _)| *known == name).map(|(_, part)| part)
    }
}

impl<'w> WordFilling<'w> {
    fn new(form: &'w WordForm<'w>) -> WordFilling<'w> {
        let part = &form.parts[0].1;
        let of_main = form.controls.iter().filter(|(name, _)| *name == form.main);
        let controls = of_main.map(|(_, control)| control).collect();
        WordFilling {
            form,
            tables: WordTables { part, controls, tables: find_tables(&part.items) },
            faults: Vec::new(),
            changed: BTreeMap::new(),
            filled: BTreeSet::new(),
            places: 0,
        }
    }

    fn fault(&mut self, kind: FormFaultKind, source: FormSource, spot: Option<FormSpot>) {
        self.faults.push(FormFault { kind, source, spot });
    }

    fn no_place(&mut self, place: &str, source: FormSource) {
        let tags = self.form.controls.iter().filter(|(_, control)| !control.tag.is_empty());
        let tags = tags.map(|(_, control)| format!("@{}", control.tag));
        let known = tags.chain(self.tables.names()).collect();
        self.fault(FormFaultKind::NoPlace { place: place.to_owned(), known }, source, None);
    }

    /// A cell of a table (`2!B3`), or every control of a tag.
    fn fill_place(&mut self, source: FormSource, place: &str, value: &FormValue) {
        let place = place.trim();
        if place.contains('!') && !place.starts_with('@') {
            match self.tables.find_cell(place) {
                Some(cell) => self.fill_cell(source, cell, value),
                None => self.no_place(place, source),
            }
            return;
        }
        let tag = place.trim_start_matches('@');
        let form = self.form;
        let of_tag = |(_, control): &&(&str, Control)| !tag.is_empty() && control.tag == tag;
        let found: Vec<&(&str, Control)> = form.controls.iter().filter(of_tag).collect();
        if found.is_empty() {
            self.no_place(place, source);
        }
        for (name, control) in found {
            let Some(part) = form.part(name) else { continue };
            let is_open = *name != form.main || form.protection.allows(&part.items, control.content.clone(), true);
            let filled = if is_open { control.fill_unlocked(part, value) } else { Err(FormFaultKind::Locked) };
            match filled {
                Ok(filled) => self.change(name, filled),
                Err(kind) => self.fault(kind, source, None),
            }
        }
    }

    fn fill_cell(&mut self, source: FormSource, cell: WordCell, value: &FormValue) {
        let holder = self.tables.holder(cell);
        let (has_field, items) = self.tables.field_of(holder);
        let filled = if !self.form.protection.allows(&self.tables.part.items, items, has_field) {
            Err(FormFaultKind::Locked)
        } else if self.filled.insert(holder) {
            self.tables.fill(holder, value)
        } else {
            Err(FormFaultKind::Twice)
        };
        match filled {
            Ok(filled) => self.change(self.form.main, filled),
            Err(kind) => self.fault(kind, source, Some(cell.spot())),
        }
    }

    /// Rows from a cell on: up to another, or as far as the table has blank ones.
    fn fill_rows(&mut self, source: FormSource, from: &str, to: Option<&str>, values: &FormRowValues) {
        let Some(first) = self.tables.find_cell(from) else { return self.no_place(from, source) };
        let rows = values.with_rest();
        let room = match to {
            None => {
                let columns = rows.iter().chain(&values.rows).map(Vec::len).max().unwrap_or(1);
                self.tables.blank_rows(first, columns)
            }
            Some(to) => match self.tables.find_cell(to).filter(|last| last.table == first.table) {
                Some(last) => (last.row + 1).saturating_sub(first.row),
                None => return self.no_place(to, source),
            },
        };
        if rows.len() > room {
            return self.fault(FormFaultKind::TooManyRows { rows: rows.len(), room }, source, Some(first.spot()));
        }
        for (row, values) in (first.row..).zip(&rows) {
            for (at, value) in (first.at..).zip(values).filter(|(_, value)| !value.text.is_empty()) {
                let cell = WordCell { row, at, ..first };
                match self.tables.find_cell(&cell.name()) {
                    Some(cell) => self.fill_cell(source, cell, value),
                    None => self.no_place(&cell.name(), source),
                }
            }
        }
    }

    fn fill_placeholders(&mut self, values: &[Option<FormValue>], found: &'w [Placeholder]) {
        // By part and paragraph.
        let mut regions: BTreeMap<(&'w str, usize), Vec<Region>> = BTreeMap::new();
        for (value, placeholder) in values.iter().zip(found) {
            if let (Some(value), FormSpot::Text { part, paragraph, from, to }) = (value, &placeholder.spot) {
                regions.entry((part, *paragraph)).or_default().push((*from..*to, value));
                self.places += 1;
            }
        }
        for ((name, index), regions) in regions {
            let Some(part) = self.form.part(name) else { continue };
            let entry = self.changed.entry(name).or_default();
            entry.changes.extend(fill_regions(part, &part.paragraphs[index], &regions));
            entry.touched.insert(index);
        }
    }

    fn change(&mut self, part: &'w str, (changes, touched): FilledControl) {
        let entry = self.changed.entry(part).or_default();
        entry.changes.extend(changes);
        entry.touched.extend(touched);
        self.places += 1;
    }

    /// The parts that changed, once it is proved that nothing else did.
    fn finish(mut self) -> Result<FormChanges, Vec<FormFault>> {
        let mut out = FormChanges { places: self.places, ..FormChanges::default() };
        for (name, PartChanges { mut changes, touched }) in self.changed {
            let Some(part) = self.form.part(name) else { continue };
            changes.sort_by_key(|(span, _)| (span.start, span.end));
            if changes.windows(2).any(|pair| pair[0].0.end > pair[1].0.start) {
                self.faults.push(file_fault(FormFaultKind::Twice));
                continue;
            }
            let text = replace_spans(part.text, changes);
            let is_proved = WordPart::read(&text).is_ok_and(|made| rest_of(&made, &touched) == rest_of(part, &touched));
            if !is_proved {
                self.faults.push(file_fault(FormFaultKind::NotProved));
            }
            out.parts.insert(name.to_owned(), text);
        }
        if self.faults.is_empty() { Ok(out) } else { Err(self.faults) }
    }
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
