//! A tracking table: a column for each period, with targets and actual values. Each cell that is filled is a row.

use std::sync::Arc;

use super::wide_heads::{HeadCandidate, joined};
use super::{SheetShape, find_candidates};
use crate::diagnostic::{Problem, kinds, nearest};
use crate::fold;
use crate::ingest::cell;
use crate::ingest::layout::{ColumnMappings, SheetHead, TableLayout};
use crate::ingest::raw_row::{Raw, RawCell, RawRow};
use crate::ingest::settings::{PeriodHeads, periods};
use crate::ingest::table::{TableReader, TableSheet};
use crate::model::Settings;

/// The columns of periods of a sheet.
#[derive(Clone, Debug)]
pub struct PeriodColumns {
    plan: PeriodHeads,
    candidates: Vec<HeadCandidate>,
    heads: Vec<PeriodHead>,
    /// The added columns of the period and of its value.
    period: u32,
    value: u32,
}

/// The heading of a period's column.
#[derive(Clone, Debug)]
struct PeriodHead {
    column: u32,
    /// As it is written.
    text: String,
    /// The period's code, or what stands in its place.
    period: String,
}

impl PeriodColumns {
    pub(super) fn new(
        plan: PeriodHeads,
        (period, value): (u32, u32),
        layout: &TableLayout,
        head: &SheetHead<'static>,
        mapping: &ColumnMappings,
    ) -> PeriodColumns {
        let candidates = find_candidates(layout, head, mapping, None);
        PeriodColumns { plan, candidates, heads: Vec::new(), period, value }
    }

    /// The heading of a period's column.
    pub(super) fn heading(&self, column: u32) -> Option<&str> {
        let at = self.heads.binary_search_by_key(&column, |head| head.column).ok()?;
        Some(&self.heads[at].text)
    }

    /// The columns of periods, rising.
    pub(super) fn columns(&self) -> Vec<u32> {
        self.heads.iter().map(|head| head.column).collect()
    }

    /// Gives `take` a row for each period that a row has a value for. `base` is the row without them.
    pub fn expand<'r>(&'r self, raw: &'r RawRow<'r>, mut base: RawRow<'r>, mut take: impl FnMut(&RawRow)) {
        let own = base.cells.len();
        for head in &self.heads {
            let Some(cell) = raw.cell(head.column).filter(|cell| !is_blank(cell)) else { continue };
            base.cells.truncate(own);
            base.cells.push(RawCell::new(self.period, Raw::Text(head.period.as_str().into())));
            base.cells.push(RawCell { column: self.value, ..cell.borrowed() });
            base.made_of = Some(head.column);
            take(&base);
        }
    }
}

fn is_blank(cell: &RawCell) -> bool {
    matches!(cell::read_text(Some(cell)), Ok(None))
}

/// Finds the columns of periods of a sheet. The columns leave the sheet's layout.
pub fn resolve_periods(sheet: &mut TableSheet, table: &mut TableReader, settings: &Settings) {
    let Some(shape) = sheet.shape.as_deref().cloned() else { return };
    let Some(mut columns) = shape.periods.clone() else { return };
    let candidates = std::mem::take(&mut columns.candidates);
    columns.heads = match &columns.plan {
        PeriodHeads::Pattern(pattern) => {
            let heads = candidates.iter().filter_map(|candidate| {
                let period = spellings(candidate).iter().find_map(|text| match_pattern(pattern, text, settings))?;
                Some(head_of(candidate, period))
            });
            heads.collect()
        }
        PeriodHeads::Named(named) => {
            let mut heads = Vec::new();
            for (period, heading, place) in named {
                let key = fold::heading_key(heading);
                let is_meant =
                    |candidate: &&HeadCandidate| spellings(candidate).iter().any(|text| fold::heading_key(text) == key);
                match candidates.iter().find(is_meant) {
                    Some(candidate) => heads.push(head_of(candidate, period.clone())),
                    None => {
                        let known: Vec<&str> = candidates.iter().map(|candidate| candidate.text.as_str()).collect();
                        let nearest = nearest(heading, known.iter().copied()).map(str::to_owned);
                        let (heading, known) = (heading.clone(), known.join(", "));
                        let missing = kinds::MissingHeading { heading, known, nearest };
                        table.report(Problem::error(missing).at(place.clone()));
                    }
                }
            }
            heads.sort_by_key(|head| head.column);
            heads
        }
    };
    if let (true, PeriodHeads::Pattern(pattern)) = (columns.heads.is_empty(), &columns.plan) {
        let place = crate::diagnostic::Place::sheet(&sheet.file, sheet.sheet_name.as_deref());
        table.report(Problem::error(kinds::NoPeriodColumns { pattern: pattern.clone() }).at(place));
    }
    let own = columns.columns();
    sheet.layout.columns.retain(|column| !own.contains(&column.column));
    sheet.shape = Some(Arc::new(SheetShape { periods: Some(columns), ..shape }));
}

fn head_of(candidate: &HeadCandidate, period: String) -> PeriodHead {
    let text = joined(candidate).unwrap_or_else(|| candidate.text.clone());
    PeriodHead { column: candidate.column, text, period }
}

/// A heading with the one above it, which may stand before or behind it, then alone.
fn spellings(candidate: &HeadCandidate) -> Vec<String> {
    let both = candidate
        .above
        .as_ref()
        .map(|above| [format!("{above} {}", candidate.text), format!("{} {above}", candidate.text)]);
    both.into_iter().flatten().chain([candidate.text.clone()]).collect()
}

/// The period that a heading names where the pattern has `{period}`: its code, or what stands there and is no period though
/// it has a digit.
fn match_pattern(pattern: &str, heading: &str, settings: &Settings) -> Option<String> {
    let (before, behind) = pattern.split_once("{period}")?;
    let (before, behind, heading) = (fold::heading_key(before), fold::heading_key(behind), fold::heading_key(heading));
    let named = heading.strip_prefix(&before)?.strip_suffix(&behind)?.trim();
    let (rules, start, end) = (&settings.periods, settings.start, settings.end);
    let code = named.replace(' ', "-");
    let known = periods::resolve_code(&code, rules, start, end).map(|period| period.code);
    let known = known.or_else(|| periods::suggest_code(named, rules, start, end));
    known.or_else(|| named.contains(|c: char| c.is_ascii_digit()).then(|| named.to_owned()))
}
