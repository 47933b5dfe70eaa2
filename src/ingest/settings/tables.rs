//! `[tables.X]`: where each table is and how its columns are headed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use encoding_rs::Encoding;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::counts::count_column;
use super::missing_files::{MissingFiles, report_missing_files};
use super::named_files::find_named_file;
use super::shapes::{ShapePlan, read_shape};
use super::table_columns::read_columns;
use super::toml_reader::{TomlKeys, TomlNode, TomlReader};
use crate::diagnostic::{Place, kinds};
use crate::folder::matching_files;
use crate::ingest::cell::DateOrder;
use crate::ingest::layout::{ColumnMappings, LAST_HEADER_ROW, TableKind};
use crate::model::{Lang, Text};

/// Which sheets of its files a table is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetPlan {
    /// The one that fits; project.toml doesn't say.
    Fitting,
    /// `sheet`: this one. Others that fit are warned of.
    One(String, Place),
    /// `sheets = ["…", …]`: these and no others.
    Named(Vec<(String, Place)>),
    /// `sheets = "*"`: every one that fits.
    All(Place),
}

impl SheetPlan {
    /// The sheets that project.toml names, with the places that name them.
    pub fn named(&self) -> Vec<(&str, &Place)> {
        match self {
            SheetPlan::Fitting | SheetPlan::All(_) => Vec::new(),
            SheetPlan::One(name, place) => vec![(name, place)],
            SheetPlan::Named(names) => names.iter().map(|(name, place)| (name.as_str(), place)).collect(),
        }
    }
}

/// How the cells of a table are to be read, as far as project.toml says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableOptions {
    /// `dates`: what comes first in dates with slashes.
    pub dates: Option<DateOrder>,
    /// `short_years`: a year of two digits is one of this century.
    pub short_years: bool,
    /// By the column's name.
    pub columns: BTreeMap<String, ColumnOptions>,
    /// Where times that say their zone are read, unless a column says another.
    pub zone: Option<TimeZone>,
    /// It comes from a form, which joins answers by blanks.
    pub is_form: bool,
}

/// What a column's entry says besides its heading.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnOptions {
    /// How documents print the column's name.
    pub label: Text,
    /// The list that its values are on, and the place that names it.
    pub list: Option<(String, Place)>,
    /// What separates several values in a cell, besides `;` and line breaks. Empty: they are never joined.
    pub split: Option<Vec<String>>,
    /// Where its times that say their zone are read.
    pub zone: Option<TimeZone>,
}

/// What project.toml says of one table. A table it doesn't mention is looked for in the whole folder.
#[derive(Clone, Debug)]
pub struct TablePlan {
    /// The table.
    pub kind: TableKind,
    /// Paths relative to the project's folder, in their order; none: look everywhere.
    pub files: Vec<(String, Place)>,
    /// It names a file or a shape that can't be used, which was reported; nothing else is read instead.
    pub is_faulty: bool,
    /// The encoding of its CSV files that aren't UTF-8.
    pub encoding: Option<&'static Encoding>,
    /// `none = true`: there is no such table, whatever sheet looks like one.
    pub none: bool,
    /// Its sheets.
    pub sheets: SheetPlan,
    /// `header`: the last row of headings, where it isn't to be found by itself.
    pub header_row: Option<u32>,
    /// How its cells are read.
    pub options: Arc<TableOptions>,
    /// How its rows are made.
    pub shape: ShapePlan,
    /// Headings that it gives columns.
    pub columns: ColumnMappings,
    /// The place of each of `columns`.
    pub column_places: BTreeMap<String, Place>,
    /// The place of `[tables.X]`.
    pub place: Place,
}

/// Reads `[tables]`.
pub fn read_tables<'a>(
    reader: &TomlReader<'a>,
    keys: &TomlKeys<'a>,
    root: &Path,
    languages: &[Lang],
    zone: Option<&TimeZone>,
) -> Vec<TablePlan> {
    let Some(tables) = keys.take("tables").and_then(|node| reader.keys(&node)) else { return Vec::new() };
    let mut plans = Vec::new();
    let mut missing = MissingFiles::new();
    for kind in TableKind::ALL {
        let Some(node) = tables.take(kind.name()) else { continue };
        let Some(keys) = reader.keys(&node) else { continue };
        plans.push(read_plan(reader, root, (kind, &keys), (languages, zone), &mut missing));
        keys.finish(reader);
    }
    tables.finish(reader);
    report_missing_files(reader, root, &plans, &missing);
    plans
}

