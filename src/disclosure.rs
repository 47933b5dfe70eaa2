//! [`Figures`](crate::indicators::Figures) → [`Released`]: small parts and their companions hidden, earlier periods first.
//! Reports, charts, prose and annexes take only what is released.
//!
//! [`release`] decides once for all reports; [`evidence`] and [`participants`] stream what an annex proves its figures with,
//! without giving anybody away.

#![warn(missing_docs)]

mod board;
mod counted;
mod evidence;
mod ledger;
mod participants;
mod pseudonym;
mod published;
mod released;
mod releases;
mod settle;
mod standing;
mod withhold;
mod witness;

pub use evidence::{EvidenceColumn, EvidenceRow, EvidenceView, Run, RunKey, evidence};
pub use participants::{
    AttendanceRow, Attendances, ParticipantColumn, ParticipantRow, ParticipantsView, attendances, participants,
};
pub use pseudonym::Pseudonyms;
pub use released::{Released, ReleasedAxis, ReleasedFigure, ReleasedPart, ReleasedPeriod, Shown};
pub use releases::{Releases, release};
