//! The command line, and what it writes.

mod build;
mod example;
mod from;
mod help;
mod init;
mod newcomer;
mod typing;
