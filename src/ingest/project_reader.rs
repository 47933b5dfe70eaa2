//! Reads a project's folder: project.toml, then its tables, each after those that it refers to.

mod people;
mod tables;

use std::fs;
use std::io::Read;
use std::path::Path;

use super::layout::TableKind;
use super::personal::Traces;
use super::settings::{self, PROJECT_FILE};
use super::sources::Tables;
use super::table::Collectors;
use super::waivers::WaiverTally;
use super::{Checked, InputFile, PersonalTraces};
use crate::diagnostic::{Place, Problem, kinds};
use crate::model::{Lists, Project, Settings};
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
    let input = InputFile { path: PROJECT_FILE.to_owned(), hash: blake3::hash(source.as_bytes()).to_hex().to_string() };
    let Some(mut file) = settings::read(&source, folder, &mut problems) else {
        return unreadable(problems, vec![input]);
    };
    let mut tables = Tables::find(folder, &file.plans, &file.settings.limits, &mut problems);
    let collectors = Collectors::default();
    collectors.problems.borrow_mut().extend(problems);
    *collectors.waivers.borrow_mut() = WaiverTally::new(&file.settings.waivers, &file.waiver_places);
    let mut traces = Traces::new(&source);
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
    let project = (problems.errors() == 0).then(|| Project {
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
        unread: !tables.broken.is_empty(),
        waived,
        inputs,
        personal: traces.finish(),
    }
}

/// See [`super::settings`].
pub fn settings(folder: &Path) -> (Option<Settings>, Vec<Problem>) {
    let mut problems = Vec::new();
    let file = match read_project_file(folder) {
        Ok(source) => settings::read(&source, folder, &mut problems),
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
    let path = settings::inside(folder, PROJECT_FILE)
        .map_err(|_| Problem::error(kinds::MissingProjectFile).at(place.clone()))?;
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(PROJECT_BYTES + 1).read_to_end(&mut bytes));
    if read.is_err() || bytes.len() as u64 > PROJECT_BYTES {
        return Err(Problem::error(kinds::UnreadableProjectFile).at(place));
    }
    let text = String::from_utf8(bytes).map_err(|_| Problem::error(kinds::UnreadableProjectFile).at(place))?;
    // A byte order mark, as some editors write it.
    Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
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
        unread: true,
        waived: Vec::new(),
        inputs,
        personal: PersonalTraces::default(),
    }
}
