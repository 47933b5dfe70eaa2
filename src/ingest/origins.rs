//! Where the texts come from that documents print. Files are read again only after a trace of a person was found in what
//! would be written.

#![warn(missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::cell;
use super::layout::{LayoutColumn, TableKind};
use super::settings::{self, PROJECT_FILE};
use super::tables::Tables;
use super::workbook::Projection;
use crate::diagnostic::Place;
use crate::folder::list_files;
use crate::model::Project;

/// Folders of texts beside the tables.
const TEXT_FOLDERS: [&str; 3] = ["narrative", "profiles", "templates"];

/// What `search` finds in the texts that a document may print, each with the cells and lines that it comes from.
pub fn find_origins<T: Ord + Copy>(
    folder: &Path,
    project: &Project,
    search: impl Fn(&str) -> BTreeSet<T>,
) -> BTreeMap<T, BTreeSet<Place>> {
    let mut found: BTreeMap<T, BTreeSet<Place>> = BTreeMap::new();
    let mut add = |finds: BTreeSet<T>, place: Place| {
        finds.into_iter().for_each(|find| {
            found.entry(find).or_default().insert(place.clone());
        });
    };
    texts_with_paths(folder).iter().for_each(|(file, text)| search_lines(file, text, &search, &mut add));
    let Ok(source) = fs::read_to_string(folder.join(PROJECT_FILE)) else { return found };
    // What is wrong with the files was reported when they were read.
    let Some(file) = settings::read_project_file(&source, folder, &mut Vec::new()) else { return found };
    let mut tables = Tables::find(folder, &file.plans, &file.settings.limits, &mut Vec::new());
    for kind in TableKind::ALL {
        for sheet in tables.sheets(kind) {
            let printed = sheet.layout.columns.iter().filter(|column| may_be_printed(kind, column, project));
            let mut columns: Vec<u32> = printed.map(|column| column.column).collect();
            columns.sort_unstable();
            columns.dedup();
            tables.scan_rows(&sheet, Projection::Columns(columns), |row| {
                for cell in &row.cells {
                    if let Ok(Some(text)) = cell::read_text(Some(cell)) {
                        add(search(&text), sheet.place(row.number, cell.column));
                    }
                }
            });
        }
    }
    found
}

/// Whether documents may print a column: codes and names of persons, and columns of persons that aren't kept, never.
fn may_be_printed(kind: TableKind, column: &LayoutColumn, project: &Project) -> bool {
    match kind {
        TableKind::Participants | TableKind::Attendance => project.persons.column(&column.name).is_some(),
        _ => true,
    }
}

/// project.toml and the texts beside the tables, by their path.
pub fn texts_with_paths(folder: &Path) -> Vec<(String, String)> {
    let beside = TEXT_FOLDERS.iter().flat_map(|name| {
        let files = list_files(&folder.join(name), None).into_iter();
        files.map(move |(file, path)| (format!("{name}/{file}"), path))
    });
    let paths = [(PROJECT_FILE.to_owned(), folder.join(PROJECT_FILE))].into_iter().chain(beside);
    paths.filter_map(|(file, path)| Some((file, fs::read_to_string(path).ok()?))).collect()
}

/// The texts of a project's folder that people of the organisation wrote for its documents: project.toml, prose, profiles,
/// templates.
pub fn own_texts(folder: &Path) -> Vec<String> {
    texts_with_paths(folder).into_iter().map(|(_, text)| text).collect()
}

/// Searches line by line; what only a line and the next hold together is placed at the first.
fn search_lines<T: Ord + Copy>(
    file: &str,
    text: &str,
    search: &impl Fn(&str) -> BTreeSet<T>,
    add: &mut impl FnMut(BTreeSet<T>, Place),
) {
    let lines: Vec<&str> = text.lines().collect();
    let finds: Vec<BTreeSet<T>> = lines.iter().map(|line| search(line)).collect();
    for (at, own) in finds.iter().enumerate() {
        let mut all = own.clone();
        if let (Some(next), Some(finds)) = (lines.get(at + 1), finds.get(at + 1)) {
            let joined = search(&format!("{}\n{next}", lines[at]));
            all.extend(joined.into_iter().filter(|find| !finds.contains(find)));
        }
        add(all, Place::line(file, at as u32 + 1, 1));
    }
}
