//! The attendance table: streamed, a few integers kept for each row.

mod compared;

pub use compared::{ByActivity, compare_reached, doubled, drop_doubled, tell_doubled};

use jiff::civil::Date;

use super::activities::{Activities, Known, outside};
use super::cell::{Reading, SlashColumn};
use super::codes::{CodeBook, Recalled};
use super::fold;
use super::layout::TableKind;
use super::lists::Listing;
use super::personal::{self, Traces};
use super::persons::{self, FieldGround, Meanings, Patterns, PersonFields, Persons, Source};
use super::raw::{Raw, RawRow};
use super::sources::Tables;
use super::table::{Part, Role, TableRun, Verdict};
use super::workbook::Wanted;
use crate::diagnostic::Problem;
use crate::model::{ActivityStatus, Attendance, PersonId, Settings, StateId};

/// Attendances while they are read: persons by number of their code, states by number of what the row said.
#[derive(Default)]
pub struct Attendances {
    pub rows: Vec<Attendance>,
    /// Written sessions; the first is the empty text.
    pub sessions: Vec<String>,
    by_session: hashbrown::HashMap<String, u32>,
    /// Some sheet has dates of its own.
    pub dated: bool,
}

/// What attendances refer to.
pub struct Ground<'g> {
    pub settings: &'g Settings,
    pub listing: &'g Listing,
    pub activities: &'g Activities,
    /// Without a readable activities table, nothing is said of unknown activities.
    pub judge_activities: bool,
    /// The same for a participants table.
    pub judge_persons: bool,
}

/// A date that reads two ways, until its column is settled.
struct Pending {
    at: u32,
    reading: Reading,
    row: u32,
    column: u32,
    person: u32,
}

/// Where a sheet has attendance's own columns; looked up once, not for every row.
struct Columns {
    activity: Option<u32>,
    person: Option<u32>,
    date: Option<u32>,
    session: Option<u32>,
    name: Option<u32>,
    linked: bool,
}

impl Columns {
    fn new(part: &Part) -> Columns {
        Columns {
            activity: part.column("activity"),
            person: part.column("person"),
            date: part.column("date"),
            session: part.column("session"),
            name: part.column("name"),
            linked: part.column("same_as").is_some() || part.column("different_from").is_some(),
        }
    }
}

