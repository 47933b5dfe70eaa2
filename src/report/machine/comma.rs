use std::borrow::Cow;

use rust_decimal::Decimal;

use super::Line;
use super::shape::{SCOPES, hedge_code};
use crate::disclosure::ReleasedValue;
use crate::indicators::Progress;
use crate::model::{Amount, Hedge, Period, Project};

/// One line per value: actuals and their parts, then baseline, targets, progress and status under names of their own.
/// An absent number is empty, an interval is `16–32`.
pub(super) fn rows(project: &Project, period: &Period, lines: &[Line]) -> String {
    let mut rows = Rows { text: String::new(), project: &project.settings.code, period: &period.code, code: "" };
    for line in lines {
        rows.code = &line.indicator.code;
        let figure = line.totals;
        for (name, scope) in SCOPES {
            rows.amount(name, "", "", figure.value(scope));
        }
        for axis in &line.axes {
            for part in &axis.parts {
                for (name, scope) in SCOPES {
                    match part.value(scope) {
                        ReleasedValue::Value(amount) => rows.amount(name, axis.text, &part.value, amount),
                        ReleasedValue::Below(limit) => {
                            rows.row(name, axis.text, &part.value, &format!("<{limit}"), None)
                        }
                        ReleasedValue::Withheld => rows.row(name, axis.text, &part.value, "withheld", None),
                    }
                }
            }
        }
        let number = |value: Option<Decimal>| value.map(Amount::exact);
        let fraction = |progress: Option<Progress>| {
            progress.map(|progress| Amount { from: progress.from, to: progress.to, hedge: None, rounding_exponent: 0 })
        };
        rows.amount("baseline", "", "", number(line.indicator.baseline));
        rows.amount("target_period", "", "", number(figure.target_period));
        rows.amount("target_due", "", "", number(figure.target_due));
        rows.amount("target_total", "", "", number(figure.target_total));
        rows.amount("progress", "", "", fraction(figure.progress));
        rows.amount("progress_due", "", "", fraction(figure.progress_due));
        rows.row("status", "", figure.status.map_or("", crate::indicators::Status::code), "", None);
    }
    rows.text
}

struct Rows<'a> {
    text: String,
    project: &'a str,
    period: &'a str,
    code: &'a str,
}

impl Rows<'_> {
    fn amount(&mut self, scope: &str, axis: &str, value: &str, amount: Option<Amount>) {
        match amount {
            None => self.row(scope, axis, value, "", None),
            Some(amount) if amount.is_interval() => {
                let text = format!("{}–{}", amount.from.normalize(), amount.to.normalize());
                self.row(scope, axis, value, &text, amount.hedge);
            }
            Some(amount) => self.row(scope, axis, value, &amount.from.normalize().to_string(), amount.hedge),
        }
    }

    fn row(&mut self, scope: &str, axis: &str, value: &str, number: &str, hedge: Option<Hedge>) {
        let hedge = hedge.map_or("", hedge_code);
        let cells = [self.project, self.period, self.code, scope, axis, value, number, hedge];
        let cells: Vec<Cow<str>> = cells.iter().map(|cell| quoted(cell)).collect();
        self.text.push_str(&cells.join(","));
        self.text.push('\n');
    }
}

/// RFC 4180: quotes around what holds a comma, a quote or a line break.
fn quoted(cell: &str) -> Cow<'_, str> {
    if cell.contains([',', '"', '\n', '\r']) {
        Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(cell)
    }
}
