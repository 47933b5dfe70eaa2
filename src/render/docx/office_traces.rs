//! What an office's file says of the people who wrote it, left out of what it lends: names beside tracked changes, what was
//! struck, comments, fields that name an author, paths of files on a disk, and what pictures say of themselves.

use std::ops::Range;

use crate::render::picture::prepare;
use crate::render::xml_scan::{XmlItem, XmlItemKind, end_of, replace_spans, scan_xml};

/// Elements with what they hold: struck text, what was before a change, and marks that name who made it.
const LEFT_OUT: [&str; 24] = [
    "del",
    "moveFrom",
    "moveFromRangeStart",
    "moveFromRangeEnd",
    "moveToRangeStart",
    "moveToRangeEnd",
    "customXmlInsRangeStart",
    "customXmlInsRangeEnd",
    "customXmlDelRangeStart",
    "customXmlDelRangeEnd",
    "customXmlMoveFromRangeStart",
    "customXmlMoveFromRangeEnd",
    "customXmlMoveToRangeStart",
    "customXmlMoveToRangeEnd",
    "cellIns",
    "cellDel",
    "cellMerge",
    "numberingChange",
    "commentRangeStart",
    "commentRangeEnd",
    "commentReference",
    "permStart",
    "permEnd",
    "annotationRef",
];
/// Elements whose content stays: what was put in.
const UNWRAPPED: [&str; 2] = ["ins", "moveTo"];
/// Fields whose result names a person or a place on a disk.
const PERSONAL_FIELDS: [&str; 8] =
    ["AUTHOR", "LASTSAVEDBY", "USERNAME", "USERINITIALS", "USERADDRESS", "MANAGER", "FILENAME", "TEMPLATE"];

/// A part without such traces; what is neither XML nor a picture stays as it is.
pub(super) fn without_traces(name: &str, bytes: Vec<u8>) -> Vec<u8> {
    if name.ends_with(".xml") {
        let cleaned = std::str::from_utf8(&bytes).ok().and_then(without_people);
        return cleaned.map_or(bytes, String::into_bytes);
    }
    prepare(&bytes).unwrap_or(bytes)
}

/// An address outside of the file: of a path on a disk, only the file's name is kept.
pub(super) fn without_folder(target: &str) -> String {
    let scheme = target.split(':').next().unwrap_or_default().to_lowercase();
    // A drive has one letter.
    let is_on_disk = scheme == "file" || scheme.len() == 1 || target.starts_with(['\\', '/']);
    match target.rsplit(['/', '\\']).next() {
        Some(file) if is_on_disk => file.to_owned(),
        _ => target.to_owned(),
    }
}

fn without_people(text: &str) -> Option<String> {
    let items = scan_xml(text).ok()?;
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let mut fields = OpenFields::default();
    let mut at = 0;
    while let Some(item) = items.get(at) {
        let begins = matches!(item.kind, XmlItemKind::Start | XmlItemKind::Empty);
        let name = item.name.as_str();
        if begins && (LEFT_OUT.contains(&name) || name.ends_with("PrChange")) {
            let end = end_of(&items, at);
            changes.push((item.span.start..items[end - 1].span.end, String::new()));
            at = end;
            continue;
        }
        if UNWRAPPED.contains(&name) {
            changes.push((item.span.clone(), String::new()));
        }
        fields.read(item);
        if item.kind == XmlItemKind::Text && fields.is_personal() && fields.is_text {
            changes.push((item.span.clone(), String::new()));
        }
        at += 1;
    }
    Some(replace_spans(text, changes))
}

/// Fields around the item that is read.
#[derive(Default)]
struct OpenFields {
    /// Their instructions, and whether their results have begun; of simple ones both are said where they begin.
    open: Vec<(String, bool)>,
    is_instruction: bool,
    is_text: bool,
}

impl OpenFields {
    fn read(&mut self, item: &XmlItem) {
        let is_start = item.kind == XmlItemKind::Start;
        match item.name.as_str() {
            "fldChar" if item.kind != XmlItemKind::End => match item.attribute("fldCharType") {
                Some("begin") => self.open.push((String::new(), false)),
                Some("separate") => self.open.last_mut().into_iter().for_each(|field| field.1 = true),
                Some("end") => {
                    self.open.pop();
                }
                _ => {}
            },
            "fldSimple" if is_start => {
                self.open.push((item.attribute("instr").unwrap_or_default().to_owned(), true));
            }
            "fldSimple" if item.kind == XmlItemKind::End => {
                self.open.pop();
            }
            "instrText" => self.is_instruction = is_start,
            "t" => self.is_text = is_start,
            "" if self.is_instruction => {
                self.open.last_mut().into_iter().for_each(|field| field.0.push_str(&item.text));
            }
            _ => {}
        }
    }

    /// Whether the result of a field that names a person is read.
    fn is_personal(&self) -> bool {
        let is_it = |(instruction, has_result): &(String, bool)| {
            let mut words = instruction.split(|letter: char| !letter.is_alphanumeric());
            *has_result && words.any(|word| PERSONAL_FIELDS.iter().any(|field| word.eq_ignore_ascii_case(field)))
        };
        self.open.iter().any(is_it)
    }
}
