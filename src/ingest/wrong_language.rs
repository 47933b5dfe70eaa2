//! Texts that stand under the wrong language.

use crate::diagnostic::kinds::OtherLanguage;
use crate::locale::{are_exchanged, foreign_language};
use crate::model::{Lang, Text};

/// Words in small letters that a title must have for its language to be judged; a name alone has none.
const LEAST_WORDS: usize = 3;

/// What is wrong with a text in a language: it is exchanged with that of another one, or plainly in another language.
pub fn find_other_language(text: &Text, lang: &Lang) -> Option<OtherLanguage> {
    let own = text.get(lang)?;
    let language = lang.as_str().to_owned();
    // Told once, at the first of the two.
    let mut later = text.iter().filter(|(other, _)| *other != lang);
    if let Some((other, _)) = later.find(|(other, written)| are_exchanged((lang, own), (other, written))) {
        return (lang < other).then(|| OtherLanguage::Exchanged { language, other: other.as_str().to_owned() });
    }
    let other = foreign_language(own, lang, LEAST_WORDS)?.to_owned();
    Some(OtherLanguage::Plain { language, other })
}
