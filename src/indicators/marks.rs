use std::ops::Range;

use super::places::{Places, WORD};

/// Most numbers that are marked: of more, a row is sooner looked up than searched for.
const MOST: usize = 64;

/// Which rows have which number: a bit for each row and number, so that 64 rows are counted at once. Made once for all that
/// count by the same numbers.
pub(super) struct Marks {
    /// For every 64 rows a word of each number.
    words: Vec<usize>,
    size: usize,
}

impl Marks {
    /// Adds the rows at places of a range to the counts of their numbers.
    pub fn count(&self, places: &Places, range: Range<usize>, counts: &mut [u32]) {
        for (at, word) in places.words(range) {
            let marks = &self.words[at * self.size..(at + 1) * self.size];
            counts.iter_mut().zip(marks).for_each(|(count, marks)| *count += (word & marks).count_ones());
        }
    }
}

/// Rows that are being marked, one after the other.
pub(super) struct Marking {
    marks: Marks,
    /// Of the rows that don't fill a word yet.
    begun: [usize; MOST],
    rows: usize,
}

impl Marking {
    /// Of so many rows with numbers that are all under `size`; none where those are too many.
    pub fn new(rows: usize, size: u32) -> Option<Marking> {
        let size = size as usize;
        let words = || Vec::with_capacity((rows / WORD + 1) * size);
        (size <= MOST).then(|| Marking { marks: Marks { words: words(), size }, begun: [0; MOST], rows: 0 })
    }

    pub fn mark(&mut self, number: u32) {
        self.begun[number as usize % MOST] |= 1 << (self.rows % WORD);
        self.rows += 1;
        if self.rows.is_multiple_of(WORD) {
            self.end_word();
        }
    }

    pub fn marks(mut self) -> Marks {
        self.end_word();
        self.marks
    }

    fn end_word(&mut self) {
        self.marks.words.extend_from_slice(&self.begun[..self.marks.size]);
        self.begun = [0; MOST];
    }
}
