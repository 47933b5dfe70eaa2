//! Which language a text is plainly written in: by the letters of its words, else by its commonest words. Only words in
//! small letters count, so that names don't.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use unicode_script::{Script, UnicodeScript};

use super::phrases;
use crate::model::Lang;

/// Of the words of a text, how many in ten must be in the letters of another script.
const FOREIGN_IN_TEN: usize = 8;

/// How many common words of another language a text in the same script must hold, and how many times as many as of its own.
const COMMON_WORDS: usize = 5;
const TIMES_AS_MANY: usize = 4;

/// How a language is recognised.
struct Signs {
    lang: &'static str,
    script: Script,
    common: BTreeSet<&'static str>,
}

fn signs() -> &'static [Signs] {
    static SIGNS: OnceLock<Vec<Signs>> = OnceLock::new();
    SIGNS.get_or_init(|| {
        let languages = phrases::languages().iter().enumerate();
        let signs = languages.filter_map(|(column, lang)| {
            let script = Script::from_full_name(phrases::phrase("written.script", column)?)?;
            let common = phrases::phrase("written.common", column)?.split(' ').collect();
            Some(Signs { lang, script, common })
        });
        signs.collect()
    })
}

fn signs_of(lang: &Lang) -> Option<&'static Signs> {
    signs().iter().find(|signs| signs.lang == lang.as_str())
}

/// The language that a text is written in, where that is plainly not `lang`; `None` for a text of fewer than `least_words`
/// words in small letters, and for a language that the program doesn't know.
pub fn foreign_language(text: &str, lang: &Lang, least_words: usize) -> Option<&'static str> {
    let own = signs_of(lang)?;
    let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|word| is_small(word)).collect();
    if words.len() < least_words {
        return None;
    }
    let hits = |signs: &Signs| words.iter().filter(|word| signs.common.contains(**word)).count();
    let foreign = words.iter().filter_map(|word| script_of(word)).filter(|script| *script != own.script);
    let is_in_other_letters = foreign.count() * 10 >= words.len() * FOREIGN_IN_TEN;
    let others = signs().iter().filter(|signs| (signs.script != own.script) == is_in_other_letters);
    // Of equals the first one, as languages are listed.
    let nearest = others.rev().filter(|signs| signs.lang != own.lang).max_by_key(|signs| hits(signs))?;
    let found = hits(nearest);
    let is_plain = if is_in_other_letters { found > 0 } else { found >= COMMON_WORDS.max(TIMES_AS_MANY * hits(own)) };
    is_plain.then_some(nearest.lang)
}

/// Whether two texts are each in the letters of the other's language.
pub fn are_exchanged((one, first): (&Lang, &str), (other, second): (&Lang, &str)) -> bool {
    let (Some(one), Some(other)) = (signs_of(one), signs_of(other)) else { return false };
    one.script != other.script && script_of(first) == Some(other.script) && script_of(second) == Some(one.script)
}

/// A word without capitals.
fn is_small(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| !c.is_uppercase())
}

/// The script of all letters of a text; `None` where there are several, or none.
fn script_of(text: &str) -> Option<Script> {
    let mut scripts = text.chars().filter(|c| c.is_alphabetic()).map(|c| c.script());
    let first = scripts.next()?;
    scripts.all(|script| script == first).then_some(first)
}
