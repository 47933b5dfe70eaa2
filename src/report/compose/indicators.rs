use rust_decimal::Decimal;

use super::disaggregation::capital;
use super::trend::trends;
use super::voice::Voice;
use crate::indicators::{Figure, Scope};
use crate::model::{BaselineUse, Indicator, IndicatorId, Level, ResultId};
use crate::report::document::{
    Bar, Body, Column, ColumnRole, Fraction, IndicatorRow, IndicatorView, KeyFigure, Measure, ResultGroup, TableGroup,
};
use crate::report::profile::ProfileSection;

/// Key figures on a page, where the profile doesn't say.
const KEY_FIGURES: usize = 8;
/// Charts over periods, where the profile doesn't say.
const TRENDS: usize = 6;

/// Where a bar ends: the total target stands at 80 % of it, so that a quarter more can still be seen.
pub(super) const BAR_END: Decimal = Decimal::from_parts(125, 0, 0, false, 2);

fn on_scale(progress: Decimal) -> Fraction {
    Fraction::of(progress, BAR_END)
}

pub(super) fn key_figures(voice: &Voice, section: &ProfileSection, ids: &[IndicatorId]) -> Body {
    let most = section.most.unwrap_or(KEY_FIGURES);
    let mut ordered: Vec<IndicatorId> = ids.to_vec();
    if section.indicators.is_none() {
        // Results weigh more than what was done for them: impact and outcome before output.
        ordered.sort_by_key(|id| voice.input.indicator(*id).level.unwrap_or(Level::Output));
    }
    Body::KeyFigures { items: ordered.into_iter().take(most).map(|id| key_figure(voice, id)).collect() }
}

fn key_figure(voice: &Voice, id: IndicatorId) -> KeyFigure {
    let indicator = voice.input.indicator(id);
    let figure = &voice.figure(id).totals;
    let ratio = voice.is_ratio(id);
    let (hedge, value) = voice.parted(figure.cumulative, ratio);
    KeyFigure {
        code: indicator.code.clone(),
        hedge,
        value,
        unit: voice.unit(indicator),
        title: voice.text(&indicator.title),
        meaning: meaning(voice, id),
        progress: voice.progress(figure),
        bar: bar(voice, id).filter(|bar| bar.target.is_some()),
        status: Some(voice.badge(figure.status)),
        alt: bar_alt(voice, id),
    }
}

/// "of 500 planned · 60 in this period".
fn meaning(voice: &Voice, id: IndicatorId) -> Option<String> {
    let figure = &voice.figure(id).totals;
    let ratio = voice.is_ratio(id);
    let mut said = Vec::new();
    if figure.target_total.is_some() {
        said.push(voice.phrase("report.of-target", &[("target", &voice.decimal(figure.target_total, ratio))]));
    }
    if figure.target_due.is_some() && figure.target_due != figure.target_total {
        said.push(voice.phrase("report.of-due", &[("target", &voice.decimal(figure.target_due, ratio))]));
    }
    if figure.period.is_some() && figure.period != figure.cumulative {
        said.push(voice.phrase("report.in-period", &[("n", &voice.amount(figure.period, ratio))]));
    }
    (!said.is_empty()).then(|| said.join(" · "))
}

/// A bar where there is a target to draw it against and progress towards it.
pub(super) fn bar(voice: &Voice, id: IndicatorId) -> Option<Bar> {
    let indicator = voice.input.indicator(id);
    let figure = &voice.figure(id).totals;
    let ratio = voice.is_ratio(id);
    figure.target_total?;
    let drawn = figure.progress.map(|progress| (on_scale(progress.from), on_scale(progress.to)));
    Some(Bar {
        code: indicator.code.clone(),
        label: voice.text(&indicator.title),
        value: drawn.map(|(from, _)| from),
        value_to: drawn.filter(|(from, to)| from != to).map(|(_, to)| to),
        target: drawn.map(|_| on_scale(Decimal::ONE)),
        beyond: figure.progress.is_some_and(|progress| progress.to > BAR_END),
        due: due_share(indicator, figure).filter(|_| drawn.is_some()).map(on_scale),
        text: voice.phrase(
            "report.of",
            &[("actual", &voice.amount(figure.level, ratio)), ("target", &voice.decimal(figure.target_total, ratio))],
        ),
        progress: voice.progress(figure),
        status: Some(voice.badge(figure.status)),
    })
}

