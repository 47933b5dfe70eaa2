use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::super::annex_builder::AnnexBuilder;
use super::super::axis_labels;
use super::super::sheet_plan::SheetSubject;
use super::super::workbook_model::{AnnexCell, AnnexColumnKind, AnnexRows, AnnexSheet, FormatId, RowIter};
use super::layout::EvidenceKind;
use super::{activity_columns, add_marks, flag_cell, mark_cell, marks_head, source_text, table_name};
use crate::model::{
    Activity, ActivityId, Amount, Axis, AxisSide, Calculation, ColumnId, DistinctColumn, Project, Value,
};
use crate::report::figures::part_code;

/// The activities that any indicator counts, each once.
pub fn activity_evidence<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let kind = EvidenceKind::Activities;
    let labels = &draft.labels;
    let mut columns = activity_columns(labels);
    for axis in &draft.evidence.axes {
        let (first, second) = (axis_labels::side_names(draft, axis.sides.0), axis.sides.1);
        let headings = match second.map(|side| axis_labels::side_names(draft, side)) {
            Some(second) => first.iter().zip(second).map(|(first, second)| format!("{first} × {second}")).collect(),
            None => first,
        };
        columns.add_headed(headings, AnnexColumnKind::Key);
    }
    let column_names = |column: ColumnId| axis_labels::side_names(draft, AxisSide::Activity(column));
    for (column, _) in &draft.evidence.amounts {
        columns.add_headed(column_names(*column), AnnexColumnKind::Number);
    }
    let different = labels.each_label("workbook.different-values");
    for (column, _) in &draft.evidence.texts {
        let names = different.iter().zip(column_names(*column));
        columns.add_headed(names.map(|(words, name)| format!("{words}: {name}")).collect(), AnnexColumnKind::Key);
    }
    add_marks(draft, kind, &mut columns);
    columns.add("annex.source-row", AnnexColumnKind::Source);
    let columns = columns.finish();
    let rows = ActivityRows::new(draft);
    let head = marks_head(draft, kind, &columns);
    draft.table_sheet(SheetSubject::Evidence(kind), table_name(kind), head, columns, 1, Box::new(rows))
}

struct ActivityRows<'a> {
    project: &'a Project,
    rows: Vec<(Date, ActivityId)>,
    in_period: Vec<bool>,
    flag: FormatId,
    whole: FormatId,
    languages: usize,
    /// By activity, then language.
    titles: Vec<Vec<String>>,
    /// By axis of the sheet, then activity: the code of its part.
    parts: Vec<Vec<Cow<'a, str>>>,
    /// Columns of amounts, with the format of each activity's.
    amounts: Vec<(ColumnId, Vec<FormatId>)>,
    texts: Vec<ColumnId>,
    marks: Vec<IndicatorRows>,
}

/// What the activities are to one indicator.
struct IndicatorRows {
    /// By activity.
    counted: Vec<bool>,
    /// The column whose different values are counted.
    distinct: Option<ColumnId>,
}

