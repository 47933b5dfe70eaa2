//! Verification of a report by itself: a PDF is checked against the manifest, the annex and the figures that it carries, and
//! against its signature. Every file is untrusted; reading one ends, within bounds, whatever it holds.

#![warn(missing_docs)]

mod annex;
mod attachments;
mod number_on_page;
mod pages;
mod pdf;
mod signature;
mod verification;

pub use annex::{AnnexCheck, DifferentTotal};
pub use attachments::{AttachmentCheck, AttachmentFault};
pub use number_on_page::{NumberSpan, OvertypedNumber};
pub use pages::{PageCheck, WrongFigure, is_said_at};
pub use pdf::{PdfFault, is_pdf};
pub use signature::{DetachedSignature, KeyFault, PublicKey, SecretKey};
pub use verification::{AnnexOutcome, CarriedReport, PageOutcome, Verification, carried_figures, verify};
