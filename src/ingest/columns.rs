//! A column's values while rows are read: entries of a list, results, or texts interned as they come.

use hashbrown::HashMap;

use super::cell;
use super::codes::CodeBook;
use super::conditions::ReadAs;
use super::fold;
use super::lists::Listing;
use super::raw::{Raw, RawRow};
use super::table::{Part, Role, TableRun};
use crate::diagnostic::Problem;
use crate::model::{Amount, Category, Column, ColumnKind, Entry, Hedge, Text, Value};
use rust_decimal::Decimal;

/// A column of activities or persons being filled.
pub struct ColumnBuilder {
    pub column: Column,
    source: Source,
    /// Several values may stand in one cell.
    many: bool,
    /// Texts that were read without a word, with what they mean: a register repeats a few of them a million times.
    seen: HashMap<String, Value>,
}

/// How many different texts of a column are remembered.
const SEEN: usize = 20_000;

enum Source {
    List(usize),
    /// Codes that are known elsewhere: results.
    Codes,
    /// Any text: its folded key → entry.
    Free(HashMap<String, u32>),
    Counts,
    Numbers,
    Days,
}

impl ColumnBuilder {
    pub fn listed(name: &str, listing: &Listing, list: usize) -> ColumnBuilder {
        let entries = listing
            .list(list)
            .entries
            .iter()
            .map(|entry| Entry { code: entry.code.clone(), label: entry.label.clone() })
            .collect();
        let list_name = listing.list(list).name.clone();
        ColumnBuilder::new(name, ColumnKind::Category, Some(list_name), entries, Source::List(list))
    }

    pub fn of_codes(name: &str, entries: Vec<Entry>) -> ColumnBuilder {
        ColumnBuilder::new(name, ColumnKind::Category, None, entries, Source::Codes)
    }

    /// Texts as they come; a title is never parted.
    pub fn free(name: &str, many: bool) -> ColumnBuilder {
        let source = Source::Free(HashMap::new());
        ColumnBuilder { many, ..ColumnBuilder::new(name, ColumnKind::Category, None, Vec::new(), source) }
    }

    pub fn counts(name: &str) -> ColumnBuilder {
        ColumnBuilder::new(name, ColumnKind::Count, None, Vec::new(), Source::Counts)
    }

    /// An attribute, read as the indicators need it.
    pub fn attribute(name: &str, list: Option<usize>, read_as: ReadAs, listing: &Listing) -> ColumnBuilder {
        match (read_as, list) {
            (ReadAs::Numbers, _) => ColumnBuilder::new(name, ColumnKind::Number, None, Vec::new(), Source::Numbers),
            (ReadAs::Days, None) => ColumnBuilder::new(name, ColumnKind::Date, None, Vec::new(), Source::Days),
            (_, Some(list)) => ColumnBuilder::listed(name, listing, list),
            (ReadAs::Categories, None) => ColumnBuilder::free(name, true),
        }
    }

    fn new(name: &str, kind: ColumnKind, list: Option<String>, entries: Vec<Entry>, source: Source) -> ColumnBuilder {
        ColumnBuilder {
            column: Column { name: name.to_owned(), kind, list, entries },
            source,
            many: true,
            seen: HashMap::new(),
        }
    }

    /// The value of a cell.
    pub fn read(
        &mut self,
        run: &mut TableRun,
        part: &Part,
        row: &RawRow,
        column: Option<u32>,
        listing: &Listing,
        results: Option<&CodeBook>,
    ) -> Value {
        let Some(at) = column else { return Value::Blank };
        let written = match row.cell(at).map(|cell| &cell.raw) {
            None => return Value::Blank,
            Some(Raw::Text(text)) => Some(text.as_ref()),
            Some(_) => None,
        };
        if let Some(known) = written.and_then(|text| self.seen.get(text)) {
            return known.clone();
        }
        let told = run.told();
        let value = self.read_anew(run, part, row, at, listing, results);
        if let Some(text) = written
            && told == run.told()
            && self.seen.len() < SEEN
        {
            self.seen.insert(text.to_owned(), value.clone());
        }
        value
    }

    fn read_anew(
        &mut self,
        run: &mut TableRun,
        part: &Part,
        row: &RawRow,
        at: u32,
        listing: &Listing,
        results: Option<&CodeBook>,
    ) -> Value {
        let column = Some(at);
        match &mut self.source {
            Source::List(list) => values(run.listed(part, row, column, listing, *list)),
            Source::Codes => {
                let number = super::logframe::result_of(run, part, row, column, results);
                number.map_or(Value::Blank, |number| Value::One(Category(number)))
            }
            Source::Free(index) => {
                let Some(text) = run.text(part, row, column) else { return Value::Blank };
                let mut found: Vec<u32> = Vec::new();
                let mut intern = |text: &str| {
                    let key = fold::code_key(text);
                    let entries = &mut self.column.entries;
                    let entry = *index.entry(key).or_insert_with(|| {
                        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
                        entries.push(Entry { code: text, label: Text::default() });
                        entries.len() as u32 - 1
                    });
                    if !found.contains(&entry) {
                        found.push(entry);
                    }
                };
                if self.many {
                    cell::parts(&text).for_each(&mut intern);
                } else {
                    intern(&text);
                }
                values(found)
            }
            Source::Counts => run.count(part, row, column).map_or(Value::Blank, Value::from),
            Source::Numbers => run.amount(part, row, column).map_or(Value::Blank, |(amount, _)| amount.into()),
            Source::Days => match run.date(part, row, column, Role::Describing) {
                Some(reading) => {
                    run.settled(part, row, at, cell::SlashColumn::default(), reading).map_or(Value::Blank, Value::Date)
                }
                None => Value::Blank,
            },
        }
    }

    /// Takes a text that isn't a cell of its own: an activity's code or title under a column of its own.
    pub fn intern(&mut self, text: &str) -> Value {
        let Source::Free(index) = &mut self.source else { return Value::Blank };
        let entries = &mut self.column.entries;
        let entry = *index.entry(fold::code_key(text)).or_insert_with(|| {
            entries.push(Entry { code: text.to_owned(), label: Text::default() });
            entries.len() as u32 - 1
        });
        Value::One(Category(entry))
    }

    pub fn is_free(&self) -> bool {
        matches!(self.source, Source::Free(_))
    }
}

fn values(mut entries: Vec<u32>) -> Value {
    match entries.len() {
        0 => Value::Blank,
        1 => Value::One(Category(entries[0])),
        _ => {
            entries.sort_unstable();
            Value::Several(entries.into_iter().map(Category).collect())
        }
    }
}

/// An amount that its row calls approximate without a word of its own.
pub fn approximate(mut amount: Amount) -> Amount {
    if amount.hedge.is_none() {
        amount.hedge = Some(Hedge::About);
        let mut rest = amount.from.trunc();
        while !rest.is_zero() && (rest % Decimal::TEN).is_zero() {
            rest /= Decimal::TEN;
            amount.grain += 1;
        }
    }
    amount
}

/// Says at its heading that a column of free text can't be printed in a second language.
pub fn untranslatable(part: &Part, column: u32) -> Problem {
    let known = part.layout.columns.iter().find(|known| known.column == column);
    let (name, row) = known.map(|known| (known.heading.clone(), known.row)).unwrap_or_default();
    Problem::warning("column-without-list").at(part.place(row, column)).with("column", name)
}
