//! Digits of a text in groups, as numbers are written: `070/123-456`, `01-2017-001`.

/// Letters and digits of the shortest keyed pseudonym or fingerprint.
const MIN_HEX: usize = 16;

/// Digits without anything between them.
#[derive(Clone, Debug)]
pub(super) struct DigitGroup {
    pub digits: String,
    /// What precedes it, after the group before.
    pub before: GroupMark,
    /// Whether a letter follows without anything between.
    pub is_glued: bool,
    /// Where it begins in the text, in bytes.
    pub start: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum GroupMark {
    #[default]
    Nothing,
    Plus,
    /// A letter, or a letter and a hyphen: part of a code.
    Letter,
    Mark(char),
}

/// Groups that only spaces and the marks of telephone numbers separate.
pub(super) fn digit_runs(text: &str) -> Vec<Vec<DigitGroup>> {
    let mut runs = Runs::default();
    let mut skipped_to = 0;
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        if at < skipped_to {
            continue;
        }
        if !previous.is_alphanumeric()
            && let Some(length) = hexadecimal_length(&text[at..])
        {
            runs.end(GroupMark::Letter);
            skipped_to = at + length;
            previous = 'a';
            continue;
        }
        runs.push(c, at);
        previous = c;
    }
    runs.end(GroupMark::Nothing);
    runs.finished.iter().flat_map(|run| split_at_dates(run)).collect()
}

#[derive(Default)]
struct Runs {
    finished: Vec<Vec<DigitGroup>>,
    run: Vec<DigitGroup>,
    before: GroupMark,
    in_group: bool,
}

impl Runs {
    fn push(&mut self, c: char, at: usize) {
        if c.is_ascii_digit() {
            match self.run.last_mut().filter(|_| self.in_group) {
                Some(group) => group.digits.push(c),
                None => {
                    let group = DigitGroup { digits: c.to_string(), before: self.before, is_glued: false, start: at };
                    self.run.push(group);
                }
            }
            self.in_group = true;
            return;
        }
        if let Some(group) = self.run.last_mut().filter(|_| self.in_group) {
            group.is_glued = c.is_alphabetic();
        }
        self.in_group = false;
        let mark = match c {
            '\u{a0}' | '\u{2009}' | '\u{202f}' | '\t' => ' ',
            '–' | '‑' | '‐' => '-',
            other => other,
        };
        if matches!(mark, ' ' | '/' | '-' | '.' | '(' | ')') && !self.run.is_empty() {
            // Of several marks, the one that isn't a space: `070 / 123 - 456`.
            let is_first = self.run.last().is_some_and(|group| group.start + group.digits.len() == at);
            if mark != ' ' || is_first {
                self.before = GroupMark::Mark(mark);
            }
            return;
        }
        let before = match mark {
            '+' => GroupMark::Plus,
            '(' if self.before == GroupMark::Plus => GroupMark::Plus,
            '-' | '_' if self.before == GroupMark::Letter => GroupMark::Letter,
            c if c.is_alphanumeric() => GroupMark::Letter,
            _ => GroupMark::Nothing,
        };
        self.end(before);
    }

    fn end(&mut self, before: GroupMark) {
        if !self.run.is_empty() {
            self.finished.push(std::mem::take(&mut self.run));
        }
        self.before = before;
        self.in_group = false;
    }
}

/// Bytes of the hexadecimal number that a text begins with, if it is a keyed pseudonym or a fingerprint: the digits in it
/// are by chance.
fn hexadecimal_length(text: &str) -> Option<usize> {
    if !text.starts_with(|c: char| c.is_ascii_hexdigit()) {
        return None;
    }
    let length = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    let token = &text.as_bytes()[..length];
    let is_hexadecimal = token.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (length >= MIN_HEX && is_hexadecimal && token.iter().any(u8::is_ascii_lowercase)).then_some(length)
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
    let marked = groups[1].before == groups[2].before && matches!(groups[1].before, GroupMark::Mark('.' | '-' | '/'));
    let year_first = groups[0].digits.len() == 4 && within(&groups[1], 12) && within(&groups[2], 31);
    let day_first = groups[2].digits.len() == 4 && within(&groups[0], 31) && within(&groups[1], 12);
    marked && (year_first || day_first)
}
