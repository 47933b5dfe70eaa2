use std::collections::BTreeMap;

use super::head::{Head, Tagged};
use super::heading::{Heading, one_line, split_language, tagged};
use super::vocabulary::{Column, vocabulary};
use super::{Layout, LayoutColumn, Mapped, Mapping, TableKind};
use crate::ingest::fold;
use crate::model::Lang;

/// A possible header row with what its headings answer to.
pub(super) struct Candidate<'h> {
    /// Last row of headings or tags.
    pub(super) row: u32,
    pub(super) headings: &'h [Heading],
    /// Index of a heading → the column's name and language.
    pub(super) assigned: BTreeMap<usize, (String, Option<Lang>)>,
    pub(super) skipped: Vec<usize>,
    pub(super) doubled: Vec<(String, Vec<usize>)>,
    pub(super) mapped_missing: Vec<(String, String)>,
    pub(super) listed: Vec<String>,
}

impl Candidate<'_> {
    pub(super) fn found(&self) -> usize {
        self.listed.len()
    }

    pub(super) fn missing(&self, kind: TableKind) -> Vec<&'static Column> {
        let columns = vocabulary().columns(kind);
        let has = |column: &Column| {
            self.listed.contains(&column.name)
                || self.doubled.iter().any(|(name, _)| *name == column.name)
                || self.mapped_missing.iter().any(|(name, _)| *name == column.name)
        };
        let mut missing = Vec::new();
        for column in columns {
            let group_has = column.one_of.as_ref().is_some_and(|group| {
                columns.iter().any(|other| other.one_of.as_ref() == Some(group) && has(other))
                    || missing.iter().any(|told: &&Column| told.one_of.as_ref() == Some(group))
            });
            if (column.required || column.one_of.is_some()) && !has(column) && !group_has {
                missing.push(column);
            }
        }
        missing
    }

    pub(super) fn into_layout(self, kind: TableKind) -> Layout {
        let Candidate { row, headings, assigned, skipped, .. } = self;
        let mut columns = Vec::new();
        for (index, Heading { column, row, text: heading, .. }) in headings.iter().enumerate() {
            let (column, row, heading) = (*column, *row, heading.clone());
            let (name, lang, listed) = match assigned.get(&index) {
                Some((name, lang)) => (name.clone(), lang.clone(), vocabulary().column(kind, name).is_some()),
                None => (heading.clone(), None, false),
            };
            // Where project.toml names another column for it, a heading that bears the name is not read.
            let displaced = !assigned.contains_key(&index) && assigned.values().any(|(assigned, _)| *assigned == name);
            if !displaced && !skipped.contains(&index) {
                columns.push(LayoutColumn { column, name, listed, lang, heading, row });
            }
        }
        let is_required = |name: &str| vocabulary().column(kind, name).is_some_and(|known| known.required);
        let mut required: Vec<u32> = Vec::new();
        for column in columns.iter().filter(|column: &&LayoutColumn| column.listed && is_required(&column.name)) {
            // Of a text in several languages one will do.
            let told = |earlier: &&LayoutColumn| earlier.name == column.name && required.contains(&earlier.column);
            if !columns.iter().any(|earlier| told(&earlier)) {
                required.push(column.column);
            }
        }
        Layout { kind, header_row: row, columns, required }
    }
}

pub(super) fn best<'h>(head: &'h Head, kind: TableKind, mapping: &Mapping) -> Option<Candidate<'h>> {
    // Of what tells as much, the headings that answer for more languages.
    let mut best: Option<((bool, usize, usize), Candidate)> = None;
    // Numbers head no column unless project.toml says so; a sheet full of them is passed over at no cost.
    for possible in head.possible().iter().filter(|possible| possible.has_text || !mapping.is_empty()) {
        let tagged = head.tagged(possible);
        if tagged.headings.is_empty() {
            continue;
        }
        let candidate = resolve(tagged, kind, mapping);
        let faults = candidate.doubled.len();
        let rank = (candidate.missing(kind).is_empty(), candidate.found() + faults, candidate.assigned.len());
        if rank.1 > 0 && best.as_ref().is_none_or(|(best, _)| rank > *best) {
            best = Some((rank, candidate));
        }
    }
    let ((complete, found, _), candidate) = best?;
    let required = vocabulary().columns(kind).iter().filter(|column| column.required).count();
    (complete || found >= 2.min(required)).then_some(candidate)
}

/// Gives every heading its column: what project.toml maps first, then HXL tags, then the vocabulary.
pub(super) fn resolve<'h>(tagged: &'h Tagged, kind: TableKind, mapping: &Mapping) -> Candidate<'h> {
    let mut candidate = Candidate {
        row: tagged.row,
        headings: &tagged.headings,
        assigned: BTreeMap::new(),
        skipped: Vec::new(),
        doubled: Vec::new(),
        mapped_missing: Vec::new(),
        listed: Vec::new(),
    };
    assign_mapped(&mut candidate, kind, mapping);
    assign_known(&mut candidate, kind, mapping);
    candidate
}

