use clap::{Args, Command};

use super::{Exit, Terminal};

/// Print the manual page of the program, or of one of its commands
///
/// Example: donor-report man build > donor-report-build.1
#[derive(Debug, Args)]
pub struct Arguments {
    /// The command; left out: the program as a whole
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn run(arguments: &Arguments, command: Command, terminal: &Terminal) -> Exit {
    let name = arguments.command.as_deref();
    let Some(page) = super::help::find(command, name) else {
        terminal.complain("no-such-command", &[("command", name.unwrap_or_default())]);
        return Exit::CouldNotRun;
    };
    let title = name.map_or_else(|| super::NAME.to_owned(), |name| format!("{}-{name}", super::NAME));
    let mut roff = Vec::new();
    // Writing to memory can't fail.
    let _ = clap_mangen::Man::new(page.name(title)).render(&mut roff);
    terminal.result(&String::from_utf8_lossy(&roff));
    Exit::Done
}
