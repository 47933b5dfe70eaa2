//! `donor-report preview`: pages, problems and figures with their rows in the browser, anew at every save.
//!
//! ```text
//! state        what was read last, and what of it is still good
//! view         the same as the page gets it: texts and numbers in the language of messages
//! figure_rows  the rows behind one figure
//! router       path → response
//! server       the loopback address, and whose requests are answered
//! ```
//!
//! The page itself is in `templates/preview/`, its words in `templates/labels/`.

mod figure_rows;
mod router;
mod server;
mod state;
mod view;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::folder_watcher::{Burst, FolderWatcher};
use super::{CommandError, Exit, ProjectFolder, Terminal};
use crate::diagnostic::{Catalogue, kinds, phrases};
use crate::locale::Locale;
use crate::model::Lang;
use crate::pipeline;
use crate::render::pdf::keep_layouts_cached;
use router::Router;
use server::Server;
use state::PreviewState;

/// Show pages, problems and figures with their rows in the browser, anew at every save
///
/// Only this machine can see it, and nothing is written.
/// Example: donor-report preview inputs/myla-2017
#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder of the project; left out: the one folder of inputs/ with a project.toml
    #[arg(value_name = "PROJECT")]
    project: Option<PathBuf>,
    /// Port of the page's address; 0: one that is free
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
}

/// The language that the page is written in.
pub(super) struct MessageLanguage {
    pub catalogue: Catalogue,
    pub locale: Locale,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let folder = ProjectFolder::find_one(arguments.project.as_ref())?;
    keep_layouts_cached();
    let lang = terminal.catalogue().lang();
    // Every language of messages has its phrases; a test holds it.
    let Some(locale) = Locale::new(&Lang::new(lang)) else { return Ok(Exit::CouldNotRun) };
    let watcher = FolderWatcher::start(std::slice::from_ref(&folder))
        .map_err(|error| CommandError::new(kinds::CannotWatch { why: error.to_string() }))?;
    let cannot_serve = |error: std::io::Error| {
        CommandError::new(kinds::CannotServe { port: arguments.port.to_string(), why: error.to_string() })
    };
    let server = Server::bind(arguments.port).map_err(cannot_serve)?;
    let language = Arc::new(MessageLanguage { catalogue: Catalogue::new(lang), locale });
    let state = Arc::new(PreviewState::new());
    let address = server.address();
    terminal.print_result(&terminal.phrase(phrases::PreviewAt { folder: folder.shown.clone(), address }));
    terminal.print_note(&terminal.phrase(phrases::Watching));
    let refresher = Refresher { folder, language: Arc::clone(&language), state: Arc::clone(&state) };
    std::thread::spawn(move || refresher.follow(&watcher));
    server.run(Arc::new(Router::new(state, language))).map_err(cannot_serve)?;
    Ok(Exit::Done)
}

/// Reads the folder at every save and puts what it finds into the state.
struct Refresher {
    folder: ProjectFolder,
    language: Arc<MessageLanguage>,
    state: Arc<PreviewState>,
}

impl Refresher {
    fn follow(&self, watcher: &FolderWatcher) {
        self.read();
        loop {
            match watcher.next_burst(None) {
                Burst::Changes(changed) if changed.concern(&self.folder, None) => self.read(),
                Burst::Changes(_) | Burst::Quiet => {}
                Burst::Closed => return,
            }
        }
    }

    fn read(&self) {
        self.state.reading();
        self.state.show(pipeline::preview(&self.folder.path), &self.language);
    }
}
