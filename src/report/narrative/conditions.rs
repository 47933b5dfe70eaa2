use super::evaluate::{AlreadyReported, Evaluated, Evaluator};
use super::expr::{Arg, Call, Expr};
use super::figures::{category_names, codes_match};
use super::helpers::find_helper;
use super::nearest_name;
use super::value::{CompareOp, ExprValue, ListSource, ListedValue, UnknownReason};
use crate::diagnostic::kinds;
use crate::indicators::Status;
use crate::locale::Locale;
use crate::model::{ActivityStatus, Lang, Level};
use crate::report::status_labels::{level_label, status_label};

/// Conditions: three-valued, since what is unknown is neither true nor false.
impl Evaluator<'_> {
    /// Whether a condition holds; one that can't be decided is a problem.
    pub(super) fn evaluate_condition(&mut self, arg: &Arg) -> Result<bool, AlreadyReported> {
        match self.evaluate(arg)? {
            ExprValue::Unknown(unknown) => Err(self.report(unknown.undecided_condition(&self.period.code), arg.at)),
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
        let (a, b) = self.evaluate_operands(first, second)?;
        for value in [&a, &b] {
            if let ExprValue::Unknown(unknown) = value {
                return Ok(ExprValue::Unknown(unknown.clone()));
            }
        }
        let equality = |equal: bool| match comparison {
            CompareOp::Equal => Some(equal),
            CompareOp::NotEqual => Some(!equal),
            _ => None,
        };
        let decided = match (&a, &b) {
            (ExprValue::Text(a), ExprValue::Text(b)) if equality(true).is_some() => equality(a == b),
            (ExprValue::Bool(a), ExprValue::Bool(b)) => equality(a == b),
            (ExprValue::Status { status, .. }, ExprValue::Text(text))
            | (ExprValue::Text(text), ExprValue::Status { status, .. }) => {
                equality(*status == self.find_status(text, call.at)?)
            }
            (ExprValue::Listed(listed), ExprValue::Text(text)) | (ExprValue::Text(text), ExprValue::Listed(listed)) => {
                equality(self.is_listed_as(listed, text, call.at)?)
            }
            (ExprValue::Listed(a), ExprValue::Listed(b)) => equality(a.text == b.text),
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
                        return Ok(ExprValue::unknown(UnknownReason::Undetermined, call.source()));
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

    /// Both sides of a comparison. A bare word beside a status, or beside a value of a list, is that word.
    fn evaluate_operands(&mut self, first: &Arg, second: &Arg) -> Result<(ExprValue, ExprValue), AlreadyReported> {
        let is_word = |evaluator: &Self, arg: &Arg| matches!(&arg.expr, Expr::Path(word) if find_helper(word).is_none() && evaluator.find_path(word).is_none());
        let takes_words = |value: &ExprValue| {
            matches!(value, ExprValue::Status { .. } | ExprValue::Listed(_) | ExprValue::Unknown(_))
        };
        if is_word(self, second) {
            let a = self.evaluate(first)?;
            let b = if takes_words(&a) { self.evaluate_word(second)? } else { self.evaluate(second)? };
            return Ok((a, b));
        }
        let b = self.evaluate(second)?;
        let a =
            if is_word(self, first) && takes_words(&b) { self.evaluate_word(first)? } else { self.evaluate(first)? };
        Ok((a, b))
    }

    /// The status of an indicator that a text names: by its code, or as it is printed in any language.
    fn find_status(&mut self, written: &str, at: usize) -> Result<Status, AlreadyReported> {
        match find_status(written, self.context.locale) {
            Some(status) => Ok(status),
            None => Err(self.report(unknown_status(written, self.context.locale), at)),
        }
    }

    /// Whether one of the values is what a text names: by its code, its label in any language or an alias. Where nothing
    /// in the list is called so, that is a problem; a column without a list may hold any text.
    fn is_listed_as(&mut self, listed: &ListedValue, written: &str, at: usize) -> Result<bool, AlreadyReported> {
        let project = self.context.project;
        let found = match listed.list {
            ListSource::ActivityColumn(id) => {
                let column = &project.activities.columns[usize::from(id.0)];
                match self.find_category(column, written) {
                    Some(category) => column.entries.get(category).map(|entry| entry.code.to_owned()),
                    None if column.list.is_none() => return Ok(false),
                    None => return Err(self.report_unknown_value(written, category_names(column), at)),
                }
            }
            ListSource::ActivityStatus => {
                let words = ActivityStatus::ALL.map(|status| (status.code(), status_label(status)));
                self.find_word("status", &words, written)
            }
            ListSource::Level => {
                let words = Level::ALL.map(|level| (level.code(), level_label(level)));
                self.find_word("level", &words, written)
            }
        };
        match found {
            Some(code) => Ok(listed.codes.contains(&code)),
            None => {
                let list = if listed.list == ListSource::Level { "level" } else { "status" };
                let known =
                    project.lists.get(list).map(|list| list.entries.iter().map(|entry| entry.code.clone()).collect());
                Err(self.report_unknown_value(written, known.unwrap_or_default(), at))
            }
        }
    }

    /// The code of a built-in list that a text names; `words` are codes with the keys of their labels.
    fn find_word(&self, list: &str, words: &[(&str, &str)], written: &str) -> Option<String> {
        let is_labelled = |locale: &Locale, (code, label): &(&str, &str)| {
            codes_match(code, written) || locale.find_label(label).is_some_and(|label| codes_match(label, written))
        };
        let by_label = find_in_any_language(self.context.locale, |locale| {
            words.iter().find(|word| is_labelled(locale, word)).map(|(code, _)| (*code).to_owned())
        });
        let by_alias = || {
            let entries = &self.context.project.lists.get(list)?.entries;
            let entry = entries.iter().find(|entry| {
                entry.aliases.iter().any(|alias| codes_match(alias, written))
                    || entry.label.iter().any(|(_, label)| codes_match(label, written))
            });
            entry.map(|entry| entry.code.clone())
        };
        by_label.or_else(by_alias)
    }
}

/// The status that a text names: by its code, with blanks or hyphens for underscores, or as any language prints it.
pub(super) fn find_status(written: &str, locale: &Locale) -> Option<Status> {
    let code = written.trim().to_lowercase().replace([' ', '-'], "_");
    let is_printed = |locale: &Locale, status: &Status| codes_match(locale.status(Some(status.code())), written);
    let by_code = Status::ALL.into_iter().find(|status| status.code() == code);
    by_code.or_else(|| {
        find_in_any_language(locale, |locale| Status::ALL.into_iter().find(|status| is_printed(locale, status)))
    })
}

/// What is found in a language of documents, in another one if not in this.
fn find_in_any_language<T>(locale: &Locale, find: impl Fn(&Locale) -> Option<T>) -> Option<T> {
    find(locale).or_else(|| {
        let mut others = Locale::languages().iter().filter_map(|lang| Locale::new(&Lang::new(lang)));
        others.find_map(|other| find(&other))
    })
}

/// The problem that no status is called so.
pub(super) fn unknown_status(written: &str, locale: &Locale) -> kinds::UnknownStatus {
    let printed: Vec<&str> = Status::ALL.iter().map(|status| locale.status(Some(status.code()))).collect();
    let codes = Status::ALL.iter().map(|status| status.code());
    kinds::UnknownStatus {
        word: written.to_owned(),
        nearest: nearest_name(written, printed.iter().copied().chain(codes)),
        known: printed.join(", "),
    }
}
