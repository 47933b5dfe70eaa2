mod figure_texts;

use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy::MidpointAwayFromZero;

use super::ReportInput;
use crate::disclosure::{ReleasedFigure, ReleasedValue};
use crate::indicators::{Figure, Status};
use crate::locale::Locale;
use crate::model::{
    Activity, Amount, Calculation, Category, Column, ColumnEntry, ColumnId, Hedge, Indicator, IndicatorId, Lang,
    Period, Text, Value,
};
use crate::report::column_names;
use crate::report::counting_words::CountingWords;
use crate::report::document::StatusBadge;
use crate::report::figures::FigurePlaces;
use crate::report::profile::ProfileSection;

/// One language of a document: writes its texts, numbers and labels.
pub(super) struct Localizer<'a> {
    pub(super) input: &'a ReportInput<'a>,
    pub(super) locale: &'a Locale,
    order: &'a [Lang],
    places: FigurePlaces,
}

impl<'a> Localizer<'a> {
    pub(super) fn new(input: &'a ReportInput<'a>, locale: &'a Locale) -> Localizer<'a> {
        let places = FigurePlaces::new(input.project, input.report, input.period);
        Localizer { input, locale, order: &input.project.settings.languages, places }
    }

    pub(super) fn label(&self, key: &'static str) -> &'static str {
        self.locale.find_label(key).unwrap_or(key)
    }

    pub(super) fn phrase(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.locale.phrase(key, args)
    }

    /// A text of the project in this language, else in the first that has it; empty where none does.
    pub(super) fn text(&self, text: &Text) -> String {
        text.in_order(self.locale.lang(), self.order).unwrap_or_default().to_owned()
    }

    pub(super) fn find_text(&self, text: &Text) -> Option<String> {
        Some(self.text(text)).filter(|text| !text.is_empty())
    }

    pub(super) fn heading(&self, section: &ProfileSection) -> String {
        section.heading_in(self.locale, self.order)
    }

    pub(super) fn implementer(&self) -> Option<String> {
        self.input.project.settings.implementer.as_ref().and_then(|implementer| self.find_text(&implementer.name))
    }

    pub(super) fn is_ratio(&self, id: IndicatorId) -> bool {
        matches!(self.input.indicator(id).calculation, Calculation::Ratio(..))
    }

    pub(super) fn amount(&self, amount: Option<Amount>, ratio: bool) -> String {
        match amount {
            Some(amount) => self.locale.figure(&amount, ratio),
            None => self.locale.absent().to_owned(),
        }
    }

    /// Different people, head counts, or a sum of people reached.
    pub(super) fn counts_people(&self, id: IndicatorId) -> bool {
        let calculation = self.input.indicator(id).calculation;
        let sums_reached = |column| Some(column) == self.input.project.activities.column("reached");
        calculation.counts_persons() || matches!(calculation, Calculation::Sum(column) if sums_reached(column))
    }

    /// The number alone, and its hedge apart.
    pub(super) fn split_hedge(&self, amount: Option<Amount>, ratio: bool) -> (Option<String>, String) {
        let Some(amount) = amount else { return (None, self.locale.absent().to_owned()) };
        let hedge = amount.hedge.map(|hedge| {
            let key = match hedge {
                Hedge::About => "number.about",
                Hedge::Approximately => "number.approximately",
            };
            self.phrase(key, &[("n", "")]).trim().to_owned()
        });
        let bare = if ratio {
            self.locale.hedged(&self.locale.figure(&Amount { hedge: None, ..amount }, true), None)
        } else {
            self.locale.bare_figure(&amount)
        };
        (hedge, bare)
    }

    pub(super) fn released_value(&self, value: ReleasedValue, ratio: bool) -> String {
        match value {
            ReleasedValue::Value(amount) => self.amount(amount, ratio),
            ReleasedValue::Below(limit) => self.locale.below(limit),
            ReleasedValue::Withheld => self.locale.withheld().to_owned(),
        }
    }

    pub(super) fn decimal(&self, value: Option<Decimal>, ratio: bool) -> String {
        match value {
            Some(value) if ratio => self.locale.percent(value, 1),
            Some(value) => self.locale.number(value),
            None => self.locale.absent().to_owned(),
        }
    }

    /// What is due; where only the elapsed time says it, rounded and with that beside it.
    pub(super) fn due(&self, figure: &Figure, ratio: bool) -> String {
        if !figure.is_due_by_time {
            return self.decimal(figure.target_due, ratio);
        }
        let decimals = if ratio { 3 } else { 0 };
        let due = figure.target_due.map(|due| due.round_dp_with_strategy(decimals, MidpointAwayFromZero));
        self.phrase("report.due-by-time", &[("target", &self.decimal(due, ratio))])
    }

    pub(super) fn badge(&self, status: Option<Status>) -> StatusBadge {
        let code = status.map(Status::code);
        StatusBadge { code: code.unwrap_or("absent").to_owned(), text: self.locale.status(code).to_owned() }
    }

    /// Empty for the percent sign of a ratio, which its values have.
    pub(super) fn unit(&self, indicator: &Indicator) -> String {
        let unit = self.text(&indicator.unit);
        let is_said = matches!(indicator.calculation, Calculation::Ratio(..)) && unit.trim() == "%";
        if is_said { String::new() } else { unit }
    }

    /// "Since the start: 1 January – 30 April 2017".
    pub(super) fn cumulative_scope(&self) -> String {
        let end = self.complete_end();
        let start = self.input.project.settings.start;
        let range = self.locale.date_range(start, end.max(start));
        self.phrase("report.cumulative-scope", &[("range", &range)])
    }

    pub(super) fn both_scopes(&self) -> String {
        let period = self.input.period();
        if period.start == self.input.project.settings.start {
            return self.cumulative_scope();
        }
        let range = self.locale.period(&self.input.project.settings.known_days(period));
        format!("{} {}", self.phrase("report.period-scope", &[("range", &range)]), self.cumulative_scope())
    }

    /// The last day that figures of this period know of.
    fn complete_end(&self) -> jiff::civil::Date {
        let end = self.input.period().end;
        self.input.project.settings.data_until.map_or(end, |until| end.min(until))
    }

    pub(super) fn period_name(&self, period: &Period) -> String {
        self.locale.period_name(period)
    }

    pub(super) fn figure(&self, id: IndicatorId) -> &'a ReleasedFigure {
        self.input.figure(id)
    }

    /// A value of a column in this language; the text of its cell where the column has no list.
    pub(super) fn category(&self, column: &Column, category: Category) -> String {
        let named = |entry: ColumnEntry| self.find_text(entry.label).unwrap_or_else(|| entry.code.to_owned());
        column.entries.get(category.0 as usize).map(named).unwrap_or_default()
    }

    /// The values of an activity's cell, "A, B"; empty for a blank.
    pub(super) fn cell(&self, activity: &Activity, column: Option<ColumnId>) -> String {
        let Some(at) = column else { return String::new() };
        let column = &self.input.project.activities.columns[usize::from(at.0)];
        match activity.values.get(usize::from(at.0)) {
            Some(Value::Number(amount)) => self.locale.figure(amount, false),
            Some(value) => {
                let names: Vec<String> =
                    value.categories().iter().map(|category| self.category(column, *category)).collect();
                names.join(", ")
            }
            None => String::new(),
        }
    }

    /// What a column of the activities is called: with whose it is, where the persons have one of that name, too.
    pub(super) fn activity_column_name(&self, column: &Column) -> String {
        column_names::activity_column_name(self.input.project, self.locale, column)
    }

    /// The same of a column of the persons.
    pub(super) fn person_column_name(&self, column: &Column) -> String {
        column_names::person_column_name(self.input.project, self.locale, column)
    }

    /// What a column is called in this language: a phrase for the contract's columns, else as it is headed.
    pub(super) fn column_name(&self, column: &Column) -> String {
        column_names::column_name(self.locale, column)
    }

    /// The words for what the project counts.
    pub(super) fn counting_words(&self) -> CountingWords<'_> {
        CountingWords { project: self.input.project, locale: self.locale, order: self.order }
    }
}
