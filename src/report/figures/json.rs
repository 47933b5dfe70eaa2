use rust_decimal::Decimal;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::{AxisPartValues, AxisValues, IndicatorFigures, period_ends};
use crate::disclosure::ReleasedValue;
use crate::indicators::{Figure, Progress, Scope, Status};
use crate::model::{Amount, Calculation, Hedge, Level, Period, Project, ReportSettings, Text};
use crate::report::document::PrintedFigure;

/// Version of the shape of figures.json.
const SCHEMA: u32 = 2;

/// Over several lines, for a file that people open too.
pub(super) fn write_pretty(
    project: &Project,
    report: &ReportSettings,
    period: &Period,
    lines: &[IndicatorFigures],
    printed: &[PrintedFigure],
) -> String {
    let printed = printed.iter().map(|figure| PrintedJson {
        id: &figure.id,
        value: QuantityJson::from_ends(figure.source.from, figure.source.to),
        place: figure.source.place.as_deref(),
    });
    let file = FiguresFile { printed: Some(printed.collect()), ..figures_file(project, Some(report), period, lines) };
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}

/// On one line.
pub(super) fn write_line(project: &Project, period: &Period, lines: &[IndicatorFigures]) -> String {
    let mut text = serde_json::to_string(&figures_file(project, None, period, lines)).unwrap_or_default();
    text.push('\n');
    text
}

fn figures_file<'a>(
    project: &'a Project,
    report: Option<&'a ReportSettings>,
    period: &'a Period,
    lines: &'a [IndicatorFigures],
) -> FiguresFile<'a> {
    let (start, end) = period_ends(period);
    FiguresFile {
        schema: SCHEMA,
        project: &project.settings.code,
        report: report.map(|report| report.name.as_str()),
        period: PeriodJson { code: &period.code, start, end },
        draft: project.settings.draft,
        restricted: report.is_some_and(ReportSettings::is_restricted),
        notice: text_json(&project.settings.notice),
        indicators: lines.iter().map(indicator_json).collect(),
        printed: None,
    }
}

fn targets_json(figure: &Figure) -> TargetsJson {
    TargetsJson {
        period: figure.target_period.map(NumberJson),
        due: figure.target_due.map(NumberJson),
        plan: figure.is_due_by_time.then_some("linear"),
        total: figure.target_total.map(NumberJson),
    }
}

fn actual_json(figure: &Figure) -> ActualJson {
    ActualJson {
        period: figure.period.map(QuantityJson::from_amount),
        served: figure.served.map(QuantityJson::from_amount),
        cumulative: figure.cumulative.map(QuantityJson::from_amount),
    }
}

/// The indicator in a period that is shown beside.
fn beside_json<'a>((period, line): &'a (&'a Period, IndicatorFigures<'a>)) -> BesideJson<'a> {
    let figure = line.totals;
    BesideJson {
        code: &period.code,
        actual: actual_json(figure),
        target: targets_json(figure),
        progress_due: figure.progress_due.map(QuantityJson::from_progress),
        status: figure.status.map(Status::code),
        by: AxesJson(&line.axes),
    }
}

fn indicator_json<'a>(line: &'a IndicatorFigures) -> IndicatorJson<'a> {
    let figure = line.totals;
    let hedge = |amount: Option<Amount>| amount.and_then(|amount| amount.hedge).map(hedge_code);
    IndicatorJson {
        code: &line.indicator.code,
        level: line.indicator.level.map(Level::code),
        unit: text_json(&line.indicator.unit),
        percent: matches!(line.indicator.calculation, Calculation::Ratio(..)),
        baseline: line.indicator.baseline.map(NumberJson),
        target: targets_json(figure),
        actual: actual_json(figure),
        approximate: HedgesJson {
            period: hedge(figure.period),
            served: hedge(figure.served),
            cumulative: hedge(figure.cumulative),
        },
        progress: figure.progress.map(QuantityJson::from_progress),
        progress_due: figure.progress_due.map(QuantityJson::from_progress),
        status: figure.status.map(Status::code),
        due_reached: figure.due_reached,
        by: AxesJson(&line.axes),
        periods: line.periods.iter().map(beside_json).collect(),
    }
}

pub(super) fn hedge_code(hedge: Hedge) -> &'static str {
    match hedge {
        Hedge::About => "about",
        Hedge::Approximately => "approximately",
    }
}

#[derive(Serialize)]
struct FiguresFile<'a> {
    schema: u32,
    project: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<&'a str>,
    period: PeriodJson<'a>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    draft: bool,
    /// Not for everybody.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    restricted: bool,
    notice: Option<TextJson<'a>>,
    indicators: Vec<IndicatorJson<'a>>,
    /// Of a report: the figures that its documents print, in reading order.
    #[serde(skip_serializing_if = "Option::is_none")]
    printed: Option<Vec<PrintedJson<'a>>>,
}

#[derive(Serialize)]
struct PrintedJson<'a> {
    id: &'a str,
    value: QuantityJson,
    place: Option<&'a str>,
}

#[derive(Serialize)]
struct PeriodJson<'a> {
    code: &'a str,
    start: String,
    end: String,
}

