use super::heading::{heading_text, is_hxl_row};
use super::{LayoutColumn, TableLayout, vocabulary};
use crate::fold;
use crate::ingest::cell;
use crate::ingest::raw_row::{Raw, RawCell, RawRow};

/// [`RowClass::skip_reason`] of a row whose rows below can't be read under the table's headings.
pub const OTHER_HEADER: &str = "other-header";

/// What a row below the header is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowClass {
    /// A row of the table.
    Data,
    /// Nothing but blanks and placeholders in the table's columns.
    Blank,
    /// `Вкупно`, `Total`.
    Total,
    /// The headings once more.
    RepeatedHeader,
    /// Headings once more, of which one isn't its column's: what is below means something else than the header says.
    OtherHeader,
    /// A note beside or under the table.
    Note,
    /// HXL tags.
    Hxl,
}

impl RowClass {
    /// The reason under which the row accounting counts a skipped row; `None` for data.
    pub fn skip_reason(self) -> Option<&'static str> {
        match self {
            RowClass::Data => None,
            RowClass::Blank => Some("blank"),
            RowClass::Total => Some("total"),
            RowClass::RepeatedHeader => Some("repeated-header"),
            RowClass::OtherHeader => Some(OTHER_HEADER),
            RowClass::Note => Some("note"),
            RowClass::Hxl => Some("hxl"),
        }
    }
}

impl TableLayout {
    /// What a row below the header is. Cheap for rows with all required columns filled.
    pub fn classify(&self, row: &RawRow<'_>) -> RowClass {
        let Some(first) = row.cells.iter().find(|cell| !is_blank(cell)) else {
            return if row.has_other { RowClass::Data } else { RowClass::Blank };
        };
        let text = match &first.raw {
            Raw::Text(text) => cell::clean(text),
            _ => return RowClass::Data,
        };
        if text.starts_with('#') && is_hxl_row(row) {
            return RowClass::Hxl;
        }
        if self.repeats_header(row, &text) {
            return match self.find_other_heading(row) {
                Some(_) => RowClass::OtherHeader,
                None => RowClass::RepeatedHeader,
            };
        }
        let complete = self.is_complete(row) && !is_merged_text(row, first);
        if is_total(&text, complete) && (!complete || self.required.contains(&first.column)) {
            return RowClass::Total;
        }
        if !complete && is_note(row, &text, self.required.len()) {
            return RowClass::Note;
        }
        RowClass::Data
    }

    /// Whether a row has all that the table requires, and a number or a date, which no explanation under a heading has.
    pub(super) fn is_filled(&self, row: &RawRow<'_>) -> bool {
        let has_digit = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
        let is_number = |cell: &RawCell<'_>| match &cell.raw {
            Raw::Text(text) => has_digit(text),
            _ => true,
        };
        let is_required_filled = |column: &u32| row.cell(*column).is_some_and(|cell| !is_blank(cell));
        self.required.iter().all(is_required_filled) && row.cells.iter().any(is_number)
    }

    fn is_complete(&self, row: &RawRow<'_>) -> bool {
        self.required.len() > 1
            && self.required.iter().all(|column| row.cell(*column).is_some_and(|cell| !is_blank(cell)))
    }

    /// Whether most cells of a row are headings of the table, wherever they are, and so is its first text.
    fn repeats_header(&self, row: &RawRow<'_>, text: &str) -> bool {
        let keys = self.heading_keys();
        // This runs for every row: a code mostly holds a digit, and a heading hardly ever does.
        let has_digit = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
        if has_digit(text) && !keys.iter().any(|key| has_digit(key)) {
            return false;
        }
        let is_heading = |text: &str| {
            let key = fold::heading_key(text);
            keys.contains(&key) || self.find_named(&key).is_some()
        };
        if !is_heading(text) {
            return false;
        }
        let repeated = row.cells.iter().filter(|cell| match &cell.raw {
            Raw::Text(text) => is_heading(&cell::clean(text)),
            _ => false,
        });
        repeated.count() * 2 > row.cells.len()
    }

    /// The column that a heading would name in the contract's words, in any language.
    fn find_named(&self, key: &str) -> Option<&LayoutColumn> {
        let at = vocabulary().find_column(self.kind, key)?;
        let name = &vocabulary().columns(self.kind)[at].name;
        self.columns.iter().find(|column| column.listed && column.name == *name)
    }

    fn heading_keys(&self) -> &[String] {
        self.keys.get_or_init(|| self.columns.iter().map(|column| fold::heading_key(&column.heading)).collect())
    }

    /// The first cell of a row of headings that doesn't name its column: by the column's heading, the one above it, or
    /// another heading of the same meaning.
    pub fn find_other_heading(&self, row: &RawRow<'_>) -> Option<u32> {
        let is_other = |cell: &&RawCell<'_>| {
            let Some(column) = self.column_at(cell.column) else { return false };
            let Some(text) = heading_text(row, cell.column) else { return false };
            let key = fold::heading_key(&text);
            let is_own = |heading: &str| fold::heading_key(heading) == key;
            !is_own(&column.heading)
                && !column.above.as_deref().is_some_and(is_own)
                && self.find_named(&key).is_none_or(|named| named.column != column.column)
        };
        row.cells.iter().find(is_other).map(|cell| cell.column)
    }
}

