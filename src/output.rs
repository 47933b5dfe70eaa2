//! Files, atomically; what is out of date; what changed, and because of which rows.

mod causes;
mod changes;
mod digests;
mod evidence;
mod hash;
mod listing;
mod lock;
mod record;
pub mod scan;
mod stage;
mod submission;

pub use causes::{RowAt, RowChanges, SentenceChange, Sentences, explain_changes, rows_behind, sentence_changes};
pub use changes::{FigureChange, changes};
pub use digests::{Asked, digests};
pub use evidence::{Evidence, EvidenceRows, MarkedRow, Marks};
pub use hash::{checksum, checksum_of_file, hash_bytes, hash_file, sha256_of_file};
pub use listing::{input_files, listing};
pub use lock::{FolderLock, LockFault};
pub use record::{Record, RecordHead, RecordedFile};
pub use stage::{Stage, StageFault};
pub use submission::{Sent, SentAmount, SentRow, Submission, SubmissionFault};
