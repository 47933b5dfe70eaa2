//! Project, [`Released`](crate::disclosure::Released) and a profile → documents and annexes as plain views:
//! all text and numbers in their language, ready to be laid out.

#![warn(missing_docs)]

mod activity_period;
pub mod annex;
pub mod block;
mod column_names;
pub mod compose;
mod counting_words;
pub mod document;
mod earlier_periods;
mod figure_source;
pub mod figures;
pub mod form;
pub mod iati;
pub mod narrative;
pub mod profile;
pub mod recount;
mod results_chain;
mod status_labels;
