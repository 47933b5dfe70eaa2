use rust_decimal::Decimal;

use super::evaluate::{Evaluated, Evaluator};
use super::load::suggest;
use super::syntax::{Arg, Call, Expr};
use super::value::{FigureValue, Style, Value, Why};
use crate::diagnostic::Problem;
use crate::disclosure::{ReleasedFigure, Shown};
use crate::indicators::{Key, PartKey, Scope, Status};
use crate::locale::Gender;
use crate::model::{Amount, Axis, AxisPart, Calculation, Column, IndicatorId};

/// Helpers that print or compare figures.
impl<'a> Evaluator<'a> {
    /// An indicator by its code, which stands as a text or comes from a loop.
    pub(super) fn indicator(&mut self, arg: &Arg) -> Option<(IndicatorId, String)> {
        let value = self.value(arg)?;
        let Value::Text(code) = value else {
            self.told("not-an-indicator", arg.at);
            return None;
        };
        let logframe = &self.context.project.logframe;
        let id = logframe.indicator_ids().find(|id| same_code(&logframe.indicator(*id).code, &code));
        match id {
            Some(id) => Some((id, logframe.indicator(id).code.clone())),
            None => {
                let known = logframe.indicators.iter().map(|indicator| indicator.code.as_str());
                let problem =
                    Problem::error("unknown-indicator").at(self.source.place(arg.at)).with("indicator", &code);
                self.problems.push(suggest(problem, &code, known));
                None
            }
        }
    }

