//! `[tables.X]`: where each table is and how its columns are headed.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use encoding_rs::Encoding;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use toml::de::DeValue;

use super::missing_files::{MissingFiles, report_missing_files};
use super::named_files::find_named_file;
use super::shapes::{ShapePlan, read_shape};
use super::toml_reader::{TomlKeys, TomlNode, TomlReader};
use crate::diagnostic::{Place, kinds, nearest};
use crate::fold;
use crate::folder::matching_files;
use crate::ingest::cell::DateOrder;
use crate::ingest::layout::{ColumnMapping, ColumnMappings, TableKind, vocabulary};
use crate::model::{Lang, Text, column_number};

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

/// Keys of a column's entry that is more than a heading.
const ENTRY_KEYS: [&str; 6] = ["heading", "label", "list", "split", "zone", "row"];

/// `needs = { heading = "Потреби", list = "need", split = [" "] }`
fn read_column_entry<'a>(
    reader: &TomlReader<'a>,
    plan: &mut TablePlan,
    options: &mut TableOptions,
    languages: &[Lang],
    (name, name_span): (&str, &Range<usize>),
    keys: TomlKeys<'a>,
) {
    let heading = keys.take("heading");
    let is_row =
        keys.take("row").and_then(|node| Some((reader.boolean(&node)?, node))).is_some_and(|(is_row, node)| {
            let can_be_row = (plan.kind, name) == (TableKind::Activities, "id");
            if is_row && !can_be_row {
                reader.report_at(&node.span, kinds::NoRowCode { column: name.to_owned() });
            }
            is_row && can_be_row
        });
    let entry = ColumnOptions {
        label: keys.take("label").map(|node| reader.text(&node, languages)).unwrap_or_default(),
        list: keys.take("list").and_then(|node| Some((reader.string(&node)?, reader.place(&node.span)))),
        split: keys.take("split").map(|node| read_separators(reader, &node)),
        zone: keys.take("zone").and_then(|node| read_zone(reader, &node)),
    };
    options.columns.insert(name.to_owned(), entry);
    let place = || reader.place(name_span);
    match heading {
        _ if is_row => {
            plan.column_places.entry(name.to_owned()).or_insert_with(place);
            plan.columns.insert(name.to_owned(), ColumnMapping::Row);
        }
        Some(node) => read_column(reader, plan, name, None, name_span, &node),
        // Without a heading the column is found as it would be without an entry; one of the project's own bears its name.
        None if vocabulary().column(plan.kind, name).is_none() => {
            plan.column_places.entry(name.to_owned()).or_insert_with(place);
            plan.columns.insert(name.to_owned(), ColumnMapping::Heading(name.to_owned()));
        }
        None => {}
    }
    keys.finish(reader);
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

/// The texts of `split`, blanks included.
fn read_separators<'a>(reader: &TomlReader<'a>, node: &TomlNode<'a>) -> Vec<String> {
    let mut separators = Vec::new();
    for item in reader.array(node) {
        match item.value.as_str() {
            Some(text) if !text.is_empty() => separators.push(text.to_owned()),
            Some(_) => reader.report_at(&item.span, kinds::EmptyValue { key: item.name.clone() }),
            None => reader.report_wrong_type(&item, |key| kinds::WrongType::Text { key }),
        }
    }
    separators
}

