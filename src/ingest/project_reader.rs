//! Reads a project's folder: project.toml, then its tables, each after those that it refers to.

mod people;
mod tables;

use std::path::Path;

use super::Checked;
use super::layout::TableKind;
use super::settings::{self, PROJECT_FILE};
use super::table::Collectors;
use super::tables::Tables;
use super::waivers::WaiverTally;
use crate::diagnostic::{Place, Problem, kinds};
use crate::folder::{self, InputFile, content_hash};
use crate::model::{Lists, Project, Settings};
use crate::personal::{PersonalTraces, TraceCollector};
use tables::TablesReader;

/// A project file is a page; what is larger is something else.
const PROJECT_BYTES: u64 = 4 * 1024 * 1024;

/// See [`super::read`].
pub fn read(folder: &Path) -> Checked {
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
    *collectors.waivers.borrow_mut() = WaiverTally::new(&file.settings.waivers, &file.waiver_places);
    let mut traces = TraceCollector::new(&source);
    let read = TablesReader::new(&collectors, &file, &mut tables, &mut traces).read();
    let accounts = TableKind::ALL.iter().filter_map(|kind| read.accounts.get(kind).cloned()).collect();
    let Collectors { problems, waivers, skipped } = collectors;
    let reports = file.settings.reports.iter_mut().filter_map(|report| report.indicators.as_mut());
    for code in reports.flatten() {
        if let Some(written) = read.indicator_codes.get(code) {
            code.clone_from(written);
        }
    }
    let mut problems = problems.into_inner();
    let waived = waivers.into_inner().finish(&mut problems);
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
    (file.filter(|file| !file.faulty).map(|file| file.settings), problems)
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
