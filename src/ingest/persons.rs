//! Persons: what the participants table and rows of attendance write of them. Names are compared here and go no further.

mod attributes;
mod columns;
mod duplicates;
mod knowledge;
mod participants;
mod reader;
mod row_patterns;
mod states;

pub use attributes::{AttributeInterner, AttributesId};
pub use columns::PersonColumns;
pub use duplicates::{Links, find_probable_duplicates, resolve_links, warn_probable_duplicates};
pub use participants::read_participants;
pub use reader::{PersonReader, PersonSheet};
pub use row_patterns::PatternId;
pub use states::StateResolver;

use super::codes::{CodeId, CodeIndex, CodeMatch, SharedStringCache};
use super::table::TableSheet;
use crate::model::RowRef;
use columns::ColumnPositions;
use knowledge::{FactName, KnowledgeId, KnowledgeInterner, PersonKnowledge, PersonSource};

/// Everybody whom a row names, by code.
#[derive(Default)]
pub struct Persons {
    pub codes: CodeIndex,
    pub records: Vec<PersonRecord>,
    /// By person, what attendance wrote last, if it can be skipped when it is repeated. Apart from the records, since every
    /// row looks here.
    last_attendance: Vec<Option<AttributesId>>,
    pub attributes: AttributeInterner,
    knowledge: KnowledgeInterner,
    /// Cells of facts that another row than a person's first was the first to write.
    later_origins: hashbrown::HashMap<(CodeId, FactName), FactCell>,
    /// The sheets of persons' cells, to name a second cell.
    pub sheets: Vec<(TableSheet, ColumnPositions)>,
    /// There is a participants table: a row of attendance must not name anybody else.
    pub is_closed: bool,
    pub links: Links,
    /// Whom the shared texts of the current workbook name.
    pub code_cache: SharedStringCache,
}

/// What is kept of one person: there may be a person for every few rows.
#[derive(Clone, Debug)]
pub struct PersonRecord {
    /// The first row about the person.
    pub row: RowRef,
    /// What that row wrote.
    first: Option<AttributesId>,
    /// What all rows so far write together.
    knowledge: Option<KnowledgeId>,
    /// A salted hash of the folded name.
    pub name: Option<[u8; 16]>,
}

/// A cell of a row about a person.
pub type FactCell = (RowRef, u32);

/// A cell that contradicts another: its column, and the other cell.
pub struct Contradiction {
    pub column: u32,
    pub other: FactCell,
}

impl Persons {
    /// Finds a person by code, or adds one; `row` is the row that names the person.
    pub fn find_or_add(&mut self, code: &str, row: RowRef) -> CodeMatch {
        let found = self.codes.find_or_add(code);
        if found.id.index() == self.records.len() {
            let record = PersonRecord { row, first: None, knowledge: None, name: None };
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
        let step = self.knowledge.step(record.knowledge, (attributes, written), source);
        record.knowledge = Some(step.to);
        if record.first.is_none() {
            record.first = Some(attributes);
        } else {
            let cells = step.added.iter().map(|&fact| ((person, fact), (row, positions.of_fact(fact, written))));
            self.later_origins.extend(cells);
        }
        if step.contradicted.is_empty() {
            return Vec::new();
        }
        let contradicted = step.contradicted.clone();
        let contradiction = |fact: FactName| Contradiction {
            column: positions.of_fact(fact, self.attributes.get(attributes)),
            other: self.origin(person, fact),
        };
        contradicted.into_iter().map(contradiction).collect()
    }

    /// The cell that was the first to write a fact.
    fn origin(&self, person: CodeId, fact: FactName) -> FactCell {
        if let Some(cell) = self.later_origins.get(&(person, fact)) {
            return *cell;
        }
        let record = &self.records[person.index()];
        let sheet = self.sheets.iter().find(|(sheet, _)| sheet.id == record.row.sheet);
        let column =
            sheet.zip(record.first).map(|((_, positions), first)| positions.of_fact(fact, self.attributes.get(first)));
        (record.row, column.unwrap_or_default())
    }

    /// What is known of a person, whatever the day; none if no row was read.
    fn knowledge(&self, person: CodeId) -> Option<&PersonKnowledge> {
        self.records[person.index()].knowledge.map(|id| self.knowledge.get(id))
    }

    /// Merges what is known of persons who are one into the first of them, who is given for each code.
    pub fn merge(&mut self, firsts: &[CodeId]) {
        for (person, &first) in (0..).map(CodeId).zip(firsts).filter(|(person, first)| *first != person) {
            let mut merged = self.knowledge(first).cloned().unwrap_or_default();
            if let Some(other) = self.knowledge(person) {
                merged.merge(other);
            }
            self.records[first.index()].knowledge = Some(self.knowledge.intern(merged));
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
