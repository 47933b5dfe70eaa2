use std::collections::BTreeSet;
use std::rc::Rc;

use jiff::civil::Date;

use super::evaluate::{Evaluated, Evaluator};
use super::lookup::{names_of, same_code};
use super::syntax::{Call, Expr};
use super::value::{FigureValue, Item, Style, Value, Why};
use crate::model::{Activity, ActivityStatus, Column, IndicatorId, Level, ResultId, ResultNode, Text, Value as Cell};
use crate::report::status::status_label;

/// Helpers that give lists to loop over.
impl Evaluator<'_> {
    pub(super) fn items(&mut self, call: &Call) -> Evaluated {
        let items = match call.name.as_str() {
            "activities" => self.activities(call)?,
            "municipalities" => self.municipalities(call),
            "results" => self.results(call),
            "indicators" => self.indicators(call),
            "partners" => {
                let partners = &self.context.project.settings.partners;
                let item = |partner: &crate::model::Partner| {
                    record(vec![("name", self.text(&partner.name, "name")), ("role", self.text(&partner.role, "role"))])
                };
                partners.iter().map(item).collect()
            }
            "donors" => self.donors(),
            _ => return None,
        };
        Some(Value::Items(Rc::new(items)))
    }

    fn text(&self, text: &Text, what: &str) -> Value {
        let order = &self.context.project.settings.languages;
        Value::text_or_absent(text.in_order(self.context.locale.lang(), order), what)
    }

    fn donors(&self) -> Vec<Item> {
        let settings = &self.context.project.settings;
        let for_report = settings.donors.iter().filter(|donor| self.report.donors.contains(&donor.code));
        for_report
            .map(|donor| {
                record(vec![
                    ("name", self.text(&donor.name, "name")),
                    ("code", Value::Text(donor.code.clone())),
                    ("grant", Value::text_or_absent(donor.grant.as_deref(), "grant")),
                    ("acknowledgement", self.text(&donor.acknowledgement, "acknowledgement")),
                ])
            })
            .collect()
    }

    /// Days that a list looks at: the period's, or from the project's start, or the whole project's.
    fn span(&self, call: &Call, default: &str) -> (Date, Date) {
        let scope = match call.option("scope").map(|arg| &arg.expr) {
            Some(Expr::Text(scope)) => scope.as_str(),
            _ => default,
        };
        let settings = &self.context.project.settings;
        match scope {
            "cumulative" => (settings.start, self.period.end),
            "project" => (settings.start, settings.end),
            _ => (self.period.start, self.period.end),
        }
    }

    fn activities(&mut self, call: &Call) -> Option<Vec<Item>> {
        let span = self.span(call, "period");
        let status = match call.option("status").map(|arg| &arg.expr) {
            Some(Expr::Text(status)) => status.as_str(),
            _ => "completed",
        };
        let mut wanted: Vec<&Activity> = Vec::new();
        let filters: Vec<(usize, BTreeSet<u32>)> = ["type", "municipality", "partner", "result"]
            .into_iter()
            .filter(|name| call.option(name).is_some())
            .map(|name| self.filter(call, name))
            .collect::<Option<_>>()?;
        let data_until = self.context.project.settings.data_until;
        for activity in &self.context.project.activities.rows {
            let meant = filters.iter().all(|(column, values)| {
                activity.values[*column].categories().iter().any(|category| values.contains(&category.0))
            });
            let has_status = status == "all" || activity.status.code() == status;
            if meant && has_status && is_within(activity, span, data_until) {
                wanted.push(activity);
            }
        }
        let mut items: Vec<(Item, SortKey)> =
            wanted.into_iter().map(|activity| (self.activity(activity), sort_key(activity))).collect();
        self.order(&mut items, call);
        let limit = match call.option("limit").map(|arg| &arg.expr) {
            Some(Expr::Number(limit)) => usize::try_from(*limit).unwrap_or(usize::MAX),
            _ => usize::MAX,
        };
        Some(items.into_iter().map(|(item, _)| item).take(limit).collect())
    }

    /// The column of an option with the values that it names: `"Куманово | Бутел"`.
    fn filter(&mut self, call: &Call, name: &'static str) -> Option<(usize, BTreeSet<u32>)> {
        let arg = call.option(name)?;
        let Some(Value::Text(written)) = self.value(arg) else {
            self.told("not-a-text", arg.at);
            return None;
        };
        let activities = &self.context.project.activities;
        let Some(column) = activities.column(name) else {
            self.told("no-such-column", arg.at);
            return None;
        };
        let column = usize::from(column.0);
        let mut values = BTreeSet::new();
        for value in written.split('|').map(str::trim) {
            match self.category(&activities.columns[column], value) {
                Some(at) => {
                    values.insert(at as u32);
                }
                None => {
                    self.unknown_part(value, names_of(&activities.columns[column]), arg.at);
                    return None;
                }
            }
        }
        Some((column, values))
    }

    fn order(&self, items: &mut [(Item, SortKey)], call: &Call) {
        let order = match call.option("order").map(|arg| &arg.expr) {
            Some(Expr::Text(order)) => order.as_str(),
            _ => "date",
        };
        let text = |item: &Item, field: &str| item.get(field).map(|value| self.text_of(value)).unwrap_or_default();
        let number = |item: &Item, field: &str| item.get(field).and_then(Value::ends).map(|(_, to)| to);
        match order {
            "row" => {}
            "-date" => {
                items.sort_by_key(|(_, key)| *key);
                items.reverse();
            }
            "reached" => items.sort_by_key(|(item, _)| number(item, "reached")),
            "-reached" => items.sort_by_key(|(item, _)| std::cmp::Reverse(number(item, "reached"))),
            field @ ("title" | "type" | "municipality") => items.sort_by_key(|(item, key)| (text(item, field), *key)),
            _ => items.sort_by_key(|(_, key)| *key),
        }
    }

    fn activity(&self, activity: &Activity) -> Item {
        let columns = &self.context.project.activities.columns;
        let day = |day: Option<Date>, what: &str| match day {
            Some(day) if activity.month_only => Value::Month(day),
            Some(day) => Value::Date(day),
            None => Value::unknown(Why::Absent, what),
        };
        let mut fields: Vec<(&str, Value)> = ["type", "municipality", "partner", "result", "reached"]
            .into_iter()
            .map(|name| (name, Value::unknown(Why::Absent, name)))
            .collect();
        fields.extend(
            columns.iter().zip(&activity.values).map(|(column, cell)| (column.name.as_str(), self.cell(column, cell))),
        );
        fields.extend([
            ("id", Value::Text(activity.id.clone())),
            ("title", self.text(&activity.title, "title")),
            ("date", day(activity.date, "date")),
            ("end_date", day(activity.end_date, "end_date")),
            ("status", Value::Text(self.context.locale.label(status_label(activity.status)).to_owned())),
        ]);
        record(fields)
    }

    fn cell(&self, column: &Column, cell: &Cell) -> Value {
        let name = column.name.as_str();
        match cell {
            Cell::Blank => Value::unknown(Why::Absent, name),
            Cell::Number(amount) => Value::Figure(FigureValue {
                amount: **amount,
                style: Style::Count,
                indicator: String::new(),
                between: false,
                bare: false,
            }),
            Cell::Date(day) => Value::Date(*day),
            Cell::One(_) | Cell::Several(_) => {
                let labels: Vec<String> =
                    cell.categories().iter().map(|category| self.label(column, category.0)).collect();
                Value::Text(self.context.locale.list(&labels))
            }
        }
    }

    fn label(&self, column: &Column, category: u32) -> String {
        let Some(entry) = column.entries.get(category as usize) else { return String::new() };
        let order = &self.context.project.settings.languages;
        entry.label.in_order(self.context.locale.lang(), order).unwrap_or(&entry.code).to_owned()
    }

    /// Municipalities where activities were completed, in the order of their list.
    fn municipalities(&self, call: &Call) -> Vec<Item> {
        let span = self.span(call, "cumulative");
        let project = self.context.project;
        let Some(column) = project.activities.column("municipality").map(|column| usize::from(column.0)) else {
            return Vec::new();
        };
        let data_until = project.settings.data_until;
        let mut seen = BTreeSet::new();
        for activity in &project.activities.rows {
            if activity.status == ActivityStatus::Completed && is_within(activity, span, data_until) {
                seen.extend(activity.values[column].categories().iter().map(|category| category.0));
            }
        }
        let column = &project.activities.columns[column];
        seen.into_iter()
            .filter_map(|category| {
                let code = column.entries.get(category as usize)?.code.clone();
                Some(record(vec![("name", Value::Text(self.label(column, category))), ("code", Value::Text(code))]))
            })
            .collect()
    }

    fn results(&self, call: &Call) -> Vec<Item> {
        let logframe = &self.context.project.logframe;
        let parent = match call.option("parent").map(|arg| &arg.expr) {
            Some(Expr::Text(code)) => Some(code),
            _ => None,
        };
        let is_wanted = |result: &ResultNode| {
            let below = parent
                .is_none_or(|code| result.parent.is_some_and(|parent| same_code(&logframe.result(parent).code, code)));
            below && has_level(result.level, call)
        };
        let wanted = logframe.results.iter().enumerate().filter(|(_, result)| is_wanted(result));
        wanted
            .map(|(at, result)| {
                let own: Vec<Item> = logframe
                    .indicator_ids()
                    .filter(|id| logframe.indicator(*id).result == Some(ResultId(at as u16)) && self.is_reported(*id))
                    .map(|id| self.indicator_item(id))
                    .collect();
                let level = match result.level {
                    Some(level) => Value::Text(self.context.locale.label(level_label(level)).to_owned()),
                    None => Value::unknown(Why::Absent, "level"),
                };
                record(vec![
                    ("code", Value::Text(result.code.clone())),
                    ("title", self.text(&result.title, "title")),
                    ("level", level),
                    ("assumptions", self.text(&result.assumptions, "assumptions")),
                    ("indicators", Value::Items(Rc::new(own))),
                ])
            })
            .collect()
    }

    fn indicators(&self, call: &Call) -> Vec<Item> {
        let logframe = &self.context.project.logframe;
        let result = match call.option("result").map(|arg| &arg.expr) {
            Some(Expr::Text(code)) => Some(code),
            _ => None,
        };
        let is_wanted = |id: &IndicatorId| {
            let indicator = logframe.indicator(*id);
            let of_result = result.is_none_or(|code| {
                indicator.result.is_some_and(|result| same_code(&logframe.result(result).code, code))
            });
            of_result && has_level(indicator.level, call) && self.is_reported(*id)
        };
        logframe.indicator_ids().filter(is_wanted).map(|id| self.indicator_item(id)).collect()
    }

    fn is_reported(&self, id: IndicatorId) -> bool {
        let code = &self.context.project.logframe.indicator(id).code;
        self.report.indicators.as_ref().is_none_or(|codes| codes.contains(code))
    }

    fn indicator_item(&self, id: IndicatorId) -> Item {
        let indicator = self.context.project.logframe.indicator(id);
        record(vec![
            ("code", Value::Text(indicator.code.clone())),
            ("title", self.text(&indicator.title, "title")),
            ("unit", self.text(&indicator.unit, "unit")),
            ("definition", self.text(&indicator.definition, "definition")),
            ("verification", self.text(&indicator.verification, "verification")),
        ])
    }
}

fn record(fields: Vec<(&str, Value)>) -> Item {
    Rc::new(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Dated before undated, then by day, then by row.
type SortKey = (bool, Option<Date>, crate::model::RowRef);

fn sort_key(activity: &Activity) -> SortKey {
    let day = activity.date.or(activity.end_date);
    (day.is_none(), day, activity.row)
}

/// Completed activities by the day they count on; of others also those that have no date yet.
fn is_within(activity: &Activity, (start, end): (Date, Date), data_until: Option<Date>) -> bool {
    let Some(day) = activity.counted_day() else { return activity.status != ActivityStatus::Completed };
    let last = if activity.month_only { day.last_of_month() } else { day };
    let known = activity.status != ActivityStatus::Completed || data_until.is_none_or(|until| day <= until);
    start <= last && day <= end && known
}

fn has_level(level: Option<Level>, call: &Call) -> bool {
    match call.option("level").map(|arg| &arg.expr) {
        Some(Expr::Text(wanted)) => level.is_some_and(|level| level_label(level).ends_with(wanted.as_str())),
        _ => true,
    }
}

fn level_label(level: Level) -> &'static str {
    match level {
        Level::Impact => "level.impact",
        Level::Outcome => "level.outcome",
        Level::Output => "level.output",
    }
}
