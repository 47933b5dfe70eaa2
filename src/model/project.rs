use super::{ActivityTable, Lists, Logframe, PersonTable, Settings, Sources};

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
