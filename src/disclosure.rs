//! [`Figures`](crate::indicators::Figures) → [`Released`]: small parts suppressed (primary), and others from which they could
//! be derived (secondary), earlier periods first.
//! Reports, charts, prose and annexes take only what is released.
//!
//! [`release`] decides once for all reports; [`evidence`] and [`participants`] stream what an annex proves its figures with,
//! without disclosing anybody.
//!
//! ```text
//! published        what the reports of one limit show
//! ledger           the numbers of one indicator of persons: axes, parts, slots, and what readers know of them
//! knowledge        the cells of a ledger, and what is shown of each so far
//! suppression      primary suppression, then secondary, until no suppressed cell can be derived
//! audit            whether a suppressed cell can be derived
//! release_periods  the figures as they are shown; releases: of all reports
//! evidence, participants, pseudonym   rows, without persons' codes
//! ```

#![warn(missing_docs)]

mod audit;
mod axis_key;
mod decide_periods;
mod evidence;
mod knowledge;
mod ledger;
mod participants;
mod pseudonym;
mod releases_by_report;
mod report_release;
mod shown_indicators;
mod suppression;

pub use evidence::{EvidenceColumn, ReleasedEvidence, ReleasedRow, ValueRun, ValueRunKey, evidence};
pub use participants::{
    ParticipantColumn, ParticipantRow, ParticipantsView, ReleasedAttendance, ReleasedAttendances, attendances,
    participants,
};
pub use pseudonym::Pseudonyms;
pub use releases_by_report::{Releases, release};
pub use report_release::{Released, ReleasedAxis, ReleasedFigure, ReleasedPart, ReleasedPeriod, ReleasedValue};
