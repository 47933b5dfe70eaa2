//! How languages write, held against Unicode's CLDR, and the fixed phrases.

mod adding;
mod dates;
mod numbers;
mod phrases;
mod written_language;

use donor_report::locale::Locale;
use donor_report::model::Lang;

fn locale(tag: &str) -> Locale {
    Locale::new(&Lang::new(tag)).expect("a language with phrases")
}
