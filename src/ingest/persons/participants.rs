//! The participants table.

use super::name_columns::NameColumns;
use super::reader::PersonReader;
use crate::diagnostic::kinds;
use crate::ingest::layout::TableKind;
use crate::ingest::lists::ListIndex;
use crate::ingest::raw_row::RawRow;
use crate::ingest::table::TableReader;
use crate::ingest::tables::Tables;
use crate::model::Settings;

/// Reads the participants table.
pub fn read_participants(
    tables: &mut Tables,
    table: &mut TableReader,
    reader: &mut PersonReader,
    lists: &ListIndex,
    settings: &Settings,
) {
    for sheet in tables.sheets(TableKind::Participants) {
        reader.persons.is_closed = true;
        let (mut persons, wanted, mut patterns) = reader.open_sheet(tables, &sheet, &[], lists, settings);
        let (names, person) = (NameColumns::new(&sheet), sheet.column("person"));
        // Names are folded in the thread that parses and hashed in this one, so that each core has about as much to do.
        let prepare = |row: &RawRow| (patterns.find_or_add(row), names.read(row));
        tables.for_each_data_row(table, &sheet, &wanted, prepare, |row, (pattern, names)| {
            let mut field = row.field_at(person);
            let is_padded = field.is_padded();
            let code = field.required_code_or(kinds::MissingPerson);
            let attributes = reader.read_attributes(row, &mut persons, pattern, || None);
            if let Some(code) = code {
                let id = reader.find_or_add_person(row, &code, is_padded).id;
                reader.cache_code(row.raw, person, id);
                if row.is_sound() {
                    reader.add_registered(row, &persons, id, attributes, &names);
                } else {
                    reader.add_name_of_unused(row, &persons, id);
                }
            }
            row.finish();
        });
        persons.warn_sex_words(table, &sheet);
        persons.warn_swapped_births(table, &sheet);
    }
}
