use rust_decimal::Decimal;

use super::claim_kinds::{Claim, ClaimKind, find_claim};
use super::evaluate::{AlreadyReported, Evaluated, Evaluator};
use super::expr::{Arg, Call, Expr};
use super::figures::options_source;
use super::helpers::FigureField;
use super::syntax::BlockNode;
use super::value::{CompareOp, ExprValue, FigureValue, Interval, NumberStyle, Unknown, UnknownReason};
use crate::diagnostic::kinds;
use crate::indicators::Status;
use crate::model::{Amount, Direction, IndicatorId, Period};

/// Whether a claim holds, unless the figures leave it open.
type ClaimVerdict = Result<bool, Unknown>;

impl Evaluator<'_> {
    /// `{{#claim "exceeded" "I14"}}…{{/claim}}`: reports words that the figures don't support.
    pub(super) fn check_claim(&mut self, block: &BlockNode) {
        let call = &block.call;
        let [name, subjects @ ..] = call.args.as_slice() else { return };
        let Some(claim) = name.word().and_then(find_claim) else { return };
        match self.evaluate_claim(claim, subjects, call) {
            Ok(Ok(true)) | Err(_) => {}
            Ok(Ok(false)) => {
                let figures = self.format_claim_figures(claim, subjects, call);
                let kind = kinds::UntrueClaim {
                    claim: claim.name.to_owned(),
                    sentence: self.source.sentence(block.at, block.end),
                    language: self.context.locale.lang().as_str().to_owned(),
                    period: self.period.code.clone(),
                    figures,
                };
                self.report(kind, block.at);
            }
            Ok(Err(unknown)) => {
                self.report(unknown.undecided_claim(&self.period.code), block.at);
            }
        }
    }

    fn evaluate_claim(
        &mut self,
        claim: &Claim,
        subjects: &[Arg],
        call: &Call,
    ) -> Result<ClaimVerdict, AlreadyReported> {
        let Some(first) = subjects.first() else { return Err(self.report_missing_args(call)) };
        let verdict = match claim.kind {
            ClaimKind::Status(status) => self.claim_status(first, status, call),
            ClaimKind::BeyondTarget => self.claim_beyond_target(first, call),
            ClaimKind::Change(comparison) => self.claim_change(first, comparison, call),
            ClaimKind::Zero(comparison) => {
                let value = self.claim_subject(first, call)?;
                Ok(compare_values(comparison, &value, &ExprValue::Number(Decimal::ZERO), &subject_source(first)))
            }
            ClaimKind::Pair(comparison) | ClaimKind::Half(comparison) => {
                let Some(second) = subjects.get(1) else { return Err(self.report_missing_args(call)) };
                let what = subject_source(first);
                let (first, second) = (self.claim_subject(first, call)?, self.claim_subject(second, call)?);
                let first = if matches!(claim.kind, ClaimKind::Half(_)) { doubled(first) } else { first };
                Ok(compare_values(comparison, &first, &second, &what))
            }
        };
        verdict.map(|verdict| verdict.map(|holds| holds != claim.is_negated))
    }

    fn claim_status(&mut self, subject: &Arg, expected: Status, call: &Call) -> Result<ClaimVerdict, AlreadyReported> {
        match self.evaluate_status(&with_subject(call, subject, "status"))? {
            ExprValue::Status { status, .. } => Ok(Ok(status == expected)),
            ExprValue::Unknown(unknown) => Ok(Err(unknown)),
            _ => Err(self.report(kinds::NotACondition, subject.at)),
        }
    }

    fn claim_beyond_target(&mut self, subject: &Arg, call: &Call) -> Result<ClaimVerdict, AlreadyReported> {
        let (id, code) = self.find_indicator(subject)?;
        let target = self.claim_target(subject, call)?;
        let level = self.level(id, call)?;
        let comparison = match self.context.project.logframe.indicator(id).direction {
            Direction::Increase => CompareOp::Greater,
            Direction::Decrease => CompareOp::Less,
        };
        Ok(compare_values(comparison, &level, &target, &format!("cumulative \"{code}\"")))
    }

    fn claim_target(&mut self, subject: &Arg, call: &Call) -> Evaluated {
        self.evaluate_figure(&with_subject(call, subject, "target"), FigureField::Target)
    }

    /// The indicator's level: what its target is compared with.
    fn level(&mut self, id: IndicatorId, call: &Call) -> Evaluated {
        let level = self.find_released(id, call)?.and_then(|released| released.totals.level);
        let code = &self.context.project.logframe.indicator(id).code;
        Ok(match level {
            Some(amount) => figure_value(amount, self.number_style(id)),
            None => ExprValue::unknown(UnknownReason::Absent, format!("cumulative \"{code}\"{}", options_source(call))),
        })
    }

    /// Against the baseline where there is one, else the value of this period against that of the period before.
    fn claim_change(
        &mut self,
        subject: &Arg,
        comparison: CompareOp,
        call: &Call,
    ) -> Result<ClaimVerdict, AlreadyReported> {
        let (id, code) = self.find_indicator(subject)?;
        let baseline = self.context.project.logframe.indicator(id).baseline;
        let since_baseline = match call.word_option("since") {
            Some(since) => since == "baseline",
            None => baseline.is_some(),
        };
        let (now, then) = if since_baseline {
            let then = match baseline {
                Some(baseline) => ExprValue::Number(baseline),
                None => ExprValue::unknown(UnknownReason::Absent, format!("baseline \"{code}\"")),
            };
            (self.level(id, call)?, then)
        } else {
            (self.claim_subject(subject, call)?, self.previous_value(id, &code, call))
        };
        Ok(compare_values(comparison, &now, &then, &format!("change \"{code}\"")))
    }

    /// The same value in the previous report's period; where the report has none, in the period that ended the day before
    /// this one began: of several, that of the most similar length.
    fn previous_value(&self, id: IndicatorId, code: &str, call: &Call) -> ExprValue {
        let length = |period: &Period| i64::from(period.end.since(period.start).map_or(0, |span| span.get_days()));
        let before = self.period.start.yesterday().ok();
        let own = length(self.period);
        let periods = &self.context.released.periods;
        let nearest = match self.previous_period() {
            Some(previous) => periods.iter().find(|released| released.period.code == previous.code),
            None => {
                let candidates = periods.iter().filter(|released| Some(released.period.end) == before);
                candidates.min_by_key(|released| (length(&released.period) - own).abs())
            }
        };
        let scope = FigureField::scope_from_code(call.word_option("of"));
        let figure = nearest.and_then(|released| released.figures.get(usize::from(id.0)));
        match figure.and_then(|figure| figure.totals.value(scope)) {
            Some(amount) => figure_value(amount, self.number_style(id)),
            None => ExprValue::unknown(UnknownReason::Absent, format!("actual \"{code}\" in=previous")),
        }
    }

    /// The value that a claim is about: an indicator's, or an expression's.
    fn claim_subject(&mut self, subject: &Arg, call: &Call) -> Evaluated {
        self.evaluate_subject(&with_subject(call, subject, "claim"))
    }

    /// "396, 400": the figures that an untrue claim is about.
    fn format_claim_figures(&mut self, claim: &Claim, subjects: &[Arg], call: &Call) -> String {
        let reported_before = self.problems.len();
        let mut values: Vec<ExprValue> = Vec::new();
        if let ([subject], ClaimKind::BeyondTarget | ClaimKind::Status(Status::Achieved)) = (subjects, claim.kind)
            && let Ok((id, _)) = self.find_indicator(subject)
        {
            values.extend(self.level(id, call));
            values.extend(self.claim_target(subject, call));
        } else {
            for subject in subjects {
                values.extend(self.claim_subject(subject, call));
            }
        }
        self.problems.truncate(reported_before);
        let texts: Vec<String> = values
            .iter()
            .map(|value| match value {
                ExprValue::Unknown(_) => self.context.locale.absent().to_owned(),
                value => self.format_value(value),
            })
            .collect();
        texts.join(", ")
    }
}