    fn released(&mut self, id: IndicatorId, call: &Call) -> Option<&'a ReleasedFigure> {
        let code = match call.option("in").map(|arg| &arg.expr) {
            Some(Expr::Text(code)) => code.as_str(),
            _ => self.period.code.as_str(),
        };
        let released = self.context.released;
        let figure = released
            .periods
            .iter()
            .find(|period| period.period.code == code)
            .and_then(|period| period.figures.get(usize::from(id.0)));
        if figure.is_none() {
            self.told("unreleased-period", call.at);
        }
        figure
    }

    pub(super) fn figure(&mut self, call: &Call, field: &str) -> Evaluated {
        let (id, code) = self.indicator(call.args.first()?)?;
        let released = self.released(id, call)?;
        let figure = &released.totals;
        let indicator = self.context.project.logframe.indicator(id);
        let due = flag(call, "due");
        let kind = match call.option("kind").map(|arg| &arg.expr) {
            Some(Expr::Text(kind)) => kind.as_str(),
            _ if due => "due",
            _ => "total",
        };
        let is_ratio = matches!(indicator.calculation, Calculation::Ratio(..));
        let mut style = if is_ratio { Style::Percent } else { Style::Count };
        let amount = match field {
            "actual" => figure.period,
            "cumulative" => figure.cumulative,
            "served" => figure.served,
            "baseline" => indicator.baseline.map(Amount::exact),
            "target" => match kind {
                "due" => figure.target_due,
                "period" => figure.target_period,
                _ => figure.target_total,
            }
            .map(Amount::exact),
            _ => {
                style = Style::Percent;
                let hedge = figure.level.and_then(|level| level.hedge);
                let progress = if due { figure.progress_due } else { figure.progress };
                progress.map(|progress| Amount { from: progress.from, to: progress.to, hedge, grain: 0 })
            }
        };
        let what = format!("{field} {code}");
        Some(match amount {
            Some(amount) => Value::Figure(FigureValue {
                amount,
                style,
                indicator: code,
                between: flag(call, "between"),
                bare: flag(call, "bare"),
            }),
            None => Value::unknown(Why::Absent, what),
        })
    }

    pub(super) fn status(&mut self, call: &Call) -> Evaluated {
        let (id, code) = self.indicator(call.args.first()?)?;
        let what = format!("status {code}");
        Some(match self.released(id, call)?.totals.status {
            None => Value::unknown(Why::Absent, what),
            Some(Status::Undetermined) => Value::unknown(Why::Undetermined, what),
            Some(status) => Value::Status { code: status.code(), indicator: code },
        })
    }

    /// `by "I14" "sex" "F"`: one part of a disaggregation.
    pub(super) fn part(&mut self, call: &Call) -> Evaluated {
        let [indicator, axis, part] = call.args.as_slice() else { return None };
        let (id, code) = self.indicator(indicator)?;
        let released = self.released(id, call)?;
        let definition = self.context.project.logframe.indicator(id);
        let (Value::Text(axis_text), Value::Text(part_text)) = (self.value(axis)?, self.value(part)?) else {
            self.told("not-a-part", part.at);
            return None;
        };
        let Some(index) = definition.axes.iter().position(|axis| same_axis(&axis.text, &axis_text)) else {
            let known = definition.axes.iter().map(|axis| axis.text.as_str());
            let problem = Problem::error("unknown-axis").at(self.source.place(axis.at)).with("axis", &axis_text);
            self.problems.push(suggest(problem.with("indicator", &code), &axis_text, known));
            return None;
        };
        let key = self.part_key(&definition.axes[index], &part_text, part.at)?;
        let scope = match call.option("of").map(|arg| &arg.expr) {
            Some(Expr::Text(of)) if of == "cumulative" => Scope::Cumulative,
            Some(Expr::Text(of)) if of == "served" => Scope::Served,
            _ => Scope::Period,
        };
        let what = format!("by {code} {axis_text} {part_text}");
        let axis = released.axes.get(index)?;
        if axis.withheld {
            return Some(Value::unknown(Why::Suppressed, what));
        }
        // A part that nothing fell under isn't listed, and is nothing rather than unknown.
        let shown = axis
            .parts
            .iter()
            .find(|part| part.key == key)
            .map_or(Shown::Value(Some(Amount::count(0))), |part| part.value(scope));
        let is_ratio = matches!(definition.calculation, Calculation::Ratio(..));
        let style = if is_ratio { Style::Percent } else { Style::Count };
        Some(match shown {
            Shown::Value(Some(amount)) => {
                Value::Figure(FigureValue { amount, style, indicator: code, between: false, bare: false })
            }
            Shown::Value(None) => Value::unknown(Why::Absent, what),
            Shown::Below(_) | Shown::Withheld => Value::unknown(Why::Suppressed, what),
        })
    }

    fn part_key(&mut self, axis: &Axis, written: &str, at: usize) -> Option<PartKey> {
        match axis.second {
            None => self.key(axis.first, written, at).map(PartKey::One),
            Some(second) => {
                let Some((a, b)) = written.split_once('×').or_else(|| written.split_once(" x ")) else {
                    self.unknown_part(written, Vec::new(), at);
                    return None;
                };
                Some(PartKey::Crossed(self.key(axis.first, a.trim(), at)?, self.key(second, b.trim(), at)?))
            }
        }
    }

    fn key(&mut self, part: AxisPart, written: &str, at: usize) -> Option<Key> {
        let named = |label: &str| self.context.locale.find_label(label).is_some_and(|text| same_code(text, written));
        if same_code(written, "unknown") || named("axis.unknown") {
            return Some(Key::Unknown);
        }
        if same_code(written, "several") || named("axis.several") {
            return Some(Key::Several);
        }
        let project = self.context.project;
        let column = match part {
            AxisPart::Age => {
                let bands = &project.settings.age_bands;
                let codes: Vec<String> = (0..bands.0.len() as u8).map(|band| bands.code(band)).collect();
                let plain = written.replace('–', "-");
                let found = codes.iter().position(|code| same_code(code, &plain));
                if found.is_none() {
                    self.unknown_part(written, codes, at);
                }
                return found.map(|band| Key::Band(band as u8));
            }
            AxisPart::Activity(column) => &project.activities.columns[usize::from(column.0)],
            AxisPart::Person(column) => &project.persons.columns[usize::from(column.0)],
        };
        let found = self.category(column, written);
        if found.is_none() {
            self.unknown_part(written, names_of(column), at);
        }
        found.map(|at| Key::Category(crate::model::Category(at as u32)))
    }

    /// A value of a column by its code, its label in any language or an alias.
    pub(super) fn category(&self, column: &Column, written: &str) -> Option<usize> {
        let aliases = |code: &str| {
            let list = column.list.as_ref().and_then(|name| self.context.project.lists.get(name));
            list.and_then(|list| list.entries.iter().find(|entry| entry.code == code))
                .is_some_and(|entry| entry.aliases.iter().any(|alias| same_code(alias, written)))
        };
        column.entries.iter().position(|entry| {
            same_code(&entry.code, written)
                || entry.label.iter().any(|(_, label)| same_code(label, written))
                || aliases(&entry.code)
        })
    }

    pub(super) fn unknown_part(&mut self, written: &str, known: Vec<String>, at: usize) {
        let problem = Problem::error("unknown-value").at(self.source.place(at)).with("value", written);
        self.problems.push(suggest(problem, written, known.iter().map(String::as_str)));
    }

    /// What `plural`, `words`, `number`, `percent`, `known` and `claim` are about: an indicator's field, or any value.
    pub(super) fn subject(&mut self, call: &Call) -> Evaluated {
        let arg = call.args.first()?;
        let value = self.value(arg)?;
        let Value::Text(code) = &value else { return Some(value) };
        let logframe = &self.context.project.logframe;
        let is_code = logframe.indicators.iter().any(|indicator| same_code(&indicator.code, code));
        if !is_code && matches!(call.name.as_str(), "known") {
            return Some(value);
        }
        let field = match call.option("of").map(|arg| &arg.expr) {
            Some(Expr::Text(of)) => of.clone(),
            _ => "actual".to_owned(),
        };
        self.figure(call, &field)
    }

    /// The number that a reader sees: the upper end, rounded as it is printed.
    fn seen(value: &Value) -> Option<Decimal> {
        match value {
            Value::Figure(figure) => Some(match figure.style {
                Style::Percent => figure.amount.to.saturating_mul(Decimal::ONE_HUNDRED).round_dp(1),
                Style::Count => crate::locale::printed(figure.amount.to, &figure.amount),
            }),
            Value::Number(number) => Some(*number),
            Value::Items(items) => Some(items.len().into()),
            _ => None,
        }
    }

    pub(super) fn plural(&mut self, call: &Call) -> Evaluated {
        let value = self.subject(call)?;
        if let Value::Unknown(_) = value {
            return Some(value);
        }
        let Some(number) = Self::seen(&value) else {
            self.told("number-expected", call.at);
            return None;
        };
        let category = self.context.locale.plural(number);
        let form = call.option(category).or_else(|| call.option("other"))?;
        self.value(form)
    }

    pub(super) fn words(&mut self, call: &Call) -> Evaluated {
        let value = self.subject(call)?;
        let gender = match call.option("gender").map(|arg| &arg.expr) {
            Some(Expr::Text(code)) => Gender::from_code(code).unwrap_or_default(),
            _ => Gender::default(),
        };
        let locale = self.context.locale;
        Some(match value {
            Value::Figure(figure) if figure.style == Style::Count => {
                let word = figure.amount.single().and_then(|number| locale.word(number, gender));
                match word {
                    Some(word) => {
                        Value::Written { text: locale.hedged(word, figure.amount.hedge), indicator: figure.indicator }
                    }
                    None => Value::Figure(figure),
                }
            }
            Value::Number(number) => match locale.word(number, gender) {
                Some(word) => Value::Text(word.to_owned()),
                None => Value::Number(number),
            },
            value => value,
        })
    }

    pub(super) fn number(&mut self, call: &Call) -> Evaluated {
        let value = self.subject(call)?;
        let Some(decimals) = decimals(call) else { return Some(value) };
        let locale = self.context.locale;
        Some(match value {
            Value::Number(number) => Value::Text(locale.fixed(number, decimals)),
            Value::Figure(figure) if figure.style == Style::Count && figure.amount.hedge.is_none() => {
                match figure.amount.single() {
                    Some(number) => {
                        Value::Written { text: locale.fixed(number, decimals), indicator: figure.indicator }
                    }
                    None => Value::Figure(figure),
                }
            }
            value => value,
        })
    }

    pub(super) fn percent(&mut self, call: &Call) -> Evaluated {
        let value = self.subject(call)?;
        let locale = self.context.locale;
        Some(match value {
            Value::Number(number) => Value::Text(locale.percent(number, decimals(call).unwrap_or(1))),
            Value::Figure(figure) => match (decimals(call), figure.amount.single(), figure.amount.hedge) {
                (Some(decimals), Some(number), None) => {
                    Value::Written { text: locale.percent(number, decimals), indicator: figure.indicator }
                }
                _ => Value::Figure(FigureValue { style: Style::Percent, ..figure }),
            },
            value => value,
        })
    }

    pub(super) fn date(&mut self, call: &Call) -> Evaluated {
        let arg = call.args.first()?;
        let value = self.value(arg)?;
        let locale = self.context.locale;
        let form = match call.option("form").map(|arg| &arg.expr) {
            Some(Expr::Text(form)) => form.as_str(),
            _ => "text",
        };
        Some(match value {
            Value::Date(day) => Value::Text(match form {
                "long" => locale.date(day),
                "short" => locale.date_short(day),
                "month" => locale.month_in_text(day.year(), day.month()),
                "day" => locale.day_and_month(day),
                _ => locale.date_in_text(day),
            }),
            Value::Month(_) | Value::Unknown(_) => value,
            _ => {
                self.told("not-a-date", arg.at);
                return None;
            }
        })
    }

    pub(super) fn list(&mut self, call: &Call) -> Evaluated {
        let arg = call.args.first()?;
        let field = match call.option("field").map(|arg| &arg.expr) {
            Some(Expr::Text(field)) => Some(field.clone()),
            _ => None,
        };
        match self.value(arg)? {
            Value::Items(items) => Some(Value::Text(self.list_of(&items, field.as_deref()))),
            Value::Unknown(unknown) => Some(Value::Unknown(unknown)),
            _ => {
                self.told("not-a-list", arg.at);
                None
            }
        }
    }

    pub(super) fn count(&mut self, call: &Call) -> Evaluated {
        let arg = call.args.first()?;
        match self.value(arg)? {
            Value::Items(items) => Some(Value::Number(items.len().into())),
            Value::Unknown(unknown) => Some(Value::Unknown(unknown)),
            _ => {
                self.told("not-a-list", arg.at);
                None
            }
        }
    }
}

pub(super) fn flag(call: &Call, name: &str) -> bool {
    matches!(call.option(name), Some(Arg { expr: Expr::Bool(true), .. }))
}

fn decimals(call: &Call) -> Option<u32> {
    match call.option("decimals").map(|arg| &arg.expr) {
        Some(Expr::Number(number)) => u32::try_from(*number).ok().map(|decimals| decimals.min(6)),
        _ => None,
    }
}

pub(super) fn same_code(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim(), b.trim());
    a == b || a.to_lowercase() == b.to_lowercase()
}

/// `sex × age`, written with a Latin x or without spaces too.
pub(super) fn same_axis(known: &str, written: &str) -> bool {
    let plain = |text: &str| text.replace(" x ", "×").replace(' ', "").to_lowercase();
    plain(known) == plain(written)
}

pub(super) fn names_of(column: &Column) -> Vec<String> {
    let labels =
        |entry: &crate::model::Entry| entry.label.iter().map(|(_, label)| label.to_owned()).collect::<Vec<_>>();
    column.entries.iter().flat_map(|entry| std::iter::once(entry.code.clone()).chain(labels(entry))).collect()
}
