use icu_decimal::DecimalFormatter;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Gender, Locale};
use crate::model::{Amount, Hedge};

/// The separators of a number, where a donor's profile fixes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    /// Between groups of three digits; empty for none.
    pub grouping: String,
    /// Between the whole and its decimals.
    pub decimal: String,
}

/// What a cell of a workbook holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExcelKind {
    /// A whole number.
    Integer,
    /// A number with decimals.
    Decimal,
    /// A fraction shown as percents with one decimal.
    Percent,
    /// A fraction shown as whole percents.
    WholePercent,
    /// A day.
    Date,
}

impl Locale {
    /// Digits in groups, every decimal place that the value has.
    pub fn number(&self, value: Decimal) -> String {
        let text = self.decimal.format(&to_fixed_decimal(value.normalize())).to_string();
        match &self.profile_format {
            None => text,
            Some(profile_format) => replace_separators(&text, &self.cldr_format, profile_format),
        }
    }

    /// A number as this language writes it: `84.000`, `12,5`.
    pub fn parse_number(&self, text: &str) -> Option<Decimal> {
        let plain: String = text
            .chars()
            .filter(|c| !self.cldr_format.grouping.contains(*c) && !c.is_whitespace())
            .map(|c| if self.cldr_format.decimal.contains(c) { '.' } else { c })
            .collect();
        plain.parse().ok()
    }

    /// A whole number with its groups of digits.
    pub fn integer(&self, value: u64) -> String {
        self.number(Decimal::from(value))
    }

    /// A number with exactly `decimals` decimal places, halves away from zero.
    pub fn fixed(&self, value: Decimal, decimals: u32) -> String {
        let mut rounded = round(value, decimals);
        rounded.rescale(decimals);
        let text = self.decimal.format(&to_fixed_decimal(rounded)).to_string();
        match &self.profile_format {
            None => text,
            Some(profile_format) => replace_separators(&text, &self.cldr_format, profile_format),
        }
    }

    /// A fraction as percents with so many decimals, halves away from zero: 1.0356 → `103,6 %`.
    pub fn percent(&self, fraction: Decimal, decimals: u32) -> String {
        let number = self.fixed(fraction.saturating_mul(Decimal::ONE_HUNDRED), decimals);
        self.phrase("number.percent", &[("n", &number)])
    }

    /// A figure as every place prints it: hedged, an interval with an en dash, an approximate sum rounded to the last digit that means something.
    pub fn figure(&self, amount: &Amount, as_percent: bool) -> String {
        let text = if as_percent {
            self.percent_span(amount.from, amount.to, amount.hedge)
        } else {
            let from = self.number(amount.round_for_print(amount.from));
            let to = self.number(amount.round_for_print(amount.to));
            self.span("number.interval", from, to)
        };
        self.hedged(&text, amount.hedge)
    }

    /// A figure to so many decimals: where [`Locale::figure`] would round away what is to be seen.
    pub fn figure_to(&self, amount: &Amount, as_percent: bool, decimals: u32) -> String {
        let text = if as_percent {
            self.percent_span_to(amount.from, amount.to, decimals)
        } else {
            self.span("number.interval", self.fixed(amount.from, decimals), self.fixed(amount.to, decimals))
        };
        self.hedged(&text, amount.hedge)
    }

    /// The difference of two fractions: "12.5 percentage points".
    pub fn points(&self, amount: &Amount) -> String {
        let decimals = decimals_of_percents(amount.hedge);
        let ends = [amount.from, amount.to].map(|end| self.fixed(end.saturating_mul(Decimal::ONE_HUNDRED), decimals));
        let [from, to] = ends;
        let text = self.phrase("number.points", &[("n", &self.span("number.interval", from, to))]);
        self.hedged(&text, amount.hedge)
    }

    /// A figure whose interval is written as "between 16 and 32".
    pub fn figure_between(&self, amount: &Amount) -> String {
        let from = self.number(amount.round_for_print(amount.from));
        let to = self.number(amount.round_for_print(amount.to));
        self.hedged(&self.span("number.between", from, to), amount.hedge)
    }

    /// The number without its hedge: where the sentence has the hedge elsewhere.
    pub fn bare_figure(&self, amount: &Amount) -> String {
        self.figure(
            &Amount {
                hedge: None,
                from: amount.round_for_print(amount.from),
                to: amount.round_for_print(amount.to),
                ..*amount
            },
            false,
        )
    }

    /// Progress as a fraction of a target: one decimal, or whole percents with the hedge where the figure is approximate.
    pub fn progress(&self, from: Decimal, to: Decimal, hedge: Option<Hedge>) -> String {
        self.hedged(&self.percent_span(from, to, hedge), hedge)
    }

    /// Progress in whole percents, without a hedge.
    pub fn whole_progress(&self, from: Decimal, to: Decimal) -> String {
        self.percent_span(from, to, Some(Hedge::About))
    }

