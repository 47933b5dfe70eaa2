use std::collections::{BTreeMap, BTreeSet};

use super::{Evidence, EvidenceRows, FigureChange, MarkedRow, Record};

/// Rows that made a figure what it is now: where they are today, those that are gone where they were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowChanges {
    pub added: Vec<RowAt>,
    pub gone: Vec<RowAt>,
    /// In the same place, saying something else.
    pub changed: Vec<RowAt>,
}

/// `participants.xlsx:Attendance` and the number of a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowAt {
    pub place: String,
    pub row: u32,
}

impl RowChanges {
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.gone.is_empty() && self.changed.is_empty()
    }

    /// Compares the rows of two states. Without `by_mark` (the marks were made with different secrets) rows are told
    /// apart by their places alone.
    pub fn between(old: &[&MarkedRow], new: &[&MarkedRow], by_mark: bool, with_parts: bool) -> RowChanges {
        let name = |row: &MarkedRow| match (by_mark, with_parts) {
            (false, _) => format!("{}:{}", row.place, row.row),
            (true, false) => row.mark.clone(),
            (true, true) => format!("{}:{}", row.mark, row.parts),
        };
        let mut added = without(new, old, name);
        let mut gone = without(old, new, name);
        let changed: BTreeSet<RowAt> = added.intersection(&gone).cloned().collect();
        added.retain(|row| !changed.contains(row));
        gone.retain(|row| !changed.contains(row));
        let list = |rows: BTreeSet<RowAt>| rows.into_iter().collect();
        RowChanges { added: list(added), gone: list(gone), changed: list(changed) }
    }
}

/// The places of `rows` that have no match among `others`, as often as they occur.
fn without(rows: &[&MarkedRow], others: &[&MarkedRow], name: impl Fn(&MarkedRow) -> String) -> BTreeSet<RowAt> {
    let mut matches: BTreeMap<String, usize> = BTreeMap::new();
    for other in others {
        *matches.entry(name(other)).or_insert(0) += 1;
    }
    let mut left = BTreeSet::new();
    for row in rows {
        match matches.get_mut(&name(row)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => {
                left.insert(RowAt { place: row.place.clone(), row: row.row });
            }
        }
    }
    left
}

/// Which rows of an indicator a value draws on.
struct Scope {
    from: Option<String>,
    to: String,
    later_too: bool,
    with_parts: bool,
}

impl Scope {
    /// Of a field of figures.json in a period; none where no row stands behind it.
    fn of(field: &str, (start, end): &(String, String)) -> Option<Scope> {
        if field.starts_with("target") || field.starts_with("baseline") {
            return None;
        }
        let within = field.ends_with(".period") || field.contains(".period.");
        let served = field.ends_with(".served") || field.contains(".served.");
        Some(Scope {
            from: (within || served).then(|| start.clone()),
            to: end.clone(),
            later_too: served,
            with_parts: field.starts_with("by."),
        })
    }

    fn rows<'a>(&self, rows: &'a [MarkedRow]) -> Vec<&'a MarkedRow> {
        let inside = |row: &&MarkedRow| self.from.as_ref().is_none_or(|from| *from <= row.day) && row.day <= self.to;
        rows.iter().filter(inside).filter(|row| self.later_too || !row.is_later).collect()
    }
}

/// The rows that changed a field of figures.json (`actual.period`) in a period (first and last day).
pub fn rows_behind(
    field: &str,
    period: &(String, String),
    old: &[MarkedRow],
    new: &[MarkedRow],
    by_mark: bool,
) -> RowChanges {
    let Some(scope) = Scope::of(field, period) else { return RowChanges::default() };
    RowChanges::between(&scope.rows(old), &scope.rows(new), by_mark, scope.with_parts)
}

/// An indicator's rows as they were and as they are, and whether their marks were made with one secret.
type BothRows = (Vec<MarkedRow>, Vec<MarkedRow>, bool);

/// Gives each change the rows that caused it, where both builds kept them.
pub fn explain_changes(changes: &mut [FigureChange], old: (&Record, &Evidence), new: (&Record, &Evidence)) {
    let mut read: BTreeMap<(String, String), Option<BothRows>> = BTreeMap::new();
    for change in changes {
        let rows_then = rows_of(old, &change.document);
        let rows_now = rows_of(new, &change.document);
        let (Some(then), Some(now)) = (rows_then, rows_now) else { continue };
        let code = change.document.split('/').next().unwrap_or_default();
        let Some(period) = new.1.periods.get(code) else { continue };
        let both = read
            .entry((change.document.clone(), change.indicator.clone()))
            .or_insert_with(|| Some((then.of(&change.indicator)?, now.of(&change.indicator)?, then.key == now.key)));
        if let Some((then, now, by_mark)) = both {
            change.rows = rows_behind(&change.field, period, then, now, *by_mark);
        }
    }
}

fn rows_of<'a>((record, evidence): (&Record, &'a Evidence), document: &str) -> Option<&'a EvidenceRows> {
    evidence.rows.get(record.units.get(document)?)
}

/// Sentences of a section that are not what they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentenceChange {
    /// `2017-Q1/quarterly`
    pub document: String,
    /// `summary.en`
    pub section: String,
    pub gone: Vec<String>,
    pub new: Vec<String>,
}

/// Sentences of one document by `<section>.<language>`.
pub type Sentences = BTreeMap<String, Vec<String>>;

/// What differs between two narratives, document by document; one that is new or gone isn't told.
pub fn sentence_changes(old: &BTreeMap<String, Sentences>, new: &BTreeMap<String, Sentences>) -> Vec<SentenceChange> {
    let mut found = Vec::new();
    for (document, now) in new {
        let Some(then) = old.get(document) else { continue };
        let sections: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
        for section in sections {
            let empty = Vec::new();
            let (then, now) = (then.get(section).unwrap_or(&empty), now.get(section).unwrap_or(&empty));
            let missing = |from: &[String], among: &[String]| -> Vec<String> {
                from.iter().filter(|sentence| !among.contains(sentence)).cloned().collect()
            };
            let (gone, new) = (missing(then, now), missing(now, then));
            if !gone.is_empty() || !new.is_empty() {
                found.push(SentenceChange { document: document.clone(), section: section.clone(), gone, new });
            }
        }
    }
    found
}
