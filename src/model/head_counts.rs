use super::{Amount, Axis, AxisSide, Calculation, Category, Column, ColumnId, Value};

/// Something that head counts break activities' counts down by (sex, age), by its place in [`HeadCounts::sides`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountSideId(pub u16);

/// Head counts of activities that stand in columns of their own: `Women`, `Men`, `Girls under 18`.
#[derive(Clone, Debug, Default)]
pub struct HeadCounts {
    /// What distinguishes parts, each as a category column: its name as `by` writes it, its values as parts name them.
    pub sides: Vec<Column>,
    /// As project.toml declares them.
    pub blocks: Vec<CountBlock>,
}

/// Columns that break one count of the activities down.
#[derive(Clone, Debug)]
pub struct CountBlock {
    /// The count that they break down, a column of the activities.
    pub total: ColumnId,
    /// What they tell apart.
    pub first: CountSideId,
    /// The second thing that they break it down by, where they are crossed.
    pub second: Option<CountSideId>,
    /// From the first that project.toml names to the last.
    pub parts: Vec<CountPart>,
    /// Only some of those counted (`of_whom`): parts needn't come to the total, and one person may be in several.
    pub is_of_whom: bool,
}

/// One of the columns of a [`CountBlock`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountPart {
    /// Its value on the first side.
    pub first: Category,
    /// Its value on the second side, where there is one.
    pub second: Option<Category>,
    /// A column of the activities.
    pub column: ColumnId,
}

impl HeadCounts {
    /// What distinguishes parts.
    pub fn side(&self, id: CountSideId) -> &Column {
        &self.sides[usize::from(id.0)]
    }

    /// The block that breaks a count down by these sides: one of exactly them, else, for one side alone, a crossed one.
    pub fn block_of(&self, total: ColumnId, first: CountSideId, second: Option<CountSideId>) -> Option<&CountBlock> {
        let of_total = || self.blocks.iter().filter(move |block| block.total == total);
        let exact = |block: &&CountBlock| match (second, block.second) {
            (None, None) => block.first == first,
            (Some(second), Some(own)) => (block.first, own) == (first, second) || (block.first, own) == (second, first),
            _ => false,
        };
        let has_side = |block: &&CountBlock| second.is_none() && (block.first == first || block.second == Some(first));
        of_total().find(exact).or_else(|| of_total().find(has_side))
    }

    /// The block that breaks a count down by the counted sides of an axis.
    pub fn block_of_axis(&self, total: ColumnId, axis: &Axis) -> Option<&CountBlock> {
        let mut sides = [Some(axis.first), axis.second].into_iter().flatten().filter_map(|side| match side {
            AxisSide::Counted(id) => Some(id),
            AxisSide::Activity(_) | AxisSide::Person(_) | AxisSide::Age => None,
        });
        self.block_of(total, sides.next()?, sides.next())
    }

    /// Whether the parts of an axis cover only some of those whom a calculation counts, so that they needn't add up.
    pub fn is_of_whom(&self, calculation: Calculation, axis: &Axis) -> bool {
        let of_total = |total| self.block_of_axis(total, axis).is_some_and(|block| block.is_of_whom);
        match calculation {
            Calculation::Sum(total) => of_total(total),
            Calculation::Ratio(..) => self.blocks.iter().any(|block| of_total(block.total)),
            _ => false,
        }
    }

    /// Whether a column of the activities is a part: what single activities have in it is shown nowhere.
    pub fn has_part(&self, column: ColumnId) -> bool {
        self.blocks.iter().flat_map(|block| &block.parts).any(|part| part.column == column)
    }
}

impl CountBlock {
    /// The value of a part on one of the sides.
    pub fn value_on(&self, part: &CountPart, side: CountSideId) -> Option<Category> {
        if self.first == side { Some(part.first) } else { part.second.filter(|_| self.second == Some(side)) }
    }

    /// What an activity's total is more than its parts: those whom the parts don't cover. `None` where they cover all, or
    /// the total isn't known.
    pub fn untold(&self, values: &[Value]) -> Option<Amount> {
        let total = amount_in(values, self.total)?;
        let told = self.parts.iter().filter_map(|part| amount_in(values, part.column));
        let rest = told.fold(total, Amount::difference);
        (rest.from > rust_decimal::Decimal::ZERO).then_some(rest)
    }
}

/// The number that an activity has in a column.
pub fn amount_in(values: &[Value], column: ColumnId) -> Option<Amount> {
    match values.get(usize::from(column.0)) {
        Some(Value::Number(amount)) => Some(**amount),
        _ => None,
    }
}
