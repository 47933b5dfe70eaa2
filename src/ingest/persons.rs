//! Persons: what the participants table and rows of attendance write of them. Names are compared here and go no further.

mod attributes;
mod birth_range;
mod columns;
mod duplicates;
mod knowledge;
mod name_columns;
mod names;
mod participants;
mod reader;
mod row_patterns;
mod states;

pub use attributes::{AttributeInterner, AttributesId};
pub use columns::{CONTRACT_CATEGORIES, PersonColumns};
pub use duplicates::{Links, find_probable_duplicates, resolve_links, warn_probable_duplicates};
pub use name_columns::{NameColumns, unread_names};
pub use participants::read_participants;
pub use reader::{PersonReader, PersonSheet, find_date_order};
pub use row_patterns::PatternId;
pub use states::StateResolver;

use jiff::civil::Date;

use super::codes::{CodeId, CodeIndex, CodeMatch, SharedStringCache};
use super::raw_row::RawRow;
use super::table::TableSheet;
use crate::diagnostic::kinds;
use crate::model::{AgeBands, Birth, RowRef};
use attributes::Attributes;
use birth_range::{BirthRange, BirthRangeByPerson};
use columns::ColumnPositions;
use knowledge::{FactName, KnowledgeId, KnowledgeInterner, PersonKnowledge, PersonSource};
use names::SeenNames;

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
    age_limits: BirthRangeByPerson,
    /// The sheets of persons' cells, to name a second cell.
    pub sheets: Vec<(TableSheet, ColumnPositions)>,
    /// There is a participants table: a row of attendance must not name anybody else.
    pub is_closed: bool,
    pub links: Links,
    /// Whom the shared texts of the current workbook name.
    pub code_cache: SharedStringCache,
    pub names: SeenNames,
    /// By what rows write of a person, how many rows write it.
    row_counts: Vec<u64>,
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

/// A cell that contradicts another one.
pub struct Contradiction {
    pub person: CodeId,
    pub cell: FactCell,
    pub other: FactCell,
}

impl Persons {
    /// Nobody yet. Ages are compared with the `bands`.
    pub fn new(bands: AgeBands) -> Persons {
        Persons { knowledge: KnowledgeInterner::new(bands), ..Persons::default() }
    }

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

    /// Counts a row that writes `attributes`.
    fn count_row(&mut self, attributes: AttributesId) {
        let at = attributes.index();
        if at >= self.row_counts.len() {
            self.row_counts.resize(at + 1, 0);
        }
        self.row_counts[at] += 1;
    }

    /// What the rows write of persons, each with how many rows write it.
    pub fn written(&self) -> impl Iterator<Item = (&Attributes, u64)> {
        self.attributes.all().zip(self.row_counts.iter().copied())
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
            person,
            cell: (row, positions.of_fact(fact, self.attributes.get(attributes))),
            other: self.origin(person, fact),
        };
        contradicted.into_iter().map(contradiction).collect()
    }

    /// Adds the age that a row of attendance writes for a day in `days`, if it does. Returns what it contradicts.
    pub fn observe_age(
        &mut self,
        person: CodeId,
        attributes: AttributesId,
        days: (Date, Date),
        row: RowRef,
        positions: &ColumnPositions,
    ) -> Option<Contradiction> {
        let age = self.attributes.get(attributes).age;
        let cell = (row, positions.of_age(age)?);
        let limits = BirthRange::new(age, days, cell, &self.knowledge.bands)?;
        let (cell, other) = self.age_limits.add(person, limits)?;
        self.contradict_ages(person);
        Some(Contradiction { person, cell, other })
    }

    fn contradict_ages(&mut self, person: CodeId) {
        let known = self.knowledge(person).map(PersonKnowledge::with_contradicting_ages);
        self.records[person.index()].knowledge = known.map(|known| self.knowledge.intern(known));
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

    /// The exact dates of birth that rows write, some of them repeatedly.
    pub fn birth_dates(&self) -> impl Iterator<Item = Date> + '_ {
        self.attributes.births().filter_map(|birth| match birth {
            Birth::Date(day) => Some(day),
            _ => None,
        })
    }

    /// Merges what is known of persons who are one into the first of them, who is given for each code. Returns what
    /// contradicts each other then.
    pub fn merge(&mut self, firsts: &[CodeId]) -> Vec<Contradiction> {
        let mut found = Vec::new();
        for (person, &first) in (0..).map(CodeId).zip(firsts).filter(|(person, first)| *first != person) {
            let Some(other) = self.records[person.index()].knowledge else { continue };
            let step = self.knowledge.merge(self.records[first.index()].knowledge, other);
            found.extend(step.contradicted.iter().map(|&fact| Contradiction {
                person,
                cell: self.origin(person, fact),
                other: self.origin(first, fact),
            }));
            for &fact in &step.added {
                let origin = self.origin(person, fact);
                self.later_origins.insert((first, fact), origin);
            }
            self.records[first.index()].knowledge = Some(step.to);
            if let Some((cell, other)) = self.age_limits.merge(first, person) {
                self.contradict_ages(first);
                found.push(Contradiction { person, cell, other });
            }
        }
        found
    }

    /// The sheet of a cell of a row about a person.
    pub fn sheet_of(&self, (row, _): FactCell) -> Option<&TableSheet> {
        self.sheets.iter().map(|(sheet, _)| sheet).find(|sheet| sheet.id == row.sheet)
    }

    /// The problem that a contradiction is.
    pub fn contradicting_values(&self, contradiction: &Contradiction) -> kinds::ContradictingValues {
        let Contradiction { person, cell, other: (row, column) } = *contradiction;
        let heading = self.sheet_of(cell).map(|sheet| sheet.heading(cell.1)).unwrap_or_default();
        let other = self.describe_cell(row, column);
        kinds::ContradictingValues { person: self.codes.text(person).to_owned(), column: heading, other }
    }

    /// `participants.xlsx, Register, A12`: a cell of a row about a person.
    fn describe_cell(&self, row: RowRef, column: u32) -> String {
        self.sheet_of((row, column)).map(|sheet| sheet.describe(&RawRow::at(row), column)).unwrap_or_default()
    }

    /// [`TableSheet::describe`] of the first cell with a person's code.
    pub fn describe(&self, person: CodeId) -> String {
        self.code_cell(person).map(|(sheet, row, column)| sheet.describe(&RawRow::at(row), column)).unwrap_or_default()
    }

    /// The first cell with a person's code: sheet, row and column.
    pub fn code_cell(&self, person: CodeId) -> Option<(&TableSheet, RowRef, u32)> {
        let row = self.records[person.index()].row;
        let (sheet, _) = self.sheets.iter().find(|(sheet, _)| sheet.id == row.sheet)?;
        Some((sheet, row, sheet.column("person").unwrap_or_default()))
    }
}
