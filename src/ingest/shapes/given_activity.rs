use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Problem, kinds};
use crate::fold;
use crate::ingest::activities::ReadActivities;
use crate::ingest::cell;
use crate::ingest::raw_row::Raw;
use crate::ingest::table::{TableReader, TableSheet};

/// Gives the activity of a whole sheet, which a cell above it or its name may give by title, its code.
pub fn name_given_activity(sheet: &mut TableSheet, table: &mut TableReader, activities: &ReadActivities) {
    let Some(column) = sheet.column("activity") else { return };
    let Some(shape) = sheet.shape.as_deref() else { return };
    let Some(given) = shape.given_cells().find(|given| given.column == column) else { return };
    let Ok(Some(text)) = cell::read_text(Some(given)) else { return };
    let known = [cell::read_code(Some(given)).ok().flatten(), Some(text.clone())];
    if known.iter().flatten().any(|code| activities.codes.find(code).is_some()) {
        return;
    }
    let key = fold::code_key(&text);
    let mut titles: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for activity in &activities.table.rows {
        let keys = activity.title.iter().map(|(_, title)| fold::code_key(title));
        titles.entry(activities.code(activity)).or_default().extend(keys);
    }
    let named: Vec<&str> = titles.iter().filter(|(_, titles)| titles.contains(&key)).map(|(code, _)| *code).collect();
    match named.as_slice() {
        [] => {}
        [code] => {
            let mut changed = shape.clone();
            changed.set_given(column, Raw::Text((*code).to_owned().into()));
            sheet.shape = Some(Arc::new(changed));
        }
        several => {
            let ambiguous = kinds::AmbiguousTitle { value: text.into_owned(), codes: several.join(", ") };
            let place = sheet.place(sheet.layout.header_row, column);
            table.report(Problem::error(ambiguous).at(place));
        }
    }
}
