//! The participants table.

use super::Persons;
use super::facts::Source;
use super::fields::{FieldGround, PersonFields, Said};
use crate::diagnostic::Problem;
use crate::ingest::cell::{self, SlashColumn};
use crate::ingest::layout::TableKind;
use crate::ingest::lists::Listing;
use crate::ingest::personal::{self, NameTrace, Salt, Traces};
use crate::ingest::raw::RawRow;
use crate::ingest::sources::Tables;
use crate::ingest::table::{Part, Role, TableRun};
use crate::ingest::workbook::Wanted;
use crate::model::{Birth, Settings, Value};

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
        persons.parts.push(part.clone());
        persons.closed = true;
        let columns = fields.columns(&part);
        let slashes = slash_column(tables, &part, columns.birth_date());
        let ground = FieldGround { listing, settings, slashes };
        let own = ["person", "name", "same_as", "different_from"].into_iter().filter_map(|name| part.column(name));
        let mut wanted: Vec<u32> = own.chain(columns.wanted()).collect();
        let aside = personal::unread(&part, &wanted);
        wanted.extend(&aside);
        wanted.sort_unstable();
        wanted.dedup();
        let (salt, names) = (traces.salt(), part.column("name"));
        let prepare = |row: &RawRow| named(row, names, salt);
        tables.each_row(run, &part, &Wanted::Columns(wanted), prepare, |run, row, named| {
            run.begin(&part, row);
            let code = run.key(&part, row, part.column("person"), "missing-person");
            let said = fields.read(run, &part, row, &columns, &ground, None);
            traces.aside(row, &aside);
            let Some(code) = code else {
                run.settle();
                return;
            };
            let number = person(run, &part, row, &code, fields.others.len(), persons);
            hear(run, &part, row, number, &said, Source::Table, persons);
            for (at, value) in said.values.iter().enumerate().filter(|(_, value)| **value != Value::Blank) {
                let column = columns.other(at).unwrap_or_default();
                let fact = &mut persons.infos[number as usize].values[at];
                if fact.hear(value.clone(), Source::Table, part.row(row.number), column) {
                    let other = (fact.row, fact.column);
                    contradiction(run, &part, row, column, persons.contradicted(number, other));
                }
            }
            name(number, persons, traces, |_| named);
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

/// The person that a row is about, by number.
pub fn person(run: &mut TableRun, part: &Part, row: &RawRow, code: &str, columns: usize, persons: &mut Persons) -> u32 {
    let found = persons.find_or_add(code, part.row(row.number), columns);
    if found.folded
        && let Some(column) = part.column("person")
    {
        let known = persons.codes.written(found.number).to_owned();
        run.looks_alike(part, row, column, code, &known);
    }
    found.number
}

/// Takes in sex and birth, and says where they contradict what is known.
pub fn hear(
    run: &mut TableRun,
    part: &Part,
    row: &RawRow,
    number: u32,
    said: &Said,
    source: Source,
    persons: &mut Persons,
) {
    let at = part.row(row.number);
    let info = &mut persons.infos[number as usize];
    let mut contradicted = Vec::new();
    if said.sex != Value::Blank && info.sex.hear(said.sex.clone(), source, at, said.sex_column) {
        contradicted.push((said.sex_column, info.sex.row, info.sex.column));
    }
    if said.birth != Birth::Unknown && info.birth.hear(said.birth, source, at, said.birth_column) {
        contradicted.push((said.birth_column, info.birth.row, info.birth.column));
    }
    if said.age != Birth::Unknown {
        let fact = if source == Source::Table { &mut info.birth } else { &mut info.age };
        if fact.hear(said.age, source, at, said.birth_column) {
            contradicted.push((said.birth_column, fact.row, fact.column));
        }
    }
    for (column, other, other_column) in contradicted {
        contradiction(run, part, row, column, persons.contradicted(number, (other, other_column)));
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

/// What is kept of the name that a row writes.
pub fn named(row: &RawRow, column: Option<u32>, salt: Salt) -> Option<NameTrace> {
    let name = cell::read_text(row.cell(column?)).ok()??;
    Some(salt.name(&name))
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
