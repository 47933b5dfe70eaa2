use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::submit::WaitingNotice;
use super::{CommandError, Exit, ProjectFolder, Terminal, build};
use crate::diagnostic::{kinds, phrases};
use crate::folder::{Burst, FolderWatcher};
use crate::pipeline::{self, BuildOptions, Extent, TableCache};
use crate::render::pdf::keep_layouts_cached;

/// A save may pause half-way. Problems are printed if nothing that could have mended them came for this long.
const PATIENCE: Duration = Duration::from_millis(400);

/// Build again at every change
///
/// Example: donor-report watch inputs/myla-2017
#[derive(Debug, Args)]
pub struct Arguments {
    /// Project folders; none: every folder of inputs/ with a project.toml
    #[arg(value_name = "PROJECT")]
    projects: Vec<PathBuf>,
    /// Folder to write to
    #[arg(long, value_name = "DIR", default_value = "build")]
    out: PathBuf,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let folders = ProjectFolder::find(&arguments.projects)?;
    keep_layouts_cached();
    let options = BuildOptions { extent: Extent::Whole, out: arguments.out.clone(), force: false, draft: false };
    let paths: Vec<PathBuf> = folders.iter().map(|folder| folder.path.clone()).collect();
    let watcher = FolderWatcher::start(&paths)
        .map_err(|error| CommandError::new(kinds::CannotWatch { why: error.to_string() }))?;
    let mut watched: Vec<Watched> = folders.into_iter().map(Watched::new).collect();
    watched.iter_mut().for_each(|project| {
        project.build(&options, terminal);
        project.print(&options, terminal);
    });
    terminal.print_note(&terminal.phrase(phrases::Watching));
    let mut unprinted: Vec<usize> = Vec::new();
    loop {
        let patience = if unprinted.is_empty() { None } else { Some(PATIENCE) };
        match watcher.next_burst(patience) {
            Burst::Changes(changed) => {
                for (at, project) in watched.iter_mut().enumerate() {
                    if !changed.concern(&project.folder.path, Some(&options.out)) {
                        continue;
                    }
                    project.build(&options, terminal);
                    unprinted.retain(|other| *other != at);
                    if project.has_problems() {
                        unprinted.push(at);
                    } else {
                        project.print(&options, terminal);
                    }
                }
            }
            Burst::Quiet => unprinted.drain(..).for_each(|at| watched[at].print(&options, terminal)),
            Burst::Closed => return Ok(Exit::Done),
        }
    }
}

/// A project that is built at every change, and how its last build ended.
struct Watched {
    folder: ProjectFolder,
    tables: TableCache,
    ended: Option<Result<pipeline::Built, pipeline::BuildError>>,
    /// The screen shows a problem.
    problems_shown: bool,
}

impl Watched {
    fn new(folder: ProjectFolder) -> Watched {
        Watched { folder, tables: TableCache::default(), ended: None, problems_shown: false }
    }

    fn build(&mut self, options: &BuildOptions, terminal: &Terminal) {
        let progress = WaitingNotice { folder: &self.folder, terminal };
        self.ended = Some(pipeline::rebuild(&self.folder.path, options, &progress, &mut self.tables));
    }

    fn has_problems(&self) -> bool {
        self.ended.as_ref().is_some_and(|ended| ended.as_ref().map_or(true, pipeline::Built::has_errors))
    }

    fn print(&mut self, options: &BuildOptions, terminal: &Terminal) {
        terminal.clear();
        match &self.ended {
            Some(Ok(built)) => {
                build::print_built(built, &self.folder, options, terminal);
            }
            Some(Err(error)) => terminal.print_error(&error.into()),
            None => {}
        }
        let problems = self.has_problems();
        if self.problems_shown && !problems {
            terminal.print_note(&terminal.phrase(phrases::Mended { folder: self.folder.shown.clone() }));
        }
        self.problems_shown = problems;
    }
}
