//! The structure of a PDF that a screen reader walks, with the text under each element.

use std::collections::BTreeMap;

use super::page_content::{Letter, PageContent, page_objects, text_of};
use super::reader::{File, Object};

/// An element of the structure tree: its type, its own attributes, its children.
pub struct Element<'f> {
    pub role: String,
    pub object: &'f Object,
    /// The language that holds here, its own or one above.
    pub lang: String,
    /// Pieces of marked content right under it: index of the page, and number on it.
    pub pieces: Vec<(usize, i64)>,
    pub children: Vec<Element<'f>>,
}

impl<'f> Element<'f> {
    pub fn walk<'e>(&'e self, visit: &mut dyn FnMut(&'e Element<'f>)) {
        visit(self);
        for child in &self.children {
            child.walk(visit);
        }
    }

    pub fn all(&self, role: &str) -> Vec<&Element<'f>> {
        let mut found = Vec::new();
        self.walk(&mut |element| {
            if element.role == role {
                found.push(element);
            }
        });
        found
    }

    /// All pieces of marked content under it.
    pub fn all_pieces(&self) -> Vec<(usize, i64)> {
        let mut pieces = Vec::new();
        self.walk(&mut |element| pieces.extend(&element.pieces));
        pieces
    }

    /// An attribute of its own.
    pub fn attribute(&self, file: &'f File, key: &str) -> &'f Object {
        let found = file.list(file.get(self.object, "A")).into_iter().map(|one| file.get(one, key));
        found.into_iter().find(|value| **value != Object::Null).unwrap_or(&Object::Null)
    }
}

/// The structure tree from its root.
pub fn structure_tree(file: &File) -> Element<'_> {
    let root = file.root();
    let lang = file.get(root, "Lang").text();
    let struct_root = file.get(root, "StructTreeRoot");
    let pages = page_objects(file);
    let kids = file.list(file.get(struct_root, "K")).into_iter();
    let children = kids.map(|kid| element(file, kid, &lang, None, &pages)).collect();
    Element { role: "Root".into(), object: struct_root, lang, pieces: Vec::new(), children }
}

fn element<'f>(
    file: &'f File,
    object: &'f Object,
    above: &str,
    page_above: Option<usize>,
    pages: &[&Object],
) -> Element<'f> {
    let own = file.get(object, "Lang").text();
    let lang = if own.is_empty() { above.to_owned() } else { own };
    let page_of = |object: &Object| {
        let page = file.get(object, "Pg");
        pages.iter().position(|known| std::ptr::eq(*known, page))
    };
    let page = page_of(object).or(page_above);
    let mut pieces = Vec::new();
    let mut children = Vec::new();
    for kid in file.list(file.get(object, "K")) {
        if let Some(number) = kid.number() {
            pieces.extend(page.map(|page| (page, number as i64)));
        } else if let Some(number) = file.get(kid, "MCID").number() {
            pieces.extend(page_of(kid).or(page).map(|page| (page, number as i64)));
        } else if !file.get(kid, "S").name().is_empty() {
            children.push(element(file, kid, &lang, page, pages));
        }
    }
    Element { role: file.get(object, "S").name().to_owned(), object, lang, pieces, children }
}

/// The text of every piece of marked content.
pub struct MarkedText {
    texts: BTreeMap<(usize, i64), String>,
}

impl MarkedText {
    pub fn new(pages: &[PageContent]) -> MarkedText {
        let mut letters: BTreeMap<(usize, i64), Vec<Letter>> = BTreeMap::new();
        for (page, content) in pages.iter().enumerate() {
            for letter in &content.letters {
                if let Some(number) = letter.marked {
                    letters.entry((page, number)).or_default().push(letter.clone());
                }
            }
        }
        MarkedText { texts: letters.into_iter().map(|(place, letters)| (place, text_of(&letters))).collect() }
    }

    /// The words under an element as a screen reader says them.
    pub fn under(&self, element: &Element) -> String {
        let texts = element.all_pieces().into_iter().filter_map(|place| self.texts.get(&place));
        texts.map(String::as_str).collect()
    }
}