/// Where what is due stands between baseline and total target; none where it is the total.
fn due_share(indicator: &Indicator, figure: &Figure) -> Option<Decimal> {
    let (due, total) = (figure.target_due?, figure.target_total?);
    let from = match (indicator.baseline, indicator.baseline_use) {
        (Some(_), Some(BaselineUse::Reference)) | (None, _) => Decimal::ZERO,
        (Some(baseline), _) => baseline,
    };
    let whole = total.checked_sub(from).filter(|whole| !whole.is_zero())?;
    (due != total).then(|| due.checked_sub(from)?.checked_div(whole)).flatten()
}

fn bar_alt(voice: &Voice, id: IndicatorId) -> String {
    let indicator = voice.input.indicator(id);
    let figure = &voice.figure(id).totals;
    let ratio = voice.is_ratio(id);
    let title = voice.text(&indicator.title);
    let actual = voice.amount(figure.level, ratio);
    match figure.target_total {
        None => voice.phrase("chart.alt-no-target", &[("title", &title), ("actual", &actual)]),
        Some(_) => voice.phrase(
            "chart.alt",
            &[
                ("title", &title),
                ("actual", &actual),
                ("target", &voice.decimal(figure.target_total, ratio)),
                ("status", &voice.badge(figure.status).text),
            ],
        ),
    }
}

/// What the arrow at a bar's end means.
pub(super) fn beyond(voice: &Voice) -> String {
    voice.phrase("report.legend-beyond", &[("limit", &voice.locale.percent(BAR_END, 0))])
}

pub(super) fn chart(voice: &Voice, section: &ProfileSection, ids: &[IndicatorId]) -> Body {
    let with_targets: Vec<IndicatorId> =
        ids.iter().copied().filter(|id| voice.figure(*id).totals.target_total.is_some()).collect();
    chart_of(voice, &with_targets, section.most.unwrap_or(TRENDS))
}

/// `{{chart "I14"}}`: the bar, and its course over the periods.
pub(super) fn embedded_chart(voice: &Voice, id: IndicatorId) -> Body {
    chart_of(voice, &[id], 1)
}

fn chart_of(voice: &Voice, ids: &[IndicatorId], most_trends: usize) -> Body {
    let bars: Vec<Bar> = ids.iter().filter_map(|id| bar(voice, *id)).collect();
    let said: Vec<String> = ids.iter().map(|id| bar_alt(voice, *id)).collect();
    let mut legend = if bars.iter().any(|bar| bar.target.is_some()) {
        let mut legend = vec![voice.label("chart.legend-target").to_owned()];
        if bars.iter().any(|bar| bar.due.is_some()) {
            legend.push(voice.label("report.legend-due").to_owned());
        }
        if bars.iter().any(|bar| bar.value_to.is_some()) {
            legend.push(voice.label("report.legend-interval").to_owned());
        }
        if bars.iter().any(|bar| bar.beyond) {
            legend.push(beyond(voice));
        }
        legend
    } else {
        Vec::new()
    };
    let trends = trends(voice, ids, most_trends);
    if trends.iter().flat_map(|trend| &trend.columns).any(|column| column.due.is_some()) {
        legend.push(voice.label("report.legend-trend").to_owned());
    }
    if let Some(first) = legend.first_mut() {
        *first = capital(first);
    }
    Body::IndicatorChart { bars, alt: said.join(" "), legend, trends }
}

