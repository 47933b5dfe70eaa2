use crate::locale::{ExcelKind, Locale};
use crate::model::{Hedge, Lang, Text};

/// Between the languages of one cell.
const BETWEEN: &str = " / ";

/// The languages of an annex, side by side in every heading and text.
pub struct Words {
    locales: Vec<Locale>,
    order: Vec<Lang>,
}

impl Words {
    /// `fallback` is the order in which other languages stand in for a text that a language lacks.
    pub fn new(languages: &[Lang], fallback: &[Lang]) -> Words {
        Words { locales: languages.iter().filter_map(Locale::new).collect(), order: fallback.to_vec() }
    }

    /// The same said in each language, once where they agree.
    pub fn each(&self, mut say: impl FnMut(&Locale) -> String) -> String {
        self.joined(BETWEEN, &mut say)
    }

    /// For sentences: a language a line.
    pub fn lines(&self, mut say: impl FnMut(&Locale) -> String) -> String {
        self.joined("\n", &mut say)
    }

    pub fn label(&self, key: &str) -> String {
        self.each(|locale| locale.label(key).to_owned())
    }

    pub fn label_with(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.each(|locale| locale.phrase(key, args))
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
        self.each(|locale| self.in_language(text, locale))
    }

    pub fn prose(&self, text: &Text) -> String {
        self.lines(|locale| self.in_language(text, locale))
    }

    pub fn in_language(&self, text: &Text, locale: &Locale) -> String {
        text.in_order(locale.lang(), &self.order).unwrap_or_default().to_owned()
    }

    /// A format code; the hedge stands in each language before the number.
    pub fn format(&self, kind: ExcelKind, hedge: Option<Hedge>) -> String {
        let Some(first) = self.locales.first() else { return String::new() };
        let (Some(hedge), true) = (hedge, self.locales.len() > 1) else { return first.excel_format(kind, hedge) };
        let word = self.label(match hedge {
            Hedge::About => "workbook.about",
            Hedge::Approximately => "workbook.approximately",
        });
        format!("\"{word} \"{}", first.excel_format(kind, None))
    }

    fn joined(&self, between: &str, say: &mut dyn FnMut(&Locale) -> String) -> String {
        let mut said: Vec<String> = Vec::new();
        for locale in &self.locales {
            let text = say(locale);
            if !text.is_empty() && !said.contains(&text) {
                said.push(text);
            }
        }
        said.join(between)
    }
}
