use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;

use super::project_view::{LocalText, local_text};
use super::reading::CountedProject;
use crate::indicators::{Figure, PeriodFigures, Progress, Scope, Status};
use crate::locale::Locale;
use crate::model::{Amount, Calculation, Indicator, Project, ResultId, Text};

/// The three values of a figure, by the names that the page asks with.
pub(super) const SCOPES: [(&str, Scope); 3] =
    [("period", Scope::Period), ("served", Scope::Served), ("cumulative", Scope::Cumulative)];

/// The figures of all periods, nothing hidden.
#[derive(Serialize)]
pub(super) struct FiguresView<'a> {
    revision: u64,
    code: &'a str,
    title: LocalText<'a>,
    notice: Option<LocalText<'a>>,
    /// In the order of the results chain, with the places of their indicators; those without a result come last.
    results: Vec<ResultView<'a>>,
    periods: Vec<PeriodView<'a>>,
    /// Files and sheets with rows that may be asked for.
    sheets: Vec<String>,
}

#[derive(Serialize)]
struct ResultView<'a> {
    code: &'a str,
    title: LocalText<'a>,
    level: Option<String>,
    indicators: Vec<usize>,
}

#[derive(Serialize)]
struct PeriodView<'a> {
    code: &'a str,
    name: String,
    figures: Vec<FigureView<'a>>,
}

#[derive(Serialize)]
struct FigureView<'a> {
    code: &'a str,
    title: LocalText<'a>,
    unit: LocalText<'a>,
    baseline: String,
    period: String,
    served: Option<String>,
    cumulative: String,
    target_due: String,
    target_total: String,
    progress: String,
    status: StatusView,
    trend: Vec<TrendColumn<'a>>,
}

#[derive(Serialize)]
struct StatusView {
    code: &'static str,
    text: &'static str,
}

/// A period's value in a small chart; those that a report would show side by side.
#[derive(Serialize)]
struct TrendColumn<'a> {
    period: &'a str,
    value: String,
    /// Hundredths of the largest.
    height: u32,
}

impl<'a> FiguresView<'a> {
    pub fn new(counted: &'a CountedProject, locale: &Locale) -> FiguresView<'a> {
        let writer = FigureWriter { project: &counted.project, periods: &counted.figures.periods, locale };
        let project = &counted.project;
        let settings = &project.settings;
        let notice = Some(&settings.notice).filter(|notice| !notice.is_empty());
        FiguresView {
            revision: counted.revision,
            code: &settings.code,
            title: writer.text(&settings.title),
            notice: notice.map(|notice| writer.text(notice)),
            results: writer.results(),
            periods: counted.figures.periods.iter().map(|figures| writer.period(figures)).collect(),
            sheets: project.sources.sheets.iter().map(ToString::to_string).collect(),
        }
    }
}

struct FigureWriter<'a, 'l> {
    project: &'a Project,
    periods: &'a [PeriodFigures],
    locale: &'l Locale,
}

impl<'a> FigureWriter<'a, '_> {
    fn text(&self, text: &'a Text) -> LocalText<'a> {
        local_text(text, &self.project.settings.languages, self.locale)
    }

    fn results(&self) -> Vec<ResultView<'a>> {
        let logframe = &self.project.logframe;
        let measured_by = |result: Option<ResultId>| -> Vec<usize> {
            let indicators = logframe.indicators.iter().enumerate();
            indicators.filter(|(_, indicator)| indicator.result == result).map(|(at, _)| at).collect()
        };
        let results = logframe.results.iter().enumerate().map(|(at, result)| ResultView {
            code: &result.code,
            title: self.text(&result.title),
            level: result.level.map(|level| self.locale.label(&format!("level.{}", level.code())).to_owned()),
            indicators: measured_by(Some(ResultId(at as u16))),
        });
        let none = ResultView {
            code: "",
            title: LocalText { text: "", lang: "" },
            level: None,
            indicators: measured_by(None),
        };
        results.chain([none]).filter(|result| !result.indicators.is_empty()).collect()
    }

    fn period(&self, figures: &'a PeriodFigures) -> PeriodView<'a> {
        let settings = &self.project.settings;
        let beside = figures.period.side_by_side(&settings.periods, &self.project.logframe.periods);
        let lines = self.project.logframe.indicators.iter().zip(&figures.figures).enumerate();
        PeriodView {
            code: &figures.period.code,
            name: self.locale.period_name(&figures.period),
            figures: lines.map(|(at, (indicator, figure))| self.figure(at, indicator, figure, &beside)).collect(),
        }
    }

    fn figure(&self, at: usize, indicator: &'a Indicator, figure: &Figure, beside: &[usize]) -> FigureView<'a> {
        let locale = self.locale;
        let number = |value: Option<Decimal>| amount(indicator, value.map(Amount::exact), locale);
        let hedge = figure.level.and_then(|level| level.hedge);
        let progress = |progress: Progress| locale.progress(progress.from, progress.to, hedge);
        let status = figure.status.map(Status::code);
        FigureView {
            code: &indicator.code,
            title: self.text(&indicator.title),
            unit: self.text(&indicator.unit),
            baseline: number(indicator.baseline),
            period: amount(indicator, figure.period, locale),
            served: figure.served.map(|served| amount(indicator, Some(served), locale)),
            cumulative: amount(indicator, figure.cumulative, locale),
            target_due: number(figure.target_due),
            target_total: number(figure.target_total),
            progress: figure.progress.map_or_else(|| locale.absent().to_owned(), progress),
            status: StatusView { code: status.unwrap_or("absent"), text: locale.status(status) },
            trend: self.trend(at, indicator, beside),
        }
    }

    fn trend(&self, at: usize, indicator: &Indicator, beside: &[usize]) -> Vec<TrendColumn<'a>> {
        let shown = beside.iter().filter_map(|&place| {
            let code = &self.project.logframe.periods.get(place)?.code;
            self.periods.iter().find(|figures| figures.period.code == *code)
        });
        let values: Vec<(&'a str, Option<Amount>)> =
            shown.map(|figures| (figures.period.code.as_str(), figures.figures[at].period)).collect();
        let size = |amount: &Option<Amount>| amount.and_then(|amount| amount.single()).unwrap_or_default();
        let largest = values.iter().map(|(_, amount)| size(amount)).max().unwrap_or_default();
        let height = |amount: &Option<Amount>| {
            let part = size(amount).checked_mul(Decimal::ONE_HUNDRED)?.checked_div(largest)?;
            part.round().to_u32()
        };
        values
            .iter()
            .map(|(period, value)| TrendColumn {
                period,
                value: amount(indicator, *value, self.locale),
                height: height(value).unwrap_or_default(),
            })
            .collect()
    }
}

/// A value as the language writes it.
pub(super) fn amount(indicator: &Indicator, amount: Option<Amount>, locale: &Locale) -> String {
    let percent = matches!(indicator.calculation, Calculation::Ratio(..));
    amount.map_or_else(|| locale.absent().to_owned(), |amount| locale.figure(&amount, percent))
}
