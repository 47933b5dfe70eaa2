//! Signs of a sheet whose rows aren't one for each fact: columns of marks, of periods, of head counts. Nothing is decided by
//! them but what `init --from` proposes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use serde::Deserialize;

use super::heading::Heading;
use super::sheet_head::{HeaderHeadings, SheetHead};
use super::{Proposal, TableKind, propose, vocabulary};
use crate::fold;
use crate::ingest::cell;
use crate::ingest::lists::ListIndex;
use crate::ingest::raw_row::{Raw, RawCell, RawRow};
use crate::ingest::settings::periods;
use crate::ingest::shapes::{names_day, names_session};
use crate::model::PeriodRules;

static WORDS: LazyLock<ShapeWords> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../templates/marks.toml"))
        .unwrap_or_else(|error| panic!("templates/marks.toml: {error}"))
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShapeWords {
    present: Vec<String>,
    absent: Vec<String>,
    target: Vec<String>,
    actual: Vec<String>,
    share: Vec<String>,
    parent: Vec<String>,
    age: Vec<String>,
}

/// Fewest columns of marks, and fewest marks below them, that are taken for a register.
const FEWEST_HEADS: usize = 3;

/// A column of marks for each day or session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkHeads {
    /// `date`, `session` or `activity`, as project.toml writes it.
    pub heads: &'static str,
    /// From left to right.
    pub columns: Vec<u32>,
    /// The headings, from left to right.
    pub texts: Vec<String>,
    /// Some heading has no year.
    pub lacks_year: bool,
    /// The heading of what adds the marks up.
    pub total: Option<String>,
    /// The row of the headings, as a spreadsheet program shows it.
    pub row: u32,
}

/// A column for each period, of targets, actual values or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeriodSigns {
    /// The heading with `{period}` in place of the period.
    pub target: Option<String>,
    /// Likewise of actual values.
    pub actual: Option<String>,
    /// Headings of what is computed of both, with `{period}` in place of the period.
    pub shares: Vec<String>,
    /// All of them.
    pub columns: Vec<u32>,
    /// Those of targets.
    pub target_columns: Vec<u32>,
    /// First and last day of the periods.
    pub days: Option<(Date, Date)>,
}

/// Head counts in columns: headings, each with whom it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountSigns {
    /// Heading and condition.
    pub parts: Vec<(String, String)>,
    /// The heading of what they add up to.
    pub total: Option<String>,
    /// All of them.
    pub columns: Vec<u32>,
}

/// What a mark means; `None` for what is no mark.
pub fn mark_meaning(text: &str) -> Option<bool> {
    let is_among = |words: &[String]| words.iter().any(|word| fold::code_key(word) == fold::code_key(text));
    if is_among(&WORDS.present) { Some(true) } else { is_among(&WORDS.absent).then_some(false) }
}

/// Whether a heading says that its column names rows of another sheet.
pub fn names_parent(heading: &str) -> bool {
    let key = fold::heading_key(heading);
    // Programs write such headings in one word.
    WORDS.parent.iter().any(|word| key.contains(&fold::heading_key(word)))
}

/// The text of a cell that may be a mark.
pub fn mark_text(cell: &RawCell) -> Option<String> {
    cell::read_any_text(Some(cell)).ok().flatten().map(|text| text.trim().to_owned())
}

