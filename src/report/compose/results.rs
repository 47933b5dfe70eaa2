use super::indicators::{bar, bar_alt, bare_value, blank_note, flatten_chain, measures};
use super::localizer::Localizer;
use crate::model::{IndicatorId, ResultId};
use crate::report::document::{IndicatorView, LabelledText, ResultGroup, SectionBody};
use crate::report::status_labels::level_label;

/// Every result of the chain with its own indicators and prose; indicators without a result last.
pub(super) fn compose_results(
    localizer: &Localizer,
    section: &str,
    ids: &[IndicatorId],
    language: usize,
) -> SectionBody {
    SectionBody::Results { groups: compose_groups(localizer, section, ids, language) }
}

/// Results that somebody wrote of, each with its prose and links to its indicators: their values are in the table.
pub(super) fn compose_results_in_prose(
    localizer: &Localizer,
    section: &str,
    ids: &[IndicatorId],
    language: usize,
) -> SectionBody {
    let mut groups = compose_groups(localizer, section, ids, language);
    let is_written = |code: &str| {
        let prose = localizer.input.narrative.get(&format!("{section}.{code}"));
        prose.is_some_and(|languages| languages.iter().any(|blocks| !blocks.is_empty()))
    };
    groups.retain(|group| is_written(&group.code));
    for group in &mut groups {
        group.links = std::mem::take(&mut group.indicators).into_iter().map(|view| view.code).collect();
    }
    SectionBody::Results { groups }
}

fn compose_groups(localizer: &Localizer, section: &str, ids: &[IndicatorId], language: usize) -> Vec<ResultGroup> {
    let logframe = &localizer.input.project.logframe;
    let of_result = |result: Option<ResultId>| -> Vec<IndicatorView> {
        let own = ids.iter().copied().filter(|id| localizer.input.indicator(*id).result == result);
        own.map(|id| indicator_view(localizer, id)).collect()
    };
    let mut groups: Vec<ResultGroup> = flatten_chain(localizer)
        .into_iter()
        .map(|(id, depth)| {
            let node = logframe.result(id);
            ResultGroup {
                level: node.level.map(|level| localizer.label(level_label(level)).to_owned()),
                code: node.code.clone(),
                title: localizer.text(&node.title),
                depth,
                assumptions: localizer
                    .find_text(&node.assumptions)
                    .map(|value| LabelledText { label: localizer.label("figure.assumptions").to_owned(), value }),
                prose: localizer.input.prose(&format!("{section}.{}", node.code), language),
                indicators: of_result(Some(id)),
                links: Vec::new(),
            }
        })
        .collect();
    let others = of_result(None);
    if !others.is_empty() {
        groups.push(ResultGroup {
            level: None,
            code: String::new(),
            title: localizer
                .label(if groups.is_empty() { "figure.indicators" } else { "report.other-indicators" })
                .to_owned(),
            depth: 0,
            assumptions: None,
            prose: Vec::new(),
            indicators: others,
            links: Vec::new(),
        });
    }
    // A report that shows some indicators only needs no results without any, save those above one that has some.
    let keep: Vec<bool> = (0..groups.len())
        .map(|at| {
            let below = groups[at + 1..].iter().take_while(|group| group.depth > groups[at].depth);
            let own = |group: &ResultGroup| !group.indicators.is_empty() || !group.prose.is_empty();
            own(&groups[at]) || below.into_iter().any(own)
        })
        .collect();
    let mut keep = keep.into_iter();
    groups.retain(|_| keep.next().unwrap_or(true));
    groups
}

fn indicator_view(localizer: &Localizer, id: IndicatorId) -> IndicatorView {
    let indicator = localizer.input.indicator(id);
    let figure = &localizer.figure(id).totals;
    let (hedge, value) = bare_value(localizer, id);
    IndicatorView {
        code: indicator.code.clone(),
        title: localizer.text(&indicator.title),
        unit: localizer.unit(indicator),
        hedge,
        value,
        measures: measures(localizer, id),
        bar: bar(localizer, id).filter(|bar| bar.target.is_some()),
        bar_alt: bar_alt(localizer, id),
        status: Some(localizer.badge(figure.status)),
        notes: blank_note(localizer, figure).into_iter().collect(),
    }
}
