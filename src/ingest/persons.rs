//! Persons: what the participants table and rows of attendance write of them. Names are compared here and go no further.

mod attributes;
mod columns;
mod duplicates;
mod facts;
mod observations;
mod participants;
mod reader;
mod row_patterns;
mod states;

pub use attributes::{AttributeInterner, AttributesId};
pub use columns::{PersonColumns, PersonContext};
pub use duplicates::{Links, find_probable_duplicates, resolve_links, warn_probable_duplicates};
pub use facts::PersonSource;
pub use participants::read_participants;
pub use reader::{PersonReader, PersonSheet};
pub use row_patterns::{PatternId, RowPatterns};
pub use states::StateResolver;

use super::codes::{CodeId, CodeIndex, CodeMatch, SharedStringCache};
use super::table::TableSheet;
use crate::model::{Birth, RowRef};
use columns::ColumnPositions;
use facts::{Contradiction, Facts, PersonKnowledge};
use observations::{ObservationId, Observations};

/// Everybody whom a row names, by code.
#[derive(Default)]
pub struct Persons {
    pub codes: CodeIndex,
    pub records: Vec<PersonRecord>,
    /// By person, what attendance wrote last, if it can be skipped when it is repeated. Apart from the records, since every
    /// row looks here.
    last_attendance: Vec<Option<AttributesId>>,
    pub attributes: AttributeInterner,
    observations: Observations,
    /// The sheets of persons' cells, to name a second cell.
    pub sheets: Vec<(TableSheet, ColumnPositions)>,
    /// There is a participants table: a row of attendance must not name anybody else.
    pub is_closed: bool,
    pub links: Links,
    /// Whom the shared texts of the current workbook name.
    pub code_cache: SharedStringCache,
}

/// What is known of one person, whatever the day. The rows about most persons all write the same, and no more is kept than
/// the number of those attributes: there may be a person for every few rows.
#[derive(Clone, Debug)]
pub struct PersonRecord {
    /// The first row about the person.
    pub row: RowRef,
    /// What that row wrote.
    first: Option<AttributesId>,
    /// That row is one of the participants table.
    is_registered: bool,
    /// What rows of attendance wrote in the kept columns, once they differ there, or from the register.
    observed: Option<ObservationId>,
    /// Once rows write different things of sex or age.
    facts: Option<Box<Facts>>,
    /// A salted hash of the folded name.
    pub name: Option<[u8; 16]>,
}

/// All that rows write of a person, as numbers. Persons with equal summaries have equal states.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct PersonSummary {
    first: AttributesId,
    is_registered: bool,
    observed: Option<ObservationId>,
}

impl Persons {
    /// Finds a person by code, or adds one; `row` is the row that names the person.
    pub fn find_or_add(&mut self, code: &str, row: RowRef) -> CodeMatch {
        let found = self.codes.find_or_add(code);
        if found.id.index() == self.records.len() {
            let record =
                PersonRecord { row, first: None, is_registered: false, observed: None, facts: None, name: None };
            self.records.push(record);
            self.last_attendance.push(None);
        }
        found
    }

    /// Adds what a row writes of a person. Returns the cells that contradict an earlier row.
    pub fn observe(
        &mut self,
        person: CodeId,
        attributes: AttributesId,
        source: PersonSource,
        row: RowRef,
        positions: &ColumnPositions,
    ) -> Vec<Contradiction> {
        let written = self.attributes.get(attributes);
        let record = &mut self.records[person.index()];
        let is_attendance = source == PersonSource::Attendance;
        match record.first {
            _ if record.facts.is_some() => {}
            // A row with an age and a birth may contradict itself.
            None if is_attendance || written.birth == Birth::Unknown || written.age == Birth::Unknown => {
                (record.first, record.is_registered) = (Some(attributes), !is_attendance);
                return Vec::new();
            }
            Some(_) if written.is_blank() => return Vec::new(),
            Some(first)
                if is_attendance && written.adds_nothing_to(self.attributes.get(first), record.is_registered) =>
            {
                let before = match record.observed {
                    None if !record.is_registered => {
                        Some(self.observations.append(None, first, &self.attributes.get(first).values))
                    }
                    before => before,
                };
                record.observed = Some(self.observations.append(before, attributes, &written.values));
                return Vec::new();
            }
            _ => {}
        }
        let mut facts = self.take_facts(person);
        let contradictions = facts.observe(self.attributes.get(attributes), source, row, positions);
        self.records[person.index()].facts = Some(facts);
        contradictions
    }

