use std::collections::BTreeSet;

use crate::diagnostic::{Place, Problem, kinds};
use crate::indicators::{Figures, Scope};
use crate::model::{
    Axis, Calculation, Condition, IndicatorId, Logframe, Participants, Project, ReportSettings, Subject,
};

use super::Released;
use super::decide_periods::{Decision, release_periods};
use super::limits::SuppressionLimits;
use super::shown_indicators::person_indicators_behind;

/// What each report of a project may show.
#[derive(Clone, Debug)]
pub struct Releases {
    released: Vec<ReleasedTogether>,
    /// Every part of persons withheld: for a report that the project doesn't have.
    closed: Released,
    for_everybody: PublicRelease,
    problems: Vec<Problem>,
}

/// Reports of the same limits, which are settled together.
#[derive(Clone, Debug)]
struct ReleasedTogether {
    limits: SuppressionLimits,
    decision: Decision,
    /// For each way to list participants.
    by_participants: Vec<Released>,
}

/// What is published for everybody.
#[derive(Clone, Debug)]
pub struct PublicRelease {
    /// What may be shown.
    pub released: Released,
    /// Places in [`crate::model::Logframe::periods`] of what is published.
    pub periods: Vec<usize>,
}

impl Releases {
    /// What `report` may show: the release that it shares with the project's other reports of the same limits.
    pub fn for_report(&self, report: &ReportSettings) -> &Released {
        let limits = SuppressionLimits::of_report(report);
        let together = self.released.iter().find(|together| together.limits == limits);
        let of_report = together.and_then(|together| {
            together.by_participants.iter().find(|released| released.participants == report.participants)
        });
        of_report.unwrap_or(&self.closed)
    }

    /// What anybody may see: what reports of the project's own limit show, or of 5 where that is smaller; if there are none,
    /// what all reports would show under it.
    pub fn for_everybody(&self) -> &PublicRelease {
        &self.for_everybody
    }

