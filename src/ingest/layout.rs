//! Finding a table in a sheet: its header row, what each column answers to, and which rows are no data.

mod candidate;
mod find;
mod head;
mod heading;
mod propose;
mod rows;
mod vocabulary;

pub use find::{HEADER_WITHIN, SheetChoice, choose_sheet, find, fits};
pub use head::Head;
pub use propose::{Proposal, ProposedColumn, propose};
pub use rows::RowClass;
pub use vocabulary::{Vocabulary, vocabulary};

use std::collections::BTreeMap;

use crate::model::Lang;

/// The tables of the contract (section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableKind {
    Activities,
    Participants,
    Attendance,
    Results,
    Indicators,
    Targets,
    Reported,
    Lists,
}

impl TableKind {
    pub const ALL: [TableKind; 8] = [
        TableKind::Activities,
        TableKind::Participants,
        TableKind::Attendance,
        TableKind::Results,
        TableKind::Indicators,
        TableKind::Targets,
        TableKind::Reported,
        TableKind::Lists,
    ];

    /// The name that project.toml and messages use.
    pub fn name(self) -> &'static str {
        match self {
            TableKind::Activities => "activities",
            TableKind::Participants => "participants",
            TableKind::Attendance => "attendance",
            TableKind::Results => "results",
            TableKind::Indicators => "indicators",
            TableKind::Targets => "targets",
            TableKind::Reported => "reported",
            TableKind::Lists => "lists",
        }
    }
}

/// What project.toml's `columns` says of one of the contract's columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mapped {
    /// The heading as it is written in the sheet.
    Heading(String),
    /// Headings by language, for a bilingual column.
    ByLang(BTreeMap<Lang, String>),
    /// `false`: not to be read.
    Skip,
}

/// `columns` of one table: name of the column → what stands for it. Names other than the contract's name attributes.
pub type Mapping = BTreeMap<String, Mapped>;

/// Where a table lies in its sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub kind: TableKind,
    /// The last row of headings (or of HXL tags), as a spreadsheet program shows it; data begins below.
    pub header_row: u32,
    pub columns: Vec<LayoutColumn>,
    /// Where the columns stand that every row of data must have filled; from 0.
    pub required: Vec<u32>,
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutColumn {
    /// From 0 (A).
    pub column: u32,
    /// The contract's name (`birth_year`), or for an attribute its heading as it is written, cleaned.
    pub name: String,
    /// One of the contract's columns.
    pub listed: bool,
    /// Carried by the heading (`title (mk)`).
    pub lang: Option<Lang>,
    /// As it is written, cleaned of stray spaces and line breaks.
    pub heading: String,
    /// Row of the heading.
    pub row: u32,
}

impl Layout {
    /// The column of that name; the first where it has several languages.
    pub fn column(&self, name: &str) -> Option<&LayoutColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Every column of that name: one per language.
    pub fn columns<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a LayoutColumn> + 'a {
        self.columns.iter().filter(move |column| column.name == name)
    }
}
