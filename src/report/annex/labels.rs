use super::workbook_model::{AnnexCell, AnnexColumn, AnnexColumnKind};
use crate::locale::{ExcelKind, Locale};
use crate::model::{Hedge, Lang, Text};

/// Between the languages of what can't be in two cells: the name of a sheet, a property of the workbook.
const BETWEEN: &str = " · ";

/// The languages of an annex: a column or a line for each.
pub struct Labels {
    locales: Vec<Locale>,
    order: Vec<Lang>,
}

impl Labels {
    /// `fallback` is the order of languages to fall back on where a text lacks a language.
    pub fn new(languages: &[Lang], fallback: &[Lang]) -> Labels {
        Labels { locales: languages.iter().filter_map(Locale::new).collect(), order: fallback.to_vec() }
    }

    pub fn locales(&self) -> &[Locale] {
        &self.locales
    }

    /// How many languages there are.
    pub fn count(&self) -> u16 {
        self.locales.len() as u16
    }

    /// A text in each language.
    pub fn each(&self, write: impl FnMut(&Locale) -> String) -> Vec<String> {
        self.locales.iter().map(write).collect()
    }

    pub fn each_label(&self, key: &str) -> Vec<String> {
        self.each(|locale| locale.label(key).to_owned())
    }

    /// A cell for each language.
    pub fn cells(&self, mut write: impl FnMut(&Locale) -> String) -> Vec<AnnexCell<'static>> {
        self.locales.iter().map(|locale| AnnexCell::text(write(locale))).collect()
    }

    pub fn label_cells(&self, key: &str) -> Vec<AnnexCell<'static>> {
        self.cells(|locale| locale.label(key).to_owned())
    }

    pub fn text_cells(&self, text: &Text) -> Vec<AnnexCell<'static>> {
        self.cells(|locale| self.in_language(text, locale))
    }

    /// As many empty cells as a text takes.
    pub fn empty_cells<'a>(&self) -> Vec<AnnexCell<'a>> {
        vec![AnnexCell::Empty; self.locales.len()]
    }

    /// A line of its own for each language; one where languages agree, none for what is empty.
    pub fn lines<'a>(
        &self,
        write: impl FnMut(&Locale) -> String,
        cell: impl Fn(String) -> AnnexCell<'a>,
    ) -> Vec<Vec<AnnexCell<'a>>> {
        self.different(write).into_iter().map(|text| vec![cell(text)]).collect()
    }

    /// The title of a sheet, a line for each language.
    pub fn title_lines<'a>(&self, write: impl FnMut(&Locale) -> String) -> Vec<Vec<AnnexCell<'a>>> {
        self.lines(write, |text| AnnexCell::Heading(text.into()))
    }

    /// Sentences above a table, a line for each language.
    pub fn text_lines<'a>(&self, write: impl FnMut(&Locale) -> String) -> Vec<Vec<AnnexCell<'a>>> {
        self.lines(write, AnnexCell::text)
    }

    /// A text in each language in one place; once where languages agree.
    pub fn join(&self, write: impl FnMut(&Locale) -> String) -> String {
        self.different(write).join(BETWEEN)
    }

    /// A label in as many languages as fit.
    pub fn short_label(&self, key: &str, most: usize) -> String {
        let all = self.join(|locale| locale.label(key).to_owned());
        if all.chars().count() <= most {
            return all;
        }
        self.locales.first().map(|locale| locale.label(key).to_owned()).unwrap_or(all)
    }

    pub fn in_language(&self, text: &Text, locale: &Locale) -> String {
        text.in_order(locale.lang(), &self.order).unwrap_or_default().to_owned()
    }

    /// A format code, with the sign of the hedge before the number.
    pub fn format(&self, kind: ExcelKind, hedge: Option<Hedge>) -> String {
        let Some(first) = self.locales.first() else { return String::new() };
        let bare = first.excel_format(kind, None);
        match hedge {
            None => bare,
            Some(hedge) => format!("\"{}\"{bare}", hedge_sign(first, hedge).replace('"', "")),
        }
    }

    fn different(&self, write: impl FnMut(&Locale) -> String) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        for text in self.each(write) {
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }
}

/// `~`, `≈`.
pub fn hedge_sign(locale: &Locale, hedge: Hedge) -> String {
    let key = match hedge {
        Hedge::About => "number.about-sign",
        Hedge::Approximately => "number.approximately-sign",
    };
    locale.phrase(key, &[("n", "")])
}

/// The columns of a sheet while it is laid out. Headings take a line for each language, texts a column for each.
pub struct ColumnList<'l> {
    labels: &'l Labels,
    columns: Vec<AnnexColumn>,
}

impl<'l> ColumnList<'l> {
    pub fn new(labels: &'l Labels) -> ColumnList<'l> {
        ColumnList { labels, columns: Vec::new() }
    }

    /// The place of the next column.
    pub fn next(&self) -> u16 {
        self.columns.len() as u16
    }

    /// A column of what no language changes: codes, numbers, dates.
    pub fn add(&mut self, key: &str, kind: AnnexColumnKind) -> u16 {
        self.add_headed(self.labels.each_label(key), kind)
    }

    pub fn add_headed(&mut self, headings: Vec<String>, kind: AnnexColumnKind) -> u16 {
        self.columns.push(AnnexColumn { headings, kind });
        self.next() - 1
    }

    /// A column for each language, its tag in the headings; the place of the first.
    pub fn add_texts(&mut self, key: &str, kind: AnnexColumnKind) -> u16 {
        self.add_texts_headed(self.labels.each_label(key), kind)
    }

    pub fn add_texts_headed(&mut self, headings: Vec<String>, kind: AnnexColumnKind) -> u16 {
        let first = self.next();
        for locale in &self.labels.locales {
            let tagged = |heading: &String| match self.labels.count() {
                1 => heading.clone(),
                _ => format!("{heading} ({})", locale.lang().as_str()),
            };
            self.columns.push(AnnexColumn { headings: headings.iter().map(tagged).collect(), kind });
        }
        first
    }

    pub fn finish(self) -> Vec<AnnexColumn> {
        self.columns
    }
}
