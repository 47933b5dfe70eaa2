use super::evaluate::{Evaluated, Evaluator};
use super::items::item_from_fields;
use super::schema::find_helper;
use super::value::{ExprValue, Item, UnknownReason};
use crate::diagnostic::kinds;

/// Names and paths: what a loop or partial defines, fields of items, and what every section may name.
impl Evaluator<'_> {
    /// Whether a bare name is a helper: not if that needs arguments and the item looped over has a field of the name (`date`).
    pub(super) fn is_helper(&self, name: &str) -> bool {
        find_helper(name)
            .is_some_and(|helper| helper.required == 0 || self.find_name(name, self.frames.len()).is_none())
    }

    pub(super) fn evaluate_path(&mut self, path: &str, at: usize) -> Evaluated {
        let mut rest = path;
        let mut up = 0;
        while let Some(outer) = rest.strip_prefix("../") {
            rest = outer;
            up += 1;
        }
        let visible = self.frames.len().saturating_sub(up);
        let mut segments = rest.split(['.', '/']).filter(|segment| !segment.is_empty());
        let first = segments.next().unwrap_or("this");
        let mut value = self.find_name(first, visible);
        for segment in segments {
            value = match value {
                Some(ExprValue::Item(item)) => item.get(segment).cloned(),
                _ => None,
            };
        }
        match value {
            Some(value) => Ok(value),
            None => Err(self.report(kinds::UnknownPath { path: path.to_owned(), nearest: None }, at)),
        }
    }

    /// The value of a name in the first `visible` frames, the innermost first.
    fn find_name(&self, name: &str, visible: usize) -> Option<ExprValue> {
        let frames = &self.frames[..visible];
        if name == "this" {
            return frames.last().map(|frame| frame.this.clone());
        }
        if let Some(value) = frames.iter().rev().find_map(|frame| frame.names.get(name)) {
            return Some(value.clone());
        }
        let field = frames.iter().rev().find_map(|frame| match &frame.this {
            ExprValue::Item(item) => item.get(name),
            _ => None,
        });
        match field {
            Some(value) => Some(value.clone()),
            None => self.root_item(name).map(ExprValue::Item),
        }
    }

    /// The item that every section may name so; see [`ROOTS`](super::item_kinds::ROOTS).
    fn root_item(&self, name: &str) -> Option<Item> {
        let locale = self.context.locale;
        let settings = &self.context.project.settings;
        let date = |day: Option<jiff::civil::Date>, what: &str| {
            day.map_or_else(|| ExprValue::unknown(UnknownReason::Absent, what), ExprValue::Date)
        };
        let known = settings.known_days(self.period);
        let fields = match name {
            "project" => vec![
                ("title", self.localized(&settings.title, "project.title")),
                ("code", ExprValue::Text(settings.code.clone())),
                ("start", ExprValue::Date(settings.start)),
                ("end", ExprValue::Date(settings.end)),
                ("data_until", date(settings.data_until, "project.data_until")),
                ("notice", self.localized(&settings.notice, "project.notice")),
                (
                    "implementer",
                    match &settings.implementer {
                        Some(implementer) => self.localized(&implementer.name, "project.implementer"),
                        None => ExprValue::unknown(UnknownReason::Absent, "project.implementer"),
                    },
                ),
            ],
            "report" => vec![
                ("name", ExprValue::Text(self.report.name.clone())),
                ("date", date(self.report.dates.get(&self.period.code).copied(), "report.date")),
            ],
            "period" => vec![
                ("start", ExprValue::Date(self.period.start)),
                ("end", ExprValue::Date(known.end)),
                ("code", ExprValue::Text(self.period.code.clone())),
                ("name", ExprValue::Text(locale.period_name(self.period))),
                ("range", ExprValue::Text(locale.period(&known))),
            ],
            _ => return None,
        };
        Some(item_from_fields(fields))
    }
}
