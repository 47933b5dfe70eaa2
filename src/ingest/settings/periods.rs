//! Reporting periods: calendar ones cut to the project, the project's own, and the project as a whole.

use jiff::civil::Date;

use super::file_names;
use super::toml_reader::{TomlKeys, TomlReader};
use crate::diagnostic::kinds;
use crate::fold;
use crate::ingest::layout::vocabulary;
use crate::model::{CalendarKind, Period, PeriodRules};

/// Every calendar kind, by its name in project.toml.
pub const KINDS: [(&str, CalendarKind); 4] = [
    ("months", CalendarKind::Months),
    ("quarters", CalendarKind::Quarters),
    ("half_years", CalendarKind::HalfYears),
    ("years", CalendarKind::Years),
];

/// Kinds that reports may name beside the calendar's: all of the project's own periods, and the project once it has ended.
pub const OWN_KINDS: [&str; 2] = ["custom", "project_end"];

/// The periods of a kind that reports name; `None` if it is none.
pub(super) fn periods_of_kind(name: &str, rules: &PeriodRules, start: Date, end: Date) -> Option<Vec<Period>> {
    match name {
        "custom" => Some(rules.custom.clone()),
        "project_end" => Some(vec![Period { code: Period::PROJECT.to_owned(), start, end }]),
        calendar => KINDS.iter().find(|(known, _)| *known == calendar).map(|(_, kind)| kind.periods(start, end)),
    }
}

/// Reads `[periods]`.
pub(super) fn read_period_rules<'a>(
    reader: &TomlReader<'a>,
    keys: &TomlKeys<'a>,
    start: Date,
    end: Date,
) -> PeriodRules {
    let mut rules = PeriodRules::default();
    let Some(keys) = keys.take("periods").and_then(|node| reader.keys(&node)) else { return rules };
    let read_flag = |key| keys.take(key).and_then(|node| reader.boolean(&node)).unwrap_or(false);
    rules.months = read_flag("months");
    rules.quarters = read_flag("quarters");
    rules.half_years = read_flag("half_years");
    rules.years = read_flag("years");
    for custom in reader.tables(&keys, "custom") {
        let code = reader.require(&custom, "code").and_then(|node| {
            let code = file_names::read_file_name(reader, &node, |value| kinds::BadName { value })?;
            let taken = resolve_code(&code, &rules, start, end).is_some();
            if taken {
                reader.report_at(&node.span, kinds::DuplicatePeriod::Plain { value: code });
                return None;
            }
            Some(code)
        });
        let first = reader.require(&custom, "start").and_then(|node| reader.date(&node));
        let last = reader.require(&custom, "end").and_then(|node| Some((reader.date(&node)?, node)));
        custom.finish(reader);
        let (Some(code), Some(first), Some((last, node))) = (code, first, last) else { continue };
        if last < first {
            let (start, end) = (first.to_string(), last.to_string());
            reader.report_at(&node.span, kinds::EndBeforeStart { start, end });
        } else if first < start || last > end {
            reader.report_at(&node.span, kinds::PeriodOutsideProject { value: code });
        } else {
            rules.custom.push(Period { code, start: first, end: last });
        }
    }
    keys.finish(reader);
    rules
}

/// Finds the period that a code means: the project's own, a calendar period that touches the project, or `project`.
pub fn resolve_code(code: &str, rules: &PeriodRules, start: Date, end: Date) -> Option<Period> {
    let code = code.trim();
    if let Some(own) = rules.custom.iter().find(|period| period.code.eq_ignore_ascii_case(code)) {
        return Some(own.clone());
    }
    if code.eq_ignore_ascii_case(Period::PROJECT) {
        return Some(Period { code: Period::PROJECT.to_owned(), start, end });
    }
    let (year, rest) = code.split_once('-').map_or((code, None), |(year, rest)| (year, Some(rest)));
    if year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year: i16 = year.parse().ok()?;
    let (kind, month) = match rest.map(str::as_bytes) {
        None => (CalendarKind::Years, 1),
        Some([b'Q' | b'q', quarter @ b'1'..=b'4']) => (CalendarKind::Quarters, (quarter - b'1') as i8 * 3 + 1),
        Some([b'H' | b'h', half @ b'1'..=b'2']) => (CalendarKind::HalfYears, (half - b'1') as i8 * 6 + 1),
        Some([tens @ b'0'..=b'1', ones @ b'0'..=b'9']) => {
            (CalendarKind::Months, ((tens - b'0') * 10 + ones - b'0') as i8)
        }
        Some(_) => return None,
    };
    kind.period(year, month, start, end)
}

/// The code of the period that a text means in another usual form: `Q2 2025`, `2025 Q2`, `T2/2025`, `03.2025`, `II квартал 2025`.
pub fn suggest_code(text: &str, rules: &PeriodRules, start: Date, end: Date) -> Option<String> {
    let code = code_in_letters(text, rules, start, end);
    code.or_else(|| resolve_code(&code_in_words(text)?, rules, start, end).map(|period| period.code))
}

fn code_in_letters(text: &str, rules: &PeriodRules, start: Date, end: Date) -> Option<String> {
    let text = text.to_uppercase().replace('К', "Q");
    let parts: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let is_year = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let (year, part) = match parts.as_slice() {
        [year, part] if is_year(year) => (*year, *part),
        [part, year] if is_year(year) => (*year, *part),
        _ => return None,
    };
    let code = match part.strip_prefix(['Q', 'T', 'K', 'Т']) {
        Some(quarter) => format!("{year}-Q{quarter}"),
        None => format!("{year}-{part:0>2}"),
    };
    resolve_code(&code, rules, start, end).map(|period| period.code)
}

/// The code of a period that is written in words, nothing but which and its year.
fn code_in_words(text: &str) -> Option<String> {
    let known = vocabulary();
    let words = &known.periods;
    let key = fold::heading_key(text);
    let is_year = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_of = |part: &str, words: &[String]| words.iter().any(|word| word == part);
    let (mut year, mut month, mut kind, mut ordinal) = (None, None, None, None);
    for part in key.split(' ').filter(|part| !is_of(part, &words.fillers)) {
        let is_new = if is_year(part) {
            year.replace(part).is_none()
        } else if is_of(part, &words.quarter) {
            kind.replace('Q').is_none()
        } else if is_of(part, &words.half) {
            kind.replace('H').is_none()
        } else if let Some(number) = words.ordinal(part) {
            ordinal.replace(number).is_none()
        } else {
            month.replace(known.months.get(part)?).is_none()
        };
        if !is_new {
            return None;
        }
    }
    match (kind, ordinal, month) {
        (Some(kind), Some(ordinal), None) => Some(format!("{}-{kind}{ordinal}", year?)),
        (None, None, Some(month)) => Some(format!("{}-{month:02}", year?)),
        _ => None,
    }
}

/// Every period of the project: what the rules name and what reports use, in order of start, then end; the project last.
pub fn all_periods(rules: &PeriodRules, used: &[Period], start: Date, end: Date) -> Vec<Period> {
    let mut periods: Vec<Period> = used.iter().filter(|period| period.code != Period::PROJECT).cloned().collect();
    for (_, kind) in KINDS.iter().filter(|(_, kind)| rules.includes(*kind)) {
        periods.extend(kind.periods(start, end));
    }
    periods.extend(rules.custom.iter().cloned());
    periods.sort_by(|a, b| (a.start, a.end, &a.code).cmp(&(b.start, b.end, &b.code)));
    periods.dedup();
    periods.push(Period { code: Period::PROJECT.to_owned(), start, end });
    periods
}
