//! The attendance table: streamed, a few integers kept for each row.

mod by_activity;
mod dates;

pub use by_activity::{ByActivity, check_head_counts, find_doubled, remove_doubled, report_doubled};
pub use dates::pass_over_uncounted;

use jiff::civil::Date;

use super::activities::{ActivityMatch, ReadActivities};
use super::cell::{DateReading, SlashOrder};
use super::codes::{CodeId, CodeIndex, SharedStringCache};
use super::layout::TableKind;
use super::lists::ListIndex;
use super::persons::{AttributesId, PatternId, PersonReader, PersonSheet, Persons, find_date_order};
use super::raw_row::{Raw, RawRow};
use super::table::{Field, OnFault, RowOutcome, RowReader, TableReader, TableSheet};
use super::tables::Tables;
use crate::diagnostic::{Problem, kinds};
use crate::fold;
use crate::model::{ActivityId, RowRef, Settings, Waiver};

/// A row of attendance before persons under several codes are merged, and before all is known of them. It takes as much
/// memory as an [`Attendance`](crate::model::Attendance), so that a million of them become such in place.
pub struct UnresolvedAttendance {
    pub activity: ActivityId,
    pub person: CodeId,
    pub attributes: AttributesId,
    /// The row's own day.
    pub day: Option<Date>,
    /// Index into [`ReadAttendances::sessions`].
    pub session: u32,
    pub row: RowRef,
}

/// The attendance table.
#[derive(Default)]
pub struct ReadAttendances {
    pub rows: Vec<UnresolvedAttendance>,
    /// Sessions as first written; the first is the empty text.
    pub sessions: Vec<String>,
    session_index: hashbrown::HashMap<String, u32>,
    /// Some sheet has dates of its own.
    pub is_dated: bool,
}

/// What attendances refer to.
pub struct AttendanceContext<'a> {
    pub settings: &'a Settings,
    pub lists: &'a ListIndex,
    pub activities: &'a ReadActivities,
    /// Whether unknown activities are reported: not where the activities table is missing or can't be read.
    pub checks_activities: bool,
    /// The same of persons and the participants table.
    pub checks_persons: bool,
}

/// Reads one sheet of attendance.
struct AttendanceSheetReader<'s> {
    context: &'s AttendanceContext<'s>,
    columns: AttendanceColumns,
    persons: PersonSheet<'s>,
    activity_cache: SharedStringCache,
    slashes: SlashOrder,
    /// All dates of the column were looked at before the first row.
    is_order_known: bool,
    undecided: Vec<UndecidedDate>,
}

/// Attendance's own columns in a sheet, looked up once for all rows.
struct AttendanceColumns {
    activity: Option<u32>,
    person: Option<u32>,
    date: Option<u32>,
    session: Option<u32>,
}

/// A date that can be read in two ways, until all dates of its column have been seen.
struct UndecidedDate {
    /// Index of the attendance.
    at: usize,
    reading: DateReading,
    person: CodeId,
}

/// Reads the attendance table.
pub fn read_attendance(
    tables: &mut Tables,
    table: &mut TableReader,
    reader: &mut PersonReader,
    context: &AttendanceContext,
) -> ReadAttendances {
    let mut attendances = ReadAttendances { sessions: vec![String::new()], ..ReadAttendances::default() };
    reader.persons.names.clear();
    for sheet in tables.sheets(TableKind::Attendance) {
        let own = ["activity", "date", "session"];
        let (persons, wanted, mut patterns) = reader.open_sheet(tables, &sheet, &own, context.lists, context.settings);
        let mut sheet_reader = AttendanceSheetReader::new(&sheet, context, persons);
        sheet_reader.find_order(tables, &sheet);
        attendances.is_dated |= sheet_reader.columns.date.is_some();
        let find_pattern = |row: &RawRow| patterns.find_or_add(row);
        tables.for_each_data_row(table, &sheet, &wanted, find_pattern, |row, pattern| {
            sheet_reader.read_row(row, pattern, reader, &mut attendances);
        });
        sheet_reader.persons.warn_sex_words(table, &sheet);
        sheet_reader.persons.warn_swapped_births(table, &sheet);
        table.warn_swapped_days(&sheet, sheet_reader.columns.date, &sheet_reader.slashes);
        sheet_reader.decide_dates(table, &sheet, &reader.persons, &mut attendances);
    }
    attendances
}

