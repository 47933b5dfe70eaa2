//! Persons who are one under two codes: said by `same_as`, suspected by name, birth year and sex.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::Persons;
use crate::diagnostic::Problem;
use crate::ingest::raw::RawRow;
use crate::ingest::table::{Part, Role, TableRun};
use crate::model::{Birth, Value};

/// What the columns `same_as` and `different_from` say.
#[derive(Default)]
pub struct Links {
    written: Vec<Link>,
    different: BTreeSet<(u32, u32)>,
}

struct Link {
    person: u32,
    other: String,
    same: bool,
    part: Part,
    row: u32,
    column: u32,
}

impl Links {
    pub fn add(&mut self, person: u32, other: String, same: bool, part: &Part, row: u32, column: u32) {
        self.written.push(Link { person, other, same, part: part.clone(), row, column });
    }
}

/// For each person the number of the one whom they stand for: the first of those who are the same.
pub fn settle(run: &mut TableRun, persons: &mut Persons) -> Vec<u32> {
    let mut same: Vec<u32> = (0..persons.infos.len() as u32).collect();
    for link in std::mem::take(&mut persons.links.written) {
        let Some(found) = persons.codes.find(&link.other) else {
            let problem =
                crate::ingest::logframe::nearest_of(Problem::error("unknown-person"), &link.other, &persons.codes)
                    .variant("link");
            let row = RawRow { number: link.row, ..RawRow::default() };
            run.fault_in_used(&link.part, &row, link.column, Role::Describing, problem);
            continue;
        };
        if link.same {
            join(&mut same, link.person, found.number);
        } else {
            persons.links.different.insert(pair(link.person, found.number));
        }
    }
    for person in 0..same.len() as u32 {
        same[person as usize] = first(&same, person);
    }
    same
}

fn join(same: &mut [u32], a: u32, b: u32) {
    let (a, b) = (first(same, a), first(same, b));
    same[a.max(b) as usize] = a.min(b);
}

fn first(same: &[u32], mut person: u32) -> u32 {
    while same[person as usize] != person {
        person = same[person as usize];
    }
    person
}

fn pair(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

/// Persons with the same name, birth year and sex as an earlier one, each with that one; rising.
pub fn suspected(persons: &Persons, same: &[u32]) -> Vec<(u32, u32)> {
    let alike = |number: u32| {
        let known = persons.known(number);
        let year = match known.birth()? {
            Birth::Year(year) => year,
            Birth::Date(date) => date.year(),
            _ => return None,
        };
        let Value::One(sex) = known.sex()? else { return None };
        Some((persons.infos[number as usize].name?, year, sex.0, number))
    };
    let mut named: Vec<([u8; 16], i16, u32, u32)> =
        (0..persons.infos.len() as u32).into_par_iter().filter_map(alike).collect();
    named.par_sort_unstable();
    let mut found: Vec<(u32, u32)> = Vec::new();
    for group in named.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)) {
        let Some(((.., known), others)) = group.split_first() else { continue };
        for (.., other) in others {
            let settled = same[*known as usize] == same[*other as usize]
                || persons.links.different.contains(&pair(*known, *other));
            if !settled {
                found.push((*other, *known));
            }
        }
    }
    found.sort_unstable();
    found
}

/// Warns of [`suspected`] persons.
pub fn tell_suspected(run: &mut TableRun, persons: &Persons, suspected: Vec<(u32, u32)>) {
    for (person, known) in suspected {
        let Some((part, row, column)) = persons.cell(person) else { continue };
        let mut problem = Problem::warning("probable-duplicate");
        // Of those that follow, only the cell is told.
        if run.is_first("probable-duplicate", part, column) {
            problem = problem
                .with("value", persons.codes.written(person))
                .with("known", persons.codes.written(known))
                .with("other", persons.describe(known))
                .excerpt(vec![("person".to_owned(), persons.codes.written(person).to_owned())], Some(0));
        }
        let row = RawRow { number: row, ..RawRow::default() };
        run.remark(part, &row, column, problem);
    }
}
