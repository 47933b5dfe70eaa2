//! A tracking table: a column for each period, with targets and actual values. Each cell that is filled is a row.

use std::sync::Arc;

use super::share_columns::{ShareColumns, check_share};
use super::wide_heads::{HeadCandidate, joined};
use super::{SheetShape, find_candidates};
use crate::diagnostic::{Place, Problem, kinds, nearest};
use crate::fold;
use crate::ingest::cell;
use crate::ingest::layout::{ColumnMappings, SheetHead, TableLayout};
use crate::ingest::raw_row::{Raw, RawCell, RawRow};
use crate::ingest::settings::{PeriodHeads, PeriodsPlan, periods};
use crate::ingest::table::{TableReader, TableSheet};
use crate::model::Settings;

/// The columns of periods of a sheet.
#[derive(Clone, Debug)]
pub struct PeriodColumns {
    plan: PeriodsPlan,
    candidates: Vec<HeadCandidate>,
    heads: Vec<PeriodHead>,
    shares: Vec<ShareColumns>,
    /// The added columns of the period and of its value.
    period: u32,
    value: u32,
}

/// What a row of periods gives, one by one.
pub enum PeriodRow<'r> {
    /// A row of the table.
    Row(&'r RawRow<'r>),
    /// A share that isn't what its value and target give: the column, and the problem.
    WrongShare(u32, Box<Problem>),
}

/// The heading of a period's column.
#[derive(Clone, Debug)]
struct PeriodHead {
    column: u32,
    /// As it is written.
    text: String,
    /// The period's code, or the text in its place.
    period: String,
}

impl PeriodColumns {
    pub(super) fn new(
        plan: PeriodsPlan,
        (period, value): (u32, u32),
        layout: &TableLayout,
        head: &SheetHead<'static>,
        mapping: &ColumnMappings,
    ) -> PeriodColumns {
        let candidates = find_candidates(layout, head, mapping, None);
        PeriodColumns { plan, candidates, heads: Vec::new(), shares: Vec::new(), period, value }
    }

    /// The heading of a period's column.
    pub(super) fn heading(&self, column: u32) -> Option<&str> {
        let own = self.heads.iter().find(|head| head.column == column).map(|head| head.text.as_str());
        own.or_else(|| Some(self.shares.iter().find(|share| share.share == column)?.text.as_str()))
    }

    /// The columns of periods, of shares and of what they are held against, rising.
    pub(super) fn columns(&self) -> Vec<u32> {
        let of_shares = self.shares.iter().flat_map(|share| [share.share, share.target]);
        let mut columns: Vec<u32> = self.heads.iter().map(|head| head.column).chain(of_shares).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Gives `take` a row for each period that a row has a value for, and each share that is wrong. `base` is the row
    /// without them.
    pub fn expand<'r>(&'r self, raw: &'r RawRow<'r>, mut base: RawRow<'r>, mut take: impl FnMut(PeriodRow)) {
        let own = base.cells.len();
        for head in &self.heads {
            let Some(cell) = raw.cell(head.column).filter(|cell| !is_blank(cell)) else { continue };
            base.cells.truncate(own);
            base.cells.push(RawCell::new(self.period, Raw::Text(head.period.as_str().into())));
            base.cells.push(RawCell { column: self.value, ..cell.borrowed() });
            base.made_of = Some(head.column);
            take(PeriodRow::Row(&base));
        }
        for share in &self.shares {
            if let Some(problem) = check_share(raw, share) {
                take(PeriodRow::WrongShare(share.share, problem));
            }
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
    columns.heads = find_heads(&columns.plan.values, &candidates, settings, table);
    if let (true, PeriodHeads::Pattern(pattern)) = (columns.heads.is_empty(), &columns.plan.values) {
        let place = Place::sheet(&sheet.file, sheet.sheet_name.as_deref());
        table.report(Problem::error(kinds::NoPeriodColumns { pattern: pattern.clone() }).at(place));
    }
    if let Some(plan) = columns.plan.shares.clone() {
        let targets = find_heads(&plan.targets, &candidates, settings, table);
        let column_of =
            |heads: &[PeriodHead], period: &str| Some(heads.iter().find(|head| head.period == period)?.column);
        let shares = find_heads(&plan.shares, &candidates, settings, table).into_iter().filter_map(|share| {
            let (value, target) = (column_of(&columns.heads, &share.period)?, column_of(&targets, &share.period)?);
            Some(ShareColumns { value, target, share: share.column, text: share.text })
        });
        columns.shares = shares.collect();
    }
    let own = columns.columns();
    sheet.layout.columns.retain(|column| !own.contains(&column.column));
    sheet.shape = Some(Arc::new(SheetShape { periods: Some(columns), ..shape }));
}

/// The columns among the candidates whose headings are meant, from left to right; those named that aren't there are reported.
fn find_heads(
    plan: &PeriodHeads,
    candidates: &[HeadCandidate],
    settings: &Settings,
    table: &mut TableReader,
) -> Vec<PeriodHead> {
    let named = match plan {
        PeriodHeads::Pattern(pattern) => {
            let heads = candidates.iter().filter_map(|candidate| {
                let period = spellings(candidate).iter().find_map(|text| match_pattern(pattern, text, settings))?;
                Some(head_of(candidate, period))
            });
            return heads.collect();
        }
        PeriodHeads::Named(named) => named,
    };
    let mut heads = Vec::new();
    for (period, heading, place) in named {
        let key = fold::heading_key(heading);
        let is_meant = |candidate: &&HeadCandidate| {
            let is_it = |text: &String| fold::heading_key(text) == key && has_percent(text) == has_percent(heading);
            spellings(candidate).iter().any(is_it)
        };
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

/// What parts a column of shares from that of its values, where both are headed by the same words.
fn has_percent(heading: &str) -> bool {
    heading.contains('%')
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

/// The period that a heading names where the pattern has `{period}`: its code, or the text there that is no period though
/// it has a digit.
fn match_pattern(pattern: &str, heading: &str, settings: &Settings) -> Option<String> {
    let (before, behind) = pattern.split_once("{period}")?;
    if has_percent(pattern) != has_percent(heading) {
        return None;
    }
    let (before, behind, heading) = (fold::heading_key(before), fold::heading_key(behind), fold::heading_key(heading));
    let named = heading.strip_prefix(&before)?.strip_suffix(&behind)?.trim();
    let (rules, start, end) = (&settings.periods, settings.start, settings.end);
    let code = named.replace(' ', "-");
    let known = periods::resolve_code(&code, rules, start, end).map(|period| period.code);
    let known = known.or_else(|| periods::suggest_code(named, rules, start, end));
    known.or_else(|| named.contains(|c: char| c.is_ascii_digit()).then(|| named.to_owned()))
}
