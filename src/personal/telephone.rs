//! Which digits are a telephone number (ITU-T E.164, and the numbering plan of North Macedonia and its neighbours), and
//! which are what an office writes: codes of activities, numbers of letters and contracts, coordinates.

use super::digits::{DigitGroup, GroupMark};
use super::words_near_numbers::{NumberWords, number_words};

/// Digits of the longest number with its country's code (E.164).
const MAX_DIGITS: usize = 15;

/// Digits of a number within the country, with the zero that it begins with; neighbours have up to two more.
const NATIONAL: usize = 9;

/// Digits of the shortest number with its country's code.
const MIN_INTERNATIONAL: usize = 10;

/// Years that offices put into their numbers.
const YEARS: std::ops::RangeInclusive<u32> = 1990..=2040;

/// How many bytes before a number are looked at for what it is.
const CONTEXT: usize = 48;

/// What the words before a number say that it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Telephone,
    Office,
    Unknown,
}

/// Whether the groups of `run` up to `last` are a telephone number by their form: `+389 70 123 456`, `00389 70 123 456`,
/// `070/123-456`, `02 3123 456`. `text` is where they are; `follows_telephone` if another number ends just before.
pub(super) fn is_telephone(run: &[DigitGroup], last: usize, text: &str, follows_telephone: bool) -> bool {
    let groups = &run[..=last];
    let first = &groups[0];
    let count: usize = groups.iter().map(|group| group.digits.len()).sum();
    if !(NATIONAL..=MAX_DIGITS).contains(&count) {
        return false;
    }
    match first.before {
        // Part of a code, or the decimals of a number: 2.007142857142857.
        GroupMark::Letter => return false,
        GroupMark::Mark('-' | '.' | '/') if !follows_telephone => return false,
        GroupMark::Plus => return count >= MIN_INTERNATIONAL,
        _ => {}
    }
    let context = context_before(&text[..first.start]);
    if first.digits.len() < 2 || goes_on(groups, run.get(last + 1)) {
        return false;
    }
    if groups[last].is_glued && context != Context::Telephone {
        return false;
    }
    match first.digits.as_bytes() {
        [b'0', b'0', rest @ ..] => is_international(rest, count, context),
        [b'0', ..] if count <= NATIONAL + 2 => is_national(groups, count, context),
        // The country's code without a mark: тел. 389 70 123 456.
        [b'1'..=b'9', ..] => context == Context::Telephone && count > MIN_INTERNATIONAL,
        _ => false,
    }
}

/// With the country's code after two zeros. Of numbers without a mark, only those of Europe: a code may have been filled
/// up with zeros.
fn is_international(rest: &[u8], count: usize, context: Context) -> bool {
    let is_near = matches!(rest, [b'3' | b'4', ..] | [b'9', b'0', ..] | []);
    count > MIN_INTERNATIONAL && rest.first() != Some(&b'0') && (is_near || context == Context::Telephone)
}

/// Whether a number can't end here: the next group belongs to it.
fn goes_on(groups: &[DigitGroup], next: Option<&DigitGroup>) -> bool {
    let has_hyphen = groups[1..].iter().any(|group| group.before == GroupMark::Mark('-'));
    next.is_some_and(|next| match next.before {
        GroupMark::Mark('-' | '.') => true,
        GroupMark::Mark('/') => has_hyphen && !next.digits.starts_with('0'),
        _ => false,
    })
}

fn is_national(groups: &[DigitGroup], count: usize, context: Context) -> bool {
    if context == Context::Telephone {
        return true;
    }
    let first = groups[0].digits.as_str();
    let digits: String = groups.iter().map(|group| group.digits.as_str()).collect();
    // Within the country: 02 is Skopje, 03 and 04 are the other towns, 07 the mobile networks.
    let area = digits.as_bytes()[1];
    let is_in_plan = if count == NATIONAL { (b'2'..=b'7').contains(&area) } else { area != b'0' };
    if !is_in_plan || groups.iter().any(is_year) {
        return false;
    }
    let marks: Vec<char> = groups[1..].iter().filter_map(mark_before).collect();
    if marks.is_empty() {
        return context == Context::Unknown && !digits.contains("0000");
    }
    let is_mobile = first.len() == 3 && area == b'7';
    let is_spaced = marks.iter().any(|mark| matches!(mark, ' ' | '(' | ')' | '/'));
    has_lengths_of_telephone(groups, count)
        && has_marks_of_telephone(&marks, groups)
        && (context == Context::Unknown || (is_mobile && is_spaced))
}

fn is_year(group: &DigitGroup) -> bool {
    group.digits.len() == 4 && group.digits.parse().is_ok_and(|number: u32| YEARS.contains(&number))
}

fn mark_before(group: &DigitGroup) -> Option<char> {
    match group.before {
        GroupMark::Mark(mark) => Some(mark),
        _ => None,
    }
}

/// `02 3123 456`, `02 3 123 456`, `070 123 456`, `0641 234 567`.
fn has_lengths_of_telephone(groups: &[DigitGroup], count: usize) -> bool {
    let first = groups[0].digits.as_str();
    let is_area = if count == NATIONAL { first == "02" || first.len() == 3 } else { (3..=5).contains(&first.len()) };
    let is_group = |(at, group): (usize, &DigitGroup)| match group.digits.len() {
        1 => at == 0 && first == "02",
        length => length <= 8,
    };
    is_area && groups.len() <= 5 && groups[1..].iter().enumerate().all(is_group)
}

/// A slash follows the area's code; one full stop alone makes decimals.
fn has_marks_of_telephone(marks: &[char], groups: &[DigitGroup]) -> bool {
    let late_slash = marks.iter().skip(1).any(|mark| *mark == '/');
    let all_slashes = marks.iter().all(|mark| *mark == '/') && groups.iter().all(|group| group.digits.len() == 3);
    marks != ['.'] && (!late_slash || all_slashes)
}

/// What the last words of a text say of a number that follows.
fn context_before(text: &str) -> Context {
    let start = text.char_indices().rev().map(|(at, _)| at).take_while(|at| text.len() - at <= CONTEXT).last();
    let near = text[start.unwrap_or(text.len())..].to_lowercase();
    let NumberWords { telephone, office, .. } = number_words();
    if near.contains(telephone.signs.as_slice()) {
        return Context::Telephone;
    }
    let words: Vec<&str> = near.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_of_telephone = |word: &&str| {
        telephone.words.iter().any(|known| known == word) || telephone.stems.iter().any(|stem| word.starts_with(stem))
    };
    if words.iter().rev().take(3).any(is_of_telephone) {
        return Context::Telephone;
    }
    let is_of_office = words.iter().rev().take(2).any(|word| office.words.iter().any(|known| known == word));
    if is_of_office || near.trim_end().ends_with(office.sign) { Context::Office } else { Context::Unknown }
}
