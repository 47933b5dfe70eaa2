//! The few questions that a new project begins with.

use std::io::{self, BufRead, Write};

use crate::cli::Terminal;
use crate::diagnostic::{Phrase, phrases};
use crate::ingest::layout::TableKind;
use crate::ingest::unconfigured_workbooks::SheetInQuestion;
use crate::locale::Locale;
use crate::model::{Lang, Text};
use crate::new_project::{
    Answers, OfferedReport, default_text, read_day, read_languages, read_report_choice, report_numbers,
};

/// Asks on a terminal; an empty answer takes the default in brackets. What can't be understood is asked again, with why.
///
/// # Errors
/// The terminal can't be read or written, or the input has ended.
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
    if let Some(chosen) = dialog.question(phrases::AskLanguages, &tags, again, read_languages)? {
        answers.languages = chosen;
    }
    let languages = answers.languages.clone();
    let ask_each = |dialog: &mut Dialog, text: &Text, ask: &dyn Fn(String) -> Phrase, usual: Option<Phrase>| {
        let mut answered = Text::default();
        for lang in &languages {
            let placeholder = || usual.clone().map(|phrase| default_text(phrase, lang)).unwrap_or_default();
            let default = text.get(lang).map_or_else(placeholder, str::to_owned);
            let written = dialog.text(ask(lang.as_str().to_owned()), &default)?;
            if !written.is_empty() {
                answered.set(lang.clone(), written);
            }
        }
        io::Result::Ok(answered)
    };
    let ask_title = |language| phrases::AskTitle { language }.into();
    answers.title = ask_each(&mut dialog, &answers.title, &ask_title, Some(phrases::DefaultTitle.into()))?;
    let ask_organisation = |language| phrases::AskOrganisation { language }.into();
    answers.organisation = ask_each(&mut dialog, &answers.organisation, &ask_organisation, None)?;
    if let Some(start) =
        dialog.question(phrases::AskStart, &answers.start.to_string(), phrases::AskDateAgain, read_day)?
    {
        answers.start = start;
        answers.end = answers.end.max(start.last_of_year());
    }
    let start = answers.start;
    let later = |text: &str| read_day(text).filter(|end| *end >= start);
    if let Some(end) = dialog.question(phrases::AskEnd, &answers.end.to_string(), phrases::AskEndAgain, later)? {
        answers.end = end;
    }
    let ask_donor = |language| phrases::AskDonor { language }.into();
    answers.donor = ask_each(&mut dialog, &answers.donor, &ask_donor, Some(phrases::DefaultDonor.into()))?;
    answers.grant = dialog.text(phrases::AskGrant.into(), &answers.grant)?;
    writeln!(dialog.output, "{}", terminal.phrase(phrases::AskReportsList))?;
    for (at, report) in OfferedReport::all().iter().enumerate() {
        writeln!(dialog.output, "  {}  {}", at + 1, report.title(terminal.catalogue().lang()))?;
    }
    let usual = report_numbers(&answers.reports);
    if let Some(reports) = dialog.question(phrases::AskReports, &usual, phrases::AskReportsAgain, read_report_choice)? {
        answers.reports = reports;
    }
    Ok(answers)
}

/// Asks which table a sheet holds, under its first rows, by the tables' numbers; 0 is none of them.
///
/// # Errors
/// The terminal can't be read or written, or the input has ended.
pub fn ask_sheet(
    sheet: &SheetInQuestion,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    terminal: &Terminal,
) -> io::Result<Option<TableKind>> {
    let mut dialog = Dialog { input, output, terminal };
    let file = sheet.name.file.clone();
    let place = match sheet.name.sheet.clone() {
        Some(sheet) => terminal.phrase(phrases::PlaceSheet { file, sheet }),
        None => file,
    };
    writeln!(dialog.output, "{place}")?;
    for row in &sheet.first_rows {
        writeln!(dialog.output, "    {}", row.join(" | "))?;
    }
    let tables: Vec<String> = TableKind::ALL
        .iter()
        .enumerate()
        .map(|(at, kind)| {
            let (number, table) = ((at + 1).to_string(), kind.name().to_owned());
            terminal.phrase(phrases::AskSheetTable { number, table })
        })
        .collect();
    let tables = tables.join(", ");
    let usual = sheet.proposed.and_then(|kind| TableKind::ALL.iter().position(|known| *known == kind));
    let usual = usual.map_or(0, |at| at + 1).to_string();
    let choose = |text: &str| match text.trim().parse::<usize>().ok()? {
        0 => Some(None),
        number => TableKind::ALL.get(number - 1).map(|kind| Some(*kind)),
    };
    let again = phrases::AskSheetAgain { tables: tables.clone() };
    let answer = dialog.question(phrases::AskSheet { tables }, &usual, again, choose)?;
    Ok(answer.unwrap_or(sheet.proposed))
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

    /// `None`: the default in brackets is right.
    fn question<T>(
        &mut self,
        question: impl Into<Phrase>,
        default: &str,
        again: impl Into<Phrase>,
        parse: impl Fn(&str) -> Option<T>,
    ) -> io::Result<Option<T>> {
        let (question, again) = (self.terminal.phrase(question), self.terminal.phrase(again));
        loop {
            match default {
                "" => write!(self.output, "{question}: ")?,
                default => write!(self.output, "{question} [{default}]: ")?,
            }
            self.output.flush()?;
            let mut line = String::new();
            if self.input.read_line(&mut line)? == 0 {
                writeln!(self.output)?;
                return Err(io::ErrorKind::UnexpectedEof.into());
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
