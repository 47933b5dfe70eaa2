use std::collections::BTreeMap;

use super::vocabulary::{Column, hxl_tag, vocabulary};
use super::{Layout, LayoutColumn, Mapped, Mapping, TableKind};
use crate::diagnostic::{Place, Problem, cell_name, nearest};
use crate::ingest::cell;
use crate::ingest::fold;
use crate::ingest::raw::RawRow;
use crate::model::Lang;

/// The header row must be among the first rows up to this one.
pub const HEADER_WITHIN: u32 = 50;

/// The sheet that a table stands in, when project.toml doesn't say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetChoice {
    One(usize),
    /// No sheet has the table's required columns.
    None,
    /// Several do; they must be named in an error.
    Several(Vec<usize>),
}

/// Finds the table of `kind` among the first rows of a sheet. Every fault of the header is told.
pub fn find(
    head: &[RawRow<'_>],
    kind: TableKind,
    mapping: &Mapping,
    place: (&str, Option<&str>),
) -> Result<Layout, Vec<Problem>> {
    let best = best(head, kind, mapping);
    let (file, sheet) = place;
    let Some(best) = best else {
        return Err(vec![not_found(kind, mapping, place)]);
    };
    let mut problems = Vec::new();
    for (name, heading) in &best.mapped_missing {
        let mut problem = Problem::error("mapped-heading-missing")
            .at(Place::cell(file, sheet, best.row, 0))
            .with("column", name.as_str())
            .with("heading", heading.as_str());
        if let Some(near) = nearest(heading, best.headings.iter().map(|heading| heading.text.as_str())) {
            problem = problem.variant("nearest").with("nearest", near);
        }
        problems.push(problem);
    }
    for (name, at) in &best.doubled {
        let mut problem = Problem::error("doubled-column").with("column", name.as_str()).with("table", kind.name());
        let names: Vec<String> = at
            .iter()
            .map(|&index| {
                let heading = &best.headings[index];
                format!("`{}` ({})", heading.text, cell_name(heading.row, heading.column))
            })
            .collect();
        for &index in at {
            let heading = &best.headings[index];
            problem = problem.at(Place::cell(file, sheet, heading.row, heading.column));
        }
        problems.push(problem.with("headings", names.join(", ")));
    }
    for column in best.missing(kind, mapping) {
        let mut problem = Problem::error("missing-column")
            .at(Place::sheet(file, sheet))
            .with("column", column.name.as_str())
            .with("table", kind.name())
            .with("row", best.row.to_string())
            .with("accepted", accepted(column));
        let free = best.headings.iter().enumerate().filter(|(index, _)| !best.assigned.contains_key(index));
        let near = free
            .filter_map(|(_, heading)| {
                let key = fold::heading_key(&heading.text);
                nearest(&key, column.names.iter().map(String::as_str))
                    .map(|near| (strsim::damerau_levenshtein(&key, near), heading))
            })
            .min_by_key(|(distance, _)| *distance);
        if let Some((_, heading)) = near {
            problem = problem
                .variant("nearest")
                .with("nearest", heading.text.as_str())
                .with("cell", cell_name(heading.row, heading.column));
        }
        problems.push(problem);
    }
    if problems.is_empty() { Ok(best.into_layout(kind)) } else { Err(problems) }
}

/// How many of the contract's columns the sheet has, where it has all that the table requires.
pub fn fits(head: &[RawRow<'_>], kind: TableKind, mapping: &Mapping) -> Option<usize> {
    let best = best(head, kind, mapping)?;
    best.missing(kind, mapping).is_empty().then(|| best.found())
}

/// Which of a workbook's sheets holds the table of `kind`. A sheet that is a better example of another table
/// (one of attendance also has the persons' codes) is taken only if no other fits.
pub fn choose_sheet(heads: &[Vec<RawRow<'_>>], kind: TableKind, mapping: &Mapping) -> SheetChoice {
    let fitting: Vec<usize> = (0..heads.len()).filter(|&at| fits(&heads[at], kind, mapping).is_some()).collect();
    let own: Vec<usize> = fitting.iter().copied().filter(|&at| is_best_kind(&heads[at], kind, mapping)).collect();
    let chosen = if own.is_empty() { fitting } else { own };
    match chosen.as_slice() {
        [] => SheetChoice::None,
        [one] => SheetChoice::One(*one),
        _ => SheetChoice::Several(chosen),
    }
}

fn is_best_kind(head: &[RawRow<'_>], kind: TableKind, mapping: &Mapping) -> bool {
    let rank = |kind: TableKind, mapping: &Mapping| {
        let required =
            vocabulary().columns(kind).iter().filter(|column| column.required || column.one_of.is_some()).count();
        fits(head, kind, mapping).map(|found| (required, found))
    };
    let own = rank(kind, mapping);
    let none = Mapping::new();
    TableKind::ALL.iter().filter(|&&other| other != kind).all(|&other| rank(other, &none) <= own)
}

fn not_found(kind: TableKind, mapping: &Mapping, (file, sheet): (&str, Option<&str>)) -> Problem {
    let needed: Vec<String> = vocabulary()
        .columns(kind)
        .iter()
        .filter(|column| column.required)
        .map(|column| match mapping.get(&column.name) {
            Some(Mapped::Heading(heading)) => heading.clone(),
            _ => column.name.clone(),
        })
        .collect();
    Problem::error("table-not-found")
        .at(Place::sheet(file, sheet))
        .with("table", kind.name())
        .with("rows", HEADER_WITHIN.to_string())
        .with("needed", needed.join(", "))
}

/// The headings that would have been recognised, the first few.
fn accepted(column: &Column) -> String {
    column.names.iter().take(3).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// One heading of a possible header row.
#[derive(Clone, Debug)]
struct Heading {
    column: u32,
    row: u32,
    /// Cleaned, on one line.
    text: String,
    /// Heading of the row above, where it spans this column too.
    above: Option<String>,
    hxl: Option<String>,
}

/// A possible header row with what its headings answer to.
struct Candidate {
    /// Last row of headings or tags.
    row: u32,
    headings: Vec<Heading>,
    /// Index of a heading → the column's name and language.
    assigned: BTreeMap<usize, (String, Option<Lang>)>,
    skipped: Vec<usize>,
    doubled: Vec<(String, Vec<usize>)>,
    mapped_missing: Vec<(String, String)>,
    listed: Vec<String>,
}

impl Candidate {
    fn found(&self) -> usize {
        self.listed.len()
    }

    fn missing<'v>(&self, kind: TableKind, mapping: &Mapping) -> Vec<&'v Column> {
        let columns = vocabulary().columns(kind);
        let has = |column: &Column| {
            self.listed.contains(&column.name)
                || self.doubled.iter().any(|(name, _)| *name == column.name)
                || self.mapped_missing.iter().any(|(name, _)| *name == column.name)
        };
        let _ = mapping;
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

    fn into_layout(self, kind: TableKind) -> Layout {
        let Candidate { row, headings, assigned, skipped, .. } = self;
        let mut columns = Vec::new();
        for (index, Heading { column, row, text: heading, .. }) in headings.into_iter().enumerate() {
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
        Layout { kind, header_row: row, columns }
    }
}

fn best(head: &[RawRow<'_>], kind: TableKind, mapping: &Mapping) -> Option<Candidate> {
    let mut best: Option<((bool, usize), Candidate)> = None;
    for (at, row) in head.iter().enumerate() {
        if row.number > HEADER_WITHIN {
            break;
        }
        for headings in [single(head, at), double(head, at)].into_iter().flatten() {
            let candidate = resolve(headings, head, at, kind, mapping);
            let faults = candidate.doubled.len();
            let rank = (candidate.missing(kind, mapping).is_empty(), candidate.found() + faults);
            if rank.1 > 0 && best.as_ref().is_none_or(|(best, _)| rank > *best) {
                best = Some((rank, candidate));
            }
        }
    }
    let ((complete, found), candidate) = best?;
    let required = vocabulary().columns(kind).iter().filter(|column| column.required).count();
    (complete || found >= 2.min(required)).then_some(candidate)
}

fn heading_text(row: &RawRow<'_>, column: u32) -> Option<String> {
    let text = cell::read_text(row.cell(column)).ok()??;
    Some(one_line(&text))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The headings of one row.
fn single(head: &[RawRow<'_>], at: usize) -> Option<Vec<Heading>> {
    let row = &head[at];
    let headings: Vec<Heading> = row
        .cells
        .iter()
        .filter_map(|cell| {
            let text = heading_text(row, cell.column)?;
            Some(Heading { column: cell.column, row: row.number, text, above: None, hxl: None })
        })
        .collect();
    (!headings.is_empty()).then_some(headings)
}

/// The headings of a row and the one above it, which groups some of them.
fn double(head: &[RawRow<'_>], at: usize) -> Option<Vec<Heading>> {
    let above = head.get(at.checked_sub(1)?)?;
    let row = &head[at];
    if above.number + 1 != row.number {
        return None;
    }
    let mut columns: Vec<u32> = above.cells.iter().chain(&row.cells).map(|cell| cell.column).collect();
    columns.sort_unstable();
    columns.dedup();
    let headings: Vec<Heading> = columns
        .into_iter()
        .filter_map(|column| {
            let (child, parent) = (heading_text(row, column), heading_text(above, column));
            match (child, parent) {
                (Some(text), parent) => {
                    let above = parent.filter(|parent| *parent != text);
                    Some(Heading { column, row: row.number, text, above, hxl: None })
                }
                (None, Some(text)) => Some(Heading { column, row: above.number, text, above: None, hxl: None }),
                (None, None) => None,
            }
        })
        .collect();
    (!headings.is_empty()).then_some(headings)
}

/// Gives every heading its column: what project.toml maps first, then HXL tags, then the vocabulary.
fn resolve(
    mut headings: Vec<Heading>,
    head: &[RawRow<'_>],
    at: usize,
    kind: TableKind,
    mapping: &Mapping,
) -> Candidate {
    let mut row = head[at].number;
    if let Some(tags) = head.get(at + 1).filter(|next| is_hxl(next)) {
        row = tags.number;
        for cell in &tags.cells {
            let Some(tag) = heading_text(tags, cell.column) else { continue };
            match headings.iter_mut().find(|heading| heading.column == cell.column) {
                Some(heading) => heading.hxl = Some(tag),
                None => headings.push(Heading {
                    column: cell.column,
                    row: tags.number,
                    text: tag.clone(),
                    above: None,
                    hxl: Some(tag),
                }),
            }
        }
        headings.sort_by_key(|heading| heading.column);
    } else if is_hxl(&head[at]) {
        for heading in &mut headings {
            heading.hxl = Some(heading.text.clone());
        }
    }
    let mut candidate = Candidate {
        row,
        headings,
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
                let named = (0..candidate.headings.len())
                    .filter(|&index| fold::heading_key(&candidate.headings[index].text) == key);
                let named: Vec<usize> = named.collect();
                candidate.skipped.extend(named);
            }
            Mapped::Skip => {}
        }
    }
}

fn assign_heading(candidate: &mut Candidate, kind: TableKind, name: &str, lang: Option<Lang>, heading: &str) {
    let written = one_line(heading);
    let key = fold::heading_key(heading);
    let names: Vec<Vec<String>> = candidate.headings.iter().map(Heading::spellings).collect();
    let exact: Vec<usize> = (0..names.len()).filter(|&index| candidate.headings[index].text == written).collect();
    let alike: Vec<usize> = (0..names.len()).filter(|&index| names[index].contains(&key)).collect();
    match if exact.is_empty() { alike.as_slice() } else { exact.as_slice() } {
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
        if let Some((column, lang)) = by_tag.or_else(|| heading.named(columns)) {
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

impl Heading {
    /// Keys that the heading can be compared by: with the heading above it, then alone.
    fn spellings(&self) -> Vec<String> {
        let own = fold::heading_key(&self.text);
        let mut keys = Vec::new();
        if let Some(above) = &self.above {
            let above = fold::heading_key(above);
            keys.push(format!("{above} {own}"));
            keys.push(format!("{own} {above}"));
            keys.push(fold::heading_key(&format!("{own} на {above}")));
        }
        keys.push(own);
        keys
    }

    /// The column of the contract that the heading names, and its language.
    fn named(&self, columns: &[Column]) -> Option<(usize, Option<Lang>)> {
        let find = |key: &str| columns.iter().position(|column| column.names.iter().any(|name| name == key));
        let with_language = |text: &str| {
            let (base, lang) = split_language(text)?;
            let key = fold::heading_key(&base);
            columns
                .iter()
                .position(|column| column.names.contains(&key) || column.weak.contains(&key) && column.text)
                .map(|at| (at, Some(lang)))
        };
        if let Some(above) = &self.above {
            for spelling in self.spellings() {
                if let Some(at) = find(&spelling) {
                    return Some((at, None));
                }
            }
            if let Some(found) = with_language(&format!("{above} {}", self.text)) {
                return Some(found);
            }
        }
        find(&fold::heading_key(&self.text)).map(|at| (at, None)).or_else(|| with_language(&self.text))
    }
}

/// `title (mk)`, `title_mk`, `title.mk`, `Наслов (мк)`, `Наслов на македонски` → the heading without its language, and that.
fn split_language(heading: &str) -> Option<(String, Lang)> {
    let trimmed = heading.trim().trim_end_matches('*').trim_end();
    if let Some(open) = trimmed.strip_suffix([')', ']']).and_then(|_| trimmed.rfind(['(', '['])) {
        let inner = &trimmed[open + 1..trimmed.len() - 1];
        return Some((trimmed[..open].trim().to_owned(), language(inner)?));
    }
    for separator in ['_', '.', '/', '-', '–', ':', '|'] {
        if let Some(at) = trimmed.rfind(separator) {
            if let Some(lang) = language(&trimmed[at + separator.len_utf8()..]) {
                return Some((trimmed[..at].trim().to_owned(), lang));
            }
        }
    }
    for (at, _) in trimmed.match_indices(' ') {
        if let Some(lang) = vocabulary().language(&fold::heading_key(&trimmed[at..])) {
            return Some((trimmed[..at].trim().to_owned(), lang.clone()));
        }
    }
    let (first, rest) = trimmed.split_once(' ')?;
    vocabulary().language(&fold::heading_key(first)).map(|lang| (rest.trim().to_owned(), lang.clone()))
}

/// A language by its name in the vocabulary, or any tag of the form of BCP 47 (`fr`, `sr-Latn`).
fn language(text: &str) -> Option<Lang> {
    let text = text.trim();
    if let Some(lang) = vocabulary().language(&fold::heading_key(text)) {
        return Some(lang.clone());
    }
    let mut parts = text.split('-');
    let primary = parts.next()?;
    let sound = (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    sound.then(|| Lang::new(text))
}

/// A row of HXL tags: every cell is one, and there are two at least.
pub(super) fn is_hxl(row: &RawRow<'_>) -> bool {
    let mut tags = 0;
    for cell in &row.cells {
        match heading_text(row, cell.column) {
            Some(text) if hxl_tag(&text).is_some() => tags += 1,
            Some(_) => return false,
            None => {}
        }
    }
    tags >= 2
}

/// The column that an HXL tag names: the pattern with the most attributes, all of which the tag has.
fn tagged(columns: &[Column], text: &str) -> Option<(usize, Option<Lang>)> {
    let (tag, attributes) = hxl_tag(text)?;
    let mut best: Option<(usize, usize)> = None;
    for (at, column) in columns.iter().enumerate() {
        for (pattern, needed) in &column.hxl {
            let holds = *pattern == tag && needed.iter().all(|attribute| attributes.contains(attribute));
            if holds && best.is_none_or(|(_, most)| needed.len() > most) {
                best = Some((at, needed.len()));
            }
        }
    }
    let (at, _) = best?;
    let lang = attributes.iter().find_map(|attribute| vocabulary().language(attribute).cloned());
    Some((at, lang.filter(|_| columns[at].text)))
}
