//! The order in which a project is read: project.toml, lists, results, indicators as written, activities, persons,
//! attendance; then what the indicators' words mean, targets and reported values.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::num::NonZeroU32;
use std::path::Path;

use super::activities::{self, Activities};
use super::attendance::{self, Attendances};
use super::codes::CodeBook;
use super::conditions::{self, Usage, WrittenCalculation};
use super::layout::TableKind;
use super::lists::{self, Listing};
use super::logframe::{self, ResultRows, WrittenIndicator};
use super::personal::Traces;
use super::persons::{self, PersonFields, Persons};
use super::settings::{self, PROJECT_FILE, ProjectFile};
use super::sources::Tables;
use super::table::{Desk, TableRun};
use super::waivers::WaiverBook;
use super::{Checked, InputFile, PersonalTraces, TableAccount};
use crate::diagnostic::{Place, Problem};
use crate::model::{ActivityTable, Indicator, Lists, Logframe, Person, PersonId, PersonTable, Project, Settings};

/// A project file is a page; what is larger is something else.
const PROJECT_BYTES: u64 = 4 * 1024 * 1024;

pub fn read(folder: &Path) -> Checked {
    let mut problems = Vec::new();
    let source = match project_text(folder) {
        Ok(source) => source,
        Err(problem) => return nothing(vec![problem], Vec::new()),
    };
    let input = InputFile { path: PROJECT_FILE.to_owned(), hash: blake3::hash(source.as_bytes()).to_hex().to_string() };
    let Some(mut file) = settings::read(&source, folder, &mut problems) else { return nothing(problems, vec![input]) };
    let mut tables = Tables::find(folder, &file.plans, &file.settings.limits, &mut problems);
    let desk = Desk::default();
    desk.gather.borrow_mut().extend(problems);
    *desk.waivers.borrow_mut() = WaiverBook::new(&file.settings.waivers, &file.waiver_places);
    let mut traces = Traces::new(&source);
    let read =
        Reader { desk: &desk, file: &file, tables: &mut tables, traces: &mut traces, runs: BTreeMap::new() }.run();
    let accounts = TableKind::ALL.iter().filter_map(|kind| read.accounts.get(kind).cloned()).collect();
    let Desk { gather, waivers, passed } = desk;
    let reports = file.settings.reports.iter_mut().filter_map(|report| report.indicators.as_mut());
    for code in reports.flatten() {
        if let Some(written) = read.named.get(code) {
            code.clone_from(written);
        }
    }
    let mut gather = gather.into_inner();
    let waived = waivers.into_inner().finish(&mut gather);
    let mut inputs = vec![input];
    inputs.extend(tables.inputs());
    inputs.sort();
    let mut sources = std::mem::take(&mut tables.sources);
    sources.passed = passed.into_inner();
    sources.passed.sort_by_key(|passed| passed.row);
    let project = (gather.errors() == 0).then(|| Project {
        settings: file.settings.clone(),
        sources,
        lists: read.lists.clone(),
        logframe: read.logframe.clone().unwrap_or_default(),
        activities: read.activities,
        persons: read.persons,
    });
    Checked {
        settings: (!file.faulty).then_some(file.settings),
        lists: read.lists,
        logframe: read.logframe,
        project,
        problems: gather.into_problems(),
        accounts,
        unread: !tables.broken.is_empty(),
        waived,
        inputs,
        personal: traces.finish(),
    }
}

/// project.toml alone.
pub fn settings(folder: &Path) -> (Option<Settings>, Vec<Problem>) {
    let mut problems = Vec::new();
    let file = match project_text(folder) {
        Ok(source) => settings::read(&source, folder, &mut problems),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    (file.filter(|file| !file.faulty).map(|file| file.settings), problems)
}

/// The project's code as project.toml writes it, whatever else stands there.
pub fn code_of(folder: &Path) -> Option<String> {
    let text = project_text(folder).ok()?;
    let table = toml::de::DeTable::parse(&text).ok()?;
    table.get_ref().get("code")?.get_ref().as_str().map(str::to_owned)
}

fn project_text(folder: &Path) -> Result<String, Problem> {
    let place = Place::file(PROJECT_FILE);
    let path =
        settings::inside(folder, PROJECT_FILE).map_err(|_| Problem::error("missing-project-file").at(place.clone()))?;
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(PROJECT_BYTES + 1).read_to_end(&mut bytes));
    if read.is_err() || bytes.len() as u64 > PROJECT_BYTES {
        return Err(Problem::error("unreadable-project-file").at(place));
    }
    let text = String::from_utf8(bytes).map_err(|_| Problem::error("unreadable-project-file").at(place))?;
    // A byte order mark, as some editors write it.
    Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}

