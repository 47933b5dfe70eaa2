//! How numbers are written, apart from the program's own way to write them.

use rust_decimal::prelude::FromPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

/// Signs of thousands and of decimals.
fn separators(lang: &str) -> (char, char) {
    if lang == "en" { (',', '.') } else { ('.', ',') }
}

/// Whether a text begins with a value as a reader finds it: a number, a percentage, a range, whatever word or sign hedges
/// it, whole or rounded.
pub fn writes(text: &str, value: &Value, lang: &str) -> bool {
    let (from, to) = match value {
        Value::Object(ends) => (number(&ends["from"]), number(&ends["to"])),
        one => (number(one), number(one)),
    };
    let text = text.replace(['\u{a0}', '\u{202f}', '\u{2060}', '\u{ad}'], " ");
    let text = text.trim_start_matches(|c: char| c.is_alphabetic() || " ≈~+".contains(c));
    let forms = |number: Decimal| -> Vec<String> {
        let share = [number * Decimal::from(100)].into_iter().flat_map(|share| rounded(share, 0..=2, lang));
        rounded(number, -6..=3, lang)
            .chain(share.flat_map(|share| [format!("{share}%"), format!("{share} %"), share]))
            .collect()
    };
    let written: Vec<String> = if from == to {
        forms(from)
    } else {
        let upper = forms(to);
        forms(from).into_iter().flat_map(|from| upper.iter().map(move |to| format!("{from}–{to}"))).collect()
    };
    written.iter().any(|form| begins_with(text, form))
}

fn number(value: &Value) -> Decimal {
    Decimal::from_f64(value.as_f64().expect("a number")).expect("a decimal")
}

/// A number rounded to each of some places, as the language writes it.
fn rounded(number: Decimal, places: std::ops::RangeInclusive<i32>, lang: &str) -> impl Iterator<Item = String> {
    let lang = lang.to_owned();
    places.map(move |places| {
        let scale = Decimal::from(10_i64.pow(places.unsigned_abs()));
        let halves = RoundingStrategy::MidpointAwayFromZero;
        let rounded = if places < 0 {
            (number / scale).round_dp_with_strategy(0, halves) * scale
        } else {
            number.round_dp_with_strategy(places as u32, halves)
        };
        write(rounded, places.max(0) as usize, &lang)
    })
}

fn write(number: Decimal, places: usize, lang: &str) -> String {
    let (thousands, decimal) = separators(lang);
    let text = format!("{:.places$}", number.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(thousands);
        }
        out.push(digit);
    }
    if !rest.is_empty() {
        out.push(decimal);
        out.push_str(rest);
    }
    if number.is_sign_negative() && !number.is_zero() { format!("−{out}") } else { out }
}

/// The form stands at the beginning, and the number ends there.
fn begins_with(text: &str, form: &str) -> bool {
    let Some(rest) = text.strip_prefix(form) else { return false };
    let mut next = rest.chars();
    match (next.next(), next.next()) {
        (Some(digit), _) if digit.is_ascii_digit() => false,
        (Some('.' | ','), Some(digit)) => !digit.is_ascii_digit(),
        _ => true,
    }
}
