//! Builds a column of activities or persons from its cells: entries of a list, results, numbers, or texts interned as they
//! come.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hashbrown::HashMap;

use super::cell;
use super::codes::CodeIndex;
use super::conditions::ReadAs;
use super::lists::ListIndex;
use super::raw_row::Raw;
use super::settings::ColumnOptions;
use super::table::{Field, OnFault, TableSheet, joined_parts, split_at};
use super::value_order::{is_better_spelling, sort_texts};
use crate::diagnostic::{Problem, kinds};
use crate::fold;
use crate::model::{Amount, Category, Column, ColumnEntries, ColumnKind, Hedge, PackedTexts, Text, Value};

/// A column of activities or persons being filled.
pub struct ColumnBuilder {
    /// Free texts come to its entries at the end.
    column: Column,
    source: ValueSource,
    /// A cell may hold several values.
    splits_cells: bool,
    /// No indicator names the column: an error in a cell blanks the value, with a note.
    is_unused: bool,
    /// Values of texts that were read without a problem: a register repeats a few of them a million times.
    known_texts: HashMap<String, Value>,
    /// Numbers by all that they are written with: `1.0` is not `1.00`.
    known_numbers: HashMap<NumberKey, Arc<Amount>>,
    /// What separates values in a cell besides `;` and line breaks; `None` where project.toml doesn't say.
    separators: Option<Vec<String>>,
    /// Cells with a placeholder that may as well be an answer, the first of them and how many.
    none_words: Option<(Problem, u64)>,
    /// Some number was in a merged cell.
    pub has_merged_numbers: bool,
}

/// How many cells hold a value alone before it is taken for one in a joined text.
pub const FEWEST_ALONE: u64 = 2;

/// How many different texts, and numbers, of a column are cached.
const MOST_KNOWN_VALUES: usize = 20_000;

/// The parts of an [`Amount`].
type NumberKey = ([u8; 16], [u8; 16], Option<Hedge>, i32);

/// What a column's cells are read as.
enum ValueSource {
    /// Entries of the list with this index.
    List(usize),
    /// Codes of the results table.
    Results,
    /// Any text, found in any spelling.
    FreeText(Box<FreeTexts>),
    Counts,
    Numbers,
    Dates,
}

/// The texts of a column without a list.
#[derive(Default)]
struct FreeTexts {
    index: CodeIndex,
    /// By text, a spelling to be shown instead of the first one.
    spellings: BTreeMap<u32, String>,
}

impl FreeTexts {
    fn find_or_add(&mut self, text: &str) -> u32 {
        let id = self.index.find_or_add(text).id;
        let shown = self.spellings.get(&id.0).map_or_else(|| self.index.text(id), String::as_str);
        if shown != text && is_better_spelling(text, shown) {
            self.spellings.insert(id.0, text.to_owned());
        }
        id.0
    }

    /// All texts as they are shown, by number.
    fn into_texts(self) -> PackedTexts {
        if self.spellings.is_empty() {
            return self.index.into_texts();
        }
        let shown = |(id, first)| self.spellings.get(&id).map_or(first, String::as_str);
        (0..).zip(self.index.texts()).map(shown).collect()
    }
}

impl ColumnBuilder {
    /// A column whose values are entries of a list.
    pub fn from_list(name: &str, lists: &ListIndex, list: usize) -> ColumnBuilder {
        let entries = lists.list(list).entries.iter().map(|entry| (entry.code.clone(), entry.label.clone())).collect();
        let list_name = lists.list(list).name.clone();
        ColumnBuilder::new(name, ColumnKind::Category, Some(list_name), entries, ValueSource::List(list))
    }

    /// A column whose values are codes of the results table.
    pub fn from_results(name: &str, entries: ColumnEntries) -> ColumnBuilder {
        ColumnBuilder::new(name, ColumnKind::Category, None, entries, ValueSource::Results)
    }

    /// A column of any texts; `splits_cells` if a cell may hold several.
    pub fn free_text(name: &str, splits_cells: bool) -> ColumnBuilder {
        let source = ValueSource::FreeText(Box::default());
        ColumnBuilder {
            splits_cells,
            ..ColumnBuilder::new(name, ColumnKind::Category, None, ColumnEntries::default(), source)
        }
    }

    /// A column of counts.
    pub fn counts(name: &str) -> ColumnBuilder {
        ColumnBuilder::new(name, ColumnKind::Count, None, ColumnEntries::default(), ValueSource::Counts)
    }

