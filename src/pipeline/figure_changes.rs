use std::collections::BTreeSet;

use crate::diagnostic::{Catalogue, Phrase, phrases, tell_apart};
use crate::model::RowPlace;
use crate::output::{FigureChange, RowChanges};

/// How many rows are named that changed a figure.
const ROWS_SHOWN: usize = 10;

/// The names of scopes in fields of figures.json.
const SCOPES: [&str; 3] = ["period", "served", "cumulative"];

/// `changed: 2017-Q1/quarterly I14 in the period: 512 → 518`, as [`describe_change`].
pub fn write_change(change: &FigureChange, fractions: &BTreeSet<String>, catalogue: &Catalogue) -> String {
    catalogue.phrase(describe_change(change, fractions, catalogue)).message
}

/// What changed in words. Values of the indicators in `fractions` are fractions. What differs in digits alone that are rounded
/// away is written with as many as it takes.
pub fn describe_change(
    change: &FigureChange,
    fractions: &BTreeSet<String>,
    catalogue: &Catalogue,
) -> phrases::FigureChanged {
    let has_fractions = fractions.contains(&change.indicator);
    let is_fraction = change.field.starts_with("progress") || has_fractions && !change.field.starts_with("status");
    let value = |value: &Option<String>| match value {
        Some(value) => value_argument(value, is_fraction, catalogue),
        None => catalogue.phrase(phrases::Absent).message,
    };
    let (old, new) = tell_apart(value(&change.old), value(&change.new));
    phrases::FigureChanged {
        document: change.document.clone(),
        indicator: change.indicator.clone(),
        field: write_field(&change.field, catalogue),
        old,
        new,
    }
}

/// The name of a field of figures.json in words: `by.sex.F.cumulative` is a part, `actual.period` the value of a scope.
pub fn write_field(field: &str, catalogue: &Catalogue) -> String {
    let (what, scope) = match field.rsplit_once('.') {
        Some((what, scope)) if SCOPES.contains(&scope) => (what, Some(scope)),
        _ => (field, None),
    };
    let word = |kind: &str, code: &str| {
        let code = code.replace(['_', '.'], "-");
        catalogue.wording(&format!("{kind}-{code}")).map(str::to_owned)
    };
    let scope = scope.map(|scope| word("scope", scope).unwrap_or_else(|| scope.to_owned()));
    let what = match what.strip_prefix("by.").map(|part| part.rsplit_once('.').ok_or(part)) {
        Some(Ok((axis, part))) => Some(format!("{axis}: {part}")),
        // All of an axis.
        Some(Err(axis)) => Some(axis.to_owned()),
        None if what == "actual" => None,
        None => Some(word("field", field).or_else(|| word("field", what)).unwrap_or_else(|| what.to_owned())),
    };
    match (what, scope) {
        (Some(what), Some(scope)) if !field.starts_with("target") => format!("{what}, {scope}"),
        (Some(what), _) => what,
        (None, scope) => scope.unwrap_or_default(),
    }
}

/// A value of figures.json as an argument that the message writes: a number, or the words for a code.
fn value_argument(value: &str, is_fraction: bool, catalogue: &Catalogue) -> String {
    let is_number = value.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    if is_number {
        let sign = if is_fraction { "%" } else { "" };
        return format!("{}{sign}", value.replace('–', ".."));
    }
    let code = value.replace('_', "-");
    let words = ["status", "value"].into_iter().find_map(|kind| catalogue.wording(&format!("{kind}-{code}")));
    words.map_or_else(|| value.to_owned(), str::to_owned)
}

/// `rows newly counted (3): participants.xlsx:Attendance:17, 18, 19; cells corrected (1): participants.xlsx:Participants:C5`
pub fn write_rows(rows: &RowChanges, catalogue: &Catalogue) -> String {
    let text = |rows: &[RowPlace], phrase: fn(String, String) -> Phrase| {
        (!rows.is_empty()).then(|| catalogue.phrase(phrase(rows.len().to_string(), write_first_rows(rows))).message)
    };
    let cells: Vec<RowPlace> = rows.cells.iter().map(|cell| cell.place.clone()).collect();
    let texts = [
        text(&rows.added, |count, rows| phrases::RowsAdded { count, rows }.into()),
        text(&rows.removed, |count, rows| phrases::RowsRemoved { count, rows }.into()),
        text(&rows.changed, |count, rows| phrases::RowsChanged { count, rows }.into()),
        text(&cells, |count, cells| phrases::CellsCorrected { count, cells }.into()),
    ];
    texts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// The first rows, the number of each after its sheet's first one.
fn write_first_rows(rows: &[RowPlace]) -> String {
    let mut text = String::new();
    for (at, row) in rows.iter().take(ROWS_SHOWN).enumerate() {
        let same = at > 0 && rows[at - 1].sheet == row.sheet;
        match (at, same) {
            (0, _) => text.push_str(&row.to_string()),
            (_, true) => text.push_str(&format!(", {}", row.spot)),
            (_, false) => text.push_str(&format!("; {row}")),
        }
    }
    if rows.len() > ROWS_SHOWN {
        text.push_str(", …");
    }
    text
}
