use super::ReportInput;
use super::indicators::measures;
use super::voice::Voice;
use crate::diagnostic::{Place, Problem};
use crate::indicators::Status;
use crate::model::{IndicatorId, Period, Reported};
use crate::report::document::{Body, Measure, VarianceView};

/// Indicators off their way, and those that somebody explained.
pub(super) fn section(voice: &Voice, ids: &[IndicatorId]) -> Body {
    let items = ids
        .iter()
        .filter_map(|id| {
            let status = voice.figure(*id).totals.status;
            let explanations: Vec<Measure> = explained(voice.input, *id)
                .filter_map(|reported| {
                    let same = reported.period == *voice.input.period();
                    let label = if same { String::new() } else { voice.period_name(&reported.period) };
                    voice.given(&reported.comment).map(|value| Measure { label, value })
                })
                .collect();
            let off = needs_explanation(status);
            (off || !explanations.is_empty()).then(|| {
                let indicator = voice.input.indicator(*id);
                VarianceView {
                    code: indicator.code.clone(),
                    title: voice.text(&indicator.title),
                    measures: measures(voice, *id),
                    status: Some(voice.badge(status)),
                    missing: explanations.is_empty().then(|| voice.label("report.no-explanation").to_owned()),
                    explanations,
                }
            })
        })
        .collect();
    Body::Variance { items }
}

fn needs_explanation(status: Option<Status>) -> bool {
    matches!(status, Some(Status::AtRisk | Status::OffTrack))
}

/// Comments on an indicator for periods that lie within the report's.
fn explained<'a>(input: &'a ReportInput, id: IndicatorId) -> impl Iterator<Item = &'a Reported> {
    let within = |period: &Period| input.period().start <= period.start && period.end <= input.period().end;
    let own = input.project.logframe.reported.iter().filter(move |reported| reported.indicator == id);
    own.filter(move |reported| within(&reported.period) && !reported.comment.is_empty())
}

/// Indicators off their way that nobody explained, where the profile has a section that wants it.
pub fn check_variances(input: &ReportInput) -> Vec<Problem> {
    use crate::report::profile::SectionKind;
    let wanted = input.profile.sections.iter().find(|section| section.kind == SectionKind::Variance);
    let (Some(section), Some(severity)) = (wanted, input.profile.severities.variance) else { return Vec::new() };
    input
        .indicators_of(section)
        .into_iter()
        .filter(|id| needs_explanation(input.figure(*id).totals.status) && explained(input, *id).next().is_none())
        .map(|id| {
            let indicator = input.indicator(id);
            let source = input.project.sources.get(indicator.row.sheet);
            let status = input.figure(id).totals.status.map(Status::code).unwrap_or_default();
            Problem::new(severity, "variance-unexplained")
                .at(Place::cell(&source.file, source.sheet.as_deref(), indicator.row.row, 0))
                .with("indicator", &indicator.code)
                .with("status", status)
                .with("period", &input.period().code)
        })
        .collect()
}
