//! The recount pack of a report: rows drawn by chance for an auditor to look up in the papers, signed lists to count, and
//! what came of it once the pack is filled in.

#![warn(missing_docs)]

mod as_json;
mod as_text;
mod draw;
mod interval;
mod pack;
mod pool;
mod sheets;
mod tally;

pub use as_json::recount_json;
pub use as_text::AsText;
pub use draw::draw;
pub use interval::wilson_interval;
pub use pack::{
    ListSubject, PACK_SCHEMA, RecordFault, RecountIndicator, RecountList, RecountPack, RecountRow, RecountSource,
};
pub use pool::RecountRequest;
pub use sheets::{
    AnswerRule, RecountCell, RecountColumn, RecountColumnKind, RecountGuide, RecountGuideLine, RecountSheet,
    RecountWorkbook,
};
pub use tally::{ListTally, Recount, RecountAnswers, RowTally, tally};
