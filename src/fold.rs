//! Keys for comparing what people write: different spellings of one thing have equal keys. Keys are never displayed.

#![warn(missing_docs)]

use unicode_normalization::UnicodeNormalization;

/// Which letters a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Script {
    /// No letters of either.
    Neutral,
    /// Latin letters only.
    Latin,
    /// Cyrillic letters only.
    Cyrillic,
    /// Both, in different words.
    Both,
    /// Both in one word, so that one letter is probably the wrong one.
    Mixed,
}

/// A comparison key with the script of the text. Two spellings with one key and different scripts are equal only because
/// look-alike letters were folded: that deserves a warning at the odd cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Folded {
    /// Equal for different spellings of one thing.
    pub key: String,
    /// Which letters the text is written in.
    pub script: Script,
}

/// The key of a code or label: Unicode-normalised, in lower case, spaces collapsed, and look-alike letters
/// of Latin and Cyrillic (`А-01`, `A-01`) made one.
pub fn code_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    push_folded(&mut key, text);
    key
}

/// [`code_key`] together with the script.
pub fn fold_code(text: &str) -> Folded {
    Folded { key: code_key(text), script: script(text) }
}

/// The key of a heading: a code's key without punctuation, underscores or asterisks, words separated by one space. Signs that
/// say which side of a number is meant stay beside it, so that `Women < 18` is `Women <18`, and not `Women 18+`.
pub fn heading_key(text: &str) -> String {
    let code = code_key(text);
    let mut key = String::with_capacity(code.len());
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        if is_letter_or_digit(c) || c == '%' {
            key.push(c);
            continue;
        }
        let is_upper_end = c == '+' && key.ends_with(|last: char| last.is_ascii_digit());
        let before_number = sign_before_number(c, &mut chars);
        if is_upper_end && !chars.peek().is_some_and(|next| is_letter_or_digit(*next)) {
            key.push(c);
        } else if !key.is_empty() && !key.ends_with(' ') {
            key.push(' ');
        }
        key.extend(before_number);
    }
    key.truncate(key.trim_end().len());
    key
}

/// The sign of comparison that `c` begins, where a number comes next; passes over what is between.
fn sign_before_number(c: char, rest: &mut std::iter::Peekable<std::str::Chars>) -> Option<char> {
    if !matches!(c, '<' | '>' | '≤' | '≥') {
        return None;
    }
    let sign = match (c, rest.next_if_eq(&'=')) {
        ('<', Some(_)) => '≤',
        ('>', Some(_)) => '≥',
        _ => c,
    };
    while rest.next_if_eq(&' ').is_some() {}
    rest.peek().is_some_and(char::is_ascii_digit).then_some(sign)
}

/// The key of a person's name: transliterate to plain Latin letters, so that `Ѓорѓиевска` is `Gjorgjievska`;
/// parts of the name in alphabetical order, because sheets differ in which comes first.
pub fn name_key(text: &str) -> String {
    let mut latin = String::with_capacity(text.len());
    if text.chars().all(is_normalized) {
        text.chars().for_each(|c| push_lowercase_latin(&mut latin, lowercase(c)));
    } else {
        text.nfkc().for_each(|c| push_latin(&mut latin, c));
    }
    let mut parts: Vec<String> = latin.split_whitespace().map(simplify_sounds).collect();
    parts.sort_unstable();
    parts.join(" ")
}

/// Plain Latin and Cyrillic letters, which Unicode normalisation doesn't change.
fn is_normalized(c: char) -> bool {
    matches!(c, '\0'..='\u{7f}' | '\u{400}'..='\u{45f}')
}

/// The first letter of a text's key and the number of its characters besides spaces, without folding the whole text;
/// `None` if that takes a full folding.
pub fn first_letter_and_length(text: &str) -> Option<(char, usize)> {
    let mut first = None;
    let mut count = 0;
    for c in text.chars().filter(|c| !c.is_whitespace() && !c.is_control()) {
        // A grave accent is folded only next to other letters.
        if !is_normalized(c) || c == '`' {
            return None;
        }
        first.get_or_insert(c);
        count += 1;
    }
    Some((latin_look_alike(lowercase(first?)), count))
}

/// The lower case of a [normalised](is_normalized) letter.
fn lowercase(c: char) -> char {
    match c {
        '\0'..='\u{7f}' => c.to_ascii_lowercase(),
        '\u{410}'..='\u{42f}' => char::from_u32(u32::from(c) + 0x20).unwrap_or(c),
        '\u{400}'..='\u{40f}' => char::from_u32(u32::from(c) + 0x50).unwrap_or(c),
        _ => c,
    }
}

/// [`char::is_alphanumeric`], quickly for the letters that most texts are made of.
fn is_letter_or_digit(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='z' | 'A'..='Z' | '\u{400}'..='\u{45f}') || c.is_alphanumeric()
}

fn push_latin(latin: &mut String, c: char) {
    for c in c.to_lowercase() {
        push_lowercase_latin(latin, c);
    }
}

fn push_lowercase_latin(latin: &mut String, c: char) {
    if !is_invisible(c) {
        match transliterate(c) {
            Some(letters) => latin.push_str(letters),
            None if c.is_ascii_alphanumeric() => latin.push(c),
            None if c.is_alphanumeric() => latin.extend(std::iter::once(c).nfkd().filter(|c| !is_combining(*c))),
            None if is_combining(c) => {}
            None => latin.push(' '),
        }
    }
}