    /// The same, an interval as "between 53 % and 107 %".
    pub fn progress_between(&self, from: Decimal, to: Decimal, hedge: Option<Hedge>) -> String {
        let decimals = decimals_of_percents(hedge);
        let text = self.span("number.between", self.percent(from, decimals), self.percent(to, decimals));
        self.hedged(&text, hedge)
    }

    /// `—`, for what is absent; never a zero.
    pub fn absent(&self) -> &'static str {
        self.find_label("number.absent").unwrap_or_default()
    }

    /// `<5`, for a part that is too small to be shown.
    pub fn below(&self, limit: u32) -> String {
        self.phrase("number.below", &[("n", &self.integer(u64::from(limit)))])
    }

    /// `·`, for a part that would give away a small one.
    pub fn withheld(&self) -> &'static str {
        self.find_label("number.withheld").unwrap_or_default()
    }

    /// "fewer than five", for such a part in a sentence.
    pub fn fewer_than(&self, limit: u32) -> String {
        let word = self.number_word(limit.into(), Gender::Masculine).map(str::to_owned);
        let number = word.unwrap_or_else(|| self.integer(u64::from(limit)));
        self.phrase("number.fewer-than", &[("n", &number)])
    }

    /// "not shown", for a part in a sentence that would give away a small one.
    pub fn not_shown(&self) -> &'static str {
        self.find_label("number.not-shown").unwrap_or_default()
    }

    /// The format code of a cell that holds a number, its hedge standing in the format: `"околу "#,##0`.
    pub fn excel_format(&self, kind: ExcelKind, hedge: Option<Hedge>) -> String {
        let format = self.label(match kind {
            ExcelKind::Integer => "excel.integer",
            ExcelKind::Decimal => "excel.decimal",
            ExcelKind::Percent => "excel.percent-1",
            ExcelKind::WholePercent => "excel.percent-0",
            ExcelKind::Date => "excel.date",
        });
        match hedge {
            None => format.to_owned(),
            Some(Hedge::About) => self.phrase("excel.about", &[("format", format)]),
            Some(Hedge::Approximately) => self.phrase("excel.approximately", &[("format", format)]),
        }
    }

    /// "околу …" around a text that is already written.
    pub fn hedged(&self, text: &str, hedge: Option<Hedge>) -> String {
        match hedge {
            None => text.to_owned(),
            Some(Hedge::About) => self.phrase("number.about", &[("n", text)]),
            Some(Hedge::Approximately) => self.phrase("number.approximately", &[("n", text)]),
        }
    }

    /// `53–107 %`: the sign once, after both ends.
    fn percent_span(&self, from: Decimal, to: Decimal, hedge: Option<Hedge>) -> String {
        self.percent_span_to(from, to, decimals_of_percents(hedge))
    }

    fn percent_span_to(&self, from: Decimal, to: Decimal, decimals: u32) -> String {
        let ends = [from, to].map(|end| self.fixed(end.saturating_mul(Decimal::ONE_HUNDRED), decimals));
        let [from, to] = ends;
        self.phrase("number.percent", &[("n", &self.span("number.interval", from, to))])
    }

    /// Two ends as one text; ends that are written alike are one number.
    fn span(&self, pattern: &str, from: String, to: String) -> String {
        if from == to { from } else { self.phrase(pattern, &[("from", &from), ("to", &to)]) }
    }
}

/// Rounds as the contract wants percentages: halves away from zero.
fn round(value: Decimal, decimals: u32) -> Decimal {
    value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

/// Decimals of a percentage: none of a hedged one, else one.
pub fn decimals_of_percents(hedge: Option<Hedge>) -> u32 {
    if hedge.is_some() { 0 } else { 1 }
}

/// ICU's decimal of ours; both write plain digits.
pub(super) fn to_fixed_decimal(value: Decimal) -> fixed_decimal::Decimal {
    value.to_string().parse().unwrap_or_default()
}

/// What a formatter puts between groups and before decimals.
pub(super) fn cldr_separators(formatter: &DecimalFormatter) -> NumberFormat {
    let between = |value: Decimal| -> String {
        let text = formatter.format(&to_fixed_decimal(value)).to_string();
        text.chars().filter(|c| !c.is_numeric()).collect()
    };
    NumberFormat { grouping: between(Decimal::from(100_000)), decimal: between(Decimal::new(15, 1)) }
}

fn replace_separators(text: &str, cldr_format: &NumberFormat, profile_format: &NumberFormat) -> String {
    let mut buffer = [0; 4];
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        let piece: &str = c.encode_utf8(&mut buffer);
        out.push_str(match piece {
            piece if piece == cldr_format.grouping => &profile_format.grouping,
            piece if piece == cldr_format.decimal => &profile_format.decimal,
            piece => piece,
        });
        out
    })
}
