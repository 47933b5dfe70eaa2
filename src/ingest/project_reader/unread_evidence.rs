//! Columns of ticks or counts that nothing reads, though a heading says of which day, period or session they are: evidence
//! that would be lost without a word.

use std::collections::{BTreeMap, BTreeSet};

use super::tables::TablesReader;
use crate::diagnostic::{Place, Problem, Severity, kinds};
use crate::fold;
use crate::ingest::cell;
use crate::ingest::conditions::ColumnUsage;
use crate::ingest::layout::{LayoutColumn, TableKind};
use crate::ingest::raw_row::{Raw, RawCell};
use crate::ingest::settings::periods;
use crate::ingest::shapes::{names_day, names_session};
use crate::ingest::table::TableSheet;
use crate::ingest::workbook::Projection;

/// Fewest cells of a column that are evidence.
const FEWEST_CELLS: u64 = 3;

/// Ticks, folded.
const TICKS: [&str; 10] = ["✓", "✔", "x", "+", "да", "не", "yes", "no", "p", "a"];

#[derive(Clone, Copy, Default)]
struct EvidenceTally {
    filled: u64,
    evidence: u64,
}

impl TablesReader<'_> {
    /// Reports columns of ticks or counts that nothing reads: as an error, or as a warning where their table reads others.
    pub(super) fn report_unread_evidence(&mut self, usage: &ColumnUsage) {
        let all: Vec<(TableKind, TableSheet)> = TableKind::ALL
            .into_iter()
            .flat_map(|kind| self.tables.sheets(kind).into_iter().map(move |sheet| (kind, sheet)))
            .collect();
        let mut read: BTreeMap<(usize, usize), BTreeSet<u32>> = BTreeMap::new();
        for (kind, sheet) in &all {
            let mapped = self.file.plans.iter().find(|plan| plan.kind == *kind).map(|plan| &plan.columns);
            let is_read = |column: &&LayoutColumn| {
                column.listed
                    || usage.is_used(&column.name)
                    || mapped.is_some_and(|mapped| mapped.contains_key(&column.name))
            };
            let columns = sheet.layout.columns.iter().filter(is_read).map(|column| column.column);
            let of_shape = sheet.shape.iter().flat_map(|shape| shape.own_columns());
            read.entry((sheet.book, sheet.sheet)).or_default().extend(columns.chain(of_shape));
        }
        let mut reported: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (kind, sheet) in all {
            let at = (sheet.book, sheet.sheet);
            if !reported.insert(at) {
                continue;
            }
            let known = &read[&at];
            let free: Vec<LayoutColumn> = sheet
                .layout
                .columns
                .iter()
                .filter(|column| !known.contains(&column.column) && self.names_time(column))
                .cloned()
                .collect();
            if free.is_empty() {
                continue;
            }
            let tallies = self.tally_evidence(&sheet, &free);
            let is_evidence = |column: &&LayoutColumn| {
                let tally = tallies.get(&column.column).copied().unwrap_or_default();
                tally.evidence >= FEWEST_CELLS && tally.evidence * 10 >= tally.filled * 9
            };
            let unread: Vec<&LayoutColumn> = free.iter().filter(is_evidence).collect();
            let Some(first) = unread.first() else { continue };
            let reads_others = sheet.shape.as_ref().is_some_and(|shape| !shape.own_columns().is_empty());
            let severity = if reads_others { Severity::Warning } else { Severity::Error };
            // The table that such columns are rows of, which need not be the one that the sheet holds.
            let (table, layout) = match kind {
                TableKind::Attendance | TableKind::Participants => (TableKind::Attendance, "wide"),
                TableKind::Targets => (TableKind::Targets, "periods"),
                _ => (TableKind::Reported, "periods"),
            };
            let evidence = kinds::UnreadEvidence {
                heading: first.heading.clone(),
                columns: unread.len().to_string(),
                table: table.name().to_owned(),
                layout: layout.to_owned(),
            };
            let places = unread
                .iter()
                .map(|column| Place::cell(&sheet.file, sheet.sheet_name.as_deref(), column.row, column.column));
            self.report(places.fold(Problem::new(severity, evidence), Problem::at));
        }
    }

    /// Whether a heading, or it with the one above it, is a day, a period or a session.
    fn names_time(&self, column: &LayoutColumn) -> bool {
        let texts =
            [Some(column.heading.clone()), column.above.as_ref().map(|above| format!("{above} {}", column.heading))];
        texts.into_iter().flatten().any(|text| names_day(&text) || names_session(&text) || self.names_period(&text))
    }

    /// Whether a heading has a period in it: `Q1 2026 Target`, `2026-03`.
    fn names_period(&self, heading: &str) -> bool {
        let settings = &self.file.settings;
        let key = fold::heading_key(heading);
        let words: Vec<&str> = key.split(' ').collect();
        let is_period = |text: &str| {
            let code = text.replace(' ', "-");
            periods::resolve_code(&code, &settings.periods, settings.start, settings.end).is_some()
                || periods::suggest_code(text, &settings.periods, settings.start, settings.end).is_some()
        };
        let is_quarter =
            |word: &&str| word.len() == 2 && word.starts_with(['q', 't']) && word.ends_with(['1', '2', '3', '4']);
        words.windows(2).any(|pair| is_period(&pair.join(" "))) || words.iter().any(is_quarter) || is_period(&key)
    }

    fn tally_evidence(&mut self, sheet: &TableSheet, columns: &[LayoutColumn]) -> BTreeMap<u32, EvidenceTally> {
        let mut tallies: BTreeMap<u32, EvidenceTally> = BTreeMap::new();
        let wanted: Vec<u32> = columns.iter().map(|column| column.column).collect();
        self.tables.scan_rows(sheet, Projection::Columns(wanted.clone()), |row| {
            for cell in row.cells.iter().filter(|cell| !cell.merged && wanted.contains(&cell.column)) {
                let tally = tallies.entry(cell.column).or_default();
                tally.filled += 1;
                tally.evidence += u64::from(is_evidence(cell));
            }
        });
        tallies
    }
}

fn is_evidence(cell: &RawCell) -> bool {
    match &cell.raw {
        Raw::Number(_) => true,
        Raw::Text(text) => {
            let text = cell::clean(text);
            let key = fold::code_key(&text);
            TICKS.iter().any(|tick| fold::code_key(tick) == key) || matches!(cell::read_amount(Some(cell)), Ok(Some(_)))
        }
        _ => false,
    }
}
