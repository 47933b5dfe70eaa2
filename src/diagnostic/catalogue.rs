use super::{Phrase, Problem};

include!(concat!(env!("OUT_DIR"), "/wordings.rs"));

/// Every sentence that is said of problems, by code and language of messages; and what else commands say.
pub struct Catalogue {
    /// Which of [`LANGUAGES`]; English where messages have no such language.
    language: usize,
}

/// A code of the messages, its sentences in each of [`LANGUAGES`].
struct CatalogueEntry {
    code: &'static str,
    base: Wording,
    variants: &'static [(&'static str, Wording)],
}

struct Wording {
    message: [&'static str; LANGUAGES.len()],
    help: Option<[&'static str; LANGUAGES.len()]>,
}

/// A problem's sentences with its arguments filled in.
pub struct Sentences {
    /// What is wrong, or what a phrase says.
    pub message: String,
    /// The remedy.
    pub help: Option<String>,
}

impl Catalogue {
    /// The catalogue in one language of messages (`en`, `mk`).
    pub fn new(lang: &str) -> Catalogue {
        Catalogue { language: LANGUAGES.iter().position(|known| *known == lang).unwrap_or_default() }
    }

    /// The language of messages.
    pub fn lang(&self) -> &'static str {
        LANGUAGES[self.language]
    }

    /// The codes of problems, in alphabetical order.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> {
        PROBLEMS.iter().map(|entry| entry.code)
    }

    /// A phrase of the commands without arguments, such as a heading; `None` if there is no such code.
    pub fn wording(&self, code: &str) -> Option<&'static str> {
        find(PHRASES, code).map(|entry| entry.base.message[self.language])
    }

    /// A code's sentences with their arguments unfilled.
    pub fn entry(&self, code: &str) -> (&'static str, Option<&'static str>) {
        find(PROBLEMS, code).map_or(("", None), |entry| {
            (entry.base.message[self.language], entry.base.help.map(|help| help[self.language]))
        })
    }

    /// What a command says, with what it advises.
    pub fn phrase(&self, phrase: impl Into<Phrase>) -> Sentences {
        let Phrase(message) = phrase.into();
        self.fill(find(PHRASES, message.code), message.code, message.variant, |name| message.args.get(name).cloned())
    }

    /// A problem's sentences. One whose variant has no wording of its own has that of its code.
    pub fn sentences(&self, problem: &Problem) -> Sentences {
        let entry = find(PHRASES, problem.code).or_else(|| find(PROBLEMS, problem.code));
        self.fill(entry, problem.code, problem.variant, |name| match problem.args.get(name) {
            None if name == "count" => Some(problem.count.to_string()),
            value => value.cloned(),
        })
    }

    fn fill(
        &self,
        entry: Option<&CatalogueEntry>,
        code: &str,
        variant: Option<&str>,
        value: impl Fn(&str) -> Option<String>,
    ) -> Sentences {
        let Some(entry) = entry else { return Sentences { message: code.to_owned(), help: None } };
        let variant = variant.and_then(|name| entry.variants.iter().find(|(known, _)| *known == name));
        let wording = variant.map_or(&entry.base, |(_, wording)| wording);
        Sentences {
            message: fill(wording.message[self.language], &value),
            help: wording.help.map(|help| fill(help[self.language], &value)),
        }
    }
}

fn find(entries: &'static [CatalogueEntry], code: &str) -> Option<&'static CatalogueEntry> {
    entries.binary_search_by(|entry| entry.code.cmp(code)).ok().map(|at| &entries[at])
}

/// How many letters of an argument are shown; a cell may hold thousands.
const ARGUMENT_LETTERS: usize = 400;

fn push_shortened(out: &mut String, value: &str) {
    match value.char_indices().nth(ARGUMENT_LETTERS) {
        Some((end, _)) => {
            out.push_str(&value[..end]);
            out.push('…');
        }
        None => out.push_str(value),
    }
}

/// Puts arguments in place of `{name}`; one pass, so that braces within an argument stay text.
fn fill(text: &str, value: &impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        match after.find('}') {
            Some(close) => {
                let name = &after[..close];
                match value(name) {
                    Some(value) => push_shortened(&mut out, &value),
                    None => out.push_str(&rest[open..open + close + 2]),
                }
                rest = &after[close + 1..];
            }
            None => {
                out.push_str(&rest[open..]);
                rest = "";
            }
        }
    }
    out.push_str(rest);
    out
}
