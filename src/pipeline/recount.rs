//! A recount pack drawn from a project, and a filled one read again, which needs no project.

mod filled;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::leaks::{leak_scanner, report_with_origins};
use super::load;
use super::outcome::{BuildError, Extent};
use super::planned_units;
use crate::diagnostic::{Problem, kinds};
use crate::folder::shown_path;
use crate::indicators;
use crate::ingest::{self, Checked};
use crate::model::{IndicatorId, Project, ReportSettings};
use crate::output::leak_scanner::{Findings, Trace, TraceKind};
use crate::output::{Readers, write_new};
use crate::render::recount::write_recount;
use crate::report::recount::{RecountPack, RecountRequest, RecountSource, RecountWorkbook};

pub use filled::{FilledPack, read_recount};

/// What to draw, and where to write it.
pub struct RecountOrder<'r> {
    /// Name of the report.
    pub report: &'r str,
    /// Code of its period.
    pub period: &'r str,
    /// Code of the only indicator to recount; `None`: all that count rows.
    pub indicator: Option<&'r str>,
    /// Rows, and activities, to draw for each indicator.
    pub sample: u32,
    /// What the draw begins from.
    pub seed: u64,
    /// The workbook to write, which must not be there yet.
    pub to: &'r Path,
}

/// Why there is no pack, or nothing came of one.
pub enum NotRecounted {
    /// It couldn't be tried, or not finished.
    Failed(BuildError),
    /// The report, period or indicator doesn't exist.
    Unknown(Problem),
    /// The project has errors.
    Faulty(Vec<Problem>),
    /// It isn't to be done as things are; the problem says what to do.
    Refused(Problem),
    /// The pack was changed where it isn't to be, or filled in with what it doesn't take.
    Unreadable(Vec<Problem>),
}

impl<E: Into<BuildError>> From<E> for NotRecounted {
    fn from(error: E) -> NotRecounted {
        NotRecounted::Failed(error.into())
    }
}

/// Draws a pack from the project in `folder`, and writes it.
///
/// # Errors
/// See [`NotRecounted`].
pub fn write_recount_pack(folder: &Path, order: &RecountOrder) -> Result<RecountPack, NotRecounted> {
    check_target(folder, order.to)?;
    let loaded = load::read(folder);
    let (checked, problems) = (&loaded.checked, &loaded.problems);
    let Some(project) = &checked.project else {
        let errors = problems.iter().filter(|problem| problem.stops_all());
        return Err(NotRecounted::Faulty(errors.cloned().collect()));
    };
    let extent = Extent::Reports { report: Some(order.report.to_owned()), period: Some(order.period.to_owned()) };
    planned_units::requested_editions(&project.settings, &extent)?;
    let report = project.settings.reports.iter().find(|report| report.name == order.report);
    let (Some(report), Some(period)) = (report, project.logframe.period(order.period)) else {
        return Err(nothing_to_draw(order));
    };
    let ids = counted_indicators(project, report, order.indicator)?;
    let figures = indicators::count(project);
    let mut pack = RecountPack::new(&RecountRequest {
        project,
        figures: &figures,
        report,
        period,
        indicators: &ids,
        with_all_lists: order.indicator.is_none(),
        seed: order.seed,
        sample: order.sample,
    });
    if pack.rows.is_empty() && pack.lists.is_empty() {
        return Err(nothing_to_draw(order));
    }
    add_papers(folder, &mut pack);
    check_for_persons(folder, checked, &pack, order.to)?;
    let written = |error| NotRecounted::from(BuildError::Write { path: order.to.to_owned(), error });
    let book = RecountWorkbook::new(&pack).ok_or_else(|| nothing_to_draw(order))?;
    let bytes = write_recount(&book, &pack.to_record()).map_err(|words| written(std::io::Error::other(words)))?;
    let (place, name) = (parent(order.to), order.to.file_name().unwrap_or_default().to_string_lossy());
    write_new(place, &name, &bytes, Readers::Owner).map_err(written)?;
    Ok(pack)
}

/// The folder that a file is in.
fn parent(file: &Path) -> &Path {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A pack may be half filled in, so that none is overwritten; and within the project its sheets would be taken for tables.
fn check_target(folder: &Path, to: &Path) -> Result<(), NotRecounted> {
    let file = shown_path(to);
    if to.exists() {
        return Err(NotRecounted::Refused(Problem::error(kinds::RecountNotWritten::Plain { file })));
    }
    let is_inside = match (fs::canonicalize(parent(to)), fs::canonicalize(folder)) {
        (Ok(parent), Ok(folder)) => parent.starts_with(folder),
        _ => false,
    };
    if is_inside {
        return Err(NotRecounted::Refused(Problem::error(kinds::RecountNotWritten::Inside { file })));
    }
    Ok(())
}

fn nothing_to_draw(order: &RecountOrder) -> NotRecounted {
    let (report, period) = (order.report.to_owned(), order.period.to_owned());
    NotRecounted::Refused(Problem::error(kinds::NothingToRecount { report, period }))
}

/// The report's indicators that count rows, or the one that is named.
fn counted_indicators(
    project: &Project,
    report: &ReportSettings,
    named: Option<&str>,
) -> Result<Vec<IndicatorId>, NotRecounted> {
    let is_counted = |id: &IndicatorId| {
        let indicator = project.logframe.indicator(*id);
        report.shows(&indicator.code) && indicator.starts_from_nothing()
    };
    let Some(code) = named else {
        return Ok(project.logframe.indicator_ids().filter(is_counted).collect());
    };
    let id = super::find_indicator(project, code).map_err(NotRecounted::Unknown)?;
    if is_counted(&id) {
        return Ok(vec![id]);
    }
    let indicator = project.logframe.indicator(id).code.clone();
    Err(NotRecounted::Refused(Problem::error(kinds::IndicatorNotRecounted { indicator, report: report.name.clone() })))
}

/// Adds what the tables say of papers.
fn add_papers(folder: &Path, pack: &mut RecountPack) {
    let mut wanted: BTreeMap<String, Option<String>> = BTreeMap::new();
    pack.sources().for_each(|source| drop(wanted.insert(source.place(), None)));
    ingest::visit_papers(folder, |place, text| {
        if let Some(found) = wanted.get_mut(&place.to_string()) {
            *found = Some(text.to_owned());
        }
    });
    let find = |source: &RecountSource| wanted.get(&source.place()).cloned().flatten();
    pack.sources().for_each(|source| source.document = find(source));
}

/// No name, address or number of a person is in a pack. A code may look like a telephone: the register writes it so.
fn check_for_persons(folder: &Path, checked: &Checked, pack: &RecountPack, to: &Path) -> Result<(), NotRecounted> {
    let scanner = leak_scanner(folder, checked);
    let RecountPack { indicators, lists, rows, .. } = pack;
    let mut traces = scanner.scan_view(&(indicators, lists));
    for row in rows {
        traces.extend(row.source.document.iter().flat_map(|text| scanner.scan_text(text)));
        let code = row.person.iter().flat_map(|code| scanner.scan_text(code));
        traces.extend(code.filter(|trace: &Trace| trace.kind != TraceKind::Telephone));
    }
    if traces.is_empty() {
        return Ok(());
    }
    let file = shown_path(to);
    let findings: Findings = traces.into_iter().map(|trace| (trace, [file.clone()].into())).collect();
    Err(NotRecounted::Faulty(report_with_origins(&findings, folder, checked, &scanner)))
}
