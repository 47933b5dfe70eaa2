use super::evaluate::{AlreadyReported, Evaluated, Evaluator};
use super::expr::{Arg, Call, Expr};
use super::helpers::{FigureField, HelperKind};
use super::value::{ExprValue, FigureValue, NumberStyle, UnknownReason};
use super::{known_axes, nearest_name};
use crate::diagnostic::{Problem, first_names, kinds};
use crate::disclosure::{ReleasedFigure, ReleasedValue};
use crate::indicators::{Key, PartKey, Scope, Status};
use crate::model::{Amount, Axis, AxisSide, Calculation, Category, Column, ColumnEntry, IndicatorId, Period};
use crate::report::figures::PlacedValue;

/// What the option `in` takes beside the codes of periods: the period of the previous report.
pub(super) const PREVIOUS: &str = "previous";

/// Helpers that yield the figures of an indicator.
impl<'a> Evaluator<'a> {
    /// An indicator by its code, which is a text or comes from a loop; with the code as the logframe writes it.
    pub(super) fn find_indicator(&mut self, arg: &Arg) -> Result<(IndicatorId, String), AlreadyReported> {
        let value = self.evaluate(arg)?;
        let Some(code) = value.text().map(str::to_owned) else {
            return Err(self.report(kinds::NotAnIndicator, arg.at));
        };
        let logframe = &self.context.project.logframe;
        match logframe.indicator_ids().find(|id| codes_match(&logframe.indicator(*id).code, &code)) {
            Some(id) => Ok((id, logframe.indicator(id).code.clone())),
            None => {
                let known = logframe.indicators.iter().map(|indicator| indicator.code.as_str());
                let nearest = nearest_name(&code, known.clone());
                let known = first_names(known);
                Err(self.report(kinds::UnknownIndicator { indicator: code, known, nearest }, arg.at))
            }
        }
    }

