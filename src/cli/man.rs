use clap::{Args, Command};

use super::{CommandError, Exit, Terminal};

/// Print the manual page of the program, or of one of its commands
///
/// Example: donor-report man build > donor-report-build.1
#[derive(Debug, Args)]
pub struct Arguments {
    /// The command; left out: the program as a whole
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn run(arguments: &Arguments, command: Command, terminal: &Terminal) -> Result<Exit, CommandError> {
    let name = arguments.command.as_deref();
    let page = super::help::find(command, name)?;
    let title = name.map_or_else(|| super::NAME.to_owned(), |name| format!("{}-{name}", super::NAME));
    let mut roff = Vec::new();
    // Writing to memory can't fail.
    let _ = clap_mangen::Man::new(page.name(title)).render(&mut roff);
    terminal.print_result(&String::from_utf8_lossy(&roff));
    Ok(Exit::Done)
}