/// Whether the row is one text merged over several columns, as no row of data is.
fn is_merged_text(row: &RawRow<'_>, first: &RawCell<'_>) -> bool {
    let mut others = row.cells.iter().filter(|cell| cell.column != first.column && !is_blank(cell)).peekable();
    others.peek().is_some() && others.all(|cell| cell.merged && cell.raw == first.raw)
}

fn is_blank(cell: &RawCell<'_>) -> bool {
    match &cell.raw {
        Raw::Text(_) if cell.is_known_text => false,
        Raw::Text(text) => text.chars().all(char::is_whitespace) || cell::is_placeholder(text),
        _ => false,
    }
}

/// Whether words of a total fill the first cell, or begin or end it in a row that lacks what data has.
fn is_total(text: &str, complete: bool) -> bool {
    // This runs for every row: a code mostly holds a digit, and no word for a total does.
    if text.len() > 120 || (complete && text.bytes().any(|byte| byte.is_ascii_digit())) {
        return false;
    }
    if is_code(text) {
        return false;
    }
    let key = fold::heading_key(text);
    vocabulary().totals.iter().any(|total| {
        let is_word_of = |rest: &str| rest.is_empty() || (!complete && rest.starts_with(' '));
        key.strip_prefix(total.as_str()).is_some_and(is_word_of)
            || (!complete && key.strip_suffix(total.as_str()).is_some_and(|rest| rest.ends_with(' ')))
    })
}

/// `Total-1`, `NB/07`: Latin letters, digits and the marks of codes, without a space. The validation of our
/// own workbooks accepts such codes, whatever word they begin with.
fn is_code(text: &str) -> bool {
    let is_code_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    text.bytes().all(is_code_byte) && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether the row is a single text of several words, or one that begins as notes do, with nothing beside it.
fn is_note(row: &RawRow<'_>, text: &str, required: usize) -> bool {
    let filled = row.cells.iter().filter(|cell| !cell.merged && !is_blank(cell)).count();
    if filled > 2 || is_code(text) {
        return false;
    }
    let key = fold::heading_key(text);
    let begins = text.starts_with(['*', '†', '¹', '('])
        || vocabulary()
            .notes
            .iter()
            .any(|note| key.strip_prefix(note.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')));
    let words = text.split_whitespace().count();
    // `Facilitator: …`, `Trainer ____`: a line to be filled in, with its label.
    let is_line = filled == 1 && (text.contains(": ") || text.ends_with(':') || text.contains("__"));
    begins || is_line || (filled == 1 && words >= if required > 1 { 3 } else { 5 })
}
