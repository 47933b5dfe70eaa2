//! Lists of who came to an event: its title, date and place are above the list, and each sheet is one event. Proposed
//! where several sheets are alike.

use std::collections::{BTreeMap, BTreeSet};

use super::shaped::ProposedShape;
use super::{LISTED_COLUMNS, SheetName, UnconfiguredTable, UnconfiguredWorkbooks, named_headings};
use crate::diagnostic::cell_name;
use crate::fold;
use crate::ingest::cell::{self, DateReading};
use crate::ingest::layout::{Proposal, ProposedColumn, SheetHead, TableKind, mark_text, propose, vocabulary};
use crate::ingest::raw_row::{Raw, RawCell, RawRow};

/// Fewest lists that are alike; one alone may be any sheet with something above its table.
const FEWEST_LISTS: usize = 2;

/// Columns of participants that hold their names.
const NAMES: [&str; 4] = ["name", "first_name", "middle_name", "surname"];

/// Where the value of a column of activities is, for all rows of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposedPlace {
    /// In a cell, by its name.
    Cell(String),
    /// In a cell of this name, behind a label and a colon.
    Labelled(String),
    /// The sheet's name.
    Sheet,
    /// Nowhere: this text.
    Text(String),
}

/// A column of activities, where its value is, and whether that is a guess.
pub type PlacedColumn = (&'static str, ProposedPlace, bool);

/// A sheet that may be the list of an event.
pub(super) struct EventSheet {
    pub name: SheetName,
    /// Columns of activities with the label before their cell, the cell, and what it holds.
    above: Vec<AboveCell>,
    /// Of attendance.
    list: Proposal,
}

struct AboveCell {
    column: &'static str,
    label: String,
    /// As a spreadsheet program names it.
    cell: String,
    raw: RawCell<'static>,
    /// Whether the label is in the same cell.
    is_labelled: bool,
    guessed: bool,
}

/// A text above a list with what is beside it.
struct LabelledValue {
    label: String,
    cell: String,
    raw: RawCell<'static>,
    is_labelled: bool,
}

impl LabelledValue {
    fn in_column(&self, column: &'static str, guessed: bool) -> AboveCell {
        let LabelledValue { label, cell, raw, is_labelled } = self;
        let (label, cell, raw) = (label.clone(), cell.clone(), raw.clone());
        AboveCell { column, label, cell, raw, is_labelled: *is_labelled, guessed }
    }
}

fn own_text(cell: &RawCell) -> Option<String> {
    mark_text(cell).filter(|text| !text.is_empty())
}

impl AboveCell {
    fn text(&self) -> String {
        own_text(&self.raw).unwrap_or_default()
    }

    fn place(&self) -> ProposedPlace {
        if self.is_labelled {
            ProposedPlace::Labelled(self.cell.clone())
        } else {
            ProposedPlace::Cell(self.cell.clone())
        }
    }
}

/// The sheet as the list of an event, if it may be one: above its table are an event's title or code, and its date.
pub(super) fn find_event_list(head: &SheetHead<'static>, name: &SheetName) -> Option<EventSheet> {
    let persons = propose(head, TableKind::Participants)?;
    let above: Vec<&RawRow> = head.rows().iter().take_while(|row| row.number < persons.header_row).collect();
    let above = read_above(&above)?;
    let list = attendance_of(head, persons)?;
    Some(EventSheet { name: name.clone(), above, list })
}

/// The pairs of label and value above a list, as columns of activities.
fn read_above(rows: &[&RawRow<'static>]) -> Option<Vec<AboveCell>> {
    let pairs: Vec<LabelledValue> = rows.iter().flat_map(|row| labelled_values(row)).collect();
    let labels = pairs.iter().zip(0..).map(|(pair, at)| RawCell::new(at, Raw::Text(pair.label.clone().into())));
    let values = pairs.iter().zip(0..).map(|(pair, at)| RawCell { column: at, ..pair.raw.clone() });
    let rows = vec![
        RawRow { number: 1, cells: labels.collect(), ..RawRow::default() },
        RawRow { number: 2, cells: values.collect(), ..RawRow::default() },
    ];
    let proposal = propose(&SheetHead::new(rows), TableKind::Activities)?;
    let mut above: Vec<AboveCell> = Vec::new();
    for ProposedColumn { name, column, guessed, .. } in &proposal.columns {
        let known = vocabulary().column(TableKind::Activities, name)?;
        if !above.iter().any(|other| other.column == known.name) {
            above.push(pairs.get(*column as usize)?.in_column(&known.name, *guessed));
        }
    }
    let has = |name: &str| above.iter().any(|cell| cell.column == name);
    let has_name = has("title") || has("id");
    if has("date") && !has_name {
        // A list says what it is of in its own word: Focus group, Трибина.
        let is_free = |pair: &&LabelledValue| !above.iter().any(|known| known.cell == pair.cell);
        let is_words = |pair: &&LabelledValue| {
            cell::read_amount(Some(&pair.raw)).is_err() && !matches!(cell::read_date(Some(&pair.raw)), Ok(Some(_)))
        };
        let title = pairs.iter().filter(is_free).find(is_words)?.in_column("title", true);
        above.insert(0, title);
        return Some(above);
    }
    (has("date") && has_name).then_some(above)
}

/// Longest label in bytes; a longer text before a colon is a sentence.
const MAX_LABEL: usize = 80;

/// What a row above a list says: each label with the cell beside it, or with what follows its colon in the same cell.
fn labelled_values(row: &RawRow<'static>) -> Vec<LabelledValue> {
    let mut values = Vec::new();
    let mut cells = row.cells.iter().filter(|cell| !cell.merged && own_text(cell).is_some());
    while let Some(first) = cells.next() {
        let text = own_text(first).unwrap_or_default();
        let split = text.split_once(':').map(|(label, value)| (label.trim(), value.trim()));
        let own = split.filter(|(label, value)| label.len() <= MAX_LABEL && !value.is_empty());
        let of = |label: &str, at: &RawCell, raw: RawCell<'static>, is_labelled: bool| {
            let (label, cell) = (label.to_owned(), cell_name(row.number, at.column));
            LabelledValue { label, cell, raw, is_labelled }
        };
        if let Some((label, value)) = own {
            values.push(of(label, first, RawCell::new(first.column, Raw::Text(value.to_owned().into())), true));
        } else if let Some(beside) = cells.next() {
            values.push(of(text.trim_end_matches(':').trim(), beside, beside.clone(), false));
        }
    }
    values
}

/// A proposal for participants as one for attendance. A running number is nobody's code.
fn attendance_of(head: &SheetHead, persons: Proposal) -> Option<Proposal> {
    let is_running = |column: &ProposedColumn| {
        let below = head.rows().iter().filter(|row| row.number > persons.header_row);
        let numbers = below.filter_map(|row| row.cell(column.column)).filter_map(own_text);
        numbers.zip(1..).all(|(text, at)| text.trim_end_matches('.') == at.to_string())
    };
    let mut columns: Vec<ProposedColumn> = Vec::new();
    let mut names = Vec::new();
    for column in persons.columns {
        match column.name.as_str() {
            "person" if column.guessed && is_running(&column) => {}
            name if NAMES.contains(&name) => names.push(column),
            name if vocabulary().column(TableKind::Attendance, name).is_some() => columns.push(column),
            _ => {}
        }
    }
    if !columns.iter().any(|column| column.name == "person") {
        // Who has no code is known by name, which nothing but a pseudonym is made of.
        let [name] = names.as_slice() else { return None };
        columns.push(ProposedColumn { name: "person".to_owned(), guessed: true, ..name.clone() });
    }
    let kind = TableKind::Attendance;
    Some(Proposal { kind, columns, missing: Vec::new(), ..persons })
}

/// Takes the largest group of lists that are alike, and proposes the tables that they are; returns the names of its sheets.
pub(super) fn propose_event_lists(
    sheets: Vec<EventSheet>,
    has_participants: bool,
    survey: &mut UnconfiguredWorkbooks,
) -> Vec<SheetName> {
    let form = |sheet: &EventSheet| {
        let cells = sheet.above.iter().map(|above| (above.column, above.cell.clone())).collect::<Vec<_>>();
        let headings =
            named_headings(&sheet.list).iter().map(|(name, heading)| format!("{name} {heading}")).collect::<Vec<_>>();
        (cells, headings)
    };
    let mut groups: BTreeMap<_, Vec<EventSheet>> = BTreeMap::new();
    sheets.into_iter().for_each(|sheet| groups.entry(form(&sheet)).or_default().push(sheet));
    let Some(lists) = groups.into_values().max_by_key(Vec::len).filter(|lists| lists.len() >= FEWEST_LISTS) else {
        return Vec::new();
    };
    let names: Vec<SheetName> = lists.iter().map(|list| list.name.clone()).collect();
    let files: BTreeSet<&String> = names.iter().map(|name| &name.file).collect();
    let sheets: BTreeSet<&Option<String>> = names.iter().map(|name| &name.sheet).collect();
    // Several sheets each in several files would need a pattern of sheets, too.
    if files.len() > 1 && files.len() < names.len() {
        return Vec::new();
    }
    let of_one_file = |_: &&String| files.len() == 1 && names.len() > 1;
    let several: Vec<String> =
        names.iter().filter_map(|name| name.sheet.as_ref()).filter(of_one_file).cloned().collect();
    let table = |proposal: Proposal, shape: ProposedShape| UnconfiguredTable {
        files: files.iter().map(|file| (*file).clone()).collect(),
        sheet: names[0].sheet.clone().filter(|_| sheets.len() == 1 || files.len() == 1),
        sheets: several.clone(),
        shape: Some(shape),
        proposal,
        values: BTreeMap::new(),
        splits: BTreeMap::new(),
    };
    let (above, activity) = place_columns(&lists);
    let none = |kind: TableKind| Proposal {
        kind,
        header_row: lists[0].list.header_row,
        columns: Vec::new(),
        missing: Vec::new(),
        attributes: Vec::new(),
        doubled: Vec::new(),
    };
    let mut activities = table(none(TableKind::Activities), ProposedShape::EventActivities(above.clone()));
    for (kind, name, list) in LISTED_COLUMNS {
        let place = above.iter().find(|(column, ..)| *column == name).filter(|_| kind == TableKind::Activities);
        let found: Vec<String> = match place {
            Some((_, ProposedPlace::Text(text), _)) => vec![text.clone()],
            Some(_) => different(&lists, name).1,
            None => continue,
        };
        activities.values.insert(list, found);
    }
    for cell in lists.iter().flat_map(|list| &list.above).filter(|cell| cell.column == "date") {
        if let Ok(Some(DateReading::Day(day))) = cell::read_date(Some(&cell.raw)) {
            survey.days = Some(survey.days.map_or((day, day), |(first, last)| (day.min(first), day.max(last))));
        }
    }
    survey.tables.push(activities);
    survey.tables.push(table(lists[0].list.clone(), ProposedShape::EventAttendance(activity)));
    if !has_participants {
        survey.tables.push(table(none(TableKind::Participants), ProposedShape::None));
    }
    names
}

/// Whether the values of a column differ from list to list, and the different ones in their order.
fn different(lists: &[EventSheet], column: &str) -> (bool, Vec<String>) {
    let cells = lists.iter().flat_map(|list| &list.above).filter(|cell| cell.column == column);
    let texts: Vec<String> = cells.map(AboveCell::text).collect();
    let mut known = BTreeSet::new();
    let found: Vec<String> = texts.iter().filter(|text| known.insert(fold::code_key(text))).cloned().collect();
    (found.len() == lists.len(), found)
}

/// The columns of activities with their places, and the place of an event's code, which attendance names: its own code, else
/// the first of title, sheet's name and date that no two events share.
fn place_columns(lists: &[EventSheet]) -> (Vec<PlacedColumn>, ProposedPlace) {
    let first = &lists[0].above;
    let cell_of = |name: &str| first.iter().find(|cell| cell.column == name);
    let place_of = |name: &str| cell_of(name).map(AboveCell::place);
    let sheets: BTreeSet<&Option<String>> = lists.iter().map(|list| &list.name.sheet).collect();
    let by = |name: &str| place_of(name).filter(|_| different(lists, name).0);
    let by_sheet = || (sheets.len() == lists.len()).then_some(ProposedPlace::Sheet);
    let code = by("id").or_else(|| by("title")).or_else(by_sheet).or_else(|| by("date"));
    let code = code.or_else(|| place_of("id")).or_else(|| place_of("title")).unwrap_or(ProposedPlace::Sheet);
    let mut above: Vec<PlacedColumn> =
        first.iter().filter(|cell| cell.column != "id").map(|cell| (cell.column, cell.place(), cell.guessed)).collect();
    above.insert(0, ("id", code.clone(), place_of("id").is_none()));
    if cell_of("title").is_none() {
        above.extend(place_of("id").map(|place| ("title", place, true)));
    }
    if cell_of("type").is_none() {
        // What the list itself calls the event.
        let label = cell_of("title").or(cell_of("id")).map(|cell| cell.label.clone()).unwrap_or_default();
        above.push(("type", ProposedPlace::Text(label), true));
    }
    (above, code)
}
