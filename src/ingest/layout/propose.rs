//! What a sheet could be that nobody described: for each table, its likely header row and what each heading means.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::candidate::resolve;
use super::head::{Head, Tagged};
use super::heading::{Heading, split_language};
use super::vocabulary::{Column, vocabulary};
use super::{Mapping, TableKind};
use crate::ingest::cell;
use crate::ingest::fold;
use crate::ingest::lists::ListIndex;
use crate::ingest::raw::{Raw, RawCell, RawRow};
use crate::model::Lang;

/// Name of table → name of column → what makes a heading likely to mean it.
type Guesses = BTreeMap<String, BTreeMap<String, Guess>>;

static GUESSES: LazyLock<Guesses> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../templates/guesses.toml"))
        .unwrap_or_else(|error| panic!("templates/guesses.toml: {error}"))
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guess {
    words: Vec<String>,
    holds: Option<Kind>,
    #[serde(default)]
    never: Vec<Kind>,
}

/// What most cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Date,
    Number,
    Year,
    Sex,
}

/// A heading, and the column that it is proposed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedColumn {
    pub name: String,
    pub lang: Option<Lang>,
    /// As `columns` of project.toml has to write it.
    pub heading: String,
    /// From 0 (A).
    pub column: u32,
    /// The vocabulary doesn't know the heading, or knows several of the sheet's.
    pub guessed: bool,
}

/// What a sheet would be as one of the tables.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    pub kind: TableKind,
    pub header_row: u32,
    pub columns: Vec<ProposedColumn>,
    /// Columns that the table must have and nothing in the sheet seems to be.
    pub missing: Vec<String>,
    /// Headings that mean nothing: they stay attributes.
    pub left: Vec<String>,
    /// Headings that stand several times in the sheet, so that project.toml can't name one.
    pub doubled: Vec<String>,
}

impl Proposal {
    /// How well the sheet fits, in found columns; a guess is worth less, and what is missing counts against it.
    pub fn worth(&self) -> f64 {
        let found: BTreeMap<&str, bool> =
            self.columns.iter().rev().map(|column| (column.name.as_str(), column.guessed)).collect();
        let found: f64 = found.values().map(|guessed| if *guessed { 0.6 } else { 1.0 }).sum();
        found - self.missing.len() as f64
    }
}

/// The best reading of a sheet's first rows as the table of `kind`; none where no heading means anything to it.
pub fn propose(head: &Head, kind: TableKind) -> Option<Proposal> {
    let mut best: Option<Proposal> = None;
    for possible in head.possible() {
        let row = &head.rows()[possible.at];
        if row.cells.iter().filter(|cell| matches!(cell.raw, Raw::Text(_))).count() < 2 {
            continue;
        }
        let tagged = head.tagged(possible);
        let Some(proposal) = read(tagged, head.rows(), kind).filter(|_| !tagged.headings.is_empty()) else { continue };
        if best.as_ref().is_none_or(|best| proposal.worth() > best.worth()) {
            best = Some(proposal);
        }
    }
    best
}

