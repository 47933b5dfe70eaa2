//! Files, atomically; what is out of date; what changed.

mod changes;
mod listing;
mod lock;
mod record;
pub mod scan;
mod stage;
mod submission;

pub use changes::{FigureChange, changes};
pub use listing::listing;
pub use lock::{FolderLock, LockFault};
pub use record::{Record, RecordedFile, hash_bytes, hash_content, hash_file, sha256_of_file};
pub use stage::{Stage, StageFault};
pub use submission::{Sent, SentAmount, Submission, SubmissionFault};
