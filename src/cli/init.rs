//! `donor-report init`: a new project.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::example;

/// Make a new project: a filled-in example, or empty workbooks to type into
///
/// Example: donor-report init inputs/my-project --empty
#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder to make; it must not exist yet, or be empty
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    #[command(flatten)]
    pub what: What,
}

/// One of the two.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct What {
    /// The project that the program was written for, with invented persons and dates: look around and build it
    #[arg(long)]
    pub example: bool,
}

/// Why a new project couldn't be made.
#[derive(Debug)]
pub enum Fault {
    /// The folder already holds something; nothing was written.
    NotEmpty(PathBuf),
    Write(PathBuf, io::Error),
    /// A workbook couldn't be put together.
    Workbook(String),
}

/// Makes the project; gives the paths that were written, in their order.
pub fn make(folder: &Path, what: &What) -> Result<Vec<PathBuf>, Fault> {
    let _ = what;
    let files = example::files().map_err(|error| Fault::Workbook(error.to_string()))?;
    write(folder, &files)
}

fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<PathBuf>, Fault> {
    if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) || folder.is_file() {
        return Err(Fault::NotEmpty(folder.to_owned()));
    }
    let mut written = Vec::new();
    for (name, content) in files {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::write(&path, content))
            .map_err(|error| Fault::Write(path.clone(), error))?;
        written.push(path);
    }
    Ok(written)
}
