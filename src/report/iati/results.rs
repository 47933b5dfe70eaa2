use rust_decimal::Decimal;

use super::xml::XmlWriter;
use crate::disclosure::{Released, ReleasedFigure, ReleasedValue};
use crate::indicators::{Key, PartKey};
use crate::locale::Locale;
use crate::model::{
    Amount, Axis, AxisSide, Calculation, Completion, Direction, Indicator, IndicatorId, Lang, Level, Logframe, Project,
    ResultId, ResultNode, Text,
};

/// The results with indicators of their own, in the order of the results chain; indicators without a result are under the
/// project's title.
pub fn write_results(xml: &mut XmlWriter, project: &Project, released: &Released, periods: &[usize]) {
    let logframe = &project.logframe;
    let locales: Vec<Locale> = project.settings.languages.iter().filter_map(Locale::new).collect();
    let indicators_of = |result: Option<ResultId>| -> Vec<IndicatorId> {
        logframe.indicator_ids().filter(|id| logframe.indicator(*id).result == result).collect()
    };
    let results = logframe.results.iter().enumerate();
    let groups = results.map(|(at, result)| (Some(result), indicators_of(Some(ResultId(at as u16)))));
    for (result, indicators) in
        groups.chain([(None, indicators_of(None))]).filter(|(_, indicators)| !indicators.is_empty())
    {
        let title = result.map_or(&project.settings.title, |result| &result.title);
        xml.open("result", &[("type", result_type(logframe, result, &indicators))]);
        xml.text_element("title", title);
        for id in indicators {
            let writer = IndicatorWriter { project, released, periods, id, locales: &locales };
            writer.write_indicator(xml);
        }
        xml.close();
    }
}

/// The code list ResultType: 1 output, 2 outcome, 3 impact, 9 other.
fn result_type(logframe: &Logframe, result: Option<&ResultNode>, indicators: &[IndicatorId]) -> &'static str {
    let of_indicators = indicators.first().and_then(|id| logframe.indicator(*id).level);
    match result.and_then(|result| result.level).or(of_indicators) {
        Some(Level::Output) => "1",
        Some(Level::Outcome) => "2",
        Some(Level::Impact) => "3",
        None => "9",
    }
}

struct IndicatorWriter<'w> {
    project: &'w Project,
    released: &'w Released,
    periods: &'w [usize],
    id: IndicatorId,
    locales: &'w [Locale],
}