impl<'a> ActivityRows<'a> {
    fn new(draft: &AnnexBuilder<'a>) -> ActivityRows<'a> {
        let project = draft.project();
        let table = &project.activities;
        let count = table.rows.len();
        let format = |column: ColumnId, activity: &Activity| {
            let amount = amount_of(&activity.values[usize::from(column.0)]);
            let values: Vec<Decimal> = amount.iter().map(|amount| amount.from).collect();
            draft.format(false, &values, amount.and_then(|amount| amount.hedge))
        };
        let amounts = draft
            .evidence
            .amounts
            .iter()
            .map(|(column, _)| (*column, table.rows.iter().map(|activity| format(*column, activity)).collect()));
        let parts = draft.evidence.axes.iter().map(|axis| {
            let (of, at) = axis.of;
            let mut codes = vec![Cow::Borrowed(""); count];
            // Every indicator with the axis knows the parts of the activities that it counts.
            for (id, view) in &draft.views {
                let indicator = draft.indicator(*id);
                let own = |other: &Axis| (other.first, other.second) == axis.sides;
                let Some(own) = indicator.axes.iter().position(own) else { continue };
                for row in view.activities() {
                    codes[row.activity.0 as usize] = part_code(project, &draft.indicator(of).axes[at], row.keys[own]);
                }
            }
            codes
        });
        let marks = draft.evidence.of_kind(EvidenceKind::Activities).map(|(id, _)| {
            let mut counted = vec![false; count];
            draft.views[&id].activities().for_each(|row| counted[row.activity.0 as usize] = true);
            let distinct = match draft.indicator(id).calculation {
                Calculation::Distinct(DistinctColumn::Activity(column)) => Some(column),
                _ => None,
            };
            IndicatorRows { counted, distinct }
        });
        let titles = table
            .rows
            .iter()
            .map(|activity| draft.labels.each(|locale| draft.labels.in_language(&activity.title, locale)));
        ActivityRows {
            project,
            in_period: draft.evidence.activities.iter().map(|(day, _)| draft.period.contains(*day)).collect(),
            flag: draft.flag_format(),
            whole: draft.format(false, &[], None),
            languages: draft.labels.locales().len(),
            titles: titles.collect(),
            parts: parts.collect(),
            amounts: amounts.collect(),
            texts: draft.evidence.texts.iter().map(|(column, _)| *column).collect(),
            marks: marks.collect(),
            rows: draft.evidence.activities.clone(),
        }
    }
}

impl AnnexRows for ActivityRows<'_> {
    fn count(&self) -> u64 {
        self.rows.len() as u64
    }

    fn iter(&self) -> RowIter<'_> {
        let mut rows = self.rows.iter().zip(&self.in_period);
        let mut seen: Vec<[BTreeSet<String>; 2]> = self.marks.iter().map(|_| Default::default()).collect();
        Box::new(move |cells| {
            let Some((&(day, id), &in_period)) = rows.next() else { return false };
            let at = id.0 as usize;
            let activity = self.project.activities.get(id);
            cells.push(AnnexCell::text(self.project.activities.code(activity)));
            cells.extend((0..self.languages).map(|language| AnnexCell::text(self.titles[at][language].as_str())));
            cells.push(AnnexCell::Date(day));
            cells.push(flag_cell(in_period, self.flag));
            cells.extend(self.parts.iter().map(|codes| AnnexCell::text(&*codes[at])));
            for (column, formats) in &self.amounts {
                let amount = amount_of(&activity.values[usize::from(column.0)]);
                cells.push(amount.map_or(AnnexCell::Empty, |amount| AnnexCell::Number(amount.from, formats[at])));
            }
            for column in &self.texts {
                cells.push(AnnexCell::text(different_values(self.project, id, *column).join("; ")));
            }
            for (marks, seen) in self.marks.iter().zip(&mut seen) {
                let counts = marks.counted[at];
                let Some(column) = marks.distinct else {
                    cells.push(mark_cell(counts, self.whole));
                    continue;
                };
                let values = different_values(self.project, id, column);
                let [all, within] = seen;
                let new = |seen: &mut BTreeSet<String>, counts: bool| match counts {
                    false => AnnexCell::Empty,
                    true => {
                        let new = values.iter().filter(|value| seen.insert(value.to_string())).count();
                        AnnexCell::Number(Decimal::from(new), self.whole)
                    }
                };
                cells.push(new(all, counts));
                cells.push(new(within, counts && in_period));
            }
            cells.push(AnnexCell::text(source_text(self.project, activity.row)));
            true
        })
    }
}

fn amount_of(value: &Value) -> Option<Amount> {
    match value {
        Value::Number(amount) => Some(**amount),
        _ => None,
    }
}

/// The values of an activity that `distinct` counts.
fn different_values(project: &Project, id: ActivityId, column: ColumnId) -> Vec<Cow<'_, str>> {
    let entries = &project.activities.columns[usize::from(column.0)].entries;
    match &project.activities.get(id).values[usize::from(column.0)] {
        Value::Number(amount) => vec![amount.from.normalize().to_string().into()],
        Value::Date(day) => vec![day.to_string().into()],
        value => {
            let codes = value.categories().iter();
            codes.filter_map(|category| entries.get(category.0 as usize)).map(|entry| entry.code.into()).collect()
        }
    }
}
