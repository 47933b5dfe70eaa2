use rust_decimal::Decimal;

use super::disaggregation::capitalize;
use super::localizer::Localizer;
use super::trend::compose_trends;
use crate::indicators::{Figure, Scope};
use crate::model::{BaselineUse, Indicator, IndicatorId, Level, ResultId};
use crate::report::document::{Bar, FigureText, Fraction, KeyFigure, Measure, SectionBody};
use crate::report::figures::PlacedValue;
use crate::report::profile::ProfileSection;
use crate::report::results_chain;

/// Key figures on a page, where the profile doesn't say.
const DEFAULT_KEY_FIGURES: usize = 8;
/// Charts over periods, where the profile doesn't say.
const DEFAULT_TRENDS: usize = 6;

/// Where a bar ends: the total target is at 80 % of it, so that a quarter more can still be seen.
pub(super) const BAR_END: Decimal = Decimal::from_parts(125, 0, 0, false, 2);

fn bar_fraction(progress: Decimal) -> Fraction {
    Fraction::ratio(progress, BAR_END)
}

pub(super) fn key_figures(localizer: &Localizer, section: &ProfileSection, ids: &[IndicatorId]) -> SectionBody {
    let most = section.most.unwrap_or(DEFAULT_KEY_FIGURES);
    let mut ordered: Vec<IndicatorId> = ids.to_vec();
    if section.indicators.is_none() {
        // Results weigh more than what was done for them: impact and outcome before output.
        ordered.sort_by_key(|id| localizer.input.indicator(*id).level.unwrap_or(Level::Output));
    }
    SectionBody::KeyFigures { items: ordered.into_iter().take(most).map(|id| key_figure(localizer, id)).collect() }
}

fn key_figure(localizer: &Localizer, id: IndicatorId) -> KeyFigure {
    let indicator = localizer.input.indicator(id);
    let figure = &localizer.figure(id).totals;
    let (hedge, value) = bare_value(localizer, id);
    KeyFigure {
        code: indicator.code.clone(),
        hedge,
        value,
        unit: localizer.unit(indicator),
        title: localizer.text(&indicator.title),
        meaning: target_context(localizer, id),
        progress: localizer.progress_figure(id),
        bar: bar(localizer, id).filter(|bar| bar.target.is_some()),
        status: Some(localizer.badge(figure.status)),
        alt: bar_alt(localizer, id),
    }
}

/// The value from the project's start on without its hedge, and that apart.
pub(super) fn bare_value(localizer: &Localizer, id: IndicatorId) -> (Option<String>, FigureText) {
    let amount = localizer.figure(id).totals.cumulative;
    let (hedge, value) = localizer.split_hedge(amount, localizer.is_ratio(id));
    let ends = amount.map(|amount| (amount.from, amount.to));
    (hedge, localizer.placed(id, localizer.input.period, PlacedValue::Actual(Scope::Cumulative), value, ends))
}

/// "of 500 planned", and what of it was due.
pub(super) fn plan_texts(localizer: &Localizer, id: IndicatorId) -> Vec<FigureText> {
    let figure = &localizer.figure(id).totals;
    let mut texts = Vec::new();
    if figure.target_total.is_some() {
        texts.push(localizer.figure_phrase("report.of-target", &[("target", total_target(localizer, id, figure))]));
    }
    if figure.target_due.is_some() && is_due_in_part(figure) {
        texts.push(localizer.figure_phrase("report.of-due", &[("target", localizer.due_figure(id))]));
    }
    texts
}

fn total_target(localizer: &Localizer, id: IndicatorId, figure: &Figure) -> FigureText {
    localizer.number_figure(id, localizer.input.period, PlacedValue::TargetTotal, figure.target_total)
}

/// The plan, and the period's own value: "60 in this period".
fn target_context(localizer: &Localizer, id: IndicatorId) -> Vec<FigureText> {
    let figure = &localizer.figure(id).totals;
    let mut texts = plan_texts(localizer, id);
    if figure.period.is_some() && figure.period != figure.cumulative {
        let own = scope_figure(localizer, id, Scope::Period);
        texts.push(localizer.figure_phrase("report.in-period", &[("n", own)]));
    }
    texts
}

fn scope_figure(localizer: &Localizer, id: IndicatorId, scope: Scope) -> FigureText {
    let amount = localizer.figure(id).totals.value(scope);
    localizer.amount_figure(id, localizer.input.period, PlacedValue::Actual(scope), amount)
}

