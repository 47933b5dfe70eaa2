//! Registers with a column for each activity, headed by its code or title, beside a list of the activities.

use std::collections::BTreeSet;

use super::SheetGuess;
use super::linked_sheets::texts;
use super::shaped::{WideSheet, collect_marks};
use crate::fold;
use crate::ingest::layout::{MarkHeads, TableKind, holds_marks, propose_without};
use crate::ingest::workbook::Workbook;

/// Fewest columns that are taken for those of activities.
const FEWEST_COLUMNS: usize = 2;

/// Takes the sheets of persons out of what was found whose columns of marks are headed like activities, and says so of those
/// registers whose numbered headings are their codes.
pub(super) fn take_marks_of_activities(
    found: &mut Vec<SheetGuess>,
    books: &mut [Workbook],
    registers: &mut Vec<WideSheet>,
) {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for guess in found.iter().filter(|guess| guess.proposal.kind == TableKind::Activities) {
        let named = |name: &str| matches!(name, "id" | "title");
        for column in guess.proposal.columns.iter().filter(|column| named(&column.name)) {
            names.extend(texts(guess, books, column.column));
        }
    }
    for register in registers.iter_mut().filter(|register| register.heads.heads == "session") {
        let named = register.heads.texts.iter().filter(|text| names.contains(&fold::code_key(text))).count();
        if named >= FEWEST_COLUMNS {
            register.heads.heads = "activity";
        }
    }
    found.retain(|guess| {
        let register = (guess.proposal.kind == TableKind::Participants)
            .then(|| find_register(guess, &names, &mut books[guess.book]))
            .flatten();
        let is_other = register.is_none();
        registers.extend(register);
        is_other
    });
}

fn find_register(guess: &SheetGuess, names: &BTreeSet<String>, book: &mut Workbook) -> Option<WideSheet> {
    let head = book.head(guess.sheet).ok()?;
    let row = guess.proposal.header_row;
    let is_activity = |(column, heading): &&(u32, String)| {
        names.contains(&fold::code_key(heading)) && holds_marks(&head, row, *column)
    };
    let own: Vec<&(u32, String)> = guess.own_columns.iter().filter(is_activity).collect();
    if own.len() < FEWEST_COLUMNS {
        return None;
    }
    let columns: Vec<u32> = own.iter().map(|(column, _)| *column).collect();
    let persons = propose_without(&head, TableKind::Participants, &columns)?;
    let texts = own.iter().map(|(_, heading)| heading.clone()).collect();
    let heads = MarkHeads { heads: "activity", columns, texts, lacks_year: false, total: None, row };
    let marks = collect_marks(book, guess.sheet, &heads);
    Some(WideSheet { name: guess.name.clone(), heads, persons: Some(persons), marks })
}
