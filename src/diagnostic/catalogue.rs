use std::collections::BTreeMap;

use include_dir::{Dir, File, include_dir};
use serde::Deserialize;

use super::Problem;

static MESSAGES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/messages");

/// Every sentence that is said of problems, by code and language of messages; and what else commands say.
pub struct Catalogue {
    by_code: BTreeMap<String, Entry>,
    phrases: BTreeMap<String, Entry>,
    lang: String,
}

/// A code of problems as the message files write it: `message` and `help` by language, and variants of both.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    message: BTreeMap<String, String>,
    #[serde(default)]
    help: BTreeMap<String, String>,
    #[serde(default)]
    variant: BTreeMap<String, Variant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    message: Option<BTreeMap<String, String>>,
    #[serde(default)]
    help: BTreeMap<String, String>,
}

/// A problem's sentences with its arguments filled in.
pub struct Sentences {
    pub message: String,
    pub help: Option<String>,
}

impl Catalogue {
    /// The catalogue in one language of messages (`en`, `mk`); the shipped files are proved readable by a test.
    pub fn new(lang: &str) -> Catalogue {
        let phrases = MESSAGES.dirs().flat_map(Dir::files).flat_map(entries).collect();
        Catalogue { by_code: MESSAGES.files().flat_map(entries).collect(), phrases, lang: lang.to_owned() }
    }

    /// The language of messages.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// The codes of problems.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.by_code.keys().map(String::as_str)
    }

    /// A phrase of the commands, such as a heading, as it stands.
    pub fn wording(&self, code: &str) -> Option<&str> {
        self.in_lang(&self.phrases.get(code)?.message)
    }

    /// A code's sentences with their arguments unfilled.
    pub fn entry(&self, code: &str) -> (&str, Option<&str>) {
        let Some(entry) = self.by_code.get(code) else { return ("", None) };
        (self.in_lang(&entry.message).unwrap_or_default(), self.in_lang(&entry.help))
    }

    pub fn sentences(&self, problem: &Problem) -> Sentences {
        let Some(entry) = self.by_code.get(problem.code).or_else(|| self.phrases.get(problem.code)) else {
            return Sentences { message: problem.code.to_owned(), help: None };
        };
        let variant = problem.variant.and_then(|name| entry.variant.get(name));
        let message = variant.and_then(|variant| variant.message.as_ref()).unwrap_or(&entry.message);
        let help =
            variant.map_or(&entry.help, |variant| if variant.help.is_empty() { &entry.help } else { &variant.help });
        Sentences {
            message: self.in_lang(message).map(|text| fill(text, problem)).unwrap_or_default(),
            help: self.in_lang(help).map(|text| fill(text, problem)),
        }
    }

    fn in_lang<'a>(&self, texts: &'a BTreeMap<String, String>) -> Option<&'a str> {
        texts.get(&self.lang).or_else(|| texts.get("en")).map(String::as_str)
    }
}

fn entries(file: &File<'static>) -> BTreeMap<String, Entry> {
    let text = file.contents_utf8().unwrap_or_default();
    toml::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", file.path().display()))
}

/// Letters of an argument that are shown; a cell may hold thousands.
const ARGUMENT: usize = 400;

fn push_short(out: &mut String, value: &str) {
    match value.char_indices().nth(ARGUMENT) {
        Some((end, _)) => {
            out.push_str(&value[..end]);
            out.push('…');
        }
        None => out.push_str(value),
    }
}

/// Puts arguments in place of `{name}`; one pass, so that braces within an argument stay text.
fn fill(text: &str, problem: &Problem) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        match after.find('}') {
            Some(close) => {
                let name = &after[..close];
                match problem.args.get(name) {
                    Some(value) => push_short(&mut out, value),
                    None if name == "count" => out.push_str(&problem.count.to_string()),
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
