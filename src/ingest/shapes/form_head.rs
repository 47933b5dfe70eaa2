//! The headings of a form's export, with those of the parent that a repeat belongs to: as if they stood in one sheet.

use std::collections::{BTreeMap, BTreeSet};

use super::FIRST_ADDED;
use crate::diagnostic::{Problem, kinds};
use crate::fold;
use crate::ingest::cell;
use crate::ingest::layout::{ColumnMapping, ColumnMappings, SheetHead};
use crate::ingest::raw_row::{Raw, RawCell, RawRow};
use crate::ingest::settings::FormPlan;
use crate::model::Lang;

/// A sheet's head with a parent's headings, for the search of its columns.
pub struct FormHead {
    /// Above the headings stand their groups.
    pub head: SheetHead<'static>,
    /// The column of the validation status.
    pub status: Option<u32>,
    /// Columns of the parent that the first added columns, in their order, stand for.
    pub parent_columns: Vec<u32>,
    /// Questions with a column for each answer; the added columns that follow stand for them.
    pub splits: Vec<SplitColumns>,
}

/// The columns of the answers of one question.
#[derive(Clone, Debug)]
pub struct SplitColumns {
    /// A column that the question has itself, or that of the first answer.
    pub column: u32,
    /// Columns with their answers; of a parent, added ones.
    pub answers: Vec<(u32, String)>,
}

/// The row of a head that has a heading, and the heading's column.
pub fn find_heading(head: &SheetHead, heading: &str) -> Option<(usize, u32)> {
    let key = fold::code_key(heading);
    head.rows().iter().enumerate().find_map(|(at, row)| {
        let cell = row.cells.iter().find(|cell| text_of(cell).is_some_and(|text| fold::code_key(&text) == key))?;
        Some((at, cell.column))
    })
}

fn text_of(cell: &RawCell) -> Option<String> {
    match &cell.raw {
        Raw::Text(text) => Some(cell::clean(text).into_owned()).filter(|text| !text.is_empty()),
        _ => None,
    }
}

/// A heading of an export.
struct FormHeading {
    column: u32,
    /// project.toml names it as it is written.
    is_named: bool,
    /// The names of its groups, as written before the question.
    group: String,
    question: String,
}

