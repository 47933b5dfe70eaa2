use super::evaluate::{AlreadyReported, Evaluated, Evaluator};
use super::expr::{Arg, Call, Expr, split_path};
use super::figures::codes_match;
use super::helpers::find_helper;
use super::item_kinds::ROOTS;
use super::items::item_from_fields;
use super::nearest_name;
use super::value::{ExprValue, Item, UnknownReason};
use crate::diagnostic::kinds;

/// Names and paths: what a loop or partial defines, fields of items, and what every section may name.
impl Evaluator<'_> {
    /// Whether a bare name is a helper: not if the item looped over, or one around it, has a field of that name.
    pub(super) fn is_helper(&self, name: &str) -> bool {
        find_helper(name).is_some() && self.find_name(name, self.frames.len()).is_none()
    }

    pub(super) fn evaluate_path(&mut self, path: &str, at: usize) -> Evaluated {
        match self.find_path(path) {
            // What it is called where it is written, for the remedy.
            Some(ExprValue::Unknown(unknown)) => Ok(ExprValue::unknown(unknown.reason, path)),
            Some(value) => Ok(value),
            None => Err(self.report_unknown_path(path, at)),
        }
    }

    fn report_unknown_path(&mut self, path: &str, at: usize) -> AlreadyReported {
        let indicators = &self.context.project.logframe.indicators;
        if indicators.iter().any(|indicator| codes_match(&indicator.code, path)) {
            return self.report(code_without_quotes(path), at);
        }
        let (_, names) = split_path(path);
        let fields = self.frames.iter().filter_map(|frame| match &frame.this {
            ExprValue::Item(item) => Some(item.keys().map(String::as_str)),
            _ => None,
        });
        let known: Vec<&str> = fields.flatten().chain(ROOTS.iter().map(|(root, _)| *root)).collect();
        let nearest = names.last().and_then(|name| nearest_name(name, known.iter().copied()));
        let known = known.join(", ");
        self.report(kinds::UnknownPath::Plain { path: path.to_owned(), known, nearest }, at)
    }

    /// The value that a path leads to; `None` if it leads nowhere.
    pub(super) fn find_path(&self, path: &str) -> Option<ExprValue> {
        let (up, names) = split_path(path);
        let visible = self.frames.len().saturating_sub(up);
        let mut names = names.into_iter();
        let mut value = self.find_name(names.next().unwrap_or("this"), visible)?;
        for name in names {
            let ExprValue::Item(item) = value else { return None };
            value = self.item_field(&item, name)?;
        }
        Some(value)
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
            ExprValue::Item(item) => self.item_field(item, name),
            _ => None,
        });
        field.or_else(|| self.root_item(name).map(ExprValue::Item))
    }

    /// A field of an item. A column of one's own goes by its heading, whatever its case, or by what the heading says in
    /// one language (`Обучувач / Trainer`); an underscore stands for a blank.
    pub(super) fn item_field(&self, item: &Item, name: &str) -> Option<ExprValue> {
        let value = item.get(name).or_else(|| {
            // Only activities have columns of one's own.
            item.get("attendees")?;
            let wanted = name.replace('_', " ");
            let is_wanted = |heading: &str| codes_match(heading, name) || codes_match(heading, &wanted);
            let by_heading = |own: &dyn Fn(&str) -> bool| item.iter().find(|(heading, _)| own(heading));
            by_heading(&|heading| is_wanted(heading))
                .or_else(|| by_heading(&|heading| heading.split(['/', '|']).any(&is_wanted)))
                .map(|(_, value)| value)
        })?;
        Some(match value {
            ExprValue::Attendees(activity) => self.attendees(*activity, "attendees"),
            value => value.clone(),
        })
    }

    /// The value of an argument that may be a bare word: what it names here, else the word itself.
    pub(super) fn evaluate_word(&mut self, arg: &Arg) -> Evaluated {
        match &arg.expr {
            Expr::Path(word) => Ok(match self.find_path(word) {
                Some(ExprValue::Item(_) | ExprValue::Items(_)) | None => ExprValue::Text(word.clone()),
                Some(value) => value,
            }),
            Expr::Number(number) => Ok(ExprValue::Text(number.to_string())),
            _ => self.evaluate(arg),
        }
    }

    /// The text of an argument that may be a bare word or a number.
    pub(super) fn evaluate_text(&mut self, arg: &Arg) -> Result<String, AlreadyReported> {
        match self.evaluate_word(arg)? {
            ExprValue::Unknown(unknown) => Err(self.report(unknown.unguarded(&self.period.code), arg.at)),
            value => match value.text() {
                Some(text) => Ok(text.to_owned()),
                None => Err(self.report(kinds::NotAText, arg.at)),
            },
        }
    }

    /// The whole number of an option; `None` without the option.
    pub(super) fn count_option(&mut self, call: &Call, name: &str) -> Result<Option<u32>, AlreadyReported> {
        let Some(arg) = call.option(name) else { return Ok(None) };
        if let Some(count) = arg.count() {
            return Ok(Some(count));
        }
        let number = match self.evaluate(arg)? {
            ExprValue::Number(number) if number.is_integer() => u32::try_from(number).ok(),
            ExprValue::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(self.report(kinds::CountExpected { word: arg.source(), option: name.to_owned() }, arg.at)),
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

/// The problem that the code of an indicator has no quotation marks.
pub(super) fn code_without_quotes(code: &str) -> kinds::UnknownPath {
    kinds::UnknownPath::Indicator { path: code.to_owned(), helper: format!("{{{{actual \"{code}\"}}}}") }
}
