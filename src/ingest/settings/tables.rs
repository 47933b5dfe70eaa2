//! `[tables.X]`: where each table is and how its columns are headed.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use encoding_rs::Encoding;
use toml::de::DeValue;

use super::named_files::named_file;
use super::toml_reader::{TomlKeys, TomlNode, TomlReader};
use crate::diagnostic::{Place, kinds, nearest};
use crate::fold;
use crate::ingest::layout::{ColumnMapping, ColumnMappings, TableKind, vocabulary};
use crate::model::Lang;

/// What project.toml says of one table. A table it doesn't mention is looked for in the whole folder.
#[derive(Clone, Debug)]
pub struct TablePlan {
    /// The table.
    pub kind: TableKind,
    /// Paths relative to the project's folder, in their order; none: look everywhere.
    pub files: Vec<(String, Place)>,
    /// It names a file that can't be used, which was reported; no other is used instead.
    pub file_missing: bool,
    /// The encoding of its CSV files that aren't UTF-8.
    pub encoding: Option<&'static Encoding>,
    /// Name of its sheet, and the place that names it.
    pub sheet: Option<(String, Place)>,
    /// Headings that it gives columns.
    pub columns: ColumnMappings,
    /// The place of each of `columns`.
    pub column_places: BTreeMap<String, Place>,
    /// The place of `[tables.X]`.
    pub place: Place,
}

/// Reads `[tables]`.
pub fn read_tables<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>, root: &Path) -> Vec<TablePlan> {
    let Some(tables) = keys.take("tables").and_then(|node| reader.keys(&node)) else { return Vec::new() };
    let mut plans = Vec::new();
    for kind in TableKind::ALL {
        let Some(node) = tables.take(kind.name()) else { continue };
        let Some(keys) = reader.keys(&node) else { continue };
        plans.push(read_plan(reader, root, kind, &keys));
        keys.finish(reader);
    }
    tables.finish(reader);
    plans
}

fn read_plan<'a>(reader: &TomlReader<'a>, root: &Path, kind: TableKind, keys: &TomlKeys<'a>) -> TablePlan {
    let mut named: Vec<TomlNode<'a>> = keys.take("file").into_iter().collect();
    named.extend(keys.take("files").map(|node| reader.array(&node)).unwrap_or_default());
    let mut files: Vec<(String, Place)> = Vec::new();
    let mut file_missing = false;
    for node in &named {
        let Some(file) = named_file(reader, root, node) else {
            file_missing = true;
            continue;
        };
        if files.iter().any(|(other, _)| *other == file) {
            reader.report_at(&node.span, kinds::DuplicateFile);
        } else {
            files.push((file, reader.place(&node.span)));
        }
    }
    let sheet = keys.take("sheet").and_then(|node| Some((reader.string(&node)?, reader.place(&node.span))));
    let mut plan = TablePlan {
        kind,
        files,
        file_missing,
        encoding: read_encoding(reader, keys, !named.is_empty()),
        sheet,
        columns: ColumnMappings::new(),
        column_places: BTreeMap::new(),
        place: reader.place(&keys.span),
    };
    if let Some(keys) = keys.take("columns").and_then(|node| reader.keys(&node)) {
        read_columns(reader, &mut plan, &keys);
    }
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
        reader.report_at(&node.span, kinds::MissingKey { key: keys.dotted("file") });
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

fn read_columns<'a>(reader: &TomlReader<'a>, plan: &mut TablePlan, keys: &TomlKeys<'a>) {
    for (key, key_span, node) in keys.entries() {
        match node.value {
            // title = { mk = "Наслов", en = "Title" }, or the dotted title.mk = "Наслов"
            DeValue::Table(_) => {
                let Some(by_lang) = reader.keys(&node) else { continue };
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
        reader.report_unknown(key_span, name, known.iter().copied(), |value, nearest| kinds::UnknownKey {
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
