use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CommandError, Exit, ProjectFolder, Terminal};
use crate::diagnostic::{kinds, number_argument, phrases};
use crate::folder::shown_path;
use crate::model::Amount;
use crate::pipeline::{self, FilledPack, NotRecounted, RecountOrder};
use crate::report::recount::{ListTally, RowTally, recount_json};

/// Draw rows to be looked up in the papers, or say what came of a filled recount
///
/// Writes a workbook with rows of each indicator, drawn by chance and yet the same each time, and with activities whose
/// signed lists are to be counted. With --read a filled one: how many of the drawn rows were found, and how many stand on
/// the lists against the data.
///
/// Example: donor-report audit --report final --period project --sample 20 --seed 7 --to recount.xlsx
///
/// Example: donor-report audit --read recount.xlsx
///
/// Example: donor-report audit --read recount.xlsx --format json
#[derive(Debug, Args)]
pub struct Arguments {
    /// The project's folder; may be left out where inputs/ holds one project
    #[arg(value_name = "PROJECT", conflicts_with = "read")]
    project: Option<PathBuf>,
    /// Name of the report
    #[arg(long, value_name = "NAME", required_unless_present = "read", conflicts_with = "read")]
    report: Option<String>,
    /// Its reporting period
    #[arg(long, value_name = "CODE", required_unless_present = "read", conflicts_with = "read")]
    period: Option<String>,
    /// Only the indicator of this code; left out: all that count rows
    #[arg(long, value_name = "CODE", conflicts_with = "read")]
    indicator: Option<String>,
    /// How many rows and activities to draw for each indicator; all where there are fewer
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..),
        required_unless_present = "read",
        conflicts_with = "read"
    )]
    sample: Option<u32>,
    /// What the draw begins from: the same number draws the same rows. The auditor chooses it
    #[arg(long, value_name = "N", required_unless_present = "read", conflicts_with = "read")]
    seed: Option<u64>,
    /// The workbook to write; it must not be there yet
    #[arg(long, value_name = "FILE", required_unless_present = "read", conflicts_with = "read")]
    to: Option<PathBuf>,
    /// A pack that was filled in; no project is needed
    #[arg(long, value_name = "FILE")]
    read: Option<PathBuf>,
    /// Of what came of a filled pack: sentences to read, or JSON
    #[arg(long, value_enum, default_value_t = AuditFormat::Text, requires = "read")]
    format: AuditFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    Text,
    Json,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    match &arguments.read {
        Some(file) => {
            std::fs::metadata(file).map_err(|error| {
                let file = shown_path(file);
                CommandError::new(kinds::CannotRead { file, why: error.to_string() })
            })?;
            let filled = pipeline::read_recount(file).map_err(|reason| to_error(reason, ""))?;
            match arguments.format {
                AuditFormat::Text => print_recount(&filled, terminal),
                AuditFormat::Json => terminal.print_result(&recount_json(&filled.pack, &filled.recount).to_string()),
            }
        }
        None => write_pack(arguments, terminal)?,
    }
    Ok(Exit::Done)
}

fn write_pack(arguments: &Arguments, terminal: &Terminal) -> Result<(), CommandError> {
    let folder = ProjectFolder::find_one(arguments.project.as_ref())?;
    // The command line can't be without these.
    let to = arguments.to.clone().unwrap_or_default();
    let order = RecountOrder {
        report: arguments.report.as_deref().unwrap_or_default(),
        period: arguments.period.as_deref().unwrap_or_default(),
        indicator: arguments.indicator.as_deref(),
        sample: arguments.sample.unwrap_or(1),
        seed: arguments.seed.unwrap_or_default(),
        to: &to,
    };
    let pack = pipeline::write_recount_pack(&folder.path, &order).map_err(|reason| to_error(reason, &folder.shown))?;
    let file = shown_path(&to);
    let (rows, lists) = (pack.rows.len().to_string(), pack.lists.len().to_string());
    terminal.print_result(&terminal.phrase(phrases::RecountWritten { file, rows, lists }));
    terminal.print_note(&terminal.phrase(phrases::RecountPrivate));
    Ok(())
}

fn to_error(reason: NotRecounted, folder: &str) -> CommandError {
    match reason {
        NotRecounted::Failed(error) => error.into(),
        NotRecounted::Unknown(problem) => problem.into(),
        NotRecounted::Faulty(problems) => CommandError::Faulty { folder: folder.to_owned(), problems },
        NotRecounted::Refused(problem) => CommandError::Refused(problem),
        NotRecounted::Unreadable(problems) => CommandError::Unreadable(problems),
    }
}

fn print_recount(FilledPack { pack, recount }: &FilledPack, terminal: &Terminal) {
    let (project, report, period) = (pack.project.clone(), pack.report.clone(), pack.period.clone());
    let seed = pack.seed.to_string();
    terminal.print_result(&terminal.phrase(phrases::RecountOf { project, report, period, seed }));
    for (indicator, rows, lists) in &recount.indicators {
        if rows.drawn > 0 {
            print_rows(indicator, rows, terminal);
        }
        lists.iter().for_each(|lists| print_lists(indicator, lists, terminal));
        print_blank(indicator, Some(rows), lists.as_ref(), terminal);
    }
    if let Some(lists) = &recount.all_lists {
        let all = terminal.phrase(phrases::RecountAll);
        print_lists(&all, lists, terminal);
        print_blank(&all, None, Some(lists), terminal);
    }
}

/// A fraction as an argument that messages write as a percentage.
fn percent(fraction: Amount) -> String {
    number_argument(&fraction, true)
}

fn print_rows(indicator: &str, rows: &RowTally, terminal: &Terminal) {
    let indicator = indicator.to_owned();
    let (found, filled) = (rows.found.to_string(), rows.filled.to_string());
    let sentence = match (rows.share().map(percent), rows.interval) {
        (None, _) => terminal.phrase(phrases::RecountRows::None { indicator }),
        (Some(share), None) => terminal.phrase(phrases::RecountRows::Plain { indicator, found, filled, share }),
        (Some(share), Some([low, high])) => {
            let (low, high, population) = (percent(low), percent(high), rows.population.to_string());
            terminal.phrase(phrases::RecountRows::Interval { indicator, found, filled, share, population, low, high })
        }
    };
    terminal.print_result(&sentence);
}

fn print_lists(indicator: &str, lists: &ListTally, terminal: &Terminal) {
    let indicator = indicator.to_owned();
    let (counted, reported) = (lists.counted.to_string(), lists.in_data.to_string());
    let filled = lists.filled.to_string();
    let sentence = match lists.factor().map(percent) {
        _ if lists.filled == 0 => terminal.phrase(phrases::RecountLists::None { indicator }),
        None => terminal.phrase(phrases::RecountLists::Without { indicator, counted, filled }),
        Some(share) => terminal.phrase(phrases::RecountLists::Plain { indicator, counted, reported, share, filled }),
    };
    terminal.print_result(&sentence);
}

/// Says how many lines were left blank, if any were.
fn print_blank(indicator: &str, rows: Option<&RowTally>, lists: Option<&ListTally>, terminal: &Terminal) {
    let rows = rows.map_or(0, |rows| rows.drawn - rows.filled);
    let lists = lists.map_or(0, |lists| lists.drawn - lists.filled);
    if rows + lists > 0 {
        let (indicator, rows, lists) = (indicator.to_owned(), rows.to_string(), lists.to_string());
        terminal.print_result(&terminal.phrase(phrases::RecountBlank { indicator, rows, lists }));
    }
}
