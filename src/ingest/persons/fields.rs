//! The columns that are kept of persons, in the participants table and beside attendances.

use jiff::civil::Date;

use crate::diagnostic::Problem;
use crate::ingest::cell::{Reading, SlashColumn};
use crate::ingest::columns::ColumnBuilder;
use crate::ingest::conditions::Usage;
use crate::ingest::fold;
use crate::ingest::lists::Listing;
use crate::ingest::raw::RawRow;
use crate::ingest::table::{Part, Role, TableRun};
use crate::model::{AgeBands, Birth, Settings, Value};

/// Columns that the contract names, besides sex and birth.
const CONTRACT: [&str; 3] = ["status", "organisation", "municipality"];

/// The kept columns: sex first where there is one, then the contract's, then attributes that an indicator names.
pub struct PersonFields {
    pub sex: Option<ColumnBuilder>,
    pub others: Vec<ColumnBuilder>,
    /// Some sheet tells how old persons are.
    pub has_age: bool,
}

/// Where a sheet has them.
#[derive(Clone, Debug)]
pub struct FieldColumns {
    sex: Option<u32>,
    others: Vec<Option<u32>>,
    birth_date: Option<u32>,
    birth_year: Option<u32>,
    age: Option<u32>,
    age_band: Option<u32>,
}

/// What persons' cells refer to.
#[derive(Clone, Copy)]
pub struct FieldGround<'g> {
    pub listing: &'g Listing,
    pub settings: &'g Settings,
    /// How the column of birth dates writes its slashes.
    pub slashes: SlashColumn,
}

/// What one row says of its person.
#[derive(Debug)]
pub struct Said {
    pub sex: Value,
    /// A date or a year of birth.
    pub birth: Birth,
    /// An age or a band, good for the row's day.
    pub age: Birth,
    pub birth_column: u32,
    pub values: Vec<Value>,
}

impl Said {
    pub fn is_blank(&self) -> bool {
        let Said { sex, birth, age, values, birth_column: _ } = self;
        (*birth, *age) == (Birth::Unknown, Birth::Unknown)
            && values.iter().chain([sex]).all(|value| *value == Value::Blank)
    }
}

impl Said {
    /// Whether a row of attendance says no more of sex, birth and age than the first row about the person; an age in a
    /// register is a birth, and none in attendance is the same thing.
    pub fn adds_nothing_to(&self, first: &Said, by_table: bool) -> bool {
        let age = if by_table { Birth::Unknown } else { first.age };
        (self.sex == Value::Blank || self.sex == first.sex)
            && (self.birth == Birth::Unknown || self.birth == first.birth)
            && (self.age == Birth::Unknown || self.age == age)
    }
}

impl PersonFields {
    pub fn new(parts: &[Part], listing: &Listing, usage: &Usage) -> PersonFields {
        let has = |name: &str| parts.iter().any(|part| part.column(name).is_some());
        let contract = |name: &str| match listing.for_persons(name) {
            Some(list) => ColumnBuilder::listed(name, listing, list),
            None => ColumnBuilder::free(name, true),
        };
        let sex = has("sex").then(|| contract("sex"));
        let mut others: Vec<ColumnBuilder> =
            CONTRACT.iter().filter(|name| has(name)).map(|name| contract(name)).collect();
        let mut seen: Vec<String> = Vec::new();
        for column in parts.iter().flat_map(|part| &part.layout.columns).filter(|column| !column.listed) {
            let key = fold::heading_key(&column.name);
            if usage.names(&column.name) && !seen.contains(&key) {
                seen.push(key);
                let list = listing.for_persons(&column.name);
                others.push(ColumnBuilder::attribute(&column.name, list, usage.read_as(&column.name), listing));
            }
        }
        let has_age = ["birth_date", "birth_year", "age", "age_band"].iter().any(|name| has(name));
        PersonFields { sex, others, has_age }
    }

    /// Different texts that stood under kept columns without a list.
    pub fn free_texts(&self) -> impl Iterator<Item = &str> {
        let free = self.sex.iter().chain(&self.others).filter(|builder| builder.is_free());
        free.flat_map(|builder| &builder.column.entries).map(|entry| entry.code.as_str())
    }

    /// Warnings about columns of free text that a disaggregation prints in more than one language.
    pub fn untranslatable(&self, parts: &[Part], usage: &Usage) -> Vec<Problem> {
        let free = |builder: &&ColumnBuilder| {
            builder.is_free() && usage.is_axis(&builder.column.name) && !builder.column.entries.is_empty()
        };
        let named = self.sex.iter().chain(&self.others).filter(free).filter_map(|builder| {
            let (part, column) =
                parts.iter().find_map(|part| part.column(&builder.column.name).map(|column| (part, column)))?;
            Some(crate::ingest::columns::untranslatable(part, column))
        });
        named.collect()
    }

    pub fn columns(&self, part: &Part) -> FieldColumns {
        let others = self.others.iter().map(|builder| {
            part.column(&builder.column.name).or_else(|| {
                let key = fold::heading_key(&builder.column.name);
                let mut attributes = part.layout.columns.iter().filter(|column| !column.listed);
                attributes.find(|column| fold::heading_key(&column.name) == key).map(|column| column.column)
            })
        });
        FieldColumns {
            sex: part.column("sex"),
            others: others.collect(),
            birth_date: part.column("birth_date"),
            birth_year: part.column("birth_year"),
            age: part.column("age"),
            age_band: part.column("age_band"),
        }
    }

