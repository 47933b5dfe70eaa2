//! Values of axes over persons, which formulas count: each column in an order of its own, so that no row says anything of
//! anybody.

use std::borrow::Cow;

use super::super::annex_builder::AnnexBuilder;
use super::super::axis_labels;
use super::super::labels::ColumnList;
use super::super::sheet_plan::SheetSubject;
use super::super::workbook_model::{AnnexCell, AnnexColumnKind, AnnexRows, AnnexSheet, RowIter, SheetRole};
use super::layout::{ValuesColumn, ValuesOf};
use super::{evidence_head, scope_label};
use crate::disclosure::ValueRunKey;
use crate::indicators::Scope;
use crate::report::figures::part_code;

/// The sheet of values.
pub fn values_sheet<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let labels = &draft.labels;
    let mut columns = ColumnList::new(labels);
    for column in &draft.evidence.values {
        columns.add_headed(column_headings(draft, column), AnnexColumnKind::Key);
    }
    let columns = columns.finish();
    let runs: Vec<CodeRuns> = draft.evidence.values.iter().map(|column| column_runs(draft, column)).collect();
    let longest = draft.evidence.values.iter().map(|column| u64::from(column.rows)).max().unwrap_or_default();
    let head = evidence_head(draft, SheetSubject::AxisValues);
    let rows = ValueRows { runs, longest };
    draft.table_sheet(SheetSubject::AxisValues, (SheetRole::Values, "values"), head, columns, 0, Box::new(rows))
}

/// "I14: sex, cumulative".
fn column_headings(draft: &AnnexBuilder, column: &ValuesColumn) -> Vec<String> {
    let indicator = draft.indicator(column.id);
    let (names, scope) = match column.of {
        ValuesOf::Axis(axis, scope) => {
            let axis = &indicator.axes[axis];
            let first = axis_labels::side_names(draft, axis.first);
            let names = match axis.second.map(|side| axis_labels::side_names(draft, side)) {
                Some(second) => first.iter().zip(second).map(|(first, second)| format!("{first} × {second}")).collect(),
                None => first,
            };
            (names, scope)
        }
        ValuesOf::Different(scope) => (draft.labels.each_label("workbook.different-values"), scope),
    };
    let scopes = draft.labels.each(|locale| {
        let all = std::iter::once(scope).chain(column.also.iter().copied());
        all.map(|scope| locale.label(scope_label(scope))).collect::<Vec<&str>>().join(" · ")
    });
    names.iter().zip(scopes).map(|(name, scope)| format!("{}: {name}, {scope}", indicator.code)).collect()
}

/// Codes of parts and how often each occurs.
type CodeRuns = Vec<(String, u64)>;

fn column_runs(draft: &AnnexBuilder, column: &ValuesColumn) -> CodeRuns {
    match column.of {
        ValuesOf::Axis(axis, scope) => axis_runs(draft, column, axis, scope),
        ValuesOf::Different(_) => (1..=column.rows).map(|number| (number.to_string(), 1)).collect(),
    }
}

fn axis_runs(draft: &AnnexBuilder, column: &ValuesColumn, axis: usize, scope: Scope) -> CodeRuns {
    let Some(view) = draft.views.get(&column.id) else { return Vec::new() };
    let released = view.columns().into_iter().find(|released| (released.axis, released.scope) == (axis, scope));
    let withheld =
        || draft.labels.locales().first().map(|locale| locale.label("annex.withheld").to_owned()).unwrap_or_default();
    let code = |key: ValueRunKey| match key {
        ValueRunKey::Part(key) => part_code(draft.project(), &draft.indicator(column.id).axes[axis], key).into_owned(),
        ValueRunKey::Withheld => withheld(),
    };
    released.map(|released| released.runs.iter().map(|run| (code(run.key), run.count)).collect()).unwrap_or_default()
}

struct ValueRows {
    runs: Vec<CodeRuns>,
    /// Of the longest column.
    longest: u64,
}

impl AnnexRows for ValueRows {
    fn count(&self) -> u64 {
        self.longest
    }

    fn iter(&self) -> RowIter<'_> {
        let mut positions = vec![(0, 0); self.runs.len()];
        let mut written = 0;
        Box::new(move |cells| {
            written += 1;
            cells.extend(self.runs.iter().zip(&mut positions).map(|(runs, position)| next_cell(runs, position)));
            written <= self.longest
        })
    }

    fn repeated_texts(&self) -> Vec<&str> {
        self.runs.iter().flatten().map(|(code, _)| code.as_str()).collect()
    }
}

/// The next value of a column; empty where its scope has fewer than there are rows.
fn next_cell<'s>(runs: &'s [(String, u64)], position: &mut (usize, u64)) -> AnnexCell<'s> {
    while let Some((code, count)) = runs.get(position.0) {
        if position.1 < *count {
            position.1 += 1;
            return AnnexCell::Text(Cow::Borrowed(code));
        }
        *position = (position.0 + 1, 0);
    }
    AnnexCell::Empty
}
