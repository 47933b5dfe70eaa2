//! The lists table: rows of list, code, labels and aliases, added to the built-in lists.

use super::ListIndex;
use crate::diagnostic::Problem;
use crate::ingest::cell;
use crate::ingest::table::{OnFault, RowReader};
use crate::model::Lang;

/// Reads one row into the lists.
pub fn read_list_row(row: &mut RowReader, lists: &mut ListIndex, languages: &[Lang]) {
    let name = row.field("list").required_code("missing-value");
    let code = row.field("code").required_code("missing-value");
    let label = row.translated_text("label", languages);
    let aliases = row.field("aliases").text().unwrap_or_default();
    if let (Some(name), Some(code)) = (&name, &code) {
        let list = lists.add_list(name);
        if let Some(entry) = find_or_add_entry(row, lists, list, name, code) {
            lists.set_described_at(list, entry, row.field("code").describe());
            for (lang, text) in label.iter() {
                lists.lists.lists[list].entries[entry as usize].label.set(lang.clone(), text.to_owned());
            }
            add_spellings(row, lists, (list, entry), (name, code), &aliases);
            let known = &mut lists.lists.lists[list].entries[entry as usize].aliases;
            known.extend(cell::split_values(&aliases).map(str::to_owned));
        }
    }
    row.finish();
}

/// The entry that the row describes; none if its code may not be added to the list.
fn find_or_add_entry(row: &mut RowReader, lists: &mut ListIndex, list: usize, name: &str, code: &str) -> Option<u32> {
    let mut field = row.field("code");
    if let Some(found) = lists.find(list, code) {
        if let Some(first) = lists.described_at(list, found.entry) {
            let problem = Problem::error("duplicate-code").with("value", code).with("other", first);
            field.report(OnFault::DropRow, problem);
        }
        return Some(found.entry);
    }
    if ListIndex::is_extendable(name) {
        return Some(lists.add_entry(list, code));
    }
    let mut problem =
        Problem::error("unlisted-value").with("value", code).with("column", field.heading()).with("list", name);
    if let Some(near) = lists.nearest(list, code) {
        problem = problem.variant("nearest").with("nearest", near);
    }
    field.report(OnFault::DropRow, problem);
    None
}

/// Adds the row's labels and aliases to the index, and reports those that another entry has.
fn add_spellings(
    row: &mut RowReader,
    lists: &mut ListIndex,
    (list, entry): (usize, u32),
    (name, code): (&str, &str),
    aliases: &str,
) {
    let (sheet, raw) = (row.sheet, row.raw);
    let labels = sheet.layout.columns("label").filter_map(|column| {
        let text = cell::read_text(raw.cell(column.column)).ok().flatten()?;
        Some((Some(column.column), text.into_owned()))
    });
    let aliases = cell::split_values(aliases).map(|alias| (sheet.column("aliases"), alias.to_owned()));
    for (column, spelling) in labels.chain(aliases) {
        if let Some(other) = lists.add_spelling(list, entry, &spelling) {
            let problem = Problem::error("ambiguous-value")
                .with("value", spelling.as_str())
                .with("list", name)
                .with("code", code)
                .with("other", lists.code(list, other));
            row.field_at(column).report(OnFault::BlankValue, problem);
        }
    }
}
