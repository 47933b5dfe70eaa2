//! What the headings of marks say: a day, an activity or a session.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::SheetShape;
use super::head_date::{HeadDay, YearCounter, observe, read_head_day};
use super::mark_reader::{CellTally, MarkReader};
use crate::diagnostic::{Place, Problem, kinds, nearest};
use crate::fold;
use crate::ingest::activities::ReadActivities;
use crate::ingest::cell::SlashOrder;
use crate::ingest::layout::{ColumnMappings, SheetHead, TableKind, TableLayout, vocabulary};
use crate::ingest::raw_row::Raw;
use crate::ingest::settings::{Mark, WideHeads, WidePlan};
use crate::ingest::table::{TableReader, TableSheet};
use crate::ingest::tables::Tables;
use crate::ingest::workbook::Projection;
use crate::model::{Activity, ActivityStatus};

/// A heading that may be of marks.
#[derive(Clone, Debug)]
pub(super) struct HeadCandidate {
    /// From 0 (A).
    pub(super) column: u32,
    /// Its row.
    row: u32,
    /// As it is written, cleaned.
    pub(super) text: String,
    /// The heading above that reaches over it.
    pub(super) above: Option<String>,
    /// Its cell.
    raw: Raw<'static>,
}

/// The heading of a column of marks.
#[derive(Clone, Debug)]
pub struct WideHead {
    /// From 0 (A).
    pub column: u32,
    /// As it is written, cleaned.
    pub text: String,
    /// The heading of the row above that reaches over it.
    pub above: Option<String>,
    /// The code of its activity.
    pub activity: Option<String>,
    /// Its day.
    pub date: Option<Date>,
    /// Its session.
    pub session: Option<String>,
    /// Whether its marks can be used.
    pub state: HeadingState,
}

/// Whether the cells under a heading can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadingState {
    /// It can.
    Sound,
    /// The heading has an error.
    Faulty,
    /// The heading's error is waived: the bits of the waivers.
    Waived(u64),
}

/// The headings that nothing else names; `total` is that of a column which isn't meant.
pub(super) fn find_candidates(
    layout: &TableLayout,
    head: &SheetHead<'static>,
    mapping: &ColumnMappings,
    total: Option<&str>,
) -> Vec<HeadCandidate> {
    let total = total.map(fold::code_key);
    let is_free = |name: &str, heading: &str| {
        !mapping.contains_key(name) && total.as_ref().is_none_or(|total| fold::code_key(heading) != *total)
    };
    let columns = layout.columns.iter().filter(|column| !column.listed && is_free(&column.name, &column.heading));
    let candidate = |column: &crate::ingest::layout::LayoutColumn| {
        let row = head.rows().iter().find(|row| row.number == column.row)?;
        Some(HeadCandidate {
            column: column.column,
            row: column.row,
            text: column.heading.clone(),
            above: column.above.clone(),
            raw: row.cell(column.column)?.raw.clone(),
        })
    };
    columns.filter_map(candidate).collect()
}

/// Finds the columns of marks of a sheet, what their headings say, and the column of their total. Faults of headings are
/// reported. The columns leave the sheet's layout.
pub fn resolve_heads(
    tables: &mut Tables,
    sheet: &mut TableSheet,
    table: &mut TableReader,
    activities: &ReadActivities,
    checks_activities: bool,
) {
    let Some(shape) = sheet.shape.as_deref().cloned() else { return };
    let Some(mut wide) = shape.wide.clone() else { return };
    let candidates = std::mem::take(&mut wide.candidates);
    let resolver = HeadResolver {
        sheet,
        activities,
        checks_activities,
        plan: &wide.plan,
        finds_activity: wide.activity.is_some(),
    };
    let mut heads = match wide.plan.heads {
        WideHeads::Date => resolver.resolve_days(tables, table, candidates),
        WideHeads::Activity => resolver.resolve_activities(tables, table, candidates),
        WideHeads::Session => resolver.resolve_sessions(tables, candidates),
    };
    if wide.plan.heads != WideHeads::Session {
        resolver.report_doubled(table, &mut heads);
    }
    wide.total = resolver.find_total(table);
    if heads.is_empty() {
        let heads = HEADS_NAMES[wide.plan.heads as usize].to_owned();
        let place = Place::sheet(&sheet.file, sheet.sheet_name.as_deref());
        table.report(Problem::error(kinds::NoMarkColumns { heads }).at(place));
    }
    wide.heads = heads.into_iter().map(|(head, _)| head).collect();
    let columns: BTreeSet<u32> = wide.columns().into_iter().collect();
    sheet.layout.columns.retain(|column| !columns.contains(&column.column));
    sheet.shape = Some(std::sync::Arc::new(SheetShape { wide: Some(wide), ..shape }));
}

