use std::collections::BTreeMap;

use super::heading::{Heading, find_hxl_column, one_line, split_language};
use super::sheet_head::{HeaderHeadings, SheetHead};
use super::vocabulary::{ContractColumn, vocabulary};
use super::{ColumnMapping, ColumnMappings, LayoutColumn, TableKind, TableLayout};
use crate::diagnostic::column_name;
use crate::fold;
use crate::model::Lang;

/// A possible header row, and the columns that its headings name.
pub(super) struct HeaderMatch<'h> {
    /// Last row of headings or HXL tags.
    pub(super) row: u32,
    pub(super) headings: &'h [Heading],
    /// Index of a heading → the column's name and language.
    pub(super) assigned: BTreeMap<usize, (String, Option<Lang>)>,
    /// Indices of headings that project.toml leaves out.
    pub(super) skipped: Vec<usize>,
    /// Columns with the indices of the several headings that name them.
    pub(super) doubled: Vec<(String, Vec<usize>)>,
    /// Columns with the headings that project.toml gives them and the row doesn't have.
    pub(super) mapped_missing: Vec<(String, String)>,
    /// The contract's columns among the assigned ones.
    pub(super) listed: Vec<String>,
    /// See [`TableLayout::rows_are_codes`].
    rows_are_codes: bool,
    /// Columns without a heading that project.toml names by their letters.
    pub(super) lettered: Vec<LetteredColumn>,
    /// How many of the assigned headings project.toml names by the letters of their columns.
    by_letter: usize,
}

/// A column without a heading that project.toml names by its letter.
pub(super) struct LetteredColumn {
    pub(super) name: String,
    pub(super) lang: Option<Lang>,
    /// From 0 (A).
    pub(super) column: u32,
}

impl HeaderMatch<'_> {
    /// How many of the contract's columns the headings name.
    pub(super) fn count_known(&self) -> usize {
        self.listed.len()
    }

    /// The contract's columns that the headings name, each with the first of its headings.
    pub(super) fn known_headings(&self) -> BTreeMap<String, String> {
        let mut known: BTreeMap<String, String> =
            self.listed.iter().map(|name| (name.clone(), String::new())).collect();
        for (index, (name, _)) in self.assigned.iter().rev() {
            if let Some(heading) = known.get_mut(name) {
                heading.clone_from(&self.headings[*index].text);
            }
        }
        known
    }

    /// Whether some heading is known by what it says: letters of columns alone don't distinguish a header from any other row.
    fn has_known_heading(&self) -> bool {
        self.assigned.len() > self.by_letter || !self.doubled.is_empty()
    }

    /// The required columns that no heading names; of those of which one is required, the first.
    pub(super) fn missing_columns(&self, kind: TableKind) -> Vec<&'static ContractColumn> {
        let columns = vocabulary().columns(kind);
        let has = |column: &ContractColumn| {
            self.listed.contains(&column.name)
                || self.doubled.iter().any(|(name, _)| *name == column.name)
                || self.mapped_missing.iter().any(|(name, _)| *name == column.name)
        };
        let mut missing = Vec::new();
        for column in columns {
            let group_has = column.one_of.as_ref().is_some_and(|group| {
                columns.iter().any(|other| other.one_of.as_ref() == Some(group) && has(other))
                    || missing.iter().any(|reported: &&ContractColumn| reported.one_of.as_ref() == Some(group))
            });
            if (column.required || column.one_of.is_some()) && !has(column) && !group_has {
                missing.push(column);
            }
        }
        missing
    }

    pub(super) fn into_layout(self, kind: TableKind, header_cells: u32) -> TableLayout {
        let HeaderMatch { row, headings, assigned, skipped, lettered, rows_are_codes, .. } = self;
        let mut columns = Vec::new();
        for (index, Heading { column, row, text: heading, above, .. }) in headings.iter().enumerate() {
            let (column, row, heading, above) = (*column, *row, heading.clone(), above.clone());
            let (name, lang, listed) = match assigned.get(&index) {
                Some((name, lang)) => (name.clone(), lang.clone(), vocabulary().column(kind, name).is_some()),
                None => (heading.clone(), None, false),
            };
            // Where project.toml names another column for it, a heading that bears the name is not read.
            let displaced = !assigned.contains_key(&index) && assigned.values().any(|(assigned, _)| *assigned == name);
            if !displaced && !skipped.contains(&index) {
                columns.push(LayoutColumn { column, name, listed, lang, heading, above, row });
            }
        }
        for LetteredColumn { name, lang, column } in lettered {
            let listed = vocabulary().column(kind, &name).is_some();
            let heading = column_name(column);
            columns.push(LayoutColumn { column, name, listed, lang, heading, above: None, row });
        }
        columns.sort_by_key(|column| column.column);
        let is_required = |name: &str| vocabulary().column(kind, name).is_some_and(|known| known.required);
        let mut required: Vec<u32> = Vec::new();
        for column in columns.iter().filter(|column: &&LayoutColumn| column.listed && is_required(&column.name)) {
            // Of a text in several languages one will do.
            let is_required_already =
                |earlier: &&LayoutColumn| earlier.name == column.name && required.contains(&earlier.column);
            if !columns.iter().any(|earlier| is_required_already(&earlier)) {
                required.push(column.column);
            }
        }
        let end = headings.iter().map(|heading| heading.column + 1).max().unwrap_or_default();
        TableLayout {
            header_row: row,
            columns,
            required,
            end,
            header_cells,
            ..TableLayout::empty(kind, rows_are_codes)
        }
    }
}

