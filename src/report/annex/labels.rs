use crate::locale::{ExcelKind, Locale};
use crate::model::{Hedge, Lang, Text};

/// Between the languages of one cell.
const BETWEEN: &str = " / ";

/// The languages of an annex, side by side in every heading and text.
pub struct Labels {
    locales: Vec<Locale>,
    order: Vec<Lang>,
}

impl Labels {
    /// `fallback` is the order of languages to fall back on where a text lacks a language.
    pub fn new(languages: &[Lang], fallback: &[Lang]) -> Labels {
        Labels { locales: languages.iter().filter_map(Locale::new).collect(), order: fallback.to_vec() }
    }

    /// A text in each language, joined by ` / `; once where languages agree.
    pub fn join(&self, mut write: impl FnMut(&Locale) -> String) -> String {
        self.join_with(BETWEEN, &mut write)
    }

    /// A text in each language, one per line; for sentences.
    pub fn join_lines(&self, mut write: impl FnMut(&Locale) -> String) -> String {
        self.join_with("\n", &mut write)
    }

    pub fn label(&self, key: &str) -> String {
        self.join(|locale| locale.label(key).to_owned())
    }

    pub fn label_with_args(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.join(|locale| locale.phrase(key, args))
    }

    /// A label in as many languages as fit.
    pub fn short_label(&self, key: &str, most: usize) -> String {
        let all = self.label(key);
        if all.chars().count() <= most {
            return all;
        }
        self.locales.first().map(|locale| locale.label(key).to_owned()).unwrap_or(all)
    }

    pub fn text(&self, text: &Text) -> String {
        self.join(|locale| self.in_language(text, locale))
    }

    pub fn text_lines(&self, text: &Text) -> String {
        self.join_lines(|locale| self.in_language(text, locale))
    }

    pub fn in_language(&self, text: &Text, locale: &Locale) -> String {
        text.in_order(locale.lang(), &self.order).unwrap_or_default().to_owned()
    }

    /// A format code; with the hedge in each language before the number.
    pub fn format(&self, kind: ExcelKind, hedge: Option<Hedge>) -> String {
        let Some(first) = self.locales.first() else { return String::new() };
        let (Some(hedge), true) = (hedge, self.locales.len() > 1) else { return first.excel_format(kind, hedge) };
        let word = self.label(match hedge {
            Hedge::About => "workbook.about",
            Hedge::Approximately => "workbook.approximately",
        });
        format!("\"{word} \"{}", first.excel_format(kind, None))
    }

    fn join_with(&self, between: &str, write: &mut dyn FnMut(&Locale) -> String) -> String {
        let mut texts: Vec<String> = Vec::new();
        for locale in &self.locales {
            let text = write(locale);
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts.join(between)
    }
}
