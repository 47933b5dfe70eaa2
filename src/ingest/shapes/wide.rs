//! A column of marks for each day, activity or session: each mark that says present is a row.

use jiff::civil::Date;

use super::mark_reader::{MarkReader, unknown_mark};
use super::wide_heads::{HeadCandidate, HeadingState, WideHead};
use crate::diagnostic::{Problem, kinds};
use crate::ingest::cell;
use crate::ingest::raw_row::{Raw, RawCell, RawRow};
use crate::ingest::settings::{Mark, WidePlan};

/// The columns of marks of a sheet.
#[derive(Clone, Debug)]
pub struct WideColumns {
    /// What project.toml says.
    pub plan: WidePlan,
    /// Headings that may be of marks, until they are resolved.
    pub(super) candidates: Vec<HeadCandidate>,
    /// From left to right; empty until the candidates are resolved.
    pub(super) heads: Vec<WideHead>,
    /// The column that adds up the marks of a row.
    pub(super) total: Option<u32>,
    /// Added columns that headings fill.
    pub(super) activity: Option<u32>,
    pub(super) date: Option<u32>,
    pub(super) session: Option<u32>,
}

/// What a row of marks gives, one by one.
pub enum MadeRow<'r> {
    /// A row of the table.
    Row(&'r RawRow<'r>),
    /// A mark that says absent, in this row of the table.
    Absent,
    /// A mark under a heading that is faulty.
    UnderFault(HeadingState),
    /// A cell that holds no known mark.
    Unknown(&'r RawRow<'r>, u32, Box<Problem>),
    /// The row's total isn't what its marks come to: the column, and the problem.
    WrongTotal(u32, Box<Problem>),
}

impl WideColumns {
    pub(super) fn new(plan: WidePlan) -> WideColumns {
        WideColumns {
            plan,
            candidates: Vec::new(),
            heads: Vec::new(),
            total: None,
            activity: None,
            date: None,
            session: None,
        }
    }

    /// The heading of a column of marks.
    pub fn heading(&self, column: u32) -> Option<&str> {
        let at = self.heads.binary_search_by_key(&column, |head| head.column).ok()?;
        Some(&self.heads[at].text)
    }

    /// The heading above that of a column of marks.
    pub(super) fn above(&self, column: u32) -> Option<&str> {
        let at = self.heads.binary_search_by_key(&column, |head| head.column).ok()?;
        self.heads[at].above.as_deref()
    }

    /// The columns of marks and of their total, rising.
    pub fn columns(&self) -> Vec<u32> {
        let mut columns: Vec<u32> = self.heads.iter().map(|head| head.column).chain(self.total).collect();
        columns.sort_unstable();
        columns
    }

    /// Whether a mark of a row says present.
    pub fn has_present(&self, raw: &RawRow, reader: &mut MarkReader) -> bool {
        let is_mark = |column: u32| self.heads.binary_search_by_key(&column, |head| head.column).is_ok();
        let mut marks = raw.cells.iter().filter(|cell| is_mark(cell.column));
        marks.any(|cell| reader.read(cell) == Some(Mark::Present))
    }

    /// Gives `take` what each mark of a row comes to. `base` is the row without them, with all other cells that rows of the
    /// table have.
    pub fn expand<'r>(
        &'r self,
        raw: &'r RawRow<'r>,
        mut base: RawRow<'r>,
        reader: &mut MarkReader,
        mut take: impl FnMut(MadeRow),
    ) {
        let own = base.cells.len();
        let mut cells = raw.cells.iter().peekable();
        let (mut present, mut is_sound) = (0u32, true);
        for head in &self.heads {
            while cells.next_if(|cell| cell.column < head.column).is_some() {}
            let cell = cells.next_if(|cell| cell.column == head.column);
            let mark = cell.map_or(reader.blank(), |cell| reader.read(cell));
            match (mark, head.state) {
                (Some(Mark::Absent), _) if cell.is_none() => {}
                (Some(Mark::Absent), _) => take(MadeRow::Absent),
                (Some(Mark::Present), HeadingState::Sound) => {
                    present += 1;
                    base.cells.truncate(own);
                    base.cells.extend(self.heading_cells(head));
                    base.made_of = Some(head.column);
                    take(MadeRow::Row(&base));
                }
                (Some(Mark::Present), state) => {
                    present += 1;
                    take(MadeRow::UnderFault(state));
                }
                (None, _) => {
                    is_sound = false;
                    base.cells.truncate(own);
                    base.made_of = Some(head.column);
                    take(MadeRow::Unknown(&base, head.column, unknown_mark(cell)));
                }
            }
        }
        if let Some(total) = self.total.filter(|_| is_sound)
            && let Some(problem) = check_total(raw.cell(total), present)
        {
            take(MadeRow::WrongTotal(total, problem));
        }
    }

    /// What a heading says of its marks, in added columns.
    fn heading_cells<'r>(&self, head: &'r WideHead) -> impl Iterator<Item = RawCell<'r>> {
        let text = |column: Option<u32>, text: &'r Option<String>| {
            let (column, text) = (column?, text.as_ref()?);
            Some(RawCell { is_known_text: true, ..RawCell::new(column, Raw::Text(text.as_str().into())) })
        };
        let mut cells = [
            text(self.activity, &head.activity),
            self.date.zip(head.date).map(|(column, day)| date_cell(column, day)),
            text(self.session, &head.session),
        ];
        cells.sort_by_key(|cell| cell.as_ref().map(|cell| cell.column));
        cells.into_iter().flatten()
    }
}

/// A real date.
fn date_cell(column: u32, day: Date) -> RawCell<'static> {
    // No reader of dates needs more of the serial number than that it isn't a time of day.
    RawCell::new(column, Raw::Date { day: Some(day), serial: 1.0 })
}

/// What is wrong with a row's total of its marks.
fn check_total(cell: Option<&RawCell>, present: u32) -> Option<Box<Problem>> {
    let total = match cell::read_count(cell) {
        Ok(total) => total?,
        Err(problem) => return Some(problem),
    };
    let is_equal = total.single() == Some(present.into());
    let (total, counted) = (total.from.normalize().to_string(), present.to_string());
    (!is_equal).then(|| Box::new(Problem::error(kinds::TotalDiffers::Plain { total, counted })))
}
