use std::collections::BTreeMap;
use std::path::Path;

use super::load::Loaded;
use crate::disclosure::{self, Releases};
use crate::indicators::{self, Figures};

/// Folders whose files say nothing of tables and settings.
const PROSE: [&str; 4] = ["narrative/", "profiles/", "templates/", "submitted/"];

/// What is known of a project that was built before, for a program that goes on running (`watch`). Tables are kept
/// together: rows are resolved against one another while they stream by, so that a part read alone would have to keep
/// every row of the others, which costs more than reading them again.
#[derive(Default)]
pub struct Remembered(Option<(BTreeMap<String, String>, Counted)>);

/// A project that was read, with its figures where its tables have no errors.
pub(super) struct Counted {
    pub loaded: Loaded,
    pub figures: Option<(Figures, Releases)>,
}

impl Counted {
    pub(super) fn new(loaded: Loaded) -> Counted {
        let figures = loaded.checked.project.as_ref().filter(|_| !loaded.has_errors()).map(|project| {
            let figures = indicators::count(project);
            let releases = disclosure::release(project, &figures);
            (figures, releases)
        });
        Counted { loaded, figures }
    }
}

impl Remembered {
    /// What was read before with today's prose, where nothing else has changed since.
    pub(super) fn recall(&mut self, folder: &Path, inputs: &BTreeMap<String, String>) -> Option<Counted> {
        let (before, mut counted) = self.0.take()?;
        if counted.figures.is_none() || !tables(&before).eq(tables(inputs)) {
            return None;
        }
        counted.loaded.read_prose_again(folder);
        Some(counted)
    }

    pub(super) fn holds_any(&self) -> bool {
        self.0.is_some()
    }

    pub(super) fn keep(&mut self, counted: Counted, inputs: BTreeMap<String, String>) {
        self.0 = Some((inputs, counted));
    }
}

/// Files that tables and settings are read from.
fn tables(inputs: &BTreeMap<String, String>) -> impl Iterator<Item = (&String, &String)> {
    inputs.iter().filter(|(path, _)| !PROSE.iter().any(|folder| path.starts_with(folder)))
}