    /// Warnings about totals that are themselves below a limit (`small-total`), and about reports of different limits over the
    /// same persons (`different-limits`).
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

/// Decides for all limits that the project's reports have. Reports with limit 0, or with detailed participants, show everything.
pub fn release(project: &Project, figures: &Figures) -> Releases {
    let reports = &project.settings.reports;
    let all_limits: BTreeSet<SuppressionLimits> = reports.iter().map(SuppressionLimits::of_report).collect();
    let mut released: Vec<ReleasedTogether> = Vec::new();
    let mut problems = Vec::new();
    for limits in all_limits {
        let together: Vec<&ReportSettings> =
            reports.iter().filter(|report| SuppressionLimits::of_report(report) == limits).collect();
        let decision = release_periods(project, figures, &limits, &together);
        let mut by_participants: Vec<Released> = Vec::new();
        for report in &together {
            if !by_participants.iter().any(|released| released.participants == report.participants) {
                by_participants.push(decision.to_released(&limits, report.participants));
            }
        }
        if limits.default > 0 {
            problems.extend(find_small_totals(project, figures, limits.default, &together));
        }
        released.push(ReleasedTogether { limits, decision, by_participants });
    }
    problems.extend(find_different_limits(project));
    let for_everybody = release_for_everybody(project, figures, &released);
    let limits = SuppressionLimits::for_everybody(&project.settings.privacy);
    let closed = release_periods(project, figures, &limits, &[]).to_released(&limits, Participants::None);
    Releases { released, closed, for_everybody, problems }
}

fn release_for_everybody(project: &Project, figures: &Figures, released: &[ReleasedTogether]) -> PublicRelease {
    let limits = SuppressionLimits::for_everybody(&project.settings.privacy);
    let all: Vec<&ReportSettings> = project.settings.reports.iter().collect();
    let alike: Vec<&ReportSettings> =
        all.iter().copied().filter(|report| SuppressionLimits::of_report(report) == limits).collect();
    let shared = released.iter().find(|together| together.limits == limits);
    let (reports, decision) = match shared {
        Some(together) => (alike, together.decision.clone()),
        None => {
            let decision = release_periods(project, figures, &limits, &all);
            (all, decision)
        }
    };
    let periods = project.logframe.periods.iter().enumerate();
    let published = periods.filter(|(_, period)| reports.iter().any(|report| report.periods.contains(&period.code)));
    PublicRelease {
        periods: published.map(|(at, _)| at).collect(),
        released: decision.to_released(&limits, Participants::None),
    }
}

/// Reports of different limits are settled apart, so that one may show what follows from another: a warning for each two of
/// them that break the same persons down.
fn find_different_limits(project: &Project) -> Vec<Problem> {
    let logframe = &project.logframe;
    let breaks_down = |report: &ReportSettings| {
        logframe.indicator_ids().any(|id| {
            let indicator = logframe.indicator(id);
            let is_of_persons = !person_indicators_behind(project, id).is_empty();
            report.shows(&indicator.code) && is_of_persons && indicator.axes.iter().any(Axis::is_personal)
        })
    };
    let hiding: Vec<(&ReportSettings, SuppressionLimits)> = project
        .settings
        .reports
        .iter()
        .map(|report| (report, SuppressionLimits::of_report(report)))
        .filter(|(report, limits)| limits.default > 0 && breaks_down(report))
        .collect();
    let mut problems = Vec::new();
    for (at, (report, limits)) in hiding.iter().enumerate() {
        if let Some((first, _)) = hiding[..at].iter().find(|(_, other)| other != limits) {
            let kind = kinds::DifferentLimits { report: report.name.clone(), other: first.name.clone() };
            problems.push(Problem::warning(kind).at(Place::file("project.toml")));
        }
    }
    problems
}

/// Totals are never suppressed, so that an indicator narrowed to few persons by its `where` discloses them: one warning for each such
/// indicator that a report shows, itself or in a ratio.
fn find_small_totals(project: &Project, figures: &Figures, limit: u32, reports: &[&ReportSettings]) -> Vec<Problem> {
    let logframe = &project.logframe;
    let mut problems = Vec::new();
    for id in logframe.indicator_ids() {
        let indicator = logframe.indicator(id);
        let counts_people =
            matches!(indicator.calculation, Calculation::People | Calculation::Completed(_) | Calculation::Attendances);
        if !counts_people || !indicator.conditions.iter().any(is_about_persons) {
            continue;
        }
        let mut small = figures.periods.iter().filter(|period| {
            let shown = reports.iter().any(|report| {
                report.periods.contains(&period.period.code) && shows_itself_or_ratio(logframe, report, id)
            });
            shown && is_small(period.figures.get(usize::from(id.0)), limit)
        });
        let Some(first) = small.next() else { continue };
        let source = project.sources.get(indicator.row.sheet);
        let kind = kinds::SmallTotal {
            indicator: indicator.code.clone(),
            condition: indicator.where_text.clone(),
            period: first.period.code.clone(),
            limit: limit.to_string(),
        };
        let place = Place::cell(&source.file, source.sheet.as_deref(), indicator.row.row, 0);
        let mut problem = Problem::warning(kind).at(place);
        problem.count += small.count() as u64;
        problems.push(problem);
    }
    problems
}

fn is_small(figure: Option<&crate::indicators::Figure>, limit: u32) -> bool {
    [Scope::Period, Scope::Served, Scope::Cumulative].into_iter().any(|scope| {
        let value = figure.and_then(|figure| figure.value(scope)).and_then(|amount| amount.single());
        value.is_some_and(|value| value > 0.into() && value < limit.into())
    })
}

fn is_about_persons(condition: &Condition) -> bool {
    matches!(condition.subject, Subject::Person(_) | Subject::PersonCode | Subject::Age | Subject::BirthYear)
}

/// Whether a report shows an indicator, or a ratio over it.
fn shows_itself_or_ratio(logframe: &Logframe, report: &ReportSettings, id: IndicatorId) -> bool {
    let listed = |id: IndicatorId| report.shows(&logframe.indicator(id).code);
    listed(id)
        || logframe.indicator_ids().any(|ratio| {
            let over = matches!(logframe.indicator(ratio).calculation, Calculation::Ratio(a, b) if a == id || b == id);
            over && listed(ratio)
        })
}