/// As project.toml writes them, in the order of [`WideHeads`].
const HEADS_NAMES: [&str; 3] = ["date", "activity", "session"];

struct HeadResolver<'r> {
    sheet: &'r TableSheet,
    activities: &'r ReadActivities,
    checks_activities: bool,
    plan: &'r WidePlan,
    /// Whether a heading that is a day must say of which activity.
    finds_activity: bool,
}

/// Heads with the rows of their headings.
type Heads = Vec<(WideHead, u32)>;

impl HeadResolver<'_> {
    fn place(&self, candidate: &HeadCandidate) -> Place {
        Place::cell(&self.sheet.file, self.sheet.sheet_name.as_deref(), candidate.row, candidate.column)
    }

    fn report(&self, table: &mut TableReader, candidate: &HeadCandidate, problem: Problem) -> HeadingState {
        table.report_heading(problem.at(self.place(candidate)))
    }

    /// What the cells under some headings are.
    fn tally(&self, tables: &mut Tables, candidates: &[&HeadCandidate]) -> BTreeMap<u32, CellTally> {
        let columns: Vec<u32> = candidates.iter().map(|candidate| candidate.column).collect();
        let mut tallies: BTreeMap<u32, CellTally> = BTreeMap::new();
        if columns.is_empty() {
            return tallies;
        }
        let mut reader = MarkReader::new(&self.plan.marks);
        tables.scan_rows(self.sheet, Projection::Columns(columns), |row| {
            for cell in row.cells.iter().filter(|cell| !cell.merged) {
                let tally = tallies.entry(cell.column).or_default();
                let mark = reader.read(cell);
                tally.filled += 1;
                tally.marks += u64::from(mark.is_some());
                tally.present += u64::from(mark == Some(Mark::Present));
            }
        });
        tallies
    }

    fn resolve_days(&self, tables: &mut Tables, table: &mut TableReader, candidates: Vec<HeadCandidate>) -> Heads {
        let forms = self.sheet.date_forms();
        let read = |candidate: &HeadCandidate| {
            read_head_day(&candidate.raw, &candidate.text, candidate.above.as_deref(), forms)
        };
        let read: Vec<(HeadCandidate, Result<HeadDay, Box<Problem>>)> =
            candidates.into_iter().map(|candidate| (candidate.clone(), read(&candidate))).collect();
        let mut slashes = SlashOrder::given(self.sheet.options.dates);
        read.iter().filter_map(|(_, day)| day.as_ref().ok()).for_each(|day| observe(&mut slashes, day));
        // What is no day may be a heading because of the cells under it.
        let has_digit = |candidate: &HeadCandidate| candidate.text.contains(|c: char| c.is_ascii_digit());
        let doubtful: Vec<&HeadCandidate> = read
            .iter()
            .filter(|(candidate, day)| day.is_err() && has_digit(candidate))
            .map(|(candidate, _)| candidate)
            .collect();
        let tallies = self.tally(tables, &doubtful);
        let mut years = YearCounter::new(self.plan.year);
        let mut heads = Vec::new();
        for (candidate, day) in read {
            let day = match day {
                Ok(day) => years.resolve(&day, slashes, &candidate.text),
                Err(problem) => {
                    let tally = tallies.get(&candidate.column).copied().unwrap_or_default();
                    if !tally.is_of_marks() {
                        continue;
                    }
                    Err(problem)
                }
            };
            let (date, mut state) = match day {
                Ok(day) => (Some(day), HeadingState::Sound),
                Err(problem) => (None, self.report(table, &candidate, *problem)),
            };
            let mut activity = None;
            if let Some(day) = date.filter(|_| self.finds_activity) {
                match self.find_activity_of(day) {
                    Ok(code) => activity = code,
                    Err(kind) => state = self.report(table, &candidate, Problem::error(kind)),
                }
                if activity.is_none() && state == HeadingState::Sound {
                    state = HeadingState::Faulty;
                }
            }
            let HeadCandidate { column, row, text, above, .. } = candidate;
            heads.push((WideHead { column, text, above, activity, date, session: None, state }, row));
        }
        heads
    }

    /// The code of the one activity of a day; `None` where the activities can't be read.
    fn find_activity_of(&self, day: Date) -> Result<Option<String>, kinds::NoActivityOfDay> {
        let is_held =
            |activity: &&Activity| matches!(activity.status, ActivityStatus::Completed | ActivityStatus::Ongoing);
        let is_of_day = |activity: &&Activity| {
            let end = activity.end_date.or(activity.date);
            !activity.month_only
                && activity.date.is_some_and(|begins| begins <= day)
                && end.is_some_and(|end| day <= end)
        };
        let of_day: Vec<&Activity> = self.activities.table.rows.iter().filter(is_of_day).collect();
        let held: Vec<&Activity> = of_day.iter().copied().filter(is_held).collect();
        let value = day.to_string();
        match if held.is_empty() { of_day } else { held }.as_slice() {
            [one] => Ok(Some(self.activities.code(one).to_owned())),
            [] if !self.checks_activities => Ok(None),
            [] => Err(kinds::NoActivityOfDay::Plain { value }),
            several => {
                let codes: Vec<&str> = several.iter().map(|activity| self.activities.code(activity)).collect();
                Err(kinds::NoActivityOfDay::Several { value, codes: codes.join(", ") })
            }
        }
    }

    fn resolve_activities(
        &self,
        tables: &mut Tables,
        table: &mut TableReader,
        candidates: Vec<HeadCandidate>,
    ) -> Heads {
        let mut by_title: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for activity in &self.activities.table.rows {
            for (_, title) in activity.title.iter() {
                by_title.entry(fold::code_key(title)).or_default().insert(self.activities.code(activity));
            }
        }
        let codes = &self.activities.codes;
        let find = |candidate: &HeadCandidate| -> Vec<String> {
            let spellings = [Some(candidate.text.clone()), joined(candidate)];
            for text in spellings.into_iter().flatten() {
                if let Some(found) = codes.find(&text) {
                    return vec![codes.text(found.id).to_owned()];
                }
                if let Some(found) = by_title.get(&fold::code_key(&text)) {
                    return found.iter().map(|code| (*code).to_owned()).collect();
                }
            }
            Vec::new()
        };
        let found: Vec<(HeadCandidate, Vec<String>)> =
            candidates.into_iter().map(|candidate| (candidate.clone(), find(&candidate))).collect();
        let first = found.iter().position(|(_, codes)| !codes.is_empty()).unwrap_or_default();
        let doubtful: Vec<&HeadCandidate> =
            found[first.min(found.len())..].iter().filter(|(_, codes)| codes.is_empty()).map(|(one, _)| one).collect();
        let tallies = self.tally(tables, &doubtful);
        let mut heads = Vec::new();
        for (candidate, codes) in found {
            let value = candidate.text.clone();
            let (activity, state) = match codes.as_slice() {
                [one] => (Some(one.clone()), HeadingState::Sound),
                [] => {
                    let tally = tallies.get(&candidate.column).copied().unwrap_or_default();
                    if !tally.is_of_marks() {
                        continue;
                    }
                    let unknown = Problem::error(kinds::UnknownActivity::Plain)
                        .excerpt(vec![("activity".to_owned(), value)], Some(0));
                    let state = if self.checks_activities {
                        self.report(table, &candidate, unknown)
                    } else {
                        HeadingState::Faulty
                    };
                    (None, state)
                }
                several => {
                    let ambiguous = kinds::AmbiguousTitle { value, codes: several.join(", ") };
                    (None, self.report(table, &candidate, Problem::error(ambiguous)))
                }
            };
            let HeadCandidate { column, row, text, above, .. } = candidate;
            heads.push((WideHead { column, text, above, activity, date: None, session: None, state }, row));
        }
        heads
    }

    /// Sessions are recognised by their marks, or by a heading that calls them sessions. Equal headings are different
    /// sessions.
    fn resolve_sessions(&self, tables: &mut Tables, candidates: Vec<HeadCandidate>) -> Heads {
        let doubtful: Vec<&HeadCandidate> = candidates.iter().collect();
        let tallies = self.tally(tables, &doubtful);
        let forms = self.sheet.date_forms();
        let mut years = YearCounter::new(self.plan.year);
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        let mut heads = Vec::new();
        for candidate in candidates {
            let tally = tallies.get(&candidate.column).copied().unwrap_or_default();
            if !tally.is_of_marks() && !names_session(&candidate.text) {
                continue;
            }
            let written = joined(&candidate).unwrap_or_else(|| candidate.text.clone());
            let times = seen.entry(fold::code_key(&written)).or_default();
            *times += 1;
            let session = if *times > 1 { format!("{written} ({times})") } else { written };
            let day = read_head_day(&candidate.raw, &candidate.text, candidate.above.as_deref(), forms);
            let day = day.or_else(|fault| {
                let above = candidate.above.as_ref().ok_or(fault)?;
                read_head_day(&Raw::Text(above.as_str().into()), above, None, forms)
            });
            let slashes = SlashOrder::given(self.sheet.options.dates);
            let date = day.ok().and_then(|day| years.resolve(&day, slashes, &candidate.text).ok());
            let HeadCandidate { column, row, text, above, .. } = candidate;
            let state = HeadingState::Sound;
            heads.push((WideHead { column, text, above, activity: None, date, session: Some(session), state }, row));
        }
        heads
    }

    /// Reports a heading that says what one to its left does.
    fn report_doubled(&self, table: &mut TableReader, heads: &mut Heads) {
        let mut first: BTreeMap<(Option<String>, Option<Date>), u32> = BTreeMap::new();
        for (head, row) in heads.iter_mut() {
            if head.state != HeadingState::Sound {
                continue;
            }
            let (column, row) = (head.column, *row);
            let known = *first.entry((head.activity.clone(), head.date)).or_insert(column);
            if known != column {
                let other = crate::diagnostic::cell_name(row, known);
                let doubled = kinds::DoubledHead { heading: head.text.clone(), other };
                let place = Place::cell(&self.sheet.file, self.sheet.sheet_name.as_deref(), row, column);
                head.state = table.report_heading(Problem::error(doubled).at(place));
            }
        }
    }

    /// The column that project.toml names as the total.
    fn find_total(&self, table: &mut TableReader) -> Option<u32> {
        let (total, place) = self.plan.total.as_ref()?;
        let key = fold::heading_key(total);
        let columns = &self.sheet.layout.columns;
        let found = columns.iter().find(|column| fold::heading_key(&column.heading) == key);
        if found.is_none() {
            let known: Vec<&str> = columns.iter().map(|column| column.heading.as_str()).collect();
            let nearest = nearest(total, known.iter().copied()).map(str::to_owned);
            let missing = kinds::MissingHeading { heading: total.clone(), known: known.join(", "), nearest };
            table.report(Problem::error(missing).at(place.clone()));
        }
        found.map(|column| column.column)
    }
}

/// A heading with the one above it.
pub(super) fn joined(candidate: &HeadCandidate) -> Option<String> {
    Some(format!("{} {}", candidate.above.as_ref()?, candidate.text))
}

/// Whether a heading calls itself a session: `Сесија 3`, `Session 2`.
pub fn names_session(heading: &str) -> bool {
    let key = fold::heading_key(heading);
    let names = vocabulary().column(TableKind::Attendance, "session").map(|column| column.names.as_slice());
    names
        .unwrap_or_default()
        .iter()
        .any(|name| key.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(' ')))
}
