use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::super::draft::Draft;
use super::super::rules::{self, PartWords};
use super::super::view::{Cell, FormatId, Rows, Walk};
use super::Layout;
use crate::disclosure::{ReleasedEvidence, ReleasedRow, ValueRunKey};
use crate::model::{Calculation, DistinctColumn, IndicatorId, Project, RowRef, Value};

/// Rows of persons or attendances, and beside them the values of each axis in an order of their own.
pub struct PersonRows<'a> {
    project: &'a Project,
    view: ReleasedEvidence<'a>,
    layout: Layout,
    flag: FormatId,
    whole: FormatId,
    apart: Apart,
}

/// Columns in an order of their own, behind a gap: labels of an axis's values and how often each occurs.
struct Apart {
    runs: Vec<Vec<(String, u64)>>,
    /// Of the longest.
    rows: u64,
}

impl Apart {
    fn new(draft: &Draft, id: IndicatorId, layout: &Layout, view: &ReleasedEvidence) -> Apart {
        let mut by_column: BTreeMap<u16, Vec<(String, u64)>> = BTreeMap::new();
        for column in view.columns() {
            let words = PartWords::new(draft, id, column.axis);
            let labelled = |key: &ValueRunKey| match key {
                ValueRunKey::Part(key) => words.label(*key),
                ValueRunKey::Withheld => draft.words.label("annex.withheld"),
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
        Apart { runs, rows }
    }

    fn labels(&self) -> impl Iterator<Item = &str> {
        self.runs.iter().flatten().map(|(label, _)| label.as_str())
    }

    fn start(&self) -> Vec<(usize, u64)> {
        vec![(0, 0); self.runs.len()]
    }

    /// Appends the columns' next cells behind the gap.
    fn push<'s>(&'s self, cells: &mut Vec<Cell<'s>>, places: &mut [(usize, u64)]) {
        if !self.runs.is_empty() {
            cells.push(Cell::Empty);
        }
        for (runs, place) in self.runs.iter().zip(places) {
            cells.push(next_of_runs(runs, place));
        }
    }
}

impl<'a> PersonRows<'a> {
    pub fn new(draft: &Draft<'a>, id: IndicatorId, layout: Layout, view: ReleasedEvidence<'a>) -> PersonRows<'a> {
        PersonRows {
            project: draft.project(),
            flag: draft.flag_format(),
            whole: draft.format(false, &[], None),
            apart: Apart::new(draft, id, &layout, &view),
            layout,
            view,
        }
    }
}

impl Rows for PersonRows<'_> {
    fn count(&self) -> u64 {
        self.view.row_count().max(self.apart.rows)
    }

    fn walk(&self) -> Walk<'_> {
        let mut rows = self.view.rows();
        let mut places = self.apart.start();
        let mut written = 0;
        let mut seen = BTreeSet::new();
        let mut seen_in_period = BTreeSet::new();
        Box::new(move |cells| {
            written += 1;
            let Some(row) = rows.next() else {
                cells.extend((0..=self.layout.source).map(|_| Cell::Empty));
                self.apart.push(cells, &mut places);
                return written <= self.apart.rows;
            };
            let pseudonym = row.pseudonym.clone().unwrap_or_default();
            let counts_persons = self.layout.value.is_some();
            let first = counts_persons && seen.insert(pseudonym.clone());
            let first_in_period = counts_persons && row.in_period && seen_in_period.insert(pseudonym.clone());
            cells.push(Cell::text(pseudonym));
            cells.push(Cell::text(self.project.activities.get(row.activity).id.as_str()));
            cells.push(Cell::Date(row.day));
            cells.push(flag(row.in_period, self.flag));
            if self.layout.served.is_some() {
                cells.push(flag(row.served, self.flag));
            }
            if counts_persons {
                cells.push(Cell::Number(Decimal::from(u8::from(first)), self.whole));
                cells.push(Cell::Number(Decimal::from(u8::from(first_in_period)), self.whole));
            }
            cells.push(Cell::text(source(self.project, row.row)));
            self.apart.push(cells, &mut places);
            true
        })
    }

    fn repeated(&self) -> Vec<&str> {
        self.apart.labels().collect()
    }
}

/// The next value of an axis; empty where its scope has fewer than there are rows.
fn next_of_runs<'s>(runs: &'s [(String, u64)], place: &mut (usize, u64)) -> Cell<'s> {
    while let Some((label, count)) = runs.get(place.0) {
        if place.1 < *count {
            place.1 += 1;
            return Cell::Text(Cow::Borrowed(label));
        }
        *place = (place.0 + 1, 0);
    }
    Cell::Empty
}

