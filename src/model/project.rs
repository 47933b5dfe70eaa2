use super::{ActivityTable, Lists, Logframe, PersonTable, Settings, Sources};

/// A project whose tables are without errors. Only ingest makes one.
#[derive(Clone, Debug)]
pub struct Project {
    pub settings: Settings,
    pub sources: Sources,
    pub lists: Lists,
    pub logframe: Logframe,
    pub activities: ActivityTable,
    pub persons: PersonTable,
}