/// A bar where there is a target to draw it against and progress towards it.
pub(super) fn bar(localizer: &Localizer, id: IndicatorId) -> Option<Bar> {
    let indicator = localizer.input.indicator(id);
    let figure = &localizer.figure(id).totals;
    figure.target_total?;
    let drawn = figure.progress.map(|progress| (bar_fraction(progress.from), bar_fraction(progress.to)));
    Some(Bar {
        code: indicator.code.clone(),
        label: localizer.text(&indicator.title),
        value: drawn.map(|(from, _)| from),
        value_to: drawn.filter(|(from, to)| from != to).map(|(_, to)| to),
        target: drawn.map(|_| bar_fraction(Decimal::ONE)),
        beyond: figure.progress.is_some_and(|progress| progress.to > BAR_END),
        due: due_share(indicator, figure).filter(|_| drawn.is_some()).map(bar_fraction),
        text: localizer.figure_phrase(
            // "52.7% of 50.0%" would read as a product.
            if localizer.is_ratio(id) { "report.of-ratio" } else { "report.of" },
            &[
                ("actual", localizer.level_figure(id, localizer.input.period, figure)),
                ("target", total_target(localizer, id, figure)),
            ],
        ),
        progress: localizer.progress_figure(id),
        status: Some(localizer.badge(figure.status)),
    })
}

/// Where the target due lies between baseline and total target; `None` where it is the total.
fn due_share(indicator: &Indicator, figure: &Figure) -> Option<Decimal> {
    let (due, total) = (figure.target_due?, figure.target_total?);
    let from = match (indicator.baseline, indicator.baseline_use) {
        (Some(_), Some(BaselineUse::Reference)) | (None, _) => Decimal::ZERO,
        (Some(baseline), _) => baseline,
    };
    let whole = total.checked_sub(from).filter(|whole| !whole.is_zero())?;
    (due != total).then(|| due.checked_sub(from)?.checked_div(whole)).flatten()
}

pub(super) fn bar_alt(localizer: &Localizer, id: IndicatorId) -> String {
    let indicator = localizer.input.indicator(id);
    let figure = &localizer.figure(id).totals;
    let ratio = localizer.is_ratio(id);
    let title = localizer.text(&indicator.title);
    let actual = localizer.amount(figure.level, ratio);
    match figure.target_total {
        None => localizer.phrase("chart.alt-no-target", &[("title", &title), ("actual", &actual)]),
        Some(_) => localizer.phrase(
            "chart.alt",
            &[
                ("title", &title),
                ("actual", &actual),
                ("target", &localizer.decimal(figure.target_total, ratio)),
                ("status", &localizer.badge(figure.status).text),
            ],
        ),
    }
}

/// What the arrow at a bar's end means.
pub(super) fn beyond_legend(localizer: &Localizer) -> String {
    localizer.phrase("report.legend-beyond", &[("limit", &localizer.locale.percent(BAR_END, 0))])
}

pub(super) fn indicator_chart(localizer: &Localizer, section: &ProfileSection, ids: &[IndicatorId]) -> SectionBody {
    let with_targets: Vec<IndicatorId> =
        ids.iter().copied().filter(|id| localizer.figure(*id).totals.target_total.is_some()).collect();
    chart_body(localizer, &with_targets, section.most.unwrap_or(DEFAULT_TRENDS))
}

/// `{{chart "I14"}}`: the bar, and its course over the periods.
pub(super) fn embedded_chart(localizer: &Localizer, id: IndicatorId) -> SectionBody {
    chart_body(localizer, &[id], 1)
}

