use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::saves::{Burst, Saves};
use super::submit::Quiet;
use super::{Exit, ProjectFolder, Terminal, build};
use crate::pipeline::{self, BuildOptions, Extent, TableCache};
use crate::render::pdf::remember_layouts;

/// A save may pause half-way. Problems are told when this long nothing came that could have mended them.
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

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    let Some(folders) = ProjectFolder::find(&arguments.projects, terminal) else { return Exit::CouldNotRun };
    remember_layouts();
    let options = BuildOptions { extent: Extent::Whole, out: arguments.out.clone(), force: false };
    let saves = match Saves::of(&folders) {
        Ok(saves) => saves,
        Err(error) => {
            terminal.complain("cannot-watch", &[("why", &error.to_string())]);
            return Exit::CouldNotRun;
        }
    };
    let mut watched: Vec<Watched> = folders.into_iter().map(Watched::new).collect();
    watched.iter_mut().for_each(|project| {
        project.build(&options, terminal);
        project.tell(&options, terminal);
    });
    terminal.remark(&terminal.sentence("watching", &[]));
    let mut untold: Vec<usize> = Vec::new();
    loop {
        let patience = if untold.is_empty() { None } else { Some(PATIENCE) };
        match saves.next_burst(patience) {
            Burst::Changes(changed) => {
                for (at, project) in watched.iter_mut().enumerate() {
                    if !changed.concern(&project.folder, Some(&options.out)) {
                        continue;
                    }
                    project.build(&options, terminal);
                    untold.retain(|other| *other != at);
                    if project.has_problems() {
                        untold.push(at);
                    } else {
                        project.tell(&options, terminal);
                    }
                }
            }
            Burst::Quiet => untold.drain(..).for_each(|at| watched[at].tell(&options, terminal)),
            Burst::Closed => return Exit::Done,
        }
    }
}

/// A project that is built at every change, and how its last build ended.
struct Watched {
    folder: ProjectFolder,
    tables: TableCache,
    ended: Option<Result<pipeline::Built, pipeline::BuildError>>,
    /// What stands on the screen is a problem.
    problems_shown: bool,
}

impl Watched {
    fn new(folder: ProjectFolder) -> Watched {
        Watched { folder, tables: TableCache::default(), ended: None, problems_shown: false }
    }

    fn build(&mut self, options: &BuildOptions, terminal: &Terminal) {
        let progress = Quiet { folder: &self.folder, terminal };
        self.ended = Some(pipeline::rebuild(&self.folder.path, options, &progress, &mut self.tables));
    }

    fn has_problems(&self) -> bool {
        self.ended.as_ref().is_some_and(|ended| ended.as_ref().map_or(true, pipeline::Built::has_errors))
    }

    fn tell(&mut self, options: &BuildOptions, terminal: &Terminal) {
        terminal.clear();
        match &self.ended {
            Some(Ok(built)) => {
                build::tell(built, &self.folder, options, terminal);
            }
            Some(Err(fault)) => build::complain(fault, terminal),
            None => {}
        }
        let problems = self.has_problems();
        if self.problems_shown && !problems {
            terminal.remark(&terminal.sentence("mended", &[("folder", &self.folder.shown)]));
        }
        self.problems_shown = problems;
    }
}
