use super::ReportInput;
use super::disaggregation::capitalize;
use super::indicators::all_measures;
use super::localizer::Localizer;
use crate::model::{IndicatorId, Period, ReportedValue};
use crate::report::document::{LabelledText, SectionBody, VarianceView};

/// Indicators off their way, and those that somebody explained.
pub(super) fn compose_variance(localizer: &Localizer, ids: &[IndicatorId]) -> SectionBody {
    let items = ids
        .iter()
        .filter_map(|id| {
            let figure = &localizer.figure(*id).totals;
            let status = figure.status;
            let explanations = explanations(localizer, *id);
            let is_owed = figure.owes_explanation(localizer.input.project.settings.progress);
            (is_owed || !explanations.is_empty()).then(|| {
                let indicator = localizer.input.indicator(*id);
                VarianceView {
                    code: indicator.code.clone(),
                    title: localizer.text(&indicator.title),
                    measures: all_measures(localizer, *id),
                    status: Some(localizer.badge(status)),
                    explanations,
                }
            })
        })
        .collect();
    SectionBody::Variance { items }
}

/// In the order of their periods, each with what is done about it; a text that a longer period repeats is kept once.
pub(super) fn explanations(localizer: &Localizer, id: IndicatorId) -> Vec<LabelledText> {
    let mut reported: Vec<&ReportedValue> = comments_within(localizer.input, id).collect();
    reported.sort_by_key(|reported| (reported.period.end, std::cmp::Reverse(reported.period.start)));
    let mut explanations: Vec<LabelledText> = Vec::new();
    for reported in reported {
        let Some(value) = localizer.find_text(&reported.comment) else { continue };
        if explanations.iter().any(|earlier| earlier.value == value) {
            continue;
        }
        let same = reported.period == *localizer.input.period();
        let label = if same { String::new() } else { capitalize(&localizer.period_name(&reported.period)) };
        explanations.push(LabelledText { label, value });
        let action = localizer.find_text(&reported.action);
        explanations
            .extend(action.map(|value| LabelledText { label: localizer.label("report.action").to_owned(), value }));
    }
    explanations
}

/// Comments on an indicator for periods that lie within the report's.
fn comments_within<'a>(input: &'a ReportInput, id: IndicatorId) -> impl Iterator<Item = &'a ReportedValue> {
    let within = |period: &Period| input.period().start <= period.start && period.end <= input.period().end;
    let own = input.project.logframe.reported.iter().filter(move |reported| reported.indicator == id);
    own.filter(move |reported| within(&reported.period) && !reported.comment.is_empty())
}
