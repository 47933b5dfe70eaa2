//! Values of axes over persons, which formulas count: each column in an order of its own, so that no row says anything of
//! anybody.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::super::annex_builder::AnnexBuilder;
use super::super::axis_labels;
use super::super::labels::ColumnList;
use super::super::sheet_plan::SheetSubject;
use super::super::workbook_model::{AnnexCell, AnnexColumnKind, AnnexRows, AnnexSheet, FormatId, RowIter, SheetRole};
use super::layout::{ValuesColumn, ValuesOf};
use super::{evidence_head, scope_label};
use crate::disclosure::{ReleasedEvidence, ValueRunKey};
use crate::indicators::Scope;
use crate::locale::Locale;
use crate::report::figures::part_code;

/// The sheet of values.
pub fn values_sheet<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let labels = &draft.labels;
    let mut columns = ColumnList::new(labels);
    for column in &draft.evidence.values {
        let is_number = matches!(column.of, ValuesOf::Sums(..));
        let kind = if is_number { AnnexColumnKind::Number } else { AnnexColumnKind::Key };
        columns.add_headed(column_headings(draft, column), kind);
    }
    let columns = columns.finish();
    let runs: Vec<CellRuns> = draft.evidence.values.iter().map(|column| column_runs(draft, column)).collect();
    let longest = draft.evidence.values.iter().map(|column| u64::from(column.rows)).max().unwrap_or_default();
    let mut head = evidence_head(draft, SheetSubject::AxisValues);
    if draft.evidence.values.iter().any(|column| matches!(column.of, ValuesOf::Sums(..))) {
        let number = |locale: &Locale| locale.label("workbook.number").to_owned();
        let line = |locale: &Locale| locale.phrase("workbook.about-sums", &[("number", &number(locale))]);
        head.extend(draft.labels.text_lines(line));
    }
    let rows = ValueRows { runs, longest };
    draft.table_sheet(SheetSubject::AxisValues, (SheetRole::Values, "values"), head, columns, 0, Box::new(rows))
}

/// "I14: sex, cumulative".
fn column_headings(draft: &AnnexBuilder, column: &ValuesColumn) -> Vec<String> {
    let indicator = draft.indicator(column.id);
    let (names, scope) = match column.of {
        ValuesOf::Axis(axis, scope) | ValuesOf::SumParts(axis, scope) | ValuesOf::Sums(axis, scope) => {
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
    let numbers = draft.labels.each(|locale| match column.of {
        ValuesOf::Sums(..) => format!(" ({})", locale.label("workbook.number")),
        ValuesOf::Axis(..) | ValuesOf::SumParts(..) | ValuesOf::Different(_) => String::new(),
    });
    let headings = names.iter().zip(scopes).zip(numbers);
    headings.map(|((name, scope), number)| format!("{}: {name}, {scope}{number}", indicator.code)).collect()
}

/// The content of a column, and how many cells it takes.
type CellRuns = Vec<(RunCell, u64)>;

enum RunCell {
    Code(String),
    Number(Decimal, FormatId),
}

fn column_runs(draft: &AnnexBuilder, column: &ValuesColumn) -> CellRuns {
    let Some(view) = draft.views.get(&column.id) else { return Vec::new() };
    match column.of {
        ValuesOf::Axis(axis, scope) => {
            let released = view.columns().into_iter().find(|released| (released.axis, released.scope) == (axis, scope));
            let runs = released.map(|released| released.runs).unwrap_or_default();
            runs.iter().map(|run| (run_code(draft, column, axis, run.key), run.count)).collect()
        }
        ValuesOf::SumParts(axis, scope) => {
            let sums = sums_of(view, axis, scope);
            sums.iter().map(|(key, _)| (run_code(draft, column, axis, *key), 1)).collect()
        }
        ValuesOf::Sums(axis, scope) => {
            let sums: Vec<Decimal> = sums_of(view, axis, scope).into_iter().map(|(_, sum)| sum).collect();
            let format = draft.format(false, &sums, None);
            sums.into_iter().map(|sum| (RunCell::Number(sum, format), 1)).collect()
        }
        ValuesOf::Different(_) => (1..=column.rows).map(|number| (RunCell::Code(number.to_string()), 1)).collect(),
    }
}

fn run_code(draft: &AnnexBuilder, column: &ValuesColumn, axis: usize, key: ValueRunKey) -> RunCell {
    let axis = &draft.indicator(column.id).axes[axis];
    RunCell::Code(match key {
        ValueRunKey::Part(key) => part_code(draft.project(), axis, key).into_owned(),
        ValueRunKey::Withheld => {
            let first = draft.labels.locales().first();
            first.map(|locale| locale.label("annex.withheld").to_owned()).unwrap_or_default()
        }
    })
}

fn sums_of(view: &ReleasedEvidence, axis: usize, scope: Scope) -> Vec<(ValueRunKey, Decimal)> {
    let found = view.part_sums().into_iter().find(|sums| (sums.axis, sums.scope) == (axis, scope));
    found.map(|found| found.sums).unwrap_or_default()
}

struct ValueRows {
    runs: Vec<CellRuns>,
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
        let codes = self.runs.iter().flatten().filter_map(|(cell, _)| match cell {
            RunCell::Code(code) => Some(code.as_str()),
            RunCell::Number(..) => None,
        });
        codes.collect()
    }
}

/// The next value of a column; empty where its scope has fewer than there are rows.
fn next_cell<'s>(runs: &'s [(RunCell, u64)], position: &mut (usize, u64)) -> AnnexCell<'s> {
    while let Some((cell, count)) = runs.get(position.0) {
        if position.1 < *count {
            position.1 += 1;
            return match cell {
                RunCell::Code(code) => AnnexCell::Text(Cow::Borrowed(code)),
                RunCell::Number(number, format) => AnnexCell::Number(*number, *format),
            };
        }
        *position = (position.0 + 1, 0);
    }
    AnnexCell::Empty
}
