//! `donor-report preview`: pages, problems and figures with their rows in the browser, anew at every save.
//!
//! ```text
//! board      what was read last, and what of it is still good
//! view       the same as the page gets it: texts and numbers in the language of messages
//! evidence   the rows behind one figure
//! answer     path → what is sent
//! server     the loopback address, and who may ask
//! ```
//!
//! The page itself stands in `templates/preview/`, its words in `templates/labels/`.

mod answer;
mod board;
mod evidence;
mod server;
mod view;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::saves::{Burst, Saves};
use super::{Exit, ProjectFolder, Terminal};
use crate::diagnostic::Catalogue;
use crate::locale::Locale;
use crate::model::Lang;
use crate::pipeline;
use crate::render::pdf::remember_layouts;
use answer::Desk;
use board::Board;
use server::Server;

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

/// In which language the page speaks.
pub(super) struct Speech {
    pub catalogue: Catalogue,
    pub locale: Locale,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    let Some(folder) = ProjectFolder::find_one(arguments.project.as_ref(), terminal) else {
        return Exit::CouldNotRun;
    };
    remember_layouts();
    let lang = terminal.catalogue().lang();
    // Every language of messages has its phrases; a test holds it.
    let Some(locale) = Locale::new(&Lang::new(lang)) else { return Exit::CouldNotRun };
    let saves = match Saves::of(std::slice::from_ref(&folder)) {
        Ok(saves) => saves,
        Err(error) => {
            terminal.complain("cannot-watch", &[("why", &error.to_string())]);
            return Exit::CouldNotRun;
        }
    };
    let cannot_serve = |error: std::io::Error| {
        let port = arguments.port.to_string();
        terminal.complain("cannot-serve", &[("port", &port), ("why", &error.to_string())]);
        Exit::CouldNotRun
    };
    let server = match Server::bind(arguments.port) {
        Ok(server) => server,
        Err(error) => return cannot_serve(error),
    };
    let speech = Arc::new(Speech { catalogue: Catalogue::new(lang), locale });
    let board = Arc::new(Board::new());
    let address = server.address();
    terminal.result(&terminal.sentence("preview-at", &[("folder", &folder.shown), ("address", &address)]));
    terminal.remark(&terminal.sentence("watching", &[]));
    let reader = Reader { folder, speech: Arc::clone(&speech), board: Arc::clone(&board) };
    std::thread::spawn(move || reader.follow(&saves));
    match server.run(Arc::new(Desk::new(board, speech))) {
        Ok(()) => Exit::Done,
        Err(error) => cannot_serve(error),
    }
}

/// Reads the folder at every save and puts what it finds on the board.
struct Reader {
    folder: ProjectFolder,
    speech: Arc<Speech>,
    board: Arc<Board>,
}

impl Reader {
    fn follow(&self, saves: &Saves) {
        self.read();
        loop {
            match saves.next_burst(None) {
                Burst::Changes(changed) if changed.concern(&self.folder, None) => self.read(),
                Burst::Changes(_) | Burst::Quiet => {}
                Burst::Closed => return,
            }
        }
    }

    fn read(&self) {
        self.board.reading();
        self.board.show(pipeline::preview(&self.folder.path), &self.speech);
    }
}
