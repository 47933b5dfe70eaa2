use std::path::Path;

use serde_json::Value;

use super::edition::{Edition, FilledProse, sentences_of};
use super::load::{self, Prose};
use super::report_version::{content_mark, version_of};
use super::restated::{Restated, find_restated};
use super::table_cache::CountedTables;
use crate::disclosure::Releases;
use crate::indicators::Figures;
use crate::model::{Project, Waived};
use crate::output::{ContentMark, SectionSentences};
use crate::report::figures;

/// A project without errors as it is now: read, counted and released.
pub(super) struct CurrentState {
    pub project: Project,
    pub figures: Figures,
    prose: Option<Prose>,
    releases: Releases,
    restated: Restated,
    waived: Vec<Waived>,
}

/// One report for one period as it is now.
pub(super) struct CurrentEdition {
    /// See [`version_of`].
    pub version: u32,
    /// What its documents say as the version after those that were submitted.
    pub next_content: ContentMark,
    /// Of its prose.
    pub sentences: SectionSentences,
}

impl CurrentState {
    /// `None` if the project has errors.
    pub(super) fn read(folder: &Path) -> Option<CurrentState> {
        CurrentState::from_tables(folder, CountedTables::new(load::read(folder)))
    }

    /// Of a project that was read already.
    pub(super) fn from_tables(folder: &Path, mut counted: CountedTables) -> Option<CurrentState> {
        let (figures, releases) = counted.figures?;
        let project = counted.loaded.checked.project.take()?;
        let restated = find_restated(folder, &project, &figures);
        let waived = counted.loaded.checked.waived;
        Some(CurrentState { project, figures, prose: counted.loaded.prose, releases, restated, waived })
    }

    /// The sentences of a report's prose.
    pub(super) fn sentences(&self, report: &str, period: &str) -> SectionSentences {
        self.edition(report, period).map(|(_, prose)| sentences_of(&prose)).unwrap_or_default()
    }

    /// What a report says now; `None` if project.toml names no such report or period.
    pub(super) fn current_edition(&self, report: &str, period: &str) -> Option<CurrentEdition> {
        let (edition, prose) = self.edition(report, period)?;
        let latest = self.restated.versions(report, period).next_back().map_or(0, |sent| sent.version);
        let next = edition.with_version(latest + 1);
        Some(CurrentEdition {
            version: version_of(&edition, &prose, &self.restated, &self.waived),
            next_content: content_mark(&next, &prose, &self.restated, &self.waived),
            sentences: sentences_of(&prose),
        })
    }

    fn edition(&self, report: &str, period: &str) -> Option<(Edition<'_>, FilledProse)> {
        let prose = self.prose.as_ref()?;
        let edition = Edition::new(&self.project, prose, &self.figures, &self.releases, report, period)?;
        let filled = edition.fill(&mut Vec::new());
        Some((edition, filled))
    }

    /// The indicators of a report's figures.json.
    pub(super) fn released_indicators(&self, report: &str, period: &str) -> Option<Value> {
        released_indicators(&self.project, &self.releases, report, period)
    }
}

/// The indicators of a report's figures.json; `None` if project.toml names no such report or period.
pub(super) fn released_indicators(project: &Project, releases: &Releases, report: &str, period: &str) -> Option<Value> {
    let report = project.settings.reports.iter().find(|settings| settings.name == report)?;
    let index = project.logframe.periods.iter().position(|other| other.code == period)?;
    let text = figures::report_json(project, report, &releases.for_report(report).periods, index, &[]);
    serde_json::from_str::<Value>(&text).ok()?.get_mut("indicators").map(Value::take)
}
