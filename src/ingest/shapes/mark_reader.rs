use std::collections::HashMap;

use crate::diagnostic::{Problem, kinds};
use crate::ingest::cell;
use crate::ingest::raw_row::{Raw, RawCell};
use crate::ingest::settings::{Mark, Marks};

/// Different spellings of marks that are remembered: a sheet has a handful.
const MOST_SPELLINGS: usize = 1_000;

/// Reads marks, and remembers how they are spelt.
pub struct MarkReader<'m> {
    marks: &'m Marks,
    blank: Option<Mark>,
    by_text: HashMap<Box<str>, Option<Mark>>,
    /// The last number that was a mark, and what it means.
    last_number: Option<(f64, Option<Mark>)>,
}

impl<'m> MarkReader<'m> {
    /// A reader that has read nothing yet.
    pub fn new(marks: &'m Marks) -> MarkReader<'m> {
        MarkReader { marks, blank: marks.find(""), by_text: HashMap::new(), last_number: None }
    }

    /// What a blank cell means.
    pub fn blank(&self) -> Option<Mark> {
        self.blank
    }

    /// What a cell means; `None` if project.toml doesn't say.
    pub fn read(&mut self, cell: &RawCell) -> Option<Mark> {
        match &cell.raw {
            Raw::Text(text) => {
                if let Some(known) = self.by_text.get(text.as_ref()) {
                    return *known;
                }
                let found = self.marks.find(&cell::clean(text));
                if self.by_text.len() < MOST_SPELLINGS {
                    self.by_text.insert(text.as_ref().into(), found);
                }
                found
            }
            Raw::Number(number) => {
                if let Some((last, known)) = self.last_number
                    && last == *number
                {
                    return known;
                }
                let found = self.find_shown(cell);
                self.last_number = Some((*number, found));
                found
            }
            _ => self.find_shown(cell),
        }
    }

    fn find_shown(&self, cell: &RawCell) -> Option<Mark> {
        let shown = cell::read_any_text(Some(cell)).ok()?;
        self.marks.find(shown.as_deref().unwrap_or_default())
    }
}

/// What is wrong with a cell that holds no known mark.
pub(super) fn unknown_mark(cell: Option<&RawCell>) -> Box<Problem> {
    match cell::read_any_text(cell) {
        Ok(Some(mark)) => Box::new(Problem::error(kinds::UnknownMark::Plain { mark: mark.into_owned() })),
        Ok(None) => Box::new(Problem::error(kinds::UnknownMark::Blank)),
        Err(problem) => problem,
    }
}

/// What the cells under a heading are.
#[derive(Clone, Copy, Default)]
pub struct CellTally {
    /// Cells that aren't blank.
    pub filled: u64,
    /// Those of them that are marks.
    pub marks: u64,
    /// Those of them that say present.
    pub present: u64,
}

impl CellTally {
    /// Whether nine in ten are marks, and one says present.
    pub fn is_of_marks(self) -> bool {
        self.present > 0 && self.marks * 10 >= self.filled * 9
    }
}
