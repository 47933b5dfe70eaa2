use super::ReportInput;
use super::disaggregation::capital;
use super::indicators::all_measures;
use super::voice::Voice;
use crate::indicators::Status;
use crate::model::{IndicatorId, Period, ReportedValue};
use crate::report::document::{Body, Measure, VarianceView};

/// Indicators off their way, and those that somebody explained.
pub(super) fn section(voice: &Voice, ids: &[IndicatorId]) -> Body {
    let items = ids
        .iter()
        .filter_map(|id| {
            let status = voice.figure(*id).totals.status;
            let explanations = explanations(voice, *id);
            let off = needs_explanation(status);
            (off || !explanations.is_empty()).then(|| {
                let indicator = voice.input.indicator(*id);
                VarianceView {
                    code: indicator.code.clone(),
                    title: voice.text(&indicator.title),
                    measures: all_measures(voice, *id),
                    status: Some(voice.badge(status)),
                    missing: explanations.is_empty().then(|| voice.label("report.no-explanation").to_owned()),
                    explanations,
                }
            })
        })
        .collect();
    Body::Variance { items }
}

/// In the order of their periods; what is said of a longer one again stands once.
fn explanations(voice: &Voice, id: IndicatorId) -> Vec<Measure> {
    let mut reported: Vec<&ReportedValue> = explained(voice.input, id).collect();
    reported.sort_by_key(|reported| (reported.period.end, std::cmp::Reverse(reported.period.start)));
    let mut told: Vec<Measure> = Vec::new();
    for reported in reported {
        let Some(value) = voice.given(&reported.comment) else { continue };
        if told.iter().any(|earlier| earlier.value == value) {
            continue;
        }
        let same = reported.period == *voice.input.period();
        let label = if same { String::new() } else { capital(&voice.period_name(&reported.period)) };
        told.push(Measure { label, value });
    }
    told
}

fn needs_explanation(status: Option<Status>) -> bool {
    matches!(status, Some(Status::AtRisk | Status::OffTrack))
}

/// Comments on an indicator for periods that lie within the report's.
fn explained<'a>(input: &'a ReportInput, id: IndicatorId) -> impl Iterator<Item = &'a ReportedValue> {
    let within = |period: &Period| input.period().start <= period.start && period.end <= input.period().end;
    let own = input.project.logframe.reported.iter().filter(move |reported| reported.indicator == id);
    own.filter(move |reported| within(&reported.period) && !reported.comment.is_empty())
}
