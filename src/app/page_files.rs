use std::collections::BTreeMap;
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use super::MessageLanguage;
use super::answer::{Content, MediaType};
use super::words::{fill_words, words_in};
use super::writing_view::{LanguageName, language_name};

static PAGE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/app");

/// The page with its words, its style and its modules.
pub(super) struct PageFiles {
    words: BTreeMap<String, String>,
    languages: Vec<LanguageName>,
    index: String,
}

impl PageFiles {
    /// The page in a language, which names all of them.
    pub fn new(language: &MessageLanguage, all: &[Arc<MessageLanguage>]) -> PageFiles {
        let words = words_in(language);
        let page = PAGE.get_file("index.html").and_then(|file| file.contents_utf8()).unwrap_or_default();
        let languages = all.iter().map(|other| language_name(other.locale.lang())).collect();
        PageFiles { index: fill_words(page, language.catalogue.lang(), &words), words, languages }
    }

    pub fn index(&self) -> Content {
        Content::new(MediaType::Page, self.index.clone())
    }

    pub fn words(&self) -> Option<Content> {
        Content::json(&self.words)
    }

    /// The languages that the page can be in, each by its own name.
    pub fn languages(&self) -> Option<Content> {
        Content::json(&self.languages)
    }

    /// A style, module or picture of the page, by its name.
    pub fn file(&self, name: &str) -> Option<Content> {
        let kind = MediaType::of_file(name);
        let is_shown = matches!(kind, MediaType::Style | MediaType::Script | MediaType::Svg);
        PAGE.get_file(name).filter(|_| is_shown).map(|file| Content::new(kind, file.contents()))
    }
}
