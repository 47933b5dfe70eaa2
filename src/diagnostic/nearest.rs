/// The one of `known` that is nearest to what was written, for "did you mean"; `None` if none differs in at most a third of
/// the letters. A number is never meant for a word: `2` isn't `F`. Nor is another number of a code: `A-02` isn't `A-03`.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = written.to_lowercase();
    let letters: Vec<char> = written.chars().collect();
    let limit = (letters.len() / 3).max(1);
    let is_word = |text: &str| text.chars().any(char::is_alphabetic);
    known
        .into_iter()
        .map(|candidate| (candidate.to_lowercase(), candidate))
        // Of thousands of known names only a few are worth the exact distance.
        .filter(|(lower, _)| least_distance(&letters, lower) <= limit)
        .filter(|(lower, _)| is_word(&written) == is_word(lower) && !is_other_number(&written, lower))
        .map(|(lower, candidate)| (strsim::damerau_levenshtein(&written, &lower), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// In how many letters two texts differ at least: those that aren't in both, in whatever order.
fn least_distance(letters: &[char], other: &str) -> usize {
    let mut rest = letters.to_vec();
    let mut length = 0;
    for letter in other.chars() {
        length += 1;
        if let Some(at) = rest.iter().position(|one| *one == letter) {
            rest.swap_remove(at);
        }
    }
    letters.len().max(length) - (letters.len() - rest.len())
}

/// The first of some names, for messages that say what there is.
pub fn first_names<'a>(known: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 12;
    let known: Vec<&str> = known.into_iter().take(SHOWN + 1).collect();
    let more = if known.len() > SHOWN { ", …" } else { "" };
    known[..known.len().min(SHOWN)].join(", ") + more
}

/// What something that isn't there any more was probably renamed to: the one of `known` that is nearest in name, those that
/// are `free` (nothing else is called so) before others; else the only one that is free.
pub fn renamed_to<'a>(written: &str, known: &[&'a str], is_free: impl Fn(&str) -> bool) -> Option<&'a str> {
    let free: Vec<&str> = known.iter().copied().filter(|name| is_free(name)).collect();
    let only = match free.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    nearest(written, free.iter().copied()).or(only).or_else(|| nearest(written, known.iter().copied()))
}

/// Of how many digits two must be swapped for a slip; of two digits, the swapped ones are as likely another code.
const SWAPPED_DIGITS: usize = 3;

/// Whether two texts differ only in their digits, so that either may be right. Digits in another order are a slip
/// (`U-0412` for `U-0142`), and so are zeros in front (`A-1` for `A-01`).
fn is_other_number(one: &str, other: &str) -> bool {
    let rest = |text: &str| text.chars().filter(|c| !c.is_numeric()).collect::<String>();
    let sorted = |text: &str| {
        let mut digits: Vec<char> = text.chars().filter(|c| c.is_numeric()).collect();
        digits.sort_unstable();
        digits
    };
    if rest(one) != rest(other) || without_leading_zeros(one) == without_leading_zeros(other) {
        return false;
    }
    let digits = sorted(one);
    digits.len() < SWAPPED_DIGITS || digits != sorted(other)
}

/// A text without the zeros in front of each of its numbers.
fn without_leading_zeros(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let begins = !out.ends_with(|last: char| last.is_numeric());
        if c != '0' || !begins || !chars.peek().is_some_and(|next| next.is_numeric()) {
            out.push(c);
        }
    }
    out
}
