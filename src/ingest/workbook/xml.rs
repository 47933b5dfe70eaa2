//! The small parts of XML in which a zipped workbook describes itself: elements, their attributes, relations between parts.

use std::borrow::Cow;
use std::collections::BTreeMap;

use memchr::memmem;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::archive::{Archive, damaged_file};
use crate::diagnostic::{Problem, kinds};

/// Bytes of the longest part that only describes the workbook.
pub(super) const MAX_DESCRIPTION: u64 = 16 << 20;

/// Sheets of a workbook: each takes memory and time before anything of it is read.
pub(super) const MAX_SHEETS: usize = 1_000;

/// The workbook has more than [`MAX_SHEETS`].
pub(super) fn too_many_sheets() -> Box<Problem> {
    Box::new(Problem::error(kinds::FileTooLarge::Sheets { limit: MAX_SHEETS.to_string() }))
}

/// Where another part of the package is, and what it is.
pub(super) struct Relation {
    pub(super) kind: String,
    pub(super) target: String,
}

/// The relations of a part, by their ids.
pub(super) fn read_relations(archive: &mut Archive, part: &str) -> Result<BTreeMap<String, Relation>, Box<Problem>> {
    let mut relations = BTreeMap::new();
    for_each_element(archive, part, |element| {
        if element.local_name().as_ref() == b"Relationship" {
            let relation = Relation {
                kind: attribute(element, b"Type").unwrap_or_default(),
                target: attribute(element, b"Target").unwrap_or_default(),
            };
            relations.insert(attribute(element, b"Id").unwrap_or_default(), relation);
        }
    })?;
    Ok(relations)
}

/// The name of the part that a relation's target points to, from a part in `folder`.
pub(super) fn resolve_target(folder: &str, target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default().replace('\\', "/");
    let from = if target.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// Calls `visit` with the start tag of every element of a part. A document type definition is an error.
pub(super) fn for_each_element(
    archive: &mut Archive,
    part: &str,
    mut visit: impl FnMut(&BytesStart<'_>),
) -> Result<(), Box<Problem>> {
    for_each_nested_element(archive, part, |_, element| visit(element))
}

/// [`for_each_element`] with the depth of each: that of the root is 0. Lists of extensions hold elements of the same
/// names farther down.
pub(super) fn for_each_nested_element(
    archive: &mut Archive,
    part: &str,
    mut visit: impl FnMut(u32, &BytesStart<'_>),
) -> Result<(), Box<Problem>> {
    let content = archive.read(part, MAX_DESCRIPTION)?;
    if memmem::find(&content, b"<!DOCTYPE").is_some() {
        return Err(Box::new(Problem::error(kinds::DocumentType)));
    }
    let mut reader = quick_xml::Reader::from_reader(content.as_slice());
    reader.config_mut().check_end_names = false;
    let mut depth = 0u32;
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                visit(depth, &element);
                depth += 1;
            }
            Ok(Event::Empty(element)) => visit(depth, &element),
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(_) => return Err(damaged_file()),
        }
    }
}

/// The value of an attribute by its local name.
pub(super) fn attribute(element: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    let mut attributes = element.attributes();
    let found =
        attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)
}
