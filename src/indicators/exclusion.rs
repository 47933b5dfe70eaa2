/// Why a row doesn't count in an indicator at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exclusion {
    /// Its activity isn't completed (nor ongoing, for a dated attendance).
    NotCompleted,
    /// Its day is outside the project, or unknown.
    OutsideProject,
    /// Its day is after the one up to which the data is complete.
    AfterDataUntil,
    /// Condition by index that fails first.
    Condition(u8),
    /// A person already counted by an earlier row.
    CountedBefore,
    /// Of a person who hasn't attended enough.
    TooFew,
    /// The cell that is summed, or whose different values are counted, is blank.
    WithoutCount,
}
