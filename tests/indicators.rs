//! What is counted, against tables of rules and against a second, naive implementation.

mod agreement;
mod case;
mod completion;
mod counting;
mod explain;
mod figures;
mod folders;
mod many;
mod naive;
mod targets;
