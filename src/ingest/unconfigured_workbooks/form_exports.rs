//! Exports of forms whose program is known: what is proposed for them.

use std::collections::BTreeSet;

use super::shaped::{ProposedParent, ProposedShape, table};
use super::{SheetName, UnconfiguredWorkbooks, collect_values};
use crate::fold;
use crate::ingest::layout::{Proposal, ProposedColumn, SheetHead, TableKind, mark_text, propose};
use crate::ingest::raw_row::{Raw, RawRow};
use crate::ingest::settings::{FormPreset, form_presets};
use crate::ingest::shapes::find_heading;
use crate::ingest::workbook::Workbook;

/// A sheet of a form's export.
pub(super) struct FormExport {
    book: usize,
    sheet: usize,
    name: SheetName,
    source: &'static str,
    preset: &'static FormPreset,
    /// How its rows name those that they belong to; `None`: to none.
    link: Option<FormLink>,
    /// Without groups and columns about itself.
    head: SheetHead<'static>,
}

/// How the rows of a repeat name those that they belong to.
enum FormLink {
    /// As its program does; with the sheet's name where a column says it.
    Usual { parent: Option<String> },
    /// By another of its program's columns: the parent's heading, and its own.
    Other { key: String, reference: String },
}

/// What a sheet is if it is an export of a form.
pub(super) fn find_form(head: &SheetHead<'static>, name: &SheetName, at: (usize, usize)) -> Option<FormExport> {
    form_presets().find_map(|(source, preset)| {
        let links = preset.links.iter().map(|[_, reference]| reference);
        let known = [&preset.key, &preset.reference].into_iter().chain(links);
        let (row, _) = known.clone().find_map(|heading| find_heading(head, heading))?;
        let has = |heading: &String| find_heading(head, heading).is_some_and(|(found, _)| found == row);
        let about = |text: &str| preset.about.iter().any(|own| fold::code_key(own) == fold::code_key(text));
        let cells = &head.rows()[row].cells;
        let own = cells.iter().filter(|cell| matches!(&cell.raw, Raw::Text(text) if about(text))).count();
        // One word, such as `number`, is no sign.
        if own < 2 {
            return None;
        }
        let other = || preset.links.iter().find(|[_, reference]| has(reference));
        let link = if has(&preset.reference) {
            let column = preset.parent_column.as_ref().and_then(|heading| find_heading(head, heading));
            let below = || head.rows().iter().skip(row + 1);
            let parent = column.and_then(|(_, column)| below().find_map(|row| mark_text(row.cell(column)?)));
            Some(FormLink::Usual { parent })
        } else {
            other().map(|[key, reference]| FormLink::Other { key: key.clone(), reference: reference.clone() })
        };
        let head = strip_form(head, row, preset);
        Some(FormExport { book: at.0, sheet: at.1, name: name.clone(), source, preset, link, head })
    })
}

