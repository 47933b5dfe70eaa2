//! Files, atomically; what is out of date; what changed, and because of which rows.

#![warn(missing_docs)]

mod build_memory;
mod built_figures;
mod cell_diff;
mod evidence;
mod figure_diff;
mod hash;
mod hash_jobs;
pub mod leak_scanner;
mod lock;
mod manifest;
mod record;
mod row_diff;
mod sealed_rows;
mod sentence_diff;
mod stage;
mod submission;
mod write_whole;

pub use build_memory::{Memory, OpenMemory};
pub use built_figures::{RESTRICTED, read_built_figures, read_built_project};
pub use cell_diff::{CellDiff, CorrectedCell, CountedColumns, RecordedCells, RecordedSheet, StateSide};
pub use evidence::{EvidenceFile, FingerprintedRow, RecordedRows, RowFingerprinter};
pub use figure_diff::{FigureChange, add_row_changes, diff_figures};
pub use hash::{checksum, checksum_of_file, sha256, sha256_of_file};
pub use hash_jobs::{HashJob, run_hash_jobs};
pub use lock::{FolderLock, LockError};
pub use manifest::{FIGURES_NAME, MANIFEST_NAME, write_manifest};
pub use record::{Record, RecordHead, RecordedFile};
pub use row_diff::{RowChanges, RowStates, StateComparison};
pub use sealed_rows::{SHORTEST_KEY, seal_rows, unseal_rows};
pub use sentence_diff::{SectionSentences, SentenceChange, diff_sentences};
pub use stage::{Stage, StageError};
pub use submission::{ContentMark, SentAmount, SentFile, SentIndicator, Submission, SubmissionError, is_figures_file};
pub use write_whole::{Readers, write_new, write_whole};
