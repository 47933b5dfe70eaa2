use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::ages::Ages;
use super::timeline::{Attendances, Seat};
use crate::model::{ColumnId, DistinctColumn, Project, Value};

/// Up to this many pairs of slot and unit are remembered in a table.
const TABLE: usize = 1 << 22;

/// The values that `distinct` tells apart, numbered.
pub(super) enum Units {
    Activity(Column),
    State(Column),
    Person {
        of_place: Arc<Vec<u32>>,
        size: u32,
    },
    /// The band of every age that is known of anybody.
    Age {
        ages: Arc<Ages>,
        bands: Vec<Option<u8>>,
        size: u32,
    },
}

/// Units per row of a table: several where a cell holds several values.
pub(super) struct Column {
    units: Vec<u32>,
    /// Where each row's end among them.
    ends: Vec<u32>,
    size: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Content {
    Category(u32),
    Number(Decimal),
    Day(Date),
}

impl Units {
    pub fn new(project: &Project, attendances: &Attendances, column: DistinctColumn) -> Units {
        match column {
            DistinctColumn::Activity(column) => {
                Units::Activity(Column::new(project.activities.rows.iter().map(|row| &row.values), column))
            }
            DistinctColumn::Person(column) => {
                Units::State(Column::new(project.persons.states.iter().map(|state| &state.values), column))
            }
            DistinctColumn::PersonCode => {
                Units::Person { of_place: Arc::clone(&attendances.person), size: project.persons.rows.len() as u32 }
            }
            DistinctColumn::Age => {
                let ages = attendances.ages(project);
                let bands = ages.each_known(|age| age.band(&project.settings.age_bands));
                Units::Age { ages, bands, size: project.settings.age_bands.0.len() as u32 }
            }
        }
    }

    pub fn each(&self, seat: Seat, mut take: impl FnMut(u32)) {
        match self {
            Units::Activity(column) => column.of_row(seat.activity).iter().copied().for_each(take),
            Units::State(column) => column.of_row(seat.state).iter().copied().for_each(take),
            Units::Person { of_place, .. } => take(of_place[seat.place as usize]),
            Units::Age { ages, bands, .. } => bands[ages.number(seat.place)].map(u32::from).into_iter().for_each(take),
        }
    }

    pub fn is_blank(&self, seat: Seat) -> bool {
        let mut blank = true;
        self.each(seat, |_| blank = false);
        blank
    }

    fn size(&self) -> u32 {
        match self {
            Units::Activity(column) | Units::State(column) => column.size,
            Units::Person { size, .. } | Units::Age { size, .. } => *size,
        }
    }
}

impl Column {
    fn new<'a>(rows: impl Iterator<Item = &'a Vec<Value>>, column: ColumnId) -> Column {
        let mut numbers: BTreeMap<Content, u32> = BTreeMap::new();
        let mut number = |content: Content| {
            let next = numbers.len() as u32;
            *numbers.entry(content).or_insert(next)
        };
        let (mut units, mut ends) = (Vec::new(), Vec::new());
        for values in rows {
            match &values[usize::from(column.0)] {
                Value::Blank => {}
                Value::Number(amount) => units.push(number(Content::Number(amount.from))),
                Value::Date(day) => units.push(number(Content::Day(*day))),
                value => units.extend(value.categories().iter().map(|category| number(Content::Category(category.0)))),
            }
            ends.push(units.len() as u32);
        }
        Column { units, ends, size: numbers.len() as u32 }
    }

    fn of_row(&self, row: u32) -> &[u32] {
        let row = row as usize;
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.units[start as usize..self.ends[row] as usize]
    }
}

/// Which units were met on which slot.
pub(super) enum Seen {
    Table { stamps: Vec<u32>, stamp: u32, units: usize },
    Set(HashSet<(u32, u32)>),
}

impl Seen {
    pub fn new(slots: usize, units: &Units) -> Seen {
        let units = units.size() as usize;
        match slots.checked_mul(units) {
            Some(pairs) if pairs <= TABLE => Seen::Table { stamps: vec![0; pairs], stamp: 1, units },
            _ => Seen::Set(HashSet::new()),
        }
    }

    /// Whether the unit is met on this slot for the first time.
    pub fn insert(&mut self, slot: u32, unit: u32) -> bool {
        match self {
            Seen::Table { stamps, stamp, units } => {
                let before = &mut stamps[slot as usize * *units + unit as usize];
                std::mem::replace(before, *stamp) != *stamp
            }
            Seen::Set(set) => set.insert((slot, unit)),
        }
    }

    pub fn forget(&mut self) {
        match self {
            Seen::Table { stamp, .. } => *stamp += 1,
            Seen::Set(set) => set.clear(),
        }
    }
}