fn nothing(problems: Vec<Problem>, inputs: Vec<InputFile>) -> Checked {
    Checked {
        settings: None,
        lists: Lists::default(),
        logframe: None,
        project: None,
        problems,
        accounts: Vec::new(),
        unread: true,
        waived: Vec::new(),
        inputs,
        personal: PersonalTraces::default(),
    }
}

/// What reading the tables gives.
struct ReadTables {
    lists: Lists,
    logframe: Option<Logframe>,
    activities: ActivityTable,
    persons: PersonTable,
    accounts: BTreeMap<TableKind, TableAccount>,
    /// Indicators that reports name → their codes as the table writes them.
    named: BTreeMap<String, String>,
}

struct Reader<'r> {
    desk: &'r Desk,
    file: &'r ProjectFile,
    tables: &'r mut Tables,
    traces: &'r mut Traces,
    runs: BTreeMap<TableKind, TableRun<'r>>,
}

/// The indicators before their words are looked up.
struct WrittenIndicators {
    codes: CodeBook,
    rows: Vec<WrittenIndicator>,
    usage: Usage,
    calculations: Vec<Option<WrittenCalculation>>,
}

impl<'r> Reader<'r> {
    fn run(mut self) -> ReadTables {
        let listing = self.lists();
        let results = self.results(&listing);
        let written = self.indicators(&listing, &results);
        let activities = self.activities(&listing, &results, &written.usage);
        let (persons, person_codes, has_age, dated) = self.persons(&listing, &activities, &written.usage);
        self.needed(&written);
        let ground = conditions::Ground {
            activities: self.tables.has(TableKind::Activities).then_some(&activities.table),
            persons: self.tables.has(TableKind::Attendance).then_some(&persons),
            person_codes: &person_codes,
            listing: &listing,
            has_age,
            dated,
        };
        let has_indicators = self.tables.has(TableKind::Indicators);
        let WrittenIndicators { codes, rows, calculations, .. } = written;
        let mut run = self.take(TableKind::Indicators);
        for row in &rows {
            logframe::check_baselines(&mut run, row);
        }
        let indicators = conditions::compile(&mut run, &ground, &codes, rows);
        self.put(run);
        let named = self.named_indicators(&codes);
        let logframe = self.logframe(&listing, &codes, &calculations, results, indicators);
        let accounts = self.accounts();
        ReadTables {
            lists: listing.lists,
            logframe: has_indicators.then_some(logframe),
            activities: activities.table,
            persons,
            accounts,
            named,
        }
    }

