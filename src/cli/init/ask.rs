//! The few questions that a new project begins with.

use std::io::{self, BufRead, Write};

use jiff::civil::Date;

use super::project_file::Answers;
use super::{day, is_code, languages};
use crate::cli::Terminal;
use crate::diagnostic::{Phrase, phrases};
use crate::locale::Locale;
use crate::model::{Lang, Text};

/// Asks on a terminal; an empty answer takes the default in brackets. What can't be understood is asked again, with why.
///
/// # Errors
/// The terminal can't be read or written.
pub fn ask(
    mut answers: Answers,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    terminal: &Terminal,
) -> io::Result<Answers> {
    let mut dialog = Dialog { input, output, terminal };
    writeln!(dialog.output, "{}", terminal.phrase(phrases::AskOpening))?;
    let tags: Vec<&str> = answers.languages.iter().map(Lang::as_str).collect();
    let tags = tags.join(", ");
    let again = phrases::AskLanguagesAgain { known: Locale::languages().join(", ") };
    if let Some(chosen) = dialog.question(phrases::AskLanguages, &tags, again, languages)? {
        answers.languages = chosen;
    }
    let default = |text: &Text, lang: &Lang, placeholder: Phrase| match text.get(lang) {
        Some(text) => text.to_owned(),
        None => super::default_text(placeholder, lang),
    };
    let (mut title, mut donor) = (Text::default(), Text::default());
    for lang in &answers.languages {
        let default = default(&answers.title, lang, phrases::DefaultTitle.into());
        let question = phrases::AskTitle { language: lang.as_str().to_owned() };
        title.set(lang.clone(), dialog.text(question.into(), &default)?);
    }
    let sound = |text: &str| is_code(text).then(|| text.to_owned());
    if let Some(code) = dialog.question(phrases::AskCode, &answers.code, phrases::AskCodeAgain, sound)? {
        answers.code = code;
    }
    if let Some(start) = dialog.question(phrases::AskStart, &answers.start.to_string(), phrases::AskDateAgain, day)? {
        answers.start = start;
        answers.end = answers.end.max(last_of_year(start));
    }
    let start = answers.start;
    let later = |text: &str| day(text).filter(|end| *end >= start);
    if let Some(end) = dialog.question(phrases::AskEnd, &answers.end.to_string(), phrases::AskEndAgain, later)? {
        answers.end = end;
    }
    for lang in &answers.languages {
        let default = default(&answers.donor, lang, phrases::DefaultDonor.into());
        let question = phrases::AskDonor { language: lang.as_str().to_owned() };
        donor.set(lang.clone(), dialog.text(question.into(), &default)?);
    }
    let mut organisation = Text::default();
    for lang in &answers.languages {
        let default = answers.organisation.get(lang).unwrap_or_default();
        let question = phrases::AskOrganisation { language: lang.as_str().to_owned() };
        let name = dialog.text(question.into(), default)?;
        if !name.is_empty() {
            organisation.set(lang.clone(), name);
        }
    }
    (answers.title, answers.donor, answers.organisation) = (title, donor, organisation);
    Ok(answers)
}

fn last_of_year(day: Date) -> Date {
    day.last_of_year()
}

struct Dialog<'t> {
    input: &'t mut dyn BufRead,
    output: &'t mut dyn Write,
    terminal: &'t Terminal,
}

impl Dialog<'_> {
    fn text(&mut self, question: Phrase, default: &str) -> io::Result<String> {
        let answer = self.question(question.clone(), default, question, |text| Some(text.to_owned()))?;
        Ok(answer.unwrap_or_else(|| default.to_owned()))
    }

    /// `None`: the default in brackets is right, or the input has ended.
    fn question<T>(
        &mut self,
        question: impl Into<Phrase>,
        default: &str,
        again: impl Into<Phrase>,
        parse: impl Fn(&str) -> Option<T>,
    ) -> io::Result<Option<T>> {
        let (question, again) = (self.terminal.phrase(question), self.terminal.phrase(again));
        loop {
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
            if let Some(answer) = parse(line) {
                return Ok(Some(answer));
            }
            writeln!(self.output, "{again}")?;
        }
    }
}