pub fn read(
    tables: &mut Tables,
    run: &mut TableRun,
    fields: &mut PersonFields,
    ground: &Ground,
    traces: &mut Traces,
    persons: &mut Persons,
) -> Attendances {
    let mut out = Attendances { sessions: vec![String::new()], ..Attendances::default() };
    for part in tables.parts(TableKind::Attendance) {
        out.dated |= part.column("date").is_some();
        let columns = fields.columns(&part);
        persons.parts.push((part.clone(), columns.clone()));
        let own_columns = Columns::new(&part);
        let own = ["activity", "person", "date", "session", "name", "same_as", "different_from"];
        let mut wanted: Vec<u32> =
            own.into_iter().filter_map(|name| part.column(name)).chain(columns.wanted()).collect();
        let aside = personal::unread(&part, &wanted);
        wanted.extend(&aside);
        wanted.sort_unstable();
        wanted.dedup();
        let mut slashes = SlashColumn::default();
        let mut pending = Vec::new();
        let slashes_of_births = persons::slash_column(tables, &part, columns.birth_date());
        let births = FieldGround { listing: ground.listing, settings: ground.settings, slashes: slashes_of_births };
        let mut activities = Recalled::default();
        persons.recalled.turn_to(part.book);
        let (mut patterns, mut meanings) = (Patterns::new(&columns), Meanings::default());
        let pattern = |row: &RawRow| patterns.number(row);
        tables.each_row(run, &part, &Wanted::Columns(wanted), pattern, |run, row, pattern| {
            run.begin(&part, row);
            let known = activity(run, &part, row, own_columns.activity, ground, &mut activities);
            let activity = match known {
                Some(Known::Activity(id)) => Some(id),
                _ => None,
            };
            let person = person(run, &part, row, own_columns.person, ground, persons);
            let date = date(run, &part, row, own_columns.date, &mut slashes);
            let session = session(run, &part, row, own_columns.session, &mut out);
            let day = date.as_ref().and_then(|(day, _)| *day);
            let words = meanings.of(pattern, run, |run| {
                let of_activity = || activity.and_then(|id| ground.activities.table.get(id).counted_day());
                let age_day = day.or_else(of_activity);
                persons.words.find_or_keep(fields.read(run, &part, row, &columns, &births, age_day))
            });
            traces.aside(row, &aside);
            if let Some(number) = person {
                // Most rows say of a person what the one before said.
                if persons.last[number as usize] != Some(words) {
                    let told = run.told();
                    persons::hear(run, &part, row, (number, words), Source::Attendance, &columns, persons);
                    persons::name(number, persons, traces, |salt| {
                        persons::named(row, own_columns.name, &persons::folded(row, own_columns.name)?, salt)
                    });
                    let named = own_columns.name.is_none() || persons.infos[number as usize].name.is_some();
                    // What contradicts is told at every row that says it.
                    persons.last[number as usize] = (named && told == run.told()).then_some(words);
                }
                if own_columns.linked {
                    persons::links(run, &part, row, number, persons);
                }
            }
            if let (Some(day), Some(column)) = (day, own_columns.date) {
                let counts = activity.is_none_or(|id| counts(ground.activities.table.get(id).status));
                outside(run, &part, row, column, day, counts, ground.settings);
            }
            if known == Some(Known::Faulty) && run.is_sound() {
                run.pass_begun("faulty-activity");
                return;
            }
            if run.settle() == Verdict::Leave {
                return;
            }
            let (Some(activity), Some(person)) = (activity, person) else { return };
            if let Some((None, reading)) = date {
                let column = own_columns.date.unwrap_or_default();
                let at = out.rows.len() as u32;
                pending.push(Pending { at, reading, row: row.number, column, person });
            }
            out.rows.push(Attendance {
                activity,
                person: PersonId(person),
                state: StateId(words.get()),
                day,
                session,
                row: part.row(row.number),
            });
        });
        settle_dates(run, &part, slashes, pending, persons, &mut out);
    }
    out
}

/// A dated attendance counts while its activity is completed or ongoing.
fn counts(status: ActivityStatus) -> bool {
    matches!(status, ActivityStatus::Completed | ActivityStatus::Ongoing)
}

/// The number of a code that is written as it was before: most are, and need no cleaning.
fn known(codes: &CodeBook, row: &RawRow, column: u32, recalled: &mut Recalled) -> Option<u32> {
    let cell = row.cell(column)?;
    let Raw::Text(text) = &cell.raw else { return None };
    if let Some(number) = recalled.get(cell) {
        return Some(number);
    }
    let number = codes.find_exact(text)?;
    recalled.keep(cell, number);
    Some(number)
}

fn activity(
    run: &mut TableRun,
    part: &Part,
    row: &RawRow,
    column: Option<u32>,
    ground: &Ground,
    recalled: &mut Recalled,
) -> Option<Known> {
    let column = column?;
    let codes = &ground.activities.codes;
    let number = match known(codes, row, column, recalled) {
        Some(number) => number,
        None => {
            let code = run.key(part, row, Some(column), "missing-activity")?;
            let Some(found) = codes.find(&code) else {
                if ground.judge_activities {
                    let mut problem = Problem::error("unknown-activity").with("value", code.as_ref());
                    if run.is_first("unknown-activity", part, column)
                        && let Some(near) = codes.nearest(&code)
                        && let Some((other, row, column)) = ground.activities.place(near)
                    {
                        problem = suggestion(problem, codes.written(near), other, row, column);
                    }
                    run.fault(part, row, column, Role::Deciding, problem);
                }
                return None;
            };
            if found.folded {
                run.looks_alike(part, row, column, &code, codes.written(found.number));
            }
            found.number
        }
    };
    Some(ground.activities.known(number))
}

fn suggestion(problem: Problem, near: &str, part: &Part, row: u32, column: u32) -> Problem {
    problem
        .variant("nearest")
        .with("nearest", near)
        .with("sheet", part.sheet_name.clone().unwrap_or_else(|| part.file.clone()))
        .with("cell", crate::diagnostic::cell_name(row, column))
}

