//! What a renderer sees of an annex: sheets, their cells, and formulas that name other cells by sheet, row and column.

mod formula;

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

pub use formula::{CellPlace, CellRef, CellSpan, Formula};

/// A workbook in words and numbers of its languages; it has no colours, widths or addresses.
pub struct Annex<'a> {
    /// What the file says of itself.
    pub properties: Properties,
    /// In the order of the workbook.
    pub sheets: Vec<AnnexSheet<'a>>,
    /// Names of cells, unlike one another whatever their case.
    pub names: Vec<CellName>,
    /// Format codes of numbers, that [`FormatId`] points into.
    pub formats: Vec<String>,
    /// The format of dates.
    pub date_format: FormatId,
    /// Words of the statuses in each language by their codes, for the marks of [`AnnexColumnKind::Status`].
    pub statuses: Vec<(&'static str, Vec<String>)>,
    /// `[theme]` of the project: names of colours to values.
    pub theme: BTreeMap<String, String>,
    /// At the foot of each printed page, `{page}` and `{pages}` to be filled in.
    pub page_number: String,
    /// At the foot of each printed page, on the other side: what it belongs to.
    pub foot: String,
    /// At the head and the foot of each printed page, a text in each language.
    pub notices: Vec<String>,
}

/// Document properties. `date` is written as the time of creation, so that no clock reaches the file.
pub struct Properties {
    /// Title of the document.
    pub title: String,
    /// The report and its period.
    pub subject: String,
    /// Who reports.
    pub author: String,
    /// The organisation.
    pub company: String,
    /// Words to be found by.
    pub keywords: String,
    /// A remark, such as that the file is restricted.
    pub comment: String,
    /// The day on the report, the only time in the file.
    pub date: Date,
    /// Tags of the languages, the first of them the workbook's own.
    pub languages: Vec<String>,
}

/// A name of a cell (`I14_cumulative`).
pub struct CellName {
    /// The name.
    pub name: String,
    /// The cell that it means.
    pub cell: CellRef,
}

/// A sheet by its place in [`Annex::sheets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnnexSheetIndex(pub u16);

/// A format code by its place in [`Annex::formats`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatId(pub u16);

/// A sheet with its rows, tables and charts.
pub struct AnnexSheet<'a> {
    /// At most 31 characters, none that Excel refuses, unlike any other sheet's whatever its case.
    pub name: String,
    /// Names the sheet in English whatever its languages: for colours and for the names of tables.
    pub role: SheetRole,
    /// Lines above the table; the first is the title.
    pub head: Vec<Vec<AnnexCell<'a>>>,
    /// From left to right.
    pub columns: Vec<AnnexColumn>,
    /// How many columns stay visible when the sheet is scrolled sideways.
    pub frozen: u16,
    /// The rows below the head, made as they are written.
    pub rows: Box<dyn AnnexRows + 'a>,
    /// Ranges that are tables of the workbook.
    pub tables: Vec<AnnexTable>,
    /// Charts on the sheet.
    pub charts: Vec<AnnexChart>,
}

impl AnnexSheet<'_> {
    /// How many rows the headings take: one for each language.
    pub fn heading_rows(&self) -> usize {
        self.columns.iter().map(|column| column.headings.len()).max().unwrap_or(1).max(1)
    }
}

/// What a sheet is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SheetRole {
    /// For a reader, on one page if it can be.
    Summary,
    /// Tables of figures.
    Figures,
    /// One long table for pivots.
    Data,
    /// Activities.
    Lists,
    /// A row for each attendance.
    Attendance,
    /// The rows that figures are counted from.
    Evidence,
    /// What formulas need beside the rows.
    Values,
    /// Charts with the numbers that they draw.
    Charts,
    /// What the other sheets hold, and what to know of the figures.
    Notes,
}

impl SheetRole {
    /// The name of the role in `templates/annex.toml`.
    pub fn code(self) -> &'static str {
        match self {
            SheetRole::Summary => "summary",
            SheetRole::Figures => "figures",
            SheetRole::Data => "data",
            SheetRole::Lists => "lists",
            SheetRole::Attendance => "attendance",
            SheetRole::Evidence => "evidence",
            SheetRole::Values => "values",
            SheetRole::Charts => "charts",
            SheetRole::Notes => "notes",
        }
    }

    /// Whether its rows go on paper; of the others only what is above them does.
    pub fn is_printed(self) -> bool {
        !matches!(self, SheetRole::Data | SheetRole::Attendance | SheetRole::Evidence | SheetRole::Values)
    }
}

/// Columns that belong together under one filter; `rows` from the first, at least one.
pub struct AnnexTable {
    /// Letters, digits and `_`, unlike any other table's.
    pub name: String,
    /// From 0.
    pub first_column: u16,
    /// From 0, part of the table.
    pub last_column: u16,
    /// Rows of data below the heading.
    pub rows: u32,
}

/// A column of a sheet.
#[derive(Clone, Debug)]
pub struct AnnexColumn {
    /// A line for each language, or one.
    pub headings: Vec<String>,
    /// What its cells hold.
    pub kind: AnnexColumnKind,
}

