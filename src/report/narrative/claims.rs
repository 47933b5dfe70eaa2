use rust_decimal::Decimal;

use super::evaluate::Evaluator;
use super::lookup::flag;
use super::syntax::{Arg, BlockNode, Call, Expr};
use super::value::{Comparison, FigureValue, Style, Unknown, Value, Why};
use crate::diagnostic::Problem;
use crate::model::{Amount, Calculation, Direction, IndicatorId};

type Ends = (Decimal, Decimal);

impl Evaluator<'_> {
    /// `{{#claim "exceeded" "I14"}}…{{/claim}}`: words that stand only while the figures bear them out.
    pub(super) fn claim(&mut self, block: &BlockNode) {
        let call = &block.call;
        let [Arg { expr: Expr::Text(kind), .. }, subjects @ ..] = call.args.as_slice() else { return };
        match self.is_true(kind, subjects, call) {
            Some(Ok(true)) | None => {}
            Some(Ok(false)) => {
                let figures = self.figures_of(kind, subjects, call);
                let problem = Problem::error("untrue-claim").at(self.source.place(block.at));
                self.problems.push(
                    problem
                        .with("claim", kind)
                        .with("sentence", self.source.sentence(block.at, block.end))
                        .with("language", self.context.locale.lang().as_str())
                        .with("figures", figures),
                );
            }
            Some(Err(unknown)) => self.unguarded("undecided-claim", &unknown, block.at),
        }
    }

    /// None where a problem was told already.
    fn is_true(&mut self, kind: &str, subjects: &[Arg], call: &Call) -> Option<Result<bool, Unknown>> {
        let first = subjects.first()?;
        let negated = kind.starts_with("not_");
        let answer = match kind.trim_start_matches("not_") {
            status @ ("achieved" | "on_track" | "at_risk" | "off_track") => self.has_status(first, status, call),
            "exceeded" => self.exceeded(first, call),
            change @ ("increased" | "decreased" | "unchanged") => self.changed(first, change, call),
            "some" => self.against(first, Comparison::Greater, Decimal::ZERO, call),
            "none" => self.against(first, Comparison::Equal, Decimal::ZERO, call),
            pair => self.pair(first, subjects.get(1)?, pair, call),
        };
        answer.map(|answer| answer.map(|holds| holds != negated))
    }

    fn has_status(&mut self, subject: &Arg, status: &str, call: &Call) -> Option<Result<bool, Unknown>> {
        let asked = with_subject(call, subject, "status");
        Some(match self.status(&asked)? {
            Value::Status { code, .. } => Ok(code == status),
            Value::Unknown(unknown) => Err(unknown),
            _ => return None,
        })
    }

    fn exceeded(&mut self, subject: &Arg, call: &Call) -> Option<Result<bool, Unknown>> {
        let (id, code) = self.indicator(subject)?;
        let target = self.figure(&with_subject(call, subject, "target"), "target")?;
        let level = self.level(id, call)?;
        let comparison = match self.context.project.logframe.indicator(id).direction {
            Direction::Increase => Comparison::Greater,
            Direction::Decrease => Comparison::Less,
        };
        Some(decide(comparison, &level, &target, &format!("exceeded {code}")))
    }

    /// The indicator's level: what its target is compared with.
    fn level(&mut self, id: IndicatorId, call: &Call) -> Option<Value> {
        let code = self.context.project.logframe.indicator(id).code.clone();
        let period = match call.option("in").map(|arg| &arg.expr) {
            Some(Expr::Text(code)) => code.clone(),
            _ => self.period.code.clone(),
        };
        let released = self.context.released.periods.iter().find(|released| released.period.code == period)?;
        let level = released.figures.get(usize::from(id.0))?.totals.level;
        Some(match level {
            Some(amount) => figure_value(amount, self.style(id)),
            None => Value::unknown(Why::Absent, format!("level {code}")),
        })
    }

    fn style(&self, id: IndicatorId) -> Style {
        match self.context.project.logframe.indicator(id).calculation {
            Calculation::Ratio(..) => Style::Percent,
            _ => Style::Count,
        }
    }

    /// Against the baseline where there is one, else the value of this period against that of the period before.
    fn changed(&mut self, subject: &Arg, change: &str, call: &Call) -> Option<Result<bool, Unknown>> {
        let (id, code) = self.indicator(subject)?;
        let baseline = self.context.project.logframe.indicator(id).baseline;
        let since_baseline = match call.option("since").map(|arg| &arg.expr) {
            Some(Expr::Text(since)) => since == "baseline",
            _ => baseline.is_some(),
        };
        let (now, then) = if since_baseline {
            let then = match baseline {
                Some(baseline) => Value::Number(baseline),
                None => Value::unknown(Why::Absent, format!("baseline {code}")),
            };
            (self.level(id, call)?, then)
        } else {
            (self.field(subject, call)?, self.previous(id, &code, call))
        };
        let comparison = match change {
            "increased" => Comparison::Greater,
            "decreased" => Comparison::Less,
            _ => Comparison::Equal,
        };
        Some(decide(comparison, &now, &then, &format!("{change} {code}")))
    }

    /// The same value in the period that ended the day before this one began; the longest-named first, as the logframe orders them.
    fn previous(&self, id: IndicatorId, code: &str, call: &Call) -> Value {
        let length =
            |period: &crate::model::Period| i64::from(period.end.since(period.start).map_or(0, |span| span.get_days()));
        let before = self.period.start.yesterday().ok();
        let own = length(self.period);
        let candidates = self.context.released.periods.iter().filter(|released| Some(released.period.end) == before);
        let nearest = candidates.min_by_key(|released| (length(&released.period) - own).abs());
        let amount = nearest.and_then(|released| released.figures.get(usize::from(id.0))).and_then(|figure| match call
            .option("of")
            .map(|arg| &arg.expr)
        {
            Some(Expr::Text(of)) if of == "cumulative" => figure.totals.cumulative,
            Some(Expr::Text(of)) if of == "served" => figure.totals.served,
            _ => figure.totals.period,
        });
        match amount {
            Some(amount) => figure_value(amount, self.style(id)),
            None => Value::unknown(Why::Absent, format!("previous {code}")),
        }
    }

    fn against(
        &mut self,
        subject: &Arg,
        comparison: Comparison,
        number: Decimal,
        call: &Call,
    ) -> Option<Result<bool, Unknown>> {
        let value = self.field(subject, call)?;
        Some(decide(comparison, &value, &Value::Number(number), "claim"))
    }

    /// Claims about two values: the first a part of the second, or set against it.
    fn pair(&mut self, first: &Arg, second: &Arg, kind: &str, call: &Call) -> Option<Result<bool, Unknown>> {
        let (part, whole) = (self.field(first, call)?, self.field(second, call)?);
        let doubled = |value: &Value| match value.ends() {
            Some((from, to)) => {
                let two = Decimal::TWO;
                figure_value(
                    Amount { from: from.saturating_mul(two), to: to.saturating_mul(two), hedge: None, grain: 0 },
                    Style::Count,
                )
            }
            None => value.clone(),
        };
        let comparison = match kind {
            "all" | "equal" => Comparison::Equal,
            "most" | "more" => Comparison::Greater,
            "half" => Comparison::Equal,
            _ => Comparison::Less,
        };
        let part = if matches!(kind, "most" | "half" | "minority") { doubled(&part) } else { part };
        Some(decide(comparison, &part, &whole, kind))
    }

    /// The value that a claim is about: an indicator's, or an expression's.
    fn field(&mut self, subject: &Arg, call: &Call) -> Option<Value> {
        self.subject(&with_subject(call, subject, "claim"))
    }

    /// "I14: 396, 400": what the figures say instead.
    fn figures_of(&mut self, kind: &str, subjects: &[Arg], call: &Call) -> String {
        let told = self.problems.len();
        let mut values: Vec<Value> = Vec::new();
        if let ([subject], "exceeded" | "not_exceeded" | "achieved" | "not_achieved") = (subjects, kind)
            && let Some((id, _)) = self.indicator(subject)
        {
            values.extend(self.level(id, call));
            values.extend(self.figure(&with_subject(call, subject, "target"), "target"));
        } else {
            for subject in subjects {
                values.extend(self.field(subject, call));
            }
        }
        self.problems.truncate(told);
        let written: Vec<String> = values
            .iter()
            .map(|value| match value {
                Value::Unknown(_) => self.context.locale.absent().to_owned(),
                value => self.text_of(value),
            })
            .collect();
        written.join(", ")
    }
}

/// The claim's options with one of its subjects as the only argument; `due` holds for the target.
fn with_subject(call: &Call, subject: &Arg, name: &str) -> Call {
    let options = call.options.iter().filter(|(option, _)| option != "due" || flag(call, "due")).cloned().collect();
    Call { name: name.to_owned(), at: call.at, args: vec![subject.clone()], options }
}

fn figure_value(amount: Amount, style: Style) -> Value {
    Value::Figure(FigureValue { amount, style, indicator: String::new(), between: false, bare: false })
}

fn decide(comparison: Comparison, a: &Value, b: &Value, what: &str) -> Result<bool, Unknown> {
    for value in [a, b] {
        if let Value::Unknown(unknown) = value {
            return Err(unknown.clone());
        }
    }
    let ends: Option<(Ends, Ends)> = a.ends().zip(b.ends());
    match ends.and_then(|(a, b)| comparison.decide(a, b)) {
        Some(holds) => Ok(holds),
        None => Err(Unknown { why: Why::Undetermined, what: what.to_owned() }),
    }
}