/// Rows of activities, with where each stands on the axes.
pub struct ActivityRows<'a> {
    project: &'a Project,
    view: ReleasedEvidence<'a>,
    calculation: Calculation,
    flag: FormatId,
    whole: FormatId,
    titles: Vec<String>,
    axes: Vec<PartWords>,
    /// Labels of the values that are counted (`distinct`).
    values: Vec<String>,
    /// Formats of the amounts by activity (`sum`, `reach`).
    formats: Vec<FormatId>,
    layout: Layout,
    apart: Option<Apart>,
}

impl<'a> ActivityRows<'a> {
    pub fn new(draft: &Draft<'a>, id: IndicatorId, layout: Layout, view: ReleasedEvidence<'a>) -> ActivityRows<'a> {
        let indicator = draft.indicator(id);
        let activities = &draft.project().activities;
        let values = match indicator.calculation {
            Calculation::Distinct(DistinctColumn::Activity(column)) => {
                rules::entry_labels(draft, &activities.columns[usize::from(column.0)])
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
            titles: activities.rows.iter().map(|activity| draft.words.text(&activity.title)).collect(),
            axes: (0..indicator.axes.len()).map(|axis| PartWords::new(draft, id, axis)).collect(),
            values,
            formats,
            apart: (!layout.aligned).then(|| Apart::new(draft, id, &layout, &view)),
            layout,
            view,
        }
    }

    /// The values of an activity that `distinct` tells apart.
    fn told_apart(&self, row: &ReleasedRow) -> Vec<Cow<'_, str>> {
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

impl Rows for ActivityRows<'_> {
    fn count(&self) -> u64 {
        self.view.row_count().max(self.apart.as_ref().map_or(0, |apart| apart.rows))
    }

    fn walk(&self) -> Walk<'_> {
        let mut rows = self.view.rows().zip(&self.formats);
        let mut places = self.apart.as_ref().map(Apart::start).unwrap_or_default();
        let mut written = 0;
        let mut seen = BTreeSet::new();
        let mut seen_in_period = BTreeSet::new();
        Box::new(move |cells| {
            written += 1;
            let Some((row, &format)) = rows.next() else {
                let Some(apart) = &self.apart else { return false };
                cells.extend((0..=self.layout.source).map(|_| Cell::Empty));
                apart.push(cells, &mut places);
                return written <= apart.rows;
            };
            let at = row.activity.0 as usize;
            cells.push(Cell::text(self.project.activities.get(row.activity).id.as_str()));
            cells.push(Cell::text(self.titles[at].as_str()));
            cells.push(Cell::Date(row.day));
            cells.push(flag(row.in_period, self.flag));
            match self.calculation {
                Calculation::Distinct(_) => {
                    let values = self.told_apart(&row);
                    let new = values.iter().filter(|value| seen.insert(value.to_string())).count();
                    let in_period = values.iter().filter(|_| row.in_period);
                    let new_in_period = in_period.filter(|value| seen_in_period.insert(value.to_string())).count();
                    cells.push(Cell::Number(Decimal::from(new), self.whole));
                    cells.push(Cell::Number(Decimal::from(new_in_period), self.whole));
                    cells.push(Cell::text(values.join("; ")));
                }
                Calculation::Sum(_) | Calculation::Reach(_) => {
                    let value = row.amount.map_or(Cell::Empty, |amount| Cell::Number(amount.from, format));
                    cells.push(value.clone());
                    cells.push(if row.in_period { value } else { Cell::Empty });
                }
                _ => {}
            }
            for (words, key) in self.axes.iter().zip(&row.keys) {
                cells.push(Cell::text(words.label(*key)));
            }
            cells.push(Cell::text(source(self.project, row.row)));
            if let Some(apart) = &self.apart {
                apart.push(cells, &mut places);
            }
            true
        })
    }

    fn repeated(&self) -> Vec<&str> {
        self.apart.iter().flat_map(Apart::labels).collect()
    }
}

pub fn flag(holds: bool, format: FormatId) -> Cell<'static> {
    Cell::Number(Decimal::from(u8::from(holds)), format)
}

/// `participants.xlsx, Attendance, 45`.
pub fn source(project: &Project, row: RowRef) -> String {
    let sheet = project.sources.get(row.sheet);
    match &sheet.sheet {
        Some(name) => format!("{}, {name}, {}", sheet.file, row.row),
        None => format!("{}, {}", sheet.file, row.row),
    }
}
