//! The columns that are kept of persons, from the participants table and the attendance table.

use jiff::civil::Date;

use super::attributes::Attributes;
use super::knowledge::FactName;
use crate::diagnostic::{Problem, kinds};
use crate::fold;
use crate::ingest::cell::{DateReading, SlashOrder};
use crate::ingest::column_builder::{ColumnBuilder, untranslatable_column};
use crate::ingest::conditions::ColumnUsage;
use crate::ingest::layout::vocabulary;
use crate::ingest::lists::ListIndex;
use crate::ingest::table::{Field, OnFault, RowReader, TableSheet};
use crate::model::{AgeBands, Birth, Settings, Value};

/// The contract's columns besides sex and birth.
pub const CONTRACT_CATEGORIES: [&str; 3] = ["status", "organisation", "municipality"];

/// The kept columns: sex first where there is one, then the contract's, then attributes that an indicator names.
pub struct PersonColumns {
    pub sex: Option<ColumnBuilder>,
    pub others: Vec<ColumnBuilder>,
    /// Some sheet has ages or births.
    pub has_age: bool,
}

/// Where a sheet has the kept columns.
#[derive(Clone, Debug)]
pub struct ColumnPositions {
    sex: Option<u32>,
    others: Vec<Option<u32>>,
    birth_date: Option<u32>,
    birth_year: Option<u32>,
    age: Option<u32>,
    age_band: Option<u32>,
}

/// What persons' cells of one sheet refer to.
#[derive(Clone, Copy)]
pub struct PersonContext<'p> {
    pub lists: &'p ListIndex,
    pub settings: &'p Settings,
    /// How the column of birth dates writes its slashes.
    pub slashes: SlashOrder,
}

impl PersonColumns {
    /// The columns that the sheets have, still without values.
    pub fn new(sheets: &[TableSheet], lists: &ListIndex, usage: &ColumnUsage) -> PersonColumns {
        let exists = |name: &str| sheets.iter().any(|sheet| sheet.column(name).is_some());
        let options = |name: &str| sheets.iter().find_map(|sheet| sheet.options.columns.get(name));
        let list_of = |name: &str| match options(name).and_then(|options| options.list.as_ref()) {
            Some((list, _)) => lists.position(list),
            None => lists.for_persons(name),
        };
        let contract = |name: &str| {
            let builder = match list_of(name) {
                Some(list) => ColumnBuilder::from_list(name, lists, list),
                None => ColumnBuilder::free_text(name, true),
            };
            builder.with_options(options(name))
        };
        let sex = exists("sex").then(|| contract("sex"));
        let mut others: Vec<ColumnBuilder> =
            CONTRACT_CATEGORIES.iter().filter(|name| exists(name)).map(|name| contract(name)).collect();
        let mut known_keys: Vec<String> = Vec::new();
        for column in sheets.iter().flat_map(|sheet| &sheet.layout.columns).filter(|column| !column.listed) {
            let key = fold::heading_key(&column.name);
            if usage.is_used(&column.name) && !known_keys.contains(&key) {
                known_keys.push(key);
                let name = &column.name;
                let builder = ColumnBuilder::attribute(name, list_of(name), usage.read_as(name), lists);
                others.push(builder.with_options(options(name)));
            }
        }
        let has_age = ["birth_date", "birth_year", "age", "age_band"].iter().any(|name| exists(name));
        PersonColumns { sex, others, has_age }
    }

    fn builders(&self) -> impl Iterator<Item = &ColumnBuilder> {
        self.sex.iter().chain(&self.others)
    }

    /// Warnings about blanks that may as well be answers.
    pub fn none_answers(&self) -> impl Iterator<Item = Problem> {
        self.builders().filter_map(ColumnBuilder::none_answers)
    }

    /// The different texts of kept columns without a list.
    pub fn free_texts(&self) -> impl Iterator<Item = &str> {
        self.builders().flat_map(ColumnBuilder::free_texts)
    }

    /// Warnings about columns of free text that a disaggregation prints in more than one language.
    pub fn untranslatable(&self, sheets: &[TableSheet], usage: &ColumnUsage) -> Vec<Problem> {
        let is_untranslatable = |builder: &&ColumnBuilder| {
            builder.is_free_text() && usage.is_axis(builder.name()) && builder.entry_count() > 0
        };
        let warnings = self.builders().filter(is_untranslatable).filter_map(|builder| {
            let name = builder.name();
            sheets.iter().find_map(|sheet| Some(untranslatable_column(sheet, sheet.column(name)?)))
        });
        warnings.collect()
    }

    /// Where a sheet has the kept columns.
    pub fn positions(&self, sheet: &TableSheet) -> ColumnPositions {
        let others = self.others.iter().map(|builder| sheet.attribute_column(builder.name()));
        ColumnPositions {
            sex: sheet.column("sex"),
            others: others.collect(),
            birth_date: sheet.column("birth_date"),
            birth_year: sheet.column("birth_year"),
            age: sheet.column("age"),
            age_band: sheet.column("age_band"),
        }
    }

    /// Reads what a row writes of its person; `day` is the day that its age is meant for, where it has one.
    pub fn read(
        &mut self,
        row: &mut RowReader,
        positions: &ColumnPositions,
        context: &PersonContext,
        day: Option<Date>,
    ) -> Attributes {
        let PersonContext { lists, settings, slashes } = *context;
        let sex = match &mut self.sex {
            Some(builder) => builder.read(row.field_at(positions.sex), lists, None),
            None => Value::Blank,
        };
        let others = self.others.iter_mut().zip(&positions.others);
        let values = others.map(|(builder, column)| builder.read(row.field_at(*column), lists, None)).collect();
        let (birth, birth_column) = read_birth(row, positions, settings, slashes);
        let age = read_age(row, positions, &settings.age_bands);
        check_age(&mut row.field_at(positions.age), age, birth, settings, day);
        let birth_column =
            birth_column.filter(|_| birth != Birth::Unknown).or(positions.of_age(age)).unwrap_or_default();
        Attributes { sex, birth, age, birth_column, values }
    }
}

