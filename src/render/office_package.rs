//! Files of Office programs as archives of parts (ECMA-376 part 2, Open Packaging Conventions): read whole, within limits.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

/// Most bytes of a file's parts together, once unpacked.
const MAX_BYTES: u64 = 512 << 20;
/// What a file begins with that an Office program wrote with a password, or in its older formats.
const COMPOUND_FILE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// The parts of a file by name.
pub(super) struct OfficePackage {
    pub parts: BTreeMap<String, Vec<u8>>,
}

/// Why a file can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageFault {
    /// It is no archive, or a damaged one.
    NotAnArchive,
    /// It has a password, or is of the format before 2007.
    Compound,
    /// Unpacked it is larger than anything sensible.
    TooLarge,
    /// Its XML is damaged, or declares a document type.
    BadXml,
    /// It lacks the parts that such a file has.
    NotSuchAFile,
}

/// A relation of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OfficeRelation {
    pub id: String,
    /// The last word of its type: `styles`, `header` …
    pub kind: String,
    /// The whole type.
    pub full_kind: String,
    /// The name of the part, or an address outside of the file.
    pub target: String,
    pub is_external: bool,
}

impl OfficePackage {
    /// Reads every part.
    pub(super) fn open(bytes: &[u8]) -> Result<OfficePackage, PackageFault> {
        if bytes.starts_with(COMPOUND_FILE) {
            return Err(PackageFault::Compound);
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| PackageFault::NotAnArchive)?;
        let mut parts = BTreeMap::new();
        let mut left = MAX_BYTES;
        for at in 0..archive.len() {
            let file = archive.by_index(at).map_err(|_| PackageFault::NotAnArchive)?;
            let name = file.name().map_err(|_| PackageFault::NotAnArchive)?.into_owned();
            let mut content = Vec::new();
            file.take(left + 1).read_to_end(&mut content).map_err(|_| PackageFault::NotAnArchive)?;
            left = left.checked_sub(content.len() as u64).ok_or(PackageFault::TooLarge)?;
            parts.insert(name, content);
        }
        Ok(OfficePackage { parts })
    }

    /// The text of a part of XML.
    pub(super) fn xml(&self, name: &str) -> Result<&str, PackageFault> {
        let bytes = self.parts.get(name).ok_or(PackageFault::NotSuchAFile)?;
        let text = std::str::from_utf8(bytes).map_err(|_| PackageFault::BadXml)?;
        if text.contains("<!DOCTYPE") { Err(PackageFault::BadXml) } else { Ok(text.trim_start_matches('\u{feff}')) }
    }

    /// The part that the file is about.
    pub(super) fn main_part(&self) -> Result<String, PackageFault> {
        let relations = self.relations("")?;
        let main = relations.into_iter().find(|relation| relation.kind == "officeDocument");
        main.map(|relation| relation.target)
            .filter(|name| self.parts.contains_key(name))
            .ok_or(PackageFault::NotSuchAFile)
    }

    /// The relations of a part; of the file itself under an empty name.
    pub(super) fn relations(&self, part: &str) -> Result<Vec<OfficeRelation>, PackageFault> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let name = format!("{folder}{slash}_rels/{file}.rels");
        if !self.parts.contains_key(&name) {
            return Ok(Vec::new());
        }
        let mut relations = Vec::new();
        let mut reader = Reader::from_str(self.xml(&name)?);
        loop {
            match reader.read_event().map_err(|_| PackageFault::BadXml)? {
                Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == b"Relationship" => {
                    let mut attributes = attributes_of(&tag)?;
                    let mut take = |name: &str| attributes.remove(name).unwrap_or_default();
                    let (full_kind, target, is_external) =
                        (take("Type"), take("Target"), take("TargetMode") == "External");
                    relations.push(OfficeRelation {
                        id: take("Id"),
                        kind: full_kind.rsplit('/').next().unwrap_or_default().to_owned(),
                        target: if is_external { target } else { resolve(folder, &target) },
                        full_kind,
                        is_external,
                    });
                }
                Event::Eof => return Ok(relations),
                _ => {}
            }
        }
    }

    /// The content type of a part: its own, else that of its ending.
    pub(super) fn content_type(&self, part: &str) -> Result<Option<String>, PackageFault> {
        let mut reader = Reader::from_str(self.xml("[Content_Types].xml")?);
        let ending = part.rsplit('.').next().unwrap_or_default().to_lowercase();
        let mut by_ending = None;
        loop {
            match reader.read_event().map_err(|_| PackageFault::BadXml)? {
                Event::Start(tag) | Event::Empty(tag) => {
                    let mut attributes = attributes_of(&tag)?;
                    let kind = attributes.remove("ContentType");
                    match tag.local_name().as_ref() {
                        b"Override"
                            if attributes.get("PartName").is_some_and(|name| name.trim_start_matches('/') == part) =>
                        {
                            return Ok(kind);
                        }
                        b"Default"
                            if attributes.get("Extension").is_some_and(|known| known.to_lowercase() == ending) =>
                        {
                            by_ending = kind;
                        }
                        _ => {}
                    }
                }
                Event::Eof => return Ok(by_ending),
                _ => {}
            }
        }
    }
}

/// The attributes of an element by their names as they are written, with entities resolved.
pub(super) fn attributes_of(tag: &BytesStart) -> Result<BTreeMap<String, String>, PackageFault> {
    let mut attributes = BTreeMap::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|_| PackageFault::BadXml)?;
        let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        let raw = String::from_utf8_lossy(&attribute.value).into_owned();
        let value = quick_xml::escape::unescape(&raw).map_err(|_| PackageFault::BadXml)?.into_owned();
        attributes.insert(name, value);
    }
    Ok(attributes)
}

/// A target as the name of a part: relative to the folder of the part that names it, or from the root.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
