//! Names of persons, in one column or in several. They are compared and traced, and go no further.

use std::borrow::Cow;

use crate::diagnostic::{Problem, kinds};
use crate::fold;
use crate::ingest::cell;
use crate::ingest::conditions::ColumnUsage;
use crate::ingest::layout::{LayoutColumn, NAME_COLUMNS, vocabulary};
use crate::ingest::raw_row::{Raw, RawRow};
use crate::ingest::table::TableSheet;
use crate::model::Lang;

/// Where a sheet has the names of its persons.
#[derive(Clone, Default)]
pub struct NameColumns {
    /// The columns of a whole name, in order of its parts; one such for each language.
    spellings: Vec<Vec<u32>>,
}

/// A name as a row writes it.
#[derive(Clone, Debug)]
pub struct WrittenName {
    pub text: String,
    /// [`fold::name_key`] of the text.
    pub key: String,
}

impl NameColumns {
    /// Those of a sheet.
    pub fn new(sheet: &TableSheet) -> NameColumns {
        let columns: Vec<&LayoutColumn> =
            NAME_COLUMNS.iter().flat_map(|name| sheet.layout.columns(name)).filter(|column| column.listed).collect();
        let mut languages: Vec<Option<&Lang>> = Vec::new();
        for column in &columns {
            if !languages.contains(&column.lang.as_ref()) {
                languages.push(column.lang.as_ref());
            }
        }
        // A part without a language belongs to the name in any.
        if languages.len() > 1 {
            languages.retain(Option::is_some);
        }
        let in_language = |lang: &Option<&Lang>| {
            let parts = columns.iter().filter(|column| column.lang.is_none() || column.lang.as_ref() == *lang);
            parts.map(|column| column.column).collect()
        };
        NameColumns { spellings: languages.iter().map(in_language).collect() }
    }

    /// Whether the sheet has no names.
    pub fn is_empty(&self) -> bool {
        self.spellings.is_empty()
    }

    /// Every column.
    pub fn all(&self) -> impl Iterator<Item = u32> + '_ {
        self.spellings.iter().flatten().copied()
    }

    /// The first column.
    pub fn first(&self) -> Option<u32> {
        self.all().next()
    }

    /// The name in the first language as its cells write it, if they hold texts.
    pub fn written_text<'r>(&self, row: &'r RawRow) -> Option<Cow<'r, str>> {
        let columns = self.spellings.first()?;
        let texts = columns.iter().filter_map(|column| match &row.cell(*column)?.raw {
            Raw::Text(text) => Some(text.as_ref()),
            _ => None,
        });
        if columns.len() == 1 {
            return texts.map(Cow::Borrowed).next();
        }
        let texts: Vec<&str> = texts.collect();
        (!texts.is_empty()).then(|| Cow::Owned(texts.join(" ")))
    }

    /// The name that a row writes, once for each language; a placeholder for an unknown name is no name.
    pub fn read(&self, row: &RawRow) -> Vec<WrittenName> {
        let mut names = Vec::new();
        for columns in &self.spellings {
            let mut text = String::new();
            for column in columns {
                let Ok(Some(part)) = cell::read_text(row.cell(*column)) else { continue };
                if vocabulary().is_no_name(&part) {
                    continue;
                }
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(&part);
            }
            if !text.is_empty() && !vocabulary().is_no_name(&text) {
                let key = fold::name_key(&text);
                names.push(WrittenName { text, key });
            }
        }
        names
    }
}

/// Warnings at headings that seem to be of names, in sheets of which no whole name is known: nobody would look for them in
/// what is published.
pub fn unread_names(sheets: &[TableSheet], usage: &ColumnUsage) -> Vec<Problem> {
    let mut warnings = Vec::new();
    for sheet in sheets {
        let has = |name: &str| sheet.layout.column(name).is_some_and(|column| column.listed);
        // A column of given names alone may be headed as one of names.
        let is_whole = has("surname") && (has("name") || has("first_name"));
        let words = &vocabulary().name_words;
        let seems_name = |column: &&LayoutColumn| {
            let key = fold::heading_key(&column.heading);
            !column.listed && !usage.is_used(&column.name) && words.mentions_name(&key)
        };
        if is_whole || (has("name") && !sheet.layout.columns.iter().any(is_surname)) {
            continue;
        }
        warnings.extend(sheet.layout.columns.iter().filter(seems_name).map(|column| {
            let table = sheet.layout.kind.name().to_owned();
            Problem::warning(kinds::UnreadNames { column: column.heading.clone(), table })
                .at(sheet.place(column.row, column.column))
        }));
    }
    warnings
}

/// Whether an unknown heading speaks of a surname, so that the column of names beside it may hold given names only.
fn is_surname(column: &LayoutColumn) -> bool {
    let key = fold::heading_key(&column.heading);
    !column.listed && key.split(' ').any(|word| vocabulary().name_words.find_column(word) == Some("surname"))
}
