//! Finding a table in a sheet: its header row, which of the contract's columns each heading names, and which rows are no data.

#![warn(missing_docs)]

mod find;
mod header_match;
mod heading;
mod name_words;
mod period_words;
mod propose;
mod propose_shapes;
mod row_class;
mod sheet_head;
mod vocabulary;

pub use find::{LAST_HEADER_ROW, SheetChoice, absent_column, choose_sheet, find_layout, fits_best, known_columns};
pub use heading::heading_text;
pub use propose::{Proposal, ProposedColumn, propose};
pub use propose_shapes::{
    CountSigns, MarkHeads, PeriodSigns, find_count_signs, find_mark_heads, find_period_signs, holds_marks,
    mark_meaning, mark_text, names_parent, propose_without,
};
pub use row_class::{OTHER_HEADER, RowClass};
pub use sheet_head::SheetHead;
pub use vocabulary::{Vocabulary, vocabulary};

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::model::Lang;

/// The tables of the contract (section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableKind {
    /// One row per activity.
    Activities,
    /// One row per person.
    Participants,
    /// One row per person and activity.
    Attendance,
    /// Nodes of the results chain.
    Results,
    /// Indicators and how they are calculated.
    Indicators,
    /// Targets of indicators for periods.
    Targets,
    /// Values of indicators that are reported, not calculated.
    Reported,
    /// The project's own code lists.
    Lists,
}

impl TableKind {
    /// Every table, in the contract's order.
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

/// The contract's columns of persons that hold their names: each may be in several languages.
pub const NAME_COLUMNS: [&str; 4] = ["name", "first_name", "middle_name", "surname"];

/// The heading that project.toml's `columns` gives one of the contract's columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnMapping {
    /// The heading as it is written in the sheet.
    Heading(String),
    /// Headings by language, for a bilingual column.
    ByLang(BTreeMap<Lang, String>),
    /// The heading as it is written, of a column that bears it as its name: a head count.
    Count(String),
    /// The column of this letter, by its index from 0 (A): for a column without a heading.
    Letter(u32),
    /// `false`: not to be read.
    Skip,
    /// `{ row = true }`: no column; file, sheet and row are the code.
    Row,
    /// No column: a shape says where the value is.
    Given,
    /// The column that bears the name, or without one what a shape says.
    GivenUnlessFound,
}

/// `columns` of one table: name of the column → its heading. Names other than the contract's name attributes.
pub type ColumnMappings = BTreeMap<String, ColumnMapping>;

/// Where a table is in its sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableLayout {
    /// The table.
    pub kind: TableKind,
    /// The last row of headings (or of HXL tags), as a spreadsheet program shows it; data begins below.
    pub header_row: u32,
    /// From left to right.
    pub columns: Vec<LayoutColumn>,
    /// Numbers, from 0, of the columns that every row of data must have filled.
    pub required: Vec<u32>,
    /// One past the last column with a heading.
    pub end: u32,
    /// Cells of the header in a CSV file, blank ones included; 0 in other files.
    pub header_cells: u32,
    /// File, sheet and row are the code of a row, as project.toml wants it.
    pub rows_are_codes: bool,
    /// What the headings are compared by, once all columns are known.
    keys: OnceLock<Vec<String>>,
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
    /// The heading of the row above that reaches over it, if the header has two rows.
    pub above: Option<String>,
    /// Row of the heading.
    pub row: u32,
}

impl TableLayout {
    /// A table without columns, such as that of a sheet which is one row.
    pub fn empty(kind: TableKind, rows_are_codes: bool) -> TableLayout {
        let (columns, required) = (Vec::new(), Vec::new());
        let (header_row, end, header_cells, keys) = (0, 0, 0, OnceLock::new());
        TableLayout { kind, header_row, columns, required, end, header_cells, rows_are_codes, keys }
    }

    /// The column of that name; the first if there is one per language.
    pub fn column(&self, name: &str) -> Option<&LayoutColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column at an index, from 0.
    pub fn column_at(&self, column: u32) -> Option<&LayoutColumn> {
        self.columns.iter().find(|known| known.column == column)
    }

    /// The numbers of all columns, rising.
    pub fn column_numbers(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = self.columns.iter().map(|column| column.column).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// Every column of that name: one per language.
    pub fn columns<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a LayoutColumn> + 'a {
        self.columns.iter().filter(move |column| column.name == name)
    }
}
