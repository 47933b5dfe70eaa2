use std::rc::Rc;

use super::evaluate::{Evaluated, Evaluator};
use super::schema::{self, ROOTS};
use super::value::{Item, Value, Why};
use crate::diagnostic::Problem;

/// What a name or path comes to.
impl Evaluator<'_> {
    /// A bare name is a helper, unless that needs arguments and what is looped over has a field of the name (`date`).
    pub(super) fn is_helper(&self, name: &str) -> bool {
        schema::find(name).is_some_and(|helper| helper.least == 0 || self.named(name, self.scopes.len()).is_none())
    }

    pub(super) fn path(&mut self, path: &str, at: usize) -> Evaluated {
        let mut rest = path;
        let mut up = 0;
        while let Some(outer) = rest.strip_prefix("../") {
            rest = outer;
            up += 1;
        }
        let visible = self.scopes.len().saturating_sub(up);
        let mut segments = rest.split(['.', '/']).filter(|segment| !segment.is_empty());
        let first = segments.next().unwrap_or("this");
        let mut value = self.named(first, visible);
        for segment in segments {
            value = match value {
                Some(Value::Item(item)) => item.get(segment).cloned(),
                _ => None,
            };
        }
        if value.is_none() {
            self.problems.push(Problem::error("unknown-path").at(self.source.place(at)).with("path", path));
        }
        value
    }

    pub(super) fn named(&self, name: &str, visible: usize) -> Option<Value> {
        let scopes = &self.scopes[..visible];
        if name == "this" {
            return scopes.last().map(|scope| scope.this.clone());
        }
        if let Some(value) = scopes.iter().rev().find_map(|scope| scope.names.get(name)) {
            return Some(value.clone());
        }
        let field = scopes.iter().rev().find_map(|scope| match &scope.this {
            Value::Item(item) => item.get(name),
            _ => None,
        });
        match field {
            Some(value) => Some(value.clone()),
            None => ROOTS.iter().find(|(root, _)| *root == name).map(|(_, kind)| Value::Item(self.root(*kind))),
        }
    }

    pub(super) fn root(&self, kind: schema::Kind) -> Item {
        let locale = self.context.locale;
        let settings = &self.context.project.settings;
        let text = |text: &crate::model::Text, what: &str| {
            Value::text_or_absent(text.in_order(locale.lang(), &settings.languages), what)
        };
        let date = |day: Option<jiff::civil::Date>, what: &str| {
            day.map_or_else(|| Value::unknown(Why::Absent, what), Value::Date)
        };
        let fields = match kind {
            schema::Kind::Project => vec![
                ("title", text(&settings.title, "project.title")),
                ("code", Value::Text(settings.code.clone())),
                ("start", Value::Date(settings.start)),
                ("end", Value::Date(settings.end)),
                ("data_until", date(settings.data_until, "project.data_until")),
                ("notice", text(&settings.notice, "project.notice")),
                (
                    "implementer",
                    match &settings.implementer {
                        Some(implementer) => text(&implementer.name, "project.implementer"),
                        None => Value::unknown(Why::Absent, "project.implementer"),
                    },
                ),
            ],
            schema::Kind::Report => vec![
                ("name", Value::Text(self.report.name.clone())),
                ("date", date(self.report.dates.get(&self.period.code).copied(), "report.date")),
            ],
            _ => vec![
                ("start", Value::Date(self.period.start)),
                ("end", Value::Date(self.period.end)),
                ("code", Value::Text(self.period.code.clone())),
                ("name", Value::Text(locale.period_name(self.period))),
                ("range", Value::Text(locale.period(self.period))),
            ],
        };
        Rc::new(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}
