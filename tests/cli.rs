//! The command line, and what it writes.

mod example;
mod init;
