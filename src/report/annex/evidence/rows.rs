use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::super::annex_builder::AnnexBuilder;
use super::super::axis_labels::{self, PartLabels};
use super::super::workbook_model::{AnnexCell, AnnexRows, FormatId, RowIter};
use super::EvidenceLayout;
use crate::disclosure::{ReleasedEvidence, ReleasedRow, ValueRunKey};
use crate::model::{Calculation, DistinctColumn, IndicatorId, Project, RowRef, Value};

/// Rows of persons or attendances, and beside them the values of each axis in an order of their own.
pub struct PersonRows<'a> {
    project: &'a Project,
    view: ReleasedEvidence<'a>,
    layout: EvidenceLayout,
    flag: FormatId,
    whole: FormatId,
    separate: SeparateColumns,
}

/// Columns in an order of their own, behind a gap: labels of an axis's values and how often each occurs.
pub struct SeparateColumns {
    runs: Vec<Vec<(String, u64)>>,
    /// Of the longest.
    pub rows: u64,
}

impl SeparateColumns {
    pub fn new(
        draft: &AnnexBuilder,
        id: IndicatorId,
        layout: &EvidenceLayout,
        view: &ReleasedEvidence,
    ) -> SeparateColumns {
        let mut by_column: BTreeMap<u16, Vec<(String, u64)>> = BTreeMap::new();
        for column in view.columns() {
            let labels = PartLabels::new(draft, id, column.axis);
            let labelled = |key: &ValueRunKey| match key {
                ValueRunKey::Part(key) => labels.label(*key),
                ValueRunKey::Withheld => draft.labels.label("annex.withheld"),
            };
            let runs = column.runs.iter().map(|run| (labelled(&run.key), run.count)).collect();
            if let Some((at, _)) = layout.axes.get(&(column.axis, column.scope)) {
                by_column.insert(*at, runs);
            }
        }
        for (at, rows) in layout.values.values() {
            by_column.insert(*at, (1..=*rows).map(|number| (number.to_string(), 1)).collect());
        }
        let runs: Vec<Vec<(String, u64)>> = by_column.into_values().collect();
        let rows = runs.iter().map(|runs| runs.iter().map(|(_, count)| count).sum()).max().unwrap_or_default();
        SeparateColumns { runs, rows }
    }

    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.runs.iter().flatten().map(|(label, _)| label.as_str())
    }

    pub fn start_positions(&self) -> Vec<(usize, u64)> {
        vec![(0, 0); self.runs.len()]
    }

    /// Appends the columns' next cells behind the gap.
    pub fn push_cells<'s>(&'s self, cells: &mut Vec<AnnexCell<'s>>, positions: &mut [(usize, u64)]) {
        if !self.runs.is_empty() {
            cells.push(AnnexCell::Empty);
        }
        for (runs, position) in self.runs.iter().zip(positions) {
            cells.push(next_run_cell(runs, position));
        }
    }
}

impl<'a> PersonRows<'a> {
    pub fn new(
        draft: &AnnexBuilder<'a>,
        id: IndicatorId,
        layout: EvidenceLayout,
        view: ReleasedEvidence<'a>,
    ) -> PersonRows<'a> {
        PersonRows {
            project: draft.project(),
            flag: draft.flag_format(),
            whole: draft.format(false, &[], None),
            separate: SeparateColumns::new(draft, id, &layout, &view),
            layout,
            view,
        }
    }
}

impl AnnexRows for PersonRows<'_> {
    fn count(&self) -> u64 {
        self.view.row_count().max(self.separate.rows)
    }

    fn iter(&self) -> RowIter<'_> {
        let mut rows = self.view.rows();
        let mut positions = self.separate.start_positions();
        let mut written = 0;
        let mut seen = BTreeSet::new();
        let mut seen_in_period = BTreeSet::new();
        Box::new(move |cells| {
            written += 1;
            let Some(row) = rows.next() else {
                cells.extend((0..=self.layout.source).map(|_| AnnexCell::Empty));
                self.separate.push_cells(cells, &mut positions);
                return written <= self.separate.rows;
            };
            let pseudonym = row.pseudonym.clone().unwrap_or_default();
            let counts_persons = self.layout.value.is_some();
            let first = counts_persons && seen.insert(pseudonym.clone());
            let first_in_period = counts_persons && row.in_period && seen_in_period.insert(pseudonym.clone());
            cells.push(AnnexCell::text(pseudonym));
            cells.push(AnnexCell::text(self.project.activities.code_of(row.activity)));
            cells.push(AnnexCell::Date(row.day));
            cells.push(flag_cell(row.in_period, self.flag));
            if self.layout.served.is_some() {
                cells.push(flag_cell(row.served, self.flag));
            }
            if counts_persons {
                cells.push(AnnexCell::Number(Decimal::from(u8::from(first)), self.whole));
                cells.push(AnnexCell::Number(Decimal::from(u8::from(first_in_period)), self.whole));
            }
            cells.push(AnnexCell::text(source_text(self.project, row.row)));
            self.separate.push_cells(cells, &mut positions);
            true
        })
    }

    fn repeated_texts(&self) -> Vec<&str> {
        self.separate.labels().collect()
    }
}

/// The next value of an axis; empty where its scope has fewer than there are rows.
fn next_run_cell<'s>(runs: &'s [(String, u64)], position: &mut (usize, u64)) -> AnnexCell<'s> {
    while let Some((label, count)) = runs.get(position.0) {
        if position.1 < *count {
            position.1 += 1;
            return AnnexCell::Text(Cow::Borrowed(label));
        }
        *position = (position.0 + 1, 0);
    }
    AnnexCell::Empty
}

