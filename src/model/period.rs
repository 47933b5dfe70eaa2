use jiff::civil::Date;

/// A reporting period, ends included. The project as a whole has the code `project`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// `2017-Q1`, `2017-03`, or the code of a custom period.
    pub code: String,
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
}

impl Period {
    /// The code of the project as a whole.
    pub const PROJECT: &'static str = "project";

    /// Whether a day is in it.
    pub fn contains(&self, day: Date) -> bool {
        self.start <= day && day <= self.end
    }
}
