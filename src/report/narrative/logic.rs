use super::evaluate::{Evaluated, Evaluator};
use super::syntax::{Arg, Call};
use super::value::{Comparison, Value, Why};

/// Conditions: three-valued, since what is unknown is neither true nor false.
impl Evaluator<'_> {
    /// Whether a condition holds; what can't be decided is a problem.
    pub(super) fn condition(&mut self, arg: &Arg) -> Option<bool> {
        match self.value(arg)? {
            Value::Unknown(unknown) => {
                self.unguarded("undecided-condition", &unknown, arg.at);
                None
            }
            value => match value.holds() {
                Some(holds) => Some(holds),
                None => {
                    self.told("not-a-condition", arg.at);
                    None
                }
            },
        }
    }

    /// Three-valued: what is unknown decides nothing, unless the other side does.
    pub(super) fn connective(&mut self, call: &Call) -> Evaluated {
        let decisive = call.name == "or";
        let mut unknown = None;
        for arg in &call.args {
            match self.value(arg)? {
                Value::Unknown(found) => unknown = unknown.or(Some(found)),
                value => match value.holds() {
                    Some(holds) if holds == decisive => return Some(Value::Bool(decisive)),
                    Some(_) => {}
                    None => {
                        self.told("not-a-condition", arg.at);
                        return None;
                    }
                },
            }
        }
        Some(unknown.map_or(Value::Bool(!decisive), Value::Unknown))
    }

    pub(super) fn compare(&mut self, comparison: Comparison, call: &Call) -> Evaluated {
        let [first, second] = call.args.as_slice() else { return None };
        let (a, b) = (self.value(first)?, self.value(second)?);
        if let Value::Unknown(unknown) = a {
            return Some(Value::Unknown(unknown));
        }
        if let Value::Unknown(unknown) = b {
            return Some(Value::Unknown(unknown));
        }
        let equality = |equal: bool| match comparison {
            Comparison::Equal => Some(equal),
            Comparison::NotEqual => Some(!equal),
            _ => None,
        };
        let decided = match (&a, &b) {
            (Value::Text(a), Value::Text(b)) => equality(a == b),
            (Value::Bool(a), Value::Bool(b)) => equality(a == b),
            (Value::Status { code, .. }, Value::Text(text)) | (Value::Text(text), Value::Status { code, .. }) => {
                equality(code == text)
            }
            (Value::Status { code: a, .. }, Value::Status { code: b, .. }) => equality(a == b),
            (Value::Date(a), Value::Date(b)) => Some(match comparison {
                Comparison::Greater => a > b,
                Comparison::GreaterOrEqual => a >= b,
                Comparison::Less => a < b,
                Comparison::LessOrEqual => a <= b,
                Comparison::Equal => a == b,
                Comparison::NotEqual => a != b,
            }),
            (a, b) => match (a.ends(), b.ends()) {
                (Some(a), Some(b)) => {
                    let decided = comparison.decide(a, b);
                    if decided.is_none() {
                        return Some(Value::unknown(Why::Undetermined, call.name.clone()));
                    }
                    decided
                }
                _ => None,
            },
        };
        if decided.is_none() {
            self.told("cannot-compare", call.at);
        }
        decided.map(Value::Bool)
    }
}
