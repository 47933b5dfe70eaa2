/// Many numbers, mostly of less than 256 different ones: the shorter they are, the more stay in the processor's cache.
pub(super) enum Numbers {
    Narrow(Vec<u8>),
    Wide(Vec<u32>),
}

impl Numbers {
    /// All under `size`.
    pub fn new(numbers: impl Iterator<Item = u32>, size: u32) -> Numbers {
        if size <= 1 << u8::BITS {
            Numbers::Narrow(numbers.map(|number| number as u8).collect())
        } else {
            Numbers::Wide(numbers.collect())
        }
    }

    #[inline]
    pub fn at(&self, at: u32) -> u32 {
        match self {
            Numbers::Narrow(numbers) => u32::from(numbers[at as usize]),
            Numbers::Wide(numbers) => numbers[at as usize],
        }
    }

    /// Tells the numbers at places, one after the other: how long they are is asked once.
    pub fn each(&self, places: impl Iterator<Item = u32>, mut take: impl FnMut(u32)) {
        match self {
            Numbers::Narrow(numbers) => places.for_each(|at| take(u32::from(numbers[at as usize]))),
            Numbers::Wide(numbers) => places.for_each(|at| take(numbers[at as usize])),
        }
    }
}
