//! [`Figures`](crate::indicators::Figures) → [`Released`]: small parts suppressed (primary), and others from which they could
//! be derived (secondary), earlier periods first.
//! Reports, charts, prose and annexes take only what is released.
//!
//! [`release`] decides once for all reports; [`evidence`], [`joint_attendances`] and [`attendances`] stream what an annex proves its figures with,
//! without disclosing anybody.
//!
//! ```text
//! shown_indicators  what the reports of one limit show; limits: below how many persons they hide
//! ledger            the numbers that they publish of persons: indicators, axes, spans of days
//! published_spans   of which days they are; parts_in_span: which parts occur
//! contributions     what one person adds to them, as things are or with another value
//! cells             the numbers with what is shown of each so far
//! attribute_moves   single persons with another value
//! audit             whether a suppressed number can be derived
//! suppression       primary suppression, then secondary, until no suppressed number can
//! decide_periods    the figures as they are shown; releases_by_report: of all reports
//! head_counts       counts by sex or age in columns, as if each head were a person
//! evidence, joint_evidence, released_attendances, pseudonym   rows, without persons' codes
//! ```

#![warn(missing_docs)]

mod attribute_moves;
mod audit;
mod axis_key;
mod cells;
mod contributions;
mod decide_periods;
mod determined;
mod evidence;
mod head_counts;
mod joint_evidence;
mod ledger;
mod limits;
mod parts_in_span;
mod pseudonym;
mod published_spans;
mod released_attendances;
mod releases_by_report;
mod report_release;
mod shown_indicators;
mod suppression;

pub use evidence::{
    EvidenceColumn, PartSums, ReleasedActivity, ReleasedDay, ReleasedEvidence, ValueRun, ValueRunKey, evidence,
};
pub use joint_evidence::{JointAttendance, JointAttendances, RowMarks, joint_attendances};
pub use pseudonym::Pseudonyms;
pub use released_attendances::{ParticipantColumn, ReleasedAttendance, ReleasedAttendances, attendances};
pub use releases_by_report::{PublicRelease, Releases, release};
pub use report_release::{Released, ReleasedAxis, ReleasedFigure, ReleasedPart, ReleasedPeriod, ReleasedValue};
