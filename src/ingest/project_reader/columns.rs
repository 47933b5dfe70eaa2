//! What is wrong with the columns of a table as a whole, once the indicators say which columns they use.

use std::collections::{BTreeMap, BTreeSet};

use super::tables::TablesReader;
use crate::diagnostic::{Place, Problem, cell_name, kinds, nearest};
use crate::fold;
use crate::ingest::conditions::ColumnUsage;
use crate::ingest::layout::{LayoutColumn, TableKind};
use crate::ingest::lists::ListIndex;
use crate::ingest::settings::TablePlan;
use crate::ingest::table::TableSheet;
use crate::model::Lang;

/// A column across the sheets of a table: its key and language.
type ColumnKey = (String, Option<Lang>);

impl TablesReader<'_> {
    /// Reports lists that columns of project.toml name and nobody describes.
    pub(super) fn report_unknown_lists(&self, lists: &ListIndex) {
        let options = self.file.plans.iter().flat_map(|plan| plan.options.columns.values());
        for (list, place) in options.filter_map(|options| options.list.as_ref()) {
            if lists.position(list).is_none() {
                let known = lists.lists.lists.iter().map(|list| list.name.as_str());
                let nearest = nearest(list, known).map(str::to_owned);
                self.report(Problem::error(kinds::UnknownList { value: list.clone(), nearest }).at(place.clone()));
            }
        }
    }

    /// Warns of the project's own lists that no column takes its values from. A form's choices are all of its questions'.
    pub(super) fn report_unused_lists(&self, lists: &ListIndex) {
        let is_form = |plan: &TablePlan| plan.kind == TableKind::Lists && plan.shape.is_xlsform;
        if !self.tables.broken.is_empty() || self.file.plans.iter().any(is_form) {
            return;
        }
        let options = self.file.plans.iter().flat_map(|plan| plan.options.columns.values());
        let named = options.filter_map(|options| lists.position(&options.list.as_ref()?.0));
        let mut used: BTreeSet<usize> = named.collect();
        let counts = self.file.plans.iter().flat_map(|plan| &plan.shape.counts);
        let sides = counts.flat_map(|counts| &counts.parts).flat_map(|part| &part.values);
        used.extend(sides.filter_map(|value| lists.for_persons(&value.side)));
        let mut columns: BTreeSet<String> = BTreeSet::new();
        for kind in [TableKind::Activities, TableKind::Participants, TableKind::Attendance] {
            for column in self.tables.sheets(kind).into_iter().flat_map(|sheet| sheet.layout.columns) {
                used.extend(match kind {
                    TableKind::Activities => lists.for_activities(&column.name),
                    _ => lists.for_persons(&column.name),
                });
                columns.insert(column.name);
            }
        }
        for (list, place) in lists.own_lists().filter(|(list, _)| !used.contains(list)) {
            let value = lists.list(list).name.clone();
            let nearest = nearest(&value, columns.iter().map(String::as_str)).map(str::to_owned);
            self.report(Problem::warning(kinds::UnusedList { value, nearest }).at(place.clone()));
        }
    }

    /// Warns of columns that only some of a table's sheets have.
    pub(super) fn report_partial_columns(&self, usage: &ColumnUsage) {
        for kind in TableKind::ALL {
            let sheets = self.tables.sheets(kind);
            let mut having: BTreeMap<ColumnKey, Vec<usize>> = BTreeMap::new();
            for (at, sheet) in sheets.iter().enumerate() {
                let read = sheet.layout.columns.iter().filter(|column| column.listed || usage.is_used(&column.name));
                let keys: BTreeSet<ColumnKey> = read.map(column_key).collect();
                keys.into_iter().for_each(|key| having.entry(key).or_default().push(at));
            }
            for (key, having) in having.into_iter().filter(|(_, having)| having.len() < sheets.len()) {
                self.report(partial_column(kind, &key, &sheets, &having));
            }
        }
    }

    /// Reports columns of one's own with the same heading, of which an indicator could mean either.
    pub(super) fn report_doubled_headings(&self, usage: &ColumnUsage) {
        for kind in [TableKind::Activities, TableKind::Participants, TableKind::Attendance] {
            for sheet in self.tables.sheets(kind) {
                let mut by_key: BTreeMap<String, Vec<&LayoutColumn>> = BTreeMap::new();
                for column in sheet.layout.columns.iter().filter(|column| !column.listed && usage.is_used(&column.name))
                {
                    by_key.entry(fold::heading_key(&column.name)).or_default().push(column);
                }
                for columns in by_key.into_values().filter(|columns| columns.len() > 1) {
                    self.report(doubled_heading(&sheet, &columns));
                }
            }
        }
    }
}

fn column_key(column: &LayoutColumn) -> ColumnKey {
    let name = if column.listed { column.name.clone() } else { fold::heading_key(&column.name) };
    (name, column.lang.clone())
}

/// The warning about a column that only the sheets `having` have, at each of the others.
fn partial_column(kind: TableKind, key: &ColumnKey, sheets: &[TableSheet], having: &[usize]) -> Problem {
    let describe = |sheet: &TableSheet| match &sheet.sheet_name {
        Some(name) => format!("{}, {name}", sheet.file),
        None => sheet.file.clone(),
    };
    let find = |at: &usize| sheets[*at].layout.columns.iter().find(|column| column_key(column) == *key);
    let heading = having.first().and_then(find).map(|column| column.heading.clone()).unwrap_or_default();
    let has = having.iter().map(|at| describe(&sheets[*at])).collect::<Vec<_>>().join("; ");
    let lacking: Vec<&TableSheet> =
        sheets.iter().enumerate().filter(|(at, _)| !having.contains(at)).map(|(_, sheet)| sheet).collect();
    let lacks = lacking.iter().map(|sheet| describe(sheet)).collect::<Vec<_>>().join("; ");
    let problem = match (kind, key.0.as_str()) {
        (TableKind::Activities, "status") => kinds::PartialColumn::Status { column: heading, has, lacks },
        _ => kinds::PartialColumn::Plain { column: heading, has, lacks },
    };
    let places = lacking.iter().map(|sheet| Place::sheet(&sheet.file, sheet.sheet_name.as_deref()));
    places.fold(Problem::warning(problem), Problem::at)
}

fn doubled_heading(sheet: &TableSheet, columns: &[&LayoutColumn]) -> Problem {
    let name = |column: &&LayoutColumn| format!("`{}` ({})", column.heading, cell_name(column.row, column.column));
    let doubled = kinds::DoubledColumn::Own {
        column: columns[0].heading.clone(),
        headings: columns.iter().map(name).collect::<Vec<_>>().join(", "),
    };
    let places = columns.iter().map(|column| sheet.place(column.row, column.column));
    places.fold(Problem::error(doubled), Problem::at)
}
