use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Locale;

/// What a number written as a word agrees with. Languages without genders have the same word in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gender {
    #[default]
    /// `еден`, `два`.
    Masculine,
    /// `една`, `две`.
    Feminine,
    /// `едно`, `две`.
    Neuter,
    /// Men or a mixed company: `двајца`, `тројца`.
    Persons,
}

impl Gender {
    /// The letters of [`Gender::from_code`], in the order of the variants.
    pub const CODES: [&str; 4] = ["m", "f", "n", "p"];

    /// By the letter that prose writes: `m`, `f`, `n`, `p`.
    pub fn from_code(code: &str) -> Option<Gender> {
        match code {
            "m" => Some(Gender::Masculine),
            "f" => Some(Gender::Feminine),
            "n" => Some(Gender::Neuter),
            "p" => Some(Gender::Persons),
            _ => None,
        }
    }
}

impl Locale {
    /// A whole number from one to ten as a word; none for any other.
    pub fn number_word(&self, number: Decimal, gender: Gender) -> Option<&'static str> {
        let number = number.is_integer().then(|| number.to_u64())??;
        let table = match gender {
            Gender::Masculine => "masculine",
            Gender::Feminine => "feminine",
            Gender::Neuter => "neuter",
            Gender::Persons => "persons",
        };
        self.find_label(&format!("word.{table}.{number}"))
    }

    /// The number that a word means, in any of its forms: `дваесет`, `двајцата`, `десетина`. One is no number in prose
    /// (`еден`, `one`), and none of its forms is listed.
    pub fn parse_number_word(&self, word: &str) -> Option<u64> {
        let word = word.to_lowercase();
        let forms = |key: &str| self.find_label(key).unwrap_or_default();
        let mut values = forms("numeral.values").split(' ').filter_map(|value| value.parse().ok());
        values.find(|value: &u64| forms(&format!("numeral.{value}")).split(' ').any(|form| form == word))
    }
}
