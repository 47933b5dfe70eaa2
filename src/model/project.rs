use super::{ActivityTable, AxisSide, Column, Lists, Logframe, PersonTable, Settings, Sources};

/// A project whose tables are without errors. Only ingest makes one.
#[derive(Clone, Debug)]
pub struct Project {
    /// project.toml.
    pub settings: Settings,
    /// Every sheet that was read.
    pub sources: Sources,
    /// Code lists.
    pub lists: Lists,
    /// Results, indicators, targets, periods.
    pub logframe: Logframe,
    /// What was done.
    pub activities: ActivityTable,
    /// Who came.
    pub persons: PersonTable,
}

impl Project {
    /// The column whose values an axis divides by; `None` for age, which has bands.
    pub fn side_column(&self, side: AxisSide) -> Option<&Column> {
        match side {
            AxisSide::Activity(column) => self.activities.columns.get(usize::from(column.0)),
            AxisSide::Person(column) => self.persons.columns.get(usize::from(column.0)),
            AxisSide::Counted(side) => self.activities.head_counts.sides.get(usize::from(side.0)),
            AxisSide::Age => None,
        }
    }
}