/// The claim's options with one of its subjects as the only argument; `due` holds for the target.
fn with_subject(call: &Call, subject: &Arg, name: &str) -> Call {
    let is_passed_on = |option: &str| option != "due" || call.has_flag("due");
    let options = call.options.iter().filter(|(option, _)| is_passed_on(option)).cloned().collect();
    Call { name: name.to_owned(), at: call.at, args: vec![subject.clone()], options }
}

/// What a claim is about, as it is written in a tag without parentheses.
fn subject_source(subject: &Arg) -> String {
    match &subject.expr {
        Expr::Call(call) => call.source(),
        Expr::Text(code) => format!("actual \"{code}\""),
        _ => subject.source(),
    }
}

fn figure_value(amount: Amount, style: NumberStyle) -> ExprValue {
    ExprValue::Figure(FigureValue::new(amount, style, String::new()))
}

fn doubled(value: ExprValue) -> ExprValue {
    let Some((from, to)) = value.bounds() else { return value };
    let [from, to] = [from, to].map(|bound| bound.saturating_mul(Decimal::TWO));
    figure_value(Amount { from, to, hedge: None, rounding_exponent: 0 }, NumberStyle::Count)
}

fn compare_values(comparison: CompareOp, a: &ExprValue, b: &ExprValue, what: &str) -> ClaimVerdict {
    for value in [a, b] {
        if let ExprValue::Unknown(unknown) = value {
            return Err(unknown.clone());
        }
    }
    let bounds: Option<(Interval, Interval)> = a.bounds().zip(b.bounds());
    let undetermined = || Unknown { reason: UnknownReason::Undetermined, what: what.to_owned() };
    bounds.and_then(|(a, b)| comparison.compare(a, b)).ok_or_else(undetermined)
}
