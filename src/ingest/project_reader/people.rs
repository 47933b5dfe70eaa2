//! Reads participants and attendance together: rows of both say who a person is.

use super::tables::TablesReader;
use crate::ingest::activities::ReadActivities;
use crate::ingest::attendance::{self, AttendanceContext, ByActivity, ReadAttendances, UnresolvedAttendance};
use crate::ingest::codes::{CodeId, CodeIndex};
use crate::ingest::column_builder::ColumnBuilder;
use crate::ingest::column_checks;
use crate::ingest::conditions::ColumnUsage;
use crate::ingest::layout::TableKind;
use crate::ingest::lists::ListIndex;
use crate::ingest::persons::{self, PersonColumns, PersonReader, Persons, StateResolver};
use crate::ingest::raw_row::RawRow;
use crate::ingest::table::TableReader;
use crate::ingest::tables::Tables;
use crate::ingest::value_order::{NewNumbers, renumber};
use crate::model::{Attendance, Column, Person, PersonId, PersonTable};

/// Everybody, with all attendances.
pub struct People {
    pub table: PersonTable,
    /// Codes by number of their person.
    pub codes: CodeIndex,
    /// Some sheet has ages or births.
    pub has_age: bool,
    /// Some sheet of attendance has dates of its own.
    pub is_dated: bool,
}

impl TablesReader<'_> {
    /// Reads the participants and the attendance table.
    pub fn read_people(&mut self, lists: &ListIndex, activities: &ReadActivities, usage: &ColumnUsage) -> People {
        let settings = &self.file.settings;
        let links = &self.file.person_links;
        let tables = &mut *self.tables;
        let checks_activities = tables.has(TableKind::Activities) && !tables.broken.contains(&TableKind::Activities);
        let mut attendance = TableReader::new(TableKind::Attendance, self.collectors);
        tables.resolve_heads(&mut attendance, activities, checks_activities);
        let mut sheets = tables.sheets(TableKind::Participants);
        let registered = sheets.len();
        sheets.extend(tables.sheets(TableKind::Attendance));
        let columns = PersonColumns::new(&sheets, lists, usage);
        let mut reader =
            PersonReader { columns, persons: Persons::new(settings.age_bands.clone()), traces: self.traces };
        let mut participants = TableReader::new(TableKind::Participants, self.collectors);
        persons::read_participants(tables, &mut participants, &mut reader, lists, settings);
        let context = AttendanceContext {
            settings,
            lists,
            activities,
            checks_activities,
            checks_persons: !tables.broken.contains(&TableKind::Participants),
        };
        let mut attendances = attendance::read_attendance(tables, &mut attendance, &mut reader, &context);
        let PersonReader { columns, mut persons, traces } = reader;
        // Persons are known from the participants table, or else from attendance.
        let is_closed = persons.is_closed;
        let firsts =
            persons::resolve_links(if is_closed { &mut participants } else { &mut attendance }, &mut persons, links);
        merge_attending(&mut attendances.rows, &firsts);
        let compare = || {
            let by_activity = ByActivity::new(activities, &attendances.rows);
            let doubled = attendance::find_doubled(settings, activities, &attendances.rows, &by_activity);
            (by_activity, doubled)
        };
        let (duplicates, (by_activity, doubled)) =
            rayon::join(|| persons::find_probable_duplicates(&persons, &firsts), compare);
        let activity_sheets = tables.sheets(TableKind::Activities);
        attendance::report_doubled(&mut attendance, &sheets, &doubled, &attendances.rows);
        attendance::check_head_counts(&mut attendance, &activity_sheets, activities, &by_activity);
        drop(by_activity);
        attendance::remove_doubled(doubled, &mut attendances.rows);
        report_joined_values(tables, [&mut participants, &mut attendance], &columns, &persons, usage);
        columns.none_answers().for_each(|warning| participants.report(warning));
        attendance::pass_over_uncounted(&mut attendance, settings, activities, &attendances.rows);
        columns.free_texts().for_each(|text| traces.add_contacts(text));
        // Who was born during the project shares the day with what happened in it.
        let births = persons.birth_dates().filter(|day| *day < settings.start);
        births.for_each(|day| traces.add_birth((day.year(), day.month(), day.day())));
        persons::unread_names(&sheets, usage).into_iter().for_each(|problem| participants.report(problem));
        if settings.languages.len() > 1 {
            columns.untranslatable(&sheets, usage).into_iter().for_each(|problem| participants.report(problem));
        }
        let (has_age, is_dated) = (columns.has_age, attendances.is_dated);
        for contradiction in persons.merge(&firsts) {
            let Some(sheet) = persons.sheet_of(contradiction.cell) else { continue };
            let is_registered = sheets[..registered].iter().any(|other| other.id == sheet.id);
            let raw = RawRow::at(contradiction.cell.0);
            let table = if is_registered { &mut participants } else { &mut attendance };
            let mut row = table.finished_row(sheet, &raw);
            row.field_at(Some(contradiction.cell.1)).warn(persons.contradicting_values(&contradiction));
        }
        let ids = number_persons(&firsts);
        let mut table = PersonTable::default();
        // This thread reports duplicates while others build the table.
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| table = build_table(&ids, columns, attendances, &persons));
            let coding_table = if is_closed { &mut participants } else { &mut attendance };
            persons::warn_probable_duplicates(coding_table, &persons, duplicates);
            (0..persons.records.len() as u32).for_each(|code| traces.add_code(persons.codes.text(CodeId(code))));
        });
        persons.codes.renumber(&ids);
        self.readers.insert(TableKind::Participants, participants);
        self.readers.insert(TableKind::Attendance, attendance);
        People { table, codes: persons.codes, has_age, is_dated }
    }
}

