//! The command line: one command, one file.

mod app;
mod audit;
mod build;
pub mod check;
mod check_summary;
mod completions;
mod diff;
mod double_click;
mod error;
pub mod explain;
mod figure_changes;
pub mod figures;
mod guide;
mod help;
pub mod init;
mod licences;
mod man;
mod many_projects;
mod plan;
mod project_folders;
mod review;
mod submit;
mod terminal;
mod verify;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::diagnostic::Catalogue;

pub use error::CommandError;
pub use project_folders::ProjectFolder;
pub use terminal::Terminal;

/// How the program is called.
const NAME: &str = "donor-report";

/// The variable of the environment that chooses the language of messages where the command line doesn't.
const MESSAGES_VARIABLE: &str = "DONOR_REPORT_MESSAGES";

/// Results are done, the data has problems, or the command couldn't run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    Done,
    Problems,
    CouldNotRun,
}

impl Exit {
    fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Problems => 1,
            Exit::CouldNotRun => 2,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// From a project's spreadsheets to donor reports: every indicator computed once, printed in every language,
/// traced to its rows.
#[derive(Debug, Parser)]
#[command(name = NAME, version, max_term_width = 100, disable_help_subcommand = true)]
struct Arguments {
    /// Language of messages: en or mk; left out: what DONOR_REPORT_MESSAGES says, else en
    #[arg(long, global = true, value_name = "LANG", value_parser = PossibleValuesParser::new(Catalogue::languages()), hide_possible_values = true)]
    messages: Option<String>,
    #[command(subcommand)]
    command: Commands,
}

#[derive(Debug, Subcommand)]
enum Commands {
    Build(build::Arguments),
    Check(check::Arguments),
    Figures(figures::Arguments),
    Explain(explain::Arguments),
    Watch(watch::Arguments),
    App(app::Arguments),
    Init(init::Arguments),
    Submit(submit::Arguments),
    Verify(verify::Arguments),
    Review(review::Arguments),
    Diff(diff::Arguments),
    Audit(audit::Arguments),
    Guide(guide::Arguments),
    Plan(plan::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
    Licences(licences::Arguments),
    Help(help::Arguments),
}

/// Runs the program on its arguments and gives the code to exit with.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = arguments.into_iter().collect();
    let lang = language_of_messages(&words);
    if let [_program] = words.as_slice()
        && let Some(arguments) = app::Arguments::of_double_click()
    {
        return run_to_end(|terminal| app::run_from_double_click(&arguments, terminal), &Terminal::new(lang));
    }
    let command = command_in(lang);
    let parsed = command.clone().try_get_matches_from(words).and_then(|found| Arguments::from_arg_matches(&found));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(help_or_error) => {
            let terminal = Terminal::new(lang);
            match help::error_in_language(&help_or_error, lang) {
                Some(sentence) => terminal.print_note(&sentence),
                None => terminal.keep_failure(help_or_error.print()),
            }
            let exit = if help_or_error.use_stderr() { Exit::CouldNotRun } else { Exit::Done };
            return finish(exit, &terminal);
        }
    };
    let terminal = Terminal::new(arguments.messages.as_deref().unwrap_or(lang));
    run_to_end(|terminal| run_command(arguments.command, command, terminal), &terminal)
}

fn run_command(chosen: Commands, command: clap::Command, terminal: &Terminal) -> Result<Exit, CommandError> {
    match chosen {
        Commands::Build(arguments) => build::run(&arguments, terminal),
        Commands::Check(arguments) => check::run(&arguments, terminal),
        Commands::Figures(arguments) => figures::run(&arguments, terminal),
        Commands::Explain(arguments) => explain::run(&arguments, terminal),
        Commands::Watch(arguments) => watch::run(&arguments, terminal),
        Commands::App(arguments) => app::run(&arguments, terminal),
        Commands::Init(arguments) => init::run(&arguments, terminal),
        Commands::Submit(arguments) => submit::run(&arguments, terminal),
        Commands::Verify(arguments) => verify::run(&arguments, terminal),
        Commands::Review(arguments) => review::run(&arguments, terminal),
        Commands::Diff(arguments) => diff::run(&arguments, terminal),
        Commands::Audit(arguments) => audit::run(&arguments, terminal),
        Commands::Guide(arguments) => guide::run(&arguments, terminal),
        Commands::Plan(arguments) => plan::run(&arguments, terminal),
        Commands::Completions(arguments) => completions::run(&arguments, command, terminal),
        Commands::Man(arguments) => man::run(&arguments, command, terminal),
        Commands::Licences(arguments) => licences::run(&arguments, terminal),
        Commands::Help(arguments) => help::run(&arguments, command, terminal),
    }
}

/// Runs a command, prints why it couldn't, and gives the code to exit with.
fn run_to_end(command: impl FnOnce(&Terminal) -> Result<Exit, CommandError>, terminal: &Terminal) -> ExitCode {
    let exit = command(terminal).unwrap_or_else(|error| {
        terminal.print_error(&error);
        error.exit()
    });
    finish(exit, terminal)
}

/// The code to exit with; results that nobody can read are as good as none.
fn finish(exit: Exit, terminal: &Terminal) -> ExitCode {
    let exit = terminal.finish().map_or_else(
        |error| {
            terminal.print_error(&error);
            error.exit()
        },
        |()| exit,
    );
    exit.into()
}

/// The whole command line, described in a language of messages.
pub fn command_in(lang: &str) -> clap::Command {
    help::in_language(Arguments::command(), lang)
}

/// Looked up before the command line is parsed, since its errors are in this language too.
fn language_of_messages(words: &[OsString]) -> &'static str {
    let texts: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
    let named = texts.windows(2).find(|pair| pair[0] == "--messages").map(|pair| pair[1].to_owned());
    let named = named.or_else(|| texts.iter().find_map(|word| word.strip_prefix("--messages=")).map(str::to_owned));
    let wanted = named.or_else(|| std::env::var(MESSAGES_VARIABLE).ok()).unwrap_or_default();
    Catalogue::new(&wanted).lang()
}
