use clap::Args;

use super::{CommandError, Exit, Terminal};

const PROGRAM: &str = include_str!("../../LICENSE-MIT");
const THIRD_PARTY: &str = include_str!("../../THIRD-PARTY.md");
const FONTS: &str = include_str!("../../templates/fonts/LICENSE_FONT");

/// Print the licences of the program, of the libraries in it and of its fonts
///
/// Example: donor-report licences > licences.txt
#[derive(Debug, Args)]
pub struct Arguments {}

pub(super) fn run(_: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    for text in [PROGRAM, THIRD_PARTY, FONTS] {
        terminal.print_result(text);
    }
    Ok(Exit::Done)
}