/// The row of the sheet's head that names most columns of a table; `None` if no row looks like its header.
pub(super) fn best_match<'h>(
    head: &'h SheetHead,
    kind: TableKind,
    mapping: &ColumnMappings,
) -> Option<HeaderMatch<'h>> {
    // Of equally good rows, the one whose headings name more languages.
    let mut best: Option<((bool, usize, bool, usize), HeaderMatch)> = None;
    // Numbers head no column unless project.toml says so; a sheet full of them costs nothing.
    for possible in head.possible_headers().iter().filter(|possible| possible.has_text || !mapping.is_empty()) {
        let headings = head.headings(possible);
        if headings.headings.is_empty() {
            continue;
        }
        let header = match_headings(headings, kind, mapping);
        let row = &head.rows()[possible.row];
        let is_of_one_cell = |at: &usize| row.cell(header.headings[*at].column).is_some_and(|cell| cell.merged);
        // One cell over several columns groups the headings below it: it names none of them.
        let is_fault = |(_, headings): &&(String, Vec<usize>)| !headings.iter().skip(1).all(is_of_one_cell);
        let faults = header.doubled.iter().filter(is_fault).count();
        let known = header.count_known() + faults;
        let rank = (header.missing_columns(kind).is_empty(), known, possible.is_grouped, header.assigned.len());
        if rank.1 > 0 && header.has_known_heading() && best.as_ref().is_none_or(|(best, _)| rank > *best) {
            best = Some((rank, header));
        }
    }
    let ((complete, found, ..), header) = best?;
    let required = vocabulary().columns(kind).iter().filter(|column| column.required).count();
    (complete || found >= 2.min(required)).then_some(header)
}

/// Gives every heading its column: what project.toml maps first, then HXL tags, then the vocabulary.
pub(super) fn match_headings<'h>(
    headings: &'h HeaderHeadings,
    kind: TableKind,
    mapping: &ColumnMappings,
) -> HeaderMatch<'h> {
    let mut header = HeaderMatch {
        row: headings.row,
        headings: &headings.headings,
        assigned: BTreeMap::new(),
        skipped: Vec::new(),
        doubled: Vec::new(),
        mapped_missing: Vec::new(),
        listed: Vec::new(),
        rows_are_codes: false,
        lettered: Vec::new(),
        by_letter: 0,
    };
    assign_mapped(&mut header, kind, mapping);
    assign_known(&mut header, kind, mapping);
    header
}

fn assign_mapped(header: &mut HeaderMatch, kind: TableKind, mapping: &ColumnMappings) {
    for (name, mapped) in mapping {
        let (base, lang) = match split_language(name) {
            Some((base, lang)) if vocabulary().column(kind, name).is_none() => (base, Some(lang)),
            _ => (name.clone(), None),
        };
        match mapped {
            ColumnMapping::Heading(heading) => assign_heading(header, kind, &base, lang, heading),
            ColumnMapping::ByLang(headings) => {
                for (lang, heading) in headings {
                    assign_heading(header, kind, &base, Some(lang.clone()), heading);
                }
            }
            ColumnMapping::Count(heading) => assign_heading(header, kind, name, None, heading),
            ColumnMapping::Letter(column) => assign_letter(header, kind, base, lang, *column),
            ColumnMapping::Skip if vocabulary().column(kind, &base).is_none() => {
                let key = fold::heading_key(name);
                let named = |heading: &Heading| heading.spellings().last() == Some(&key);
                let headings = header.headings.iter().enumerate();
                header.skipped.extend(headings.filter(|(_, heading)| named(heading)).map(|(index, _)| index));
            }
            ColumnMapping::Skip => {}
            ColumnMapping::Given | ColumnMapping::GivenUnlessFound => header.listed.push(base),
            ColumnMapping::Row => {
                header.listed.push(base);
                header.rows_are_codes = true;
            }
        }
    }
}

