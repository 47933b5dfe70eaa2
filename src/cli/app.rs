use std::path::PathBuf;

use clap::Args;

use super::{CommandError, Exit, Terminal};
use crate::app::{App, AppError, AppOptions, has_projects};
use crate::diagnostic::{kinds, phrases};

/// Everything in the browser: problems beside their cells, figures and their rows, building and sending
///
/// Only this machine can see it. Outputs go to build/ in the folder, or beside a project's own folder. Without a command,
/// as a double click starts it, the program opens
/// the projects of the folder it is in, if there are any.
///
/// Example: donor-report app inputs/myla-2017
#[derive(Debug, Args)]
pub struct Arguments {
    /// A project's folder, or one with projects in it or in its inputs/
    #[arg(value_name = "FOLDER", default_value = ".")]
    folder: PathBuf,
    /// Only print the address; no program is opened
    #[arg(long)]
    no_open: bool,
    /// Port of the page's address; 0: one that is free
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
}

impl Arguments {
    /// What a double click on the program means: the projects beside it; `None` if there are none.
    pub fn of_double_click() -> Option<Arguments> {
        let folder = std::env::current_exe().ok()?.parent()?.to_owned();
        has_projects(&folder).then_some(Arguments { folder, no_open: false, port: 0 })
    }
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let shown = arguments.folder.to_string_lossy().replace('\\', "/");
    if !arguments.folder.is_dir() {
        return Err(CommandError::new(kinds::NotAFolder { folder: shown }));
    }
    if !has_projects(&arguments.folder) {
        return Err(CommandError::new(kinds::NoProjects { folder: shown }));
    }
    let cannot_serve = |error: std::io::Error| {
        CommandError::new(kinds::CannotServe { port: arguments.port.to_string(), why: error.to_string() })
    };
    let options = AppOptions {
        folder: &arguments.folder,
        port: arguments.port,
        lang: terminal.catalogue().lang(),
        can_open_files: !arguments.no_open,
    };
    let app = App::start(&options).map_err(|error| match error {
        AppError::Watch(why) => CommandError::new(kinds::CannotWatch { why }),
        AppError::Serve(error) => cannot_serve(error),
    })?;
    let address = app.address();
    terminal.print_result(&terminal.phrase(phrases::AppAt { folder: shown, address: address.clone() }));
    terminal.print_note(&terminal.phrase(phrases::AppEnds));
    if !arguments.no_open
        && let Err(error) = open::that_detached(&address)
    {
        terminal.print_note(&terminal.phrase(phrases::BrowserNotOpened { why: error.to_string() }));
    }
    app.run().map_err(cannot_serve)?;
    Ok(Exit::Done)
}
