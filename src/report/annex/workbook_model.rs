//! What a renderer sees of an annex: sheets, their cells, and formulas that name other cells by sheet, row and column.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

/// A workbook in words and numbers of its languages; it has no colours, widths or addresses.
pub struct Annex<'a> {
    pub properties: Properties,
    pub sheets: Vec<AnnexSheet<'a>>,
    /// Names of cells, unlike one another whatever their case.
    pub names: Vec<CellName>,
    /// Format codes of numbers, that [`FormatId`] points into.
    pub formats: Vec<String>,
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
    pub title: String,
    pub subject: String,
    pub author: String,
    pub company: String,
    pub keywords: String,
    pub comment: String,
    pub date: Date,
    /// Tags of the languages, the first of them the workbook's own.
    pub languages: Vec<String>,
}

/// A name of a cell (`I14_cumulative`).
pub struct CellName {
    pub name: String,
    pub cell: CellRef,
}

/// A sheet by its place in [`Annex::sheets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnnexSheetIndex(pub u16);

/// A format code by its place in [`Annex::formats`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatId(pub u16);

pub struct AnnexSheet<'a> {
    /// At most 31 characters, none that Excel refuses, unlike any other sheet's whatever its case.
    pub name: String,
    /// Names the sheet in English whatever its languages: for colours and for the names of tables.
    pub role: SheetRole,
    /// Lines above the table; the first is the title.
    pub head: Vec<Vec<AnnexCell<'a>>>,
    pub columns: Vec<AnnexColumn>,
    /// How many columns stay in sight when the sheet is scrolled sideways.
    pub frozen: u16,
    pub rows: Box<dyn AnnexRows + 'a>,
    pub tables: Vec<AnnexTable>,
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
    Lists,
    /// The rows that figures are counted from.
    Evidence,
    /// What formulas need beside the rows.
    Values,
    Charts,
    Notes,
}

impl SheetRole {
    pub fn code(self) -> &'static str {
        match self {
            SheetRole::Summary => "summary",
            SheetRole::Figures => "figures",
            SheetRole::Data => "data",
            SheetRole::Lists => "lists",
            SheetRole::Evidence => "evidence",
            SheetRole::Values => "values",
            SheetRole::Charts => "charts",
            SheetRole::Notes => "notes",
        }
    }

    /// Whether its rows go on paper; of the others only what is above them does.
    pub fn is_printed(self) -> bool {
        !matches!(self, SheetRole::Data | SheetRole::Evidence | SheetRole::Values)
    }
}

/// Columns that belong together under one filter; `rows` from the first, at least one.
pub struct AnnexTable {
    /// Letters, digits and `_`, unlike any other table's.
    pub name: String,
    pub first_column: u16,
    pub last_column: u16,
    pub rows: u32,
}

#[derive(Clone, Debug)]
pub struct AnnexColumn {
    /// A line for each language, or one.
    pub headings: Vec<String>,
    pub kind: AnnexColumnKind,
}

/// What a column holds: its width, its alignment and its marks follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnnexColumnKind {
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
    Number,
    /// Whether a row counts for one indicator.
    Mark,
    /// A percentage with a bar behind it.
    Progress,
    /// A status, by word and colour.
    Status,
    Date,
    Flag,
    /// File, sheet and row.
    Source,
}

impl AnnexColumnKind {
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

#[derive(Clone, Debug, PartialEq)]
pub enum AnnexCell<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// The title of a sheet.
    Heading(Cow<'a, str>),
    /// The title of a group of rows, in its first row.
    Group(Cow<'a, str>),
    Number(Decimal, FormatId),
    Date(Date),
    Formula {
        formula: Formula,
        result: CachedResult,
        format: FormatId,
    },
    Link {
        text: Cow<'a, str>,
        to: CellRef,
    },
}

impl<'a> AnnexCell<'a> {
    pub fn text(text: impl Into<Cow<'a, str>>) -> AnnexCell<'a> {
        AnnexCell::Text(text.into())
    }
}

/// What a formula gives, as computed before the workbook was written.
#[derive(Clone, Debug, PartialEq)]
pub enum CachedResult {
    Number(Decimal),
    Text(String),
}

/// One cell: in the lines above the table, or in the table's rows; both from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellRef {
    pub sheet: AnnexSheetIndex,
    pub place: CellPlace,
    pub column: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellPlace {
    Head(u32),
    Row(u32),
}

impl CellRef {
    pub fn row(sheet: AnnexSheetIndex, row: u32, column: u16) -> CellRef {
        CellRef { sheet, place: CellPlace::Row(row), column }
    }

    pub fn head(sheet: AnnexSheetIndex, line: u32, column: u16) -> CellRef {
        CellRef { sheet, place: CellPlace::Head(line), column }
    }
}

/// Rows `first` to `last` of a column, from 0, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellSpan {
    pub sheet: AnnexSheetIndex,
    pub column: u16,
    pub first: u32,
    pub last: u32,
}

/// A formula in functions that Excel 2010, LibreOffice and Google Sheets have in common.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    Number(Decimal),
    Text(String),
    Cell(CellRef),
    Span(CellSpan),
    Call(&'static str, Vec<Formula>),
    /// `+ - * / & = < <= > >= <>`.
    Infix(&'static str, Box<Formula>, Box<Formula>),
}

impl Formula {
    pub fn call(name: &'static str, arguments: impl IntoIterator<Item = Formula>) -> Formula {
        Formula::Call(name, arguments.into_iter().collect())
    }

    pub fn infix(self, operator: &'static str, other: Formula) -> Formula {
        Formula::Infix(operator, Box::new(self), Box::new(other))
    }

    pub fn number(value: impl Into<Decimal>) -> Formula {
        Formula::Number(value.into())
    }

    pub fn text(text: impl Into<String>) -> Formula {
        Formula::Text(text.into())
    }
}

/// A native chart over cells of the annex.
pub struct AnnexChart {
    pub title: String,
    /// What it shows, for who can't see it.
    pub alt: String,
    /// Tag of the language of its words.
    pub language: String,
    pub bars: BarDirection,
    /// Values are fractions, shown as percents, with a line at each whole.
    pub percent: bool,
    pub categories: CellSpan,
    pub series: Vec<ChartSeries>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarDirection {
    Horizontal,
    Vertical,
}

pub struct ChartSeries {
    pub name: String,
    pub values: CellSpan,
    /// Codes of statuses that bars are coloured by, one for each; empty: a colour for the series.
    pub statuses: Vec<Option<&'static str>>,
}
