use jiff::civil::Date;

use super::days::Days;
use super::numbers::Numbers;
use crate::model::{AgeBands, Birth, PersonState};

/// What is known of a person's age on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    Unknown,
    Band(u8),
    /// In full years; below zero before birth.
    Years(i32),
}

/// The age at every attendance that may count, found once for all that asks for it: conditions, axes, different values.
pub(super) struct Ages {
    /// By place.
    of_place: Numbers,
    /// By number.
    known: Vec<Age>,
}

impl Ages {
    /// Of the persons' states at each place.
    pub fn new(states: &[PersonState], bands: &AgeBands, days: &Days, of_place: &[u32]) -> Ages {
        let births: Vec<Birth> = states.iter().map(|state| state.birth).collect();
        let ends = || [days.each().next(), days.each().last()].into_iter().flatten().map(|(day, _)| day);
        let years = || ends().flat_map(|day| births.iter().filter_map(move |birth| birth.age_on(day)));
        let (lowest, highest) = (years().min().unwrap_or(0), years().max().unwrap_or(0));
        let mut known = vec![Age::Unknown];
        known.extend((0..bands.0.len()).map(|band| Age::Band(band as u8)));
        let before = known.len() as u32;
        known.extend((lowest..=highest).map(Age::Years));
        let number = |birth: Birth, day: Date| match birth {
            Birth::Band(band) if usize::from(band) < bands.0.len() => 1 + u32::from(band),
            birth => birth.age_on(day).map_or(0, |years| before + years.abs_diff(lowest)),
        };
        let (births, number) = (&births, &number);
        let numbers = days
            .each()
            .flat_map(|(day, places)| of_place[places].iter().map(move |state| number(births[*state as usize], day)));
        Ages { of_place: Numbers::new(numbers, known.len() as u32), known }
    }

    /// What something is for each age that is known of anybody, by the age's number.
    pub fn each_known<T>(&self, of: impl Fn(Age) -> T) -> Vec<T> {
        self.known.iter().map(|age| of(*age)).collect()
    }

    /// The number of the age at a place.
    #[inline]
    pub fn number(&self, place: u32) -> usize {
        self.of_place.at(place) as usize
    }

    /// Tells the numbers of the ages, place by place.
    pub fn each(&self, mut take: impl FnMut(usize)) {
        self.of_place.all(|number| take(number as usize));
    }
}

impl Age {
    /// The band that a person is in; none where it isn't known, or below the first.
    pub fn band(self, bands: &AgeBands) -> Option<u8> {
        match self {
            Age::Unknown => None,
            Age::Band(band) => Some(band),
            Age::Years(years) => bands.band_of(years),
        }
    }
}
