//! Files, atomically; what is out of date; what changed, and because of which rows.

#![warn(missing_docs)]

mod evidence;
mod figure_diff;
mod hash;
mod hash_jobs;
pub mod leak_scanner;
mod lock;
mod record;
mod row_diff;
mod sent_pdf;
mod sentence_diff;
mod stage;
mod submission;

pub use evidence::{EvidenceFile, FingerprintedRow, RecordedRows, RowFingerprinter};
pub use figure_diff::{FigureChange, add_row_changes, diff_figures};
pub use hash::{checksum, checksum_of_file, sha256_of_file};
pub use hash_jobs::{HashJob, run_hash_jobs};
pub use lock::{FolderLock, LockError};
pub use record::{Record, RecordHead, RecordedFile};
pub use row_diff::{RowChanges, RowStates};
pub use sent_pdf::{attached_figures, is_pdf};
pub use sentence_diff::{SectionSentences, SentenceChange, diff_sentences};
pub use stage::{Stage, StageError};
pub use submission::{
    ContentMark, SentAmount, SentFile, SentIndicator, SentRow, Submission, SubmissionError, figures_name,
};