    fn take(&mut self, kind: TableKind) -> TableRun<'r> {
        self.runs.remove(&kind).unwrap_or_else(|| TableRun::new(kind, self.desk))
    }

    fn put(&mut self, run: TableRun<'r>) {
        self.runs.insert(run.kind, run);
    }

    fn problem(&self, problem: Problem) {
        self.desk.gather.borrow_mut().add(problem);
    }

    fn lists(&mut self) -> Listing {
        let mut listing = Listing::built_in();
        let mut run = self.take(TableKind::Lists);
        for part in self.tables.parts(TableKind::Lists) {
            for row in self.tables.rows(&mut run, &part) {
                run.begin(&part, &row);
                lists::read(&mut run, &part, &row, &mut listing, &self.file.settings.languages);
            }
        }
        self.put(run);
        listing
    }

    fn results(&mut self, listing: &Listing) -> ResultRows {
        let mut results = ResultRows::default();
        let mut run = self.take(TableKind::Results);
        for part in self.tables.parts(TableKind::Results) {
            for row in self.tables.rows(&mut run, &part) {
                run.begin(&part, &row);
                logframe::read_result(&mut run, &part, &row, listing, &self.file.settings.languages, &mut results);
            }
        }
        results.link(&mut run);
        self.put(run);
        results
    }

    /// The codes of the results table; none where there is no such table, so that any code is taken.
    fn result_codes<'c>(&self, results: &'c ResultRows) -> Option<&'c CodeBook> {
        self.tables.has(TableKind::Results).then_some(&results.codes)
    }

    fn indicators(&mut self, listing: &Listing, results: &ResultRows) -> WrittenIndicators {
        let result_codes = self.result_codes(results);
        let mut codes = CodeBook::default();
        let mut rows = Vec::new();
        let mut run = self.take(TableKind::Indicators);
        for part in self.tables.parts(TableKind::Indicators) {
            for row in self.tables.rows(&mut run, &part) {
                run.begin(&part, &row);
                let ground = logframe::IndicatorGround {
                    listing,
                    languages: &self.file.settings.languages,
                    results: result_codes,
                };
                logframe::read_indicator(&mut run, &part, &row, &ground, &mut codes, &mut rows);
            }
        }
        self.put(run);
        let mut usage = Usage::default();
        for row in &rows {
            usage.add(row.calculation.as_ref(), &row.conditions, &row.axes);
        }
        let calculations = rows.iter().map(|row| row.calculation.clone()).collect();
        WrittenIndicators { codes, rows, usage, calculations }
    }

    fn activities(&mut self, listing: &Listing, results: &ResultRows, usage: &Usage) -> Activities {
        let mut run = self.take(TableKind::Activities);
        let ground = activities::Ground {
            settings: &self.file.settings,
            listing,
            usage,
            results: self.result_codes(results).map(|codes| (codes, results.nodes.as_slice())),
        };
        let activities = activities::read(self.tables, &mut run, &ground);
        self.put(run);
        activities
    }

    /// The persons, their codes by number before any were found to be one, whether ages and dates are known.
    fn persons(
        &mut self,
        listing: &Listing,
        activities: &Activities,
        usage: &Usage,
    ) -> (PersonTable, CodeBook, bool, bool) {
        let settings = &self.file.settings;
        let tables = &mut *self.tables;
        let mut parts = tables.parts(TableKind::Participants);
        parts.extend(tables.parts(TableKind::Attendance));
        let mut fields = PersonFields::new(&parts, listing, usage);
        let mut people = Persons::default();
        let mut run = self
            .runs
            .remove(&TableKind::Participants)
            .unwrap_or_else(|| TableRun::new(TableKind::Participants, self.desk));
        persons::read_participants(tables, &mut run, &mut fields, listing, settings, self.traces, &mut people);
        let mut attendance_run = TableRun::new(TableKind::Attendance, self.desk);
        let ground = attendance::Ground {
            settings,
            listing,
            activities,
            judge_activities: tables.has(TableKind::Activities) && !tables.broken.contains(&TableKind::Activities),
            judge_persons: !tables.broken.contains(&TableKind::Participants),
        };
        let mut attended =
            attendance::read(tables, &mut attendance_run, &mut fields, &ground, self.traces, &mut people);
        let same = persons::settle_links(if people.closed { &mut run } else { &mut attendance_run }, &mut people);
        if (0..).zip(&same).any(|(number, first)| *first != number) {
            for row in &mut attended.rows {
                row.person = PersonId(same[row.person.0 as usize]);
            }
        }
        let compare = || {
            let by_activity = attendance::ByActivity::new(activities, &attended.rows);
            let doubled = attendance::doubled(activities, &attended.rows, &by_activity);
            (by_activity, doubled)
        };
        let (suspected, (by_activity, doubled)) = rayon::join(|| persons::suspected(&people, &same), compare);
        let activity_parts = tables.parts(TableKind::Activities);
        attendance::tell_doubled(&mut attendance_run, &parts, &doubled, &attended.rows);
        attendance::compare_reached(&mut attendance_run, &activity_parts, activities, &by_activity);
        drop(by_activity);
        attendance::drop_doubled(doubled, &mut attended.rows);
        fields.free_texts().for_each(|text| self.traces.look_at(text));
        if settings.languages.len() > 1 {
            for problem in fields.untranslatable(&parts, usage) {
                run.problem(problem);
            }
        }
        let (has_age, dated) = (fields.has_age, attended.dated);
        let places = people_of(&mut people, &same);
        let mut table = PersonTable::default();
        // What is found is told by this thread, while others put the table together.
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| table = person_table(&places, fields, attended, &people));
            persons::tell_suspected(if people.closed { &mut run } else { &mut attendance_run }, &people, suspected);
            (0..people.infos.len()).for_each(|number| self.traces.code(people.codes.written(number as u32)));
        });
        people.codes.renumber(&places);
        self.put(run);
        self.put(attendance_run);
        (table, people.codes, has_age, dated)
    }

    /// Tables that indicators count from must be there.
    fn needed(&self, written: &WrittenIndicators) {
        let tables = &*self.tables;
        let absent = |kind: TableKind| !tables.has(kind) && !tables.broken.contains(&kind);
        let place = Place::file(PROJECT_FILE);
        let missing = |kind: TableKind| {
            Problem::error("missing-table").variant("nowhere").at(place.clone()).with("table", kind.name())
        };
        if absent(TableKind::Indicators) {
            self.problem(missing(TableKind::Indicators));
        }
        let counts = |calculation: &WrittenCalculation| {
            !matches!(calculation, WrittenCalculation::Ratio(..) | WrittenCalculation::Reported)
        };
        let calculations = || written.calculations.iter().flatten();
        if absent(TableKind::Activities) && calculations().any(counts) {
            self.problem(missing(TableKind::Activities));
        }
        let people = |calculation: &WrittenCalculation| {
            matches!(calculation, WrittenCalculation::People | WrittenCalculation::Attendances)
        };
        if absent(TableKind::Attendance) && calculations().any(people) {
            self.problem(missing(TableKind::Attendance));
        }
    }

    /// Indicators that reports of project.toml name.
    fn named_indicators(&self, codes: &CodeBook) -> BTreeMap<String, String> {
        let mut named = BTreeMap::new();
        if !self.tables.has(TableKind::Indicators) {
            return named;
        }
        for (code, place) in &self.file.named_indicators {
            match codes.find(code) {
                Some(found) => {
                    named.insert(code.clone(), codes.written(found.number).to_owned());
                }
                None => {
                    let problem = Problem::error("unknown-indicator").at(place.clone());
                    self.problem(logframe::nearest_of(problem, code, codes));
                }
            }
        }
        named
    }

    fn logframe(
        &mut self,
        listing: &Listing,
        codes: &CodeBook,
        calculations: &[Option<WrittenCalculation>],
        results: ResultRows,
        indicators: Vec<Indicator>,
    ) -> Logframe {
        let ground = logframe::Ground {
            settings: &self.file.settings,
            periods: &self.file.periods,
            listing,
            codes,
            calculations,
        };
        let mut run = self.take(TableKind::Targets);
        let mut rows = Vec::new();
        for part in self.tables.parts(TableKind::Targets) {
            let kept = self.tables.rows(&mut run, &part);
            let slashes = activities::slash_column(&part, "due", &kept);
            for row in &kept {
                run.begin(&part, row);
                logframe::read_target(&mut run, &part, row, slashes, &ground, &mut rows);
            }
        }
        let targets = logframe::check_targets(&mut run, &indicators, rows);
        self.put(run);
        let mut run = self.take(TableKind::Reported);
        let mut rows = Vec::new();
        for part in self.tables.parts(TableKind::Reported) {
            for row in self.tables.rows(&mut run, &part) {
                run.begin(&part, &row);
                logframe::read_reported(&mut run, &part, &row, &ground, &mut rows);
            }
        }
        let reported = logframe::check_reported(&mut run, &indicators, rows);
        self.put(run);
        Logframe { results: results.nodes, indicators, targets, reported, periods: self.file.periods.clone() }
    }

    /// The accounts of the tables that are there; one without rows is said to be empty.
    fn accounts(&mut self) -> BTreeMap<TableKind, TableAccount> {
        let mut accounts = BTreeMap::new();
        for (kind, run) in std::mem::take(&mut self.runs) {
            let Some(part) = self.tables.parts(kind).into_iter().next() else { continue };
            let account = run.finish();
            let no_data = ["blank", "total", "repeated-header", "note", "hxl"];
            let passed = no_data.iter().filter_map(|why| account.passed.get(why)).sum::<u64>();
            let empty = account.read == passed;
            if empty && !self.tables.broken.contains(&kind) {
                let place = Place::sheet(&part.file, part.sheet_name.as_deref());
                let problem = match kind {
                    TableKind::Indicators => Problem::error("empty-table"),
                    _ => Problem::warning("empty-table"),
                };
                self.problem(problem.at(place).with("table", kind.name()));
            }
            accounts.insert(kind, account);
        }
        accounts
    }
}

