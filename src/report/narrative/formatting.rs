use rust_decimal::Decimal;

use super::evaluate::{AlreadyReported, Evaluated, Evaluator};
use super::expr::Call;
use super::value::{ExprValue, FigureValue, Item, NumberStyle};
use crate::diagnostic::kinds;
use crate::locale::Gender;

/// More digits behind the decimal separator are never printed.
const MAX_DECIMALS: u32 = 6;

/// Helpers that write a value in another form.
impl Evaluator<'_> {
    pub(super) fn evaluate_plural(&mut self, call: &Call) -> Evaluated {
        let value = self.evaluate_subject(call)?;
        if let ExprValue::Unknown(_) = value {
            return Ok(value);
        }
        let Some(number) = printed_number(&value) else { return Err(self.report(kinds::NumberExpected, call.at)) };
        let category = self.context.locale.plural(number);
        match call.option(category).or_else(|| call.option("other")) {
            Some(form) => self.evaluate(form),
            None => Err(self.report_missing_forms(call)),
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
        let gender = call.text_option("gender").and_then(Gender::from_code).unwrap_or_default();
        let locale = self.context.locale;
        Ok(match value {
            ExprValue::Figure(figure) if figure.style == NumberStyle::Count => {
                match figure.amount.single().and_then(|number| locale.number_word(number, gender)) {
                    Some(word) => ExprValue::Formatted {
                        text: locale.hedged(word, figure.amount.hedge),
                        indicator: figure.indicator,
                    },
                    None => ExprValue::Figure(figure),
                }
            }
            ExprValue::Number(number) => match locale.number_word(number, gender) {
                Some(word) => ExprValue::Text(word.to_owned()),
                None => ExprValue::Number(number),
            },
            value => value,
        })
    }

    pub(super) fn evaluate_number(&mut self, call: &Call) -> Evaluated {
        let value = self.evaluate_subject(call)?;
        let Some(decimals) = decimals(call) else { return Ok(value) };
        let locale = self.context.locale;
        Ok(match value {
            ExprValue::Number(number) => ExprValue::Text(locale.fixed(number, decimals)),
            ExprValue::Figure(figure) if figure.style == NumberStyle::Count && figure.amount.hedge.is_none() => {
                match figure.amount.single() {
                    Some(number) => {
                        ExprValue::Formatted { text: locale.fixed(number, decimals), indicator: figure.indicator }
                    }
                    None => ExprValue::Figure(figure),
                }
            }
            value => value,
        })
    }

    pub(super) fn evaluate_percent(&mut self, call: &Call) -> Evaluated {
        let value = self.evaluate_subject(call)?;
        let locale = self.context.locale;
        Ok(match value {
            ExprValue::Number(number) => ExprValue::Text(locale.percent(number, decimals(call).unwrap_or(1))),
            ExprValue::Figure(figure) => match (decimals(call), figure.amount.single(), figure.amount.hedge) {
                (Some(decimals), Some(number), None) => {
                    ExprValue::Formatted { text: locale.percent(number, decimals), indicator: figure.indicator }
                }
                _ => ExprValue::Figure(FigureValue { style: NumberStyle::Percent, ..figure }),
            },
            value => value,
        })
    }

    pub(super) fn evaluate_date(&mut self, call: &Call) -> Evaluated {
        let arg = self.first_arg(call)?;
        let locale = self.context.locale;
        match self.evaluate(arg)? {
            ExprValue::Date(day) => Ok(ExprValue::Text(match call.text_option("form") {
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
        let field = call.text_option("field");
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
            NumberStyle::Percent => figure.amount.to.saturating_mul(Decimal::ONE_HUNDRED).round_dp(1),
            NumberStyle::Count => figure.amount.round_for_print(figure.amount.to),
        }),
        ExprValue::Number(number) => Some(*number),
        ExprValue::Items(items) => Some(items.len().into()),
        _ => None,
    }
}

fn decimals(call: &Call) -> Option<u32> {
    u32::try_from(call.number_option("decimals")?).ok().map(|decimals| decimals.min(MAX_DECIMALS))
}
