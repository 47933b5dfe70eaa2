//! The guide for officers, made from the project that is shipped in the program: by `donor-report guide` and by the app.

#![warn(missing_docs)]

mod pictures;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Problem, kinds};
use crate::folder::shown_path;
use crate::pipeline::{self, BuildError, BuildOptions, BuildProgress, Extent};

/// A file of the guide by its path, and its bytes.
macro_rules! file {
    ($path:literal) => {
        ($path, include_bytes!(concat!("../guide/", $path)))
    };
}

/// Every file of the guide's project: path relative to its folder, with `/`, and content. A list as for the example; a test
/// holds it to the files under version control.
pub const FILES: &[(&str, &[u8])] = &[
    file!("activities.csv"),
    file!("attendance.csv"),
    file!("images/app.en.png"),
    file!("images/app.mk.png"),
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

/// What was made.
pub struct MadeGuide {
    /// Of the guide's own project.
    pub problems: Vec<Problem>,
    /// A PDF in each language; none if the project has errors.
    pub files: Vec<PathBuf>,
}

/// Why the guide couldn't be made.
pub enum GuideFault {
    /// A file couldn't be written.
    Write(Problem),
    /// The guide's project couldn't be built.
    Build(BuildError),
    /// Faults of the program's own templates.
    Templates(Vec<Problem>),
}

impl From<BuildError> for GuideFault {
    fn from(error: BuildError) -> GuideFault {
        GuideFault::Build(error)
    }
}

/// Writes `guide.LANG.pdf` in each language into a folder.
///
/// # Errors
/// See [`GuideFault`].
pub fn make_guide(folder: &Path) -> Result<MadeGuide, GuideFault> {
    fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
    // Beside the guide, so that the finished files need only be renamed.
    let work = tempfile::Builder::new().prefix(".guide-").tempdir_in(folder);
    let work = work.map_err(|error| cannot_write(folder, &error))?;
    let project = work.path().join("project");
    write_project(&project, work.path())?;
    let out = work.path().join("build");
    let options = BuildOptions { extent: Extent::Whole, out: out.clone(), force: true, draft: false };
    let built = pipeline::build(&project, &options, &NoProgress)?;
    let mut made = MadeGuide { files: Vec::new(), problems: Vec::new() };
    if !built.has_errors() {
        let pdfs = built.written.iter().map(Path::new);
        for written in pdfs.filter(|name| name.extension().is_some_and(|ending| ending == "pdf")) {
            let path = folder.join(written.file_name().unwrap_or_default());
            fs::rename(out.join(&built.code).join(written), &path).map_err(|error| cannot_write(&path, &error))?;
            made.files.push(path);
        }
    }
    made.problems = built.problems;
    Ok(made)
}

/// The guide in a language, as the bytes of its PDF; `None` if it couldn't be made, or there is none in that language.
pub fn guide_pdf(lang: &str) -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().ok()?;
    make_guide(folder.path()).ok()?;
    fs::read(folder.path().join(format!("guide.{lang}.pdf"))).ok()
}

/// Writes the guide's project into a folder, and draws its pictures; `work` is a folder for what they are drawn from.
fn write_project(project: &Path, work: &Path) -> Result<(), GuideFault> {
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

fn cannot_write(path: &Path, error: &io::Error) -> GuideFault {
    let (file, why) = (shown_path(path), error.to_string());
    GuideFault::Write(Problem::error(kinds::CannotWrite::Plain { file, why }))
}
