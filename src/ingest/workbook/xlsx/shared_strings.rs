//! The texts that a workbook's sheets share.

use std::io::BufReader;

use fixedbitset::FixedBitSet;
use memchr::memmem;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::QName;

use crate::diagnostic::{Problem, kinds};
use crate::ingest::workbook::archive::{Archive, damaged_file};
use crate::ingest::workbook::cell_value::begins_visibly;
use crate::ingest::workbook::xml::attribute;

const MIB: u64 = 1 << 20;

/// Bytes that shared texts may take while a workbook is open: their own, and what the bookkeeping of each takes.
const MAX_BYTES: u64 = 300 * MIB;
const BYTES_PER_TEXT: u64 = 48;

/// The shared texts by number, each by itself: most cells need only the number of their text, and the text itself needn't be
/// fetched from memory.
#[derive(Default)]
pub(super) struct SharedStrings {
    texts: Vec<Box<str>>,
    /// A bit for each: whether it begins with a visible character, which every cell needs to know.
    visible: FixedBitSet,
    /// A bit for each: whether it also holds a digit, as no placeholder does.
    known_texts: FixedBitSet,
}

impl SharedStrings {
    pub(super) fn get(&self, at: usize) -> Option<&str> {
        self.texts.get(at).map(|text| &**text)
    }

    /// Whether a text begins with a visible character.
    pub(super) fn is_visible(&self, at: u32) -> bool {
        self.visible.contains(at as usize)
    }

    /// Whether a text is known to be neither blank nor a placeholder.
    pub(super) fn is_known_text(&self, at: u32) -> bool {
        self.known_texts.contains(at as usize)
    }

    /// The texts of a part; a workbook without the part has none.
    pub(super) fn read(archive: &mut Archive, part: &str) -> Result<SharedStrings, Box<Problem>> {
        let mut strings = SharedStrings::default();
        if !archive.has(part) {
            return Ok(strings);
        }
        check_size(archive, part)?;
        let mut xml = quick_xml::Reader::from_reader(BufReader::with_capacity(64 << 10, archive.open_part(part)?));
        xml.config_mut().expand_empty_elements = true;
        let (mut buffer, mut text) = (Vec::new(), String::new());
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(|_| damaged_file())? {
                Event::Start(element) if element.local_name().as_ref() == b"si" => {
                    let name = element.name().as_ref().to_owned();
                    text.clear();
                    read_text(&mut xml, &name, &mut text)?;
                    let at = strings.texts.len();
                    if begins_visibly(&text) {
                        strings.visible.grow_and_insert(at);
                        if text.bytes().any(|byte| byte.is_ascii_digit()) {
                            strings.known_texts.grow_and_insert(at);
                        }
                    }
                    strings.texts.push(text.as_str().into());
                }
                Event::Eof => return Ok(strings),
                _ => {}
            }
        }
    }
}

/// The text of an `<is>` element, from its start tag on.
pub(super) fn inline_text(element: &[u8]) -> Result<String, Box<Problem>> {
    let mut xml = quick_xml::Reader::from_reader(element);
    xml.config_mut().expand_empty_elements = true;
    let mut text = String::new();
    let mut buffer = Vec::new();
    match xml.read_event_into(&mut buffer).map_err(|_| damaged_file())? {
        Event::Start(start) => read_text(&mut xml, start.name().as_ref(), &mut text)?,
        _ => return Err(damaged_file()),
    }
    Ok(text)
}

/// Reads the runs of text up to the end of the element `closing`, without how they are pronounced.
pub(super) fn read_text<R: std::io::BufRead>(
    xml: &mut quick_xml::Reader<R>,
    closing: &[u8],
    text: &mut String,
) -> Result<(), Box<Problem>> {
    let mut buffer = Vec::new();
    let mut pronounced = false;
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| damaged_file())? {
            Event::Start(element) if element.local_name().as_ref() == b"rPh" => pronounced = true,
            Event::End(element) if element.local_name().as_ref() == b"rPh" => pronounced = false,
            Event::Start(element) if element.local_name().as_ref() == b"t" && !pronounced => {
                let element = element.into_owned();
                read_run(xml, &element, text)?;
            }
            Event::End(element) if element.name() == QName(closing) => return Ok(()),
            Event::Eof => return Err(damaged_file()),
            _ => {}
        }
    }
}

/// Reads one run of text; spaces around it count only where the file says so.
pub(super) fn read_run<R: std::io::BufRead>(
    xml: &mut quick_xml::Reader<R>,
    element: &BytesStart<'_>,
    text: &mut String,
) -> Result<(), Box<Problem>> {
    let start = text.len();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| damaged_file())? {
            Event::Text(part) => text.push_str(&part.xml10_content().map_err(|_| damaged_file())?),
            Event::CData(part) => text.push_str(&part.xml10_content().map_err(|_| damaged_file())?),
            Event::GeneralRef(entity) => match entity.resolve_char_ref() {
                Ok(Some(c)) => text.push(c),
                _ => {
                    let name = entity.decode().map_err(|_| damaged_file())?;
                    text.push_str(quick_xml::escape::resolve_predefined_entity(&name).ok_or_else(damaged_file)?);
                }
            },
            Event::End(end) if end.name() == element.name() => break,
            Event::Eof => return Err(damaged_file()),
            _ => {}
        }
    }
    if attribute(element, b"space").as_deref() != Some("preserve") {
        let outer = [' ', '\t', '\r', '\n'];
        text.truncate(start + text[start..].trim_end_matches(outer).len());
        let blank = text.len() - start - text[start..].trim_start_matches(outer).len();
        text.replace_range(start..start + blank, "");
    }
    Ok(())
}

/// Checks how much memory the texts would take. A part that declares far more than it holds is damaged.
fn check_size(archive: &mut Archive, part: &str) -> Result<(), Box<Problem>> {
    let (mut bytes, mut texts, mut declared) = (0u64, 0u64, 0u64);
    let item = memmem::Finder::new(b"<si");
    let prefixed = memmem::Finder::new(b":si>");
    let count = memmem::Finder::new(b"uniqueCount=");
    archive.scan_xml(part, &mut |xml| {
        bytes += xml.len() as u64;
        texts += item.find_iter(xml).count() as u64 + prefixed.find_iter(xml).count() as u64;
        for at in count.find_iter(xml) {
            let digits = xml[at + 13..].iter().take_while(|byte| byte.is_ascii_digit());
            declared = digits
                .fold(0u64, |sum, &digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
                .max(declared);
        }
    })?;
    if declared > texts.saturating_mul(2) + 100_000 {
        return Err(damaged_file());
    }
    if bytes + texts * BYTES_PER_TEXT > MAX_BYTES {
        return Err(Box::new(Problem::error(kinds::FileTooLarge::Texts { limit: (MAX_BYTES / MIB).to_string() })));
    }
    Ok(())
}