fn strip_form(head: &SheetHead<'static>, at: usize, preset: &FormPreset) -> SheetHead<'static> {
    let mut rows: Vec<RawRow<'static>> = head.rows()[at..].to_vec();
    let is_about = |text: &str| preset.about.iter().any(|own| fold::code_key(own) == fold::code_key(text));
    let mut left_out: BTreeSet<u32> = BTreeSet::new();
    for cell in rows.first_mut().into_iter().flat_map(|row| &mut row.cells) {
        let Raw::Text(text) = &cell.raw else { continue };
        if is_about(text) {
            left_out.insert(cell.column);
            continue;
        }
        let question = preset
            .groups
            .iter()
            .fold(text.as_ref(), |text, group| text.rsplit_once(group.as_str()).map_or(text, |(_, question)| question));
        cell.raw = Raw::Text(question.to_owned().into());
    }
    rows.iter_mut().for_each(|row| row.cells.retain(|cell| !left_out.contains(&cell.column)));
    SheetHead::new(rows)
}

pub(super) fn propose_forms(sheets: Vec<FormExport>, books: &mut [Workbook], survey: &mut UnconfiguredWorkbooks) {
    // What names its form by another column than repeats usually do may be the form itself where no other sheet is one.
    let has_form = sheets.iter().any(|sheet| sheet.link.is_none());
    let (repeats, parents): (Vec<FormExport>, Vec<FormExport>) =
        sheets.into_iter().partition(|sheet| match &sheet.link {
            Some(FormLink::Usual { .. }) => true,
            Some(FormLink::Other { .. }) => has_form,
            None => false,
        });
    let mut id = None;
    let mut form = None;
    for (at, parent) in parents.into_iter().enumerate() {
        let proposal = propose(&parent.head, TableKind::Activities).filter(|_| at == 0);
        let Some(proposal) = proposal else {
            survey.rivals.push((parent.name, TableKind::Activities));
            continue;
        };
        id = proposal.columns.iter().find(|column| column.name == "id").cloned();
        let shape = ProposedShape::Form { source: parent.source, parents: Vec::new(), written: None };
        let mut found = table(&parent.name, proposal, shape);
        collect_values(&mut books[parent.book], parent.sheet, &found.proposal, &mut found.values, survey);
        survey.tables.push(found);
        form = Some(parent.name);
    }
    let proposals: Vec<Option<Proposal>> =
        repeats.iter().map(|repeat| propose_attendance(&repeat.head, id.as_ref())).collect();
    // Of several repeats, the one of persons.
    let likeness = |proposal: &Proposal| (!proposal.missing.iter().any(|name| name == "person"), proposal.score());
    let best = proposals.iter().enumerate().filter_map(|(at, proposal)| Some((at, likeness(proposal.as_ref()?))));
    let best = best
        .max_by(|(at, (is_one, one)), (other_at, (is_other, other))| {
            is_one.cmp(is_other).then(one.total_cmp(other)).then(other_at.cmp(at))
        })
        .map(|(at, _)| at);
    let chain = best.map(|best| parent_chain(best, &repeats, form.as_ref())).unwrap_or_default();
    let is_in_chain = |name: &SheetName| chain.iter().any(|parent| parent == name);
    let mut proposals = proposals;
    for (at, repeat) in repeats.iter().enumerate() {
        let proposal = proposals[at].take().filter(|_| best == Some(at));
        let Some(proposal) = proposal else {
            if !is_in_chain(&repeat.name) {
                survey.rivals.push((repeat.name.clone(), TableKind::Attendance));
            }
            continue;
        };
        let written = match (&repeat.link, &form) {
            (Some(FormLink::Other { key, reference }), Some(form)) => Some(ProposedParent {
                file: Some(form.file.clone()).filter(|file| *file != repeat.name.file),
                sheet: form.sheet.clone(),
                key: key.clone(),
                reference: reference.clone(),
            }),
            _ => None,
        };
        let parents = chain.iter().map(|name| name.sheet.as_ref().unwrap_or(&name.file).clone()).collect();
        let shape = ProposedShape::Form { source: repeat.source, parents, written };
        let none = no_participants(&proposal);
        survey.tables.push(table(&repeat.name, proposal, shape));
        survey.tables.push(table(&repeat.name, none, ProposedShape::None));
    }
}

/// The proposal of a table that there isn't, since the persons are in that of another.
pub(super) fn no_participants(proposal: &Proposal) -> Proposal {
    Proposal {
        kind: TableKind::Participants,
        header_row: proposal.header_row,
        columns: Vec::new(),
        missing: Vec::new(),
        attributes: Vec::new(),
        doubled: Vec::new(),
    }
}

fn propose_attendance(head: &SheetHead<'static>, id: Option<&ProposedColumn>) -> Option<Proposal> {
    let mut proposal = propose(head, TableKind::Attendance)?;
    proposal.kind = TableKind::Attendance;
    // The activity is the row that a repeat belongs to.
    proposal.columns.retain(|column| !(column.name == "activity" && column.guessed));
    if let Some(id) = id
        && !proposal.columns.iter().any(|column| column.name == "activity")
    {
        let (name, guessed) = ("activity".to_owned(), true);
        proposal.columns.push(ProposedColumn { name, guessed, lang: None, ..id.clone() });
        proposal.missing.retain(|name| name != "activity");
    }
    if !proposal.columns.iter().any(|column| column.name == "person")
        && let Some(person) = propose(head, TableKind::Participants)
            .and_then(|persons| persons.columns.into_iter().find(|column| column.name == "person"))
    {
        proposal.columns.retain(|column| column.column != person.column);
        proposal.columns.push(person);
        proposal.missing.retain(|name| name != "person");
    }
    Some(proposal)
}

/// The sheets that the rows of a repeat belong to, the nearest first.
fn parent_chain(repeat: usize, repeats: &[FormExport], form: Option<&SheetName>) -> Vec<SheetName> {
    let mut chain: Vec<SheetName> = Vec::new();
    let mut at = repeat;
    while let Some(next) = nearest_parent(&repeats[at], repeats)
        && repeats[next].name != repeats[repeat].name
        && !chain.contains(&repeats[next].name)
    {
        chain.push(repeats[next].name.clone());
        at = next;
    }
    chain.extend(form.cloned());
    chain
}

/// The repeat that the rows of another one belong to.
fn nearest_parent(repeat: &FormExport, repeats: &[FormExport]) -> Option<usize> {
    if let Some(FormLink::Usual { parent: Some(parent) }) = &repeat.link {
        let is_parent = |other: &FormExport| {
            other.name.file == repeat.name.file && other.name.sheet.as_ref().is_some_and(|sheet| sheet == parent)
        };
        return repeats.iter().position(is_parent);
    }
    let separator = repeat.preset.file_separator.as_ref()?;
    let (stem, ending) = repeat.name.file.rsplit_once('.')?;
    let (shorter, _) = stem.rsplit_once(separator.as_str())?;
    repeats.iter().position(|other| other.name.file == format!("{shorter}.{ending}"))
}