fn read_plan<'a>(
    reader: &TomlReader<'a>,
    root: &Path,
    (kind, keys): (TableKind, &TomlKeys<'a>),
    (languages, zone): (&[Lang], Option<&TimeZone>),
    missing: &mut MissingFiles,
) -> TablePlan {
    let mut named: Vec<TomlNode<'a>> = keys.take("file").into_iter().collect();
    let several = keys.take("files");
    named.extend(
        several.iter().flat_map(|node| if node.value.is_str() { vec![node.clone()] } else { reader.array(node) }),
    );
    let mut files: Vec<(String, Place)> = Vec::new();
    let mut file_missing = false;
    for node in &named {
        if let Some(pattern) = node.value.as_str().filter(|text| text.contains('*')) {
            let found = matching_files(root, pattern);
            if found.is_empty() {
                reader.report_at(&node.span, kinds::NoFileLike { pattern: pattern.to_owned() });
                file_missing = true;
            }
            let new = found.into_iter().filter(|file| !files.iter().any(|(other, _)| other == file));
            files.extend(new.map(|file| (file, reader.place(&node.span))).collect::<Vec<_>>());
            continue;
        }
        let file = match find_named_file(reader, root, node) {
            Some(Ok(file)) => file,
            faulty => {
                if let Some(Err(path)) = faulty {
                    missing.entry(path).or_default().push(node.span.clone());
                }
                file_missing = true;
                continue;
            }
        };
        if files.iter().any(|(other, _)| *other == file) {
            reader.report_at(&node.span, kinds::DuplicateFile);
        } else {
            files.push((file, reader.place(&node.span)));
        }
    }
    let sheets = read_sheets(reader, keys);
    let header_row = keys.take("header").and_then(|node| reader.integer(&node, 1..=u64::from(LAST_HEADER_ROW)));
    let none = keys.take("none").and_then(|node| reader.boolean(&node)).unwrap_or_default();
    if none && (!named.is_empty() || sheets != SheetPlan::Fitting) {
        reader.report_at(&keys.span, kinds::NoneWithPlace { table: kind.name().to_owned() });
    }
    let mut options = TableOptions {
        dates: keys.take("dates").and_then(|node| reader.choice(&node, &DATE_ORDERS)),
        short_years: keys.take("short_years").and_then(|node| reader.boolean(&node)).unwrap_or_default(),
        columns: BTreeMap::new(),
        zone: keys.take("zone").and_then(|node| read_zone(reader, &node)).or_else(|| zone.cloned()),
        is_form: false,
    };
    let mut plan = TablePlan {
        kind,
        files,
        is_faulty: file_missing,
        encoding: read_encoding(reader, keys, !named.is_empty()),
        none,
        sheets,
        header_row: header_row.map(|row| row as u32),
        options: Arc::default(),
        shape: ShapePlan::default(),
        columns: ColumnMappings::new(),
        column_places: BTreeMap::new(),
        place: reader.place(&keys.span),
    };
    if let Some(keys) = keys.take("columns").and_then(|node| reader.keys(&node)) {
        read_columns(reader, &mut plan, &mut options, languages, &keys);
    }
    let before = reader.problem_count();
    plan.shape = read_shape(reader, kind, keys, &mut plan.columns);
    for counts in &plan.shape.counts {
        let parts = counts.parts.iter().map(|part| (count_column(&part.heading), part.place.clone()));
        plan.column_places
            .extend(parts.chain(counts.total.iter().map(|(_, place)| ("reached".to_owned(), place.clone()))));
    }
    plan.shape.is_faulty = reader.problem_count() > before;
    plan.is_faulty |= plan.shape.is_faulty;
    options.is_form = plan.shape.form.as_ref().is_some_and(|form| form.preset.is_some());
    plan.options = Arc::new(options);
    plan
}

/// Names of encodings that a message proposes; all of the WHATWG's standard are known.
const ENCODINGS: [&str; 10] = [
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1254",
    "iso-8859-2",
    "x-mac-cyrillic",
    "koi8-r",
    "ibm866",
    "utf-8",
    "utf-16le",
];

/// Reads `encoding`, which needs files that are named: else it might be another table's file.
fn read_encoding<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>, names_files: bool) -> Option<&'static Encoding> {
    let node = keys.take("encoding")?;
    if !names_files {
        reader.report_missing(&node.span, keys, "file");
    }
    let written = reader.string(&node)?;
    let encoding = Encoding::for_label_no_replacement(written.as_bytes());
    if encoding.is_none() {
        reader.report_unknown(&node.span, &written, ENCODINGS, |value, nearest| kinds::UnknownChoice {
            key: node.name.clone(),
            known: ENCODINGS.join(", "),
            value,
            nearest,
        });
    }
    encoding
}

const DATE_ORDERS: [(&str, DateOrder); 2] =
    [("day-first", DateOrder::DayFirst), ("month-first", DateOrder::MonthFirst)];

/// `sheet` or `sheets`.
fn read_sheets<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>) -> SheetPlan {
    let one = keys.take("sheet").and_then(|node| Some((reader.string(&node)?, reader.place(&node.span))));
    let Some(node) = keys.take("sheets") else {
        return one.map_or(SheetPlan::Fitting, |(name, place)| SheetPlan::One(name, place));
    };
    if node.value.as_str() == Some("*") {
        return SheetPlan::All(reader.place(&node.span));
    }
    let several = reader.strings(&node).into_iter().map(|(name, span)| (name, reader.place(&span)));
    SheetPlan::Named(one.into_iter().chain(several).collect())
}

/// A zone by its name in the tz database, such as `Europe/Skopje`. The database is part of the program.
pub(super) fn read_zone<'a>(reader: &TomlReader<'a>, node: &TomlNode<'a>) -> Option<TimeZone> {
    let value = reader.string(node)?;
    let zone = TimeZoneDatabase::bundled().get(&value).ok();
    if zone.is_none() {
        reader.report_at(&node.span, kinds::UnknownZone { value });
    }
    zone
}
