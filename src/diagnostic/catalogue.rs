use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use include_dir::{Dir, File, include_dir};
use serde::Deserialize;

use super::Problem;

static MESSAGES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/messages");

/// Every sentence that is said of problems, by code and language of messages; and what else commands say. Each file is
/// read when something is first looked up that isn't in those before it.
pub struct Catalogue {
    phrases: Vec<Messages>,
    problems: Vec<Messages>,
    lang: String,
}

struct Messages {
    file: &'static File<'static>,
    entries: OnceLock<BTreeMap<String, Entry>>,
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
        let messages = |file| Messages { file, entries: OnceLock::new() };
        Catalogue {
            phrases: MESSAGES.dirs().flat_map(Dir::files).map(messages).collect(),
            problems: MESSAGES.files().map(messages).collect(),
            lang: lang.to_owned(),
        }
    }

    /// The language of messages.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// The codes of problems, in alphabetical order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        let codes: BTreeSet<&str> =
            self.problems.iter().flat_map(|messages| messages.entries().keys()).map(String::as_str).collect();
        codes.into_iter()
    }

    /// A phrase of the commands, such as a heading, as it stands.
    pub fn wording(&self, code: &str) -> Option<&str> {
        self.in_lang(&find(&self.phrases, code)?.message)
    }

    /// A code's sentences with their arguments unfilled.
    pub fn entry(&self, code: &str) -> (&str, Option<&str>) {
        let Some(entry) = find(&self.problems, code) else { return ("", None) };
        (self.in_lang(&entry.message).unwrap_or_default(), self.in_lang(&entry.help))
    }

    pub fn sentences(&self, problem: &Problem) -> Sentences {
        let Some(entry) = find(&self.phrases, problem.code).or_else(|| find(&self.problems, problem.code)) else {
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

impl Messages {
    fn entries(&self) -> &BTreeMap<String, Entry> {
        self.entries.get_or_init(|| {
            let text = self.file.contents_utf8().unwrap_or_default();
            toml::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", self.file.path().display()))
        })
    }
}

fn find<'m>(files: &'m [Messages], code: &str) -> Option<&'m Entry> {
    files.iter().find_map(|messages| messages.entries().get(code))
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
