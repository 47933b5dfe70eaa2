//! Where figures.json holds a figure.

use crate::indicators::{PartKey, Scope};
use crate::model::{Axis, IndicatorId, Project, ReportSettings};

use super::{part_code, side_by_side};

/// JSON pointers (RFC 6901) into the figures.json of one report and period.
#[derive(Clone, Debug)]
pub struct FigurePlaces {
    /// By indicator: its place among those that the report shows.
    positions: Vec<Option<usize>>,
    /// Index of the report's period.
    own: usize,
    /// Indexes of the periods that stand beside it, in the order of the file.
    beside: Vec<usize>,
}

/// A figure of an indicator in one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlacedValue {
    /// The actual value in a scope.
    Actual(Scope),
    /// The target of the period.
    TargetPeriod,
    /// The target to date.
    TargetDue,
    /// The total target.
    TargetTotal,
    /// The baseline.
    Baseline,
    /// Progress towards the total target.
    Progress,
    /// Progress towards the target to date.
    ProgressDue,
}

impl PlacedValue {
    fn path(self) -> String {
        match self {
            PlacedValue::Actual(scope) => format!("actual/{}", scope.code()),
            PlacedValue::TargetPeriod => "target/period".to_owned(),
            PlacedValue::TargetDue => "target/due".to_owned(),
            PlacedValue::TargetTotal => "target/total".to_owned(),
            PlacedValue::Baseline => "baseline".to_owned(),
            PlacedValue::Progress => "progress".to_owned(),
            PlacedValue::ProgressDue => "progress_due".to_owned(),
        }
    }

    /// Whether the periods beside the report's own have it, too.
    fn is_of_every_period(self) -> bool {
        !matches!(self, PlacedValue::Baseline | PlacedValue::Progress)
    }
}

impl FigurePlaces {
    /// `period` is an index among the project's periods.
    pub fn new(project: &Project, report: &ReportSettings, period: usize) -> FigurePlaces {
        let mut shown = 0..;
        let mut position = |code: &str| report.shows(code).then(|| shown.next()).flatten();
        FigurePlaces {
            positions: project.logframe.indicators.iter().map(|indicator| position(&indicator.code)).collect(),
            own: period,
            beside: project.logframe.periods.get(period).map(|own| side_by_side(project, own)).unwrap_or_default(),
        }
    }

    /// `None` where the file doesn't hold the figure.
    pub fn find(&self, id: IndicatorId, period: usize, field: PlacedValue) -> Option<String> {
        if period != self.own && !field.is_of_every_period() {
            return None;
        }
        Some(format!("{}/{}", self.indicator(id, period)?, field.path()))
    }

    /// One part of an axis.
    pub fn find_part(
        &self,
        project: &Project,
        id: IndicatorId,
        period: usize,
        (axis, key): (&Axis, PartKey),
        scope: Scope,
    ) -> Option<String> {
        let escape = |name: &str| name.replace('~', "~0").replace('/', "~1");
        let part = part_code(project, axis, key);
        Some(format!("{}/by/{}/{}/{}", self.indicator(id, period)?, escape(&axis.text), escape(&part), scope.code()))
    }

    fn indicator(&self, id: IndicatorId, period: usize) -> Option<String> {
        let position = (*self.positions.get(usize::from(id.0))?)?;
        if period == self.own {
            return Some(format!("/indicators/{position}"));
        }
        let beside = self.beside.iter().position(|other| *other == period)?;
        Some(format!("/indicators/{position}/periods/{beside}"))
    }
}