fn assign_mapped(candidate: &mut Candidate, kind: TableKind, mapping: &Mapping) {
    for (name, mapped) in mapping {
        let (base, lang) = match split_language(name) {
            Some((base, lang)) if vocabulary().column(kind, name).is_none() => (base, Some(lang)),
            _ => (name.clone(), None),
        };
        match mapped {
            Mapped::Heading(heading) => assign_heading(candidate, kind, &base, lang, heading),
            Mapped::ByLang(headings) => {
                for (lang, heading) in headings {
                    assign_heading(candidate, kind, &base, Some(lang.clone()), heading);
                }
            }
            Mapped::Skip if vocabulary().column(kind, &base).is_none() => {
                let key = fold::heading_key(name);
                let named = |heading: &Heading| heading.spellings().last() == Some(&key);
                let headings = candidate.headings.iter().enumerate();
                candidate.skipped.extend(headings.filter(|(_, heading)| named(heading)).map(|(index, _)| index));
            }
            Mapped::Skip => {}
        }
    }
}

fn assign_heading(candidate: &mut Candidate, kind: TableKind, name: &str, lang: Option<Lang>, heading: &str) {
    let written = one_line(heading);
    let like = |is_like: &dyn Fn(&Heading) -> bool| {
        let headings = candidate.headings.iter().enumerate();
        headings.filter(|(_, heading)| is_like(heading)).map(|(index, _)| index).collect::<Vec<usize>>()
    };
    let mut found = like(&|heading| heading.text == written);
    if found.is_empty() {
        let key = fold::heading_key(heading);
        found = like(&|heading| heading.spellings().contains(&key));
    }
    match found.as_slice() {
        [] => candidate.mapped_missing.push((name.to_owned(), heading.to_owned())),
        [one] => {
            if vocabulary().column(kind, name).is_some() && !candidate.listed.iter().any(|listed| listed == name) {
                candidate.listed.push(name.to_owned());
            }
            candidate.assigned.insert(*one, (name.to_owned(), lang));
        }
        several => candidate.doubled.push((name.to_owned(), several.to_vec())),
    }
}

fn assign_known(candidate: &mut Candidate, kind: TableKind, mapping: &Mapping) {
    let columns = vocabulary().columns(kind);
    // By name and language: every heading that answers to it, by a name of its own or by one that others share.
    let mut strong: BTreeMap<(usize, Option<Lang>), Vec<usize>> = BTreeMap::new();
    let mut weak: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, heading) in candidate.headings.iter().enumerate() {
        if candidate.assigned.contains_key(&index) || candidate.skipped.contains(&index) {
            continue;
        }
        let by_tag = heading.hxl.as_deref().and_then(|tag| tagged(columns, tag));
        if let Some((column, lang)) = by_tag.or_else(|| heading.named(kind)) {
            strong.entry((column, lang)).or_default().push(index);
        } else {
            let spellings = heading.spellings();
            for (at, column) in columns.iter().enumerate() {
                if column.weak.iter().any(|name| spellings.contains(name)) {
                    weak.entry(at).or_default().push(index);
                }
            }
        }
    }
    let mut taken: Vec<usize> = Vec::new();
    for ((at, lang), indices) in strong {
        take(candidate, &columns[at], mapping, lang, &indices, &mut taken);
    }
    for (at, column) in columns.iter().enumerate() {
        let known =
            candidate.listed.contains(&column.name) || candidate.doubled.iter().any(|(name, _)| *name == column.name);
        let free: Vec<usize> =
            weak.get(&at).into_iter().flatten().copied().filter(|index| !taken.contains(index)).collect();
        if !known && !free.is_empty() {
            take(candidate, column, mapping, None, &free, &mut taken);
        }
    }
}

fn take(
    candidate: &mut Candidate,
    column: &Column,
    mapping: &Mapping,
    lang: Option<Lang>,
    indices: &[usize],
    taken: &mut Vec<usize>,
) {
    let name = &column.name;
    match mapping.get(name) {
        Some(Mapped::Skip) => {
            candidate.skipped.extend_from_slice(indices);
            return;
        }
        // project.toml names one exactly: the others are attributes.
        Some(_) => return,
        None => {}
    }
    if candidate.assigned.values().any(|(assigned, assigned_lang)| assigned == name && *assigned_lang == lang) {
        return;
    }
    let two_languages = !column.text && candidate.assigned.values().any(|(assigned, _)| assigned == name);
    match indices {
        [one] if !two_languages => {
            if !candidate.listed.contains(name) {
                candidate.listed.push(name.clone());
            }
            candidate.assigned.insert(*one, (name.clone(), lang));
            taken.push(*one);
        }
        several => {
            let first =
                candidate.assigned.iter().filter(|(_, (assigned, _))| assigned == name).map(|(index, _)| *index);
            let mut all: Vec<usize> = first.collect();
            all.extend_from_slice(several);
            all.sort_unstable();
            taken.extend_from_slice(several);
            candidate.doubled.push((name.clone(), all));
        }
    }
}
