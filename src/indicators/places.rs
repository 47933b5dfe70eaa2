use std::ops::Range;

use fixedbitset::FixedBitSet;

/// Places in a word of bits.
pub(super) const WORD: usize = usize::BITS as usize;

/// How many places are told at once.
const SOME: usize = 1 << 10;

/// Some of the rows that may count, by their places in the order of days: a bit for each row, since every indicator keeps
/// its own and there may be millions.
#[derive(Clone, Debug, Default)]
pub(super) struct Places(FixedBitSet);

impl Places {
    /// All of so many.
    pub fn all(of: usize) -> Places {
        let mut bits = FixedBitSet::with_capacity(of);
        bits.insert_range(..);
        Places(bits)
    }

    /// Those of so many for which something holds; asked of one after the other. A bit is put without a branch: whether it
    /// is set is hard for a processor to foretell.
    pub fn holding(of: usize, mut holds: impl FnMut(u32) -> bool) -> Places {
        let word = |start: usize| {
            let places = start..of.min(start + WORD);
            places.fold(0, |word, place| word | usize::from(holds(place as u32)) << (place - start))
        };
        Places(FixedBitSet::with_capacity_and_blocks(of, (0..of).step_by(WORD).map(word)))
    }

    /// Those of a range that are here and for which something holds; asked of one after the other.
    pub fn kept(&self, range: Range<usize>, mut holds: impl FnMut(u32) -> bool) -> Places {
        let mut kept = FixedBitSet::with_capacity(self.0.len());
        for (at, mut left) in self.words(range) {
            let word = &mut kept.as_mut_slice()[at];
            while left != 0 {
                let bit = left.trailing_zeros();
                *word |= usize::from(holds((at * WORD) as u32 + bit)) << bit;
                left &= left - 1;
            }
        }
        Places(kept)
    }

    /// Those that are in any of several, before an end.
    pub fn together<'p>(several: impl Iterator<Item = &'p Places>, end: usize) -> Places {
        let mut all = FixedBitSet::new();
        several.for_each(|places| all.union_with(&places.0));
        all.remove_range(end.min(all.len())..);
        Places(all)
    }

    pub fn len(&self) -> usize {
        self.0.count_ones(..)
    }

    /// How many of a range are here.
    pub fn count(&self, range: Range<usize>) -> usize {
        self.0.count_ones(range)
    }

    pub fn contains(&self, place: u32) -> bool {
        self.0.contains(place as usize)
    }

    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.0.ones().map(|place| place as u32)
    }

    /// Tells those of a range in their order, some at a time: what is done with each is done with all of these before the
    /// next ones are looked at.
    pub fn some(&self, range: Range<usize>, mut take: impl FnMut(&[u32])) {
        let (mut some, mut len) = ([0; SOME], 0);
        for (at, mut left) in self.words(range) {
            if len + WORD > SOME {
                take(&some[..len]);
                len = 0;
            }
            while left != 0 {
                some[len] = (at * WORD) as u32 + left.trailing_zeros();
                len += 1;
                left &= left - 1;
            }
        }
        take(&some[..len]);
    }

    /// The words that a range stands in, by number, with the bits of the range alone.
    pub fn words(&self, range: Range<usize>) -> impl Iterator<Item = (usize, usize)> {
        let numbered = self.0.as_slice().iter().copied().enumerate();
        let within = numbered.take(range.end.div_ceil(WORD)).skip(range.start / WORD);
        within.map(move |(at, word)| {
            let before = range.start.saturating_sub(at * WORD);
            let inside = (range.end - at * WORD).min(WORD);
            (at, word & usize::MAX << before & usize::MAX >> (WORD - inside))
        })
    }
}