/// Rows of activities, each with its parts of the axes.
pub struct ActivityRows<'a> {
    project: &'a Project,
    view: ReleasedEvidence<'a>,
    calculation: Calculation,
    flag: FormatId,
    whole: FormatId,
    titles: Vec<String>,
    /// Of the axes that rows are told apart by, with their places among all.
    axes: Vec<(usize, PartLabels)>,
    /// Labels of the values that are counted (`distinct`).
    values: Vec<String>,
    /// Formats of the amounts by activity (`sum`, `reach`).
    formats: Vec<FormatId>,
    layout: EvidenceLayout,
    separate: Option<SeparateColumns>,
}

impl<'a> ActivityRows<'a> {
    pub fn new(
        draft: &AnnexBuilder<'a>,
        id: IndicatorId,
        layout: EvidenceLayout,
        view: ReleasedEvidence<'a>,
    ) -> ActivityRows<'a> {
        let indicator = draft.indicator(id);
        let activities = &draft.project().activities;
        let values = match indicator.calculation {
            Calculation::Distinct(DistinctColumn::Activity(column)) => {
                axis_labels::entry_labels(draft, &activities.columns[usize::from(column.0)])
            }
            _ => Vec::new(),
        };
        let formats = view
            .rows()
            .map(|row| {
                let values: Vec<Decimal> = row.amount.iter().map(|amount| amount.from).collect();
                draft.format(false, &values, row.amount.and_then(|amount| amount.hedge))
            })
            .collect();
        ActivityRows {
            project: draft.project(),
            calculation: indicator.calculation,
            flag: draft.flag_format(),
            whole: draft.format(false, &[], None),
            titles: activities.rows.iter().map(|activity| draft.labels.text(&activity.title)).collect(),
            axes: (0..indicator.axes.len())
                .filter(|axis| !indicator.axes[*axis].is_counted())
                .map(|axis| (axis, PartLabels::new(draft, id, axis)))
                .collect(),
            values,
            formats,
            separate: (!layout.aligned).then(|| SeparateColumns::new(draft, id, &layout, &view)),
            layout,
            view,
        }
    }

    /// The values of an activity that `distinct` tells apart.
    fn distinct_values(&self, row: &ReleasedRow) -> Vec<Cow<'_, str>> {
        let Calculation::Distinct(DistinctColumn::Activity(column)) = self.calculation else { return Vec::new() };
        match &self.project.activities.get(row.activity).values[usize::from(column.0)] {
            Value::Number(amount) => vec![amount.from.normalize().to_string().into()],
            Value::Date(day) => vec![day.to_string().into()],
            value => {
                let categories = value.categories().iter();
                categories.map(|category| self.values[category.0 as usize].as_str().into()).collect()
            }
        }
    }
}

impl AnnexRows for ActivityRows<'_> {
    fn count(&self) -> u64 {
        self.view.row_count().max(self.separate.as_ref().map_or(0, |separate| separate.rows))
    }

    fn iter(&self) -> RowIter<'_> {
        let mut rows = self.view.rows().zip(&self.formats);
        let mut positions = self.separate.as_ref().map(SeparateColumns::start_positions).unwrap_or_default();
        let mut written = 0;
        let mut seen = BTreeSet::new();
        let mut seen_in_period = BTreeSet::new();
        Box::new(move |cells| {
            written += 1;
            let Some((row, &format)) = rows.next() else {
                let Some(separate) = &self.separate else { return false };
                cells.extend((0..=self.layout.source).map(|_| AnnexCell::Empty));
                separate.push_cells(cells, &mut positions);
                return written <= separate.rows;
            };
            let at = row.activity.0 as usize;
            cells.push(AnnexCell::text(self.project.activities.code_of(row.activity)));
            cells.push(AnnexCell::text(self.titles[at].as_str()));
            cells.push(AnnexCell::Date(row.day));
            cells.push(flag_cell(row.in_period, self.flag));
            match self.calculation {
                Calculation::Distinct(_) => {
                    let values = self.distinct_values(&row);
                    let new = values.iter().filter(|value| seen.insert(value.to_string())).count();
                    let in_period = values.iter().filter(|_| row.in_period);
                    let new_in_period = in_period.filter(|value| seen_in_period.insert(value.to_string())).count();
                    cells.push(AnnexCell::Number(Decimal::from(new), self.whole));
                    cells.push(AnnexCell::Number(Decimal::from(new_in_period), self.whole));
                    cells.push(AnnexCell::text(values.join("; ")));
                }
                Calculation::Sum(_) | Calculation::Reach(_) => {
                    let value = row.amount.map_or(AnnexCell::Empty, |amount| AnnexCell::Number(amount.from, format));
                    cells.push(value.clone());
                    cells.push(if row.in_period { value } else { AnnexCell::Empty });
                }
                _ => {}
            }
            for (axis, labels) in &self.axes {
                cells.push(AnnexCell::text(labels.label(row.keys[*axis])));
            }
            cells.push(AnnexCell::text(source_text(self.project, row.row)));
            if let Some(separate) = &self.separate {
                separate.push_cells(cells, &mut positions);
            }
            true
        })
    }

    fn repeated_texts(&self) -> Vec<&str> {
        self.separate.iter().flat_map(SeparateColumns::labels).collect()
    }
}

pub fn flag_cell(holds: bool, format: FormatId) -> AnnexCell<'static> {
    AnnexCell::Number(Decimal::from(u8::from(holds)), format)
}

/// `participants.xlsx, Attendance, 45`.
pub fn source_text(project: &Project, row: RowRef) -> String {
    let sheet = project.sources.get(row.sheet);
    match &sheet.sheet {
        Some(name) => format!("{}, {name}, {}", sheet.file, row.spot()),
        None => format!("{}, {}", sheet.file, row.spot()),
    }
}
