//! Prose in another language than its file says: pasted into the wrong file, or not translated yet.

use super::prose_file::ProseFile;
use super::source::FILLER;
use crate::diagnostic::{Problem, kinds};
use crate::locale::foreign_language;
use crate::model::Lang;

/// Words in small letters that a paragraph must have for its language to be judged.
const LEAST_WORDS: usize = 8;

/// A warning at the first paragraph that is plainly in another language. Quotations and code don't count.
pub(super) fn check_language(prose: &ProseFile, lang: &Lang) -> Option<Problem> {
    let text = without_code(prose);
    let mut at = 0;
    for paragraph in text.split("\n\n") {
        if let Some(other) = foreign_language(&without_quotations(paragraph), lang, LEAST_WORDS) {
            let begins = at + paragraph.len() - paragraph.trim_start().len();
            let place = prose.source.place(prose.masked.origin(begins));
            let (language, other) = (lang.as_str().to_owned(), other.to_owned());
            return Some(Problem::warning(kinds::OtherLanguage::Prose { language, other }).at(place));
        }
        at += paragraph.len() + 2;
    }
    None
}

/// The masked text with blanks for its code, everything else at its place.
fn without_code(prose: &ProseFile) -> String {
    let mut text = String::with_capacity(prose.masked.text.len());
    let mut code = prose.outline.code.iter().peekable();
    for (at, c) in prose.masked.text.char_indices() {
        while code.next_if(|range| range.end <= at).is_some() {}
        match code.peek().filter(|range| range.start <= at) {
            Some(_) => text.extend(std::iter::repeat_n(' ', c.len_utf8())),
            None => text.push(c),
        }
    }
    text
}

/// A paragraph without lines of quotations, text in quotation marks, addresses of links, and tags.
fn without_quotations(paragraph: &str) -> String {
    let lines = paragraph.lines().filter(|line| !line.trim_start().starts_with('>'));
    let mut out = String::with_capacity(paragraph.len());
    let (mut is_quoted, mut is_address) = (false, false);
    for c in lines.flat_map(|line| line.chars().chain(['\n'])) {
        match c {
            '„' | '“' | '”' | '«' | '»' | '"' => is_quoted = !is_quoted,
            '(' if out.ends_with(']') => is_address = true,
            ')' if is_address => is_address = false,
            _ if is_quoted || is_address => {}
            FILLER => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
