//! The order and spelling of the values of a column without a list: they follow from the values alone, not from which row
//! comes first.

use std::sync::Arc;

use crate::fold::{self, Script};
use crate::model::{Category, PackedTexts, Value};

/// For each column the new number of each of its values; `None` where the numbers stay.
pub type NewNumbers = Vec<Option<Vec<u32>>>;

/// Texts in the order of the alphabet, and the new number of each; `None` if they are in that order already.
pub fn sort_texts(texts: PackedTexts) -> (PackedTexts, Option<Vec<u32>>) {
    let mut order: Vec<u32> = (0..texts.len() as u32).collect();
    let text = |number: &u32| texts.get(*number as usize).unwrap_or_default();
    order.sort_by_cached_key(|number| (alphabetical_key(text(number)), text(number).to_owned()));
    if order.is_sorted() {
        return (texts, None);
    }
    let mut numbers = vec![0; order.len()];
    for (new, old) in (0..).zip(&order) {
        numbers[*old as usize] = new;
    }
    (order.iter().map(text).collect(), Some(numbers))
}

/// Gives the values of rows the new numbers of their columns.
pub fn renumber<'r>(rows: impl Iterator<Item = &'r mut [Value]>, numbers: &NewNumbers) {
    if numbers.iter().all(Option::is_none) {
        return;
    }
    for values in rows {
        for (value, numbers) in values.iter_mut().zip(numbers) {
            let Some(numbers) = numbers else { continue };
            let renumbered = |category: &Category| Category(numbers[category.0 as usize]);
            match value {
                Value::One(category) => *category = renumbered(category),
                Value::Several(categories) => {
                    let mut new: Vec<Category> = categories.iter().map(renumbered).collect();
                    new.sort_unstable();
                    *categories = Arc::new(new);
                }
                _ => {}
            }
        }
    }
}

/// Whether a spelling is to be shown rather than another one of the same value: `Обука` rather than `ОБУКА` or `обука`, and
/// letters of one alphabet rather than of two.
pub fn is_better_spelling(text: &str, than: &str) -> bool {
    let rank = |text: &str| {
        let capitals = text.chars().skip(1).filter(|c| c.is_uppercase()).count();
        (fold::script(text) == Script::Mixed, capitals)
    };
    (rank(text), text) < (rank(than), than)
}

/// A letter's place in the alphabets of the field's languages, or a number by its value.
fn alphabetical_key(text: &str) -> Vec<(u32, u64)> {
    let mut key = Vec::with_capacity(text.len());
    let mut letters = text.chars().flat_map(char::to_lowercase).peekable();
    while let Some(letter) = letters.next() {
        if let Some(digit) = letter.to_digit(10) {
            let mut number = u64::from(digit);
            while let Some(digit) = letters.peek().and_then(|next| next.to_digit(10)) {
                number = number.saturating_mul(10).saturating_add(u64::from(digit));
                letters.next();
            }
            key.push((u32::from('0'), number));
            continue;
        }
        // Letters that Unicode has elsewhere than the alphabet: each follows another one.
        let (before, rank) = match letter {
            'ѓ' | 'ђ' => ('д', 1),
            'ѕ' => ('з', 1),
            'ј' => ('и', 1),
            'љ' => ('л', 1),
            'њ' => ('н', 1),
            'ќ' | 'ћ' => ('т', 1),
            'џ' => ('ч', 1),
            'č' | 'ç' => ('c', 1),
            'ć' => ('c', 2),
            'đ' => ('d', 1),
            'ë' => ('e', 1),
            'š' => ('s', 1),
            'ž' => ('z', 1),
            other => (other, 0),
        };
        key.push((u32::from(before), rank));
    }
    key
}
