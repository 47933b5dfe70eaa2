//! Finds rows that write the same of their persons before their cells are read.

use hashbrown::HashMap;

use super::attributes::AttributesId;
use super::columns::ColumnPositions;
use crate::ingest::raw_row::{NumberDisplay, Raw, RawCell, RawRow};
use crate::ingest::table::RowReader;

/// Most columns that are compared; with more of them each row is read by itself.
const MOST_COLUMNS: usize = 8;
/// Most patterns that are numbered.
const MOST_PATTERNS: usize = 1 << 17;

/// The number of a pattern: of equal cells in the columns about persons, which read alike within one sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatternId(u32);

/// Numbers the patterns of one sheet's rows.
#[derive(Default)]
pub struct RowPatterns {
    columns: Option<Vec<u32>>,
    ids: HashMap<[u32; MOST_COLUMNS], PatternId>,
}

impl RowPatterns {
    /// No patterns where a sheet has ages: an age is checked against its row's day, so that equal rows may differ in what
    /// is wrong with them.
    pub fn new(positions: &ColumnPositions) -> RowPatterns {
        let compared: Vec<u32> = positions.all().collect();
        let is_useful = compared.len() <= MOST_COLUMNS && !positions.has_age();
        RowPatterns { columns: is_useful.then_some(compared), ids: HashMap::new() }
    }

    /// The number of a row's pattern; none if cells can't be compared, or there are too many patterns already.
    pub fn find_or_add(&mut self, row: &RawRow) -> Option<PatternId> {
        let mut pattern = [0; MOST_COLUMNS];
        for (word, column) in pattern.iter_mut().zip(self.columns.as_ref()?) {
            if let Some(cell) = row.cell(*column) {
                *word = cell_word(cell)?;
            }
        }
        if let Some(id) = self.ids.get(&pattern) {
            return Some(*id);
        }
        (self.ids.len() < MOST_PATTERNS).then(|| {
            let id = PatternId(self.ids.len() as u32);
            self.ids.insert(pattern, id);
            id
        })
    }
}

/// A word that only equal cells have; none for what a cell holds by itself.
fn cell_word(cell: &RawCell) -> Option<u32> {
    const VALUES: u32 = 1 << 29;
    let whole = |number: f64| {
        let is_whole = number.is_sign_positive() && number.fract() == 0.0 && number < f64::from(VALUES);
        is_whole.then_some(number as u32)
    };
    let (kind, value) = match cell.raw {
        Raw::Text(_) => (1, cell.shared.filter(|number| *number < VALUES)?),
        Raw::Number(number) => (2, whole(number)?),
        Raw::Date { serial, .. } => (3, whole(serial)?),
        _ => return None,
    };
    (!cell.merged && cell.display == NumberDisplay::Plain).then_some(kind * VALUES + value)
}

/// The attributes that patterns were read as.
#[derive(Default)]
pub struct RowPatternCache(Vec<Option<AttributesId>>);

impl RowPatternCache {
    /// The attributes of a row with this pattern. `read` reads them if the pattern is new, or none. Where it reports a
    /// problem, it runs again for every such row, so that the problem is reported at each.
    pub fn get_or_read(
        &mut self,
        pattern: Option<PatternId>,
        row: &mut RowReader,
        read: impl FnOnce(&mut RowReader) -> AttributesId,
    ) -> AttributesId {
        let at = pattern.map(|pattern| pattern.0 as usize);
        if let Some(known) = at.and_then(|at| *self.0.get(at)?) {
            return known;
        }
        let reported = row.reported();
        let attributes = read(row);
        if let Some(at) = at.filter(|_| reported == row.reported()) {
            if at >= self.0.len() {
                self.0.resize(at + 1, None);
            }
            self.0[at] = Some(attributes);
        }
        attributes
    }
}