impl<'s> AttendanceSheetReader<'s> {
    fn new(
        sheet: &TableSheet,
        context: &'s AttendanceContext<'s>,
        persons: PersonSheet<'s>,
    ) -> AttendanceSheetReader<'s> {
        let columns = AttendanceColumns {
            activity: sheet.column("activity"),
            person: sheet.column("person"),
            date: sheet.column("date"),
            session: sheet.column("session"),
        };
        AttendanceSheetReader {
            context,
            columns,
            persons,
            activity_cache: SharedStringCache::default(),
            slashes: SlashOrder::given(sheet.options.dates),
            is_order_known: false,
            undecided: Vec::new(),
        }
    }

    /// Reads the column of dates once more where ambiguous ones are waived: a row that is left out must not have written
    /// anything of its person before.
    fn find_order(&mut self, tables: &mut Tables, sheet: &TableSheet) {
        let is_waived = |waiver: &Waiver| waiver.problem == "ambiguous-date" && waiver.table == "attendance";
        if self.context.settings.waivers.iter().any(is_waived) {
            self.slashes = find_date_order(tables, sheet, self.columns.date);
            self.is_order_known = true;
        }
    }

    fn read_row(
        &mut self,
        row: &mut RowReader,
        pattern: Option<PatternId>,
        reader: &mut PersonReader,
        attendances: &mut ReadAttendances,
    ) {
        let activities = &self.context.activities.table;
        let found = self.read_activity(row);
        let activity = match found {
            Some(ActivityMatch::Usable(activity)) => Some(activity),
            _ => None,
        };
        let person = self.read_person(row, reader);
        let date = self.read_date(row);
        let session = attendances.read_session(&mut row.field_at(self.columns.session));
        let day = date.and_then(decided_day);
        // A date that can be read in two ways says nothing yet.
        let undated_day = || activity.and_then(|activity| activities.get(activity).counted_day());
        let age_day = || if date.is_some() { day } else { undated_day() };
        let attributes = reader.read_attributes(row, &mut self.persons, pattern, age_day);
        if let Some(person) = person {
            if row.is_sound() && found != Some(ActivityMatch::Faulty) {
                reader.add_attending(row, &self.persons, person, attributes, age_day);
            } else {
                reader.add_name_of_unused(row, &self.persons, person);
            }
        }
        let activity_row = activity.map(|activity| activities.get(activity));
        let all = self.context.activities;
        if let Some(kind) = activity_row.and_then(|activity| dates::not_held(activity, date.is_some(), all)) {
            row.field_at(self.columns.activity).warn(kind);
        }
        if let Some(day) = day {
            for kind in dates::faults_of_day(day, activity_row, all, self.context.settings) {
                row.field_at(self.columns.date).warn(kind);
            }
        }
        if found == Some(ActivityMatch::Faulty) && row.is_sound() {
            row.skip("faulty-activity");
            return;
        }
        if row.finish() == RowOutcome::Dropped {
            return;
        }
        let (Some(activity), Some(person)) = (activity, person) else { return };
        if let Some(reading) = date.filter(|_| day.is_none()) {
            self.undecided.push(UndecidedDate { at: attendances.rows.len(), reading, person });
        }
        let row = row.row_ref();
        attendances.rows.push(UnresolvedAttendance { activity, person, attributes, day, session, row });
    }

    fn read_activity(&mut self, row: &mut RowReader) -> Option<ActivityMatch> {
        let AttendanceContext { activities, checks_activities, .. } = *self.context;
        let mut field = row.field_at(self.columns.activity);
        let found = match find_cached(&activities.codes, &field, &mut self.activity_cache) {
            Some(id) => id,
            None => {
                let code = field.required_code_or(kinds::MissingActivity)?;
                let is_padded = field.is_padded();
                let found = activities.codes.find(&code).or_else(|| activities.codes.find_padded(&code, is_padded));
                let Some(found) = found else {
                    if checks_activities {
                        let cell_of = |id| activities.code_cell(id);
                        let near = find_near(&field, kinds::UnknownActivity::CODE, &code, &activities.codes, cell_of);
                        let kind = near.map_or(kinds::UnknownActivity::Plain, |NearCode { nearest, sheet, cell }| {
                            kinds::UnknownActivity::Nearest { nearest, sheet, cell }
                        });
                        field.report(OnFault::DropRow, kind);
                    }
                    return None;
                };
                if found.is_look_alike {
                    field.warn_look_alike(&code, activities.codes.text(found.id));
                }
                found.id
            }
        };
        Some(activities.get(found))
    }

    fn read_person(&self, row: &mut RowReader, reader: &mut PersonReader) -> Option<CodeId> {
        let persons = &mut reader.persons;
        let mut field = row.field_at(self.columns.person);
        if let Some(id) = find_cached(&persons.codes, &field, &mut persons.code_cache) {
            return Some(id);
        }
        let code = field.required_code_or(kinds::MissingPerson)?;
        let (cell, is_padded) = (field.cell(), field.is_padded());
        if !persons.is_closed && self.context.checks_persons {
            let found = reader.find_or_add_person(row, &code, is_padded);
            // A look-alike is reported at every row.
            if let Some(cell) = cell.filter(|_| !found.is_look_alike) {
                reader.persons.code_cache.insert(cell, found.id);
            }
            return Some(found.id);
        }
        let Some(found) = persons.codes.find(&code).or_else(|| persons.codes.find_padded(&code, is_padded)) else {
            if self.context.checks_persons {
                let cell_of = |id| persons.code_cell(id);
                let near = find_near(&field, kinds::UnknownPerson::CODE, &code, &persons.codes, cell_of);
                let kind = near.map_or(kinds::UnknownPerson::Plain, |NearCode { nearest, sheet, cell }| {
                    kinds::UnknownPerson::Nearest { nearest, sheet, cell }
                });
                field.report(OnFault::DropRow, kind);
            }
            return None;
        };
        if found.is_look_alike {
            field.warn_look_alike(&code, persons.codes.text(found.id));
        }
        Some(found.id)
    }

    /// The row's own date; `None` if it is blank or faulty.
    fn read_date(&mut self, row: &mut RowReader) -> Option<DateReading> {
        let mut field = row.field_at(self.columns.date);
        let reading = field.date(OnFault::DropRow)?;
        if !self.is_order_known
            && let Some(cell) = field.cell()
        {
            self.slashes.observe_cell(cell, field.row_number(), reading);
        }
        let is_decided = self.is_order_known || field.date_order().is_some();
        match reading {
            DateReading::Month(_) => {
                field.report(OnFault::DropRow, kinds::MonthWithoutDay);
                None
            }
            reading if is_decided || matches!(reading, DateReading::Range { .. }) => {
                field.resolve_date(self.slashes, reading).map(DateReading::Day)
            }
            reading => Some(reading),
        }
    }

    /// Decides dates that can be read in two ways, now that all of the sheet's are known.
    fn decide_dates(
        self,
        table: &mut TableReader,
        sheet: &TableSheet,
        persons: &Persons,
        attendances: &mut ReadAttendances,
    ) {
        let mut removed: Vec<usize> = Vec::new();
        for UndecidedDate { at, reading, person } in self.undecided {
            let shown = match reading {
                DateReading::Slash { day_first: Some(day), .. } => {
                    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
                }
                _ => String::new(),
            };
            let attendance = &mut attendances.rows[at];
            let raw = RawRow::at(attendance.row);
            let mut row = table.finished_row(sheet, &raw);
            let code = persons.codes.text(person).to_owned();
            let excerpt = |shown| vec![("person".to_owned(), code), ("date".to_owned(), shown)];
            match self.slashes.resolve(reading, &shown) {
                Ok(day) => {
                    attendance.day = Some(day);
                    let all = self.context.activities;
                    let activity = all.table.get(attendance.activity);
                    let cells = excerpt(shown);
                    for kind in dates::faults_of_day(day, Some(activity), all, self.context.settings) {
                        let problem = Problem::warning(kind).excerpt(cells.clone(), Some(1));
                        row.field_at(self.columns.date).warn_problem(problem);
                    }
                }
                Err(problem) => {
                    let problem = problem.excerpt(excerpt(shown), Some(1));
                    row.field_at(self.columns.date).report_problem(OnFault::DropRow, problem);
                    removed.push(at);
                }
            }
        }
        if !removed.is_empty() {
            let mut at = 0;
            attendances.rows.retain(|_| {
                at += 1;
                removed.binary_search(&(at - 1)).is_err()
            });
        }
    }
}

