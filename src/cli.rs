//! The command line: one command, one file.

pub mod example;
pub mod init;
mod workbook;