fn chart_body(localizer: &Localizer, ids: &[IndicatorId], most_trends: usize) -> SectionBody {
    let bars: Vec<Bar> = ids.iter().filter_map(|id| bar(localizer, *id)).collect();
    let texts: Vec<String> = ids.iter().map(|id| bar_alt(localizer, *id)).collect();
    let mut legend = if bars.iter().any(|bar| bar.target.is_some()) {
        let mut legend = vec![localizer.label("chart.legend-target").to_owned()];
        if bars.iter().any(|bar| bar.due.is_some()) {
            legend.push(localizer.label("report.legend-due").to_owned());
        }
        if bars.iter().any(|bar| bar.value_to.is_some()) {
            legend.push(localizer.label("report.legend-interval").to_owned());
        }
        if bars.iter().any(|bar| bar.beyond) {
            legend.push(beyond_legend(localizer));
        }
        legend
    } else {
        Vec::new()
    };
    let trends = compose_trends(localizer, ids, most_trends);
    if trends.iter().flat_map(|trend| &trend.columns).any(|column| column.due.is_some()) {
        legend.push(localizer.label("report.legend-trend").to_owned());
    }
    if !trends.is_empty() {
        legend.extend(localizer.sign_note(ids.iter().filter_map(|id| localizer.figure(*id).totals.level)));
    }
    if let Some(first) = legend.first_mut() {
        *first = capitalize(first);
    }
    SectionBody::IndicatorChart { bars, alt: texts.join(" "), legend, trends }
}

/// A number of an indicator: the word for it, and how it is read.
type MeasureReader = (&'static str, fn(&Localizer, IndicatorId, &Figure) -> Option<FigureText>);

const MEASURES: [MeasureReader; 7] = [
    ("figure.baseline", |localizer, id, _| {
        let baseline = localizer.input.indicator(id).baseline?;
        Some(localizer.number_figure(id, localizer.input.period, PlacedValue::Baseline, Some(baseline)))
    }),
    ("figure.actual-period", |localizer, id, figure| figure.period.map(|_| scope_figure(localizer, id, Scope::Period))),
    ("figure.served", |localizer, id, figure| {
        figure.served.filter(|served| Some(*served) != figure.period)?;
        Some(scope_figure(localizer, id, Scope::Served))
    }),
    ("figure.cumulative", |localizer, id, figure| {
        figure.cumulative.map(|_| scope_figure(localizer, id, Scope::Cumulative))
    }),
    ("figure.target-due", |localizer, id, figure| figure.target_due.map(|_| localizer.due_figure(id))),
    ("figure.target-total", |localizer, id, figure| figure.target_total.map(|_| total_target(localizer, id, figure))),
    ("figure.progress", |localizer, id, _| localizer.progress_figure(id)),
];

/// Whether less is due by now than in all.
fn is_due_in_part(figure: &Figure) -> bool {
    figure.target_due != figure.target_total
}

/// Results in the order of the chain, each with its own indicators of the report; those without a result last.
pub(super) fn group_by_result(localizer: &Localizer, ids: &[IndicatorId]) -> Vec<(Option<ResultId>, Vec<IndicatorId>)> {
    results_chain::group_by_result(&localizer.input.project.logframe, ids)
}

/// The results chain from its roots down, each with its depth.
pub(super) fn flatten_chain(localizer: &Localizer) -> Vec<(ResultId, u8)> {
    results_chain::flatten_chain(&localizer.input.project.logframe)
}

/// The numbers beside the large one: baseline, the period's value, targets, progress.
pub(super) fn measures(localizer: &Localizer, id: IndicatorId) -> Vec<Measure> {
    measures_without(localizer, id, Some("figure.cumulative"))
}

/// The same where no large number is beside them.
pub(super) fn all_measures(localizer: &Localizer, id: IndicatorId) -> Vec<Measure> {
    measures_without(localizer, id, None)
}

fn measures_without(localizer: &Localizer, id: IndicatorId, left_out: Option<&str>) -> Vec<Measure> {
    let figure = &localizer.figure(id).totals;
    MEASURES
        .into_iter()
        .filter(|(key, _)| Some(*key) != left_out)
        .filter(|(key, _)| !(*key == "figure.actual-period" && figure.value(Scope::Period) == figure.cumulative))
        .filter(|(key, _)| *key != "figure.target-due" || is_due_in_part(figure))
        .filter_map(|(key, read)| {
            Some(Measure { label: localizer.label(key).to_owned(), value: read(localizer, id, figure)? })
        })
        .collect()
}

/// "1 of 3 activities are without a count."
pub(super) fn blank_note(localizer: &Localizer, figure: &Figure) -> Option<FigureText> {
    (figure.coverage.blank > 0).then(|| {
        let [blank, rows] = [figure.coverage.blank, figure.coverage.rows].map(|n| localizer.counted(n as usize));
        localizer.figure_phrase("counted.without-count", &[("blank", blank), ("rows", rows)])
    })
}
