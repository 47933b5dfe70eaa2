//! Project, [`Released`](crate::disclosure::Released) and a profile → documents and annexes as plain views:
//! all text and numbers in their language, ready to be laid out.

pub mod annex;
pub mod block;
pub mod compose;
pub mod document;
mod figure_source;
pub mod figures;
pub mod iati;
pub mod narrative;
pub mod profile;
mod side_by_side;
mod status_labels;
