//! How indicators are counted, in words made from their calculations and conditions.

use super::column_names::{activity_column_name, person_column_name};
use crate::locale::Locale;
use crate::model::{
    Atom, Calculation, Category, Column, ColumnEntry, ColumnId, Completion, Condition, DistinctColumn, IndicatorId,
    Lang, Op, Project, Subject, Text,
};

/// One language's words for what a project counts.
pub(super) struct CountingWords<'w> {
    pub project: &'w Project,
    pub locale: &'w Locale,
    /// Languages to fall back on.
    pub order: &'w [Lang],
}

impl<'w> CountingWords<'w> {
    /// "Each person is counted once, in the period of first contact."
    pub fn calculation(&self, calculation: Calculation) -> String {
        let title = |id: IndicatorId| self.text(&self.project.logframe.indicator(id).title);
        let label = |key: &str| self.locale.find_label(key).unwrap_or_default().to_owned();
        match calculation {
            Calculation::Activities => label("counted.activities"),
            Calculation::Attendances => label("counted.attendances"),
            Calculation::People => label("counted.people"),
            Calculation::Completed(Completion::Attendances(number)) => {
                self.locale.phrase("counted.completed", &[("n", &self.locale.integer(u64::from(number)))])
            }
            Calculation::Completed(Completion::Share { share, of }) => {
                let column = self.locale.quote(&self.activity_column(of));
                let share = self.locale.percent(share, 0);
                self.locale.phrase("counted.completed-share", &[("share", &share), ("column", &column)])
            }
            Calculation::Sum(column) => self.of_column("counted.sum", &self.activity_column(column)),
            Calculation::Reach(column) => self.of_column("counted.reach", &self.activity_column(column)),
            Calculation::Distinct(column) => {
                let name = match column {
                    DistinctColumn::Activity(column) => self.activity_column(column),
                    DistinctColumn::Person(column) => self.person_column(column),
                    DistinctColumn::PersonCode => label("report.person"),
                    DistinctColumn::Age => label("axis.age"),
                };
                self.of_column("counted.distinct", &name)
            }
            Calculation::Ratio(first, second) => {
                self.locale.phrase("counted.ratio", &[("first", &title(first)), ("second", &title(second))])
            }
            Calculation::Reported => label("counted.reported"),
        }
    }

    /// "Condition: type of activity: training or seminar; age: below 18." None without a condition.
    pub fn conditions(&self, conditions: &[Condition]) -> Option<String> {
        let texts: Vec<String> = conditions.iter().map(|condition| self.condition(condition)).collect();
        (!texts.is_empty()).then(|| self.locale.phrase("counted.where", &[("where", &texts.join("; "))]))
    }

    fn of_column(&self, key: &str, column: &str) -> String {
        self.locale.phrase(key, &[("column", &self.locale.quote(column))])
    }

    fn activity_column(&self, column: ColumnId) -> String {
        activity_column_name(self.project, self.locale, &self.project.activities.columns[usize::from(column.0)])
    }

    fn person_column(&self, column: ColumnId) -> String {
        person_column_name(self.project, self.locale, &self.project.persons.columns[usize::from(column.0)])
    }

    /// "type of activity: training or seminar", "age below 18".
    fn condition(&self, condition: &Condition) -> String {
        let (name, column) = self.subject(condition.subject);
        let Some(values) = condition.any.iter().map(|atom| self.atom(atom, column)).collect::<Option<Vec<_>>>() else {
            return condition.text.clone();
        };
        if values.is_empty() {
            return condition.text.clone();
        }
        let or = self.locale.label("report.or");
        let joined = values.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(&format!(" {or} "));
        let key = match (condition.negated, values[0].0) {
            (true, _) => "report.condition-not",
            (false, Op::Equal) => "report.condition-is",
            (false, Op::Less) => "report.condition-less",
            (false, Op::LessOrEqual) => "report.condition-at-most",
            (false, Op::Greater) => "report.condition-greater",
            (false, Op::GreaterOrEqual) => "report.condition-at-least",
        };
        self.locale.phrase(key, &[("name", &name), ("values", &joined)])
    }

    /// What the condition looks at, by name, and its column where it has one.
    fn subject(&self, subject: Subject) -> (String, Option<&'w Column>) {
        let label = |key: &str| (self.locale.find_label(key).unwrap_or_default().to_owned(), None);
        match subject {
            Subject::Activity(column) => {
                (self.activity_column(column), self.project.activities.columns.get(usize::from(column.0)))
            }
            Subject::Person(column) => {
                (self.person_column(column), self.project.persons.columns.get(usize::from(column.0)))
            }
            Subject::ActivityDate | Subject::AttendanceDate => label("report.date"),
            Subject::PersonCode => label("report.person"),
            Subject::Age => label("axis.age"),
            Subject::BirthYear => label("report.birth-year"),
            Subject::Session => label("report.session"),
        }
    }

    /// One alternative in words; none for what is better left as it was written.
    fn atom(&self, atom: &Atom, column: Option<&Column>) -> Option<(Op, String)> {
        match atom {
            Atom::Category(category) => Some((Op::Equal, self.category(column?, *category))),
            Atom::Number(op, number) => Some((*op, self.locale.number(*number))),
            Atom::Day(op, from, to) => Some((*op, self.locale.date_range(*from, *to))),
            Atom::Index(_) => None,
        }
    }

    /// A value of a column; the text of its cell where the column has no list.
    fn category(&self, column: &Column, category: Category) -> String {
        let named = |entry: ColumnEntry| match self.text(entry.label) {
            label if label.is_empty() => entry.code.to_owned(),
            label => label,
        };
        column.entries.get(category.0 as usize).map(named).unwrap_or_default()
    }

    fn text(&self, text: &Text) -> String {
        text.in_order(self.locale.lang(), self.order).unwrap_or_default().to_owned()
    }
}