/// The columns of marks of a sheet.
pub fn find_mark_heads(head: &SheetHead) -> Option<MarkHeads> {
    let mut best: Option<MarkHeads> = None;
    for possible in head.possible_headers() {
        let headings = head.headings(possible);
        let below: Vec<&RawRow> = head.rows().iter().filter(|row| row.number > headings.row).collect();
        let is_marked = |heading: &&Heading| is_column_of_marks(&below, heading.column);
        let is_day = |heading: &Heading| {
            let cell =
                head.rows().iter().find(|row| row.number == heading.row).and_then(|row| row.cell(heading.column));
            matches!(cell.map(|cell| &cell.raw), Some(Raw::Date { .. })) || names_day(&heading.text)
        };
        let is_session = |heading: &Heading| {
            names_session(&heading.text)
                || heading.above.as_ref().is_some_and(|above| names_session(&format!("{above} 1")))
        };
        let family = find_numbered(headings, &below);
        let is_numbered = |heading: &Heading| family.contains(&heading.column);
        let kinds =
            [("date", &is_day as &dyn Fn(&Heading) -> bool), ("session", &is_session), ("session", &is_numbered)];
        for (heads, is_head) in kinds {
            let own: Vec<&Heading> = headings.headings.iter().filter(|heading| is_head(heading)).collect();
            let columns: Vec<u32> = own.iter().map(|heading| heading.column).collect();
            let has_signs = heads == "date" && are_columns_of_signs(&below, &columns);
            let marked =
                own.iter().filter(|heading| is_marked(heading) || has_signs && !is_blank(&below, heading.column));
            if marked.count() < FEWEST_HEADS {
                continue;
            }
            // A day without any attendance is one as well.
            let is_taken = |heading: &&Heading| is_marked(heading) || has_signs || is_blank(&below, heading.column);
            let found: Vec<&Heading> = own.into_iter().filter(is_taken).collect();
            if best.as_ref().is_some_and(|best| best.columns.len() >= found.len()) {
                continue;
            }
            let has_year = |heading: &&&Heading| {
                let digits = heading.text.split(|c: char| !c.is_ascii_digit());
                digits.into_iter().any(|number| number.len() == 4)
            };
            best = Some(MarkHeads {
                heads,
                columns: found.iter().map(|heading| heading.column).collect(),
                texts: found.iter().map(|heading| heading.text.clone()).collect(),
                lacks_year: heads == "date" && !found.iter().all(|heading| has_year(&heading)),
                total: find_total(headings, &below, found[found.len() - 1].column),
                row: headings.row,
            });
        }
    }
    best
}

/// The heading of a total to the right of a column.
fn find_total(headings: &HeaderHeadings, below: &[&RawRow], last: u32) -> Option<String> {
    let is_total = |heading: &&Heading| {
        let key = fold::heading_key(&heading.text);
        heading.column > last
            && vocabulary().totals.contains(&key)
            && below.iter().any(|row| row.cell(heading.column).is_some_and(|cell| matches!(cell.raw, Raw::Number(_))))
    };
    headings.headings.iter().find(is_total).map(|heading| heading.text.clone())
}

/// The columns whose headings are the same words with a number after them, `Средба 1`, `Средба 2`, over ticks. Words that answer
/// questions are no ticks: questions are numbered, too.
fn find_numbered(headings: &HeaderHeadings, below: &[&RawRow]) -> Vec<u32> {
    let mut families: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for heading in &headings.headings {
        let key = fold::heading_key(&heading.text);
        let (words, number) = key.rsplit_once(' ').unwrap_or(("", key.as_str()));
        if number.parse::<u32>().is_ok() {
            families.entry(words.to_owned()).or_default().push(heading.column);
        }
    }
    let is_tick = |text: &String| text.chars().count() == 1 && !text.contains(|c: char| c.is_ascii_digit());
    let are_ticked = |columns: &Vec<u32>| {
        let texts: Vec<String> = columns.iter().flat_map(|column| texts_below(below, *column)).collect();
        columns.len() >= FEWEST_HEADS
            && texts.iter().any(is_tick)
            && texts.iter().all(|text| mark_meaning(text).is_some())
    };
    families.into_values().filter(are_ticked).max_by_key(Vec::len).unwrap_or_default()
}

fn texts_below(below: &[&RawRow], column: u32) -> Vec<String> {
    let cells = below.iter().filter_map(|row| row.cell(column)).filter(|cell| !cell.merged).filter_map(mark_text);
    cells.filter(|text| !text.is_empty()).collect()
}

fn is_blank(below: &[&RawRow], column: u32) -> bool {
    texts_below(below, column).is_empty()
}

/// Whether columns hold nothing but a few short signs, which may be marks of an office's own.
fn are_columns_of_signs(below: &[&RawRow], columns: &[u32]) -> bool {
    let texts: Vec<String> = columns.iter().flat_map(|column| texts_below(below, *column)).collect();
    let different: std::collections::BTreeSet<&String> = texts.iter().collect();
    let is_sign = |text: &&String| text.chars().count() <= 2 && !text.contains(|c: char| c.is_ascii_digit());
    different.len() <= 4 && different.iter().all(is_sign)
}

/// Whether a column of a sheet holds marks below a row.
pub fn holds_marks(head: &SheetHead, header_row: u32, column: u32) -> bool {
    let below: Vec<&RawRow> = head.rows().iter().filter(|row| row.number > header_row).collect();
    is_column_of_marks(&below, column)
}

