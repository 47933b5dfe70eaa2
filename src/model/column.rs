use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{PackedTexts, Text};

/// A column of the activities, or of the persons, by its place among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId(pub u16);

/// One value of a category column, by its place in [`Column::entries`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category(pub u32);

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Values of a list, or free text interned by its folded form.
    Category,
    /// Whole numbers, possibly approximate (`reached`).
    Count,
    /// Any numbers: an attribute column all of whose cells are numbers.
    Number,
    /// Days.
    Date,
}

/// A column that `where`, `by`, `sum`, `reach` and `distinct` may name.
#[derive(Clone, Debug)]
pub struct Column {
    /// The contract's name (`municipality`), or the heading of an attribute as it is written.
    pub name: String,
    /// How documents print the name, where project.toml says; empty otherwise.
    pub label: Text,
    /// What its cells hold.
    pub kind: ColumnKind,
    /// Name of the list that translates it, if there is one.
    pub list: Option<String>,
    /// For a listed column the list's entries in their order, else the different texts in order of first sight.
    pub entries: ColumnEntries,
}

/// The values of a category column, by the number of their [`Category`]. A column of free texts may have a million of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnEntries {
    codes: PackedTexts,
    /// Empty, or one for each code.
    labels: Vec<Text>,
    no_label: Text,
}

/// A value of a category column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnEntry<'c> {
    /// What figures.json writes.
    pub code: &'c str,
    /// What documents print; empty where that is the code.
    pub label: &'c Text,
}

impl ColumnEntries {
    /// Free texts, each its own code.
    pub fn from_texts(codes: PackedTexts) -> ColumnEntries {
        ColumnEntries { codes, ..ColumnEntries::default() }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The value of a number.
    pub fn get(&self, index: usize) -> Option<ColumnEntry<'_>> {
        let code = self.codes.get(index)?;
        Some(ColumnEntry { code, label: self.labels.get(index).unwrap_or(&self.no_label) })
    }

    /// All values, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = ColumnEntry<'_>> {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

/// Codes with their labels.
impl FromIterator<(String, Text)> for ColumnEntries {
    fn from_iter<I: IntoIterator<Item = (String, Text)>>(values: I) -> ColumnEntries {
        let mut entries = ColumnEntries::default();
        for (code, label) in values {
            entries.codes.push(&code);
            entries.labels.push(label);
        }
        entries
    }
}

/// The content of one cell under a [`Column`].
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing is known: a blank cell or a placeholder.
    #[default]
    Blank,
    /// One value of a category column.
    One(Category),
    /// Two or more different values in one cell; they count as *several* on an axis.
    Several(Arc<Vec<Category>>),
    /// Equal numbers of a column may share their memory: a million head counts are a few hundred different ones.
    Number(Arc<super::Amount>),
    /// A day.
    Date(Date),
}

impl From<super::Amount> for Value {
    fn from(amount: super::Amount) -> Value {
        Value::Number(Arc::new(amount))
    }
}

impl Value {
    /// The values of a category column; none in any other column.
    pub fn categories(&self) -> &[Category] {
        match self {
            Value::One(category) => std::slice::from_ref(category),
            Value::Several(categories) => categories,
            _ => &[],
        }
    }

    /// The number, where it is one; none for an interval.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Value::Number(amount) => amount.single(),
            _ => None,
        }
    }
}
