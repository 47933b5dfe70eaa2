use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Text;

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
    pub entries: Vec<ColumnEntry>,
}

/// A value of a category column: `code` is what figures.json writes, `label` what documents print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnEntry {
    /// What figures.json writes.
    pub code: String,
    /// What documents print.
    pub label: Text,
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
    Several(Box<[Category]>),
    /// Boxed: few columns of a million rows hold numbers.
    Number(Box<super::Amount>),
    /// A day.
    Date(Date),
}

impl From<super::Amount> for Value {
    fn from(amount: super::Amount) -> Value {
        Value::Number(Box::new(amount))
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