    /// An attribute, read as the indicators need it.
    pub fn attribute(name: &str, list: Option<usize>, read_as: ReadAs, lists: &ListIndex) -> ColumnBuilder {
        match (read_as, list) {
            (ReadAs::Numbers, _) => {
                ColumnBuilder::new(name, ColumnKind::Number, None, ColumnEntries::default(), ValueSource::Numbers)
            }
            (ReadAs::Days, None) => {
                ColumnBuilder::new(name, ColumnKind::Date, None, ColumnEntries::default(), ValueSource::Dates)
            }
            (_, Some(list)) => ColumnBuilder::from_list(name, lists, list),
            (ReadAs::Categories, None) => ColumnBuilder::free_text(name, true),
        }
    }

    fn new(
        name: &str,
        kind: ColumnKind,
        list: Option<String>,
        entries: ColumnEntries,
        source: ValueSource,
    ) -> ColumnBuilder {
        ColumnBuilder {
            column: Column { name: name.to_owned(), label: Text::default(), kind, list, entries },
            source,
            splits_cells: true,
            is_unused: false,
            known_texts: HashMap::new(),
            known_numbers: HashMap::new(),
            separators: None,
            none_words: None,
            has_merged_numbers: false,
        }
    }

    /// The column with what project.toml says of it.
    pub fn with_options(mut self, options: Option<&ColumnOptions>) -> ColumnBuilder {
        if let Some(options) = options {
            self.column.label = options.label.clone();
            self.separators.clone_from(&options.split);
        }
        self
    }

    /// The column where no indicator names it.
    pub fn unused(self) -> ColumnBuilder {
        ColumnBuilder { is_unused: true, ..self }
    }

    /// The value of a cell. `results` are the codes of the results table, where there is one.
    pub fn read(&mut self, mut field: Field, lists: &ListIndex, results: Option<&CodeIndex>) -> Value {
        let Some(cell) = field.cell() else { return Value::Blank };
        if let (true, Raw::Error(text)) = (self.is_unused, &cell.raw) {
            let text = text.to_string();
            field.warn_problem(Problem::note(kinds::ErrorCell::Unread { text }));
            return Value::Blank;
        }
        let text = match &cell.raw {
            Raw::Text(text) => Some(text.as_ref()),
            _ => None,
        };
        if let Some(known) = text.and_then(|text| self.known_texts.get(text)).cloned() {
            self.observe_blank(&field, text, &known);
            self.has_merged_numbers |= cell.merged && matches!(known, Value::Number(_));
            return known;
        }
        let reported = field.reported();
        let value = self.parse(&mut field, lists, results);
        self.observe_blank(&field, text, &value);
        self.has_merged_numbers |= cell.merged && matches!(value, Value::Number(_));
        // How a number is read also depends on its sheet.
        if let Some(text) = text
            && !matches!(self.source, ValueSource::Numbers)
            && reported == field.reported()
            && self.known_texts.len() < MOST_KNOWN_VALUES
        {
            self.known_texts.insert(text.to_owned(), value.clone());
        }
        value
    }

    /// Counts a blank that is written as a word which may as well be an answer.
    fn observe_blank(&mut self, field: &Field, text: Option<&str>, value: &Value) {
        let Some(text) = text.filter(|_| *value == Value::Blank && self.is_free_text()) else { return };
        if cell::is_none_word(text) {
            let (_, count) = self.none_words.get_or_insert_with(|| {
                let answer = kinds::NoneAnswer { value: cell::clean(text).into_owned(), column: field.heading() };
                (Problem::warning(answer).at(field.place()), 0)
            });
            *count += 1;
        }
    }

    /// A warning about blanks that are written as words which may as well be answers, where other cells have values.
    pub fn none_answers(&self) -> Option<Problem> {
        let (problem, count) = self.none_words.as_ref().filter(|_| self.entry_count() > 0)?;
        Some(Problem { count: *count, ..problem.clone() })
    }

    /// Texts that are made of others, joined by what doesn't separate values. `alone` is how many cells hold each entry
    /// alone; `is_known` whether a value is known otherwise.
    pub fn joined_texts(&self, alone: &[u64], is_known: impl Fn(&str) -> bool) -> BTreeSet<String> {
        let ValueSource::FreeText(texts) = &self.source else { return BTreeSet::new() };
        let index = &texts.index;
        if self.separators.is_some() || !self.splits_cells {
            return BTreeSet::new();
        }
        let is_value = |part: &str| {
            let cells = index.find(part).and_then(|found| alone.get(found.id.index()));
            cells.is_some_and(|cells| *cells >= FEWEST_ALONE) || is_known(part)
        };
        let is_joined = |text: &&str| joined_parts(text).is_some_and(|mut parts| parts.all(is_value));
        index.texts().filter(is_joined).map(fold::code_key).collect()
    }

