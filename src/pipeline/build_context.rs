use std::path::Path;

use super::load::Prose;
use super::outcome::{BuildError, BuildProgress};
use super::restated::Restated;
use crate::disclosure::Releases;
use crate::indicators::Figures;
use crate::model::{Project, Waived};
use crate::output::leak_scanner::LeakScanner;
use crate::output::{Record, RecordedFile, Stage, checksum};

/// Everything that outputs are made from, and where they go.
pub(super) struct BuildContext<'a> {
    pub project: &'a Project,
    pub prose: &'a Prose,
    pub figures: &'a Figures,
    pub releases: &'a Releases,
    pub waived: &'a [Waived],
    pub scanner: &'a LeakScanner<'a>,
    pub restated: &'a Restated,
    /// Hash over all tables and project.toml.
    pub tables_hash: String,
    /// `<out>/<code>`
    pub home: &'a Path,
    pub stage: &'a Stage,
    /// What the last build made; `None` if everything is to be made anew.
    pub previous: Option<&'a Record>,
    /// What has errors is left out instead of stopping its report.
    pub is_draft: bool,
    pub progress: &'a dyn BuildProgress,
}

/// One output, as it will be recorded.
pub(super) struct Output {
    /// Relative to `home`.
    pub name: String,
    pub recorded: RecordedFile,
    /// The file in `home` is as it should be; nothing is to be published.
    pub is_current: bool,
    /// It was made now, even if it came out as the file in `home`.
    pub is_staged: bool,
}

impl BuildContext<'_> {
    /// A short text as an output: staged, unless it is current.
    pub(super) fn make_text_file(&self, name: &str, text: &str) -> Result<Output, BuildError> {
        let content = checksum(text.as_bytes());
        if let Some(output) = self.find_current(name, &content) {
            return Ok(output);
        }
        self.stage.write(name, text.as_bytes())?;
        Ok(self.staged(name.to_owned(), content.clone(), content))
    }

    /// An output that was made anew; if it came out as it was, the file in `home` is left alone.
    pub(super) fn staged(&self, name: String, made_from: String, content: String) -> Output {
        let is_current = self.previous.is_some_and(|previous| previous.holds(self.home, &name, &content));
        Output { name, recorded: RecordedFile { made_from, content }, is_current, is_staged: true }
    }

    /// The output as the last build made it, if it would come out the same now.
    pub(super) fn find_current(&self, name: &str, made_from: &str) -> Option<Output> {
        let previous = self.previous?;
        let is_current = previous.is_current(self.home, name, made_from);
        let recorded = previous.outputs.get(name).filter(|_| is_current)?;
        Some(Output { name: name.to_owned(), recorded: recorded.clone(), is_current: true, is_staged: false })
    }
}
