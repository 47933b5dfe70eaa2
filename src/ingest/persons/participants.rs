//! The participants table.

use std::num::NonZeroU32;

use super::Persons;
use super::facts::{Contradiction, Source};
use super::fields::{FieldColumns, FieldGround, PersonFields};
use super::patterns::{Meanings, Patterns};
use crate::diagnostic::Problem;
use crate::ingest::cell::{self, SlashColumn};
use crate::ingest::codes::Found;
use crate::ingest::fold;
use crate::ingest::layout::TableKind;
use crate::ingest::lists::Listing;
use crate::ingest::personal::{self, NameTrace, Salt, Traces};
use crate::ingest::raw::{Raw, RawRow};
use crate::ingest::sources::Tables;
use crate::ingest::table::{Part, Role, TableRun};
use crate::ingest::workbook::Wanted;
use crate::model::Settings;

pub fn read(
    tables: &mut Tables,
    run: &mut TableRun,
    fields: &mut PersonFields,
    listing: &Listing,
    settings: &Settings,
    traces: &mut Traces,
    persons: &mut Persons,
) {
    for part in tables.parts(TableKind::Participants) {
        persons.closed = true;
        let columns = fields.columns(&part);
        persons.parts.push((part.clone(), columns.clone()));
        persons.recalled.turn_to(part.book);
        let slashes = slash_column(tables, &part, columns.birth_date());
        let ground = FieldGround { listing, settings, slashes };
        let own = ["person", "name", "same_as", "different_from"].into_iter().filter_map(|name| part.column(name));
        let mut wanted: Vec<u32> = own.chain(columns.wanted()).collect();
        let aside = personal::unread(&part, &wanted);
        wanted.extend(&aside);
        wanted.sort_unstable();
        wanted.dedup();
        let names = part.column("name");
        let (mut patterns, mut meanings) = (Patterns::new(&columns), Meanings::default());
        // Names are folded beside the parsing and hashed after it, so that one core has about as much to do as the other.
        let prepare = |row: &RawRow| (patterns.number(row), folded(row, names));
        tables.each_row(run, &part, &Wanted::Columns(wanted), prepare, |run, row, (pattern, folded)| {
            run.begin(&part, row);
            let code = run.key(&part, row, part.column("person"), "missing-person");
            let words = meanings.of(pattern, run, |run| {
                persons.words.find_or_keep(fields.read(run, &part, row, &columns, &ground, None))
            });
            traces.aside(row, &aside);
            let Some(code) = code else {
                run.settle();
                return;
            };
            let number = person(run, &part, row, &code, persons).number;
            recall(row, part.column("person"), number, persons);
            hear(run, &part, row, (number, words), Source::Table, &columns, persons);
            name(number, persons, traces, |salt| named(row, names, &folded?, salt));
            links(run, &part, row, number, persons);
            run.settle();
        });
    }
}

/// A birth date column is read twice, so that one date that reads one way settles the others.
pub fn slash_column(tables: &mut Tables, part: &Part, column: Option<u32>) -> SlashColumn {
    let mut slashes = SlashColumn::default();
    if let Some(column) = column {
        tables.look_through(part, Wanted::Columns(vec![column]), |row| {
            if let Ok(Some(reading)) = cell::read_date(row.cell(column)) {
                slashes.observe(reading);
            }
        });
    }
    slashes
}

/// Keeps whom a shared text names where it is their code as first written: attendance may be in the same workbook.
fn recall(row: &RawRow, column: Option<u32>, number: u32, persons: &mut Persons) {
    if let Some(cell) = column.and_then(|column| row.cell(column))
        && matches!(&cell.raw, Raw::Text(text) if text == persons.codes.written(number))
    {
        persons.recalled.keep(cell, number);
    }
}

/// The person that a row is about, by number.
pub fn person(run: &mut TableRun, part: &Part, row: &RawRow, code: &str, persons: &mut Persons) -> Found {
    let found = persons.find_or_add(code, part.row(row.number));
    if found.folded
        && let Some(column) = part.column("person")
    {
        let known = persons.codes.written(found.number).to_owned();
        run.looks_alike(part, row, column, code, &known);
    }
    found
}

/// Takes in what a row says of its person, and says where that contradicts what is known.
pub fn hear(
    run: &mut TableRun,
    part: &Part,
    row: &RawRow,
    (number, words): (u32, NonZeroU32),
    source: Source,
    columns: &FieldColumns,
    persons: &mut Persons,
) {
    for Contradiction { column, other } in persons.hear(number, words, source, part.row(row.number), columns) {
        contradiction(run, part, row, column, persons.contradicted(number, other));
    }
}

/// `person` is the code, `other` where the first value stands.
fn contradiction(run: &mut TableRun, part: &Part, row: &RawRow, column: u32, (person, other): (String, String)) {
    let problem = Problem::warning("contradicting-values")
        .with("person", person)
        .with("column", run.heading(part, column))
        .with("other", other);
    run.remark(part, row, column, problem);
}

/// The name that a row writes, folded.
pub fn folded(row: &RawRow, column: Option<u32>) -> Option<String> {
    let name = cell::read_text(row.cell(column?)).ok()??;
    Some(fold::name_key(&name))
}

/// What is kept of it.
pub fn named(row: &RawRow, column: Option<u32>, folded: &str, salt: Salt) -> Option<NameTrace> {
    let name = cell::read_text(row.cell(column?)).ok()??;
    Some(salt.name(&name, folded))
}

/// Keeps the first name that is written for a person.
pub fn name(number: u32, persons: &mut Persons, traces: &mut Traces, written: impl FnOnce(Salt) -> Option<NameTrace>) {
    let info = &mut persons.infos[number as usize];
    if info.name.is_none()
        && let Some(name) = written(traces.salt())
    {
        info.name = traces.keep(name);
    }
}

/// `same_as` and `different_from`, found once every person is known.
pub fn links(run: &mut TableRun, part: &Part, row: &RawRow, number: u32, persons: &mut Persons) {
    for (name, same) in [("same_as", true), ("different_from", false)] {
        let Some(column) = part.column(name) else { continue };
        let Some(text) = run.code(part, row, Some(column), Role::Describing) else { continue };
        for other in cell::parts(&text) {
            persons.links.add(number, other.to_owned(), same, part, row.number, column);
        }
    }
}
