//! The columns of the activities table: which there are, and what can be said of each at the end.

use super::ActivityContext;
use crate::fold;
use crate::ingest::column_builder::ColumnBuilder;
use crate::ingest::column_checks;
use crate::ingest::table::{TableReader, TableSheet};
use crate::ingest::tables::Tables;
use crate::model::{ActivityTable, ColumnEntries, ResultNode};

/// A column of the table with the name that layouts have for it.
pub(super) struct NamedColumn {
    pub name: String,
    pub builder: ColumnBuilder,
}

const CATEGORIES: [&str; 5] = ["type", "status", "result", "municipality", "partner"];

/// What can be said of columns once all of their cells are known.
pub(super) fn check_columns(
    tables: &mut Tables,
    table: &mut TableReader,
    sheets: &[TableSheet],
    columns: &[NamedColumn],
    context: &ActivityContext,
    read: &ActivityTable,
) {
    let ActivityContext { lists, usage, .. } = *context;
    for (at, NamedColumn { name, builder }) in columns.iter().enumerate() {
        if builder.has_merged_numbers && usage.is_summed(name) {
            column_checks::report_merged_numbers(tables, table, sheets, name);
        }
        let is_read = CATEGORIES.contains(&name.as_str()) || usage.is_used(name);
        builder.none_answers().filter(|_| is_read).into_iter().for_each(|warning| table.report(warning));
        if usage.is_used(name) {
            let alone = column_checks::count_alone(builder, read.rows.iter().map(|row| (&row.values[at], 1)));
            column_checks::report_joined_values(tables, table, sheets, builder, &alone);
        }
        column_checks::warn_built_in_words(table, sheets, builder, lists, "status");
    }
}

/// Whether documents print the column's texts and no list translates them.
pub(super) fn is_untranslatable(column: &NamedColumn, context: &ActivityContext) -> bool {
    let name = column.name.as_str();
    column.builder.is_free_text()
        && !matches!(name, "id" | "title")
        && (CATEGORIES.contains(&name) || context.usage.is_axis(name))
        && column.builder.entry_count() > 0
}

/// The columns that the sheets have, still without values.
pub(super) fn build_columns(sheets: &[TableSheet], context: &ActivityContext) -> Vec<NamedColumn> {
    let ActivityContext { lists, usage, .. } = *context;
    let exists = |name: &str| sheets.iter().any(|sheet| sheet.column(name).is_some());
    let options = |name: &str| sheets.first().and_then(|sheet| sheet.options.columns.get(name));
    let list_of = |name: &str| match options(name).and_then(|options| options.list.as_ref()) {
        Some((list, _)) => lists.position(list),
        None => lists.for_activities(name),
    };
    let mut columns = Vec::new();
    let mut add = |name: &str, builder: ColumnBuilder| {
        columns.push(NamedColumn { name: name.to_owned(), builder: builder.with_options(options(name)) });
    };
    for name in ["id", "title"] {
        if usage.is_used(name) {
            add(name, ColumnBuilder::free_text(name, false));
        }
    }
    for name in CATEGORIES.into_iter().filter(|name| exists(name)) {
        let builder = match (name, context.results) {
            ("result", Some((_, nodes))) => ColumnBuilder::from_results(name, result_entries(nodes)),
            _ => match list_of(name) {
                Some(list) => ColumnBuilder::from_list(name, lists, list),
                None => ColumnBuilder::free_text(name, true),
            },
        };
        add(name, builder);
    }
    // Summed though no sheet has it: without a value, which is warned of.
    if exists("reached") || usage.is_used("reached") || context.counts.makes_reached() {
        add("reached", ColumnBuilder::counts("reached"));
    }
    if exists("precision")
        && let Some(list) = lists.position("precision")
    {
        add("precision", ColumnBuilder::from_list("precision", lists, list));
    }
    let mut known_keys: Vec<String> = Vec::new();
    for column in sheets.iter().flat_map(|sheet| &sheet.layout.columns).filter(|column| !column.listed) {
        let key = fold::heading_key(&column.name);
        if !known_keys.contains(&key) {
            known_keys.push(key);
            if context.counts.has(&column.name) {
                add(&column.name, ColumnBuilder::counts(&column.name));
                continue;
            }
            let list = list_of(&column.name);
            let builder = ColumnBuilder::attribute(&column.name, list, usage.read_as(&column.name), lists);
            add(&column.name, if usage.is_used(&column.name) { builder } else { builder.unused() });
        }
    }
    columns
}

fn result_entries(nodes: &[ResultNode]) -> ColumnEntries {
    nodes.iter().map(|node| (node.code.clone(), node.title.clone())).collect()
}