    /// Takes what is known of a person, fact by fact, out of the record.
    fn take_facts(&mut self, person: CodeId) -> Box<Facts> {
        let record = &mut self.records[person.index()];
        if let Some(facts) = record.facts.take() {
            return facts;
        }
        let columns = self.sheets.first().map_or(0, |(_, positions)| positions.count_others());
        let mut facts = Box::new(Facts::new(columns));
        if let Some(first) = record.first
            && let Some((_, positions)) = self.sheets.iter().find(|(sheet, _)| sheet.id == record.row.sheet)
        {
            let source = if record.is_registered { PersonSource::Register } else { PersonSource::Attendance };
            facts.observe(self.attributes.get(first), source, record.row, positions);
        }
        if let Some(observed) = record.observed {
            facts.observe_all(self.observations.get(observed), record.row);
        }
        facts
    }

    /// What every row wrote of a person, if all wrote the same.
    fn only_attributes(&self, person: CodeId) -> Option<AttributesId> {
        let record = &self.records[person.index()];
        record.first.filter(|_| record.facts.is_none() && record.observed.is_none())
    }

    /// All that rows wrote of a person; none if they disagree on sex or age.
    fn summary(&self, person: CodeId) -> Option<PersonSummary> {
        match self.records[person.index()] {
            PersonRecord { first: Some(first), is_registered, observed, facts: None, .. } => {
                Some(PersonSummary { first, is_registered, observed })
            }
            _ => None,
        }
    }

    /// What is known of a person, whatever the day.
    fn knowledge(&self, person: CodeId) -> PersonKnowledge<'_> {
        let record = &self.records[person.index()];
        match (&record.facts, record.first) {
            (Some(facts), _) => PersonKnowledge::Facts(facts),
            (None, Some(first)) => PersonKnowledge::Attributes {
                first: self.attributes.get(first),
                is_registered: record.is_registered,
                observed: record.observed.map(|observed| self.observations.get(observed)),
            },
            (None, None) => PersonKnowledge::Nothing,
        }
    }

    /// Merges what is known of persons who are one into the first of them, who is given for each code.
    pub fn merge(&mut self, firsts: &[CodeId]) {
        for (person, &first) in (0..).map(CodeId).zip(firsts).filter(|(person, first)| *first != person) {
            let other = self.take_facts(person);
            let mut facts = self.take_facts(first);
            facts.merge(&other);
            self.records[person.index()].facts = Some(other);
            self.records[first.index()].facts = Some(facts);
        }
    }

    /// `participants.xlsx, Register, A12`: a cell of a row about a person.
    fn describe_cell(&self, row: RowRef, column: u32) -> String {
        let sheet = self.sheets.iter().find(|(sheet, _)| sheet.id == row.sheet);
        sheet.map(|(sheet, _)| sheet.describe(row.row, column)).unwrap_or_default()
    }

    /// [`TableSheet::describe`] of the first cell with a person's code.
    pub fn describe(&self, person: CodeId) -> String {
        self.code_cell(person).map(|(sheet, row, column)| sheet.describe(row, column)).unwrap_or_default()
    }

    /// The first cell with a person's code: sheet, row and column.
    pub fn code_cell(&self, person: CodeId) -> Option<(&TableSheet, u32, u32)> {
        let row = self.records[person.index()].row;
        let (sheet, _) = self.sheets.iter().find(|(sheet, _)| sheet.id == row.sheet)?;
        Some((sheet, row.row, sheet.column("person").unwrap_or_default()))
    }
}
