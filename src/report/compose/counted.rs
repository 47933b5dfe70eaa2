use super::indicators::blank_note;
use super::localizer::Localizer;
use crate::model::{Atom, Calculation, Column, Condition, DistinctColumn, IndicatorId, Op, Subject};
use crate::report::document::{CountedView, FigureText, LabelledText, SectionBody};

/// How each figure was counted, in words made from its calculation and conditions.
pub(super) fn compose_counted(localizer: &Localizer, ids: &[IndicatorId]) -> SectionBody {
    SectionBody::Counted { items: ids.iter().map(|id| counted_view(localizer, *id)).collect() }
}

fn counted_view(localizer: &Localizer, id: IndicatorId) -> CountedView {
    let indicator = localizer.input.indicator(id);
    let mut sentences = vec![FigureText::plain(calculation_text(localizer, indicator.calculation))];
    if !indicator.conditions.is_empty() {
        let texts: Vec<String> =
            indicator.conditions.iter().map(|condition| condition_text(localizer, condition)).collect();
        sentences.push(FigureText::plain(localizer.phrase("counted.where", &[("where", &texts.join("; "))])));
    }
    sentences.extend(blank_note(localizer, &localizer.figure(id).totals));
    let fact = |key: &'static str, text: Option<String>| {
        text.map(|value| LabelledText { label: localizer.label(key).to_owned(), value })
    };
    let facts = [
        fact("figure.definition", localizer.find_text(&indicator.definition)),
        fact("figure.verification", localizer.find_text(&indicator.verification)),
    ];
    CountedView {
        code: indicator.code.clone(),
        title: localizer.text(&indicator.title),
        sentences,
        facts: facts.into_iter().flatten().collect(),
    }
}

fn calculation_text(localizer: &Localizer, calculation: Calculation) -> String {
    let title = |id: IndicatorId| localizer.text(&localizer.input.indicator(id).title);
    match calculation {
        Calculation::Activities => localizer.label("counted.activities").to_owned(),
        Calculation::Attendances => localizer.label("counted.attendances").to_owned(),
        Calculation::People => localizer.label("counted.people").to_owned(),
        Calculation::Sum(column) => column_phrase(localizer, "counted.sum", &activity_column_name(localizer, column)),
        Calculation::Reach(column) => {
            column_phrase(localizer, "counted.reach", &activity_column_name(localizer, column))
        }
        Calculation::Distinct(column) => {
            let name = match column {
                DistinctColumn::Activity(column) => activity_column_name(localizer, column),
                DistinctColumn::Person(column) => {
                    localizer.person_column_name(&localizer.input.project.persons.columns[usize::from(column.0)])
                }
                DistinctColumn::PersonCode => localizer.label("report.person").to_owned(),
                DistinctColumn::Age => localizer.label("axis.age").to_owned(),
            };
            column_phrase(localizer, "counted.distinct", &name)
        }
        Calculation::Ratio(first, second) => {
            localizer.phrase("counted.ratio", &[("first", &title(first)), ("second", &title(second))])
        }
        Calculation::Reported => localizer.label("counted.reported").to_owned(),
    }
}

fn column_phrase(localizer: &Localizer, key: &str, column: &str) -> String {
    localizer.phrase(key, &[("column", &localizer.locale.quote(column))])
}

fn activity_column_name(localizer: &Localizer, column: crate::model::ColumnId) -> String {
    localizer.activity_column_name(&localizer.input.project.activities.columns[usize::from(column.0)])
}

/// "type of activity: training or seminar", "age below 18".
fn condition_text(localizer: &Localizer, condition: &Condition) -> String {
    let (name, column) = subject_name(localizer, condition.subject);
    let Some(values) = condition.any.iter().map(|atom| atom_text(localizer, atom, column)).collect::<Option<Vec<_>>>()
    else {
        return condition.text.clone();
    };
    if values.is_empty() {
        return condition.text.clone();
    }
    let or = localizer.label("report.or");
    let joined = values.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(&format!(" {or} "));
    let key = match (condition.negated, values[0].0) {
        (true, _) => "report.condition-not",
        (false, Op::Equal) => "report.condition-is",
        (false, Op::Less) => "report.condition-less",
        (false, Op::LessOrEqual) => "report.condition-at-most",
        (false, Op::Greater) => "report.condition-greater",
        (false, Op::GreaterOrEqual) => "report.condition-at-least",
    };
    localizer.phrase(key, &[("name", &name), ("values", &joined)])
}

/// What the condition looks at, by name, and its column where it has one.
fn subject_name<'a>(localizer: &'a Localizer, subject: Subject) -> (String, Option<&'a Column>) {
    let project = localizer.input.project;
    match subject {
        Subject::Activity(column) => {
            let column = &project.activities.columns[usize::from(column.0)];
            (localizer.activity_column_name(column), Some(column))
        }
        Subject::Person(column) => {
            let column = &project.persons.columns[usize::from(column.0)];
            (localizer.person_column_name(column), Some(column))
        }
        Subject::ActivityDate | Subject::AttendanceDate => (localizer.label("report.date").to_owned(), None),
        Subject::PersonCode => (localizer.label("report.person").to_owned(), None),
        Subject::Age => (localizer.label("axis.age").to_owned(), None),
        Subject::BirthYear => (localizer.label("report.birth-year").to_owned(), None),
        Subject::Session => (localizer.label("report.session").to_owned(), None),
    }
}

/// One alternative in words; none for what is better left as it was written.
fn atom_text(localizer: &Localizer, atom: &Atom, column: Option<&Column>) -> Option<(Op, String)> {
    match atom {
        Atom::Category(category) => Some((Op::Equal, localizer.category(column?, *category))),
        Atom::Number(op, number) => Some((*op, localizer.locale.number(*number))),
        Atom::Day(op, from, to) => Some((*op, localizer.locale.date_range(*from, *to))),
        Atom::Index(_) => None,
    }
}
