//! Reads a project's folder: project.toml, then its tables, each after those that it refers to.

mod columns;
mod people;
mod tables;
mod unread_evidence;

use std::path::Path;

use jiff::civil::Date;

use super::Checked;
use super::layout::{TableKind, vocabulary};
use super::settings::{self, PROJECT_FILE};
use super::table::Collectors;
use super::tables::Tables;
use super::waivers::WaiverTally;
use crate::diagnostic::{Place, Problem, kinds};
use crate::folder::{self, InputFile, content_hash};
use crate::model::{Activity, ActivityStatus, Attendance, Lists, Project, ReportSettings, Settings};
use crate::personal::{PersonalTraces, TraceCollector};
use tables::{ReadTables, TablesReader};

/// A project file is a page; what is larger is something else.
const PROJECT_BYTES: u64 = 4 * 1024 * 1024;

/// What to do about faults of single rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFaults {
    /// They stop every report.
    Stop,
    /// The rows are left out, for a draft.
    LeaveOut,
}

/// See [`super::read`] and [`super::read_draft`].
pub fn read(folder: &Path, faults: RowFaults) -> Checked {
    let mut problems = Vec::new();
    let source = match read_project_file(folder) {
        Ok(source) => source,
        Err(problem) => return unreadable(vec![problem], Vec::new()),
    };
    let input = InputFile { path: PROJECT_FILE.to_owned(), hash: content_hash(source.as_bytes()) };
    let Some(mut file) = settings::read_project_file(&source, folder, &mut problems) else {
        return unreadable(problems, vec![input]);
    };
    let mut tables = Tables::find(folder, &file.plans, &file.settings.limits, &mut problems);
    let collectors = Collectors::default();
    collectors.problems.borrow_mut().extend(problems);
    let waivers = WaiverTally::new(&file.settings.waivers, &file.waiver_places);
    *collectors.waivers.borrow_mut() = match faults {
        RowFaults::Stop => waivers,
        RowFaults::LeaveOut => waivers.for_draft(),
    };
    let mut traces = TraceCollector::new(&source, &vocabulary().months);
    let read = TablesReader::new(&collectors, &file, &mut tables, &mut traces).read();
    let accounts = TableKind::ALL.iter().filter_map(|kind| read.accounts.get(kind).cloned()).collect();
    let Collectors { problems, waivers, skipped } = collectors;
    let data_end = file.settings.data_until.or_else(|| last_day_of_data(&file.settings, &read));
    for report in &mut file.settings.reports {
        report.keep_ended(&file.periods, data_end);
    }
    let reports = file.settings.reports.iter_mut().filter_map(|report| report.indicators.as_mut());
    for code in reports.flatten() {
        if let Some(written) = read.indicator_codes.get(code) {
            code.clone_from(written);
        }
    }
    let of_reports = file.settings.reports.iter_mut().map(|report| &mut report.limits_by_axis);
    for limits in of_reports.chain([&mut file.settings.privacy.limits_by_axis]) {
        let named = std::mem::take(limits).into_iter();
        *limits = named.map(|(axis, limit)| (read.axis_names.get(&axis).cloned().unwrap_or(axis), limit)).collect();
    }
    let mut problems = problems.into_inner();
    let waived = waivers.into_inner().finish(&mut problems);
    problems.extend(file.settings.reports.iter().filter_map(|report| report_not_ended(report, data_end)));
    let mut inputs = vec![input];
    inputs.extend(tables.inputs());
    inputs.sort();
    let mut sources = std::mem::take(&mut tables.sources);
    sources.skipped = skipped.into_inner();
    sources.skipped.sort_by_key(|skipped| skipped.row);
    let project = (!problems.stops_all()).then(|| Project {
        settings: file.settings.clone(),
        sources,
        lists: read.lists.clone(),
        logframe: read.logframe.clone().unwrap_or_default(),
        activities: read.activities,
        persons: read.persons,
    });
    Checked {
        settings: (!file.faulty).then_some(file.settings),
        lists: read.lists,
        logframe: read.logframe,
        project,
        problems: problems.into_problems(),
        accounts,
        has_unreadable_table: !tables.broken.is_empty(),
        waived,
        inputs,
        personal: traces.finish(),
    }
}

/// The last day of a completed activity, an attendance or a period with a reported value.
fn last_day_of_data(settings: &Settings, read: &ReadTables) -> Option<Date> {
    let activities = &read.activities.rows;
    let held = activities.iter().filter(|activity| activity.status == ActivityStatus::Completed);
    let held = held.filter_map(Activity::counted_day);
    let is_held = |attendance: &&Attendance| {
        let status = activities.get(attendance.activity.0 as usize).map(|activity| activity.status);
        matches!(status, Some(ActivityStatus::Completed | ActivityStatus::Ongoing))
    };
    let attended = read.persons.attendances.iter().filter(is_held).filter_map(|attendance| attendance.day);
    let reported = read.logframe.iter().flat_map(|logframe| &logframe.reported);
    let reported = reported.filter(|reported| reported.value.is_some()).map(|reported| reported.period.end);
    held.chain(attended).chain(reported).filter(|day| *day <= settings.end).max()
}

/// A note of the periods that a report isn't made for yet.
fn report_not_ended(report: &ReportSettings, data_end: Option<Date>) -> Option<Problem> {
    let (report, periods) =
        (report.name.clone(), Some(&report.not_ended).filter(|codes| !codes.is_empty())?.join(", "));
    let kind = match data_end {
        Some(day) => kinds::PeriodsNotEnded::Plain { report, periods, day: day.to_string() },
        None => kinds::PeriodsNotEnded::NoData { report, periods },
    };
    Some(Problem::note(kind).at(Place::file(PROJECT_FILE)))
}

/// See [`super::settings`].
pub fn settings(folder: &Path) -> (Option<Settings>, Vec<Problem>) {
    let mut problems = Vec::new();
    let file = match read_project_file(folder) {
        Ok(source) => settings::read_project_file(&source, folder, &mut problems),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    let Some(mut file) = file.filter(|file| !file.faulty) else { return (None, problems) };
    let has_periods_of_kind = file.settings.reports.iter().any(|report| !report.of_kind.is_empty());
    if file.settings.data_until.is_none() && has_periods_of_kind {
        // Which of them have ended, the tables say.
        return (read(folder, RowFaults::Stop).settings, problems);
    }
    for report in &mut file.settings.reports {
        report.keep_ended(&file.periods, file.settings.data_until);
    }
    (Some(file.settings), problems)
}

/// See [`super::code_of`].
pub fn code_of(folder: &Path) -> Option<String> {
    let text = read_project_file(folder).ok()?;
    let table = toml::de::DeTable::parse(&text).ok()?;
    table.get_ref().get("code")?.get_ref().as_str().map(str::to_owned)
}

fn read_project_file(folder: &Path) -> Result<String, Problem> {
    let place = Place::file(PROJECT_FILE);
    let path = folder::resolve_file(folder, PROJECT_FILE)
        .map_err(|_| Problem::error(kinds::MissingProjectFile).at(place.clone()))?;
    folder::read_text(&path, PROJECT_BYTES).map_err(|_| Problem::error(kinds::UnreadableProjectFile).at(place))
}

/// The outcome without a readable project.toml.
fn unreadable(problems: Vec<Problem>, inputs: Vec<InputFile>) -> Checked {
    Checked {
        settings: None,
        lists: Lists::default(),
        logframe: None,
        project: None,
        problems,
        accounts: Vec::new(),
        has_unreadable_table: true,
        waived: Vec::new(),
        inputs,
        personal: PersonalTraces::default(),
    }
}
