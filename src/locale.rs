//! How a language writes numbers, percentages, dates, ranges, lists and plurals, and its fixed phrases. Below every stage.
//!
//! A language is data: a column in `templates/labels/*.toml` and what Unicode's CLDR knows of it. Nothing here asks which
//! language it is.

#![warn(missing_docs)]

mod calendar;
mod number;
mod number_words;
mod phrases;
mod written_language;

use icu_decimal::DecimalFormatter;
use icu_list::ListFormatter;
use icu_list::options::ListFormatterOptions;
use icu_plurals::{PluralCategory, PluralRules};

use crate::model::Lang;

pub use number::{ExcelKind, NumberFormat, decimals_of_percents};
pub use number_words::Gender;
pub use phrases::fill;
pub use written_language::{are_exchanged, foreign_language};

/// One language, ready to write. Costly to make compared with its use: make one per language.
#[derive(Debug)]
pub struct Locale {
    lang: Lang,
    /// The language's column in the table of phrases.
    column: usize,
    decimal: DecimalFormatter,
    plurals: PluralRules,
    list: ListFormatter,
    /// Separators of CLDR, as `decimal` writes them.
    cldr_format: NumberFormat,
    /// What a donor's profile asks for instead.
    profile_format: Option<NumberFormat>,
}

impl Locale {
    /// The languages that documents can be written in.
    pub fn languages() -> &'static [&'static str] {
        phrases::languages()
    }

    /// None for a language without phrases.
    pub fn new(lang: &Lang) -> Option<Locale> {
        let column = phrases::languages().iter().position(|known| *known == lang.as_str())?;
        let locale: icu_locale_core::Locale = phrases::phrase("language.cldr", column)?.parse().ok()?;
        // The rules of plurals are kept by language alone, whatever its script.
        let language = icu_locale_core::Locale::from(icu_locale_core::LanguageIdentifier::from(locale.id.language));
        let decimal = DecimalFormatter::try_new((&locale).into(), Default::default()).ok()?;
        let cldr_format = number::cldr_separators(&decimal);
        Some(Locale {
            lang: lang.clone(),
            column,
            decimal,
            plurals: PluralRules::try_new_cardinal((&language).into()).ok()?,
            list: ListFormatter::try_new_and((&locale).into(), ListFormatterOptions::default()).ok()?,
            cldr_format,
            profile_format: None,
        })
    }

    /// The same language with a donor's own separators.
    pub fn with_number_format(mut self, format: NumberFormat) -> Locale {
        self.profile_format = Some(format);
        self
    }

    /// The language that this is the writing of.
    pub fn lang(&self) -> &Lang {
        &self.lang
    }

    /// Who has read the texts of this language that speaks it; `None`: nobody yet, so that it is a draft.
    pub fn reader(&self) -> Option<&'static str> {
        self.find_label("language.read-by").filter(|reader| !reader.is_empty())
    }

    /// A fixed phrase of `templates/labels/`. A key that isn't there comes back as itself; a test holds that the
    /// program names none such.
    pub fn label<'a>(&self, key: &'a str) -> &'a str {
        phrases::phrase(key, self.column).unwrap_or(key)
    }

    /// The phrase where there is one.
    pub fn find_label(&self, key: &str) -> Option<&'static str> {
        phrases::phrase(key, self.column)
    }

    /// Names of scripts by their codes of ISO 15924.
    pub fn scripts(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        phrases::table("script", self.column)
    }

    /// A fixed phrase with its `{placeholders}` filled in.
    pub fn phrase(&self, key: &str, args: &[(&str, &str)]) -> String {
        fill(self.label(key), args)
    }

    /// `status.achieved` and so on, by the code of a status; `—` has its own word.
    pub fn status(&self, code: Option<&str>) -> &'static str {
        code.and_then(|code| self.find_label(&format!("status.{code}")))
            .or_else(|| self.find_label("status.absent"))
            .unwrap_or_default()
    }

    /// „Така“, “so”.
    pub fn quote(&self, text: &str) -> String {
        self.phrase("quote.outer", &[("text", text)])
    }

    /// "Куманово, Бутел и Гевгелија".
    pub fn list<S: AsRef<str>>(&self, items: &[S]) -> String {
        self.list.format(items.iter().map(AsRef::as_ref)).to_string()
    }

    /// CLDR's plural category of a number: `one`, `few`, `other` …
    pub fn plural(&self, number: rust_decimal::Decimal) -> &'static str {
        category_name(self.plurals.category_for(&number::to_fixed_decimal(number)))
    }

    /// The plural categories that this language distinguishes, by name.
    pub fn plural_categories(&self) -> Vec<&'static str> {
        PluralCategory::all()
            .filter(|category| self.plurals.categories().any(|own| own == *category))
            .map(category_name)
            .collect()
    }
}

fn category_name(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}