impl ColumnPositions {
    /// Every kept column that the sheet has.
    pub fn all(&self) -> impl Iterator<Item = u32> + '_ {
        let contract = [self.sex, self.birth_date, self.birth_year, self.age, self.age_band];
        contract.into_iter().chain(self.others.iter().copied()).flatten()
    }

    /// The column of a fact in a row that writes `attributes`.
    pub fn of_fact(&self, fact: FactName, attributes: &Attributes) -> u32 {
        let column = match fact {
            FactName::Sex => self.sex,
            FactName::Birth => Some(attributes.birth_column),
            FactName::Other(at) => self.others.get(at).copied().flatten(),
        };
        column.unwrap_or_default()
    }

    /// The column of an age or an age band.
    pub fn of_age(&self, age: Birth) -> Option<u32> {
        match age {
            Birth::Age(_) => self.age,
            Birth::Band(_) => self.age_band,
            Birth::Unknown | Birth::Date(_) | Birth::Year(_) => None,
        }
    }

    /// The column of dates of birth.
    pub fn birth_date(&self) -> Option<u32> {
        self.birth_date
    }

    /// Whether the sheet has ages, each meant for its row's day.
    pub fn has_age(&self) -> bool {
        self.age.is_some()
    }
}

/// The earliest year of birth that is believed.
const EARLIEST_BIRTH: i16 = 1900;

/// A date or a year of birth, and the column that it would be in.
fn read_birth(
    row: &mut RowReader,
    positions: &ColumnPositions,
    settings: &Settings,
    slashes: SlashOrder,
) -> (Birth, Option<u32>) {
    let latest = settings.end;
    let mut field = row.field_at(positions.birth_date);
    if let Some(reading) = field.birth_date(OnFault::BlankValue) {
        let (birth, year, is_future) = match reading {
            DateReading::Month(first) => (Birth::Year(first.year()), first.year(), first.year() > latest.year()),
            reading => match field.resolve_date(slashes, reading) {
                Some(date) => (Birth::Date(date), date.year(), date > latest),
                None => return (Birth::Unknown, positions.birth_date),
            },
        };
        if year >= EARLIEST_BIRTH && !is_future {
            return (birth, positions.birth_date);
        }
        let (low, high) = (EARLIEST_BIRTH.to_string(), latest.year().to_string());
        field.report(OnFault::BlankValue, kinds::BadBirthYear { value: year.to_string(), low, high });
        return (Birth::Unknown, positions.birth_date);
    }
    if positions.birth_year.is_some() {
        let range = i64::from(EARLIEST_BIRTH)..=i64::from(latest.year());
        let year = row.field_at(positions.birth_year).whole_number(range, |value, low, high| kinds::BadBirthYear {
            value,
            low,
            high,
        });
        return (year.map_or(Birth::Unknown, |year| Birth::Year(year as i16)), positions.birth_year);
    }
    (Birth::Unknown, positions.birth_date)
}

/// The highest age that is believed, in years.
const HIGHEST_AGE: i64 = 120;

/// An age or an age band.
fn read_age(row: &mut RowReader, positions: &ColumnPositions, bands: &AgeBands) -> Birth {
    let out_of_range = |value, low, high| kinds::AgeOutOfRange { value, low, high };
    if let Some(age) = row.field_at(positions.age).whole_number(0..=HIGHEST_AGE, out_of_range) {
        return Birth::Age(age as u8);
    }
    let mut field = row.field_at(positions.age_band);
    let Some(text) = field.text() else { return Birth::Unknown };
    let Some(band) = find_band(&text, bands) else {
        let known: Vec<String> = (0..bands.0.len() as u8).map(|band| bands.code(band)).collect();
        let kind = kinds::BadAgeBand { value: text.into_owned(), known: known.join(", ") };
        field.report(OnFault::BlankValue, kind);
        return Birth::Unknown;
    };
    Birth::Band(band)
}

/// The project's band with these ends: `18-59`, `18 – 59`, `60+`, `60 и повеќе`.
fn find_band(text: &str, bands: &AgeBands) -> Option<u8> {
    let numbers: Vec<u32> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .filter_map(|part| part.parse().ok())
        .collect();
    // One number alone begins the last band, unless other words say that it ends one.
    let is_open = |c: char| !matches!(c, '<' | '≤' | '-' | '–' | '—');
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let begins =
        text.chars().all(is_open) && words.map(fold::code_key).all(|word| vocabulary().over_words.contains(&word));
    let ends = |band: u8| {
        let (low, high) = bands.ends(band);
        (u32::from(low), high.map(u32::from))
    };
    (0..bands.0.len() as u8).find(|band| match (numbers.as_slice(), ends(*band)) {
        ([low], (start, None)) => *low == start && begins,
        ([low, high], (start, Some(end))) => *low == start && *high == end,
        _ => false,
    })
}

/// Warns where an age can't be that of the row's birth: on the row's day, or else on any day of the project.
fn check_age(field: &mut Field, age: Birth, birth: Birth, settings: &Settings, day: Option<Date>) {
    let Birth::Age(age) = age else { return };
    let (first, last) = day.map_or((settings.start, settings.end), |day| (day, day));
    if let (Some(first), Some(last)) = (birth.age_on(first), birth.age_on(last))
        && !(first - 1..=last + 1).contains(&i32::from(age))
    {
        field.warn(kinds::AgeMismatch { age: age.to_string(), expected: first.to_string() });
    }
}