/// The head of a form's sheet, whose headings are in the row at `at`, with a parent's head and row of headings. Columns that
/// are no answers are left out unless project.toml names them.
pub fn form_head(
    head: &SheetHead<'static>,
    at: usize,
    parent: Option<(&SheetHead<'static>, usize)>,
    plan: &FormPlan,
    mapping: &ColumnMappings,
) -> FormHead {
    let named = named_keys(mapping);
    let about = about_keys(plan);
    let groups = plan.preset.map(|preset| preset.groups.as_slice()).unwrap_or_default();
    let read = |head: &SheetHead, at: usize| -> (Vec<FormHeading>, Vec<SplitQuestion>) {
        let row = &head.rows()[at];
        let splits = split_questions(head, at, groups);
        let cells = row.cells.iter().filter_map(|cell| Some((cell.column, text_of(cell)?)));
        let answers = cells.filter(|(column, text)| {
            let key = fold::code_key(text);
            let is_joined = splits.iter().any(|split| split.joined == Some(*column));
            !is_joined && (!about.contains(&key) || named.contains(&key))
        });
        let headings = answers.map(|(column, text)| match splits.iter().any(|split| split.has(column)) {
            true => FormHeading { column, is_named: true, group: String::new(), question: text },
            false => {
                FormHeading { is_named: named.contains(&fold::code_key(&text)), ..part_group(column, text, groups) }
            }
        });
        (headings.collect(), splits)
    };
    let (mut headings, mut questions) = read(head, at);
    let own: BTreeSet<String> = headings.iter().map(|heading| fold::heading_key(&heading.question)).collect();
    let mut parent_columns = Vec::new();
    if let Some((parent, at)) = parent {
        let (of_parent, splits) = read(parent, at);
        let mut added = BTreeMap::new();
        for heading in of_parent
            .into_iter()
            .filter(|heading| heading.is_named || !own.contains(&fold::heading_key(&heading.question)))
        {
            let column = FIRST_ADDED + parent_columns.len() as u32;
            parent_columns.push(heading.column);
            added.insert(heading.column, column);
            headings.push(FormHeading { column, ..heading });
        }
        let of_repeat = |split: SplitQuestion| {
            let answers: Option<Vec<_>> =
                split.answers.into_iter().map(|(column, answer)| Some((*added.get(&column)?, answer))).collect();
            Some(SplitQuestion { joined: None, answers: answers?, ..split })
        };
        questions.extend(splits.into_iter().filter_map(of_repeat));
    }
    let mut splits = Vec::new();
    for SplitQuestion { question, joined, answers } in questions {
        let column = FIRST_ADDED + (parent_columns.len() + splits.len()) as u32;
        headings.push(part_group(column, question, groups));
        splits.push(SplitColumns { column: joined.unwrap_or(answers[0].0), answers });
    }
    let cell = |column: u32, text: &str| RawCell::new(column, Raw::Text(text.to_owned().into()));
    let header_row = head.rows()[at].number;
    let upper = RawRow {
        number: header_row.saturating_sub(1),
        cells: headings
            .iter()
            .filter(|heading| !heading.group.is_empty())
            .map(|heading| cell(heading.column, &heading.group))
            .collect(),
        ..RawRow::default()
    };
    let lower = RawRow {
        number: header_row,
        shape: head.rows()[at].shape,
        cells: headings.iter().map(|heading| cell(heading.column, &heading.question)).collect(),
        ..RawRow::default()
    };
    let below = head.rows().iter().skip(at + 1).cloned();
    let rows = [upper, lower].into_iter().filter(|row| !row.cells.is_empty()).chain(below).collect();
    let status = plan.preset.iter().flat_map(|preset| &preset.status).find_map(|status| find_heading(head, status));
    FormHead { head: SheetHead::new(rows), status: status.map(|(_, column)| column), parent_columns, splits }
}

/// The head of a sheet whose rows belong to those of another one, with the headings of that one after its own, as if they
/// were one sheet; and the columns of the other that the added ones repeat.
pub fn join_heads(
    head: &SheetHead<'static>,
    at: usize,
    (above, above_at): (&SheetHead<'static>, usize),
    plan: &FormPlan,
    mapping: &ColumnMappings,
) -> (SheetHead<'static>, Vec<u32>) {
    let (named, about) = (named_keys(mapping), about_keys(plan));
    let groups = plan.preset.map(|preset| preset.groups.as_slice()).unwrap_or_default();
    let question = |text: &str| fold::heading_key(&part_group(0, text.to_owned(), groups).question);
    let mut rows = head.rows().to_vec();
    let own: BTreeSet<String> = rows[at].cells.iter().filter_map(text_of).map(|text| question(&text)).collect();
    let splits = split_questions(above, above_at, groups);
    let mut columns = Vec::new();
    for cell in &above.rows()[above_at].cells {
        let Some(text) = text_of(cell) else { continue };
        let is_named = named.contains(&fold::code_key(&text)) || splits.iter().any(|split| split.has(cell.column));
        if is_named || !about.contains(&fold::code_key(&text)) && !own.contains(&question(&text)) {
            let column = FIRST_ADDED + columns.len() as u32;
            columns.push(cell.column);
            rows[at].cells.push(RawCell { column, ..cell.clone() });
            // What the other's first rows hold shows what kind of column it is.
            for (row, example) in rows.iter_mut().skip(at + 1).zip(above.rows().iter().skip(above_at + 1)) {
                row.cells.extend(example.cell(cell.column).map(|cell| RawCell { column, ..cell.clone() }));
            }
        }
    }
    (SheetHead::new(rows), columns)
}

fn named_keys(mapping: &ColumnMappings) -> BTreeSet<String> {
    mapping.values().flat_map(named_headings).map(|text| fold::code_key(&text)).collect()
}

fn about_keys(plan: &FormPlan) -> BTreeSet<String> {
    plan.preset.iter().flat_map(|preset| &preset.about).map(|text| fold::code_key(text)).collect()
}

fn named_headings(mapping: &ColumnMapping) -> Vec<String> {
    match mapping {
        ColumnMapping::Heading(heading) => vec![heading.clone()],
        ColumnMapping::ByLang(headings) => headings.values().cloned().collect(),
        _ => Vec::new(),
    }
}

/// `visit/person/name` as the question `name` in the group `visit/person`.
fn part_group(column: u32, text: String, separators: &[String]) -> FormHeading {
    match last_separator(&text, separators) {
        Some((at, end)) => {
            FormHeading { column, is_named: false, group: text[..at].to_owned(), question: text[end..].to_owned() }
        }
        None => FormHeading { column, is_named: false, group: String::new(), question: text },
    }
}

/// Where the last separator inside a text begins and ends.
fn last_separator(text: &str, separators: &[String]) -> Option<(usize, usize)> {
    let found = separators.iter().filter_map(|separator| {
        let at = text.rfind(separator.as_str())?;
        Some((at, at + separator.len()))
    });
    found.filter(|(at, end)| *at > 0 && *end < text.len()).max()
}

/// A question with several answers, each of which has a column.
struct SplitQuestion {
    /// The text before the separator.
    question: String,
    /// The column that the question has itself.
    joined: Option<u32>,
    /// Columns with their answers.
    answers: Vec<(u32, String)>,
}

impl SplitQuestion {
    fn has(&self, column: u32) -> bool {
        self.answers.iter().any(|(answer, _)| *answer == column)
    }
}

/// The questions of a row of headings that have a column of 1 and 0 for each answer, as far as the first rows show.
fn split_questions(head: &SheetHead, at: usize, separators: &[String]) -> Vec<SplitQuestion> {
    let headings: Vec<(u32, String)> =
        head.rows()[at].cells.iter().filter_map(|cell| Some((cell.column, text_of(cell)?))).collect();
    let mut found: Vec<SplitQuestion> = Vec::new();
    for (column, text) in &headings {
        let Some((cut, end)) = last_separator(text, separators) else { continue };
        let (question, answer) = (&text[..cut], text[end..].to_owned());
        match found.iter_mut().find(|split| split.question == question) {
            Some(split) => split.answers.push((*column, answer)),
            None => {
                let joined = headings.iter().find(|(_, other)| other == question).map(|(column, _)| *column);
                found.push(SplitQuestion { question: question.to_owned(), joined, answers: vec![(*column, answer)] });
            }
        }
    }
    found.retain(|split| {
        let rows = || head.rows().iter().skip(at + 1);
        let cells = || rows().flat_map(|row| split.answers.iter().filter_map(|(column, _)| row.cell(*column)));
        (split.joined.is_some() || split.answers.len() > 1) && cells().next().is_some() && cells().all(is_flag)
    });
    found
}

/// Whether a cell of a single answer says that it was given, or that it wasn't.
fn is_flag(cell: &RawCell) -> bool {
    match &cell.raw {
        Raw::Number(number) => *number == 0.0 || *number == 1.0,
        Raw::Bool(_) => true,
        Raw::Text(text) => matches!(cell::clean(text).to_lowercase().as_str(), "" | "0" | "1" | "true" | "false"),
        _ => false,
    }
}

impl SplitColumns {
    /// What can't be read of a row's answers, at their columns: a cell that is no yes and no no, and a question whose own
    /// cell says something else than the columns of its answers. Those of a parent are read with its own sheet.
    pub fn faults(&self, row: &RawRow) -> Vec<(u32, Box<Problem>)> {
        let own = self.answers.iter().filter(|(column, _)| *column < FIRST_ADDED);
        let cells: Vec<(&RawCell, &str)> =
            own.filter_map(|(column, answer)| Some((row.cell(*column)?, answer.as_str()))).collect();
        let shown = |cell: &RawCell| cell::read_any_text(Some(cell)).ok().flatten().unwrap_or_default().into_owned();
        let is_doubtful = |(cell, _): &&(&RawCell, &str)| !is_flag(cell);
        let mut faults: Vec<(u32, Box<Problem>)> = Vec::new();
        for (cell, _) in cells.iter().filter(is_doubtful) {
            let value = match &cell.raw {
                Raw::Error(text) => text.to_string(),
                _ => shown(cell),
            };
            faults.push((cell.column, Box::new(Problem::warning(kinds::DoubtfulAnswer { value }))));
        }
        let joined =
            row.cell(self.column).filter(|cell| !self.answers.iter().any(|(column, _)| *column == cell.column));
        if let Some(cell) = joined.filter(|_| faults.is_empty() && !cells.is_empty()) {
            let chosen: Vec<&str> =
                cells.iter().filter(|(cell, _)| is_given(cell)).map(|(_, answer)| *answer).collect();
            let value = shown(cell);
            if !value.trim().is_empty() && !is_made_of(&value, &chosen) {
                let answers = chosen.join("; ");
                let differ = if answers.is_empty() {
                    kinds::AnswersDiffer::None { value }
                } else {
                    kinds::AnswersDiffer::Plain { value, answers }
                };
                faults.push((cell.column, Box::new(Problem::warning(differ))));
            }
        }
        faults
    }
}

/// Whether a text is these answers and nothing else, in any order.
fn is_made_of(text: &str, answers: &[&str]) -> bool {
    let mut rest = fold::code_key(text);
    let mut answers: Vec<String> = answers.iter().map(|answer| fold::code_key(answer)).collect();
    answers.sort_by_key(|answer| std::cmp::Reverse(answer.len()));
    let found = answers.iter().all(|answer| match rest.find(answer.as_str()) {
        Some(at) => {
            rest.replace_range(at..at + answer.len(), " ");
            true
        }
        None => false,
    });
    found && !answers.is_empty() && !rest.contains(char::is_alphanumeric)
}

/// Whether a cell of a single answer says that it was given.
pub fn is_given(cell: &RawCell) -> bool {
    match &cell.raw {
        Raw::Number(number) => *number == 1.0,
        Raw::Bool(yes) => *yes,
        Raw::Text(text) => matches!(cell::clean(text).to_lowercase().as_str(), "1" | "true"),
        _ => false,
    }
}

/// The head of an XLSForm's sheet of choices, with the headings of a table of lists; `None` for any other sheet.
pub fn choices_head(head: &SheetHead<'static>) -> Option<SheetHead<'static>> {
    let (at, _) = find_heading(head, "list_name")?;
    let renamed = |text: &str| -> Option<String> {
        match text.split_once("::") {
            None => match text {
                "list_name" => Some("list".to_owned()),
                "name" => Some("code".to_owned()),
                "label" => Some("label".to_owned()),
                _ => None,
            },
            Some(("label", language)) => {
                let tag = language.rsplit_once('(').map_or(language, |(_, tag)| tag.trim_end_matches(')')).trim();
                Some(format!("label ({tag})")).filter(|_| Lang::is_tag(tag) || !tag.is_empty())
            }
            Some(_) => None,
        }
    };
    let mut rows: Vec<RawRow<'static>> = head.rows().to_vec();
    let cells = std::mem::take(&mut rows[at].cells);
    rows[at].cells = cells
        .into_iter()
        .filter_map(|cell| {
            let heading = renamed(text_of(&cell)?.as_str())?;
            Some(RawCell::new(cell.column, Raw::Text(heading.into())))
        })
        .collect();
    Some(SheetHead::new(rows.split_off(at)))
}
