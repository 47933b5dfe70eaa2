use clap::{Args, Command};
use clap_complete::Shell;

use super::{CommandError, Exit, Terminal};

/// Print what a shell needs to complete commands and flags with the Tab key
///
/// Example: donor-report completions bash > ~/.local/share/bash-completion/completions/donor-report
#[derive(Debug, Args)]
pub struct Arguments {
    /// The shell to print it for
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, mut command: Command, terminal: &Terminal) -> Result<Exit, CommandError> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, super::NAME, &mut script);
    terminal.print_result(&String::from_utf8_lossy(&script));
    Ok(Exit::Done)
}