/// What a column holds: its width, its alignment and its marks follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnnexColumnKind {
    /// Codes.
    Code,
    /// A pseudonym, a word of a list; never wrapped.
    Key,
    /// A title or a sentence, wrapped.
    Title,
    /// A sentence or two beside numbers, wrapped.
    Remark,
    /// A long text, wrapped.
    Prose,
    /// A word or two.
    Word,
    /// Numbers.
    Number,
    /// Whether a row counts for one indicator.
    Mark,
    /// A percentage with a bar behind it.
    Progress,
    /// A status, by word and colour.
    Status,
    /// Dates.
    Date,
    /// Marks of what counts.
    Flag,
    /// File, sheet and row.
    Source,
}

impl AnnexColumnKind {
    /// Every kind.
    pub const ALL: [AnnexColumnKind; 13] = [
        AnnexColumnKind::Code,
        AnnexColumnKind::Key,
        AnnexColumnKind::Title,
        AnnexColumnKind::Remark,
        AnnexColumnKind::Prose,
        AnnexColumnKind::Word,
        AnnexColumnKind::Number,
        AnnexColumnKind::Mark,
        AnnexColumnKind::Progress,
        AnnexColumnKind::Status,
        AnnexColumnKind::Date,
        AnnexColumnKind::Flag,
        AnnexColumnKind::Source,
    ];

    /// The name of the kind in `templates/annex.toml`.
    pub fn code(self) -> &'static str {
        match self {
            AnnexColumnKind::Code => "code",
            AnnexColumnKind::Key => "key",
            AnnexColumnKind::Title => "title",
            AnnexColumnKind::Remark => "remark",
            AnnexColumnKind::Prose => "prose",
            AnnexColumnKind::Word => "word",
            AnnexColumnKind::Number => "number",
            AnnexColumnKind::Mark => "mark",
            AnnexColumnKind::Progress => "progress",
            AnnexColumnKind::Status => "status",
            AnnexColumnKind::Date => "date",
            AnnexColumnKind::Flag => "flag",
            AnnexColumnKind::Source => "source",
        }
    }
}

/// Where a sheet's rows come from, one at a time, so that a million of them are never in memory at once. Sheets are
/// written side by side.
pub trait AnnexRows: Send + Sync {
    /// How many there are.
    fn count(&self) -> u64;

    /// A new walk over the rows from the first.
    fn iter(&self) -> RowIter<'_>;

    /// Texts that many rows borrow: a workbook may hold each once.
    fn repeated_texts(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Appends the cells of the next row to an empty buffer; false where there is none.
pub type RowIter<'s> = Box<dyn FnMut(&mut Vec<AnnexCell<'s>>) -> bool + Send + 's>;

/// Rows of a sheet that is short.
pub struct InMemoryRows<'a>(pub Vec<Vec<AnnexCell<'a>>>);

impl AnnexRows for InMemoryRows<'_> {
    fn count(&self) -> u64 {
        self.0.len() as u64
    }

    fn iter(&self) -> RowIter<'_> {
        let mut rows = self.0.iter();
        Box::new(move |row| {
            let next = rows.next();
            row.extend(next.into_iter().flatten().cloned());
            next.is_some()
        })
    }
}

/// The content of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum AnnexCell<'a> {
    /// Nothing.
    Empty,
    /// A text that is never read as a formula.
    Text(Cow<'a, str>),
    /// The title of a sheet.
    Heading(Cow<'a, str>),
    /// The title of a group of rows, in its first row.
    Group(Cow<'a, str>),
    /// A number with its format.
    Number(Decimal, FormatId),
    /// A day.
    Date(Date),
    /// A formula, and its result as computed here.
    Formula {
        /// The formula.
        formula: Formula,
        /// What it gives.
        result: CachedResult,
        /// The format of the result.
        format: FormatId,
    },
    /// A text that leads to another cell.
    Link {
        /// The text.
        text: Cow<'a, str>,
        /// Where it leads.
        to: CellRef,
    },
}

impl<'a> AnnexCell<'a> {
    /// A text as a cell.
    pub fn text(text: impl Into<Cow<'a, str>>) -> AnnexCell<'a> {
        AnnexCell::Text(text.into())
    }
}

/// What a formula gives, as computed before the workbook was written.
#[derive(Clone, Debug, PartialEq)]
pub enum CachedResult {
    /// A number.
    Number(Decimal),
    /// A text.
    Text(String),
}

/// A native chart over cells of the annex.
pub struct AnnexChart {
    /// Title above the chart.
    pub title: String,
    /// What it shows, for who can't see it.
    pub alt: String,
    /// Tag of the language of its words.
    pub language: String,
    /// Which way the bars go.
    pub bars: BarDirection,
    /// Values are fractions, shown as percents, with a line at each whole.
    pub percent: bool,
    /// Cells with the names of the bars.
    pub categories: CellSpan,
    /// What is drawn, one series beside the other.
    pub series: Vec<ChartSeries>,
}

/// Which way the bars of a chart go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarDirection {
    /// From left to right.
    Horizontal,
    /// Upwards.
    Vertical,
}

/// One series of a chart.
pub struct ChartSeries {
    /// Its name in the legend.
    pub name: String,
    /// Cells with its values.
    pub values: CellSpan,
    /// Codes of statuses that bars are coloured by, one for each; empty: a colour for the series.
    pub statuses: Vec<Option<&'static str>>,
}
