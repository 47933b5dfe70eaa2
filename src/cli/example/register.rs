//! The synthetic register: refugees and attendances drawn by a fixed arithmetic sequence from the shares of
//! `register.toml`, so that the same rows come out everywhere and always.

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::cli::workbook::Cell;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    seed: u32,
    refugees: Refugees,
    series: Vec<Series>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refugees {
    prefix: String,
    status: String,
    first_visits: Vec<FirstVisits>,
    closed: Vec<Cell>,
    /// Out of a hundred persons, how many come once, twice and so on.
    visits: Vec<u32>,
    places: Vec<Place>,
    /// Fewest and most days from one visit to the next.
    days_between: [u32; 2],
    elsewhere_every: u32,
    sexes: Vec<Sex>,
    births: Vec<Births>,
    sex_missing_every: u32,
    birth_missing_every: u32,
}

/// So many persons come for the first time on the open days from `from` to `to`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstVisits {
    persons: u32,
    from: Cell,
    to: Cell,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    share: u32,
    activity: String,
    municipality: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sex {
    share: u32,
    label: String,
}

/// Years of birth.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Births {
    share: u32,
    from: u32,
    to: u32,
}

/// Listed persons at an activity on each of its days.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Series {
    activity: String,
    persons: Vec<String>,
    dates: Vec<Cell>,
}

/// Rows as the sheets of participants and attendances have them.
pub struct Drawn {
    pub refugees: Vec<Vec<Cell>>,
    pub attendances: Vec<Vec<Cell>>,
}

/// One attendance; ordered as an officer keeps the register, day after day.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Visit {
    day: Date,
    activity: String,
    person: String,
}

impl Register {
    pub fn draw(&self) -> Drawn {
        let mut sequence = Sequence(self.seed);
        let mut visits = Vec::new();
        let refugees = self.refugees.draw(&mut sequence, &mut visits);
        for series in &self.series {
            for day in series.dates.iter().filter_map(Cell::date) {
                for person in &series.persons {
                    visits.push(Visit { day, activity: series.activity.clone(), person: person.clone() });
                }
            }
        }
        visits.sort();
        let attendances = visits
            .into_iter()
            .map(|visit| vec![Cell::Text(visit.activity), Cell::Text(visit.person), Cell::Date(visit.day)])
            .collect();
        Drawn { refugees, attendances }
    }
}

impl Refugees {
    fn draw(&self, sequence: &mut Sequence, visits: &mut Vec<Visit>) -> Vec<Vec<Cell>> {
        let last = self.first_visits.iter().filter_map(|block| block.to.date()).max();
        let mut rows = Vec::new();
        let mut repeated = 0;
        for block in &self.first_visits {
            let days = self.open_days(block);
            for nth in 0..block.persons {
                let number = rows.len() as u32 + 1;
                let person = format!("{}{number:03}", self.prefix);
                let place = sequence.choose(self.places.iter().map(|place| place.share));
                let sex = sequence.choose(self.sexes.iter().map(|sex| sex.share));
                let births = &self.births[sequence.choose(self.births.iter().map(|births| births.share))];
                let year = births.from + sequence.below(births.to - births.from + 1);
                let times = sequence.choose(self.visits.iter().copied()) + 1;

                let mut day = days[(nth as usize * days.len()) / block.persons as usize];
                for time in 0..times {
                    let mut at = place;
                    if time > 0 {
                        repeated += 1;
                        if repeated % self.elsewhere_every == 0 {
                            at = (place + 1) % self.places.len();
                        }
                    }
                    visits.push(Visit { day, activity: self.places[at].activity.clone(), person: person.clone() });
                    let [fewest, most] = self.days_between;
                    day = self.open_from(later(day, fewest + sequence.below(most - fewest + 1)));
                    if last.is_none_or(|last| day > last) {
                        break;
                    }
                }
                rows.push(vec![
                    Cell::Text(person),
                    if number.is_multiple_of(self.sex_missing_every) {
                        Cell::Blank
                    } else {
                        Cell::Text(self.sexes[sex].label.clone())
                    },
                    if number.is_multiple_of(self.birth_missing_every) {
                        Cell::Blank
                    } else {
                        Cell::Number(i64::from(year))
                    },
                    Cell::Text(self.status.clone()),
                    Cell::Blank,
                    Cell::Text(self.places[place].municipality.clone()),
                ]);
            }
        }
        rows
    }

    fn open_days(&self, block: &FirstVisits) -> Vec<Date> {
        let (Some(from), Some(to)) = (block.from.date(), block.to.date()) else { return Vec::new() };
        let days = std::iter::successors(Some(from), |day| Some(later(*day, 1)));
        days.take_while(|day| *day <= to).filter(|day| self.is_open(*day)).collect()
    }

    fn open_from(&self, mut day: Date) -> Date {
        while !self.is_open(day) {
            day = later(day, 1);
        }
        day
    }

    fn is_open(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
            && !self.closed.iter().any(|closed| closed.date() == Some(day))
    }
}

fn later(day: Date, days: u32) -> Date {
    day.saturating_add(jiff::Span::new().days(days))
}

/// A linear congruential sequence (the constants of the C standard's example).
struct Sequence(u32);

impl Sequence {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7fff_ffff;
        (self.0 >> 12) % limit
    }

    /// Which of the shares, which add up to a hundred.
    fn choose(&mut self, shares: impl Iterator<Item = u32>) -> usize {
        let drawn = self.below(100);
        let mut reached = 0;
        let mut last = 0;
        for (nth, share) in shares.enumerate() {
            last = nth;
            reached += share;
            if drawn < reached {
                break;
            }
        }
        last
    }
}
