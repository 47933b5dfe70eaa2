//! Proposals for a sheet that nobody described: for each table, its likely header row and what each heading means.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::header_match::match_headings;
use super::heading::{Heading, split_language};
use super::sheet_head::{HeaderHeadings, SheetHead};
use super::vocabulary::{ContractColumn, vocabulary};
use super::{ColumnMappings, TableKind};
use crate::fold;
use crate::ingest::cell;
use crate::ingest::lists::ListIndex;
use crate::ingest::raw_row::{Raw, RawCell, RawRow};
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
    holds: Option<ContentKind>,
    #[serde(default)]
    never: Vec<ContentKind>,
}

/// What most cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ContentKind {
    Date,
    Number,
    Year,
    Sex,
}

/// A heading, and the column that it is proposed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedColumn {
    /// The contract's name.
    pub name: String,
    /// The language that the heading names.
    pub lang: Option<Lang>,
    /// As `columns` of project.toml has to write it.
    pub heading: String,
    /// From 0 (A).
    pub column: u32,
    /// The vocabulary doesn't know the heading, or knows several of the sheet's.
    pub guessed: bool,
}

/// A reading of a sheet as one of the tables.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The table.
    pub kind: TableKind,
    /// The last row of headings, as a spreadsheet program shows it.
    pub header_row: u32,
    /// The contract's columns that were found or guessed.
    pub columns: Vec<ProposedColumn>,
    /// Required columns that nothing in the sheet seems to be.
    pub missing: Vec<String>,
    /// Headings that name no column of the contract; they become attributes.
    pub attributes: Vec<String>,
    /// Headings that occur several times in the sheet, so that project.toml can't name one.
    pub doubled: Vec<String>,
}

impl Proposal {
    /// How well the sheet fits, in found columns; a guess counts for less, and a missing column against it.
    pub fn score(&self) -> f64 {
        let found: BTreeMap<&str, bool> =
            self.columns.iter().rev().map(|column| (column.name.as_str(), column.guessed)).collect();
        let found: f64 = found.values().map(|guessed| if *guessed { 0.6 } else { 1.0 }).sum();
        found - self.missing.len() as f64
    }
}

/// The best reading of a sheet's first rows as the table of `kind`; `None` if no heading names one of its columns.
pub fn propose(head: &SheetHead, kind: TableKind) -> Option<Proposal> {
    let mut best: Option<((f64, bool), Proposal)> = None;
    for possible in head.possible_headers() {
        let row = &head.rows()[possible.row];
        if row.cells.iter().filter(|cell| matches!(cell.raw, Raw::Text(_))).count() < 2 {
            continue;
        }
        let headings = head.headings(possible);
        let Some(proposal) = propose_header(headings, head.rows(), kind).filter(|_| !headings.headings.is_empty())
        else {
            continue;
        };
        // A heading over several columns is none of theirs. Of equally good rows, the one whose headings are grouped so.
        let is_over_several = |column: &&ProposedColumn| {
            let own = row.cell(column.column);
            row.cell(column.column + 1).is_some_and(|next| next.merged && own.is_some_and(|own| own.raw == next.raw))
        };
        let over_several = proposal.columns.iter().filter(is_over_several).count();
        let rank = (proposal.score() - over_several as f64, possible.is_grouped);
        if best.as_ref().is_none_or(|(best, _)| rank > *best) {
            best = Some((rank, proposal));
        }
    }
    best.map(|(_, proposal)| proposal)
}

