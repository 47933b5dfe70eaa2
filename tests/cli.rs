//! The command line, and what it writes.

mod app;
mod build;
mod corrected_cells;
mod donors_form;
mod draft;
mod example;
mod faults;
mod forms;
mod from;
mod help;
mod incremental;
mod init;
mod letters;
mod memory;
mod newcomer;
mod officer_workbooks;
mod one_report;
mod pages;
mod portfolio;
mod privacy;
mod restricted;
mod sorting;
mod submitted;
mod transcripts;
mod typing;
mod watch;
