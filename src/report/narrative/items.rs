use std::collections::BTreeSet;
use std::rc::Rc;

use jiff::civil::Date;

use super::evaluate::{AlreadyReported, Evaluator};
use super::expr::{Arg, Call};
use super::figures::{category_names, codes_match};
use super::helpers::IndicatorText;
use super::value::{ExprValue, FigureValue, Item, ListSource, ListedValue, NumberStyle, UnknownReason};
use crate::diagnostic::kinds;
use crate::model::{
    Activity, ActivityId, ActivityStatus, ActivityTable, Column, ColumnId, IndicatorId, Level, Partner, Period,
    ResultId, ResultNode, Text, Value,
};
use crate::report::status_labels::{level_label, status_label};

/// Helpers that yield lists to loop over.
impl Evaluator<'_> {
    pub(super) fn partner_items(&self) -> Vec<Item> {
        let item = |partner: &Partner| {
            item_from_fields(vec![
                ("name", self.localized(&partner.name, "name")),
                ("role", self.localized(&partner.role, "role")),
            ])
        };
        self.context.project.settings.partners.iter().map(item).collect()
    }

    /// A text in the language of the prose, else in another; `what` names it if it is absent.
    pub(super) fn localized(&self, text: &Text, what: &str) -> ExprValue {
        let order = &self.context.project.settings.languages;
        ExprValue::text_or_absent(text.in_order(self.context.locale.lang(), order), what)
    }

    pub(super) fn donor_items(&self) -> Vec<Item> {
        let settings = &self.context.project.settings;
        let for_report = settings.donors.iter().filter(|donor| self.report.donors.contains(&donor.code));
        for_report
            .map(|donor| {
                item_from_fields(vec![
                    ("name", self.localized(&donor.name, "name")),
                    ("code", ExprValue::Text(donor.code.clone())),
                    ("grant", ExprValue::text_or_absent(donor.grant.as_deref(), "grant")),
                    ("acknowledgement", self.localized(&donor.acknowledgement, "acknowledgement")),
                ])
            })
            .collect()
    }

    /// Days that a list looks at: the period's, or from the project's start, or the whole project's.
    fn date_range(&self, call: &Call, default: &str) -> (Date, Date) {
        let settings = &self.context.project.settings;
        match call.word_option("scope").unwrap_or(default) {
            "cumulative" => (settings.start, self.period.end),
            "project" => (settings.start, settings.end),
            _ => (self.period.start, self.period.end),
        }
    }

    pub(super) fn activity_items(&mut self, call: &Call) -> Result<Vec<Item>, AlreadyReported> {
        let span = self.date_range(call, "period");
        let status = call.word_option("status").unwrap_or("completed");
        let filters: Vec<(usize, BTreeSet<u32>)> = ["type", "municipality", "partner", "result"]
            .into_iter()
            .filter_map(|name| Some((name, call.option(name)?)))
            .map(|(name, arg)| self.activity_filter(arg, name))
            .collect::<Result<_, _>>()?;
        let data_until = self.context.project.settings.data_until;
        let is_wanted = |activity: &Activity| {
            let matches = filters.iter().all(|(column, values)| {
                activity.values[*column].categories().iter().any(|category| values.contains(&category.0))
            });
            let has_status = status == "all" || activity.status.code() == status;
            matches && has_status && is_within(activity, span, data_until)
        };
        let activities = &self.context.project.activities;
        let wanted = activities.ids().map(|id| (id, activities.get(id))).filter(|(_, activity)| is_wanted(activity));
        let mut items: Vec<(Item, SortKey)> =
            wanted.map(|(id, activity)| (self.activity_item(id, activity), sort_key(activities, activity))).collect();
        self.sort_activities(&mut items, call);
        let limit = self.count_option(call, "limit")?.map_or(usize::MAX, |limit| limit as usize);
        Ok(items.into_iter().map(|(item, _)| item).take(limit).collect())
    }

    /// The column of an option with the values that it names: `"Куманово | Бутел"`.
    fn activity_filter(&mut self, arg: &Arg, name: &'static str) -> Result<(usize, BTreeSet<u32>), AlreadyReported> {
        let written = self.evaluate_text(arg)?;
        let activities = &self.context.project.activities;
        let Some(column) = activities.column(name) else { return Err(self.report(kinds::NoSuchColumn, arg.at)) };
        let index = usize::from(column.0);
        let column = &activities.columns[index];
        let mut values = BTreeSet::new();
        for value in written.split('|').map(str::trim) {
            match self.find_category(column, value) {
                Some(category) => values.insert(category as u32),
                None => return Err(self.report_unknown_value(value, category_names(column), arg.at)),
            };
        }
        Ok((index, values))
    }

    fn sort_activities(&self, items: &mut [(Item, SortKey<'_>)], call: &Call) {
        let text = |item: &Item, field: &str| {
            self.item_field(item, field).map(|value| self.format_value(&value)).unwrap_or_default()
        };
        // As many people as the row says, else as came, which is what the table of activities prints.
        let people = |item: &Item| {
            let upper = |field: &str| self.item_field(item, field).as_ref().and_then(ExprValue::bounds);
            upper("reached").or_else(|| upper("attendees")).map(|(_, to)| to)
        };
        let order = call.word_option("order").unwrap_or("date");
        if order != "row" {
            items.sort_by_key(|(_, key)| *key);
        }
        match order {
            "-date" => items.reverse(),
            "reached" => items.sort_by_key(|(item, _)| people(item)),
            "-reached" => items.sort_by_key(|(item, _)| std::cmp::Reverse(people(item))),
            field @ ("title" | "type" | "municipality") => items.sort_by_key(|(item, key)| (text(item, field), *key)),
            _ => {}
        }
    }

    fn activity_item(&self, id: ActivityId, activity: &Activity) -> Item {
        let columns = &self.context.project.activities.columns;
        let day = |day: Option<Date>, what: &str| match day {
            Some(day) if activity.month_only => ExprValue::Month(day),
            Some(day) => ExprValue::Date(day),
            None => ExprValue::unknown(UnknownReason::Absent, what),
        };
        let mut fields: Vec<(&str, ExprValue)> = ["type", "municipality", "partner", "result", "reached"]
            .into_iter()
            .map(|name| (name, ExprValue::unknown(UnknownReason::Absent, name)))
            .collect();
        fields.extend(
            columns
                .iter()
                .zip(&activity.values)
                .enumerate()
                .filter(|(at, _)| !self.context.project.activities.head_counts.has_part(ColumnId(*at as u16)))
                .map(|(at, (column, cell))| (column.name.as_str(), self.cell_value(ColumnId(at as u16), column, cell))),
        );
        fields.extend([
            ("id", ExprValue::Text(self.context.project.activities.code(activity).to_owned())),
            ("title", self.localized(&activity.title, "title")),
            ("date", day(activity.date, "date")),
            ("end_date", day(activity.end_date, "end_date")),
            ("attendees", ExprValue::Attendees(id)),
            (
                "status",
                ExprValue::Listed(ListedValue {
                    text: self.context.locale.label(status_label(activity.status)).to_owned(),
                    codes: vec![activity.status.code().to_owned()],
                    list: ListSource::ActivityStatus,
                }),
            ),
        ]);
        item_from_fields(fields)
    }

    fn cell_value(&self, id: ColumnId, column: &Column, cell: &Value) -> ExprValue {
        let name = column.name.as_str();
        match cell {
            Value::Blank => ExprValue::unknown(UnknownReason::Absent, name),
            Value::Number(amount) => ExprValue::Figure(FigureValue::new(**amount, NumberStyle::Count, String::new())),
            Value::Date(day) => ExprValue::Date(*day),
            Value::One(_) | Value::Several(_) => {
                let labels: Vec<String> =
                    cell.categories().iter().map(|category| self.category_label(column, category.0)).collect();
                let entries = cell.categories().iter().filter_map(|category| column.entries.get(category.0 as usize));
                ExprValue::Listed(ListedValue {
                    text: self.context.locale.list(&labels),
                    codes: entries.map(|entry| entry.code.to_owned()).collect(),
                    list: ListSource::ActivityColumn(id),
                })
            }
        }
    }

    fn category_label(&self, column: &Column, category: u32) -> String {
        let Some(entry) = column.entries.get(category as usize) else { return String::new() };
        let order = &self.context.project.settings.languages;
        entry.label.in_order(self.context.locale.lang(), order).unwrap_or(entry.code).to_owned()
    }

    /// Municipalities where activities were completed, in the order of their list.
    pub(super) fn municipality_items(&self, call: &Call) -> Vec<Item> {
        let span = self.date_range(call, "cumulative");
        let project = self.context.project;
        let Some(column) = project.activities.column("municipality").map(|column| usize::from(column.0)) else {
            return Vec::new();
        };
        let data_until = project.settings.data_until;
        let mut found = BTreeSet::new();
        for activity in &project.activities.rows {
            if activity.status == ActivityStatus::Completed && is_within(activity, span, data_until) {
                found.extend(activity.values[column].categories().iter().map(|category| category.0));
            }
        }
        let column = &project.activities.columns[column];
        found
            .into_iter()
            .filter_map(|category| {
                let code = column.entries.get(category as usize)?.code.to_owned();
                Some(item_from_fields(vec![
                    ("name", ExprValue::Text(self.category_label(column, category))),
                    ("code", ExprValue::Text(code)),
                ]))
            })
            .collect()
    }

    pub(super) fn result_items(&mut self, call: &Call) -> Result<Vec<Item>, AlreadyReported> {
        let parent = self.result_option(call, "parent")?;
        let logframe = &self.context.project.logframe;
        let is_wanted = |result: &ResultNode| {
            let is_below = parent.is_none_or(|parent| result.parent == Some(parent));
            is_below && has_level(result.level, call)
        };
        let wanted = logframe.results.iter().enumerate().filter(|(_, result)| is_wanted(result));
        let items = wanted
            .map(|(at, result)| {
                let own: Vec<Item> = logframe
                    .indicator_ids()
                    .filter(|id| {
                        logframe.indicator(*id).result == Some(ResultId(at as u16))
                            && self.shows_indicator(&logframe.indicator(*id).code)
                    })
                    .map(|id| self.indicator_item(id))
                    .collect();
                let level = match result.level {
                    Some(level) => ExprValue::Listed(ListedValue {
                        text: self.context.locale.label(level_label(level)).to_owned(),
                        codes: vec![level.code().to_owned()],
                        list: ListSource::Level,
                    }),
                    None => ExprValue::unknown(UnknownReason::Absent, "level"),
                };
                item_from_fields(vec![
                    ("code", ExprValue::Text(result.code.clone())),
                    ("title", self.localized(&result.title, "title")),
                    ("level", level),
                    ("assumptions", self.localized(&result.assumptions, "assumptions")),
                    ("indicators", ExprValue::from_items(own)),
                ])
            })
            .collect();
        Ok(items)
    }

    /// The result that an option names by its code; `None` without the option.
    fn result_option(&mut self, call: &Call, name: &str) -> Result<Option<ResultId>, AlreadyReported> {
        let Some(arg) = call.option(name) else { return Ok(None) };
        let written = self.evaluate_text(arg)?;
        let results = &self.context.project.logframe.results;
        match results.iter().position(|result| codes_match(&result.code, &written)) {
            Some(at) => Ok(Some(ResultId(at as u16))),
            None => {
                let known = results.iter().map(|result| result.code.clone()).collect();
                Err(self.report_unknown_value(&written, known, arg.at))
            }
        }
    }

    pub(super) fn indicator_items(&mut self, call: &Call) -> Result<Vec<Item>, AlreadyReported> {
        let result = self.result_option(call, "result")?;
        let logframe = &self.context.project.logframe;
        let is_wanted = |id: &IndicatorId| {
            let indicator = logframe.indicator(*id);
            let has_result = result.is_none_or(|result| indicator.result == Some(result));
            has_result && has_level(indicator.level, call) && self.shows_indicator(&logframe.indicator(*id).code)
        };
        Ok(logframe.indicator_ids().filter(is_wanted).map(|id| self.indicator_item(id)).collect())
    }

    /// Whether the report shows an indicator.
    pub(super) fn shows_indicator(&self, code: &str) -> bool {
        self.report.shows(code)
    }

    fn indicator_item(&self, id: IndicatorId) -> Item {
        let indicator = self.context.project.logframe.indicator(id);
        let text = |text: IndicatorText| self.indicator_text(id, text, Some(self.period), text.code());
        item_from_fields(vec![
            ("code", ExprValue::Text(indicator.code.clone())),
            ("title", text(IndicatorText::Title)),
            ("unit", text(IndicatorText::Unit)),
            ("definition", text(IndicatorText::Definition)),
            ("verification", self.localized(&indicator.verification, "verification")),
            ("comment", text(IndicatorText::Comment)),
        ])
    }

    /// What the logframe says of an indicator; the comment is that on a period. `what` names it if it is absent.
    pub(super) fn indicator_text(
        &self,
        id: IndicatorId,
        text: IndicatorText,
        period: Option<&Period>,
        what: &str,
    ) -> ExprValue {
        let logframe = &self.context.project.logframe;
        let indicator = logframe.indicator(id);
        let text = match text {
            IndicatorText::Title => Some(&indicator.title),
            IndicatorText::Unit => Some(&indicator.unit),
            IndicatorText::Definition => Some(&indicator.definition),
            IndicatorText::Comment => {
                let is_of_period =
                    |own: &Period| period.is_some_and(|period| (own.start, own.end) == (period.start, period.end));
                let mut values = logframe.reported.iter();
                let found = values
                    .find(|value| value.indicator == id && is_of_period(&value.period) && !value.comment.is_empty());
                found.map(|value| &value.comment)
            }
        };
        text.map_or_else(|| ExprValue::unknown(UnknownReason::Absent, what), |text| self.localized(text, what))
    }
}

/// An item by the names of its fields.
pub(super) fn item_from_fields(fields: Vec<(&str, ExprValue)>) -> Item {
    Rc::new(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Dated before undated, then by day, then by code.
type SortKey<'a> = (bool, Option<Date>, &'a str);

fn sort_key<'a>(table: &'a ActivityTable, activity: &Activity) -> SortKey<'a> {
    let day = activity.date.or(activity.end_date);
    (day.is_none(), day, table.code(activity))
}

/// Completed activities by the day they count on; of others also those that have no date yet.
fn is_within(activity: &Activity, (start, end): (Date, Date), data_until: Option<Date>) -> bool {
    let Some(day) = activity.counted_day() else { return activity.status != ActivityStatus::Completed };
    let last = if activity.month_only { day.last_of_month() } else { day };
    let is_counted = activity.status != ActivityStatus::Completed || data_until.is_none_or(|until| day <= until);
    start <= last && day <= end && is_counted
}

fn has_level(level: Option<Level>, call: &Call) -> bool {
    call.word_option("level").is_none_or(|wanted| level.is_some_and(|level| level.code() == wanted))
}
