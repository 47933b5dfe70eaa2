//! The lists table: rows of list, code, labels and aliases, added to the built-in lists.

use super::Listing;
use crate::diagnostic::Problem;
use crate::ingest::cell;
use crate::ingest::raw::RawRow;
use crate::ingest::table::{Part, Role, TableRun};
use crate::model::Lang;

/// Adds one row to the lists.
pub fn read(run: &mut TableRun, part: &Part, row: &RawRow, listing: &mut Listing, languages: &[Lang]) {
    let name = run.key(part, row, part.column("list"), "missing-value").map(|name| name.into_owned());
    let code = run.key(part, row, part.column("code"), "missing-value").map(|code| code.into_owned());
    let label = run.translated(part, row, "label", languages, false);
    let aliases = run.text(part, row, part.column("aliases")).map(|text| text.into_owned()).unwrap_or_default();
    if let (Some(name), Some(code)) = (&name, &code) {
        let at = listing.add_list(name);
        let known = listing.find(at, code).map(|meaning| meaning.entry);
        let code_column = part.column("code").unwrap_or_default();
        let entry = match known {
            Some(entry) if listing.is_first_mention(at, entry) => entry,
            Some(entry) => {
                let first = listing.mention(at, entry).unwrap_or_default().to_owned();
                let problem = Problem::error("duplicate-code").with("value", code.as_str()).with("other", first);
                run.fault(part, row, code_column, Role::Deciding, problem);
                entry
            }
            None if !Listing::is_extendable(name) => {
                let mut problem = Problem::error("unlisted-value")
                    .with("value", code.as_str())
                    .with("column", run.heading(part, code_column))
                    .with("list", name.as_str());
                if let Some(near) = listing.nearest(at, code) {
                    problem = problem.variant("nearest").with("nearest", near);
                }
                run.fault(part, row, code_column, Role::Deciding, problem);
                run.settle();
                return;
            }
            None => listing.add_entry(at, code),
        };
        listing.set_mention(at, entry, part.describe(row.number, code_column));
        for (lang, text) in label.iter() {
            listing.lists.lists[at].entries[entry as usize].label.set(lang.clone(), text.to_owned());
        }
        let labels: Vec<(u32, String)> = part
            .layout
            .columns("label")
            .filter_map(|column| {
                let text = cell::read_text(row.cell(column.column)).ok().flatten()?;
                Some((column.column, text.into_owned()))
            })
            .collect();
        let alias_column = part.column("aliases").unwrap_or_default();
        let spellings = cell::parts(&aliases).map(|alias| (alias_column, alias.to_owned()));
        for (column, spelling) in labels.into_iter().chain(spellings) {
            if let Some(other) = listing.add_spelling(at, entry, &spelling) {
                let problem = Problem::error("ambiguous-value")
                    .with("value", spelling.as_str())
                    .with("list", name.as_str())
                    .with("code", code.as_str())
                    .with("other", listing.code(at, other));
                run.fault(part, row, column, Role::Describing, problem);
            }
        }
        for alias in cell::parts(&aliases) {
            listing.lists.lists[at].entries[entry as usize].aliases.push(alias.to_owned());
        }
    }
    run.settle();
}