    fn parse(&mut self, field: &mut Field, lists: &ListIndex, results: Option<&CodeIndex>) -> Value {
        match &self.source {
            ValueSource::List(list) => category_value(field.list_entries(lists, *list, self.separators.as_deref())),
            ValueSource::Results => match super::logframe::find_result(field, results) {
                Some(result) => Value::One(Category(result.0)),
                None => Value::Blank,
            },
            ValueSource::FreeText(_) => match field.text() {
                Some(text) => self.free_text_value(&text),
                None => Value::Blank,
            },
            ValueSource::Counts => field.count().map_or(Value::Blank, |count| self.share_number(count)),
            ValueSource::Numbers => field.amount().map_or(Value::Blank, |(amount, _)| self.share_number(amount)),
            ValueSource::Dates => match field.date(OnFault::BlankValue) {
                Some(reading) => {
                    let day = field.resolve_date(cell::SlashOrder::given(field.date_order()), reading);
                    day.map_or(Value::Blank, Value::Date)
                }
                None => Value::Blank,
            },
        }
    }

    /// The value of a number, in the memory of an equal one.
    fn share_number(&mut self, amount: Amount) -> Value {
        let key = (amount.from.serialize(), amount.to.serialize(), amount.hedge, amount.rounding_exponent);
        if let Some(known) = self.known_numbers.get(&key) {
            return Value::Number(known.clone());
        }
        let number = Arc::new(amount);
        if self.known_numbers.len() < MOST_KNOWN_VALUES {
            self.known_numbers.insert(key, number.clone());
        }
        Value::Number(number)
    }

    fn free_text_value(&mut self, text: &str) -> Value {
        let separators = self.separators.as_deref().unwrap_or_default();
        let values = |text| cell::split_values(text).flat_map(|value| split_at(value, separators));
        let texts: Vec<&str> = if self.splits_cells { values(text).collect() } else { vec![text] };
        let mut entries: Vec<u32> = Vec::new();
        for text in texts {
            let entry = self.find_or_add_text(&text.split_whitespace().collect::<Vec<_>>().join(" "));
            entries.extend(entry.filter(|entry| !entries.contains(entry)));
        }
        category_value(entries)
    }

    /// The value of a text that isn't in a cell of this column: an activity's code or title as a column of its own.
    pub fn intern(&mut self, text: &str) -> Value {
        self.find_or_add_text(text).map_or(Value::Blank, |entry| Value::One(Category(entry)))
    }

    /// The entry of a free text, a new one if need be. `None` if the column isn't one of free texts.
    fn find_or_add_text(&mut self, text: &str) -> Option<u32> {
        let ValueSource::FreeText(texts) = &mut self.source else { return None };
        Some(texts.find_or_add(text))
    }

    /// The column's name.
    pub fn name(&self) -> &str {
        &self.column.name
    }

    /// How many different entries the column has so far.
    pub fn entry_count(&self) -> usize {
        match &self.source {
            ValueSource::FreeText(texts) => texts.index.len(),
            _ => self.column.entries.len(),
        }
    }

    /// The different texts of a column without a list; none of any other.
    pub fn free_texts(&self) -> impl Iterator<Item = &str> {
        let index = match &self.source {
            ValueSource::FreeText(texts) => Some(&texts.index),
            _ => None,
        };
        index.into_iter().flat_map(CodeIndex::texts)
    }

    /// The column, now that all of its cells are read, with the new numbers of its values, if they have any: texts are sorted.
    pub fn finish(self) -> (Column, Option<Vec<u32>>) {
        match self.source {
            ValueSource::FreeText(texts) => {
                let (texts, numbers) = sort_texts(texts.into_texts());
                (Column { entries: ColumnEntries::from_texts(texts), ..self.column }, numbers)
            }
            _ => (self.column, None),
        }
    }

    /// Whether the column takes any text, having no list.
    pub fn is_free_text(&self) -> bool {
        matches!(self.source, ValueSource::FreeText(_))
    }
}

fn category_value(mut entries: Vec<u32>) -> Value {
    match entries.len() {
        0 => Value::Blank,
        1 => Value::One(Category(entries[0])),
        _ => {
            entries.sort_unstable();
            Value::Several(Arc::new(entries.into_iter().map(Category).collect()))
        }
    }
}

/// An amount whose row says that it is approximate; a hedge in its own cell comes first.
pub fn approximate(amount: Amount) -> Amount {
    if amount.hedge.is_some() { amount } else { amount.with_hedge(Hedge::About) }
}

/// A warning at a column's heading: its free texts can't be printed in a second language.
pub fn untranslatable_column(sheet: &TableSheet, column: u32) -> Problem {
    let known = sheet.layout.columns.iter().find(|known| known.column == column);
    let (heading, name, row) =
        known.map(|known| (known.heading.clone(), known.name.clone(), known.row)).unwrap_or_default();
    Problem::warning(kinds::ColumnWithoutList { column: heading, list: name }).at(sheet.place(row, column))
}
