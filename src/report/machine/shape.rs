use rust_decimal::Decimal;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::{Line, LineAxis, LinePart, period_ends};
use crate::disclosure::ReleasedValue;
use crate::indicators::{Progress, Scope};
use crate::model::{Amount, Hedge, Level, Period, Project, Text};

/// Version of the shape of figures.json.
const SCHEMA: u32 = 1;

/// Over several lines, for a file that people open too.
pub(super) fn pretty(project: &Project, report: Option<&str>, period: &Period, lines: &[Line]) -> String {
    let mut text = serde_json::to_string_pretty(&sheet(project, report, period, lines)).unwrap_or_default();
    text.push('\n');
    text
}

/// On one line.
pub(super) fn compact(project: &Project, period: &Period, lines: &[Line]) -> String {
    let mut text = serde_json::to_string(&sheet(project, None, period, lines)).unwrap_or_default();
    text.push('\n');
    text
}

fn sheet<'a>(project: &'a Project, report: Option<&'a str>, period: &'a Period, lines: &'a [Line]) -> Sheet<'a> {
    let (start, end) = period_ends(period);
    Sheet {
        schema: SCHEMA,
        project: &project.settings.code,
        report,
        period: Span { code: &period.code, start, end },
        notice: texts(&project.settings.notice),
        indicators: lines.iter().map(entry).collect(),
    }
}

fn entry<'a>(line: &'a Line) -> Entry<'a> {
    let figure = line.totals;
    let hedge = |amount: Option<Amount>| amount.and_then(|amount| amount.hedge).map(hedge_code);
    Entry {
        code: &line.indicator.code,
        level: line.indicator.level.map(level_code),
        unit: texts(&line.indicator.unit),
        baseline: line.indicator.baseline.map(Number),
        target: Targets {
            period: figure.target_period.map(Number),
            due: figure.target_due.map(Number),
            total: figure.target_total.map(Number),
        },
        actual: Actual {
            period: figure.period.map(Quantity::of),
            served: figure.served.map(Quantity::of),
            cumulative: figure.cumulative.map(Quantity::of),
        },
        approximate: Hedges {
            period: hedge(figure.period),
            served: hedge(figure.served),
            cumulative: hedge(figure.cumulative),
        },
        progress: figure.progress.map(Quantity::of_progress),
        progress_due: figure.progress_due.map(Quantity::of_progress),
        status: figure.status.map(crate::indicators::Status::code),
        by: Axes(&line.axes),
    }
}

pub(super) fn hedge_code(hedge: Hedge) -> &'static str {
    match hedge {
        Hedge::About => "about",
        Hedge::Approximately => "approximately",
    }
}

fn level_code(level: Level) -> &'static str {
    match level {
        Level::Impact => "impact",
        Level::Outcome => "outcome",
        Level::Output => "output",
    }
}

#[derive(Serialize)]
struct Sheet<'a> {
    schema: u32,
    project: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<&'a str>,
    period: Span<'a>,
    notice: Option<Texts<'a>>,
    indicators: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Span<'a> {
    code: &'a str,
    start: String,
    end: String,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    level: Option<&'static str>,
    unit: Option<Texts<'a>>,
    baseline: Option<Number>,
    target: Targets,
    actual: Actual,
    approximate: Hedges,
    progress: Option<Quantity>,
    progress_due: Option<Quantity>,
    status: Option<&'static str>,
    by: Axes<'a>,
}

#[derive(Serialize)]
struct Targets {
    period: Option<Number>,
    due: Option<Number>,
    total: Option<Number>,
}

#[derive(Serialize)]
struct Actual {
    period: Option<Quantity>,
    served: Option<Quantity>,
    cumulative: Option<Quantity>,
}

#[derive(Serialize)]
struct Hedges {
    period: Option<&'static str>,
    served: Option<&'static str>,
    cumulative: Option<&'static str>,
}

/// A whole number as an integer; else the nearest double, made at the very end.
pub(super) struct Number(pub Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = self.0.normalize();
        match i64::try_from(value) {
            Ok(whole) if value.scale() == 0 => serializer.serialize_i64(whole),
            _ => serializer.serialize_f64(value.to_string().parse().unwrap_or_default()),
        }
    }
}

/// A number, or an interval.
enum Quantity {
    Number(Number),
    Interval { from: Number, to: Number },
}

impl Quantity {
    fn of(amount: Amount) -> Quantity {
        Quantity::between(amount.from, amount.to)
    }

    fn of_progress(progress: Progress) -> Quantity {
        Quantity::between(progress.from, progress.to)
    }

    fn between(from: Decimal, to: Decimal) -> Quantity {
        if from == to {
            Quantity::Number(Number(from))
        } else {
            Quantity::Interval { from: Number(from), to: Number(to) }
        }
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Quantity::Number(number) => number.serialize(serializer),
            Quantity::Interval { from, to } => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("from", from)?;
                map.serialize_entry("to", to)?;
                map.end()
            }
        }
    }
}

/// A text by language.
struct Texts<'a>(&'a Text);

fn texts(text: &Text) -> Option<Texts<'_>> {
    Some(Texts(text)).filter(|_| !text.is_empty())
}

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(lang, text)| (lang.as_str(), text)))
    }
}

struct Axes<'a>(&'a [LineAxis<'a>]);

impl Serialize for Axes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|axis| (axis.text, axis)))
    }
}

impl Serialize for LineAxis<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.withheld {
            return withheld(serializer);
        }
        serializer.collect_map(self.parts.iter().map(|part| (&*part.value, part)))
    }
}

impl Serialize for LinePart<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, scope) in SCOPES {
            map.serialize_entry(name, &Released(self.value(scope)))?;
        }
        if SCOPES.iter().any(|(_, scope)| self.hedge(*scope).is_some()) {
            let [period, served, cumulative] = SCOPES.map(|(_, scope)| self.hedge(scope).map(hedge_code));
            map.serialize_entry("approximate", &Hedges { period, served, cumulative })?;
        }
        map.end()
    }
}

/// The scopes of a value under their names, in the order in which they are written.
pub(super) const SCOPES: [(&str, Scope); 3] =
    [("period", Scope::Period), ("served", Scope::Served), ("cumulative", Scope::Cumulative)];

impl LinePart<'_> {
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

struct Released(ReleasedValue);

impl Serialize for Released {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            ReleasedValue::Value(amount) => amount.map(Quantity::of).serialize(serializer),
            ReleasedValue::Below(limit) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("below", &limit)?;
                map.end()
            }
            ReleasedValue::Withheld => withheld(serializer),
        }
    }
}

fn withheld<S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry("withheld", &true)?;
    map.end()
}
