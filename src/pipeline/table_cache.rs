use std::collections::BTreeMap;
use std::path::Path;

use super::load::{self, Loaded};
use super::outcome::BuildOptions;
use crate::disclosure::{self, Releases};
use crate::folder::hash_files;
use crate::indicators::{self, Figures};

/// Folders whose files say nothing of tables and settings.
const PROSE_FOLDERS: [&str; 4] = ["narrative/", "profiles/", "templates/", "submitted/"];

/// How often a folder that is changed while it is read is read again.
const MOST_READS: usize = 3;

/// Every file of a project's folder with the BLAKE3 of its content.
pub(super) type InputHashes = BTreeMap<String, String>;

/// The tables of the last build, for a program that goes on running (`watch`). Tables are kept together: rows are resolved
/// against one another while they stream by, so that a table read alone would need every row of the others in memory, which
/// costs more than reading them again.
#[derive(Default)]
pub struct TableCache(Option<(InputHashes, CountedTables)>);

/// A project that was read, with its figures if its tables have no errors.
pub(super) struct CountedTables {
    pub loaded: Loaded,
    pub figures: Option<(Figures, Releases)>,
}

impl CountedTables {
    pub(super) fn new(loaded: Loaded) -> CountedTables {
        let figures = loaded.checked.project.as_ref().filter(|_| !loaded.is_stopped()).map(|project| {
            let figures = indicators::count(project);
            let releases = disclosure::release(project, &figures);
            (figures, releases)
        });
        CountedTables { loaded, figures }
    }
}

impl TableCache {
    /// The cached tables with today's prose, if only prose has changed since; else everything is read. `inputs` are the
    /// folder's files as they were before; returned as they were when they were read.
    pub(super) fn take_or_read(
        &mut self,
        folder: &Path,
        inputs: InputHashes,
        options: &BuildOptions,
    ) -> (CountedTables, InputHashes) {
        match self.take(folder, &inputs) {
            Some(counted) => (counted, inputs),
            None => read_and_count(folder, inputs, options),
        }
    }

    fn take(&mut self, folder: &Path, inputs: &InputHashes) -> Option<CountedTables> {
        let (before, mut counted) = self.0.take()?;
        if counted.figures.is_none() || !table_files(&before).eq(table_files(inputs)) {
            return None;
        }
        counted.loaded.read_prose_again(folder);
        Some(counted)
    }

    pub(super) fn put(&mut self, counted: CountedTables, inputs: InputHashes) {
        self.0 = Some((inputs, counted));
    }

    /// Frees the memory of millions of rows on another thread.
    pub(super) fn drop_in_background(self) {
        if self.0.is_some() {
            rayon::spawn(move || drop(self));
        }
    }
}

/// Files that tables and settings are read from.
fn table_files(inputs: &InputHashes) -> impl Iterator<Item = (&String, &String)> {
    inputs.iter().filter(|(path, _)| !PROSE_FOLDERS.iter().any(|folder| path.starts_with(folder)))
}

/// A workbook may be saved while it is being read: reads again until the folder was the same before and after. If it never
/// is, no inputs are returned, so that the next build reads it again.
fn read_and_count(folder: &Path, mut before: InputHashes, options: &BuildOptions) -> (CountedTables, InputHashes) {
    let read = if options.draft { load::read_draft } else { load::read };
    let mut loaded = read(folder);
    for _ in 0..MOST_READS {
        // Counted at the same time, since files hardly ever change.
        let (after, counted) = rayon::join(|| hash_files(folder, Some(&options.out)), || CountedTables::new(loaded));
        if after == before {
            return (counted, before);
        }
        before = after;
        loaded = read(folder);
    }
    (CountedTables::new(loaded), BTreeMap::new())
}
