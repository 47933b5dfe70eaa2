use rust_decimal::Decimal;

use super::evaluate::{Evaluated, Evaluator};
use super::expr::Call;
use super::figures::{codes_match, options_source};
use super::helpers::{FigureField, IndicatorText};
use super::nearest_name;
use super::value::{ExprValue, FigureValue, NumberStyle, Unknown, UnknownReason};
use crate::diagnostic::kinds::{self, NotAddable};
use crate::indicators::count_attendees;
use crate::model::{ActivityId, Amount, Calculation, DistinctColumn, Hedge, Indicator};

/// Helpers whose values are made from several figures, and what else prose says of indicators and activities.
impl Evaluator<'_> {
    /// `share "I14" "sex" "F"`: a part as a fraction of its total.
    pub(super) fn evaluate_share(&mut self, call: &Call) -> Evaluated {
        let [indicator, axis, part] = call.args.as_slice() else { return Err(self.report_missing_args(call)) };
        let (id, code) = self.find_indicator(indicator)?;
        if let Calculation::Ratio(..) = self.context.project.logframe.indicator(id).calculation {
            let helper = format!("{{{{by \"{code}\" {} {}}}}}", axis.source(), part.source());
            return Err(self.report(kinds::NotShareable { indicator: code, helper }, call.at));
        }
        let part = match self.evaluate_part(call)? {
            ExprValue::Figure(part) => part.amount,
            // The limit is of persons; their share is just not shown.
            ExprValue::Unknown(Unknown { reason: UnknownReason::Suppressed { .. }, what }) => {
                return Ok(ExprValue::unknown(UnknownReason::Suppressed { below: None }, what));
            }
            unknown => return Ok(unknown),
        };
        let scope = FigureField::scope_from_code(call.word_option("of"));
        let total = self.find_released(id, call)?.and_then(|released| released.totals.value(scope));
        let Some(total) = total.filter(|total| !total.from.is_zero()) else {
            return Ok(ExprValue::unknown(UnknownReason::Absent, call.source()));
        };
        let (from, to) = (part.from.checked_div(total.to), part.to.checked_div(total.from));
        let (Some(from), Some(to)) = (from, to) else {
            return Ok(ExprValue::unknown(UnknownReason::Absent, call.source()));
        };
        let amount = Amount { from, to, ..joined(&part, &total) };
        Ok(ExprValue::Figure(FigureValue::new(amount, NumberStyle::Percent, code)))
    }

    /// `change "I14"`: the value less that of another period, of the previous report's unless `in` names one.
    pub(super) fn evaluate_change(&mut self, call: &Call) -> Evaluated {
        let arg = self.first_arg(call)?;
        let (id, code) = self.find_indicator(arg)?;
        let earlier = if call.option("in").is_some() { self.find_period(call)? } else { self.previous_period() };
        let scope = FigureField::scope_from_code(call.word_option("of"));
        let now = self.released_in(id, self.period, call.at)?.totals.value(scope);
        let then = match earlier {
            Some(period) => self.released_in(id, period, call.at)?.totals.value(scope),
            None => None,
        };
        let (Some(now), Some(then)) = (now, then) else {
            return Ok(ExprValue::unknown(UnknownReason::Absent, call.source()));
        };
        let style = match self.number_style(id) {
            NumberStyle::Percent => NumberStyle::Points,
            style => style,
        };
        Ok(ExprValue::Figure(FigureValue::new(now.difference(then), style, code)))
    }

    /// `sum "I1" "I2"`: what several indicators count together.
    pub(super) fn evaluate_sum(&mut self, call: &Call) -> Evaluated {
        let scope = FigureField::scope_from_code(call.word_option("of"));
        let mut sum = Amount::count(0);
        for arg in &call.args {
            let (id, _) = self.find_indicator(arg)?;
            let indicator = self.context.project.logframe.indicator(id);
            if let Some(fault) = addition_fault(indicator) {
                return Err(self.report(fault, arg.at));
            }
            let value = self.find_released(id, call)?.and_then(|released| released.totals.value(scope));
            let Some(value) = value else {
                return Ok(ExprValue::unknown(UnknownReason::Absent, call.source()));
            };
            let (from, to) = (sum.from.saturating_add(value.from), sum.to.saturating_add(value.to));
            sum = Amount { from, to, ..joined(&sum, &value) };
        }
        Ok(ExprValue::Figure(FigureValue::new(sum, NumberStyle::Count, String::new())))
    }

    /// `attended "A-031"`: how many different people came to an activity.
    pub(super) fn evaluate_attended(&mut self, call: &Call) -> Evaluated {
        let arg = self.first_arg(call)?;
        let written = self.evaluate_text(arg)?;
        let activities = &self.context.project.activities;
        match activities.ids().find(|id| codes_match(activities.code_of(*id), &written)) {
            Some(id) => Ok(self.attendees(id, call.source())),
            None => {
                let nearest = nearest_name(&written, activities.written_codes());
                Err(self.report(kinds::ProseUnknownActivity { activity: written, nearest }, arg.at))
            }
        }
    }

    /// How many different people came to an activity up to the period's end; absent where no list of attendance has it.
    /// `source` is how the prose asks for it.
    pub(super) fn attendees(&self, activity: ActivityId, source: impl Into<String>) -> ExprValue {
        let counts = self.attendees.get_or_init(|| count_attendees(self.context.project, self.period.end));
        match counts.get(activity.0 as usize) {
            Some(0) | None => ExprValue::unknown(UnknownReason::Absent, source),
            Some(count) => {
                let amount = Amount::count(u64::from(*count));
                ExprValue::Figure(FigureValue::new(amount, NumberStyle::Count, String::new()))
            }
        }
    }

    /// `title "I1"`, `unit "I1"` …: what the logframe says of an indicator.
    pub(super) fn evaluate_indicator_text(&mut self, call: &Call, text: IndicatorText) -> Evaluated {
        let arg = self.first_arg(call)?;
        let (id, code) = self.find_indicator(arg)?;
        let period = self.find_period(call)?;
        let what = format!("{} \"{code}\"{}", text.code(), options_source(call));
        Ok(self.indicator_text(id, text, period, &what))
    }
}

/// The problem that an indicator can't be added to others; `None` if it can.
pub(super) fn addition_fault(indicator: &Indicator) -> Option<NotAddable> {
    let code = indicator.code.clone();
    match indicator.calculation {
        Calculation::Activities | Calculation::Attendances | Calculation::Sum(_) => None,
        Calculation::People
        | Calculation::Completed(_)
        | Calculation::Reach(_)
        | Calculation::Distinct(DistinctColumn::PersonCode) => Some(NotAddable::People { indicator: code }),
        Calculation::Distinct(_) | Calculation::Ratio(..) | Calculation::Reported => {
            Some(NotAddable::Plain { indicator: code })
        }
    }
}

/// An amount with the hedge of two others, as coarse as [`Amount::join_exponents`] says.
fn joined(a: &Amount, b: &Amount) -> Amount {
    Amount {
        from: Decimal::ZERO,
        to: Decimal::ZERO,
        hedge: Hedge::join(a.hedge, b.hedge),
        rounding_exponent: Amount::join_exponents(*a, *b),
    }
}
