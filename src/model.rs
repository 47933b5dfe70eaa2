//! The nouns of the field, as plain data. Nothing here reads, counts or prints.
//!
//! ```text
//! Project
//! ├─ settings      project.toml, checked
//! ├─ sources       every sheet that was read; a RowRef points into them
//! ├─ lists         code lists, built in and the project's own
//! ├─ logframe      results, indicators, targets, reported values, periods
//! ├─ activities    rows of values under activity columns
//! ├─ persons       codes only; states: what is known of a person on a day
//! └─ attendances   activity × person × state × day
//! ```

#![warn(missing_docs)]

mod activity;
mod amount;
mod column;
mod head_counts;
mod indicator;
mod lists;
mod logframe;
mod packed_texts;
mod period;
mod person;
mod project;
mod report_settings;
mod settings;
mod source;
mod text;

pub use activity::{Activity, ActivityId, ActivityStatus, ActivityTable};
pub use amount::{Amount, Hedge, rounding_exponent};
pub use column::{Category, Column, ColumnEntries, ColumnEntry, ColumnId, ColumnKind, Value};
pub use head_counts::{CountBlock, CountPart, CountSideId, HeadCounts, amount_in};
pub use indicator::{
    Aggregation, Atom, Axis, AxisSide, BaselineUse, Calculation, Completion, Condition, Direction, DistinctColumn,
    Indicator, IndicatorId, Op, Plan, Subject,
};
pub use lists::{List, ListEntry, Lists};
pub use logframe::{Level, Logframe, ReportedValue, ResultId, ResultNode, Target, TargetKind, TargetSpan};
pub use packed_texts::PackedTexts;
pub use period::{CalendarKind, Period};
pub use person::{AgeBands, Attendance, Birth, Person, PersonId, PersonState, PersonTable, StateId};
pub use project::Project;
pub use report_settings::{
    DocumentFormat, DocumentLanguages, FormCell, FormRows, FormSettings, LanguageLayout, Participants, ReportSettings,
};
pub use settings::{
    Administration, ContactPerson, Donor, Implementer, Limits, Money, Partner, PeriodRules, Picture, Privacy,
    ProgressLimits, Settings, Signatory, Theme, Waived, Waiver,
};
pub use source::{CommentColumn, RowPlace, RowRef, RowSpot, SheetId, SheetSource, SkippedRow, Sources, column_number};
pub use text::{Lang, Text};
