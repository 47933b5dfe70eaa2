use std::sync::OnceLock;

use jiff::civil::Date;

use super::number_argument::NumberArgument;
use super::{Phrase, Problem, fill_placeholders};
use crate::locale::Locale;
use crate::model::Lang;

include!(concat!(env!("OUT_DIR"), "/wordings.rs"));

/// Every sentence that is said of problems, by code and language of messages; and what else commands say.
pub struct Catalogue {
    /// Which of [`LANGUAGES`]; English where messages have no such language.
    language: usize,
    /// How the language writes numbers and days; made when one is to be written.
    locale: OnceLock<Option<Locale>>,
}

/// A code of the messages, its sentences in each of [`LANGUAGES`].
struct CatalogueEntry {
    code: &'static str,
    base: Wording,
    /// What is said once of a group of like problems, in place of the first one's sentence.
    group: Option<[&'static str; LANGUAGES.len()]>,
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
        let language = LANGUAGES.iter().position(|known| *known == lang).unwrap_or_default();
        Catalogue { language, locale: OnceLock::new() }
    }

    /// Every language of messages.
    pub fn languages() -> &'static [&'static str] {
        &LANGUAGES
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

    /// Everything that may be said under a code, unfilled: each message with its remedy, none twice.
    pub fn wordings(&self, code: &str) -> Vec<(&'static str, Option<&'static str>)> {
        let Some(entry) = find(PROBLEMS, code) else { return Vec::new() };
        let all = [&entry.base].into_iter().chain(entry.variants.iter().map(|(_, wording)| wording));
        let texts = |wording: &Wording| (wording.message[self.language], wording.help.map(|help| help[self.language]));
        let mut found = Vec::new();
        for wording in all.map(texts) {
            if !found.contains(&wording) {
                found.push(wording);
            }
        }
        found
    }

    /// What a command says, with what it advises.
    pub fn phrase(&self, phrase: impl Into<Phrase>) -> Sentences {
        let Phrase(message) = phrase.into();
        self.fill(find(PHRASES, message.code), message.code, message.variant, |name| message.args.get(name).cloned())
    }

    /// What is said once of a group of like problems; `None` where that is the sentence of the first.
    pub fn group_sentence(&self, problem: &Problem) -> Option<String> {
        let group = find(PROBLEMS, problem.code)?.group?;
        Some(self.fill_text(group[self.language], &|name| argument(problem, name)))
    }

    /// A problem's sentences. One whose variant has no wording of its own has that of its code.
    pub fn sentences(&self, problem: &Problem) -> Sentences {
        let entry = find(PHRASES, problem.code).or_else(|| find(PROBLEMS, problem.code));
        self.fill(entry, problem.code, problem.variant, |name| argument(problem, name))
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
            message: self.fill_text(wording.message[self.language], &value),
            help: wording.help.map(|help| self.fill_text(help[self.language], &value)),
        }
    }

    /// Puts arguments in place of `{name}`.
    fn fill_text(&self, text: &str, value: &impl Fn(&str) -> Option<String>) -> String {
        fill_placeholders(text, |name| match name.split_once(':') {
            Some((name, form)) => Some(shortened(self.write_in_form(form, &value(name)?))),
            None => Some(shortened(value(name)?)),
        })
    }

    /// An argument as the language of messages writes it: a number, a day, or the phrase that stands for a code
    /// (`{status:status}`: `status-off_track`). Several codes are separated by commas. What can't be read stays as it is.
    fn write_in_form(&self, form: &str, value: &str) -> String {
        match form {
            "number" => self.number(value).map_or_else(|| value.to_owned(), plain_spaces),
            "date" => {
                let day = value.parse().ok().and_then(|day| self.day(day));
                day.map_or_else(|| value.to_owned(), plain_spaces)
            }
            form => {
                let word = |code: &str| {
                    let phrase = self.wording(&format!("{form}-{}", code.replace(['_', '.'], "-")));
                    phrase.map_or_else(|| code.to_owned(), str::to_owned)
                };
                value.split(", ").map(word).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// A number in the form of [`number_argument`](super::number_argument()), as the language writes it.
    fn number(&self, text: &str) -> Option<String> {
        Some(NumberArgument::parse(text)?.write(self.locale()?))
    }

    fn day(&self, day: Date) -> Option<String> {
        self.locale().map(|locale| locale.date_short(day))
    }

    fn locale(&self) -> Option<&Locale> {
        self.locale.get_or_init(|| Locale::new(&Lang::new(self.lang()))).as_ref()
    }
}

/// Messages are searched and copied; only documents keep a number and its sign on one line.
fn plain_spaces(text: String) -> String {
    text.replace('\u{a0}', " ")
}

/// An argument of a problem's sentences; how often it occurs is one too.
fn argument(problem: &Problem, name: &str) -> Option<String> {
    match problem.args.get(name) {
        None if name == "count" => Some(problem.count.to_string()),
        value => value.cloned(),
    }
}

fn find(entries: &'static [CatalogueEntry], code: &str) -> Option<&'static CatalogueEntry> {
    entries.binary_search_by(|entry| entry.code.cmp(code)).ok().map(|at| &entries[at])
}

/// How many letters of an argument are shown; a cell may hold thousands.
const ARGUMENT_LETTERS: usize = 400;

fn shortened(mut value: String) -> String {
    if let Some((end, _)) = value.char_indices().nth(ARGUMENT_LETTERS) {
        value.truncate(end);
        value.push('…');
    }
    value
}
