//! What whoever writes a section may put into it: each helper with what it prints in this report, period and language.

use std::cell::OnceCell;
use std::cmp::Reverse;

use super::evaluate::Evaluator;
use super::form_values::FormContext;
use super::helpers::IndicatorText;
use super::item_kinds::ItemKind;
use super::prose_file::ProseFile;
use super::{Narratives, claim_kinds::CLAIMS};
use crate::diagnostic::Problem;
use crate::indicators::{Key, PartKey};
use crate::locale::{Gender, Locale};
use crate::model::{Activity, ActivityStatus, Axis, AxisSide, IndicatorId, Project};
use crate::report::column_names::side_name;
use crate::report::figures::{FigurePlaces, part_code};

/// Most activities that are listed: prose that names more is a table.
const MOST_ACTIVITIES: usize = 200;

/// A piece of prose that prints something from the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// What it says, by the helper's name or a word beside it (`target-due`).
    pub what: &'static str,
    /// Which one, where a helper says several: a part of a disaggregation, a claim, a field.
    pub which: String,
    /// As written in prose.
    pub source: String,
    /// As the text will print it; `None` where it has no value yet.
    pub printed: Option<String>,
}

/// Writes the snippets of one report, period and language; names of parts are in the language of `reader`.
pub struct SnippetWriter<'a> {
    narratives: &'a Narratives,
    context: FormContext<'a>,
    reader: &'a Locale,
    places: FigurePlaces,
    attendees: OnceCell<Vec<u32>>,
}