fn read_columns<'a>(
    reader: &TomlReader<'a>,
    plan: &mut TablePlan,
    options: &mut TableOptions,
    languages: &[Lang],
    keys: &TomlKeys<'a>,
) {
    for (key, key_span, node) in keys.entries() {
        match node.value {
            DeValue::Table(table) if table.iter().any(|(key, _)| ENTRY_KEYS.contains(&key.get_ref().as_ref())) => {
                let Some(entry) = reader.keys(&node) else { continue };
                read_column_entry(reader, plan, options, languages, (key, &key_span), entry);
            }
            // id = { column = "A" }; title = { mk = "Наслов", en = "Title" }, or the dotted title.mk = "Наслов"
            DeValue::Table(_) => {
                let Some(by_lang) = reader.keys(&node) else { continue };
                if let Some(letter) = by_lang.take("column") {
                    read_letter(reader, plan, key, &node, &letter);
                    by_lang.finish(reader);
                    continue;
                }
                for (lang, _, heading) in by_lang.entries() {
                    read_column(reader, plan, key, Some(Lang::new(lang)), &key_span, &heading);
                }
            }
            _ => {
                let (name, lang) = split_language(key);
                read_column(reader, plan, name, lang, &key_span, &node);
            }
        }
    }
}

/// Reads `{ column = "A" }`, for a column without a heading.
fn read_letter<'a>(
    reader: &TomlReader<'a>,
    plan: &mut TablePlan,
    key: &str,
    node: &TomlNode<'a>,
    letter: &TomlNode<'a>,
) {
    let is_listed = vocabulary().column(plan.kind, split_language(key).0).is_some();
    let Some(column) = letter.value.as_str().and_then(|letters| column_number(letters.trim())) else {
        reader.report_wrong_type(letter, |key| kinds::WrongType::Letter { key });
        return;
    };
    plan.column_places.entry(key.to_owned()).or_insert_with(|| reader.place(&node.span));
    let (name, lang) = if is_listed { split_language(key) } else { (key, None) };
    let name = lang.map_or_else(|| name.to_owned(), |lang| format!("{name} ({})", lang.as_str()));
    plan.columns.insert(name, ColumnMapping::Letter(u32::from(column.get()) - 1));
}

fn read_column<'a>(
    reader: &TomlReader<'a>,
    plan: &mut TablePlan,
    name: &str,
    lang: Option<Lang>,
    key_span: &Range<usize>,
    node: &TomlNode<'a>,
) {
    let known: Vec<&str> = vocabulary().columns(plan.kind).iter().map(|column| column.name.as_str()).collect();
    // A name of the project's own becomes an attribute; one that is nearly the contract's is a typing error.
    if !known.contains(&name) && nearest(name, known.iter().copied()).is_some() {
        let table = format!("tables.{}.columns", plan.kind.name());
        reader.report_unknown(key_span, name, known.iter().copied(), |value, nearest| kinds::UnknownKey::Plain {
            table,
            value,
            nearest,
        });
        return;
    }
    let heading = match node.value {
        DeValue::Boolean(false) => None,
        DeValue::String(_) => match reader.string(node) {
            Some(heading) => Some(heading),
            None => return,
        },
        _ => {
            reader.report_wrong_type(node, |key| kinds::WrongType::Heading { key });
            return;
        }
    };
    plan.column_places.entry(name.to_owned()).or_insert_with(|| reader.place(&node.span));
    match (heading, lang) {
        (None, _) => {
            plan.columns.insert(name.to_owned(), ColumnMapping::Skip);
        }
        (Some(heading), None) => {
            plan.columns.insert(name.to_owned(), ColumnMapping::Heading(heading));
        }
        (Some(heading), Some(lang)) => {
            let mapped = plan.columns.entry(name.to_owned()).or_insert_with(|| ColumnMapping::ByLang(BTreeMap::new()));
            if let ColumnMapping::ByLang(by_lang) = mapped {
                by_lang.insert(lang, heading);
            }
        }
    }
}

/// `title (mk)` and `title_mk` as `title` and `mk`.
fn split_language(key: &str) -> (&str, Option<Lang>) {
    let parts = match key.strip_suffix(')') {
        Some(open) => open.rsplit_once('('),
        None => key.rsplit_once(['_', '.']),
    };
    let named = parts.and_then(|(name, lang)| Some((name.trim(), vocabulary().language(&fold::heading_key(lang))?)));
    match named {
        Some((name, lang)) if !name.is_empty() => (name, Some(lang.clone())),
        _ => (key, None),
    }
}
