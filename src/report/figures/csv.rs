use std::borrow::Cow;

use rust_decimal::Decimal;

use super::IndicatorFigures;
use super::json::{SCOPES, hedge_code};
use crate::disclosure::ReleasedValue;
use crate::indicators::Progress;
use crate::model::{Amount, Hedge, Period, Project};

/// One line per value: actuals and their parts, then baseline, targets, progress and status under names of their own.
/// An absent number is empty, an interval is `16–32`.
pub(super) fn write_rows(project: &Project, period: &Period, lines: &[IndicatorFigures]) -> String {
    let mut writer = CsvWriter { text: String::new(), project: &project.settings.code, period: &period.code, code: "" };
    for line in lines {
        writer.code = &line.indicator.code;
        let figure = line.totals;
        for (name, scope) in SCOPES {
            writer.write_amount(name, "", "", figure.value(scope));
        }
        for axis in &line.axes {
            for part in &axis.parts {
                for (name, scope) in SCOPES {
                    match part.value(scope) {
                        ReleasedValue::Value(amount) => writer.write_amount(name, axis.text, &part.value, amount),
                        ReleasedValue::Below(limit) => {
                            writer.write_row(name, axis.text, &part.value, &format!("<{limit}"), None)
                        }
                        ReleasedValue::Withheld => writer.write_row(name, axis.text, &part.value, "withheld", None),
                    }
                }
            }
        }
        let number = |value: Option<Decimal>| value.map(Amount::exact);
        let fraction = |progress: Option<Progress>| {
            progress.map(|progress| Amount { from: progress.from, to: progress.to, hedge: None, rounding_exponent: 0 })
        };
        writer.write_amount("baseline", "", "", number(line.indicator.baseline));
        writer.write_amount("target_period", "", "", number(figure.target_period));
        writer.write_amount("target_due", "", "", number(figure.target_due));
        writer.write_amount("target_total", "", "", number(figure.target_total));
        writer.write_amount("progress", "", "", fraction(figure.progress));
        writer.write_amount("progress_due", "", "", fraction(figure.progress_due));
        writer.write_row("status", "", figure.status.map_or("", crate::indicators::Status::code), "", None);
    }
    writer.text
}

struct CsvWriter<'a> {
    text: String,
    project: &'a str,
    period: &'a str,
    code: &'a str,
}

impl CsvWriter<'_> {
    fn write_amount(&mut self, scope: &str, axis: &str, value: &str, amount: Option<Amount>) {
        match amount {
            None => self.write_row(scope, axis, value, "", None),
            Some(amount) if amount.is_interval() => {
                let text = format!("{}–{}", amount.from.normalize(), amount.to.normalize());
                self.write_row(scope, axis, value, &text, amount.hedge);
            }
            Some(amount) => self.write_row(scope, axis, value, &amount.from.normalize().to_string(), amount.hedge),
        }
    }

    fn write_row(&mut self, scope: &str, axis: &str, value: &str, number: &str, hedge: Option<Hedge>) {
        let hedge = hedge.map_or("", hedge_code);
        self.text.push_str(&csv_row(&[self.project, self.period, self.code, scope, axis, value, number, hedge]));
        self.text.push('\n');
    }
}

/// A line of a CSV file without its end (RFC 4180): quotes around what holds a comma, a quote or a line break. A text that a
/// spreadsheet program would compute begins with an apostrophe; a number is none.
pub fn csv_row(cells: &[&str]) -> String {
    let cells: Vec<Cow<str>> = cells.iter().map(|cell| quote_cell(cell)).collect();
    cells.join(",")
}

fn quote_cell(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<Decimal>().is_err() {
        return Cow::Owned(quote_cell(&format!("'{cell}")).into_owned());
    }
    if cell.contains([',', '"', '\n', '\r']) {
        Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(cell)
    }
}