/// The day of a date that can be read in one way.
fn decided_day(reading: DateReading) -> Option<Date> {
    match reading {
        DateReading::Day(day)
        | DateReading::Slash { day_first: Some(day), month_first: None }
        | DateReading::Slash { day_first: None, month_first: Some(day) } => Some(day),
        DateReading::Month(_) | DateReading::Range { .. } | DateReading::Slash { .. } => None,
    }
}

/// The code of a cell that writes it as it was first written: most do, and need no cleaning.
fn find_cached(codes: &CodeIndex, field: &Field, cache: &mut SharedStringCache) -> Option<CodeId> {
    let cell = field.cell()?;
    let Raw::Text(text) = &cell.raw else { return None };
    if let Some(id) = cache.get(cell) {
        return Some(id);
    }
    let id = codes.find_exact(text)?;
    cache.insert(cell, id);
    Some(id)
}

/// A known code near an unknown one, with its sheet and cell.
struct NearCode {
    nearest: String,
    sheet: String,
    cell: String,
}

/// The known code that is nearest to an unknown one; only for the first problem with this code in the field's column.
/// `cell_of` finds the cell of a known code.
fn find_near<'t>(
    field: &Field,
    problem: &'static str,
    code: &str,
    codes: &CodeIndex,
    cell_of: impl Fn(CodeId) -> Option<(&'t TableSheet, RowRef, u32)>,
) -> Option<NearCode> {
    if !field.is_first(problem) {
        return None;
    }
    let near = codes.nearest(code)?;
    let (sheet, row, column) = cell_of(near)?;
    let nearest = codes.text(near).to_owned();
    let cell = sheet.cell_name_in(&RawRow::at(row), column);
    let sheet = sheet.sheet_name.as_ref().unwrap_or(&sheet.file).clone();
    Some(NearCode { nearest, sheet, cell })
}

impl ReadAttendances {
    /// The number of the session that a cell names.
    fn read_session(&mut self, field: &mut Field) -> u32 {
        let Some(text) = field.text() else { return 0 };
        if let Some(&number) = self.session_index.get(text.as_ref()) {
            return number;
        }
        let key = fold::code_key(&text);
        let is_key = key == text;
        let number = *self.session_index.entry(key).or_insert_with(|| {
            self.sessions.push(text.as_ref().to_owned());
            self.sessions.len() as u32 - 1
        });
        if !is_key {
            self.session_index.insert(text.into_owned(), number);
        }
        number
    }
}
