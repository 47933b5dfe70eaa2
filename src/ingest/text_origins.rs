//! Where the texts come from that documents print. Files are read again only after a trace of a person was found in what
//! would be written.

#![warn(missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::cell;
use super::layout::{LayoutColumn, TableKind, vocabulary};
use super::personal_cells;
use super::persons::NameColumns;
use super::raw_row::RawRow;
use super::settings::{self, PROJECT_FILE};
use super::table::TableSheet;
use super::tables::Tables;
use super::workbook::Projection;
use crate::diagnostic::Place;
use crate::fold;
use crate::folder::list_files;
use crate::model::Project;
use crate::personal::Salt;

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
    for path in settings::picture_paths(&project.settings) {
        add(search(path), Place::file(path));
    }
    let Some(mut tables) = find_tables(folder) else { return found };
    for kind in TableKind::ALL {
        for sheet in tables.sheets(kind) {
            add(search(&sheet.file), Place::file(&sheet.file));
            let name = sheet.sheet_name.as_deref();
            add(name.map(&search).unwrap_or_default(), Place::sheet(&sheet.file, name));
            let printed = sheet.layout.columns.iter().filter(|column| may_be_printed(kind, column, project));
            let mut columns: Vec<u32> = printed.map(|column| column.column).collect();
            columns.sort_unstable();
            columns.dedup();
            tables.scan_rows(&sheet, Projection::Columns(columns), |row| {
                for cell in &row.cells {
                    if let Ok(Some(text)) = cell::read_text(Some(cell)) {
                        add(search(&text), sheet.place_in(row, cell.column));
                    }
                }
            });
        }
    }
    found
}

/// The first cell of a row about a person that each of these hashes is of, by what is salted so.
pub fn find_registered(folder: &Path, salt: Salt, hashes: &BTreeSet<[u8; 16]>) -> BTreeMap<[u8; 16], Place> {
    let mut found = BTreeMap::new();
    let Some(mut tables) = find_tables(folder) else { return found };
    for kind in [TableKind::Participants, TableKind::Attendance] {
        for sheet in tables.sheets(kind) {
            let names = NameColumns::new(&sheet);
            let mut columns: Vec<u32> = sheet.layout.columns.iter().map(|column| column.column).collect();
            columns.sort_unstable();
            tables.scan_rows(&sheet, Projection::Columns(columns), |row| {
                let known =
                    hashes_of_row(row, &sheet, &names, salt).into_iter().filter(|(hash, _)| hashes.contains(hash));
                for (hash, column) in known {
                    found.entry(hash).or_insert_with(|| sheet.place_in(row, column));
                }
            });
        }
    }
    found
}

/// The project's tables. What is wrong with the files was reported when they were read.
pub(super) fn find_tables(folder: &Path) -> Option<Tables> {
    let source = fs::read_to_string(folder.join(PROJECT_FILE)).ok()?;
    let file = settings::read_project_file(&source, folder, &mut Vec::new())?;
    Some(Tables::find(folder, &file.plans, &file.settings.limits, &mut Vec::new()))
}

/// Hashes of all that a row says of its person, each with its column.
fn hashes_of_row(row: &RawRow, sheet: &TableSheet, names: &NameColumns, salt: Salt) -> Vec<([u8; 16], u32)> {
    let mut hashes = Vec::new();
    if let Some(first) = names.all().next() {
        for name in names.read(row) {
            hashes.extend(salt.trace_name(&name.text, &name.key).hashes().map(|hash| (hash, first)));
        }
    }
    let birth = sheet.column("birth_date");
    for column in &sheet.layout.columns {
        let Some(cell) = row.cell(column.column) else { continue };
        let is_of_telephones = !column.listed && vocabulary().is_of_telephones(&column.heading);
        let contacts = personal_cells::hash_cell(salt, cell, is_of_telephones);
        hashes.extend(contacts.into_iter().map(|hash| (hash, column.column)));
        if column.name == "person"
            && let Ok(Some(code)) = cell::read_text(Some(cell))
        {
            let trace = salt.trace_name(&code, &fold::name_key(&code));
            hashes.extend(trace.hashes().map(|hash| (hash, column.column)));
        }
        if birth == Some(column.column)
            && let Ok(Some(reading)) = cell::read_date(Some(cell))
        {
            hashes.extend(
                reading.days().map(|day| (salt.hash_birth((day.year(), day.month(), day.day())), column.column)),
            );
        }
    }
    hashes
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
    let search_line = |line: &&str| {
        let mut finds = search(line);
        finds.extend(without_link_addresses(line).map(|line| search(&line)).unwrap_or_default());
        finds
    };
    let finds: Vec<BTreeSet<T>> = lines.iter().map(search_line).collect();
    for (at, own) in finds.iter().enumerate() {
        let mut all = own.clone();
        if let (Some(next), Some(finds)) = (lines.get(at + 1), finds.get(at + 1)) {
            let joined = search(&format!("{}\n{next}", lines[at]));
            all.extend(joined.into_iter().filter(|find| !finds.contains(find)));
        }
        add(all, Place::line(file, at as u32 + 1, 1));
    }
}

/// A line of Markdown without the addresses of its links, which stand between words that a reader sees side by side.
fn without_link_addresses(line: &str) -> Option<String> {
    let mut rest = line;
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once("](") {
        kept.push_str(before);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    (!kept.is_empty()).then(|| kept + rest)
}