    /// Reads what a row says; `day` is the day that its age is meant for, where it has one.
    pub fn read(
        &mut self,
        run: &mut TableRun,
        part: &Part,
        row: &RawRow,
        columns: &FieldColumns,
        ground: &FieldGround,
        day: Option<Date>,
    ) -> Said {
        let FieldGround { listing, settings, slashes } = *ground;
        let sex = match &mut self.sex {
            Some(builder) => builder.read(run, part, row, columns.sex, listing, None),
            None => Value::Blank,
        };
        let values = self
            .others
            .iter_mut()
            .zip(&columns.others)
            .map(|(builder, column)| builder.read(run, part, row, *column, listing, None))
            .collect();
        let (birth, birth_column) = birth(run, part, row, columns, settings, slashes);
        let age = age(run, part, row, columns, &settings.age_bands);
        let said = Said {
            sex,
            birth,
            age,
            birth_column: birth_column.or(columns.age).or(columns.age_band).unwrap_or_default(),
            values,
        };
        mismatch(run, part, row, columns, &said, settings, day);
        said
    }
}

impl FieldColumns {
    /// Every column that is read.
    pub fn wanted(&self) -> impl Iterator<Item = u32> + '_ {
        let own = [self.sex, self.birth_date, self.birth_year, self.age, self.age_band];
        own.into_iter().chain(self.others.iter().copied()).flatten()
    }

    /// The column of the kept column at a place.
    pub fn other(&self, at: usize) -> Option<u32> {
        self.others.get(at).copied().flatten()
    }

    /// How many columns are kept besides sex and birth.
    pub fn others(&self) -> usize {
        self.others.len()
    }

    pub fn sex(&self) -> Option<u32> {
        self.sex
    }

    /// Persons' ages stand here, each meant for its row's day.
    pub fn has_age(&self) -> bool {
        self.age.is_some()
    }

    pub fn birth_date(&self) -> Option<u32> {
        self.birth_date
    }
}

fn birth(
    run: &mut TableRun,
    part: &Part,
    row: &RawRow,
    columns: &FieldColumns,
    settings: &Settings,
    slashes: SlashColumn,
) -> (Birth, Option<u32>) {
    let latest = settings.end;
    if let Some(at) = columns.birth_date
        && let Some(reading) = run.date(part, row, Some(at), Role::Describing)
    {
        let birth = match reading {
            Reading::Month(first) => Some(Birth::Year(first.year())),
            reading => run.settled(part, row, at, slashes, reading).map(Birth::Date),
        };
        let year = match birth {
            Some(Birth::Date(date)) => Some((date.year(), date > latest)),
            Some(Birth::Year(year)) => Some((year, year > latest.year())),
            _ => None,
        };
        if let Some((year, future)) = year
            && (year < 1900 || future)
        {
            let problem = Problem::error("bad-birth-year")
                .with("value", year.to_string())
                .with("low", "1900")
                .with("high", latest.year().to_string());
            run.fault(part, row, at, Role::Describing, problem);
            return (Birth::Unknown, Some(at));
        }
        return (birth.unwrap_or_default(), Some(at));
    }
    if let Some(at) = columns.birth_year {
        let range = 1900..=i64::from(latest.year());
        let year = run.whole(part, row, Some(at), range, "bad-birth-year");
        return (year.map_or(Birth::Unknown, |year| Birth::Year(year as i16)), Some(at));
    }
    (Birth::Unknown, columns.birth_date)
}

/// The oldest age that is believed.
const OLDEST: i64 = 120;

fn age(run: &mut TableRun, part: &Part, row: &RawRow, columns: &FieldColumns, bands: &AgeBands) -> Birth {
    if let Some(age) = run.whole(part, row, columns.age, 0..=OLDEST, "age-out-of-range") {
        return Birth::Age(age as u8);
    }
    let Some(at) = columns.age_band else { return Birth::Unknown };
    let Some(text) = run.text(part, row, Some(at)) else { return Birth::Unknown };
    match band(&text, bands) {
        Some(band) => Birth::Band(band),
        None => {
            let known: Vec<String> = (0..bands.0.len() as u8).map(|band| bands.code(band)).collect();
            let problem = Problem::error("bad-age-band").with("value", text.as_ref()).with("known", known.join(", "));
            run.fault(part, row, at, Role::Describing, problem);
            Birth::Unknown
        }
    }
}

/// `18-59`, `18 – 59`, `60+`, `60 и повеќе`: the project's band with these ends.
fn band(text: &str, bands: &AgeBands) -> Option<u8> {
    let numbers: Vec<u32> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .filter_map(|part| part.parse().ok())
        .collect();
    let ends = |band: u8| {
        let (low, high) = bands.ends(band);
        (u32::from(low), high.map(u32::from))
    };
    (0..bands.0.len() as u8).find(|band| match (numbers.as_slice(), ends(*band)) {
        ([low], (start, None)) => *low == start,
        ([low, high], (start, Some(end))) => *low == start && *high == end,
        _ => false,
    })
}

/// A row whose age can't be that of its birth.
fn mismatch(
    run: &mut TableRun,
    part: &Part,
    row: &RawRow,
    columns: &FieldColumns,
    said: &Said,
    settings: &Settings,
    day: Option<Date>,
) {
    let (Birth::Age(age), Some(column)) = (said.age, columns.age) else { return };
    let (first, last) = match day {
        Some(day) => (said.birth.age_on(day), said.birth.age_on(day)),
        None => (said.birth.age_on(settings.start), said.birth.age_on(settings.end)),
    };
    if let (Some(first), Some(last)) = (first, last)
        && !(first - 1..=last + 1).contains(&i32::from(age))
    {
        let problem = Problem::warning("age-mismatch").with("age", age.to_string()).with("expected", first.to_string());
        run.remark(part, row, column, problem);
    }
}