/// For each number of a code the place of its person among those who are different, in the order of first rows.
fn people_of(people: &mut Persons, same: &[u32]) -> Vec<u32> {
    people.merge(same);
    let mut next = 0;
    let mut places = vec![0; same.len()];
    for (number, &first) in same.iter().enumerate() {
        if first as usize == number {
            places[number] = next;
            next += 1;
        } else {
            places[number] = places[first as usize];
        }
    }
    places
}

fn person_table(places: &[u32], fields: PersonFields, attended: Attendances, people: &Persons) -> PersonTable {
    let Attendances { mut rows, sessions, .. } = attended;
    let settle = || {
        let mut finish = persons::finish(people, fields.sex.is_some());
        for row in &mut rows {
            let words = NonZeroU32::new(row.state.0).unwrap_or(NonZeroU32::MIN);
            row.state = finish.state(row.person.0, words);
            row.person = PersonId(places[row.person.0 as usize]);
        }
        rows.shrink_to_fit();
        finish.states
    };
    let list = || {
        let mut persons: Vec<Person> = Vec::new();
        for (number, info) in people.infos.iter().enumerate() {
            if places[number] as usize == persons.len() {
                persons.push(Person { code: people.codes.written(number as u32).to_owned(), row: info.row });
            }
        }
        persons
    };
    let (states, persons) = rayon::join(settle, list);
    let columns = fields.sex.into_iter().chain(fields.others).map(|builder| builder.column).collect();
    PersonTable { columns, rows: persons, states, attendances: rows, sessions }
}
