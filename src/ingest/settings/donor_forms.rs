//! `[[forms]]`: donors' own forms, and what is filled into them.

use std::path::Path;

use super::named_files::named_file;
use super::toml_reader::{TomlKeys, TomlNode, TomlReader};
use crate::diagnostic::kinds;
use crate::model::{FormCell, FormRows, FormSettings, Lang, ReportSettings};

/// Reads `[[forms]]`. A fault is about no report: it stops the form alone.
pub fn read_forms<'a>(
    reader: &TomlReader<'a>,
    keys: &TomlKeys<'a>,
    folder: &Path,
    languages: &[Lang],
    reports: &[ReportSettings],
) -> Vec<FormSettings> {
    let before = reader.problem_count();
    let mut forms: Vec<FormSettings> = Vec::new();
    for keys in reader.tables(keys, "forms") {
        let faults = reader.problem_count();
        let form = read_form(reader, &keys, folder, languages, reports, &forms);
        keys.finish(reader);
        forms.extend(form.filter(|_| reader.problem_count() == faults));
    }
    reader.attribute_since(before, None);
    forms
}

fn read_form<'a>(
    reader: &TomlReader<'a>,
    keys: &TomlKeys<'a>,
    folder: &Path,
    languages: &[Lang],
    reports: &[ReportSettings],
    others: &[FormSettings],
) -> Option<FormSettings> {
    let file_node = reader.require(keys, "file");
    let file = file_node.as_ref().and_then(|node| named_file(reader, folder, node));
    let known: Vec<(&str, &str)> = reports.iter().map(|report| (report.name.as_str(), report.name.as_str())).collect();
    let all = || reports.iter().map(|report| report.name.clone()).collect();
    let reports: Vec<String> = keys.take("reports").map_or_else(all, |node| {
        let names = reader.array(&node).into_iter().filter_map(|item| reader.choice(&item, &known));
        names.map(str::to_owned).collect()
    });
    let tags: Vec<(&str, usize)> = languages.iter().enumerate().map(|(at, lang)| (lang.as_str(), at)).collect();
    let language = keys.take("language").and_then(|node| reader.choice(&node, &tags)).unwrap_or_default();
    let cells = keys.take("cells").map(|node| read_cells(reader, &node)).unwrap_or_default();
    let rows = reader.tables(keys, "rows").into_iter().filter_map(|keys| {
        let rows = read_rows(reader, &keys);
        keys.finish(reader);
        rows
    });
    let rows = rows.collect();
    let form = FormSettings { file: file?, reports, language: languages.get(language)?.clone(), cells, rows };
    let is_same = |other: &FormSettings| {
        other.file_name().eq_ignore_ascii_case(form.file_name())
            && other.reports.iter().any(|name| form.reports.contains(name))
    };
    if others.iter().any(is_same) {
        reader.report_at(&file_node?.span, kinds::DuplicateFile);
    }
    Some(form)
}

fn line_of<'a>(reader: &TomlReader<'a>, node: &TomlNode<'a>) -> u32 {
    reader.place(&node.span).line_number().unwrap_or(1)
}

fn read_cells<'a>(reader: &TomlReader<'a>, node: &TomlNode<'a>) -> Vec<FormCell> {
    let Some(keys) = reader.keys(node) else { return Vec::new() };
    let cells = keys.entries().into_iter().filter_map(|(place, _, node)| {
        Some(FormCell { place: place.to_owned(), text: reader.string(&node)?, line: line_of(reader, &node) })
    });
    cells.collect()
}

fn read_rows<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>) -> Option<FormRows> {
    let line = reader.place(&keys.span).line_number().unwrap_or(1);
    let text = |key: &'static str| keys.take(key).and_then(|node| reader.string(&node));
    let from = reader.require(keys, "from").and_then(|node| reader.string(&node));
    let each = reader.require(keys, "each").and_then(|node| reader.string(&node));
    let cells = reader.require(keys, "cells").map(|node| {
        let items = reader.array(&node).into_iter();
        items.filter_map(|item| item.value.as_str().map(str::to_owned).or_else(|| reader.string(&item))).collect()
    });
    let (to, rest) = (text("to"), text("rest"));
    let limit = keys.take("limit").and_then(|node| reader.integer(&node, 1..=1_048_576));
    Some(FormRows { from: from?, to, each: each?, cells: cells?, limit, rest, line })
}