fn push_folded(key: &mut String, text: &str) {
    if text.is_ascii() {
        let mut pending = false;
        for byte in text.bytes() {
            if byte.is_ascii_whitespace() || byte == 0x0b {
                pending = !key.is_empty();
                continue;
            }
            if byte.is_ascii_control() {
                continue;
            }
            if std::mem::take(&mut pending) {
                key.push(' ');
            }
            key.push(byte.to_ascii_lowercase() as char);
        }
        return;
    }
    if text.chars().all(is_normalized) {
        push_folded_chars(key, text.chars().map(lowercase));
    } else {
        push_folded_chars(key, text.nfkc().flat_map(char::to_lowercase));
    }
}

fn push_folded_chars(key: &mut String, chars: impl Iterator<Item = char>) {
    let mut pending = false;
    for c in chars {
        if c.is_whitespace() {
            pending = !key.is_empty();
            continue;
        }
        if c.is_control() || is_invisible(c) {
            continue;
        }
        if std::mem::take(&mut pending) {
            key.push(' ');
        }
        key.push(latin_look_alike(c));
    }
}

/// Zero-width characters, the byte order mark, soft hyphens and direction marks: they are in files without being seen.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Marks that belong to the letter before them.
pub fn is_combining(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// The Latin letter that looks like a Cyrillic one in print, in lower or upper case. Dashes of every kind are folded into one,
/// and so are apostrophes.
fn latin_look_alike(c: char) -> char {
    match c {
        'а' => 'a',
        'в' => 'b',
        'е' => 'e',
        'к' => 'k',
        'м' => 'm',
        'н' => 'h',
        'о' => 'o',
        'р' => 'p',
        'с' => 'c',
        'т' => 't',
        'у' => 'y',
        'х' => 'x',
        'ѕ' => 's',
        'і' => 'i',
        'ј' => 'j',
        'ԛ' => 'q',
        'ԝ' => 'w',
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        '’' | '‘' | 'ʼ' | '`' | '´' => '\'',
        other => other,
    }
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}' if c != '×' && c != '÷')
}

/// Which letters a text is written in. Words end at anything that is no letter, so that `Обука-HR` is in both scripts,
/// and `Oрганизирани` with a Latin O is mixed.
pub fn script(text: &str) -> Script {
    let (mut any_latin, mut any_cyrillic) = (false, false);
    let (mut latin, mut cyrillic) = (false, false);
    for c in text.chars() {
        if is_cyrillic(c) {
            cyrillic = true;
        } else if is_latin(c) {
            latin = true;
        } else {
            (latin, cyrillic) = (false, false);
        }
        if latin && cyrillic {
            return Script::Mixed;
        }
        any_latin |= latin;
        any_cyrillic |= cyrillic;
    }
    match (any_latin, any_cyrillic) {
        (false, false) => Script::Neutral,
        (true, false) => Script::Latin,
        (false, true) => Script::Cyrillic,
        (true, true) => Script::Both,
    }
}

/// The official Macedonian romanisation, as in passports, and the usual one for letters of neighbouring languages.
fn transliterate(c: char) -> Option<&'static str> {
    Some(match c {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "g",
        'д' => "d",
        'ѓ' => "gj",
        'ђ' => "dj",
        'е' | 'э' => "e",
        'ё' => "e",
        'ж' => "zh",
        'з' => "z",
        'ѕ' => "dz",
        'и' | 'й' => "i",
        'і' | 'ы' => "i",
        'ј' => "j",
        'к' => "k",
        'л' => "l",
        'љ' => "lj",
        'м' => "m",
        'н' => "n",
        'њ' => "nj",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'ќ' => "kj",
        'ћ' => "kj",
        'у' => "u",
        'ф' => "f",
        'х' => "h",
        'ц' => "c",
        'ч' => "ch",
        'џ' => "dzh",
        'ш' => "sh",
        'щ' => "sht",
        'ю' => "ju",
        'я' => "ja",
        'ъ' | 'ь' | '\'' | '’' | '‘' | 'ʼ' => "",
        'đ' => "gj",
        'ß' => "ss",
        'ı' => "i",
        _ => return None,
    })
}

/// Different romanisations of one sound made equal: `gj`, `đ`, `g` before a soft vowel are written for `ѓ`,
/// `ch`, `č` and `c` for `ч`, and a doubled letter for a single one.
fn simplify_sounds(part: &str) -> String {
    const SOUNDS: [(&str, &str); 12] = [
        ("dzh", "dz"),
        ("dj", "g"),
        ("gj", "g"),
        ("kj", "k"),
        ("sh", "s"),
        ("zh", "z"),
        ("ch", "c"),
        ("lj", "l"),
        ("nj", "n"),
        ("ij", "i"),
        ("yj", "i"),
        ("y", "i"),
    ];
    let mut out = String::with_capacity(part.len());
    let mut push = |c: char| {
        if !out.ends_with(c) {
            out.push(c);
        }
    };
    let mut rest = part;
    while let Some(first) = rest.chars().next() {
        let known = match first {
            'd' | 'g' | 'k' | 's' | 'z' | 'c' | 'l' | 'n' | 'i' | 'y' => {
                SOUNDS.iter().find(|(written, _)| rest.starts_with(written))
            }
            _ => None,
        };
        match known {
            Some((written, sound)) => {
                sound.chars().for_each(&mut push);
                rest = &rest[written.len()..];
            }
            None => {
                push(if first == 'j' { 'i' } else { first });
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    out
}