fn propose_header(possible: &HeaderHeadings, rows: &[RawRow<'_>], kind: TableKind) -> Option<Proposal> {
    let header = match_headings(possible, kind, &ColumnMappings::new());
    let below: Vec<&RawRow<'_>> = rows.iter().filter(|row| row.number > header.row).collect();
    let headings = header.headings;
    let mut assigned: BTreeMap<usize, (String, Option<Lang>, bool)> =
        header.assigned.iter().map(|(at, (name, lang))| (*at, (name.clone(), lang.clone(), false))).collect();
    // Of several headings that the vocabulary knows for one column, the one whose cells are of its kind.
    for (name, several) in &header.doubled {
        let guess = GUESSES.get(kind.name()).and_then(|columns| columns.get(name));
        several.iter().for_each(|at| drop(assigned.remove(at)));
        // A text may be there in several languages that no heading names.
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
    let (mut attributes, mut doubled) = (Vec::new(), BTreeSet::new());
    for (at, heading) in headings.iter().enumerate() {
        let written = match &heading.above {
            Some(above) => format!("{above} {}", heading.text),
            None => heading.text.clone(),
        };
        let Some((name, lang, guessed)) = assigned.remove(&at) else {
            attributes.push(written);
            continue;
        };
        if headings.iter().enumerate().any(|(other, same)| other != at && same.spellings() == heading.spellings()) {
            doubled.insert(written.clone());
        }
        columns.push(ProposedColumn { name, lang, heading: written, column: heading.column, guessed });
    }
    let has = |column: &ContractColumn| columns.iter().any(|found| found.name == column.name);
    let known = vocabulary().columns(kind);
    let mut missing: Vec<String> =
        known.iter().filter(|column| column.required && !has(column)).map(|column| column.name.clone()).collect();
    let groups: BTreeSet<&String> = known.iter().filter_map(|column| column.one_of.as_ref()).collect();
    for group in groups {
        let mut columns_of_group = known.iter().filter(|column| column.one_of.as_ref() == Some(group));
        if !columns_of_group.clone().any(has) {
            missing.extend(columns_of_group.next().map(|column| column.name.clone()));
        }
    }
    Some(Proposal {
        kind,
        header_row: header.row,
        columns,
        missing,
        attributes,
        doubled: doubled.into_iter().collect(),
    })
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
            let likeness = guess.likeness(&key).max(near_likeness(&key, column));
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

/// The likeness, in per mille, of a heading that is nearly one that the vocabulary knows.
fn near_likeness(key: &str, column: &ContractColumn) -> u32 {
    let near = crate::diagnostic::nearest(key, column.names.iter().map(String::as_str));
    if near.is_some() && key.chars().count() > 3 { 900 } else { 0 }
}

impl Guess {
    /// How much of the heading speaks for the column, in per mille; 0 for nothing.
    fn likeness(&self, key: &str) -> u32 {
        let word_likeness = |words: &String| {
            let words = fold::heading_key(words);
            let wanted: Vec<&str> = words.split(' ').collect();
            let begins =
                |own: &str, word: &str| if word.chars().count() < 3 { own == word } else { own.starts_with(word) };
            let found = wanted.iter().all(|word| key.split(' ').any(|own| begins(own, word)));
            // The noun mostly comes first: the kind of an event is no event.
            let leads = key.split(' ').next().is_some_and(|own| wanted.first().is_some_and(|word| begins(own, word)));
            let letters: usize = wanted.iter().map(|word| word.chars().count()).sum();
            let all = key.chars().filter(|letter| *letter != ' ').count().max(1);
            if found { 100 + u32::from(leads) * 300 + (letters * 400 / all).min(400) as u32 } else { 0 }
        };
        self.words.iter().map(word_likeness).max().unwrap_or_default()
    }

    /// Whether the cells below are of the kind that the column holds; an empty column may be of any.
    fn allows(&self, below: &[&RawRow<'_>], column: u32) -> bool {
        let cells: Vec<&RawCell<'_>> =
            below.iter().filter_map(|row| row.cell(column)).filter(|cell| !is_blank(cell)).collect();
        let most = |kind: ContentKind| cells.iter().filter(|cell| is_of_kind(cell, kind)).count() * 2 > cells.len();
        cells.is_empty() || self.holds.is_none_or(most) && !self.never.iter().any(|kind| most(*kind))
    }
}

fn is_blank(cell: &RawCell<'_>) -> bool {
    matches!(&cell.raw, Raw::Text(text) if text.trim().is_empty() || cell::is_placeholder(text))
}

fn is_of_kind(cell: &RawCell<'_>, kind: ContentKind) -> bool {
    match kind {
        ContentKind::Date => matches!(cell::read_date(Some(cell)), Ok(Some(_))),
        ContentKind::Number => {
            !matches!(cell.raw, Raw::Date { .. }) && matches!(cell::read_amount(Some(cell)), Ok(Some(_)))
        }
        ContentKind::Year => match cell::read_decimal(Some(cell)) {
            Ok(Some(number)) => (1900.into()..=2100.into()).contains(&number.value),
            _ => false,
        },
        ContentKind::Sex => match &cell.raw {
            Raw::Text(text) => {
                let listing = ListIndex::built_in();
                listing.position("sex").is_some_and(|list| listing.find(list, text).is_some())
            }
            _ => false,
        },
    }
}
