//! The command line, and what it writes.

mod build;
mod example;
mod init;
