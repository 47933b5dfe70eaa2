use std::path::PathBuf;

use clap::Args;

use super::double_click;
use super::{CommandError, Exit, Terminal};
use crate::app::{App, AppError, AppOptions};
use crate::diagnostic::{kinds, phrases};
use crate::folder::shown_path;

/// Everything in the browser: problems beside their cells, figures and their rows, writing, building and sending
///
/// Only this machine can see it. Outputs go to build/ in the folder, or beside a project's own folder. Without a command,
/// as a double click starts it, the program opens the folder it is in, and ends some minutes after its page was closed.
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
    /// Nobody may be before a console to end it.
    #[arg(skip)]
    ends_with_page: bool,
}

impl Arguments {
    /// What a call without arguments means; `None` if it isn't a double click.
    pub fn of_double_click() -> Option<Arguments> {
        let folder = double_click::opened_folder()?;
        Some(Arguments { folder, no_open: false, port: 0, ends_with_page: true })
    }
}

/// Runs the app for somebody who may have no console: what goes wrong is shown in a window.
pub(super) fn run_from_double_click(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    double_click::close_own_console();
    run(arguments, terminal).inspect_err(|error| double_click::show(&terminal.error_text(error)))
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let shown = shown_path(&arguments.folder);
    if !arguments.folder.is_dir() {
        return Err(CommandError::new(kinds::NotAFolder { folder: shown }));
    }
    let cannot_serve = |error: std::io::Error| {
        CommandError::new(kinds::CannotServe { port: arguments.port.to_string(), why: error.to_string() })
    };
    let options = AppOptions {
        folder: &arguments.folder,
        port: arguments.port,
        lang: terminal.catalogue().lang(),
        can_open_files: !arguments.no_open,
        ends_with_page: arguments.ends_with_page,
    };
    let app = App::start(&options).map_err(|error| match error {
        AppError::Watch(why) => CommandError::new(kinds::CannotWatch { why }),
        AppError::Serve(error) => cannot_serve(error),
    })?;
    let address = app.address();
    let opened = arguments.folder.canonicalize().map_or(shown, |folder| shown_path(&folder));
    terminal.print_result(&terminal.phrase(phrases::AppAt { folder: opened, address: address.clone() }));
    terminal.print_note(&terminal.phrase(phrases::AppEnds));
    if !arguments.no_open && open::that_detached(&address).is_err() {
        let sentence = terminal.phrase(phrases::BrowserNotOpened);
        terminal.print_note(&sentence);
        double_click::show(&format!("{sentence}\n\n{address}"));
    }
    app.run().map_err(cannot_serve)?;
    Ok(Exit::Done)
}
