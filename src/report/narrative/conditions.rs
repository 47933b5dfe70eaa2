use super::evaluate::{AlreadyReported, Evaluated, Evaluator};
use super::expr::{Arg, Call};
use super::value::{CompareOp, ExprValue, UnknownReason};
use crate::diagnostic::kinds;

/// Conditions: three-valued, since what is unknown is neither true nor false.
impl Evaluator<'_> {
    /// Whether a condition holds; one that can't be decided is a problem.
    pub(super) fn evaluate_condition(&mut self, arg: &Arg) -> Result<bool, AlreadyReported> {
        match self.evaluate(arg)? {
            ExprValue::Unknown(unknown) => Err(self.report(unknown.undecided_condition(), arg.at)),
            value => self.require_bool(&value, arg.at),
        }
    }

    /// Whether a value holds as a condition; one that can't be a condition is a problem.
    fn require_bool(&mut self, value: &ExprValue, at: usize) -> Result<bool, AlreadyReported> {
        match value.is_truthy() {
            Some(holds) => Ok(holds),
            None => Err(self.report(kinds::NotACondition, at)),
        }
    }

    pub(super) fn evaluate_not(&mut self, call: &Call) -> Evaluated {
        let arg = self.first_arg(call)?;
        match self.evaluate(arg)? {
            ExprValue::Unknown(unknown) => Ok(ExprValue::Unknown(unknown)),
            value => Ok(ExprValue::Bool(!self.require_bool(&value, arg.at)?)),
        }
    }

    /// `and` is decided by one false argument, `or` by one true: unknown ones don't matter then, and leave it undecided
    /// otherwise.
    pub(super) fn evaluate_connective(&mut self, call: &Call, decisive: bool) -> Evaluated {
        let mut unknown = None;
        for arg in &call.args {
            match self.evaluate(arg)? {
                ExprValue::Unknown(found) => unknown = unknown.or(Some(found)),
                value => {
                    if self.require_bool(&value, arg.at)? == decisive {
                        return Ok(ExprValue::Bool(decisive));
                    }
                }
            }
        }
        Ok(unknown.map_or(ExprValue::Bool(!decisive), ExprValue::Unknown))
    }

    pub(super) fn evaluate_comparison(&mut self, comparison: CompareOp, call: &Call) -> Evaluated {
        let [first, second] = call.args.as_slice() else { return Err(self.report_missing_args(call)) };
        let (a, b) = (self.evaluate(first)?, self.evaluate(second)?);
        if let ExprValue::Unknown(unknown) = a {
            return Ok(ExprValue::Unknown(unknown));
        }
        if let ExprValue::Unknown(unknown) = b {
            return Ok(ExprValue::Unknown(unknown));
        }
        let equality = |equal: bool| match comparison {
            CompareOp::Equal => Some(equal),
            CompareOp::NotEqual => Some(!equal),
            _ => None,
        };
        let decided = match (&a, &b) {
            (ExprValue::Text(a), ExprValue::Text(b)) => equality(a == b),
            (ExprValue::Bool(a), ExprValue::Bool(b)) => equality(a == b),
            (ExprValue::Status { status, .. }, ExprValue::Text(text))
            | (ExprValue::Text(text), ExprValue::Status { status, .. }) => equality(status.code() == text),
            (ExprValue::Status { status: a, .. }, ExprValue::Status { status: b, .. }) => equality(a == b),
            (ExprValue::Date(a), ExprValue::Date(b)) => Some(match comparison {
                CompareOp::Greater => a > b,
                CompareOp::GreaterOrEqual => a >= b,
                CompareOp::Less => a < b,
                CompareOp::LessOrEqual => a <= b,
                CompareOp::Equal => a == b,
                CompareOp::NotEqual => a != b,
            }),
            (a, b) => match (a.bounds(), b.bounds()) {
                (Some(a), Some(b)) => {
                    let decided = comparison.compare(a, b);
                    if decided.is_none() {
                        return Ok(ExprValue::unknown(UnknownReason::Undetermined, call.name.clone()));
                    }
                    decided
                }
                _ => None,
            },
        };
        match decided {
            Some(holds) => Ok(ExprValue::Bool(holds)),
            None => Err(self.report(kinds::CannotCompare, call.at)),
        }
    }
}
