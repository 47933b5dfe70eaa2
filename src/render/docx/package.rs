//! The parts of a Word file and how they are joined (ECMA-376 part 2, Open Packaging Conventions).

use std::borrow::Cow;
use std::io::{self, Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::xml_writer::Xml;

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const CORE: &str = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";

/// Relations of one part: to other parts, and to addresses.
#[derive(Clone, Default)]
pub(super) struct Relations {
    items: Vec<PartRelation>,
}

#[derive(Clone)]
struct PartRelation {
    id: String,
    kind: String,
    target: String,
    is_external: bool,
}

impl Relations {
    /// Relates to a part, and gives the relation's id; the same part is related to once.
    pub(super) fn part(&mut self, kind: &str, target: &str) -> String {
        self.add(format!("{OFFICE}/{kind}"), target, false)
    }

    /// Relates to an address outside of the file.
    pub(super) fn address(&mut self, target: &str) -> String {
        self.add(format!("{OFFICE}/hyperlink"), target, true)
    }

    fn add(&mut self, kind: String, target: &str, is_external: bool) -> String {
        let known = self.items.iter().position(|item| item.kind == kind && item.target == target);
        let at = known.unwrap_or_else(|| {
            let id = format!("rId{}", self.items.len() + 1);
            self.items.push(PartRelation { id, kind, target: target.to_owned(), is_external });
            self.items.len() - 1
        });
        self.items[at].id.clone()
    }

    /// A relation under the id that it has elsewhere.
    pub(super) fn keep(&mut self, id: String, kind: String, target: String, is_external: bool) {
        self.items.push(PartRelation { id, kind, target, is_external });
    }

    /// Those that lead out of the file, under their ids.
    pub(super) fn addresses(&self) -> Relations {
        Relations { items: self.items.iter().filter(|item| item.is_external).cloned().collect() }
    }

    fn xml(&self) -> String {
        let mut xml = Xml::default();
        xml.open("Relationships", &[("xmlns", PACKAGE)]);
        for item in &self.items {
            let mut attributes = vec![("Id", item.id.as_str()), ("Type", &item.kind), ("Target", &item.target)];
            if item.is_external {
                attributes.push(("TargetMode", "External"));
            }
            xml.empty("Relationship", &attributes);
        }
        xml.close();
        xml.finish()
    }
}

/// A file of Word while its parts are put together.
#[derive(Default)]
pub(super) struct Package {
    parts: Vec<Part>,
}

struct Part {
    name: String,
    /// Of the list of content types; pictures go by their ending.
    content_type: Option<Cow<'static, str>>,
    bytes: Vec<u8>,
    relations: Relations,
}

impl Package {
    /// Adds a part of XML.
    pub(super) fn xml(&mut self, name: &str, content_type: &'static str, xml: String, relations: Relations) {
        let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n{xml}");
        let part = Part {
            name: name.to_owned(),
            content_type: Some(content_type.into()),
            bytes: text.into_bytes(),
            relations,
        };
        self.parts.push(part);
    }

    /// Adds a picture; its ending says what it is.
    pub(super) fn picture(&mut self, name: &str, bytes: Vec<u8>) {
        let part = Part { name: name.to_owned(), content_type: None, bytes, relations: Relations::default() };
        self.parts.push(part);
    }

    /// Adds a part of another file.
    pub(super) fn copied(&mut self, name: &str, content_type: Option<String>, bytes: Vec<u8>, relations: Relations) {
        let content_type = content_type.map(Cow::from);
        self.parts.push(Part { name: name.to_owned(), content_type, bytes, relations });
    }

    /// The file: the same parts give the same bytes.
    ///
    /// # Errors
    /// The archive can't be written.
    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        let mut root = Relations::default();
        root.part("officeDocument", "word/document.xml");
        root.add(CORE.to_owned(), "docProps/core.xml", false);
        root.part("extended-properties", "docProps/app.xml");
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        let mut write = |name: &str, bytes: &[u8]| {
            archive.start_file(name, options)?;
            archive.write_all(bytes)
        };
        write("[Content_Types].xml", self.content_types().as_bytes())?;
        write("_rels/.rels", root.xml().as_bytes())?;
        for part in &self.parts {
            write(&part.name, &part.bytes)?;
            if !part.relations.items.is_empty() {
                let (folder, file) = part.name.rsplit_once('/').unwrap_or_default();
                write(&format!("{folder}/_rels/{file}.rels"), part.relations.xml().as_bytes())?;
            }
        }
        Ok(archive.finish()?.into_inner())
    }

    fn content_types(&self) -> String {
        let mut xml = Xml::default();
        xml.open("Types", &[("xmlns", TYPES)]);
        let endings = [
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
            ("png", "image/png"),
            ("jpg", "image/jpeg"),
            ("svg", "image/svg+xml"),
        ];
        for (ending, kind) in endings {
            xml.empty("Default", &[("Extension", ending), ("ContentType", kind)]);
        }
        for part in &self.parts {
            if let Some(kind) = &part.content_type {
                xml.empty("Override", &[("PartName", &format!("/{}", part.name)), ("ContentType", kind)]);
            }
        }
        xml.close();
        xml.finish()
    }
}