impl IndicatorWriter<'_> {
    fn write_indicator(&self, xml: &mut XmlWriter) {
        let indicator = self.indicator();
        // The code list IndicatorMeasure: 1 unit, 2 percentage.
        let measure = if self.is_percent() { "2" } else { "1" };
        let ascending = if indicator.direction == Direction::Increase { "true" } else { "false" };
        let adds_up = matches!(
            indicator.calculation,
            Calculation::Activities
                | Calculation::Attendances
                | Calculation::People
                | Calculation::Completed(Completion::Attendances(_))
                | Calculation::Sum(_)
        );
        let adds_up = if adds_up { "true" } else { "false" };
        xml.open("indicator", &[("measure", measure), ("ascending", ascending), ("aggregation-status", adds_up)]);
        xml.text_element("title", &indicator.title);
        if !indicator.definition.is_empty() {
            xml.text_element("description", &indicator.definition);
        }
        // 99: a vocabulary of the reporting organisation.
        xml.empty("reference", &[("vocabulary", "99"), ("code", &indicator.code)]);
        if let Some(baseline) = indicator.baseline {
            let start = self.project.settings.start;
            let (year, day) = (start.year().to_string(), start.to_string());
            xml.empty("baseline", &[("iso-date", &day), ("year", &year), ("value", &self.value_text(baseline))]);
        }
        for &at in self.periods {
            self.write_period(xml, at);
        }
        xml.close();
    }

    fn indicator(&self) -> &Indicator {
        self.project.logframe.indicator(self.id)
    }

    fn is_percent(&self) -> bool {
        matches!(self.indicator().calculation, Calculation::Ratio(..))
    }

    /// IATI's percentages are out of a hundred.
    fn value_text(&self, value: Decimal) -> String {
        let value = if self.is_percent() { value.saturating_mul(Decimal::ONE_HUNDRED).round_dp(4) } else { value };
        value.normalize().to_string()
    }

    fn write_period(&self, xml: &mut XmlWriter, at: usize) {
        let Some(released) = self.released.periods.get(at) else { return };
        let Some(figure) = released.figures.get(usize::from(self.id.0)) else { return };
        let (start, end) = (released.period.start.to_string(), released.period.end.to_string());
        xml.open("period", &[]);
        xml.empty("period-start", &[("iso-date", &start)]);
        xml.empty("period-end", &[("iso-date", &end)]);
        let totals = &figure.totals;
        let whole =
            released.period.end == self.project.settings.end && released.period.start == self.project.settings.start;
        let target = if whole { totals.target_total } else { totals.target_period.or(totals.target_due) };
        if let Some(target) = target {
            xml.empty("target", &[("value", &self.value_text(target))]);
        }
        if let Some(amount) = totals.period {
            self.write_actual(xml, &amount, &[], totals.cumulative);
        }
        self.write_parts(xml, figure);
        xml.close();
    }

    /// Each shown part is an actual of its own, with what it is a part of; hidden ones are left out.
    fn write_parts(&self, xml: &mut XmlWriter, figure: &ReleasedFigure) {
        for (axis, released) in self.indicator().axes.iter().zip(&figure.axes) {
            for part in &released.parts {
                if let ReleasedValue::Value(Some(amount)) = part.period {
                    self.write_actual(xml, &amount, &self.dimensions(axis, part.key), None);
                }
            }
        }
    }

    fn write_actual(
        &self,
        xml: &mut XmlWriter,
        amount: &Amount,
        dimensions: &[(String, String)],
        cumulative: Option<Amount>,
    ) {
        let comment = self.comment(amount, cumulative);
        let value = self.value_text(amount.from);
        if dimensions.is_empty() && comment.is_empty() {
            xml.empty("actual", &[("value", &value)]);
            return;
        }
        xml.open("actual", &[("value", &value)]);
        for (name, value) in dimensions {
            xml.empty("dimension", &[("name", name), ("value", value)]);
        }
        if !comment.is_empty() {
            xml.text_element("comment", &comment);
        }
        xml.close();
    }

    /// What a bare number doesn't say: that it is about so much, a range, and the cumulative value, which IATI has no place for.
    fn comment(&self, amount: &Amount, cumulative: Option<Amount>) -> Text {
        let comment = |locale: &Locale| -> Option<(Lang, String)> {
            let mut texts = Vec::new();
            if amount.hedge.is_some() || amount.is_interval() {
                texts.push(locale.figure(amount, self.is_percent()));
            }
            if let Some(cumulative) = cumulative {
                let figure = locale.figure(&cumulative, self.is_percent());
                texts.push(format!("{}: {figure}", locale.label("figure.cumulative")));
            }
            (!texts.is_empty()).then(|| (locale.lang().clone(), texts.join("; ")))
        };
        self.locales.iter().filter_map(comment).collect()
    }

    /// Names and values in codes, as figures.json has them.
    fn dimensions(&self, axis: &Axis, key: PartKey) -> Vec<(String, String)> {
        let name = |part: AxisSide| match self.column(part) {
            Some(column) => column.name.clone(),
            None => "age".to_owned(),
        };
        let value = |part: AxisSide, key: Key| match key {
            Key::Category(category) => {
                let entry = self.column(part).and_then(|column| column.entries.get(category.0 as usize));
                entry.map(|entry| entry.code.to_owned()).unwrap_or_default()
            }
            Key::Band(band) => self.project.settings.age_bands.code(band),
            Key::Several => "several".to_owned(),
            Key::Unknown => "unknown".to_owned(),
        };
        match (key, axis.second) {
            (PartKey::Crossed(first, second), Some(part)) => {
                vec![(name(axis.first), value(axis.first, first)), (name(part), value(part, second))]
            }
            (PartKey::One(key) | PartKey::Crossed(key, _), _) => vec![(name(axis.first), value(axis.first, key))],
        }
    }

    fn column(&self, part: AxisSide) -> Option<&crate::model::Column> {
        self.project.side_column(part)
    }
}
