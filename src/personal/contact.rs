//! What leads to a person by its form alone: e-mail addresses, telephone numbers (ITU-T E.164), and the personal number
//! of North Macedonia (EMBG: seven digits of birth, two of the region, three in order of birth, one of control).

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
            push_numbers(&run, &mut found);
        }
    }
    found
}

fn is_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.contains('@') && !host.ends_with('.')
    })
}

/// Digits without anything between them.
#[derive(Clone, Debug)]
struct DigitGroup {
    digits: String,
    /// What precedes it, after the group before.
    before: Separator,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Separator {
    Nothing,
    Plus,
    /// A letter, or a letter and a hyphen: part of a code.
    Letter,
    Mark(char),
}

/// Groups that only spaces and the marks of telephone numbers separate.
fn digit_runs(text: &str) -> Vec<Vec<DigitGroup>> {
    let mut runs = Vec::new();
    let mut run: Vec<DigitGroup> = Vec::new();
    let mut before = Separator::Nothing;
    let mut in_group = false;
    for c in text.chars() {
        if c.is_ascii_digit() {
            match run.last_mut().filter(|_| in_group) {
                Some(group) => group.digits.push(c),
                None => run.push(DigitGroup { digits: c.to_string(), before }),
            }
            in_group = true;
            continue;
        }
        in_group = false;
        let goes_on = matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '/' | '-' | '.' | '(' | ')');
        if goes_on && !run.is_empty() {
            before = Separator::Mark(c);
            continue;
        }
        if !run.is_empty() {
            runs.push(std::mem::take(&mut run));
        }
        before = match c {
            '+' => Separator::Plus,
            '-' | '_' if before == Separator::Letter => Separator::Letter,
            c if c.is_alphanumeric() => Separator::Letter,
            _ => Separator::Nothing,
        };
    }
    if !run.is_empty() {
        runs.push(run);
    }
    runs.iter().flat_map(|run| split_at_dates(run)).collect()
}

/// A run split where it holds dates: `2017-03-01` and `1.3.2017` are eight digits, too.
fn split_at_dates(run: &[DigitGroup]) -> Vec<Vec<DigitGroup>> {
    let mut parts = vec![Vec::new()];
    let mut at = 0;
    while at < run.len() {
        if run.get(at..at + 3).is_some_and(is_date) {
            parts.push(Vec::new());
            at += 3;
        } else {
            parts.last_mut().expect("one at least").push(run[at].clone());
            at += 1;
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn is_date(groups: &[DigitGroup]) -> bool {
    let within = |group: &DigitGroup, most: u32| {
        group.digits.len() <= 2 && group.digits.parse::<u32>().is_ok_and(|number| (1..=most).contains(&number))
    };
    let marked = groups[1].before == groups[2].before && matches!(groups[1].before, Separator::Mark('.' | '-' | '/'));
    let year_first = groups[0].digits.len() == 4 && within(&groups[1], 12) && within(&groups[2], 31);
    let day_first = groups[2].digits.len() == 4 && within(&groups[0], 31) && within(&groups[1], 12);
    marked && (year_first || day_first)
}

/// Every number that begins at a group: a text doesn't say where one ends and the next begins. What lies within a
/// telephone number is no other.
fn push_numbers(run: &[DigitGroup], found: &mut Vec<Contact>) {
    let mut telephone_end = 0;
    for (at, first) in run.iter().enumerate() {
        if at < telephone_end {
            continue;
        }
        let mut digits = String::new();
        let mut telephone = Vec::new();
        let mut plain = Vec::new();
        for (last, group) in run.iter().enumerate().skip(at) {
            digits.push_str(&group.digits);
            if digits.len() > MAX_DIGITS {
                break;
            }
            if let Some(number) = parse_personal_number(&digits) {
                found.push(Contact { kind: ContactKind::PersonalNumber, keys: vec![number] });
            } else if is_telephone(&digits, first) {
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

/// `+389 70 123 456`, `00389 70 123 456`, `070/123-456`, `02 3123 456`.
fn is_telephone(digits: &str, first: &DigitGroup) -> bool {
    if first.digits.len() < 2 && first.before != Separator::Plus {
        return false;
    }
    match first.before {
        // Part of a code, or the decimals of a number: 2.007142857142857.
        Separator::Letter | Separator::Mark('.') => false,
        Separator::Plus => digits.len() >= MIN_DIGITS,
        _ if digits.starts_with("00") => digits.len() > 10 && !digits.starts_with("000"),
        _ => digits.starts_with('0') && (9..=11).contains(&digits.len()),
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
