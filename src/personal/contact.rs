//! What leads to a person by its form alone: e-mail addresses, telephone numbers (ITU-T E.164), and the personal number
//! of North Macedonia (EMBG: seven digits of birth, two of the region, three in order of birth, one of control).

use super::digits::{DigitGroup, digit_runs};
use super::telephone::is_telephone;

/// Digits of the shortest number that is looked for.
const MIN_DIGITS: usize = 8;

/// Digits of the longest telephone number (E.164), and more than those of a personal number.
const MAX_DIGITS: usize = 15;

/// Digits of a personal number.
const PERSONAL_DIGITS: usize = 13;

/// The country's calling code, left out when numbers are compared.
const COUNTRY_CODE: &str = "389";

/// What a contact looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContactKind {
    /// An e-mail address.
    Address,
    /// Digits that are grouped or begin as a telephone number does.
    Telephone,
    /// Thirteen digits with a date of birth and the right control digit.
    PersonalNumber,
    /// Bare digits, which are a contact only in a row about a person.
    Digits,
}

/// A contact found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// What it looks like.
    pub kind: ContactKind,
    /// Normalised forms that it is compared by; several where the text doesn't say where a number ends.
    pub keys: Vec<String>,
}

/// All contacts in a text.
pub fn find_contacts(text: &str) -> Vec<Contact> {
    let mut found = Vec::new();
    if text.contains('@') {
        let parts =
            |c: char| c.is_whitespace() || matches!(c, ';' | ',' | ':' | '|' | '<' | '>' | '(' | ')' | '[' | ']' | '"');
        let bare = text.split(parts).map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
        found.extend(
            bare.filter(|word| is_address(word))
                .map(|word| Contact { kind: ContactKind::Address, keys: vec![word.to_lowercase()] }),
        );
    }
    if text.bytes().filter(u8::is_ascii_digit).count() >= MIN_DIGITS {
        for run in digit_runs(text) {
            push_numbers(&run, text, &mut found);
        }
    }
    found
}

fn is_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.contains('@') && !host.ends_with('.')
    })
}

/// Every number that begins at a group: a text doesn't say where one ends and the next begins. What lies within a
/// telephone number is no other.
fn push_numbers(run: &[DigitGroup], text: &str, found: &mut Vec<Contact>) {
    let mut telephone_end = 0;
    for at in 0..run.len() {
        if at < telephone_end {
            continue;
        }
        let follows_telephone = at > 0 && at == telephone_end;
        let mut digits = String::new();
        let mut telephone = Vec::new();
        let mut plain = Vec::new();
        for last in at..run.len() {
            digits.push_str(&run[last].digits);
            if digits.len() > MAX_DIGITS {
                break;
            }
            if let Some(number) = parse_personal_number(&digits) {
                found.push(Contact { kind: ContactKind::PersonalNumber, keys: vec![number] });
            } else if is_telephone(&run[at..], last - at, text, follows_telephone) {
                telephone.push(national_number(&digits).to_owned());
                telephone_end = last + 1;
            } else if (MIN_DIGITS..=PERSONAL_DIGITS).contains(&digits.len()) {
                plain.push(national_number(&digits).to_owned());
            }
        }
        let kinds = [(ContactKind::Telephone, telephone), (ContactKind::Digits, plain)];
        found.extend(kinds.into_iter().filter(|(_, keys)| !keys.is_empty()).map(|(kind, keys)| Contact { kind, keys }));
    }
}

/// Without the country's code and the zero in its place.
fn national_number(digits: &str) -> &str {
    let bare = digits.strip_prefix("00").unwrap_or(digits);
    match bare.strip_prefix(COUNTRY_CODE) {
        Some(rest) if rest.len() == 8 => rest,
        _ if digits.len() < PERSONAL_DIGITS => bare.strip_prefix('0').unwrap_or(bare),
        _ => digits,
    }
}

/// A personal number, if the digits are one; a leading zero that a spreadsheet dropped is put back.
fn parse_personal_number(digits: &str) -> Option<String> {
    let whole = match digits.len() {
        PERSONAL_DIGITS => digits.to_owned(),
        12 => format!("0{digits}"),
        _ => return None,
    };
    let numbers: Vec<u32> = whole.bytes().map(|byte| u32::from(byte - b'0')).collect();
    let two = |at: usize| numbers[at] * 10 + numbers[at + 1];
    let year = numbers[4] * 100 + two(5);
    let of_birth = (1..=31).contains(&two(0)) && (1..=12).contains(&two(2)) && !(100..890).contains(&year);
    let weights = [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
    let sum: u32 = weights.iter().zip(&numbers).map(|(weight, digit)| weight * digit).sum();
    let control = match 11 - sum % 11 {
        10 | 11 => 0,
        other => other,
    };
    (of_birth && numbers[12] == control).then_some(whole)
}