/// A number column: its heading, and how an indicator's figure reads under it.
type NumberColumn = (&'static str, fn(&Voice, IndicatorId, &Figure) -> Option<String>);

const NUMBER_COLUMNS: [NumberColumn; 7] = [
    ("figure.baseline", |voice, id, _| {
        let baseline = voice.input.indicator(id).baseline?;
        Some(voice.decimal(Some(baseline), voice.is_ratio(id)))
    }),
    ("figure.actual-period", |voice, id, figure| {
        figure.period.map(|amount| voice.amount(Some(amount), voice.is_ratio(id)))
    }),
    ("figure.served", |voice, id, figure| {
        let served = figure.served.filter(|served| Some(*served) != figure.period)?;
        Some(voice.amount(Some(served), voice.is_ratio(id)))
    }),
    ("figure.cumulative", |voice, id, figure| {
        figure.cumulative.map(|amount| voice.amount(Some(amount), voice.is_ratio(id)))
    }),
    ("figure.target-due", |voice, id, figure| {
        figure.target_due.map(|due| voice.decimal(Some(due), voice.is_ratio(id)))
    }),
    ("figure.target-total", |voice, id, figure| {
        figure.target_total.map(|target| voice.decimal(Some(target), voice.is_ratio(id)))
    }),
    ("figure.progress", |voice, _, figure| voice.progress(figure)),
];

pub(super) fn table(voice: &Voice, ids: &[IndicatorId]) -> Body {
    let groups: Vec<(Option<ResultId>, Vec<IndicatorId>)> = by_result(voice, ids);
    table_of(voice, ids, groups)
}

/// `{{table "I14"}}`: one indicator's rows.
pub(super) fn embedded_table(voice: &Voice, id: IndicatorId) -> Body {
    table_of(voice, &[id], vec![(None, vec![id])])
}

fn table_of(voice: &Voice, ids: &[IndicatorId], groups: Vec<(Option<ResultId>, Vec<IndicatorId>)>) -> Body {
    let first_period = voice.input.period().start == voice.input.project.settings.start;
    let columns: Vec<NumberColumn> = NUMBER_COLUMNS
        .into_iter()
        // From the project's start, the period's value and the cumulative one are the same column.
        .filter(|(key, _)| !(first_period && *key == "figure.actual-period"))
        .filter(|(_, read)| ids.iter().any(|id| read(voice, *id, &voice.figure(*id).totals).is_some()))
        // Where all is due, that is said once.
        .filter(|(key, _)| {
            *key != "figure.target-due" || ids.iter().any(|id| is_due_in_part(&voice.figure(*id).totals))
        })
        .collect();
    let headings =
        columns.iter().map(|(key, _)| Column { role: ColumnRole::Number, heading: voice.label(key).to_owned() });
    let edge = |role: ColumnRole, key: &'static str| Column { role, heading: voice.label(key).to_owned() };
    let groups = groups
        .into_iter()
        .map(|(result, ids)| TableGroup {
            title: result.map(|id| {
                let node = voice.input.project.logframe.result(id);
                format!("{} {}", node.code, voice.text(&node.title))
            }),
            rows: ids.into_iter().map(|id| row(voice, id, &columns)).collect(),
        })
        .collect();
    Body::IndicatorTable {
        columns: std::iter::once(edge(ColumnRole::Code, "figure.code"))
            .chain(headings)
            .chain([edge(ColumnRole::Status, "figure.status")])
            .collect(),
        groups,
    }
}

fn row(voice: &Voice, id: IndicatorId, columns: &[NumberColumn]) -> IndicatorRow {
    let indicator = voice.input.indicator(id);
    let figure = &voice.figure(id).totals;
    let number = |read: fn(&Voice, IndicatorId, &Figure) -> Option<String>| {
        read(voice, id, figure).unwrap_or_else(|| voice.locale.absent().to_owned())
    };
    IndicatorRow {
        code: indicator.code.clone(),
        title: voice.text(&indicator.title),
        unit: voice.unit(indicator),
        numbers: columns.iter().map(|(_, read)| number(*read)).collect(),
        status: Some(voice.badge(figure.status)),
    }
}

/// Whether less is due by now than in all.
fn is_due_in_part(figure: &Figure) -> bool {
    figure.target_due != figure.target_total
}

/// Results in the order of the chain, each with its own indicators of the report; those without a result last.
fn by_result(voice: &Voice, ids: &[IndicatorId]) -> Vec<(Option<ResultId>, Vec<IndicatorId>)> {
    let own = |result: Option<ResultId>| -> Vec<IndicatorId> {
        ids.iter().copied().filter(|id| voice.input.indicator(*id).result == result).collect()
    };
    let mut groups: Vec<_> = chain(voice).into_iter().map(|(id, _)| (Some(id), own(Some(id)))).collect();
    groups.push((None, own(None)));
    groups.retain(|(_, ids)| !ids.is_empty());
    groups
}

/// The results chain from its roots down, each with its depth.
fn chain(voice: &Voice) -> Vec<(ResultId, u8)> {
    let nodes = &voice.input.project.logframe.results;
    let mut out: Vec<(ResultId, u8)> = Vec::new();
    let mut open: Vec<(ResultId, u8)> = Vec::new();
    let children = |parent: Option<ResultId>| {
        (0..nodes.len() as u16).map(ResultId).filter(move |id| nodes[usize::from(id.0)].parent == parent).rev()
    };
    open.extend(children(None).map(|id| (id, 0)));
    while let Some((id, depth)) = open.pop() {
        // A chain that bites its own tail has no root, and is refused at ingest; a doubled visit is left out here.
        if out.iter().any(|(seen, _)| *seen == id) {
            continue;
        }
        out.push((id, depth));
        open.extend(children(Some(id)).map(|child| (child, depth.saturating_add(1))));
    }
    out
}

pub(super) fn results(voice: &Voice, section: &str, ids: &[IndicatorId], language: usize) -> Body {
    let logframe = &voice.input.project.logframe;
    let of_result = |result: Option<ResultId>| -> Vec<IndicatorView> {
        let own = ids.iter().copied().filter(|id| voice.input.indicator(*id).result == result);
        own.map(|id| view(voice, id)).collect()
    };
    let mut groups: Vec<ResultGroup> = chain(voice)
        .into_iter()
        .map(|(id, depth)| {
            let node = logframe.result(id);
            ResultGroup {
                level: node.level.map(|level| voice.label(level_label(level)).to_owned()),
                code: node.code.clone(),
                title: voice.text(&node.title),
                depth,
                assumptions: voice
                    .given(&node.assumptions)
                    .map(|value| Measure { label: voice.label("figure.assumptions").to_owned(), value }),
                prose: voice.input.prose(&format!("{section}.{}", node.code), language),
                indicators: of_result(Some(id)),
            }
        })
        .collect();
    let others = of_result(None);
    if !others.is_empty() {
        groups.push(ResultGroup {
            level: None,
            code: String::new(),
            title: voice
                .label(if groups.is_empty() { "figure.indicators" } else { "report.other-indicators" })
                .to_owned(),
            depth: 0,
            assumptions: None,
            prose: Vec::new(),
            indicators: others,
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
    Body::Results { groups }
}

fn level_label(level: Level) -> &'static str {
    match level {
        Level::Impact => "level.impact",
        Level::Outcome => "level.outcome",
        Level::Output => "level.output",
    }
}

fn view(voice: &Voice, id: IndicatorId) -> IndicatorView {
    let indicator = voice.input.indicator(id);
    let figure = &voice.figure(id).totals;
    let (hedge, value) = voice.parted(figure.cumulative, voice.is_ratio(id));
    IndicatorView {
        code: indicator.code.clone(),
        title: voice.text(&indicator.title),
        unit: voice.unit(indicator),
        hedge,
        value,
        measures: measures(voice, id),
        bar: bar(voice, id).filter(|bar| bar.target.is_some()),
        bar_alt: bar_alt(voice, id),
        status: Some(voice.badge(figure.status)),
        notes: blank_note(voice, figure).into_iter().collect(),
    }
}

/// The numbers beside the large one: baseline, the period's value, targets, progress.
fn measures(voice: &Voice, id: IndicatorId) -> Vec<Measure> {
    measures_but(voice, id, Some("figure.cumulative"))
}

/// The same where no large number stands beside them.
pub(super) fn all_measures(voice: &Voice, id: IndicatorId) -> Vec<Measure> {
    measures_but(voice, id, None)
}

fn measures_but(voice: &Voice, id: IndicatorId, left_out: Option<&str>) -> Vec<Measure> {
    let figure = &voice.figure(id).totals;
    NUMBER_COLUMNS
        .into_iter()
        .filter(|(key, _)| Some(*key) != left_out)
        .filter(|(key, _)| !(*key == "figure.actual-period" && figure.value(Scope::Period) == figure.cumulative))
        .filter(|(key, _)| *key != "figure.target-due" || is_due_in_part(figure))
        .filter_map(|(key, read)| Some(Measure { label: voice.label(key).to_owned(), value: read(voice, id, figure)? }))
        .collect()
}

/// "1 of 3 activities are without a count."
pub(super) fn blank_note(voice: &Voice, figure: &Figure) -> Option<String> {
    (figure.coverage.blank > 0).then(|| {
        voice.phrase(
            "counted.without-count",
            &[
                ("blank", &voice.locale.integer(figure.coverage.blank)),
                ("rows", &voice.locale.integer(figure.coverage.rows)),
            ],
        )
    })
}