    /// The period of the option `in`, else the report's; `None` if there is no previous one.
    pub(super) fn find_period(&mut self, call: &Call) -> Result<Option<&'a Period>, AlreadyReported> {
        let Some(arg) = call.option("in") else { return Ok(Some(self.period)) };
        let code = self.evaluate_text(arg)?;
        if code == PREVIOUS {
            return Ok(self.previous_period());
        }
        let periods = &self.context.project.logframe.periods;
        match periods.iter().find(|period| period.code == code) {
            Some(period) => Ok(Some(period)),
            None => {
                let known = periods.iter().map(|period| period.code.as_str());
                let nearest = nearest_name(&code, known.clone());
                let known = first_names(known);
                Err(self.report(kinds::UnknownReportingPeriod { period: code, known, nearest }, arg.at))
            }
        }
    }

    pub(super) fn previous_period(&self) -> Option<&'a Period> {
        self.report.previous_period(self.period, &self.context.project.logframe.periods)
    }

    /// What may be shown of an indicator in a period.
    pub(super) fn released_in(
        &mut self,
        id: IndicatorId,
        period: &Period,
        at: usize,
    ) -> Result<&'a ReleasedFigure, AlreadyReported> {
        let released = self.context.released.periods.iter().find(|released| released.period.code == period.code);
        match released.and_then(|released| released.figures.get(usize::from(id.0))) {
            Some(figure) => Ok(figure),
            None => Err(self.report(kinds::UnreleasedPeriod, at)),
        }
    }

    /// What may be shown of an indicator in the period of the option `in`, else in the report's; `None` if there is no
    /// previous period.
    pub(super) fn find_released(
        &mut self,
        id: IndicatorId,
        call: &Call,
    ) -> Result<Option<&'a ReleasedFigure>, AlreadyReported> {
        match self.find_period(call)? {
            Some(period) => self.released_in(id, period, call.at).map(Some),
            None => Ok(None),
        }
    }

    /// Where figures.json holds a figure; `None` if it doesn't.
    fn place_of(&self, id: IndicatorId, period: &Period, value: PlacedValue) -> Option<String> {
        self.places.find(id, self.context.project.logframe.period_index(&period.code)?, value)
    }

    pub(super) fn number_style(&self, id: IndicatorId) -> NumberStyle {
        match self.context.project.logframe.indicator(id).calculation {
            Calculation::Ratio(..) => NumberStyle::Percent,
            _ => NumberStyle::Count,
        }
    }

    pub(super) fn evaluate_figure(&mut self, call: &Call, field: FigureField) -> Evaluated {
        let arg = self.first_arg(call)?;
        let (id, code) = self.find_indicator(arg)?;
        let what = figure_source(field, &code, call);
        let Some(released) = self.find_released(id, call)? else {
            return Ok(ExprValue::unknown(UnknownReason::Absent, what));
        };
        let figure = &released.totals;
        let indicator = self.context.project.logframe.indicator(id);
        let due = call.has_flag("due");
        let amount = match field {
            FigureField::Actual => figure.period,
            FigureField::Cumulative => figure.cumulative,
            FigureField::Served => figure.served,
            FigureField::Baseline => indicator.baseline.map(Amount::exact),
            FigureField::Target => match call.word_option("kind") {
                Some("period") => figure.target_period,
                Some("due") => figure.target_due,
                None if due => figure.target_due,
                _ => figure.target_total,
            }
            .map(Amount::exact),
            FigureField::Progress => {
                let hedge = figure.level.and_then(|level| level.hedge);
                let progress = if due { figure.progress_due } else { figure.progress };
                progress.map(|progress| Amount { from: progress.from, to: progress.to, hedge, rounding_exponent: 0 })
            }
        };
        let Some(amount) = amount else {
            return Ok(ExprValue::unknown(UnknownReason::Absent, what));
        };
        let style = if field == FigureField::Progress { NumberStyle::Percent } else { self.number_style(id) };
        let placed = match field {
            FigureField::Actual => PlacedValue::Actual(Scope::Period),
            FigureField::Cumulative => PlacedValue::Actual(Scope::Cumulative),
            FigureField::Served => PlacedValue::Actual(Scope::Served),
            FigureField::Baseline => PlacedValue::Baseline,
            FigureField::Target => match call.word_option("kind") {
                Some("period") => PlacedValue::TargetPeriod,
                Some("due") => PlacedValue::TargetDue,
                None if due => PlacedValue::TargetDue,
                _ => PlacedValue::TargetTotal,
            },
            FigureField::Progress if due => PlacedValue::ProgressDue,
            FigureField::Progress => PlacedValue::Progress,
        };
        let place = self.find_period(call)?.and_then(|period| self.place_of(id, period, placed));
        Ok(ExprValue::Figure(FigureValue {
            place,
            amount,
            style,
            indicator: code,
            between: call.has_flag("between"),
            bare: call.has_flag("bare"),
        }))
    }

    /// Notes, once for each indicator of a text, that a printed value of the period leaves out who came in it but was
    /// counted before: in a project's first period both are the same, and the sentence becomes untrue later.
    pub(super) fn note_first_contacts(&mut self, call: &Call) {
        let Some(helper) = call.helper() else { return };
        let is_of_period = match helper.kind {
            HelperKind::Figure(field) => field == FigureField::Actual,
            HelperKind::Part | HelperKind::Share => is_period(call),
            kind if kind.is_formatting() => match call.args.first().map(|arg| &arg.expr) {
                Some(Expr::Call(inner)) => return self.note_first_contacts(inner),
                Some(Expr::Text(_)) => is_period(call),
                _ => false,
            },
            _ => false,
        };
        let (true, Some(arg)) = (is_of_period, call.args.first()) else { return };
        let Ok((id, code)) = self.find_indicator(arg) else { return };
        let Ok(Some(released)) = self.find_released(id, call) else { return };
        let figure = &released.totals;
        let is_of_indicator = |problem: &Problem| {
            problem.code == kinds::FirstContactOnly::CODE && problem.args.values().any(|value| *value == code)
        };
        if figure.served.is_some_and(|served| figure.period != Some(served))
            && !self.problems.iter().any(is_of_indicator)
        {
            let helper = format!("{{{{served \"{code}\"}}}}");
            self.note(kinds::FirstContactOnly { indicator: code, helper }, call.at);
        }
    }

    pub(super) fn evaluate_status(&mut self, call: &Call) -> Evaluated {
        let arg = self.first_arg(call)?;
        let (id, code) = self.find_indicator(arg)?;
        let what = format!("status \"{code}\"{}", options_source(call));
        let status = self.find_released(id, call)?.and_then(|released| released.totals.status);
        Ok(match status {
            None => ExprValue::unknown(UnknownReason::Absent, what),
            Some(Status::Undetermined) => ExprValue::unknown(UnknownReason::Undetermined, what),
            Some(status) => ExprValue::Status { status, indicator: code },
        })
    }

    /// `by "I14" "sex" "F"`: one part of a disaggregation.
    pub(super) fn evaluate_part(&mut self, call: &Call) -> Evaluated {
        let [indicator, axis, part] = call.args.as_slice() else { return Err(self.report_missing_args(call)) };
        let (id, code) = self.find_indicator(indicator)?;
        let released = self.find_released(id, call)?;
        let axes = &self.context.project.logframe.indicator(id).axes;
        let axis_text = match axis.word() {
            Some(word) if axes.iter().any(|axis| axes_match(&axis.text, word)) => word.to_owned(),
            _ => self.evaluate_text(axis)?,
        };
        let part_text = self.evaluate_text(part)?;
        let Some(index) = axes.iter().position(|axis| axes_match(&axis.text, &axis_text)) else {
            let known = axes.iter().map(|axis| axis.text.as_str());
            let nearest = nearest_name(&axis_text, known.clone());
            let known = known_axes(known);
            return Err(self.report(kinds::UnknownAxis { axis: axis_text, indicator: code, known, nearest }, axis.at));
        };
        let key = self.find_part_key(&axes[index], &part_text, part.at)?;
        let what = format!("{} \"{code}\" \"{axis_text}\" \"{part_text}\"{}", call.name, options_source(call));
        let Some(axis) = released.and_then(|released| released.axes.get(index)) else {
            return Ok(ExprValue::unknown(UnknownReason::Absent, what));
        };
        if axis.withheld {
            return Ok(ExprValue::unknown(UnknownReason::Suppressed { below: None }, what));
        }
        let scope = FigureField::scope_from_code(call.word_option("of"));
        // Only parts that occur are listed: any other is zero, not unknown.
        let shown = axis
            .parts
            .iter()
            .find(|part| part.key == key)
            .map_or(ReleasedValue::Value(Some(Amount::count(0))), |part| part.value(scope));
        Ok(match shown {
            ReleasedValue::Value(Some(amount)) => {
                let project = self.context.project;
                let is_listed = axis.parts.iter().any(|part| part.key == key);
                let period = self.find_period(call)?.filter(|_| is_listed);
                let at = period.and_then(|period| project.logframe.period_index(&period.code));
                let place = at.and_then(|at| self.places.find_part(project, id, at, (&axes[index], key), scope));
                ExprValue::Figure(FigureValue { place, ..FigureValue::new(amount, self.number_style(id), code) })
            }
            ReleasedValue::Value(None) => ExprValue::unknown(UnknownReason::Absent, what),
            ReleasedValue::Below(limit) => ExprValue::unknown(UnknownReason::Suppressed { below: Some(limit) }, what),
            ReleasedValue::Withheld => ExprValue::unknown(UnknownReason::Suppressed { below: None }, what),
        })
    }

    fn find_part_key(&mut self, axis: &Axis, written: &str, at: usize) -> Result<PartKey, AlreadyReported> {
        let Some(second) = axis.second else { return self.find_axis_key(axis.first, written, at).map(PartKey::One) };
        let Some((a, b)) = written.split_once('×').or_else(|| written.split_once(" x ")) else {
            return Err(self.report_unknown_value(written, Vec::new(), at));
        };
        let first = self.find_axis_key(axis.first, a.trim(), at)?;
        Ok(PartKey::Crossed(first, self.find_axis_key(second, b.trim(), at)?))
    }

    fn find_axis_key(&mut self, part: AxisSide, written: &str, at: usize) -> Result<Key, AlreadyReported> {
        let has_label =
            |label: &str| self.context.locale.find_label(label).is_some_and(|text| codes_match(text, written));
        if codes_match(written, "unknown") || has_label("axis.unknown") {
            return Ok(Key::Unknown);
        }
        if codes_match(written, "several") || has_label("axis.several") {
            return Ok(Key::Several);
        }
        let project = self.context.project;
        let column = match part {
            AxisSide::Age => {
                let bands = &project.settings.age_bands;
                let codes: Vec<String> = (0..bands.0.len() as u8).map(|band| bands.code(band)).collect();
                let with_hyphen = written.replace('–', "-");
                return match codes.iter().position(|code| codes_match(code, &with_hyphen)) {
                    Some(band) => Ok(Key::Band(band as u8)),
                    None => Err(self.report_unknown_value(written, codes, at)),
                };
            }
            part => project.side_column(part),
        };
        let Some(column) = column else { return Err(self.report_unknown_value(written, Vec::new(), at)) };
        match self.find_category(column, written) {
            Some(category) => Ok(Key::Category(Category(category as u32))),
            None => Err(self.report_unknown_value(written, category_names(column), at)),
        }
    }

    /// A value of a column by its code, its label in any language or an alias.
    pub(super) fn find_category(&self, column: &Column, written: &str) -> Option<usize> {
        let has_alias = |code: &str| {
            let list = column.list.as_ref().and_then(|name| self.context.project.lists.get(name));
            list.and_then(|list| list.entries.iter().find(|entry| entry.code == code))
                .is_some_and(|entry| entry.aliases.iter().any(|alias| codes_match(alias, written)))
        };
        column.entries.iter().position(|entry| {
            codes_match(entry.code, written)
                || entry.label.iter().any(|(_, label)| codes_match(label, written))
                || has_alias(entry.code)
        })
    }

    pub(super) fn report_unknown_value(&mut self, written: &str, known: Vec<String>, at: usize) -> AlreadyReported {
        let nearest = nearest_name(written, known.iter().map(String::as_str));
        self.report(kinds::UnknownValue { value: written.to_owned(), nearest }, at)
    }

    /// What `plural`, `words`, `number`, `percent`, `known` and `claim` are about: an indicator's field, or any value.
    pub(super) fn evaluate_subject(&mut self, call: &Call) -> Evaluated {
        let arg = self.first_arg(call)?;
        let value = self.evaluate(arg)?;
        let Some(code) = value.text() else { return Ok(value) };
        let logframe = &self.context.project.logframe;
        let is_code = logframe.indicators.iter().any(|indicator| codes_match(&indicator.code, code));
        if !is_code && call.helper().is_some_and(|helper| helper.kind == HelperKind::Known) {
            return Ok(value);
        }
        if !is_code && let Ok(number) = code.trim().parse() {
            return Ok(ExprValue::Number(number));
        }
        let field = call.word_option("of").and_then(FigureField::from_code);
        self.evaluate_figure(call, field.unwrap_or(FigureField::Actual))
    }
}

