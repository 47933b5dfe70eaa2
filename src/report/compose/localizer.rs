use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy::MidpointAwayFromZero;

use super::ReportInput;
use crate::disclosure::{ReleasedFigure, ReleasedValue};
use crate::indicators::{Figure, PartKey, Scope, Status};
use crate::locale::Locale;
use crate::model::{
    Activity, Amount, Axis, Calculation, Category, Column, ColumnEntry, ColumnId, Hedge, Indicator, IndicatorId, Lang,
    Period, Text, Value,
};
use crate::report::document::{FigureSource, FigureText, StatusBadge};
use crate::report::figures::{FigurePlaces, PlacedValue};
use crate::report::profile::{ProfileSection, SectionKind};

/// Stands in a phrase where a figure belongs, until the phrase is filled in.
const FIGURE_MARK: char = '\u{0}';

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

    /// A phrase with figures in it, each marked as one.
    pub(super) fn figure_phrase(&self, key: &str, args: &[(&str, FigureText)]) -> FigureText {
        let marks: Vec<String> = (0..args.len()).map(|at| format!("{FIGURE_MARK}{at}{FIGURE_MARK}")).collect();
        let marked: Vec<(&str, &str)> =
            args.iter().zip(&marks).map(|((name, _), mark)| (*name, mark.as_str())).collect();
        let mut out = FigureText::default();
        for (at, piece) in self.phrase(key, &marked).split(FIGURE_MARK).enumerate() {
            match (at % 2, piece.parse::<usize>()) {
                (1, Ok(at)) => out.pieces.extend(args[at].1.pieces.iter().cloned()),
                _ if piece.is_empty() => {}
                _ => out.pieces.extend(FigureText::plain(piece).pieces),
            }
        }
        out
    }

    /// A text of the project in this language, else in the first that has it; empty where none does.
    pub(super) fn text(&self, text: &Text) -> String {
        text.in_order(self.locale.lang(), self.order).unwrap_or_default().to_owned()
    }

    pub(super) fn find_text(&self, text: &Text) -> Option<String> {
        Some(self.text(text)).filter(|text| !text.is_empty())
    }

    /// The heading of a section: the profile's in this language, the usual one of its name, that of its kind;
    /// a donor's own wording that nobody translated stays in the language of its form.
    pub(super) fn heading(&self, section: &ProfileSection) -> String {
        let own = section.heading.get(self.locale.lang());
        let usual = || self.locale.find_label(&format!("heading.{}", section.id));
        let of_kind = || (section.kind != SectionKind::Prose).then(|| self.label(section.kind.heading_label()));
        match own.or_else(usual) {
            Some(heading) => heading.to_owned(),
            None => {
                self.find_text(&section.heading).or(of_kind().map(str::to_owned)).unwrap_or_else(|| section.id.clone())
            }
        }
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

    /// An amount as a figure of a period, under the name that figures.json has for it.
    pub(super) fn amount_figure(
        &self,
        id: IndicatorId,
        period: usize,
        value: PlacedValue,
        amount: Option<Amount>,
    ) -> FigureText {
        let text = self.amount(amount, self.is_ratio(id));
        self.placed(id, period, value, text, amount.map(|amount| (amount.from, amount.to)))
    }

    /// The same with a sign for its hedge, for tables; the signs are explained under them.
    pub(super) fn signed_figure(
        &self,
        id: IndicatorId,
        period: usize,
        value: PlacedValue,
        amount: Option<Amount>,
    ) -> FigureText {
        let text = match amount {
            None => self.locale.absent().to_owned(),
            Some(Amount { hedge: None, .. }) => self.amount(amount, self.is_ratio(id)),
            Some(amount @ Amount { hedge: Some(hedge), .. }) => {
                let bare = self.split_hedge(Some(amount), self.is_ratio(id)).1;
                self.phrase(sign_label(hedge), &[("n", &bare)])
            }
        };
        self.placed(id, period, value, text, amount.map(|amount| (amount.from, amount.to)))
    }

    /// A target, a baseline: a number without a hedge.
    pub(super) fn number_figure(
        &self,
        id: IndicatorId,
        period: usize,
        value: PlacedValue,
        number: Option<Decimal>,
    ) -> FigureText {
        let text = self.decimal(number, self.is_ratio(id));
        self.placed(id, period, value, text, number.map(|number| (number, number)))
    }

    /// Words that stand for a figure; plain where it is absent.
    pub(super) fn placed(
        &self,
        id: IndicatorId,
        period: usize,
        value: PlacedValue,
        text: String,
        ends: Option<(Decimal, Decimal)>,
    ) -> FigureText {
        match ends {
            None => FigureText::plain(text),
            Some((from, to)) => {
                FigureText::figure(text, FigureSource { place: self.places.find(id, period, value), from, to })
            }
        }
    }

    /// An amount that figures.json doesn't hold: of an activity, of an earlier report.
    pub(super) fn unplaced(&self, amount: Amount) -> FigureText {
        let source = FigureSource { place: None, from: amount.from, to: amount.to };
        FigureText::figure(self.amount(Some(amount), false), source)
    }

    /// The value from the project's start on.
    pub(super) fn cumulative_figure(&self, id: IndicatorId) -> FigureText {
        let amount = self.figure(id).totals.cumulative;
        self.amount_figure(id, self.input.period, PlacedValue::Actual(Scope::Cumulative), amount)
    }

    /// Different people, head counts, or a sum of people reached.
    pub(super) fn counts_people(&self, id: IndicatorId) -> bool {
        let calculation = self.input.indicator(id).calculation;
        let sums_reached = |column| Some(column) == self.input.project.activities.column("reached");
        calculation.counts_persons() || matches!(calculation, Calculation::Sum(column) if sums_reached(column))
    }

    /// A share as percents; of what is known roughly, roughly.
    pub(super) fn share(&self, share: Decimal, is_rough: bool) -> FigureText {
        let source = FigureSource { place: None, from: share, to: share };
        FigureText::figure(self.locale.percent(share, if is_rough { 0 } else { 1 }), source)
    }

    /// A part of an axis in one scope; hidden ones are words.
    pub(super) fn part_figure(
        &self,
        id: IndicatorId,
        part: (&Axis, PartKey),
        scope: Scope,
        value: ReleasedValue,
    ) -> FigureText {
        let text = self.released_value(value, self.is_ratio(id));
        match value {
            ReleasedValue::Value(Some(Amount { from, to, .. })) => {
                let place = self.places.find_part(self.input.project, id, self.input.period, part, scope);
                FigureText::figure(text, FigureSource { place, from, to })
            }
            _ => FigureText::plain(text),
        }
    }

    /// A number that figures.json doesn't hold: a tally, a change.
    pub(super) fn counted(&self, number: usize) -> FigureText {
        let value = Decimal::from(number);
        let source = FigureSource { place: None, from: value, to: value };
        FigureText::figure(self.locale.integer(number as u64), source)
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

    /// Progress towards the total, as a figure of the report's period.
    pub(super) fn progress_figure(&self, id: IndicatorId) -> Option<FigureText> {
        let figure = &self.figure(id).totals;
        let ends = figure.progress.map(|progress| (progress.from, progress.to));
        Some(self.placed(id, self.input.period, PlacedValue::Progress, self.progress(figure)?, ends))
    }

    /// The same with a sign for its hedge, for tables.
    pub(super) fn signed_progress(&self, id: IndicatorId) -> Option<FigureText> {
        let figure = &self.figure(id).totals;
        let progress = figure.progress?;
        let text = match figure.level.and_then(|level| level.hedge) {
            None => self.locale.progress(progress.from, progress.to, None),
            Some(hedge) => {
                let whole = self.locale.whole_progress(progress.from, progress.to);
                self.phrase(sign_label(hedge), &[("n", &whole)])
            }
        };
        Some(self.placed(id, self.input.period, PlacedValue::Progress, text, Some((progress.from, progress.to))))
    }

    /// Progress towards what is due, as a figure of the report's period.
    pub(super) fn progress_due_figure(&self, id: IndicatorId) -> Option<FigureText> {
        let figure = &self.figure(id).totals;
        let progress = figure.progress_due?;
        let hedge = figure.level.and_then(|level| level.hedge);
        let text = self.locale.progress(progress.from, progress.to, hedge);
        Some(self.placed(id, self.input.period, PlacedValue::ProgressDue, text, Some((progress.from, progress.to))))
    }

    /// What is due as a figure of the report's period.
    pub(super) fn due_figure(&self, id: IndicatorId) -> FigureText {
        let figure = &self.figure(id).totals;
        let ends = figure.target_due.map(|due| (due, due));
        self.placed(id, self.input.period, PlacedValue::TargetDue, self.due(figure, self.is_ratio(id)), ends)
    }

    pub(super) fn progress(&self, figure: &Figure) -> Option<String> {
        let progress = figure.progress?;
        let hedge = figure.level.and_then(|level| level.hedge);
        Some(self.locale.progress(progress.from, progress.to, hedge))
    }

    pub(super) fn badge(&self, status: Option<Status>) -> StatusBadge {
        let code = status.map(Status::code);
        StatusBadge { code: code.unwrap_or("absent").to_owned(), text: self.locale.status(code).to_owned() }
    }

    pub(super) fn unit(&self, indicator: &Indicator) -> String {
        self.text(&indicator.unit)
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
        let others = &self.input.project.persons.columns;
        self.own_column_name(column, others, "axis.municipality-of-activity", "axis.of-activity")
    }

    /// The same of a column of the persons.
    pub(super) fn person_column_name(&self, column: &Column) -> String {
        let others = &self.input.project.activities.columns;
        self.own_column_name(column, others, "axis.municipality-of-person", "axis.of-person")
    }

    fn own_column_name(&self, column: &Column, others: &[Column], municipality: &'static str, other: &str) -> String {
        let name = self.column_name(column);
        if !others.iter().any(|other| other.name == column.name) {
            return name;
        }
        match column.label.get(self.locale.lang()) {
            None if column.name == "municipality" => self.label(municipality).to_owned(),
            _ => self.phrase(other, &[("name", &name)]),
        }
    }

    /// What a column is called in this language: a phrase for the contract's columns, else as it is headed.
    fn column_name(&self, column: &Column) -> String {
        if let Some(label) = column.label.get(self.locale.lang()) {
            return label.to_owned();
        }
        let key = format!("axis.{}", column.name);
        self.locale.find_label(&key).map_or_else(|| column.name.clone(), str::to_owned)
    }
}

/// The label of the sign that stands for a hedge in tables.
pub(super) fn sign_label(hedge: Hedge) -> &'static str {
    match hedge {
        Hedge::About => "number.about-sign",
        Hedge::Approximately => "number.approximately-sign",
    }
}
