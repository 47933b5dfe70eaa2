//! Sheets whose rows belong to those of another one, as the values of two columns show: an export of a form whose program
//! isn't known, or an office's own list of visits with a list of those who came.

use std::collections::BTreeSet;

use super::form_exports::no_participants;
use super::shaped::{ProposedParent, ProposedShape, table};
use super::{SheetGuess, UnconfiguredWorkbooks};
use crate::fold;
use crate::ingest::cell;
use crate::ingest::layout::{ProposedColumn, TableKind, names_parent};
use crate::ingest::workbook::{Projection, Workbook};

/// Rows of a sheet that are looked at.
const MOST_ROWS: usize = 50_000;

/// A column: number and heading.
type NumberedColumn = (u32, String);

/// The columns by which the rows of a sheet name those of another one.
struct SheetLink {
    parent: usize,
    key: NumberedColumn,
    reference: NumberedColumn,
}

/// Takes a list of persons, each of whom belongs to a row of activities, for attendance.
pub(super) fn propose_linked(found: &mut [SheetGuess], books: &mut [Workbook], survey: &mut UnconfiguredWorkbooks) {
    let names_activity = |guess: &SheetGuess| guess.proposal.columns.iter().any(|column| is_sure(column, "activity"));
    if found.iter().any(|guess| guess.proposal.kind == TableKind::Attendance && names_activity(guess)) {
        return;
    }
    let mut children: Vec<usize> = (0..found.len()).filter(|at| lists_persons(&found[*at])).collect();
    children.sort_by(|one, other| found[*other].score.total_cmp(&found[*one].score).then(one.cmp(other)));
    let Some((child, link)) = children.into_iter().find_map(|child| Some((child, find_link(child, found, books)?)))
    else {
        return;
    };
    join(found, child, link);
    if !found.iter().any(|guess| guess.proposal.kind == TableKind::Participants) {
        let none = no_participants(&found[child].proposal);
        survey.tables.push(table(&found[child].name, none, ProposedShape::None));
    }
}

fn is_sure(column: &ProposedColumn, name: &str) -> bool {
    column.name == name && !column.guessed
}

fn lists_persons(guess: &SheetGuess) -> bool {
    matches!(guess.proposal.kind, TableKind::Participants | TableKind::Attendance)
        && guess.proposal.columns.iter().any(|column| column.name == "person")
}

fn find_link(child: usize, found: &[SheetGuess], books: &mut [Workbook]) -> Option<SheetLink> {
    let references = candidates(&found[child], &["activity", "session"]);
    for parent in (0..found.len()).filter(|at| found[*at].proposal.kind == TableKind::Activities) {
        let keys: Vec<(NumberedColumn, Vec<String>)> = candidates(&found[parent], &["id"])
            .into_iter()
            .map(|column| (column.clone(), texts(&found[parent], books, column.0)))
            .filter(|(_, texts)| texts.len() > 1 && texts.iter().collect::<BTreeSet<_>>().len() == texts.len())
            .collect();
        // Columns that bear the same heading, or say that they name another row, come before those that only fit.
        let mut fitting: Vec<(bool, SheetLink)> = Vec::new();
        for reference in &references {
            let named = texts(&found[child], books, reference.0);
            for (key, known) in &keys {
                let is_alike =
                    fold::heading_key(&key.1) == fold::heading_key(&reference.1) || names_parent(&reference.1);
                if refers(&named, known, is_alike) {
                    fitting.push((!is_alike, SheetLink { parent, key: key.clone(), reference: reference.clone() }));
                }
            }
        }
        fitting.sort_by_key(|(is_other, link)| (*is_other, link.reference.0, link.key.0));
        if let Some((_, link)) = fitting.into_iter().next() {
            return Some(link);
        }
    }
    None
}

/// The columns of a sheet that have no meaning yet, or one of these.
fn candidates(guess: &SheetGuess, names: &[&str]) -> Vec<NumberedColumn> {
    let known = guess.proposal.columns.iter().filter(|column| names.contains(&column.name.as_str()));
    let mut columns: Vec<NumberedColumn> = known.map(|column| (column.column, column.heading.clone())).collect();
    columns.extend(guess.own_columns.iter().cloned());
    columns.sort();
    columns
}

/// The texts of a column, folded, without its blanks.
pub(super) fn texts(guess: &SheetGuess, books: &mut [Workbook], column: u32) -> Vec<String> {
    let mut texts = Vec::new();
    let rows = books[guess.book].rows(guess.sheet, &Projection::Columns(vec![column]));
    // What can't be read is a problem of `check`.
    let _ = rows.and_then(|rows| {
        rows.for_each(|row| {
            if row.number > guess.proposal.header_row && texts.len() < MOST_ROWS {
                let text = cell::read_code(row.cell(column)).ok().flatten();
                texts.extend(text.map(|text| fold::code_key(&text)));
            }
        })
    });
    texts
}

/// Whether nearly all of some texts are keys. Without a word that says so, numbers are no sign: ages are among the numbers of
/// rows, too.
fn refers(texts: &[String], keys: &[String], is_alike: bool) -> bool {
    let known: BTreeSet<&String> = keys.iter().collect();
    let different: BTreeSet<&String> = texts.iter().collect();
    let is_number = |text: &String| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_running = texts.iter().enumerate().all(|(at, text)| *text == (at + 1).to_string());
    let is_sign = is_alike || different.len() > 1 && !texts.iter().any(is_number);
    let among = texts.iter().filter(|text| known.contains(text)).count();
    texts.len() > 1 && is_sign && !is_running && among * 10 >= texts.len() * 8
}

/// Writes into both proposals how they belong together.
fn join(found: &mut [SheetGuess], child: usize, link: SheetLink) {
    let SheetLink { parent, key: (key_column, key), reference: (reference_column, reference) } = link;
    let proposal = &mut found[parent].proposal;
    let id = proposal.columns.iter().find(|column| column.name == "id" && column.column != key_column).cloned();
    if id.is_none() && !proposal.columns.iter().any(|column| column.name == "id") {
        proposal.columns.push(ProposedColumn {
            name: "id".to_owned(),
            lang: None,
            heading: key.clone(),
            column: key_column,
            guessed: true,
        });
        proposal.missing.retain(|name| name != "id");
        proposal.attributes.retain(|heading| *heading != key);
    }
    let of_parent = found[parent].name.clone();
    let guess = &mut found[child];
    // Where activities have a code of their own, it is what a person's row has of the row that it belongs to.
    let (heading, column) = match &id {
        Some(id) => (id.heading.clone(), id.column),
        None => (reference.clone(), reference_column),
    };
    guess.proposal.kind = TableKind::Attendance;
    guess.proposal.columns.retain(|column| column.name != "activity" && column.column != reference_column);
    guess.proposal.columns.push(ProposedColumn {
        name: "activity".to_owned(),
        lang: None,
        heading,
        column,
        guessed: true,
    });
    guess.proposal.missing.retain(|name| name != "activity");
    guess.proposal.attributes.retain(|heading| *heading != reference);
    guess.repeat = id.map(|_| ProposedParent {
        file: Some(of_parent.file.clone()).filter(|file| *file != guess.name.file),
        sheet: of_parent.sheet,
        key,
        reference,
    });
}
