//! The lists table: rows of list, code, labels and aliases, added to the built-in lists.

use std::borrow::Cow;

use super::ListIndex;
use crate::diagnostic::kinds;
use crate::ingest::cell;
use crate::ingest::table::{OnFault, RowReader};
use crate::model::Lang;

/// Reads one row into the lists.
pub fn read_list_row(row: &mut RowReader, lists: &mut ListIndex, languages: &[Lang]) {
    let name = row.field("list").required_code();
    let code = read_code(row);
    let holds_none = code.as_deref().is_some_and(cell::is_placeholder);
    let label = if holds_none { row.any_text("label", languages) } else { row.translated_text("label", languages) };
    let aliases = row.field("aliases").any_text().filter(|text| holds_none || !is_blank(text)).unwrap_or_default();
    if let (Some(name), Some(code)) = (&name, &code) {
        let list = lists.add_list(name);
        lists.set_named_at(list, row.field("list").place());
        if let Some(entry) = find_or_add_entry(row, lists, list, name, code) {
            lists.set_described_at(list, entry, row.field("code").describe());
            for (lang, text) in label.iter() {
                lists.lists.lists[list].entries[entry as usize].label.set(lang.clone(), text.to_owned());
            }
            add_spellings(row, lists, (list, entry), (name, code), &aliases);
            let known = &mut lists.lists.lists[list].entries[entry as usize].aliases;
            known.extend(cell::split_parts(&aliases).map(str::to_owned));
        }
    }
    row.finish();
}

/// The entry's code. Every mark is one, also what is a placeholder elsewhere: `нема`.
fn read_code<'a>(row: &mut RowReader<'a, '_>) -> Option<Cow<'a, str>> {
    match row.field("code").any_text() {
        Some(text) if cell::is_placeholder(&text) => Some(text),
        _ => row.field("code").required_code(),
    }
}

/// Whether a text is a mark for nothing; a word such as `нема` is an alias that somebody wrote.
fn is_blank(text: &str) -> bool {
    cell::is_placeholder(text) && !cell::is_none_word(text)
}

/// The entry that the row describes; none if its code may not be added to the list.
fn find_or_add_entry(row: &mut RowReader, lists: &mut ListIndex, list: usize, name: &str, code: &str) -> Option<u32> {
    let mut field = row.field("code");
    if let Some(found) = lists.find(list, code) {
        if let Some(first) = lists.described_at(list, found.entry) {
            let kind = kinds::DuplicateCode { value: code.to_owned(), other: first.to_owned() };
            field.report(OnFault::DropRow, kind);
        }
        return Some(found.entry);
    }
    if ListIndex::is_extendable(name) {
        return Some(lists.add_entry(list, code));
    }
    let nearest = lists.nearest(list, code).map(str::to_owned);
    let known = lists.first_values(list);
    let kind = kinds::UnlistedValue::Plain { value: code.to_owned(), list: name.to_owned(), known, nearest };
    field.report(OnFault::DropRow, kind);
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
        let text = cell::read_any_text(raw.cell(column.column)).ok().flatten()?;
        let is_label = !cell::is_placeholder(&text) || cell::is_placeholder(code) || cell::is_none_word(&text);
        is_label.then_some(())?;
        Some((Some(column.column), text.into_owned()))
    });
    let aliases = cell::split_parts(aliases).map(|alias| (sheet.column("aliases"), alias.to_owned()));
    for (column, spelling) in labels.chain(aliases) {
        if let Some(other) = lists.add_spelling(list, entry, &spelling) {
            let other = lists.code(list, other).to_owned();
            let (list, code) = (name.to_owned(), code.to_owned());
            let kind = kinds::AmbiguousValue { value: spelling, list, code, other };
            row.field_at(column).report(OnFault::BlankValue, kind);
        }
    }
}