fn person(
    run: &mut TableRun,
    part: &Part,
    row: &RawRow,
    column: Option<u32>,
    ground: &Ground,
    persons: &mut Persons,
) -> Option<u32> {
    let column = column?;
    if let Some(number) = known(&persons.codes, row, column, &mut persons.recalled) {
        return Some(number);
    }
    let code = run.key(part, row, Some(column), "missing-person")?;
    if !persons.closed && ground.judge_persons {
        let found = persons::person(run, part, row, &code, persons);
        // A look-alike is told at every row.
        if let Some(cell) = row.cell(column).filter(|_| !found.folded) {
            persons.recalled.keep(cell, found.number);
        }
        return Some(found.number);
    }
    let Some(found) = persons.codes.find(&code) else {
        if ground.judge_persons {
            let mut problem = Problem::error("unknown-person").with("value", code.as_ref());
            if run.is_first("unknown-person", part, column)
                && let Some(near) = persons.codes.nearest(&code)
                && let Some((other, row, column)) = persons.cell(near)
            {
                problem = suggestion(problem, persons.codes.written(near), other, row, column);
            }
            run.fault(part, row, column, Role::Deciding, problem);
        }
        return None;
    };
    if found.folded {
        let known = persons.codes.written(found.number).to_owned();
        run.looks_alike(part, row, column, &code, &known);
    }
    Some(found.number)
}

/// The row's own date: none for a blank; a day, or what must wait until the column is settled.
fn date(
    run: &mut TableRun,
    part: &Part,
    row: &RawRow,
    column: Option<u32>,
    slashes: &mut SlashColumn,
) -> Option<(Option<Date>, Reading)> {
    let column = column?;
    let reading = run.date(part, row, Some(column), Role::Deciding)?;
    slashes.observe(reading);
    match reading {
        Reading::Day(day) => Some((Some(day), reading)),
        Reading::Month(_) => {
            let problem = Problem::error("month-without-day").with("column", run.heading(part, column));
            run.fault(part, row, column, Role::Deciding, problem);
            None
        }
        Reading::Slash { day_first: Some(day), month_first: None }
        | Reading::Slash { day_first: None, month_first: Some(day) } => Some((Some(day), reading)),
        Reading::Slash { .. } => Some((None, reading)),
    }
}

fn settle_dates(
    run: &mut TableRun,
    part: &Part,
    slashes: SlashColumn,
    pending: Vec<Pending>,
    persons: &Persons,
    out: &mut Attendances,
) {
    let mut removed: Vec<u32> = Vec::new();
    for Pending { at, reading, row, column, person } in pending {
        let shown = match reading {
            Reading::Slash { day_first: Some(day), .. } => {
                format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
            }
            _ => String::new(),
        };
        match slashes.settle(reading, &shown) {
            Ok(day) => out.rows[at as usize].day = Some(day),
            Err(problem) => {
                let cells =
                    vec![("person".to_owned(), persons.codes.written(person).to_owned()), ("date".to_owned(), shown)];
                let row = RawRow { number: row, ..RawRow::default() };
                let problem = problem.with("column", run.heading(part, column)).excerpt(cells, Some(1));
                run.fault_in_used(part, &row, column, Role::Deciding, problem);
                removed.push(at);
            }
        }
    }
    if !removed.is_empty() {
        let mut at = 0u32;
        out.rows.retain(|_| {
            at += 1;
            removed.binary_search(&(at - 1)).is_err()
        });
    }
}

fn session(run: &mut TableRun, part: &Part, row: &RawRow, column: Option<u32>, out: &mut Attendances) -> u32 {
    let Some(column) = column else { return 0 };
    let written = run.text(part, row, Some(column));
    let Some(text) = written else { return 0 };
    if let Some(&number) = out.by_session.get(text.as_ref()) {
        return number;
    }
    let key = fold::code_key(&text);
    let is_folded = key == text;
    let number = *out.by_session.entry(key).or_insert_with(|| {
        out.sessions.push(text.as_ref().to_owned());
        out.sessions.len() as u32 - 1
    });
    if !is_folded {
        out.by_session.insert(text.into_owned(), number);
    }
    number
}
