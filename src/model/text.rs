use std::sync::Arc;

/// A language as project.toml writes it: a BCP 47 tag such as `mk`, `en`, `sr-Latn`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang(Arc<str>);

impl Lang {
    /// The language of a tag.
    pub fn new(tag: &str) -> Lang {
        Lang(tag.into())
    }

    /// Whether a text has the form of a tag of BCP 47: `mk`, `sr-Latn`.
    pub fn is_tag(text: &str) -> bool {
        let mut parts = text.split('-');
        let language = parts.next().unwrap_or_default();
        (2..=3).contains(&language.len())
            && language.bytes().all(|byte| byte.is_ascii_lowercase())
            && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One text in the languages that it was given in. What a language lacks is absent, not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// In order of the languages' tags. No map: a project may have a million texts of one language each.
    by_lang: Box<[(Lang, Box<str>)]>,
}

impl Text {
    /// Puts the text of one language.
    pub fn set(&mut self, lang: Lang, text: String) {
        let mut by_lang = std::mem::take(&mut self.by_lang).into_vec();
        match by_lang.binary_search_by(|(known, _)| known.cmp(&lang)) {
            Ok(at) => by_lang[at].1 = text.into(),
            Err(at) => {
                by_lang.reserve_exact(1);
                by_lang.insert(at, (lang, text.into()));
            }
        }
        self.by_lang = by_lang.into();
    }

    /// The text in exactly this language.
    pub fn get(&self, lang: &Lang) -> Option<&str> {
        self.by_lang.iter().find(|(known, _)| known == lang).map(|(_, text)| &**text)
    }

    /// The text in `lang`, else in the first of `order` that has one: what a document prints
    /// where a translation is missing (the gap itself is reported at ingest).
    pub fn in_order<'a>(&'a self, lang: &Lang, order: &[Lang]) -> Option<&'a str> {
        self.get(lang)
            .or_else(|| order.iter().find_map(|other| self.get(other)))
            .or_else(|| self.by_lang.first().map(|(_, text)| &**text))
    }

    /// Whether no language has a text.
    pub fn is_empty(&self) -> bool {
        self.by_lang.is_empty()
    }

    /// The languages that have a text, in order of their tags.
    pub fn iter(&self) -> impl Iterator<Item = (&Lang, &str)> {
        self.by_lang.iter().map(|(lang, text)| (lang, &**text))
    }
}

impl FromIterator<(Lang, String)> for Text {
    fn from_iter<I: IntoIterator<Item = (Lang, String)>>(pairs: I) -> Text {
        let mut text = Text::default();
        pairs.into_iter().for_each(|(lang, words)| text.set(lang, words));
        text
    }
}