fn is_column_of_marks(below: &[&RawRow], column: u32) -> bool {
    let texts = texts_below(below, column);
    let marks = texts.iter().filter(|text| mark_meaning(text).is_some()).count();
    !texts.is_empty() && marks * 10 >= texts.len() * 8
}

/// The columns of periods of a sheet.
pub fn find_period_signs(head: &SheetHead) -> Option<PeriodSigns> {
    let mut best: Option<PeriodSigns> = None;
    for possible in head.possible_headers() {
        let headings = head.headings(possible);
        let mut signs = PeriodSigns::default();
        let mut periods_of: BTreeMap<String, usize> = BTreeMap::new();
        for heading in &headings.headings {
            let text = match &heading.above {
                Some(above) => format!("{above} {}", heading.text),
                None => heading.text.clone(),
            };
            let Some((pattern, (first, last))) = period_pattern(&text) else { continue };
            let rest = fold::heading_key(&pattern.replace("{period}", " "));
            let is_of = |words: &[String]| words.iter().any(|word| fold::heading_key(word) == rest);
            // A heading of signs alone has no key.
            let is_share = is_of(&WORDS.share) || rest.is_empty() && pattern.contains('%');
            let kind = if is_share {
                signs.shares.push(pattern);
                "share"
            } else if is_of(&WORDS.target) {
                signs.target.get_or_insert(pattern);
                signs.target_columns.push(heading.column);
                "target"
            } else if is_of(&WORDS.actual) {
                signs.actual.get_or_insert(pattern);
                "actual"
            } else {
                continue;
            };
            *periods_of.entry(kind.to_owned()).or_default() += 1;
            signs.columns.push(heading.column);
            let known = signs.days.get_or_insert((first, last));
            *known = (known.0.min(first), known.1.max(last));
        }
        signs.shares.sort();
        signs.shares.dedup();
        let is_table = periods_of.iter().any(|(kind, periods)| kind != "share" && *periods >= 2);
        if is_table && best.as_ref().is_none_or(|best| best.columns.len() < signs.columns.len()) {
            best = Some(signs);
        }
    }
    best
}

/// A heading with `{period}` in place of the period that it names, and the period's days.
fn period_pattern(text: &str) -> Option<(String, (Date, Date))> {
    let rules = PeriodRules { months: true, quarters: true, half_years: true, years: false, ..PeriodRules::default() };
    let (start, end) = (date(2000, 1, 1), date(2099, 12, 31));
    let words: Vec<&str> = text.split_whitespace().collect();
    for length in [5, 4, 3, 2, 1].into_iter().filter(|length| *length <= words.len()) {
        for at in 0..=words.len() - length {
            let window = words[at..at + length].join(" ");
            let resolve = |code: &str| periods::resolve_code(code, &rules, start, end);
            let suggest = || periods::suggest_code(&window, &rules, start, end);
            let known = resolve(&window).or_else(|| resolve(&suggest()?));
            if let Some(period) = known
                && window.contains(|c: char| c.is_ascii_digit())
            {
                let mut parts: Vec<&str> = words[..at].to_vec();
                parts.push("{period}");
                parts.extend(&words[at + length..]);
                return Some((parts.join(" "), (period.start, period.end)));
            }
        }
    }
    None
}

