//! The few questions that a new project begins with.

use std::io::{self, BufRead, Write};

use jiff::civil::Date;

use super::project_file::Answers;
use super::{day, is_code, languages};
use crate::cli::Terminal;
use crate::locale::Locale;
use crate::model::{Lang, Text};

/// Asks on a terminal; an empty answer takes what stands in brackets. What can't be understood is asked again, with why.
///
/// # Errors
/// The terminal can't be read or written.
pub fn ask(
    mut answers: Answers,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    terminal: &Terminal,
) -> io::Result<Answers> {
    let mut talk = Talk { input, output, terminal };
    writeln!(talk.output, "{}", terminal.sentence("ask-opening", &[]))?;
    let tags: Vec<&str> = answers.languages.iter().map(Lang::as_str).collect();
    let tags = tags.join(", ");
    if let Some(chosen) = talk.question("ask-languages", "", &tags, "ask-languages-again", languages)? {
        answers.languages = chosen;
    }
    let spoken = |text: &Text, lang: &Lang, code| match text.get(lang) {
        Some(text) => text.to_owned(),
        None => super::default_text(code, lang),
    };
    let (mut title, mut donor) = (Text::default(), Text::default());
    for lang in &answers.languages {
        let default = spoken(&answers.title, lang, "default-title");
        title.set(lang.clone(), talk.text("ask-title", lang, &default)?);
    }
    let sound = |text: &str| is_code(text).then(|| text.to_owned());
    if let Some(code) = talk.question("ask-code", "", &answers.code, "ask-code-again", sound)? {
        answers.code = code;
    }
    if let Some(start) = talk.question("ask-start", "", &answers.start.to_string(), "ask-date-again", day)? {
        answers.start = start;
        answers.end = answers.end.max(last_of_year(start));
    }
    let start = answers.start;
    let later = |text: &str| day(text).filter(|end| *end >= start);
    if let Some(end) = talk.question("ask-end", "", &answers.end.to_string(), "ask-end-again", later)? {
        answers.end = end;
    }
    for lang in &answers.languages {
        let default = spoken(&answers.donor, lang, "default-donor");
        donor.set(lang.clone(), talk.text("ask-donor", lang, &default)?);
    }
    (answers.title, answers.donor) = (title, donor);
    Ok(answers)
}

fn last_of_year(day: Date) -> Date {
    day.last_of_year()
}

struct Talk<'t> {
    input: &'t mut dyn BufRead,
    output: &'t mut dyn Write,
    terminal: &'t Terminal,
}

impl Talk<'_> {
    fn text(&mut self, code: &'static str, lang: &Lang, default: &str) -> io::Result<String> {
        let taken = self.question(code, lang.as_str(), default, code, |text| Some(text.to_owned()))?;
        Ok(taken.unwrap_or_else(|| default.to_owned()))
    }

    /// None: what stands in brackets is right, or nobody answers any more.
    fn question<T>(
        &mut self,
        code: &'static str,
        lang: &str,
        default: &str,
        again: &'static str,
        understand: impl Fn(&str) -> Option<T>,
    ) -> io::Result<Option<T>> {
        loop {
            let question = self.terminal.sentence(code, &[("language", lang)]);
            write!(self.output, "{question} [{default}]: ")?;
            self.output.flush()?;
            let mut line = String::new();
            if self.input.read_line(&mut line)? == 0 {
                return Ok(None);
            }
            let line = line.trim();
            if line.is_empty() {
                return Ok(None);
            }
            if let Some(understood) = understand(line) {
                return Ok(Some(understood));
            }
            let known = Locale::languages().join(", ");
            writeln!(self.output, "{}", self.terminal.sentence(again, &[("language", lang), ("known", &known)]))?;
        }
    }
}
