//! What rows of participants and of attendance have in common: a person, attributes, a name, and links to other persons.

use jiff::civil::Date;

use super::attributes::AttributesId;
use super::columns::{ColumnPositions, PersonColumns, PersonContext};
use super::knowledge::PersonSource;
use super::name_columns::{NameColumns, WrittenName};
use super::row_patterns::{PatternId, RowPatternCache, RowPatterns};
use super::{Contradiction, Persons};
use crate::diagnostic::{Problem, kinds};
use crate::ingest::cell::{self, SlashOrder};
use crate::ingest::codes::{CodeId, CodeMatch};
use crate::ingest::column_checks;
use crate::ingest::lists::ListIndex;
use crate::ingest::personal_cells::{self, TraceColumn};
use crate::ingest::raw_row::{Raw, RawRow};
use crate::ingest::table::{OnFault, RowReader, TableReader, TableSheet};
use crate::ingest::tables::Tables;
use crate::ingest::workbook::Projection;
use crate::model::{Birth, Settings};
use crate::personal::TraceCollector;

/// Reads rows about persons, from all sheets.
pub struct PersonReader<'r> {
    pub columns: PersonColumns,
    pub persons: Persons,
    pub traces: &'r mut TraceCollector,
}

/// What is needed to read the persons of one sheet.
pub struct PersonSheet<'s> {
    positions: ColumnPositions,
    context: PersonContext<'s>,
    cache: RowPatternCache,
    names: NameColumns,
    has_links: bool,
    /// Columns of telephones, addresses and notes, of which only traces are taken.
    trace_columns: Vec<TraceColumn>,
    /// Columns under unknown headings that have held nothing but sexes so far.
    sex_words: Vec<SexColumn>,
}

/// A column under an unknown heading that may be the persons' sex.
struct SexColumn {
    column: u32,
    /// It has held one that is more than a tick.
    has_sex: bool,
}

impl SexColumn {
    /// Takes a row into account. False if its cell holds no sex.
    fn observe(&mut self, row: &RawRow, lists: &ListIndex) -> bool {
        let Some(cell) = row.cell(self.column) else { return true };
        let (Raw::Text(text), Some(list)) = (&cell.raw, lists.position("sex")) else { return false };
        let text = cell::clean(text);
        let found = lists.find(list, &text);
        self.has_sex |= found.is_some() && !text.eq_ignore_ascii_case("x");
        found.is_some() || text.is_empty() || cell::is_placeholder(&text)
    }
}

impl PersonSheet<'_> {
    /// Warns of columns that hold nothing but sexes under a heading that isn't known.
    pub fn warn_sex_words(&self, table: &mut TableReader, sheet: &TableSheet) {
        for column in self.sex_words.iter().filter(|column| column.has_sex) {
            column_checks::warn_unknown_heading(table, sheet, column.column, "sex");
        }
    }

    /// Warns where the sheet's dates of birth look as if a program had taken months for days.
    pub fn warn_swapped_births(&self, table: &mut TableReader, sheet: &TableSheet) {
        table.warn_swapped_days(sheet, self.positions.birth_date(), &self.context.slashes);
    }
}

