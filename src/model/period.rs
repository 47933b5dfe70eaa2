use jiff::civil::Date;

/// A reporting period, ends included. The project as a whole has the code `project`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    pub code: String,
    pub start: Date,
    pub end: Date,
}

impl Period {
    pub const PROJECT: &'static str = "project";

    pub fn contains(&self, day: Date) -> bool {
        self.start <= day && day <= self.end
    }
}