impl<'a> SnippetWriter<'a> {
    /// What is counted for one snippet serves the next.
    pub fn new(narratives: &'a Narratives, context: FormContext<'a>, reader: &'a Locale) -> SnippetWriter<'a> {
        let own = context.prose.project.logframe.period_index(&context.period.code).unwrap_or_default();
        let places = FigurePlaces::new(context.prose.project, context.report, own);
        SnippetWriter { narratives, context, reader, places, attendees: OnceCell::new() }
    }

    /// What is said most of an indicator.
    pub fn of_indicator(&self, id: IndicatorId) -> Vec<Snippet> {
        let code = &self.project().logframe.indicator(id).code;
        let mut snippets = vec![
            self.snippet("actual", "", format!("{{{{actual \"{code}\"}}}}")),
            self.snippet("cumulative", "", format!("{{{{cumulative \"{code}\"}}}}")),
        ];
        snippets.extend(self.with_value("served", format!("{{{{served \"{code}\"}}}}")));
        snippets.extend(self.with_value("target", format!("{{{{target \"{code}\"}}}}")));
        snippets.extend(self.with_value("progress", format!("{{{{progress \"{code}\"}}}}")));
        snippets.extend(self.with_value("status", format!("{{{{status \"{code}\"}}}}")));
        snippets
    }

    /// Everything else that can be said of an indicator.
    pub fn more_of_indicator(&self, id: IndicatorId) -> Vec<Snippet> {
        let code = &self.project().logframe.indicator(id).code;
        let mut snippets = self.number_words(code);
        snippets.push(self.plural(id));
        let sources = [
            ("target-due", format!("{{{{target \"{code}\" kind=\"due\"}}}}")),
            ("target-period", format!("{{{{target \"{code}\" kind=\"period\"}}}}")),
            ("baseline", format!("{{{{baseline \"{code}\"}}}}")),
            ("previous", format!("{{{{actual \"{code}\" in=\"previous\"}}}}")),
            ("change", format!("{{{{change \"{code}\"}}}}")),
        ];
        snippets.extend(sources.into_iter().filter_map(|(what, source)| self.with_value(what, source)));
        snippets.extend(self.parts(id));
        snippets.extend(self.claims(code));
        let texts =
            [IndicatorText::Title, IndicatorText::Unit, IndicatorText::Definition, IndicatorText::Comment].into_iter();
        snippets.extend(
            texts.filter_map(|text| self.with_value(text.code(), format!("{{{{{} \"{code}\"}}}}", text.code()))),
        );
        for what in ["chart", "table"] {
            let source = format!("{{{{{what} \"{code}\"}}}}");
            snippets.push(Snippet { what, which: String::new(), source, printed: None });
        }
        snippets
    }

    /// Dates, names and lists that any section may print.
    pub fn of_project(&self) -> Vec<Snippet> {
        let sources = [
            ("period-start", "{{date period.start}}"),
            ("period-end", "{{date period.end}}"),
            ("period-name", "{{period.name}}"),
            ("period-range", "{{period.range}}"),
            ("project-title", "{{project.title}}"),
            ("project-start", "{{date project.start}}"),
            ("project-end", "{{date project.end}}"),
            ("activities", "{{count (activities)}}"),
            ("municipalities", "{{list (municipalities) field=\"name\"}}"),
            ("partners", "{{list (partners) field=\"name\"}}"),
            ("donors", "{{list (donors) field=\"name\"}}"),
        ];
        sources.into_iter().filter_map(|(what, source)| self.with_value(what, source.to_owned())).collect()
    }

    /// How many came to each activity of the period, the newest first.
    pub fn of_activities(&self) -> Vec<Snippet> {
        let (project, period) = (self.project(), self.context.period);
        let is_in_period = |activity: &Activity| {
            let day = activity.counted_day();
            activity.status == ActivityStatus::Completed && day.is_some_and(|day| period.contains(day))
        };
        let mut held: Vec<&Activity> = project.activities.rows.iter().filter(|one| is_in_period(one)).collect();
        held.sort_by_key(|activity| Reverse(activity.counted_day()));
        let listed = held.into_iter().take(MOST_ACTIVITIES);
        listed
            .map(|activity| {
                let code = project.activities.code(activity);
                let title = activity.title.in_order(self.reader.lang(), &project.settings.languages);
                let title = title.unwrap_or(code);
                let which = match activity.date {
                    Some(day) => format!("{title}, {}", self.reader.date_short(day)),
                    None => title.to_owned(),
                };
                self.snippet("attended", &which, format!("{{{{attended \"{code}\"}}}}"))
            })
            .collect()
    }

    /// A loop over activities, and what can be printed of each within it, as the first one has it.
    pub fn fields_of_activities(&self) -> Vec<Snippet> {
        let own = self.project().activities.columns.iter().map(|column| column.name.as_str());
        let known: Vec<&str> = ItemKind::Activity.field_names().collect();
        let own = own.filter(|name| !known.contains(name));
        let mut snippets = vec![self.snippet(
            "each-activity",
            "",
            "{{#each (activities order=\"date\")}}\n- {{title}}, {{date date}}\n{{/each}}".to_owned(),
        )];
        let fields = known.iter().copied().chain(own);
        snippets.extend(fields.map(|name| self.field("(activities limit=1)", name)));
        snippets
    }

    /// The same of the report's indicators.
    pub fn fields_of_indicators(&self) -> Vec<Snippet> {
        let mut snippets = vec![self.snippet(
            "each-indicator",
            "",
            "{{#each (indicators)}}\n- {{title}}: {{actual code}}\n{{/each}}".to_owned(),
        )];
        snippets.extend(ItemKind::Indicator.field_names().map(|name| self.field("(indicators)", name)));
        snippets
    }

    fn field(&self, list: &str, name: &str) -> Snippet {
        let is_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let path = if is_word { name.to_owned() } else { format!("[{name}]") };
        let source = match name {
            "date" | "end_date" => format!("{{{{date {name}}}}}"),
            _ => format!("{{{{{path}}}}}"),
        };
        let first = format!("{{{{#each {list}}}}}{{{{#if @first}}}}{source}{{{{/if}}}}{{{{/each}}}}");
        Snippet { what: "field", which: name.to_owned(), printed: self.print(&first), source }
    }

    /// A number as a word, in each gender that differs.
    fn number_words(&self, code: &str) -> Vec<Snippet> {
        let mut found: Vec<Snippet> = Vec::new();
        for gender in Gender::CODES {
            let snippet = self.with_value("words", format!("{{{{words \"{code}\" gender=\"{gender}\"}}}}"));
            let is_digits = |text: &String| text.chars().any(|c| c.is_ascii_digit());
            let is_new = |snippet: &Snippet| found.iter().all(|other: &Snippet| other.printed != snippet.printed);
            found.extend(snippet.filter(|new| !new.printed.as_ref().is_none_or(is_digits) && is_new(new)));
        }
        if let [only] = found.as_mut_slice() {
            only.source = format!("{{{{words \"{code}\"}}}}");
        }
        found
    }

    /// A word that agrees with the number, with every form that the language has; they begin as the unit.
    fn plural(&self, id: IndicatorId) -> Snippet {
        let indicator = self.project().logframe.indicator(id);
        let lang = self.context.prose.locale.lang();
        let unit = indicator.unit.get(lang).unwrap_or("…").replace('"', "");
        let forms = self.context.prose.locale.plural_categories();
        let forms: String = forms.into_iter().map(|form| format!(" {form}=\"{unit}\"")).collect();
        let source = format!("{{{{plural \"{}\"{forms}}}}}", indicator.code);
        self.snippet("plural", "", source)
    }

    /// The parts of every disaggregation, as counted and as a share.
    fn parts(&self, id: IndicatorId) -> Vec<Snippet> {
        let indicator = self.project().logframe.indicator(id);
        let released = &self.context.prose.released.periods;
        let released = released.iter().find(|released| released.period.code == self.context.period.code);
        let figure = released.and_then(|released| released.figures.get(usize::from(id.0)));
        let axes = indicator.axes.iter().zip(figure.into_iter().flat_map(|figure| &figure.axes));
        let mut snippets = Vec::new();
        for (axis, released) in axes {
            for part in &released.parts {
                let (text, value) = (&axis.text, part_code(self.project(), axis, part.key));
                let which = format!("{}: {}", self.axis_name(axis), self.part_name(axis, part.key));
                let code = &indicator.code;
                let sources = [
                    ("by", format!("{{{{by \"{code}\" \"{text}\" \"{value}\"}}}}")),
                    ("by-cumulative", format!("{{{{by \"{code}\" \"{text}\" \"{value}\" of=\"cumulative\"}}}}")),
                    ("share", format!("{{{{share \"{code}\" \"{text}\" \"{value}\"}}}}")),
                ];
                let said = sources.into_iter().filter_map(|(what, source)| self.with_value(what, source));
                let mut said: Vec<Snippet> = said.map(|part| Snippet { which: which.clone(), ..part }).collect();
                // In a report's first period both are the same number.
                said.dedup_by(|later, earlier| later.what == "by-cumulative" && later.printed == earlier.printed);
                snippets.extend(said);
            }
        }
        snippets
    }

    fn axis_name(&self, axis: &Axis) -> String {
        let name = |side: AxisSide| side_name(self.project(), self.reader, side);
        axis.second.map_or_else(|| name(axis.first), |second| format!("{} × {}", name(axis.first), name(second)))
    }

    fn part_name(&self, axis: &Axis, key: PartKey) -> String {
        match (key, axis.second) {
            (PartKey::One(key), _) | (PartKey::Crossed(key, _), None) => self.key_name(axis.first, key),
            (PartKey::Crossed(first, second), Some(side)) => {
                format!("{}, {}", self.key_name(axis.first, first), self.key_name(side, second))
            }
        }
    }

    fn key_name(&self, side: AxisSide, key: Key) -> String {
        let project = self.project();
        match key {
            Key::Several => self.reader.label("axis.several").to_owned(),
            Key::Unknown => self.reader.label("axis.unknown").to_owned(),
            Key::Band(band) => project.settings.age_bands.code(band),
            Key::Category(category) => {
                let entry = project.side_column(side).and_then(|column| column.entries.get(category.0 as usize));
                let order = &project.settings.languages;
                entry
                    .map(|entry| entry.label.in_order(self.reader.lang(), order).unwrap_or(entry.code).to_owned())
                    .unwrap_or_default()
            }
        }
    }

    /// The claims about one indicator that hold today.
    fn claims(&self, code: &str) -> Vec<Snippet> {
        let of_one = CLAIMS.iter().filter(|claim| claim.subjects() == 1);
        of_one
            .filter_map(|claim| {
                let block = |inner: &str| format!("{{{{#claim \"{}\" \"{code}\"}}}}{inner}{{{{/claim}}}}", claim.name);
                self.print(&block("…"))?;
                let which = claim.name.to_owned();
                Some(Snippet { what: "claim", which, source: block("…"), printed: Some(String::new()) })
            })
            .collect()
    }

    fn snippet(&self, what: &'static str, which: &str, source: String) -> Snippet {
        let printed = self.print(&source);
        Snippet { what, which: which.to_owned(), source, printed }
    }

    fn with_value(&self, what: &'static str, source: String) -> Option<Snippet> {
        Some(self.snippet(what, "", source)).filter(|snippet| snippet.printed.is_some())
    }

    /// What a piece of prose prints; `None` where it can't be said.
    fn print(&self, source: &str) -> Option<String> {
        let FormContext { prose: context, report, period } = self.context;
        let lang = context.locale.lang();
        let prose = ProseFile::parse("", source.to_owned(), lang, &context.project.settings);
        if !self.narratives.check_names(&prose, lang, false, &context.project.logframe).is_empty() {
            return None;
        }
        let counted = (&self.attendees, &self.places);
        let mut evaluator = Evaluator::new(self.narratives, &prose.source, (report, period), &context, counted);
        let value = evaluator.form_value(&prose.nodes);
        let is_sound = !evaluator.problems.iter().any(Problem::is_error);
        Some(value.text).filter(|text| is_sound && !text.is_empty())
    }

    fn project(&self) -> &'a Project {
        self.context.prose.project
    }
}