impl PersonReader<'_> {
    /// Prepares to read a sheet, of which `own` columns are read besides those of persons. Returns also which columns that
    /// makes, and the patterns of the sheet's rows.
    pub fn open_sheet<'s>(
        &mut self,
        tables: &mut Tables,
        sheet: &TableSheet,
        own: &[&str],
        lists: &'s ListIndex,
        settings: &'s Settings,
    ) -> (PersonSheet<'s>, Projection, RowPatterns) {
        let positions = self.columns.positions(sheet);
        self.persons.sheets.push((sheet.clone(), positions.clone()));
        self.persons.code_cache.switch_to(sheet.book);
        let names = NameColumns::new(sheet);
        let own = own.iter().chain(&["person", "same_as", "different_from"]);
        let mut wanted: Vec<u32> = own.filter_map(|name| sheet.column(name)).chain(positions.all()).collect();
        wanted.extend(names.all());
        let trace_columns = personal_cells::unread_columns(sheet, &wanted);
        wanted.extend(trace_columns.iter().map(|column| column.column));
        wanted.sort_unstable();
        wanted.dedup();
        let slashes = find_date_order(tables, sheet, positions.birth_date());
        let patterns = RowPatterns::new(&positions);
        let unlisted = sheet.layout.columns.iter().filter(|column| !column.listed && self.columns.sex.is_none());
        let sex_words = unlisted.map(|column| SexColumn { column: column.column, has_sex: false }).collect();
        let person_sheet = PersonSheet {
            positions,
            context: PersonContext { lists, settings, slashes },
            cache: RowPatternCache::default(),
            names,
            has_links: sheet.column("same_as").is_some() || sheet.column("different_from").is_some(),
            trace_columns,
            sex_words,
        };
        (person_sheet, Projection::Columns(wanted), patterns)
    }

    /// Reads what a row writes of its person; `age_day` is the day that its age is meant for, where it has one.
    pub fn read_attributes(
        &mut self,
        row: &mut RowReader,
        sheet: &mut PersonSheet,
        pattern: Option<PatternId>,
        age_day: impl FnOnce() -> Option<Date>,
    ) -> AttributesId {
        let PersonSheet { positions, context, cache, .. } = sheet;
        let attributes = cache.get_or_read(pattern, row, |row| {
            self.persons.attributes.intern(self.columns.read(row, positions, context, age_day()))
        });
        personal_cells::add_cells(self.traces, row.raw, &sheet.trace_columns);
        self.persons.count_row(attributes);
        sheet.sex_words.retain_mut(|column| column.observe(row.raw, context.lists));
        attributes
    }

    /// Finds or adds the person of a row, and warns where only look-alike letters make it a known one. `is_padded` as
    /// [`Field::is_padded`](crate::ingest::table::Field::is_padded) of the code's cell.
    pub fn find_or_add_person(&mut self, row: &mut RowReader, code: &str, is_padded: bool) -> CodeMatch {
        let found = self.persons.find_or_add(code, row.row_ref());
        if is_padded {
            self.persons.codes.mark_padded(found.id);
        }
        if found.is_look_alike {
            row.field("person").warn_look_alike(code, self.persons.codes.text(found.id));
        }
        found
    }

    /// Takes a row of the participants table into account. `names` is what the row
    /// writes as the person's name.
    pub fn add_registered(
        &mut self,
        row: &mut RowReader,
        sheet: &PersonSheet,
        person: CodeId,
        attributes: AttributesId,
        names: &[WrittenName],
    ) {
        self.observe(row, sheet, person, attributes, PersonSource::Register);
        self.check_name(row, sheet, person);
        self.add_names(person, names);
        self.read_links(row, sheet, person);
    }

    /// Takes a row of attendance into account; `age_day` is the day that its age is meant for, where it is known.
    pub fn add_attending(
        &mut self,
        row: &mut RowReader,
        sheet: &PersonSheet,
        person: CodeId,
        attributes: AttributesId,
        age_day: impl FnOnce() -> Option<Date>,
    ) {
        self.check_name(row, sheet, person);
        // Most rows write of a person what the one before wrote.
        if self.persons.last_attendance[person.index()] != Some(attributes) {
            let reported = row.reported();
            self.observe(row, sheet, person, attributes, PersonSource::Attendance);
            if self.persons.records[person.index()].name.is_none() {
                self.add_names(person, &sheet.names.read(row.raw));
            }
            let is_named = sheet.names.is_empty() || self.persons.records[person.index()].name.is_some();
            // A contradiction is reported at every row that repeats it.
            let can_be_skipped = is_named && reported == row.reported();
            self.persons.last_attendance[person.index()] = can_be_skipped.then_some(attributes);
        }
        if self.persons.attributes.get(attributes).age != Birth::Unknown {
            let settings = sheet.context.settings;
            let days = age_day().map_or((settings.start, settings.end), |day| (day, day));
            let contradiction = self.persons.observe_age(person, attributes, days, row.row_ref(), &sheet.positions);
            self.warn_contradictions(row, contradiction);
        }
        self.read_links(row, sheet, person);
    }

    /// Keeps traces of the name in a row that isn't used: what else it writes of its person isn't known.
    pub fn add_name_of_unused(&mut self, row: &RowReader, sheet: &PersonSheet, person: CodeId) {
        self.add_names(person, &sheet.names.read(row.raw));
    }

    /// Adds what a row writes of its person, and warns where that contradicts an earlier row.
    fn observe(
        &mut self,
        row: &mut RowReader,
        sheet: &PersonSheet,
        person: CodeId,
        attributes: AttributesId,
        source: PersonSource,
    ) {
        let found = self.persons.observe(person, attributes, source, row.row_ref(), &sheet.positions);
        self.warn_contradictions(row, found);
    }

    /// Warns of what a row contradicts.
    fn warn_contradictions(&self, row: &mut RowReader, found: impl IntoIterator<Item = Contradiction>) {
        for contradiction in found {
            let column = Some(contradiction.cell.1);
            row.field_at(column).warn(self.persons.contradicting_values(&contradiction));
        }
    }

    /// Warns where a row names somebody else than an earlier row of its table does under the same code.
    fn check_name(&mut self, row: &mut RowReader, sheet: &PersonSheet, person: CodeId) {
        let (Some(column), Some(name)) = (sheet.names.first(), sheet.names.written_text(row.raw)) else { return };
        let Some(other) = self.persons.names.observe(person, &name, row.row_ref()) else { return };
        let known = self.persons.sheets.iter().find(|(known, _)| known.id == other.sheet).map(|(known, _)| known);
        let cell = known.and_then(|known| Some((known, NameColumns::new(known).first()?)));
        let Some((known, other_column)) = cell else { return };
        let other_cell = known.describe(&RawRow::at(other), other_column);
        let kind = kinds::DifferentNames { person: self.persons.codes.text(person).to_owned(), other: other_cell };
        let place = known.place_in(&RawRow::at(other), other_column);
        row.field_at(Some(column)).warn_problem_and(Problem::warning(kind), place);
    }

    /// Keeps traces of a person's name in all its spellings; the first of them is compared with others'.
    fn add_names(&mut self, person: CodeId, names: &[WrittenName]) {
        for WrittenName { text, key } in names {
            let trace = self.traces.salt().trace_name(text, key);
            let whole = self.traces.add_name(&trace);
            let name = &mut self.persons.records[person.index()].name;
            *name = name.or(whole);
        }
    }

    /// Reads `same_as` and `different_from`, which are resolved once every person is known.
    fn read_links(&mut self, row: &mut RowReader, sheet: &PersonSheet, person: CodeId) {
        if !sheet.has_links {
            return;
        }
        for (name, is_same) in [("same_as", true), ("different_from", false)] {
            let Some(text) = row.field(name).code(OnFault::BlankValue) else { continue };
            for other in cell::split_values(&text) {
                self.persons.links.add(person, other, is_same, row, name);
            }
        }
    }

    /// Remembers whom a shared text names where it is their code as first written: attendance may be in the same workbook.
    pub fn cache_code(&mut self, row: &RawRow, column: Option<u32>, person: CodeId) {
        let persons = &mut self.persons;
        if let Some(cell) = column.and_then(|column| row.cell(column))
            && matches!(&cell.raw, Raw::Text(text) if text == persons.codes.text(person))
        {
            persons.code_cache.insert(cell, person);
        }
    }
}

/// How a column of dates writes its slashes. The column is read twice, so that one date that can be read in one way
/// decides the others.
pub fn find_date_order(tables: &mut Tables, sheet: &TableSheet, column: Option<u32>) -> SlashOrder {
    let mut slashes = SlashOrder::given(sheet.options.dates);
    if let Some(column) = column {
        tables.scan_rows(sheet, Projection::Columns(vec![column]), |row| {
            if let Some(cell) = row.cell(column)
                && let Ok(Some(reading)) = cell::read_date_as(Some(cell), sheet.date_forms_of(column))
            {
                slashes.observe_cell(cell, row.number, reading);
            }
        });
    }
    slashes
}
