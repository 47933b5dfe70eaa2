use std::collections::BTreeSet;

use crate::diagnostic::{Place, Problem, kinds};
use crate::indicators::{Figures, Scope};
use crate::model::{Calculation, Condition, IndicatorId, Logframe, Participants, Project, ReportSettings, Subject};

use super::Released;
use super::decide_periods::release_periods;

/// What each report of a project may show.
#[derive(Clone, Debug)]
pub struct Releases {
    released: Vec<Released>,
    /// Every part of persons withheld: for a report that the project doesn't have.
    closed: Released,
    problems: Vec<Problem>,
}

impl Releases {
    /// What `report` may show: the release that it shares with the project's other reports of the same limit.
    pub fn for_report(&self, report: &ReportSettings) -> &Released {
        let wanted = (limit_of(report), report.participants);
        self.released
            .iter()
            .find(|released| (released.suppress_below, released.participants) == wanted)
            .unwrap_or(&self.closed)
    }

    /// Warnings about totals that are themselves below a limit (`small-total`).
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

/// Decides for every limit that the project's reports have. Reports with limit 0, or with detailed participants, show everything.
pub fn release(project: &Project, figures: &Figures) -> Releases {
    let reports = &project.settings.reports;
    let limits: BTreeSet<u32> = reports.iter().map(limit_of).collect();
    let mut released: Vec<Released> = Vec::new();
    let mut problems = Vec::new();
    for limit in limits {
        let together: Vec<&ReportSettings> = reports.iter().filter(|report| limit_of(report) == limit).collect();
        let periods = release_periods(project, figures, limit, &together);
        for report in &together {
            let known =
                released.iter().any(|other| (other.suppress_below, other.participants) == (limit, report.participants));
            if !known {
                let participants = report.participants;
                released.push(Released { suppress_below: limit, participants, periods: periods.clone() });
            }
        }
        if limit > 0 {
            problems.extend(find_small_totals(project, figures, limit, &together));
        }
    }
    let limit = project.settings.privacy.suppress_below.max(1);
    let closed = Released {
        suppress_below: limit,
        participants: Participants::None,
        periods: release_periods(project, figures, limit, &[]),
    };
    Releases { released, closed, problems }
}

/// The limit that holds for a report; 0 where it is entitled to the numbers.
fn limit_of(report: &ReportSettings) -> u32 {
    match report.participants {
        Participants::Detailed => 0,
        Participants::None | Participants::Pseudonymised => report.suppress_below,
    }
}

/// Totals are never suppressed, so that an indicator narrowed to few persons by its `where` discloses them: one warning for each such
/// indicator that a report shows, itself or in a ratio.
fn find_small_totals(project: &Project, figures: &Figures, limit: u32, reports: &[&ReportSettings]) -> Vec<Problem> {
    let logframe = &project.logframe;
    let mut problems = Vec::new();
    for id in logframe.indicator_ids() {
        let indicator = logframe.indicator(id);
        let counts_people = matches!(indicator.calculation, Calculation::People | Calculation::Attendances);
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
