//! Persons who are one under two codes: linked by `same_as`, or suspected by name, year of birth and sex.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::Persons;
use crate::diagnostic::{Problem, kinds};
use crate::ingest::codes::CodeId;
use crate::ingest::raw_row::RawRow;
use crate::ingest::settings::PersonLink;
use crate::ingest::table::{OnFault, RowReader, TableReader, TableSheet};
use crate::model::{Birth, RowRef, Value};

/// What the columns `same_as` and `different_from` write.
#[derive(Default)]
pub struct Links {
    unresolved: Vec<UnresolvedLink>,
    /// Pairs of persons who are different, whatever they have in common.
    different: BTreeSet<(CodeId, CodeId)>,
}

struct UnresolvedLink {
    person: CodeId,
    other_code: String,
    is_same: bool,
    sheet: TableSheet,
    row: RowRef,
    column: &'static str,
}

impl Links {
    /// Adds a link from a person to another code, as the row writes it in `column`.
    pub fn add(&mut self, person: CodeId, other_code: &str, is_same: bool, row: &RowReader, column: &'static str) {
        let other_code = other_code.to_owned();
        let sheet = row.sheet.clone();
        self.unresolved.push(UnresolvedLink { person, other_code, is_same, sheet, row: row.row_ref(), column });
    }
}

/// Resolves the links of the rows, and those of project.toml. Returns for each person the first of those who are the same.
pub fn resolve_links(table: &mut TableReader, persons: &mut Persons, links: &[PersonLink]) -> Vec<CodeId> {
    let mut firsts: Vec<CodeId> = (0..persons.records.len() as u32).map(CodeId).collect();
    for link in std::mem::take(&mut persons.links.unresolved) {
        let found = persons.codes.find(&link.other_code);
        let Some(found) = found.or_else(|| persons.codes.find_padded(&link.other_code, false)) else {
            let raw = RawRow::at(link.row);
            let mut row = table.finished_row(&link.sheet, &raw);
            row.field(link.column).report(OnFault::BlankValue, kinds::UnknownPerson::Link { value: link.other_code });
            continue;
        };
        if link.is_same {
            union(&mut firsts, link.person, found.id);
        } else {
            persons.links.different.insert(ordered(link.person, found.id));
        }
    }
    for link in links {
        let found: Vec<CodeId> = link
            .codes
            .iter()
            .filter_map(|code| {
                let found = persons.codes.find(code).or_else(|| persons.codes.find_padded(code, false));
                if found.is_none() {
                    let kind = kinds::UnknownPerson::Link { value: code.clone() };
                    table.report(Problem::error(kind).at(link.place.clone()));
                }
                Some(found?.id)
            })
            .collect();
        for (at, one) in found.iter().enumerate() {
            for other in &found[at + 1..] {
                if link.is_same {
                    union(&mut firsts, *one, *other);
                } else {
                    persons.links.different.insert(ordered(*one, *other));
                }
            }
        }
    }
    for (person, known, is_one) in persons.codes.find_zero_variants() {
        let is_resolved = find_first(&firsts, person) == find_first(&firsts, known)
            || persons.links.different.contains(&ordered(person, known));
        if is_one && !is_resolved {
            union(&mut firsts, person, known);
        } else if !is_resolved {
            table.warn_zero_variant(&persons.codes, (person, known), |code| persons.code_cell(code));
        }
    }
    for person in (0..firsts.len() as u32).map(CodeId) {
        firsts[person.index()] = find_first(&firsts, person);
    }
    firsts
}

/// Joins the groups of two persons.
fn union(firsts: &mut [CodeId], a: CodeId, b: CodeId) {
    let (a, b) = (find_first(firsts, a), find_first(firsts, b));
    firsts[a.max(b).index()] = a.min(b);
}

fn find_first(firsts: &[CodeId], mut person: CodeId) -> CodeId {
    while firsts[person.index()] != person {
        person = firsts[person.index()];
    }
    person
}

fn ordered(a: CodeId, b: CodeId) -> (CodeId, CodeId) {
    (a.min(b), a.max(b))
}

/// Persons with the name, year of birth and sex of an earlier one, each with that one; in ascending order. `firsts` is what
/// [`resolve_links`] returned.
pub fn find_probable_duplicates(persons: &Persons, firsts: &[CodeId]) -> Vec<(CodeId, CodeId)> {
    let identity = |person: CodeId| {
        let known = persons.knowledge(person)?;
        let year = match known.birth()? {
            Birth::Year(year) => year,
            Birth::Date(date) => date.year(),
            _ => return None,
        };
        let Value::One(sex) = known.sex()? else { return None };
        Some((persons.records[person.index()].name?, year, sex.0, person))
    };
    let mut identities: Vec<([u8; 16], i16, u32, CodeId)> =
        (0..persons.records.len() as u32).into_par_iter().filter_map(|number| identity(CodeId(number))).collect();
    identities.par_sort_unstable();
    let mut duplicates: Vec<(CodeId, CodeId)> = Vec::new();
    for group in identities.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)) {
        let Some(((.., known), others)) = group.split_first() else { continue };
        for (.., other) in others {
            let is_resolved = firsts[known.index()] == firsts[other.index()]
                || persons.links.different.contains(&ordered(*known, *other));
            if !is_resolved {
                duplicates.push((*other, *known));
            }
        }
    }
    duplicates.sort_unstable();
    duplicates
}

/// Warns of [probable duplicates](find_probable_duplicates).
pub fn warn_probable_duplicates(table: &mut TableReader, persons: &Persons, duplicates: Vec<(CodeId, CodeId)>) {
    for (person, known) in duplicates {
        let Some((sheet, row, column)) = persons.code_cell(person) else { continue };
        let raw = RawRow::at(row);
        let mut row = table.finished_row(sheet, &raw);
        let mut field = row.field_at(Some(column));
        let value = persons.codes.text(person).to_owned();
        let excerpt = vec![("person".to_owned(), value.clone())];
        let known_code = persons.codes.text(known).to_owned();
        let kind = kinds::ProbableDuplicate { value, known: known_code, other: persons.describe(known) };
        field.warn_problem(Problem::warning(kind).excerpt(excerpt, Some(0)));
    }
}
