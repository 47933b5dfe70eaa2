use serde::Serialize;

use super::MessageLanguage;
use super::figures_view::{SCOPES, amount};
use super::project_view::{LocalText, local_text};
use super::reading::CountedProject;
use crate::indicators::{ExplainedRow, Explanation, Scope, explain, explain_served};
use crate::model::{Calculation, Column, ColumnId, DistinctColumn, IndicatorId, Period, Value};
use crate::pipeline::{ReasonWriter, row_ranges};

/// How many groups of rows a page shows of one figure.
const GROUPS: usize = 500;

/// The rows behind a figure as `explain` has them, put into words.
#[derive(Serialize)]
pub(super) struct FigureRows<'a> {
    code: &'a str,
    period: &'a str,
    scope: &'static str,
    /// The indicator itself, or what a ratio is made of.
    parts: Vec<FigurePart<'a>>,
}

#[derive(Serialize)]
struct FigurePart<'a> {
    code: &'a str,
    title: LocalText<'a>,
    value: String,
    /// As written in the table of indicators.
    calculation: &'a str,
    condition: &'a str,
    rows: usize,
    /// Rows of one activity, sheet and day; the first groups of them.
    groups: Vec<Group<'a>>,
    of_groups: usize,
    left_out: Vec<LeftOut>,
}

#[derive(Serialize)]
struct Group<'a> {
    activity: &'a str,
    title: Option<LocalText<'a>>,
    day: String,
    /// What the figure takes from the row, where that isn't the row itself.
    value: Option<String>,
    file: &'a str,
    sheet: Option<&'a str>,
    rows: String,
}

#[derive(Serialize)]
struct LeftOut {
    why: String,
    rows: u64,
}

/// The evidence of a figure by the places of its period and indicator; none where there is no such figure.
pub(super) fn rows_of_figure<'a>(
    counted: &'a CountedProject,
    period: usize,
    indicator: usize,
    scope: &str,
    language: &MessageLanguage,
) -> Option<FigureRows<'a>> {
    let (name, scope) = SCOPES.into_iter().find(|(name, _)| *name == scope)?;
    let period = &counted.figures.periods.get(period)?.period;
    let id = counted.project.logframe.indicator_ids().nth(indicator)?;
    let explanation = match scope {
        Scope::Period => explain(&counted.project, &counted.figures, id, period),
        Scope::Served => explain_served(&counted.project, &counted.figures, id, period),
        Scope::Cumulative => {
            let whole = Period { start: counted.project.settings.start, ..period.clone() };
            explain(&counted.project, &counted.figures, id, &whole)
        }
    };
    let writer = Writer { counted, period, scope, language };
    let mut parts = Vec::new();
    writer.write(&explanation, &mut parts);
    Some(FigureRows { code: &counted.project.logframe.indicator(id).code, period: &period.code, scope: name, parts })
}

struct Writer<'a, 's> {
    counted: &'a CountedProject,
    period: &'a Period,
    scope: Scope,
    language: &'s MessageLanguage,
}

impl<'a> Writer<'a, '_> {
    /// A ratio is based on the rows of its parts.
    fn write(&self, explanation: &Explanation, parts: &mut Vec<FigurePart<'a>>) {
        if explanation.parts.is_empty() {
            parts.push(self.part(explanation));
        }
        explanation.parts.iter().for_each(|part| self.write(part, parts));
    }

    fn part(&self, explanation: &Explanation) -> FigurePart<'a> {
        let project = &self.counted.project;
        let indicator = project.logframe.indicator(explanation.indicator);
        let reasons = ReasonWriter { project, catalogue: &self.language.catalogue };
        let left_out = reasons.left_out(explanation).into_iter().map(|(why, rows)| LeftOut { why, rows });
        let alike = |row: &ExplainedRow| (row.activity, row.row.sheet, row.day);
        let groups = || explanation.rows.chunk_by(|a, b| alike(a) == alike(b));
        FigurePart {
            code: &indicator.code,
            title: local_text(&indicator.title, &project.settings.languages, &self.language.locale),
            value: self.value(explanation.indicator),
            calculation: &indicator.calculation_text,
            condition: &indicator.where_text,
            rows: explanation.rows.len(),
            groups: groups().take(GROUPS).map(|rows| self.group(indicator.calculation, rows)).collect(),
            of_groups: groups().count(),
            left_out: left_out.collect(),
        }
    }

    /// The indicator's own value in the scope; a ratio of persons counts them as *served*.
    fn value(&self, id: IndicatorId) -> String {
        let at = |figures: &&crate::indicators::PeriodFigures| figures.period == *self.period;
        let figures = self.counted.figures.periods.iter().find(at);
        let value = figures.and_then(|figures| figures.figures.get(usize::from(id.0))?.value(self.scope));
        amount(self.counted.project.logframe.indicator(id), value, &self.language.locale)
    }

    fn group(&self, calculation: Calculation, rows: &[ExplainedRow]) -> Group<'a> {
        let project = &self.counted.project;
        let locale = &self.language.locale;
        let activity = rows[0].activity.map(|id| project.activities.get(id));
        let source = project.sources.get(rows[0].row.sheet);
        let value = match (calculation, activity) {
            (Calculation::Sum(column) | Calculation::Reach(column), Some(activity))
            | (Calculation::Distinct(DistinctColumn::Activity(column)), Some(activity)) => {
                self.cell(column, activity.values.get(usize::from(column.0)))
            }
            (Calculation::Reported, _) => {
                let reported = project.logframe.reported.iter().find(|reported| reported.row == rows[0].row);
                reported.and_then(|reported| Some(locale.figure(&reported.value?, false)))
            }
            _ => None,
        };
        Group {
            activity: activity.map_or("", |activity| project.activities.code(activity)),
            title: activity.map(|activity| local_text(&activity.title, &project.settings.languages, locale)),
            day: locale.date_short(rows[0].day),
            value,
            file: &source.file,
            sheet: source.sheet.as_deref(),
            rows: row_ranges(rows),
        }
    }

    fn cell(&self, column: ColumnId, value: Option<&Value>) -> Option<String> {
        let column: &Column = self.counted.project.activities.columns.get(usize::from(column.0))?;
        match value? {
            Value::Number(amount) => Some(self.language.locale.figure(amount, false)),
            value => {
                let name = |category: &crate::model::Category| {
                    let entry = column.entries.get(category.0 as usize)?;
                    let order = &self.counted.project.settings.languages;
                    Some(entry.label.in_order(self.language.locale.lang(), order).unwrap_or(entry.code))
                };
                let names: Vec<&str> = value.categories().iter().filter_map(name).collect();
                Some(names.join(", ")).filter(|names| !names.is_empty())
            }
        }
    }
}
