/// Many numbers, mostly of less than 256 different ones: the shorter they are, the more stay in the processor's cache.
pub(super) enum Numbers {
    Narrow(Vec<u8>),
    Wide(Vec<u32>),
}

impl Numbers {
    /// All under `size`.
    pub fn new(numbers: impl Iterator<Item = u32>, size: u32) -> Numbers {
        let at_least = numbers.size_hint().0;
        if size <= 1 << u8::BITS {
            let mut narrow = Vec::with_capacity(at_least);
            numbers.for_each(|number| narrow.push(number as u8));
            Numbers::Narrow(narrow)
        } else {
            let mut wide = Vec::with_capacity(at_least);
            numbers.for_each(|number| wide.push(number));
            Numbers::Wide(wide)
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
    pub fn each(&self, places: &[u32], mut take: impl FnMut(u32)) {
        match self {
            Numbers::Narrow(numbers) => places.iter().for_each(|at| take(u32::from(numbers[*at as usize]))),
            Numbers::Wide(numbers) => places.iter().for_each(|at| take(numbers[*at as usize])),
        }
    }

    /// Tells all numbers.
    pub fn all(&self, mut take: impl FnMut(u32)) {
        match self {
            Numbers::Narrow(numbers) => numbers.iter().for_each(|number| take(u32::from(*number))),
            Numbers::Wide(numbers) => numbers.iter().for_each(|number| take(*number)),
        }
    }
}
