use super::heading::is_hxl_row;
use super::{TableLayout, vocabulary};
use crate::fold;
use crate::ingest::cell;
use crate::ingest::raw_row::{Raw, RawCell, RawRow};

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
        if self.repeats_header(row, first.column, &text) {
            return RowClass::RepeatedHeader;
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

    fn is_complete(&self, row: &RawRow<'_>) -> bool {
        self.required.len() > 1
            && self.required.iter().all(|column| row.cell(*column).is_some_and(|cell| !is_blank(cell)))
    }

    fn repeats_header(&self, row: &RawRow<'_>, first: u32, text: &str) -> bool {
        let heading_at = |at: u32| self.columns.iter().find(|column| column.column == at);
        // This runs for every row: a code mostly holds a digit, and a heading hardly ever does.
        let has_digit = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
        let is_repeated = |heading: &str| {
            heading.eq_ignore_ascii_case(text)
                || has_digit(heading) == has_digit(text) && fold::heading_key(heading) == fold::heading_key(text)
        };
        if heading_at(first).is_none_or(|column| !is_repeated(&column.heading)) {
            return false;
        }
        let repeated = row.cells.iter().filter(|cell| match (&cell.raw, heading_at(cell.column)) {
            (Raw::Text(text), Some(column)) => {
                fold::heading_key(&cell::clean(text)) == fold::heading_key(&column.heading)
            }
            _ => false,
        });
        repeated.count() * 2 > row.cells.len()
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

/// Whether words of a total fill the first cell, or begin it in a row that lacks what data has.
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
        key.strip_prefix(total.as_str()).is_some_and(|rest| rest.is_empty() || (!complete && rest.starts_with(' ')))
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
    begins || (filled == 1 && words >= if required > 1 { 3 } else { 5 })
}
