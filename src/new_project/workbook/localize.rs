//! A workbook in the languages of a project: one column of texts for each, and one language for what is said once.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::validation::CellRule;
use super::{Book, Sheet, WorkbookCell, WorkbookColumn};
use crate::ingest;
use crate::model::Lang;

/// A text that is the same whatever the language, or one by language.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum LocalizedText {
    Same(String),
    ByLang(BTreeMap<String, String>),
}

impl LocalizedText {
    pub fn text(&self) -> &str {
        match self {
            LocalizedText::Same(text) => text,
            LocalizedText::ByLang(texts) => texts.values().next().map(String::as_str).unwrap_or_default(),
        }
    }
}

/// A sheet as project.toml has to name it.
pub struct SheetHeadings {
    pub table: String,
    pub sheet: String,
    /// The contract's name, the language and the heading of each column.
    pub columns: Vec<(String, Option<Lang>, String)>,
}

impl Book {
    /// Makes a column of texts for each of the languages, and says in the first what occurs only once: names of sheets,
    /// examples, drop-downs.
    pub fn localize(&mut self, languages: &[Lang]) {
        let Some(first) = languages.first() else { return };
        for sheet in &mut self.sheets {
            if let LocalizedText::ByLang(texts) = &sheet.name {
                sheet.name = LocalizedText::Same(in_language(texts, first).unwrap_or_default().to_owned());
            }
            sheet.spread(languages);
            for column in &mut sheet.columns {
                if let Some(WorkbookCell::ByLang(texts)) = &column.example {
                    column.example = in_language(texts, first).map(|text| WorkbookCell::Text(text.to_owned()));
                }
                if let Some(CellRule::BuiltIn(list)) = &column.rule {
                    column.rule = Some(CellRule::OneOf(ingest::built_in_labels(list, first)));
                }
            }
        }
        let names: Vec<(String, String)> = self
            .sheets
            .iter()
            .filter_map(|sheet| Some((format!("{{{}}}", sheet.table.as_ref()?), sheet.name.text().to_owned())))
            .collect();
        let fill = |text: &mut String| {
            for (table, name) in &names {
                *text = text.replace(table, name);
            }
            fill_labels(text, first);
        };
        let columns = self.sheets.iter_mut().flat_map(|sheet| &mut sheet.columns);
        columns.filter_map(|column| column.note.as_mut()).for_each(&fill);
        for cell in self.guide.iter_mut().flat_map(|sheet| &mut sheet.rows).flatten() {
            if let WorkbookCell::Text(text) = cell {
                fill(text);
            }
        }
    }

    /// Only the sheets of these tables.
    pub fn keep(&mut self, tables: &[&str]) {
        self.sheets.retain(|sheet| sheet.table.as_deref().is_some_and(|table| tables.contains(&table)));
    }

    /// Puts rows in place of those that a table begins with.
    pub fn start_with(&mut self, table: &str, rows: Vec<Vec<WorkbookCell>>) {
        if let Some(sheet) = self.sheets.iter_mut().find(|sheet| sheet.table.as_deref() == Some(table)) {
            sheet.rows = rows;
        }
    }

    /// Takes a column of the activities out of the disaggregations that indicators begin with.
    pub fn leave_out_axis(&mut self, column: &str) {
        let indicators = self.sheets.iter_mut().filter(|sheet| sheet.table.as_deref() == Some("indicators"));
        for sheet in indicators {
            let Some(by) = sheet.columns.iter().position(|known| known.is.as_deref() == Some("by")) else { continue };
            for cell in sheet.rows.iter_mut().filter_map(|row| row.get_mut(by)) {
                if let WorkbookCell::Text(axes) = cell {
                    let kept: Vec<&str> = axes.split(';').map(str::trim).filter(|axis| *axis != column).collect();
                    *cell = if kept.is_empty() { WorkbookCell::Blank } else { WorkbookCell::Text(kept.join("; ")) };
                }
            }
        }
    }

    pub fn headings(&self) -> Vec<SheetHeadings> {
        let of = |sheet: &Sheet| {
            let columns = sheet.columns.iter().filter_map(|column| {
                Some((column.is.clone()?, column.lang.as_deref().map(Lang::new), column.heading.clone()))
            });
            Some(SheetHeadings {
                table: sheet.table.clone()?,
                sheet: sheet.name.text().to_owned(),
                columns: columns.collect(),
            })
        };
        self.sheets.iter().filter_map(of).collect()
    }
}

impl Sheet {
    /// One column per language in place of each column of texts, in the rows too.
    fn spread(&mut self, languages: &[Lang]) {
        let spreads: Vec<bool> = self.columns.iter().map(|column| column.texts).collect();
        self.columns = std::mem::take(&mut self.columns)
            .into_iter()
            .flat_map(|column| if column.texts { column.in_languages(languages) } else { vec![column] })
            .collect();
        for row in &mut self.rows {
            *row = row
                .iter()
                .zip(&spreads)
                .flat_map(|(cell, spread)| if *spread { cell.in_languages(languages) } else { vec![cell.clone()] })
                .collect();
        }
    }
}

impl WorkbookColumn {
    fn in_languages(self, languages: &[Lang]) -> Vec<WorkbookColumn> {
        let examples = self.example.as_ref().map(|cell| cell.in_languages(languages)).unwrap_or_default();
        let of = |(at, lang): (usize, &Lang)| WorkbookColumn {
            is: self.is.clone(),
            texts: false,
            lang: Some(lang.as_str().to_owned()),
            heading: format!("{} ({})", self.heading, lang.as_str()),
            width: self.width,
            note: self.note.clone(),
            example: examples.get(at).cloned(),
            rule: self.rule.clone(),
        };
        languages.iter().enumerate().map(of).collect()
    }
}

impl WorkbookCell {
    fn in_languages(&self, languages: &[Lang]) -> Vec<WorkbookCell> {
        let WorkbookCell::ByLang(texts) = self else { return vec![self.clone(); languages.len()] };
        let of =
            |lang: &Lang| texts.get(lang.as_str()).map_or(WorkbookCell::Blank, |text| WorkbookCell::Text(text.clone()));
        languages.iter().map(of).collect()
    }
}

/// The text in a language, else any there is.
fn in_language<'t>(texts: &'t BTreeMap<String, String>, lang: &Lang) -> Option<&'t str> {
    texts.get(lang.as_str()).or_else(|| texts.values().next()).map(String::as_str)
}

/// `{precision:approximate}` is the label of a code on a built-in list.
fn fill_labels(text: &mut String, lang: &Lang) {
    while let Some((open, close)) = text.find('{').and_then(|open| Some((open, open + text[open..].find('}')?))) {
        let label = text[open + 1..close].split_once(':');
        let label = label.and_then(|(list, code)| ingest::built_in_label(list, code, lang));
        text.replace_range(open..=close, &label.unwrap_or_default());
    }
}
