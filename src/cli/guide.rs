//! `donor-report guide`: the guide for officers, made from the project that is shipped in the program.

mod pictures;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{CommandError, Exit, Terminal};
use crate::diagnostic::{kinds, phrases};
use crate::folder::shown_path;
use crate::pipeline::{self, BuildOptions, BuildProgress, Extent};

/// A file of the guide by its path, and its bytes.
macro_rules! file {
    ($path:literal) => {
        ($path, include_bytes!(concat!("../../guide/", $path)))
    };
}

/// Every file of the guide's project: path relative to its folder, with `/`, and content. A list as for the example; a test
/// holds it to the files under version control.
pub const FILES: &[(&str, &[u8])] = &[
    file!("activities.csv"),
    file!("attendance.csv"),
    file!("images/cover.svg"),
    file!("indicators.csv"),
    file!("lists.csv"),
    file!("narrative/guide/build.en.md"),
    file!("narrative/guide/build.mk.md"),
    file!("narrative/guide/check.en.md"),
    file!("narrative/guide/check.mk.md"),
    file!("narrative/guide/columns.en.md"),
    file!("narrative/guide/columns.mk.md"),
    file!("narrative/guide/forms.en.md"),
    file!("narrative/guide/forms.mk.md"),
    file!("narrative/guide/own.en.md"),
    file!("narrative/guide/own.mk.md"),
    file!("narrative/guide/people.en.md"),
    file!("narrative/guide/people.mk.md"),
    file!("narrative/guide/prose.en.md"),
    file!("narrative/guide/prose.mk.md"),
    file!("narrative/guide/rows.en.md"),
    file!("narrative/guide/rows.mk.md"),
    file!("narrative/guide/sent.en.md"),
    file!("narrative/guide/sent.mk.md"),
    file!("narrative/guide/shapes.en.md"),
    file!("narrative/guide/shapes.mk.md"),
    file!("narrative/guide/start.en.md"),
    file!("narrative/guide/start.mk.md"),
    file!("narrative/guide/targets.en.md"),
    file!("narrative/guide/targets.mk.md"),
    file!("narrative/guide/trouble.en.md"),
    file!("narrative/guide/trouble.mk.md"),
    file!("narrative/guide/word.en.md"),
    file!("narrative/guide/word.mk.md"),
    file!("participants.csv"),
    file!("profiles/guide.toml"),
    file!("project.toml"),
];

/// Make the guide for officers, a PDF in each language
///
/// Example: donor-report guide
#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder to write to
    #[arg(value_name = "DIR", default_value = "guide")]
    folder: PathBuf,
}

/// Writes the guide's project into a folder, and draws its pictures; `work` is a folder for what they are drawn from.
///
/// # Errors
/// A disk that can't be written, or a fault of a template.
fn write_project(project: &Path, work: &Path) -> Result<(), CommandError> {
    for (name, content) in FILES {
        let path = project.join(name);
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::write(&path, content)).map_err(|error| cannot_write(&path, &error))?;
    }
    pictures::draw_pictures(project, &work.join("example"))
}

/// Nobody waits for so few pages.
struct NoProgress;

impl BuildProgress for NoProgress {}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let folder = &arguments.folder;
    fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
    // Beside the guide, so that the finished files need only be renamed.
    let work = tempfile::Builder::new().prefix(".guide-").tempdir_in(folder);
    let work = work.map_err(|error| cannot_write(folder, &error))?;
    let project = work.path().join("project");
    write_project(&project, work.path())?;
    let out = work.path().join("build");
    let options = BuildOptions { extent: Extent::Whole, out: out.clone(), force: true, draft: false };
    let built = pipeline::build(&project, &options, &NoProgress)?;
    terminal.print_problems(&built.problems, "");
    if built.has_errors() {
        return Ok(Exit::Problems);
    }
    for written in built.written.iter().map(Path::new).filter(|name| name.extension().is_some_and(|end| end == "pdf")) {
        let path = folder.join(written.file_name().unwrap_or_default());
        fs::rename(out.join(&built.code).join(written), &path).map_err(|error| cannot_write(&path, &error))?;
        terminal.print_result(&terminal.phrase(phrases::Wrote { file: shown_path(&path) }));
    }
    Ok(Exit::Done)
}

fn cannot_write(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::new(kinds::CannotWrite::Plain { file: shown_path(path), why: error.to_string() })
}
