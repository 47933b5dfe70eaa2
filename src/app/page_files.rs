use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use super::MessageLanguage;
use super::answer::{Content, MediaType};
use super::words::{fill_words, words_in};

static PAGE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/app");

/// The page with its words, its style and its modules.
pub(super) struct PageFiles {
    words: BTreeMap<String, String>,
    index: String,
}

impl PageFiles {
    pub fn new(language: &MessageLanguage) -> PageFiles {
        let words = words_in(language);
        let page = PAGE.get_file("index.html").and_then(|file| file.contents_utf8()).unwrap_or_default();
        PageFiles { index: fill_words(page, language.catalogue.lang(), &words), words }
    }

    pub fn index(&self) -> Content {
        Content::new(MediaType::Page, self.index.clone())
    }

    pub fn words(&self) -> Option<Content> {
        Content::json(&self.words)
    }

    /// A style, module or picture of the page, by its name.
    pub fn file(&self, name: &str) -> Option<Content> {
        let kind = MediaType::of_file(name);
        let is_shown = matches!(kind, MediaType::Style | MediaType::Script | MediaType::Svg);
        PAGE.get_file(name).filter(|_| is_shown).map(|file| Content::new(kind, file.contents()))
    }
}
