//! What a PDF leads to from its root: pages, attached files, named places, the language that it is in.

use std::collections::BTreeSet;

use super::file::{PdfFault, PdfFile};
use super::object::{PdfDict, PdfObject};

/// Pages of one file.
const MOST_PAGES: usize = 20_000;
/// Levels, and entries, of a tree of pages or names.
const MOST_TREE_LEVELS: usize = 32;
const MOST_NAMES: usize = 200_000;

/// A page with what it inherits.
pub struct PdfPage {
    /// Of its object, by which places name it.
    pub number: u32,
    pub dict: PdfDict,
    pub resources: PdfDict,
}

/// A named place on a page, in points from its lower left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PdfPlace {
    /// Of the page's object.
    pub page: u32,
    pub x: f64,
    pub y: f64,
}

/// A file that a PDF carries.
pub struct PdfAttachment {
    pub name: String,
    pub content: Vec<u8>,
}

/// A node of a tree, with the nodes above it.
struct TreeNode {
    object: PdfObject,
    levels: usize,
    resources: PdfDict,
}

impl PdfFile<'_> {
    /// The pages in order.
    ///
    /// # Errors
    /// The tree of pages leads back to itself, or is larger than any report's.
    pub fn pages(&self) -> Result<Vec<PdfPage>, PdfFault> {
        let root = self.catalog().get(b"Pages".as_slice()).cloned().unwrap_or(PdfObject::Null);
        let mut open = vec![TreeNode { object: root, levels: 0, resources: PdfDict::new() }];
        let (mut seen, mut pages) = (BTreeSet::new(), Vec::new());
        while let Some(TreeNode { object, levels, resources }) = open.pop() {
            let PdfObject::Reference(number) = object else { return Err(PdfFault::Damaged) };
            if !seen.insert(number) || levels > MOST_TREE_LEVELS || seen.len() > MOST_PAGES {
                return Err(PdfFault::Damaged);
            }
            let dict = self.dict(&object);
            let own = self.dict_in(&dict, b"Resources");
            let resources = if own.is_empty() { resources } else { own };
            if self.get(&dict, b"Type").name() == b"Page" {
                pages.push(PdfPage { number, dict, resources });
                continue;
            }
            let kids = self.list_in(&dict, b"Kids").into_iter().rev();
            open.extend(kids.map(|object| TreeNode { object, levels: levels + 1, resources: resources.clone() }));
        }
        Ok(pages)
    }

    /// The files that it carries, in the order of their names.
    ///
    /// # Errors
    /// The tree of names leads back to itself, or a file can't be unpacked.
    pub fn attachments(&self) -> Result<Vec<PdfAttachment>, PdfFault> {
        let mut attachments = Vec::new();
        for (_, file) in self.named(b"EmbeddedFiles")? {
            let file = self.dict(&file);
            let name = [b"UF".as_slice(), b"F"].into_iter().find_map(|key| match self.get(&file, key) {
                PdfObject::Text(text) => Some(text_of(&text)),
                _ => None,
            });
            let stream = self.dict_in(&file, b"EF").get(b"F".as_slice()).and_then(|content| self.stream(content));
            let (name, stream) = name.zip(stream).ok_or(PdfFault::Damaged)?;
            attachments.push(PdfAttachment { name, content: self.unpack(&stream)? });
        }
        Ok(attachments)
    }

    /// Its named places.
    ///
    /// # Errors
    /// The tree of names leads back to itself.
    pub fn named_places(&self) -> Result<Vec<(String, PdfPlace)>, PdfFault> {
        let place = |target: PdfObject| {
            let target = match self.resolve(&target) {
                PdfObject::Dict(dict) => self.get(&dict, b"D"),
                other => other,
            };
            let PdfObject::Array(parts) = target else { return None };
            let number = |at: usize| parts.get(at).and_then(PdfObject::number);
            let PdfObject::Reference(page) = *parts.first()? else { return None };
            Some(PdfPlace { page, x: number(2)?, y: number(3)? })
        };
        let named = self.named(b"Dests")?.into_iter();
        Ok(named.filter_map(|(name, target)| Some((text_of(&name), place(target)?))).collect())
    }

    /// The language of the document as a whole, such as `mk-MK`; empty if it says none.
    pub fn language(&self) -> String {
        match self.get(&self.catalog(), b"Lang") {
            PdfObject::Text(text) => text_of(&text),
            _ => String::new(),
        }
    }

    /// Names with what they name, of one of the root's trees of names.
    fn named(&self, tree: &[u8]) -> Result<Vec<(Vec<u8>, PdfObject)>, PdfFault> {
        let names = self.dict_in(&self.catalog(), b"Names");
        let mut open: Vec<(PdfObject, usize)> = names.get(tree).map(|root| (root.clone(), 0)).into_iter().collect();
        let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
        while let Some((node, levels)) = open.pop() {
            let is_new = if let PdfObject::Reference(number) = node { seen.insert(number) } else { true };
            if !is_new || levels > MOST_TREE_LEVELS || found.len() + open.len() > MOST_NAMES {
                return Err(PdfFault::Damaged);
            }
            let node = self.dict(&node);
            for pair in self.list_in(&node, b"Names").chunks_exact(2) {
                if let PdfObject::Text(name) = self.resolve(&pair[0]) {
                    found.push((name, pair[1].clone()));
                }
            }
            open.extend(self.list_in(&node, b"Kids").into_iter().rev().map(|kid| (kid, levels + 1)));
        }
        Ok(found)
    }
}

/// A text of the file: UTF-16 with its mark, UTF-8, or one byte a letter.
fn text_of(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => utf16(rest),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        plain => plain.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// UTF-16, high bytes first.
pub fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}