fn assign_letter(header: &mut HeaderMatch, kind: TableKind, name: String, lang: Option<Lang>, column: u32) {
    if vocabulary().column(kind, &name).is_some() && !header.listed.contains(&name) {
        header.listed.push(name.clone());
    }
    match header.headings.iter().position(|heading| heading.column == column) {
        Some(index) => {
            header.assigned.insert(index, (name, lang));
            header.by_letter += 1;
        }
        None => header.lettered.push(LetteredColumn { name, lang, column }),
    }
}

fn assign_heading(header: &mut HeaderMatch, kind: TableKind, name: &str, lang: Option<Lang>, heading: &str) {
    let written = one_line(heading);
    let find_headings = |is_match: &dyn Fn(&Heading) -> bool| {
        let headings = header.headings.iter().enumerate();
        headings.filter(|(_, heading)| is_match(heading)).map(|(index, _)| index).collect::<Vec<usize>>()
    };
    let mut found = find_headings(&|heading| heading.text == written);
    if found.is_empty() {
        let key = fold::heading_key(heading);
        found = find_headings(&|heading| heading.spellings().contains(&key));
    }
    // A heading under a group is meant with its group, where another one has no group.
    let is_alone = |at: &&usize| header.headings[**at].above.is_none();
    if found.len() > 1 && found.iter().filter(is_alone).count() == 1 {
        found.retain(|at| header.headings[*at].above.is_none());
    }
    match found.as_slice() {
        [] => header.mapped_missing.push((name.to_owned(), heading.to_owned())),
        [one] => {
            if vocabulary().column(kind, name).is_some() && !header.listed.iter().any(|listed| listed == name) {
                header.listed.push(name.to_owned());
            }
            header.assigned.insert(*one, (name.to_owned(), lang));
        }
        several => header.doubled.push((name.to_owned(), several.to_vec())),
    }
}

fn assign_known(header: &mut HeaderMatch, kind: TableKind, mapping: &ColumnMappings) {
    let columns = vocabulary().columns(kind);
    // Every heading of a column and language, by names of the column's own and by those that columns share.
    let mut strong: BTreeMap<(usize, Option<Lang>), Vec<usize>> = BTreeMap::new();
    let mut weak: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, heading) in header.headings.iter().enumerate() {
        if header.assigned.contains_key(&index) || header.skipped.contains(&index) {
            continue;
        }
        let by_tag = heading.hxl.as_deref().and_then(|tag| find_hxl_column(columns, tag));
        if let Some((column, lang)) = by_tag.or_else(|| heading.find_column(kind)) {
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
        assign_column(header, &columns[at], mapping, lang, &indices, &mut taken);
    }
    for (at, column) in columns.iter().enumerate() {
        let known = header.listed.contains(&column.name) || header.doubled.iter().any(|(name, _)| *name == column.name);
        let free: Vec<usize> =
            weak.get(&at).into_iter().flatten().copied().filter(|index| !taken.contains(index)).collect();
        if !known && !free.is_empty() {
            assign_column(header, column, mapping, None, &free, &mut taken);
        }
    }
}

/// Assigns a column to the one heading that names it, unless project.toml has given it another; several are doubled.
fn assign_column(
    header: &mut HeaderMatch,
    column: &ContractColumn,
    mapping: &ColumnMappings,
    lang: Option<Lang>,
    indices: &[usize],
    taken: &mut Vec<usize>,
) {
    let name = &column.name;
    match mapping.get(name) {
        Some(ColumnMapping::Skip) => {
            header.skipped.extend_from_slice(indices);
            return;
        }
        Some(ColumnMapping::GivenUnlessFound) | None => {}
        // project.toml names one exactly: the others are attributes.
        Some(_) => return,
    }
    if header.assigned.values().any(|(assigned, assigned_lang)| assigned == name && *assigned_lang == lang) {
        return;
    }
    let two_languages = !column.text && header.assigned.values().any(|(assigned, _)| assigned == name);
    match indices {
        [one] if !two_languages => {
            if !header.listed.contains(name) {
                header.listed.push(name.clone());
            }
            header.assigned.insert(*one, (name.clone(), lang));
            taken.push(*one);
        }
        several => {
            let first = header.assigned.iter().filter(|(_, (assigned, _))| assigned == name).map(|(index, _)| *index);
            let mut all: Vec<usize> = first.collect();
            all.extend_from_slice(several);
            all.sort_unstable();
            taken.extend_from_slice(several);
            header.doubled.push((name.clone(), all));
        }
    }
}