/// Whether a call asks for a value of the period.
fn is_period(call: &Call) -> bool {
    call.word_option("of").is_none_or(|of| of == FigureField::Actual.code())
}

/// A figure as it is written in a tag, with the options that say which one: `actual "I1" in="2017-Q1"`.
fn figure_source(field: FigureField, code: &str, call: &Call) -> String {
    format!("{} \"{code}\"{}", field.code(), options_source(call))
}

/// The options of a call that say which figure it is, each after a blank.
pub(super) fn options_source(call: &Call) -> String {
    let says_which = |name: &str| ["in", "due", "kind"].contains(&name);
    let options = call.options.iter().filter(|(name, _)| says_which(name));
    options.map(|(name, arg)| format!(" {name}={}", arg.source())).collect()
}

/// Whether two codes are the same but for case and surrounding white space.
pub(super) fn codes_match(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim(), b.trim());
    a == b || a.to_lowercase() == b.to_lowercase()
}

/// Whether two disaggregations are the same: `sex × age` may be written with a Latin x or without spaces, too.
pub(super) fn axes_match(known: &str, written: &str) -> bool {
    let plain = |text: &str| text.replace(" x ", "×").replace(' ', "").to_lowercase();
    plain(known) == plain(written)
}

/// Codes of a column's values with their labels in every language, to suggest from.
pub(super) fn category_names(column: &Column) -> Vec<String> {
    let labels = |entry: ColumnEntry| entry.label.iter().map(|(_, label)| label.to_owned()).collect::<Vec<_>>();
    column.entries.iter().flat_map(|entry| std::iter::once(entry.code.to_owned()).chain(labels(entry))).collect()
}
