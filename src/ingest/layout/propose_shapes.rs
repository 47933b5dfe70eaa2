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
}

/// Fewest columns of marks, and fewest marks below them, that are taken for a register.
const FEWEST_HEADS: usize = 3;

/// A column of marks for each day or session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkHeads {
    /// `date` or `session`, as project.toml writes it.
    pub heads: &'static str,
    /// From left to right.
    pub columns: Vec<u32>,
    /// The first heading.
    pub first: String,
    /// Some heading has no year.
    pub lacks_year: bool,
    /// The heading of what adds the marks up.
    pub total: Option<String>,
}

/// A column for each period, of targets, actual values or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodSigns {
    /// The heading with `{period}` in place of the period.
    pub target: Option<String>,
    /// Likewise of actual values.
    pub actual: Option<String>,
    /// Headings of what is computed of both, with `{period}` in place of the period.
    pub shares: Vec<String>,
    /// All of them.
    pub columns: Vec<u32>,
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
        for (heads, is_head) in [("date", &is_day as &dyn Fn(&Heading) -> bool), ("session", &is_session)] {
            let found: Vec<&Heading> =
                headings.headings.iter().filter(|heading| is_head(heading)).filter(is_marked).collect();
            if found.len() < FEWEST_HEADS || best.as_ref().is_some_and(|best| best.columns.len() >= found.len()) {
                continue;
            }
            let has_year = |heading: &&&Heading| {
                let digits = heading.text.split(|c: char| !c.is_ascii_digit());
                digits.into_iter().any(|number| number.len() == 4)
            };
            best = Some(MarkHeads {
                heads,
                columns: found.iter().map(|heading| heading.column).collect(),
                first: found[0].text.clone(),
                lacks_year: heads == "date" && !found.iter().all(|heading| has_year(&heading)),
                total: find_total(headings, &below, found[found.len() - 1].column),
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

fn is_column_of_marks(below: &[&RawRow], column: u32) -> bool {
    let cells = below.iter().filter_map(|row| row.cell(column)).filter(|cell| !cell.merged).filter_map(mark_text);
    let texts: Vec<String> = cells.filter(|text| !text.is_empty()).collect();
    let marks = texts.iter().filter(|text| mark_meaning(text).is_some()).count();
    !texts.is_empty() && marks * 10 >= texts.len() * 8
}

/// The columns of periods of a sheet.
pub fn find_period_signs(head: &SheetHead) -> Option<PeriodSigns> {
    let mut best: Option<PeriodSigns> = None;
    for possible in head.possible_headers() {
        let headings = head.headings(possible);
        let mut signs = PeriodSigns { target: None, actual: None, shares: Vec::new(), columns: Vec::new(), days: None };
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
    for length in [2, 1] {
        for at in 0..=words.len().checked_sub(length)? {
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
        if words.len() < length {
            break;
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
        let sex_of = |text: &str| {
            let list = lists.position("sex")?;
            Some(lists.code(list, lists.find(list, text)?.entry).to_owned())
        };
        let written = |heading: &Heading| match &heading.above {
            Some(above) => format!("{above} {}", heading.text),
            None => heading.text.clone(),
        };
        let mut found: Vec<(&Heading, String)> = Vec::new();
        for heading in headings.headings.iter().filter(|heading| is_counted(heading)) {
            if let Some(sex) = sex_of(&heading.text)
                && !found.iter().any(|(_, known)| *known == format!("sex = {sex}"))
            {
                found.push((heading, format!("sex = {sex}")));
            }
        }
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

/// [`propose`] without some of a sheet's columns, which have another meaning.
pub fn propose_without(head: &SheetHead<'static>, kind: TableKind, columns: &[u32]) -> Option<Proposal> {
    let mut rows = head.rows().to_vec();
    rows.iter_mut().for_each(|row| row.cells.retain(|cell| !columns.contains(&cell.column)));
    propose(&SheetHead::new(rows), kind)
}
