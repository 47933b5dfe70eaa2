//! The command line: one command, one file.

pub mod check;
pub mod example;
pub mod explain;
pub mod figures;
pub mod init;
mod workbook;
