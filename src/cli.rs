//! The command line: one command, one file.

mod build;
pub mod check;
mod diff;
pub mod example;
pub mod explain;
pub mod figures;
pub mod init;
mod plan;
mod projects;
mod submit;
mod terminal;
mod watch;
mod workbook;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use projects::ProjectFolder;
pub use terminal::Terminal;

/// Results are done, the data has problems, or the command couldn't run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    Done,
    Problems,
    CouldNotRun,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::Problems => 1,
            Exit::CouldNotRun => 2,
        })
    }
}

/// From a project's spreadsheets to donor reports: every indicator computed once, printed in every language,
/// traced to its rows.
#[derive(Debug, Parser)]
#[command(name = "donor-report", version, max_term_width = 100)]
struct Arguments {
    /// Language of messages: en or mk
    #[arg(long, global = true, value_name = "LANG", default_value = "en", value_parser = ["en", "mk"])]
    messages: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Arguments),
    Check(check::Arguments),
    Figures(figures::Arguments),
    Explain(explain::Arguments),
    Watch(watch::Arguments),
    Init(init::Arguments),
    Submit(submit::Arguments),
    Diff(diff::Arguments),
    Plan(plan::Arguments),
}

/// Runs the program on its arguments and gives the code to exit with.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(help_or_error) => {
            // A closed pipe is the reader's choice.
            let _ = help_or_error.print();
            return ExitCode::from(if help_or_error.use_stderr() { 2 } else { 0 });
        }
    };
    let terminal = Terminal::new(&arguments.messages);
    let exit = match arguments.command {
        Command::Build(arguments) => build::run(&arguments, &terminal),
        Command::Check(arguments) => check::run(&arguments, &terminal),
        Command::Figures(arguments) => figures::run(&arguments, &terminal),
        Command::Explain(arguments) => explain::run(&arguments, &terminal),
        Command::Watch(arguments) => watch::run(&arguments, &terminal),
        Command::Init(arguments) => init::run(&arguments, &terminal),
        Command::Submit(arguments) => submit::run(&arguments, &terminal),
        Command::Diff(arguments) => diff::run(&arguments, &terminal),
        Command::Plan(arguments) => plan::run(&arguments, &terminal),
    };
    exit.into()
}
