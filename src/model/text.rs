use std::collections::BTreeMap;

/// A language as project.toml writes it: a BCP 47 tag such as `mk`, `en`, `sr-Latn`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang(pub String);

impl Lang {
    /// The language of a tag.
    pub fn new(tag: &str) -> Lang {
        Lang(tag.to_owned())
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
    by_lang: BTreeMap<Lang, String>,
}

impl Text {
    /// Puts the text of one language.
    pub fn set(&mut self, lang: Lang, text: String) {
        self.by_lang.insert(lang, text);
    }

    /// The text in exactly this language.
    pub fn get(&self, lang: &Lang) -> Option<&str> {
        self.by_lang.get(lang).map(String::as_str)
    }

    /// The text in `lang`, else in the first of `order` that has one: what a document prints
    /// where a translation is missing (the gap itself is reported at ingest).
    pub fn in_order<'a>(&'a self, lang: &Lang, order: &[Lang]) -> Option<&'a str> {
        self.get(lang)
            .or_else(|| order.iter().find_map(|other| self.get(other)))
            .or_else(|| self.by_lang.values().next().map(String::as_str))
    }

    /// Whether no language has a text.
    pub fn is_empty(&self) -> bool {
        self.by_lang.is_empty()
    }

    /// The languages that have a text, in order of their tags.
    pub fn iter(&self) -> impl Iterator<Item = (&Lang, &str)> {
        self.by_lang.iter().map(|(lang, text)| (lang, text.as_str()))
    }
}

impl FromIterator<(Lang, String)> for Text {
    fn from_iter<I: IntoIterator<Item = (Lang, String)>>(pairs: I) -> Text {
        Text { by_lang: pairs.into_iter().collect() }
    }
}
