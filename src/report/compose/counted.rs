use super::indicators::blank_note;
use super::voice::Voice;
use crate::model::{Atom, Calculation, Column, Condition, DistinctColumn, IndicatorId, Op, Subject};
use crate::report::document::{Body, CountedView, Measure};

/// How each figure was counted, in words made from its calculation and conditions.
pub(super) fn section(voice: &Voice, ids: &[IndicatorId]) -> Body {
    Body::Counted { items: ids.iter().map(|id| view(voice, *id)).collect() }
}

fn view(voice: &Voice, id: IndicatorId) -> CountedView {
    let indicator = voice.input.indicator(id);
    let mut sentences = vec![calculation(voice, indicator.calculation)];
    if !indicator.conditions.is_empty() {
        let said: Vec<String> = indicator.conditions.iter().map(|one| condition(voice, one)).collect();
        sentences.push(voice.phrase("counted.where", &[("where", &said.join("; "))]));
    }
    sentences.extend(blank_note(voice, &voice.figure(id).totals));
    let fact = |key: &'static str, text: Option<String>| {
        text.map(|value| Measure { label: voice.label(key).to_owned(), value })
    };
    let facts = [
        fact("figure.definition", voice.given(&indicator.definition)),
        fact("figure.verification", voice.given(&indicator.verification)),
    ];
    CountedView {
        code: indicator.code.clone(),
        title: voice.text(&indicator.title),
        sentences,
        facts: facts.into_iter().flatten().collect(),
    }
}

fn calculation(voice: &Voice, calculation: Calculation) -> String {
    let code = |id: IndicatorId| voice.input.indicator(id).code.clone();
    match calculation {
        Calculation::Activities => voice.label("counted.activities").to_owned(),
        Calculation::Attendances => voice.label("counted.attendances").to_owned(),
        Calculation::People => voice.label("counted.people").to_owned(),
        Calculation::Sum(column) => column_phrase(voice, "counted.sum", &activity(voice, column)),
        Calculation::Reach(column) => column_phrase(voice, "counted.reach", &activity(voice, column)),
        Calculation::Distinct(column) => {
            let name = match column {
                DistinctColumn::Activity(column) => activity(voice, column),
                DistinctColumn::Person(column) => {
                    voice.column_name(&voice.input.project.persons.columns[usize::from(column.0)])
                }
                DistinctColumn::PersonCode => voice.label("report.person").to_owned(),
                DistinctColumn::Age => voice.label("axis.age").to_owned(),
            };
            column_phrase(voice, "counted.distinct", &name)
        }
        Calculation::Ratio(first, second) => {
            voice.phrase("counted.ratio", &[("first", &code(first)), ("second", &code(second))])
        }
        Calculation::Reported => voice.label("counted.reported").to_owned(),
    }
}

fn column_phrase(voice: &Voice, key: &str, column: &str) -> String {
    voice.phrase(key, &[("column", &voice.locale.quote(column))])
}

fn activity(voice: &Voice, column: crate::model::ColumnId) -> String {
    voice.column_name(&voice.input.project.activities.columns[usize::from(column.0)])
}

/// "type of activity: training or seminar", "age below 18".
fn condition(voice: &Voice, condition: &Condition) -> String {
    let (name, column) = subject(voice, condition.subject);
    let Some(values) = condition.any.iter().map(|atom| value(voice, atom, column)).collect::<Option<Vec<_>>>() else {
        return condition.text.clone();
    };
    if values.is_empty() {
        return condition.text.clone();
    }
    let or = voice.label("report.or");
    let joined = values.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(&format!(" {or} "));
    let key = match (condition.negated, values[0].0) {
        (true, _) => "report.condition-not",
        (false, Op::Equal) => "report.condition-is",
        (false, Op::Less) => "report.condition-less",
        (false, Op::LessOrEqual) => "report.condition-at-most",
        (false, Op::Greater) => "report.condition-greater",
        (false, Op::GreaterOrEqual) => "report.condition-at-least",
    };
    voice.phrase(key, &[("name", &name), ("values", &joined)])
}

/// What the condition looks at, by name, and its column where it has one.
fn subject<'a>(voice: &'a Voice, subject: Subject) -> (String, Option<&'a Column>) {
    let project = voice.input.project;
    let of = |column: &'a Column| (voice.column_name(column), Some(column));
    match subject {
        Subject::Activity(column) => of(&project.activities.columns[usize::from(column.0)]),
        Subject::Person(column) => of(&project.persons.columns[usize::from(column.0)]),
        Subject::ActivityDate | Subject::AttendanceDate => (voice.label("report.date").to_owned(), None),
        Subject::PersonCode => (voice.label("report.person").to_owned(), None),
        Subject::Age => (voice.label("axis.age").to_owned(), None),
        Subject::BirthYear => (voice.label("report.birth-year").to_owned(), None),
        Subject::Session => (voice.label("report.session").to_owned(), None),
    }
}

/// One alternative in words; none for what is better left as it was written.
fn value(voice: &Voice, atom: &Atom, column: Option<&Column>) -> Option<(Op, String)> {
    match atom {
        Atom::Category(category) => Some((Op::Equal, voice.category(column?, *category))),
        Atom::Number(op, number) => Some((*op, voice.locale.number(*number))),
        Atom::Day(op, from, to) => Some((*op, voice.locale.date_range(*from, *to))),
        Atom::Index(_) => None,
    }
}
