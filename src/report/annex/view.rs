//! What a renderer sees of an annex: sheets, their cells, and formulas that name other cells by sheet, row and column.

use std::borrow::Cow;

use jiff::civil::Date;
use rust_decimal::Decimal;

/// A workbook in words and numbers of its languages; no colour, no width and no address stands in it.
pub struct Annex<'a> {
    pub properties: Properties,
    pub sheets: Vec<Sheet<'a>>,
    /// Names of cells, unlike one another whatever their case.
    pub names: Vec<Name>,
    /// Format codes of numbers, that [`FormatId`] points into.
    pub formats: Vec<String>,
    pub date_format: FormatId,
    /// Words of the statuses by their codes, for the marks of [`ColumnKind::Status`].
    pub statuses: Vec<(&'static str, String)>,
    /// At the foot of each printed page, `{page}` and `{pages}` to be filled in.
    pub page_number: String,
    /// At the foot of each printed page, on the other side.
    pub foot: String,
}

/// Document properties. `date` stands for the time of creation, so that no clock reaches the file.
pub struct Properties {
    pub title: String,
    pub subject: String,
    pub author: String,
    pub company: String,
    pub keywords: String,
    pub comment: String,
    pub date: Date,
}

/// A name of a cell (`I14_cumulative`).
pub struct Name {
    pub name: String,
    pub cell: CellRef,
}

/// A sheet by its place in [`Annex::sheets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SheetId(pub u16);

/// A format code by its place in [`Annex::formats`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatId(pub u16);

pub struct Sheet<'a> {
    /// At most 31 characters, none that Excel refuses, unlike any other sheet's whatever its case.
    pub name: String,
    /// Names the sheet in English whatever its languages: for colours and for the names of tables.
    pub role: Role,
    /// Lines above the table; the first is the title.
    pub head: Vec<Vec<Cell<'a>>>,
    pub columns: Vec<Column>,
    /// How many columns stay in sight when the sheet is scrolled sideways.
    pub frozen: u16,
    pub rows: Box<dyn Rows + 'a>,
    pub tables: Vec<Table>,
    pub charts: Vec<Chart>,
}

/// What a sheet is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Contents,
    Figures,
    Lists,
    Evidence,
    Charts,
    Notes,
}

impl Role {
    pub fn code(self) -> &'static str {
        match self {
            Role::Contents => "contents",
            Role::Figures => "figures",
            Role::Lists => "lists",
            Role::Evidence => "evidence",
            Role::Charts => "charts",
            Role::Notes => "notes",
        }
    }
}

/// Columns that belong together under one filter; `rows` from the first, at least one.
pub struct Table {
    /// Letters, digits and `_`, unlike any other table's.
    pub name: String,
    pub first_column: u16,
    pub last_column: u16,
    pub rows: u32,
}

pub struct Column {
    /// Empty for a gap between two tables.
    pub heading: String,
    pub kind: ColumnKind,
}

/// What a column holds: its width, its alignment and its marks follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnKind {
    Gap,
    Code,
    /// A title or a sentence, wrapped.
    Title,
    /// A long text, wrapped.
    Prose,
    /// A word or two.
    Word,
    Number,
    Percent,
    /// A percentage with a bar behind it.
    Progress,
    /// A status, by word and colour.
    Status,
    Date,
    Flag,
    /// File, sheet and row.
    Source,
}

impl ColumnKind {
    pub const ALL: [ColumnKind; 12] = [
        ColumnKind::Gap,
        ColumnKind::Code,
        ColumnKind::Title,
        ColumnKind::Prose,
        ColumnKind::Word,
        ColumnKind::Number,
        ColumnKind::Percent,
        ColumnKind::Progress,
        ColumnKind::Status,
        ColumnKind::Date,
        ColumnKind::Flag,
        ColumnKind::Source,
    ];

    pub fn code(self) -> &'static str {
        match self {
            ColumnKind::Gap => "gap",
            ColumnKind::Code => "code",
            ColumnKind::Title => "title",
            ColumnKind::Prose => "prose",
            ColumnKind::Word => "word",
            ColumnKind::Number => "number",
            ColumnKind::Percent => "percent",
            ColumnKind::Progress => "progress",
            ColumnKind::Status => "status",
            ColumnKind::Date => "date",
            ColumnKind::Flag => "flag",
            ColumnKind::Source => "source",
        }
    }
}

/// Where a sheet's rows come from, one at a time, so that a million of them never stand in memory. Sheets are
/// written side by side.
pub trait Rows: Send + Sync {
    /// How many there are.
    fn count(&self) -> u64;

    /// A new walk over the rows from the first.
    fn walk(&self) -> Walk<'_>;

    /// Texts that stand in many rows, which borrow them: a workbook may hold each once.
    fn repeated(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Appends the cells of the next row to an empty buffer; false where there is none.
pub type Walk<'s> = Box<dyn FnMut(&mut Vec<Cell<'s>>) -> bool + Send + 's>;

/// Rows of a sheet that is short.
pub struct Listed<'a>(pub Vec<Vec<Cell<'a>>>);

impl Rows for Listed<'_> {
    fn count(&self) -> u64 {
        self.0.len() as u64
    }

    fn walk(&self) -> Walk<'_> {
        let mut rows = self.0.iter();
        Box::new(move |row| {
            let next = rows.next();
            row.extend(next.into_iter().flatten().cloned());
            next.is_some()
        })
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// The title of a sheet.
    Heading(Cow<'a, str>),
    Number(Decimal, FormatId),
    Date(Date),
    Formula {
        formula: Formula,
        result: Cached,
        format: FormatId,
    },
    Link {
        text: Cow<'a, str>,
        to: CellRef,
    },
}

impl<'a> Cell<'a> {
    pub fn text(text: impl Into<Cow<'a, str>>) -> Cell<'a> {
        Cell::Text(text.into())
    }
}

/// What a formula gives, as computed before the workbook was written.
#[derive(Clone, Debug, PartialEq)]
pub enum Cached {
    Number(Decimal),
    Text(String),
}

/// One cell: in the lines above the table, or in the table's rows; both from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellRef {
    pub sheet: SheetId,
    pub place: CellPlace,
    pub column: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellPlace {
    Head(u32),
    Row(u32),
}

impl CellRef {
    pub fn row(sheet: SheetId, row: u32, column: u16) -> CellRef {
        CellRef { sheet, place: CellPlace::Row(row), column }
    }

    pub fn head(sheet: SheetId, line: u32, column: u16) -> CellRef {
        CellRef { sheet, place: CellPlace::Head(line), column }
    }
}

/// Rows `first` to `last` of a column, from 0, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub sheet: SheetId,
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
    Span(Span),
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
pub struct Chart {
    pub title: String,
    /// What it shows, for who can't see it.
    pub alt: String,
    pub bars: Bars,
    /// Values are fractions, shown as percents.
    pub percent: bool,
    pub series: Vec<Series>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bars {
    Lying,
    Standing,
}

pub struct Series {
    pub name: String,
    pub categories: Span,
    pub values: Span,
}