/// Reports values that are joined by what doesn't separate them, in columns that indicators use.
fn report_joined_values(
    tables: &mut Tables,
    readers: [&mut TableReader; 2],
    columns: &PersonColumns,
    persons: &Persons,
    usage: &ColumnUsage,
) {
    let mut alone: Vec<Vec<u64>> = Vec::new();
    for at in 0..columns.others.len() {
        let values = persons.written().filter_map(|(written, rows)| Some((written.values.get(at)?, rows)));
        alone.push(column_checks::count_alone(&columns.others[at], values));
    }
    for table in readers {
        let sheets = tables.sheets(table.kind);
        for (builder, alone) in columns.others.iter().zip(&alone) {
            if usage.is_used(builder.name()) {
                column_checks::report_joined_values(tables, table, &sheets, builder, alone);
            }
        }
    }
}

/// Replaces persons under several codes by the first of them.
fn merge_attending(rows: &mut [UnresolvedAttendance], firsts: &[CodeId]) {
    if (0..).map(CodeId).zip(firsts).any(|(person, first)| *first != person) {
        for row in rows {
            row.person = firsts[row.person.index()];
        }
    }
}

/// Numbers persons who are different by their first rows. Returns the number for each code.
fn number_persons(firsts: &[CodeId]) -> Vec<u32> {
    let mut next = 0;
    let mut ids = vec![0; firsts.len()];
    for (code, first) in firsts.iter().enumerate() {
        if first.index() == code {
            ids[code] = next;
            next += 1;
        } else {
            ids[code] = ids[first.index()];
        }
    }
    ids
}

/// Resolves the attendances, and lists the persons. `ids` is what [`number_persons`] returned.
fn build_table(ids: &[u32], columns: PersonColumns, attendances: ReadAttendances, persons: &Persons) -> PersonTable {
    let ReadAttendances { rows, sessions, .. } = attendances;
    let has_sex = columns.sex.is_some();
    let resolve_rows = || {
        let mut resolver = StateResolver::new(persons, has_sex);
        let resolve = |unresolved| {
            let UnresolvedAttendance { activity, person, attributes, day, session, row } = unresolved;
            let state = resolver.resolve(person, attributes);
            Attendance { activity, person: PersonId(ids[person.index()]), state, day, session, row }
        };
        let mut resolved: Vec<Attendance> = rows.into_iter().map(resolve).collect();
        resolved.shrink_to_fit();
        (resolver.states, resolved)
    };
    let list_persons = || {
        let mut listed: Vec<Person> = Vec::new();
        for (code, record) in persons.records.iter().enumerate() {
            if ids[code] as usize == listed.len() {
                let code = persons.codes.text(CodeId(code as u32)).to_owned();
                listed.push(Person { code, row: record.row });
            }
        }
        listed
    };
    let ((mut states, attendances), rows) = rayon::join(resolve_rows, list_persons);
    let (columns, numbers): (Vec<Column>, NewNumbers) =
        columns.sex.into_iter().chain(columns.others).map(ColumnBuilder::finish).unzip();
    renumber(states.iter_mut().map(|state| state.values.as_mut_slice()), &numbers);
    PersonTable { columns, rows, states, attendances, sessions }
}
