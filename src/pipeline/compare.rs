use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::evidence::{period_days, sentences_of};
use super::load::{self, Prose};
use super::prose::Edition;
use super::submitted::rows_of;
use crate::disclosure::{self, Releases};
use crate::indicators::{self, Figures};
use crate::model::Project;
use crate::output::{
    Evidence, FigureChange, Record, SentenceChange, Sentences, Submission, changes, explain_changes, rows_behind,
    sentence_changes,
};
use crate::report::machine;

/// What differs between two states of a project's reports.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    pub figures: Vec<FigureChange>,
    pub sentences: Vec<SentenceChange>,
}

/// Compares two folders of outputs, the older first; none with the one whose record can't be read.
pub fn compare_builds<'a>(old: &'a Path, new: &'a Path) -> Result<Comparison, &'a Path> {
    let (before, now) = (Record::read(old).ok_or(old)?, Record::read(new).ok_or(new)?);
    let (then, today) = (Evidence::read(old), Evidence::read(new));
    let mut figures = changes(&before.figures, &now.figures);
    explain_changes(&mut figures, (&before, &then), (&now, &today));
    Ok(Comparison { figures, sentences: sentence_changes(&then.sentences, &today.sentences) })
}

/// Compares every submitted report, or those of this name and period, with today's data; none where that has errors.
pub fn compare_submitted(folder: &Path, report: Option<&str>, period: Option<&str>) -> Option<Comparison> {
    let today = Today::read(folder)?;
    let mut found = Comparison::default();
    let (submissions, _) = Submission::all(folder);
    let asked = submissions
        .iter()
        .filter(|sent| report.is_none_or(|name| sent.report == name) && period.is_none_or(|code| sent.period == code));
    for submission in asked {
        let name = format!("{}/{}", submission.period, submission.report);
        if let (Some(then), Some(now)) = (submission.figures(folder), today.released(submission)) {
            let mut figures = changes(&named(&name, then), &named(&name, now));
            figures.iter_mut().for_each(|change| today.explain(change, submission));
            found.figures.extend(figures);
        }
        let then = named(&name, submission.sentences.clone());
        let now = named(&name, today.sentences(&submission.report, &submission.period));
        found.sentences.extend(sentence_changes(&then, &now));
    }
    Some(found)
}

fn named<T>(name: &str, content: T) -> BTreeMap<String, T> {
    BTreeMap::from([(name.to_owned(), content)])
}

/// A project as it is now: read, counted and released, without errors.
pub(super) struct Today {
    pub project: Project,
    prose: Option<Prose>,
    pub figures: Figures,
    releases: Releases,
}

impl Today {
    /// None where the project has errors.
    pub(super) fn read(folder: &Path) -> Option<Today> {
        let mut loaded = load::read(folder);
        let project = loaded.checked.project.take().filter(|_| !loaded.has_errors())?;
        let figures = indicators::count(&project);
        let releases = disclosure::release(&project, &figures);
        Some(Today { project, prose: loaded.prose, figures, releases })
    }

    /// The sentences that a report's prose has today.
    pub(super) fn sentences(&self, report: &str, period: &str) -> Sentences {
        let Some(prose) = &self.prose else { return Sentences::new() };
        let edition = Edition::new(&self.project, prose, &self.figures, &self.releases, report, period);
        edition.map(|edition| sentences_of(&edition.fill(&mut Vec::new()))).unwrap_or_default()
    }

    /// The indicators of figures.json as a report would have them today.
    fn released(&self, submission: &Submission) -> Option<Value> {
        let project = &self.project;
        let report = project.settings.reports.iter().find(|report| report.name == submission.report)?;
        let at = project.logframe.periods.iter().position(|period| period.code == submission.period)?;
        let text = machine::report_figures(project, report, &self.releases.for_report(report).periods[at]);
        serde_json::from_str::<Value>(&text).ok()?.get_mut("indicators").map(Value::take)
    }

    /// Gives a change the rows that caused it, where what was submitted keeps them. What it keeps tells rows apart by
    /// what is counted, not by their parts.
    fn explain(&self, change: &mut FigureChange, submission: &Submission) {
        let project = &self.project;
        let id = project.logframe.indicator_ids().find(|id| project.logframe.indicator(*id).code == change.indicator);
        let sent = submission.indicators.get(&change.indicator);
        let (Some(id), Some(sent)) = (id, sent) else { return };
        let days = period_days(project).remove(&submission.period);
        if let (Some((then, now)), Some(days)) = (rows_of(sent, project, &self.figures, id), days) {
            change.rows = rows_behind(&change.field, &days, &then, &now, true);
        }
    }
}
