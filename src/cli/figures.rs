//! `donor-report figures`: every figure, unsuppressed, for the organisation itself.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CommandError, Exit, ProjectFolder, Terminal};
use crate::diagnostic::{Problem, kinds, nearest};
use crate::indicators::{self, Figures};
use crate::locale::Locale;
use crate::model::{Lang, Project};
use crate::report::figures;

/// Print every figure of a project, nothing hidden
///
/// Example: donor-report figures inputs/my-project --period 2017-Q1 --format csv
#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder of the project; left out: every folder of inputs/ with a project.toml
    #[arg(value_name = "PROJECT")]
    pub project: Option<PathBuf>,
    /// Only this reporting period, such as 2017-Q1, or project; left out: all
    #[arg(long, value_name = "CODE")]
    pub period: Option<String>,
    /// How to print: a table to read, one JSON object per line and period, or one CSV line per value
    #[arg(long, value_enum, default_value_t = FiguresFormat::Table)]
    pub format: FiguresFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FiguresFormat {
    Table,
    Json,
    Csv,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let folders = ProjectFolder::find(arguments.project.as_slice())?;
    let mut out = Vec::new();
    let mut exit = Exit::Done;
    let locale = Locale::new(&Lang::new(terminal.catalogue().lang()));
    // Writing to memory can't fail.
    let _ = write_header(arguments.format, &mut out);
    for folder in &folders {
        let project = match Terminal::readable(folder) {
            Ok(project) => project,
            Err(error) => {
                terminal.print_error(&error);
                exit = exit.max(error.exit());
                continue;
            }
        };
        check_period(&project, arguments.period.as_deref())?;
        if let Some(locale) = &locale {
            let _ = write(&project, &indicators::count(&project), arguments, locale, &mut out);
        }
    }
    terminal.print_result(&String::from_utf8_lossy(&out));
    Ok(exit)
}

/// Writes what comes before the first project.
pub fn write_header(format: FiguresFormat, out: &mut impl Write) -> io::Result<()> {
    match format {
        FiguresFormat::Csv => out.write_all(figures::CSV_HEADER.as_bytes()),
        FiguresFormat::Table | FiguresFormat::Json => Ok(()),
    }
}

/// The problem of asking for a period that the project doesn't have.
pub fn check_period(project: &Project, period: Option<&str>) -> Result<(), Problem> {
    let Some(code) = period.filter(|code| project.logframe.period(code).is_none()) else { return Ok(()) };
    let codes: Vec<&str> = project.logframe.periods.iter().map(|period| period.code.as_str()).collect();
    let known = codes.join(", ");
    let nearest = nearest(code, codes).map(str::to_owned);
    Err(Problem::error(kinds::NoSuchPeriod { period: code.to_owned(), known, nearest }))
}

/// Writes the figures of one project.
pub fn write(
    project: &Project,
    figures: &Figures,
    arguments: &Arguments,
    locale: &Locale,
    out: &mut impl Write,
) -> io::Result<()> {
    let periods = figures::select_periods(figures, arguments.period.as_deref());
    match arguments.format {
        FiguresFormat::Json => out.write_all(figures::json_lines(project, figures, periods).as_bytes()),
        FiguresFormat::Csv => out.write_all(figures::csv(project, periods).as_bytes()),
        FiguresFormat::Table => {
            let tables: Vec<String> = periods.iter().map(|figures| figures::table(project, figures, locale)).collect();
            out.write_all(tables.join("\n").as_bytes())
        }
    }
}
