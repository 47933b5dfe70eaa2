//! Comparing what people wrote: keys under which different spellings of one thing are equal. Nothing folded is ever displayed.

use unicode_normalization::UnicodeNormalization;

/// Which letters a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Script {
    /// No letters of either.
    Neutral,
    Latin,
    Cyrillic,
    /// Both, in different words.
    Both,
    /// Both in one word, so that one letter is probably the wrong one.
    Mixed,
}

/// A comparison key with the script of what was written. Two spellings with one key and different scripts
/// were made one by folding look-alike letters: that deserves a warning at the odd cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Folded {
    pub key: String,
    pub script: Script,
}

/// The key of a code or label: Unicode-normalised, case aside, spaces collapsed, and look-alike letters
/// of Latin and Cyrillic (`А-01`, `A-01`) made one.
pub fn code_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    push_folded(&mut key, text);
    key
}

/// [`code_key`] together with the script.
pub fn code(text: &str) -> Folded {
    Folded { key: code_key(text), script: script(text) }
}

/// The key of a heading: a code's key without punctuation, underscores or asterisks, words parted by one space.
pub fn heading_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in code_key(text).chars() {
        if is_letter_or_digit(c) || c == '%' {
            key.push(c);
        } else if !key.is_empty() && !key.ends_with(' ') {
            key.push(' ');
        }
    }
    key.truncate(key.trim_end().len());
    key
}

/// The key of a person's name: transliterated to plain Latin letters, so that `Ѓорѓиевска` is `Gjorgjievska`;
/// parts of the name in alphabetical order, because sheets differ in which comes first.
pub fn name_key(text: &str) -> String {
    let mut latin = String::with_capacity(text.len());
    if text.chars().all(is_normal) {
        text.chars().for_each(|c| push_small(&mut latin, lowered(c)));
    } else {
        text.nfkc().for_each(|c| push_latin(&mut latin, c));
    }
    let mut parts: Vec<String> = latin.split_whitespace().map(simplified).collect();
    parts.sort_unstable();
    parts.join(" ")
}

/// Plain Latin and Cyrillic letters, which normalisation leaves as they are.
fn is_normal(c: char) -> bool {
    matches!(c, '\0'..='\u{7f}' | '\u{400}'..='\u{45f}')
}

/// The first letter of a text's key and how many characters that has beside spaces, without folding the whole; none where
/// it can't be told so.
pub fn shape(text: &str) -> Option<(char, usize)> {
    let mut first = None;
    let mut count = 0;
    for c in text.chars().filter(|c| !c.is_whitespace() && !c.is_control()) {
        // A grave accent is folded beside other letters only.
        if !is_normal(c) || c == '`' {
            return None;
        }
        first.get_or_insert(c);
        count += 1;
    }
    Some((latin_twin(lowered(first?)), count))
}

/// The small letter of a [normal](is_normal) one.
fn lowered(c: char) -> char {
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
        push_small(latin, c);
    }
}

fn push_small(latin: &mut String, c: char) {
    if !is_invisible(c) {
        match transliterated(c) {
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
    if text.chars().all(is_normal) {
        push_folded_chars(key, text.chars().map(lowered));
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
        key.push(latin_twin(c));
    }
}

/// Zero-width characters, the byte order mark, soft hyphens and direction marks: they stand in files without being seen.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

fn is_combining(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// The Latin letter that a Cyrillic one can't be told from in print, in small letters or in capitals;
/// dashes of every kind are one, and so are apostrophes.
fn latin_twin(c: char) -> char {
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

/// Words are parted by anything that is no letter, so that `Обука-HR` is in both scripts,
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

/// The official Macedonian romanisation (as in passports), and for letters of its neighbours the usual one.
fn transliterated(c: char) -> Option<&'static str> {
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
        'ъ' | 'ь' | '\'' => "",
        'đ' => "gj",
        'ß' => "ss",
        'ı' => "i",
        _ => return None,
    })
}

/// Different romanisations of one sound made equal: `gj`, `đ`, `g` before a soft vowel are written for `ѓ`,
/// `ch`, `č` and `c` for `ч`, and a doubled letter for a single one.
fn simplified(part: &str) -> String {
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
