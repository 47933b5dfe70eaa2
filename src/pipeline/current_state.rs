use std::path::Path;

use serde_json::Value;

use super::edition::{Edition, sentences_of};
use super::load::{self, Prose};
use crate::disclosure::{self, Releases};
use crate::indicators::{self, Figures};
use crate::model::Project;
use crate::output::Sentences;
use crate::report::figures;

/// A project without errors as it is now: read, counted and released.
pub(super) struct CurrentState {
    pub project: Project,
    pub figures: Figures,
    prose: Option<Prose>,
    releases: Releases,
}

impl CurrentState {
    /// `None` if the project has errors.
    pub(super) fn read(folder: &Path) -> Option<CurrentState> {
        let mut loaded = load::read(folder);
        let project = loaded.checked.project.take().filter(|_| !loaded.has_errors())?;
        let figures = indicators::count(&project);
        let releases = disclosure::release(&project, &figures);
        Some(CurrentState { project, figures, prose: loaded.prose, releases })
    }

    /// The sentences of a report's prose.
    pub(super) fn sentences(&self, report: &str, period: &str) -> Sentences {
        let Some(prose) = &self.prose else { return Sentences::new() };
        let edition = Edition::new(&self.project, prose, &self.figures, &self.releases, report, period);
        edition.map(|edition| sentences_of(&edition.fill(&mut Vec::new()))).unwrap_or_default()
    }

    /// The indicators of a report's figures.json.
    pub(super) fn released_indicators(&self, report: &str, period: &str) -> Option<Value> {
        let project = &self.project;
        let report = project.settings.reports.iter().find(|settings| settings.name == report)?;
        let index = project.logframe.periods.iter().position(|other| other.code == period)?;
        let text = figures::report_json(project, report, &self.releases.for_report(report).periods[index]);
        serde_json::from_str::<Value>(&text).ok()?.get_mut("indicators").map(Value::take)
    }
}