fn read(tagged: &Tagged, rows: &[RawRow<'_>], kind: TableKind) -> Option<Proposal> {
    let candidate = resolve(tagged, kind, &Mapping::new());
    let below: Vec<&RawRow<'_>> = rows.iter().filter(|row| row.number > candidate.row).collect();
    let headings = candidate.headings;
    let mut assigned: BTreeMap<usize, (String, Option<Lang>, bool)> =
        candidate.assigned.iter().map(|(at, (name, lang))| (*at, (name.clone(), lang.clone(), false))).collect();
    // Of several headings that the vocabulary knows for one column, the one whose cells are of its kind.
    for (name, several) in &candidate.doubled {
        let guess = GUESSES.get(kind.name()).and_then(|columns| columns.get(name));
        several.iter().for_each(|at| drop(assigned.remove(at)));
        // A text may stand in several languages without a word about them.
        if vocabulary().column(kind, name).is_some_and(|column| column.text) {
            assigned.extend(several.iter().map(|&at| (at, (name.clone(), None, true))));
            continue;
        }
        let fitting = several.iter().find(|&&at| guess.is_none_or(|guess| guess.allows(&below, headings[at].column)));
        if let Some(&at) = fitting.or(several.first()) {
            assigned.insert(at, (name.clone(), None, true));
        }
    }
    guess_rest(&mut assigned, headings, &below, kind);
    if assigned.is_empty() {
        return None;
    }
    let mut columns = Vec::new();
    let (mut left, mut doubled) = (Vec::new(), BTreeSet::new());
    for (at, heading) in headings.iter().enumerate() {
        let written = match &heading.above {
            Some(above) => format!("{above} {}", heading.text),
            None => heading.text.clone(),
        };
        let Some((name, lang, guessed)) = assigned.remove(&at) else {
            left.push(written);
            continue;
        };
        if headings.iter().enumerate().any(|(other, same)| other != at && same.spellings() == heading.spellings()) {
            doubled.insert(written.clone());
        }
        columns.push(ProposedColumn { name, lang, heading: written, column: heading.column, guessed });
    }
    let has = |column: &Column| columns.iter().any(|found| found.name == column.name);
    let known = vocabulary().columns(kind);
    let mut missing: Vec<String> =
        known.iter().filter(|column| column.required && !has(column)).map(|column| column.name.clone()).collect();
    let groups: BTreeSet<&String> = known.iter().filter_map(|column| column.one_of.as_ref()).collect();
    for group in groups {
        let mut of_it = known.iter().filter(|column| column.one_of.as_ref() == Some(group));
        if !of_it.clone().any(has) {
            missing.extend(of_it.next().map(|column| column.name.clone()));
        }
    }
    Some(Proposal { kind, header_row: candidate.row, columns, missing, left, doubled: doubled.into_iter().collect() })
}

/// Gives headings that the vocabulary doesn't know to columns that nothing else names, the likeliest first.
fn guess_rest(
    assigned: &mut BTreeMap<usize, (String, Option<Lang>, bool)>,
    headings: &[Heading],
    below: &[&RawRow<'_>],
    kind: TableKind,
) {
    let columns = vocabulary().columns(kind);
    let mut likely: Vec<(u32, usize, usize, Option<Lang>)> = Vec::new();
    for (at, heading) in headings.iter().enumerate().filter(|(at, _)| !assigned.contains_key(at)) {
        let (text, lang) = match split_language(&heading.text) {
            Some((text, lang)) => (text, Some(lang)),
            None => (heading.text.clone(), None),
        };
        let key = fold::heading_key(&text);
        for (place, column) in columns.iter().enumerate() {
            let own = GUESSES.get(kind.name()).and_then(|table| table.get(&column.name));
            let persons = GUESSES.get(TableKind::Participants.name()).filter(|_| kind == TableKind::Attendance);
            let Some(guess) = own.or_else(|| persons.and_then(|table| table.get(&column.name))) else { continue };
            let likeness = guess.likeness(&key).max(nearly(&key, column));
            if likeness > 0 && guess.allows(below, heading.column) {
                likely.push((likeness, at, place, lang.clone().filter(|_| column.text)));
            }
        }
    }
    likely.sort_by_key(|(likeness, at, place, _)| (std::cmp::Reverse(*likeness), *at, *place));
    for (_, at, place, lang) in likely {
        let column = &columns[place];
        let taken = assigned
            .values()
            .any(|(name, known, _)| *name == column.name && (*known == lang || known.is_none() || lang.is_none()));
        if !taken && !assigned.contains_key(&at) {
            assigned.insert(at, (column.name.clone(), lang, true));
        }
    }
}

/// A heading that is all but one that the vocabulary knows, in per mille.
fn nearly(key: &str, column: &Column) -> u32 {
    let near = crate::diagnostic::nearest(key, column.names.iter().map(String::as_str));
    if near.is_some() && key.chars().count() > 3 { 900 } else { 0 }
}

impl Guess {
    /// How much of the heading speaks for the column, in per mille; 0: nothing.
    fn likeness(&self, key: &str) -> u32 {
        let of = |words: &String| {
            let words = fold::heading_key(words);
            let wanted: Vec<&str> = words.split(' ').collect();
            let is = |own: &str, word: &str| if word.chars().count() < 3 { own == word } else { own.starts_with(word) };
            let found = wanted.iter().all(|word| key.split(' ').any(|own| is(own, word)));
            // What is asked for mostly stands first: the kind of an event is no event.
            let leads = key.split(' ').next().is_some_and(|own| wanted.first().is_some_and(|word| is(own, word)));
            let letters: usize = wanted.iter().map(|word| word.chars().count()).sum();
            let all = key.chars().filter(|letter| *letter != ' ').count().max(1);
            if found { 100 + u32::from(leads) * 300 + (letters * 400 / all).min(400) as u32 } else { 0 }
        };
        self.words.iter().map(of).max().unwrap_or_default()
    }

    /// Whether what stands below is of the kind that the column holds; an empty column may be of any.
    fn allows(&self, below: &[&RawRow<'_>], column: u32) -> bool {
        let cells: Vec<&RawCell<'_>> =
            below.iter().filter_map(|row| row.cell(column)).filter(|cell| !is_blank(cell)).collect();
        let most = |kind: Kind| cells.iter().filter(|cell| is(cell, kind)).count() * 2 > cells.len();
        cells.is_empty() || self.holds.is_none_or(most) && !self.never.iter().any(|kind| most(*kind))
    }
}

fn is_blank(cell: &RawCell<'_>) -> bool {
    matches!(&cell.raw, Raw::Text(text) if text.trim().is_empty() || cell::is_placeholder(text))
}

fn is(cell: &RawCell<'_>, kind: Kind) -> bool {
    match kind {
        Kind::Date => matches!(cell::read_date(Some(cell)), Ok(Some(_))),
        Kind::Number => !matches!(cell.raw, Raw::Date { .. }) && matches!(cell::read_amount(Some(cell)), Ok(Some(_))),
        Kind::Year => match cell::read_decimal(Some(cell)) {
            Ok(Some(number)) => (1900.into()..=2100.into()).contains(&number.value),
            _ => false,
        },
        Kind::Sex => match &cell.raw {
            Raw::Text(text) => {
                let lists = ListIndex::built_in();
                lists.position("sex").is_some_and(|list| lists.find(list, text).is_some())
            }
            _ => false,
        },
    }
}
