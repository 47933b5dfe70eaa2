use rust_decimal::Decimal;

use super::evaluate::{AlreadyReported, Evaluated, Evaluator};
use super::expr::{Arg, Call, Expr};
use super::helpers::find_helper;
use super::value::{ExprValue, FigureValue, Item, NumberStyle, Unknown, UnknownReason};
use crate::diagnostic::kinds;
use crate::locale::Gender;
use crate::model::{Calculation, Indicator};

/// More digits behind the decimal separator are never printed.
const MAX_DECIMALS: u32 = 6;

/// Helpers that write a value in another form.
impl Evaluator<'_> {
    pub(super) fn evaluate_plural(&mut self, call: &Call) -> Evaluated {
        let value = self.evaluate_subject(call)?;
        if let ExprValue::Unknown(Unknown { reason, .. }) = &value {
            // "fewer than five women": the noun behind a hidden number.
            return match call.option("other").filter(|_| matches!(reason, UnknownReason::Suppressed { .. })) {
                Some(form) => self.evaluate_plural_form(form),
                None => Ok(value),
            };
        }
        let Some(number) = printed_number(&value) else { return Err(self.report(kinds::NumberExpected, call.at)) };
        let category = self.context.locale.plural(number);
        match call.option(category).or_else(|| call.option("other")) {
            Some(form) => self.evaluate_plural_form(form),
            None => Err(self.report_missing_forms(call)),
        }
    }

    /// A form is the word itself even without quotation marks: `other=activities`.
    fn evaluate_plural_form(&mut self, form: &Arg) -> Evaluated {
        match &form.expr {
            Expr::Path(word) if find_helper(word).is_some() && self.is_helper(word) => {
                Ok(ExprValue::Text(word.clone()))
            }
            _ => self.evaluate_word(form),
        }
    }

    fn report_missing_forms(&mut self, call: &Call) -> AlreadyReported {
        let locale = self.context.locale;
        let missing = call.missing_options(&locale.plural_categories());
        let kind = kinds::MissingPluralForm { forms: missing.join(", "), language: locale.lang().as_str().to_owned() };
        self.report(kind, call.at)
    }

    pub(super) fn evaluate_words(&mut self, call: &Call) -> Evaluated {
        let value = self.evaluate_subject(call)?;
        let gender = call.word_option("gender").and_then(Gender::from_code).unwrap_or_default();
        let locale = self.context.locale;
        match value {
            ExprValue::Figure(figure) if figure.style == NumberStyle::Count => {
                Ok(match figure.amount.single().and_then(|number| locale.number_word(number, gender)) {
                    Some(word) => ExprValue::Formatted {
                        text: locale.hedged(word, figure.amount.hedge),
                        source: figure.source(),
                        indicator: figure.indicator,
                    },
                    None => ExprValue::Figure(figure),
                })
            }
            ExprValue::Number(number) => Ok(match locale.number_word(number, gender) {
                Some(word) => ExprValue::Text(word.to_owned()),
                None => ExprValue::Number(number),
            }),
            value => self.require_number(value, call),
        }
    }

    pub(super) fn evaluate_number(&mut self, call: &Call) -> Evaluated {
        let value = self.evaluate_subject(call)?;
        let Some(decimals) = self.decimals(call)? else { return self.require_number(value, call) };
        let locale = self.context.locale;
        match value {
            ExprValue::Number(number) => Ok(ExprValue::Text(locale.fixed(number, decimals))),
            ExprValue::Figure(figure) if figure.style == NumberStyle::Count && figure.amount.hedge.is_none() => {
                Ok(match figure.amount.single() {
                    Some(number) => {
                        let (text, source) = (locale.fixed(number, decimals), figure.source());
                        ExprValue::Formatted { text, source, indicator: figure.indicator }
                    }
                    None => ExprValue::Figure(figure),
                })
            }
            value => self.require_number(value, call),
        }
    }

    /// A fraction as a percentage. What was counted is no fraction, and a mere number is one only if it isn't whole.
    pub(super) fn evaluate_percent(&mut self, call: &Call) -> Evaluated {
        let value = self.evaluate_subject(call)?;
        let decimals = self.decimals(call)?;
        let locale = self.context.locale;
        match value {
            ExprValue::Number(number) if is_fraction(number) && !number.is_integer() => {
                Ok(ExprValue::Text(locale.percent(number, decimals.unwrap_or(1))))
            }
            ExprValue::Figure(figure) if self.is_fraction(&figure) => {
                Ok(match (decimals, figure.amount.single(), figure.amount.hedge) {
                    (Some(decimals), Some(number), None) => {
                        let (text, source) = (locale.percent(number, decimals), figure.source());
                        ExprValue::Formatted { text, source, indicator: figure.indicator }
                    }
                    _ => ExprValue::Figure(FigureValue { style: NumberStyle::Percent, ..figure }),
                })
            }
            ExprValue::Figure(_) | ExprValue::Number(_) => {
                let what = call.args.first().map(Arg::source).unwrap_or_default();
                Err(self.report(kinds::NoFraction { what }, call.at))
            }
            value => self.require_number(value, call),
        }
    }

    /// Whether a figure is a part of something: a ratio, progress or share, or a value that people report as a fraction.
    fn is_fraction(&self, figure: &FigureValue) -> bool {
        let logframe = &self.context.project.logframe;
        let is_reported = |indicator: &Indicator| {
            indicator.code == figure.indicator && indicator.calculation == Calculation::Reported
        };
        match figure.style {
            NumberStyle::Percent => true,
            NumberStyle::Points => false,
            NumberStyle::Count => {
                logframe.indicators.iter().any(is_reported)
                    && is_fraction(figure.amount.from)
                    && is_fraction(figure.amount.to)
            }
        }
    }

    /// Passes on a number, and what has no value; anything else is a problem.
    fn require_number(&mut self, value: ExprValue, call: &Call) -> Evaluated {
        match value {
            ExprValue::Figure(_) | ExprValue::Number(_) | ExprValue::Formatted { .. } | ExprValue::Unknown(_) => {
                Ok(value)
            }
            _ => Err(self.report(kinds::NumberExpected, call.at)),
        }
    }

    fn decimals(&mut self, call: &Call) -> Result<Option<u32>, AlreadyReported> {
        Ok(self.count_option(call, "decimals")?.map(|decimals| decimals.min(MAX_DECIMALS)))
    }

    pub(super) fn evaluate_date(&mut self, call: &Call) -> Evaluated {
        let arg = self.first_arg(call)?;
        let locale = self.context.locale;
        match self.evaluate(arg)? {
            ExprValue::Date(day) => Ok(ExprValue::Text(match call.word_option("form") {
                Some("long") => locale.date(day),
                Some("short") => locale.date_short(day),
                Some("month") => locale.month_in_text(day.year(), day.month()),
                Some("day") => locale.day_and_month(day),
                _ => locale.date_in_text(day),
            })),
            value @ (ExprValue::Month(_) | ExprValue::Unknown(_)) => Ok(value),
            _ => Err(self.report(kinds::NotADate, arg.at)),
        }
    }

    pub(super) fn evaluate_list(&mut self, call: &Call) -> Evaluated {
        let field = call.word_option("field");
        self.evaluate_items(call, |evaluator, items| ExprValue::Text(evaluator.format_list(items, field)))
    }

    pub(super) fn evaluate_count(&mut self, call: &Call) -> Evaluated {
        self.evaluate_items(call, |_, items| ExprValue::Number(items.len().into()))
    }

    fn evaluate_items(&mut self, call: &Call, summarize: impl FnOnce(&Self, &[Item]) -> ExprValue) -> Evaluated {
        let arg = self.first_arg(call)?;
        match self.evaluate(arg)? {
            ExprValue::Items(items) => Ok(summarize(self, &items)),
            ExprValue::Unknown(unknown) => Ok(ExprValue::Unknown(unknown)),
            _ => Err(self.report(kinds::NotAList, arg.at)),
        }
    }
}

/// The number that a reader sees: the upper end of an interval, rounded as it is printed.
fn printed_number(value: &ExprValue) -> Option<Decimal> {
    match value {
        ExprValue::Figure(figure) => Some(match figure.style {
            NumberStyle::Percent | NumberStyle::Points => {
                figure.amount.to.saturating_mul(Decimal::ONE_HUNDRED).round_dp(1)
            }
            NumberStyle::Count => figure.amount.round_for_print(figure.amount.to),
        }),
        ExprValue::Number(number) => Some(*number),
        ExprValue::Items(items) => Some(items.len().into()),
        _ => None,
    }
}

fn is_fraction(number: Decimal) -> bool {
    number.abs() <= Decimal::ONE
}