/// The head counts of a sheet of activities.
pub fn find_count_signs(head: &SheetHead, header_row: u32) -> Option<CountSigns> {
    let mut best: Option<CountSigns> = None;
    let of_header = head.possible_headers().iter().map(|possible| head.headings(possible));
    for headings in of_header.filter(|headings| headings.row == header_row) {
        let below: Vec<&RawRow> = head.rows().iter().filter(|row| row.number > header_row).collect();
        let is_counted = |heading: &Heading| {
            let cells: Vec<&RawCell> =
                below.iter().filter_map(|row| row.cell(heading.column)).filter(|cell| !cell.merged).collect();
            let numbers = cells.iter().filter(|cell| matches!(cell::read_amount(Some(cell)), Ok(Some(_)))).count();
            numbers > 0 && numbers * 2 > cells.len()
        };
        let lists = ListIndex::built_in();
        let condition_of = |text: &str| counted_condition(&lists, text);
        let written = |heading: &Heading| match &heading.above {
            Some(above) => format!("{above} {}", heading.text),
            None => heading.text.clone(),
        };
        let mut found: Vec<(&Heading, String)> = Vec::new();
        for heading in headings.headings.iter().filter(|heading| is_counted(heading)) {
            if let Some(condition) = condition_of(&heading.text)
                && !found.iter().any(|(_, known)| *known == condition)
            {
                found.push((heading, condition));
            }
        }
        // The parts of a block differ in the same attribute: the one of most columns, then the widest.
        let sides = |condition: &str| (condition.contains("sex ="), condition.contains("age "));
        let of_sides = |wanted: (bool, bool)| found.iter().filter(|(_, known)| sides(known) == wanted).count();
        let Some(wanted) =
            [(true, true), (true, false), (false, true)].into_iter().rev().max_by_key(|kind| of_sides(*kind))
        else {
            continue;
        };
        found.retain(|(_, condition)| sides(condition) == wanted);
        if found.len() < 2 {
            continue;
        }
        let group = &found[0].0.above;
        let total = headings.headings.iter().find(|heading| {
            heading.above == *group
                && vocabulary().totals.contains(&fold::heading_key(&heading.text))
                && is_counted(heading)
        });
        let columns = found.iter().map(|(heading, _)| heading.column).chain(total.map(|heading| heading.column));
        let signs = CountSigns {
            columns: columns.collect(),
            total: total.map(written),
            parts: found.iter().map(|(heading, condition)| (written(heading), condition.clone())).collect(),
        };
        if best.as_ref().is_none_or(|best| best.columns.len() < signs.columns.len()) {
            best = Some(signs);
        }
    }
    best
}

/// The condition of a heading that says whom its column counts: `Women`, `Girls <18`, `Жени 18+`, `60 and over`. `None` where it
/// has any other word.
fn counted_condition(lists: &ListIndex, heading: &str) -> Option<String> {
    let list = lists.position("sex")?;
    let sex_of = |text: &str| Some(lists.code(list, lists.find(list, text)?.entry).to_owned());
    if let Some(sex) = sex_of(heading) {
        return Some(format!("sex = {sex}"));
    }
    // Signs of ages are parted from the words and numbers beside them.
    let mut spaced = String::new();
    for letter in heading.chars() {
        let letter = if letter == '–' { '-' } else { letter };
        match letter {
            '<' | '>' | '≤' | '≥' | '+' | '-' => spaced.extend([' ', letter, ' ']),
            '=' => spaced.push('='),
            letter if letter.is_alphanumeric() || letter.is_whitespace() => spaced.push(letter),
            _ => spaced.push(' '),
        }
    }
    let spaced = spaced.replace("< =", "≤").replace("> =", "≥");
    let (mut sex, mut age) = (None, Vec::new());
    for word in spaced.split_whitespace() {
        let key = fold::code_key(word);
        if word.chars().all(|letter| letter.is_ascii_digit() || "<>≤≥+-".contains(letter)) {
            age.push(word);
        } else if let Some(code) = sex_of(word) {
            if sex.replace(code).is_some() {
                return None;
            }
        } else if !WORDS.age.iter().any(|known| fold::code_key(known) == key) {
            return None;
        }
    }
    let age = match age.as_slice() {
        [] => None,
        ["<", to] => Some(format!("age < {}", to.parse::<u8>().ok()?)),
        ["≤", to] => Some(format!("age <= {}", to.parse::<u8>().ok()?)),
        [">", from] => Some(format!("age > {}", from.parse::<u8>().ok()?)),
        ["≥", from] | [from, "+"] => Some(format!("age >= {}", from.parse::<u8>().ok()?)),
        [from, "-", to] => Some(format!("age >= {}; age <= {}", from.parse::<u8>().ok()?, to.parse::<u8>().ok()?)),
        _ => return None,
    };
    match (sex, age) {
        (Some(sex), Some(age)) => Some(format!("sex = {sex}; {age}")),
        (Some(sex), None) => Some(format!("sex = {sex}")),
        (None, age) => age,
    }
}

/// [`propose`] without some of a sheet's columns, which have another meaning.
pub fn propose_without(head: &SheetHead<'static>, kind: TableKind, columns: &[u32]) -> Option<Proposal> {
    let mut rows = head.rows().to_vec();
    rows.iter_mut().for_each(|row| row.cells.retain(|cell| !columns.contains(&cell.column)));
    propose(&SheetHead::new(rows), kind)
}