#[derive(Serialize)]
struct IndicatorJson<'a> {
    code: &'a str,
    level: Option<&'static str>,
    unit: Option<TextJson<'a>>,
    /// Its numbers are fractions, which documents print as percentages.
    percent: bool,
    baseline: Option<NumberJson>,
    target: TargetsJson,
    actual: ActualJson,
    approximate: HedgesJson,
    progress: Option<QuantityJson>,
    progress_due: Option<QuantityJson>,
    status: Option<&'static str>,
    /// Absent where nothing is due.
    due_reached: Option<bool>,
    by: AxesJson<'a>,
    periods: Vec<BesideJson<'a>>,
}

#[derive(Serialize)]
struct BesideJson<'a> {
    code: &'a str,
    actual: ActualJson,
    target: TargetsJson,
    progress_due: Option<QuantityJson>,
    status: Option<&'static str>,
    by: AxesJson<'a>,
}

#[derive(Serialize)]
struct TargetsJson {
    period: Option<NumberJson>,
    due: Option<NumberJson>,
    /// How what is due was found, where no target says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<&'static str>,
    total: Option<NumberJson>,
}

#[derive(Serialize)]
struct ActualJson {
    period: Option<QuantityJson>,
    served: Option<QuantityJson>,
    cumulative: Option<QuantityJson>,
}

#[derive(Serialize)]
struct HedgesJson {
    period: Option<&'static str>,
    served: Option<&'static str>,
    cumulative: Option<&'static str>,
}

/// A whole number as an integer; else the nearest double, made at the very end.
pub(super) struct NumberJson(pub Decimal);

impl Serialize for NumberJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = self.0.normalize();
        match i64::try_from(value) {
            Ok(whole) if value.scale() == 0 => serializer.serialize_i64(whole),
            _ => serializer.serialize_f64(value.to_string().parse().unwrap_or_default()),
        }
    }
}

/// A number, or an interval.
enum QuantityJson {
    Number(NumberJson),
    Interval { from: NumberJson, to: NumberJson },
}

impl QuantityJson {
    fn from_amount(amount: Amount) -> QuantityJson {
        QuantityJson::from_ends(amount.from, amount.to)
    }

    fn from_progress(progress: Progress) -> QuantityJson {
        QuantityJson::from_ends(progress.from, progress.to)
    }

    fn from_ends(from: Decimal, to: Decimal) -> QuantityJson {
        if from == to {
            QuantityJson::Number(NumberJson(from))
        } else {
            QuantityJson::Interval { from: NumberJson(from), to: NumberJson(to) }
        }
    }
}

impl Serialize for QuantityJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            QuantityJson::Number(number) => number.serialize(serializer),
            QuantityJson::Interval { from, to } => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("from", from)?;
                map.serialize_entry("to", to)?;
                map.end()
            }
        }
    }
}

/// A text by language.
struct TextJson<'a>(&'a Text);

fn text_json(text: &Text) -> Option<TextJson<'_>> {
    Some(TextJson(text)).filter(|_| !text.is_empty())
}

impl Serialize for TextJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(lang, text)| (lang.as_str(), text)))
    }
}

struct AxesJson<'a>(&'a [AxisValues<'a>]);

impl Serialize for AxesJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|axis| (axis.text, axis)))
    }
}

impl Serialize for AxisValues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.withheld {
            return serialize_withheld(serializer);
        }
        serializer.collect_map(self.parts.iter().map(|part| (&*part.value, part)))
    }
}

impl Serialize for AxisPartValues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, scope) in SCOPES {
            map.serialize_entry(name, &ReleasedJson(self.value(scope)))?;
        }
        if SCOPES.iter().any(|(_, scope)| self.hedge(*scope).is_some()) {
            let [period, served, cumulative] = SCOPES.map(|(_, scope)| self.hedge(scope).map(hedge_code));
            map.serialize_entry("approximate", &HedgesJson { period, served, cumulative })?;
        }
        map.end()
    }
}

/// The scopes of a value under their names, in the order in which they are written.
pub(super) const SCOPES: [(&str, Scope); 3] =
    [("period", Scope::Period), ("served", Scope::Served), ("cumulative", Scope::Cumulative)];

impl AxisPartValues<'_> {
    pub(super) fn value(&self, scope: Scope) -> ReleasedValue {
        match scope {
            Scope::Period => self.period,
            Scope::Served => self.served,
            Scope::Cumulative => self.cumulative,
        }
    }

    pub(super) fn hedge(&self, scope: Scope) -> Option<Hedge> {
        match self.value(scope) {
            ReleasedValue::Value(amount) => amount.and_then(|amount| amount.hedge),
            ReleasedValue::Below(_) | ReleasedValue::Withheld => None,
        }
    }
}

struct ReleasedJson(ReleasedValue);

impl Serialize for ReleasedJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            ReleasedValue::Value(amount) => amount.map(QuantityJson::from_amount).serialize(serializer),
            ReleasedValue::Below(limit) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("below", &limit)?;
                map.end()
            }
            ReleasedValue::Withheld => serialize_withheld(serializer),
        }
    }
}

fn serialize_withheld<S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry("withheld", &true)?;
    map.end()
}
