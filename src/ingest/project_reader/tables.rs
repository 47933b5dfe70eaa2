//! The order in which tables are read: lists, results, indicators as written, activities, persons and attendance; then what
//! the indicators' words mean, targets and reported values.

use std::collections::BTreeMap;

use crate::diagnostic::{Place, Problem, Severity, first_names, kinds};
use crate::fold;
use crate::ingest::TableAccount;
use crate::ingest::activities::{self, ActivityContext, ReadActivities, find_slash_order};
use crate::ingest::codes::CodeIndex;
use crate::ingest::conditions::{self, ColumnUsage, ReadAs, WrittenCalculation};
use crate::ingest::head_counts::CountColumns;
use crate::ingest::layout::{LayoutColumn, TableKind};
use crate::ingest::lists::{self, ListIndex};
use crate::ingest::logframe::{self, IndicatorContext, NumberUnit, ResultRows, TargetContext, WrittenIndicator};
use crate::ingest::raw_row::RawRow;
use crate::ingest::settings::{LimitedAxis, NamedIndicator, PROJECT_FILE, ProjectFile, TablePlan};
use crate::ingest::table::{Collectors, RowReader, TableReader, TableSheet};
use crate::ingest::tables::Tables;
use crate::model::{
    ActivityTable, ColumnKind, CommentColumn, Indicator, Lists, Logframe, PersonTable, ReportedValue, Target,
};
use crate::personal::TraceCollector;

/// What reading the tables gives.
pub struct ReadTables {
    pub lists: Lists,
    pub logframe: Option<Logframe>,
    pub activities: ActivityTable,
    pub persons: PersonTable,
    pub accounts: BTreeMap<TableKind, TableAccount>,
    /// Codes of indicators as reports of project.toml write them → as the table writes them.
    pub indicator_codes: BTreeMap<String, String>,
    /// Names of the axes that limits name, by what is written.
    pub axis_names: BTreeMap<String, String>,
}

/// Reads all tables of a project.
pub struct TablesReader<'r> {
    pub(super) collectors: &'r Collectors,
    pub(super) file: &'r ProjectFile,
    pub(super) tables: &'r mut Tables,
    pub(super) traces: &'r mut TraceCollector,
    pub(super) readers: BTreeMap<TableKind, TableReader<'r>>,
}

/// The indicators before their words are looked up.
struct WrittenIndicators {
    codes: CodeIndex,
    rows: Vec<WrittenIndicator>,
    usage: ColumnUsage,
    calculations: Vec<Option<WrittenCalculation>>,
    units: Vec<Option<NumberUnit>>,
}

impl<'r> TablesReader<'r> {
    /// A reader that has read nothing yet.
    pub fn new(
        collectors: &'r Collectors,
        file: &'r ProjectFile,
        tables: &'r mut Tables,
        traces: &'r mut TraceCollector,
    ) -> TablesReader<'r> {
        TablesReader { collectors, file, tables, traces, readers: BTreeMap::new() }
    }

    /// Reads the tables.
    pub fn read(mut self) -> ReadTables {
        let lists = self.read_lists();
        self.report_unknown_lists(&lists);
        self.report_unused_lists(&lists);
        let results = self.read_results(&lists);
        let mut written = self.read_indicators(&lists, &results);
        CountColumns::new(self.plan(TableKind::Activities)).names().for_each(|name| written.usage.add_count(&name));
        self.report_partial_columns(&written.usage);
        self.report_doubled_headings(&written.usage);
        for kind in [TableKind::Activities, TableKind::Participants, TableKind::Attendance] {
            let is_number =
                |column: &LayoutColumn| !column.listed && written.usage.read_as(&column.name) == ReadAs::Numbers;
            self.tables.settle_decimal_marks(kind, is_number);
        }
        let activities = self.read_activities(&lists, &results, &written.usage);
        let people = self.read_people(&lists, &activities, &written.usage);
        self.report_missing_tables(&written);
        let context = conditions::CompileContext {
            activities: self.tables.has(TableKind::Activities).then_some(&activities.table),
            persons: self.tables.has(TableKind::Attendance).then_some(&people.table),
            person_codes: &people.codes,
            listing: &lists,
            has_age: people.has_age,
            dated: people.is_dated,
            own_of_activities: self.own_headings(&[TableKind::Activities]),
            own_of_persons: self.own_headings(&[TableKind::Participants, TableKind::Attendance]),
        };
        let has_indicators = self.tables.has(TableKind::Indicators);
        let WrittenIndicators { codes, mut rows, calculations, units, usage } = written;
        let table = self.reader(TableKind::Indicators);
        for (row, unit) in rows.iter_mut().zip(&units) {
            logframe::check_baselines(table, row, unit.as_ref(), &lists);
        }
        let indicators = conditions::compile(table, &context, &codes, rows);
        let indicator_codes = self.find_reported_indicators(&codes);
        let axis_names = self.find_limited_axes(&context);
        let context = TargetContext {
            settings: &self.file.settings,
            periods: &self.file.periods,
            lists: &lists,
            codes: &codes,
            calculations: &calculations,
            units: &units,
        };
        let targets = self.read_targets(&context, &indicators);
        let reported = self.read_reported(&context, &indicators);
        self.report_unread_evidence(&usage);
        let periods = self.file.periods.clone();
        let logframe = Logframe { results: results.nodes, indicators, targets, reported, periods };
        ReadTables {
            accounts: self.finish_accounts(),
            lists: lists.lists,
            logframe: has_indicators.then_some(logframe),
            activities: activities.into_table(),
            persons: people.table,
            indicator_codes,
            axis_names,
        }
    }

    /// What project.toml says of a table.
    fn plan(&self, kind: TableKind) -> Option<&'r TablePlan> {
        self.file.plans.iter().find(|plan| plan.kind == kind)
    }

    /// The reader of a table.
    fn reader(&mut self, kind: TableKind) -> &mut TableReader<'r> {
        self.readers.entry(kind).or_insert_with(|| TableReader::new(kind, self.collectors))
    }

    pub(super) fn report(&self, problem: Problem) {
        self.collectors.problems.borrow_mut().add(problem);
    }

    /// Reads every row of a table that is small enough to be kept. Returns the table's reader for later checks.
    fn read_rows(&mut self, kind: TableKind, mut read: impl FnMut(&mut RowReader)) -> &mut TableReader<'r> {
        let table = self.readers.entry(kind).or_insert_with(|| TableReader::new(kind, self.collectors));
        for sheet in self.tables.sheets(kind) {
            for raw in self.tables.collect_rows(table, &sheet) {
                read(&mut table.begin_row(&sheet, &raw));
            }
        }
        table
    }

    /// The names of a table's columns that aren't the contract's.
    fn own_headings(&self, kinds: &[TableKind]) -> Vec<String> {
        let sheets: Vec<TableSheet> = kinds.iter().flat_map(|kind| self.tables.sheets(*kind)).collect();
        let columns = sheets.iter().flat_map(|sheet| &sheet.layout.columns);
        columns.filter(|column| !column.listed).map(|column| column.name.clone()).collect()
    }

    fn read_lists(&mut self) -> ListIndex {
        let languages = &self.file.settings.languages;
        let mut index = ListIndex::built_in().in_language(languages.first());
        self.read_rows(TableKind::Lists, |row| lists::read_list_row(row, &mut index, languages));
        index
    }

    fn read_results(&mut self, lists: &ListIndex) -> ResultRows {
        let mut results = ResultRows::default();
        let languages = &self.file.settings.languages;
        let table =
            self.read_rows(TableKind::Results, |row| logframe::read_result(row, lists, languages, &mut results));
        results.link_parents(table);
        results
    }

    /// The codes of the results table. `None` without such a table: any code is accepted then.
    fn result_codes<'c>(&self, results: &'c ResultRows) -> Option<&'c CodeIndex> {
        self.tables.has(TableKind::Results).then_some(&results.codes)
    }

    fn read_indicators(&mut self, lists: &ListIndex, results: &ResultRows) -> WrittenIndicators {
        let results = self.result_codes(results);
        let context = IndicatorContext { lists, languages: &self.file.settings.languages, results };
        let mut codes = CodeIndex::default();
        let mut rows = Vec::new();
        self.read_rows(TableKind::Indicators, |row| {
            logframe::read_indicator(row, &context, &mut codes, &mut rows);
        });
        let mut usage = ColumnUsage::default();
        for row in &rows {
            usage.add_indicator(row.calculation.as_ref(), &row.conditions, &row.axes);
        }
        let calculations = rows.iter().map(|row| row.calculation.clone()).collect();
        let languages = &self.file.settings.languages;
        let unit =
            |row: &WrittenIndicator| Some(NumberUnit::of(row.calculation.as_ref()?, &row.indicator.unit, languages));
        let units = rows.iter().map(unit).collect();
        WrittenIndicators { codes, rows, usage, calculations, units }
    }

    fn read_activities(&mut self, lists: &ListIndex, results: &ResultRows, usage: &ColumnUsage) -> ReadActivities {
        let results = self.result_codes(results).map(|codes| (codes, results.nodes.as_slice()));
        let plans = [TableKind::Participants, TableKind::Attendance, TableKind::Activities].map(|kind| self.plan(kind));
        let label_of = |name: &str| {
            let mut options = plans.iter().flatten().filter_map(|plan| plan.options.columns.get(name));
            options.find(|options| !options.label.is_empty()).map(|options| options.label.clone()).unwrap_or_default()
        };
        let context = ActivityContext {
            settings: &self.file.settings,
            lists,
            usage,
            counts: CountColumns::new(self.plan(TableKind::Activities)),
            labels: &label_of,
            results,
        };
        let mut table = TableReader::new(TableKind::Activities, self.collectors);
        let activities = activities::read_activities(self.tables, &mut table, &context);
        self.readers.insert(TableKind::Activities, table);
        activities
    }

    /// Reports tables that are missing though indicators count from them.
    fn report_missing_tables(&self, written: &WrittenIndicators) {
        let is_missing = |kind: TableKind| !self.tables.has(kind) && !self.tables.broken.contains(&kind);
        let report = |kind: TableKind| {
            let missing = kinds::MissingTable::Nowhere { table: kind.name().to_owned() };
            self.report(Problem::error(missing).at(Place::file(PROJECT_FILE)));
        };
        if is_missing(TableKind::Indicators) {
            report(TableKind::Indicators);
        }
        let is_counted = |calculation: &WrittenCalculation| {
            !matches!(calculation, WrittenCalculation::Ratio(..) | WrittenCalculation::Reported)
        };
        let calculations = || written.calculations.iter().flatten();
        if is_missing(TableKind::Activities) && calculations().any(is_counted) {
            report(TableKind::Activities);
        }
        let counts_people = |calculation: &WrittenCalculation| {
            matches!(
                calculation,
                WrittenCalculation::People | WrittenCalculation::Completed(_) | WrittenCalculation::Attendances
            )
        };
        if is_missing(TableKind::Attendance) && calculations().any(counts_people) {
            report(TableKind::Attendance);
        }
    }

    /// Finds the indicators that reports of project.toml name.
    fn find_reported_indicators(&self, codes: &CodeIndex) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        if !self.tables.has(TableKind::Indicators) {
            return found;
        }
        for NamedIndicator { code, place, report } in &self.file.named_indicators {
            match codes.find(code) {
                Some(known) => {
                    found.insert(code.clone(), codes.text(known.id).to_owned());
                }
                None => {
                    let unknown = kinds::UnknownIndicator {
                        indicator: code.clone(),
                        known: first_names(codes.texts()),
                        nearest: codes.suggestion(code),
                    };
                    self.report(Problem::error(unknown).at(place.clone()).about([report.clone()]));
                }
            }
        }
        found
    }

    /// Finds the axes that limits of project.toml name; without any axis there is nothing to limit.
    fn find_limited_axes(&self, context: &conditions::CompileContext) -> BTreeMap<String, String> {
        let of_persons = context.persons.into_iter().flat_map(|table| &table.columns);
        let of_counts = context.activities.into_iter().flat_map(|table| &table.head_counts.sides);
        let columns = of_persons.chain(of_counts).filter(|column| column.kind == ColumnKind::Category);
        let mut known: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
        known.extend(context.has_age.then_some("age"));
        known.dedup();
        let mut found = BTreeMap::new();
        if known.is_empty() {
            return found;
        }
        for LimitedAxis { name, place, report } in &self.file.limited_axes {
            let (side, bare) = conditions::split_side(name);
            let key = fold::heading_key(bare);
            let of_persons = side != Some(conditions::TableSide::Activity);
            match known.iter().find(|known| of_persons && fold::heading_key(known) == key) {
                Some(axis) => {
                    found.insert(name.clone(), (*axis).to_owned());
                }
                None => {
                    let unknown = kinds::UnknownLimitAxis { axis: name.clone(), known: known.join(", ") };
                    let problem = Problem::error(unknown).at(place.clone());
                    self.report(match report {
                        Some(report) => problem.about([report.clone()]),
                        None => problem,
                    });
                }
            }
        }
        found
    }

    fn read_targets(&mut self, context: &TargetContext, indicators: &[Indicator]) -> Vec<Target> {
        let mut rows = Vec::new();
        let indicator_sheets = self.tables.sheets(TableKind::Indicators);
        let kind = TableKind::Targets;
        let table = self.readers.entry(kind).or_insert_with(|| TableReader::new(kind, self.collectors));
        self.tables.resolve_periods(table, context.settings);
        for sheet in self.tables.sheets(kind) {
            let kept = self.tables.collect_rows(table, &sheet);
            let slashes = find_slash_order(&sheet, "due", &kept);
            table.warn_swapped_days(&sheet, sheet.column("due"), &slashes);
            for raw in &kept {
                logframe::read_target(&mut table.begin_row(&sheet, raw), slashes, context, &mut rows);
            }
        }
        let cell_of_total = |indicator: &Indicator| {
            let sheet = indicator_sheets.iter().find(|sheet| sheet.id == indicator.row.sheet);
            let cell =
                sheet.and_then(|sheet| Some(sheet.describe(&RawRow::at(indicator.row), sheet.column("target")?)));
            cell.unwrap_or_default()
        };
        logframe::check_targets(table, indicators, rows, context.settings.end, cell_of_total)
    }

    fn read_reported(&mut self, context: &TargetContext, indicators: &[Indicator]) -> Vec<ReportedValue> {
        let mut rows = Vec::new();
        let kind = TableKind::Reported;
        let table = self.readers.entry(kind).or_insert_with(|| TableReader::new(kind, self.collectors));
        self.tables.resolve_periods(table, context.settings);
        let mut last_row = 0;
        let sheet = self.tables.sheets(kind).into_iter().next();
        let of_indicators = self.tables.sheets(TableKind::Indicators).into_iter().next();
        let table = self.read_rows(kind, |row| {
            if sheet.as_ref().is_some_and(|sheet| sheet.id == row.sheet.id) {
                last_row = row.raw.number;
            }
            logframe::read_reported(row, context, &mut rows);
        });
        let values = logframe::check_reported(table, indicators, (of_indicators.as_ref(), context.lists), rows);
        self.tables.sources.comments = sheet.map(|sheet| {
            let column = sheet.column("comment").map(|column| (column, sheet.heading(column)));
            let next_row = last_row.max(sheet.layout.header_row) + 1;
            CommentColumn { sheet: sheet.id, column, example: sheet.heading_or_example("comment"), next_row }
        });
        values
    }

    /// The accounts of the tables that the project has. One without rows of data is reported as empty.
    fn finish_accounts(&mut self) -> BTreeMap<TableKind, TableAccount> {
        let mut accounts = BTreeMap::new();
        for (kind, reader) in std::mem::take(&mut self.readers) {
            let Some(sheet) = self.tables.sheets(kind).into_iter().next() else { continue };
            let account = reader.finish();
            let no_data = ["blank", "total", "repeated-header", "note", "hxl"];
            let skipped = no_data.iter().filter_map(|reason| account.skipped.get(reason)).sum::<u64>();
            if account.read == skipped && !self.tables.broken.contains(&kind) {
                let place = Place::sheet(&sheet.file, sheet.sheet_name.as_deref());
                let severity = if kind == TableKind::Indicators { Severity::Error } else { Severity::Warning };
                let empty = kinds::EmptyTable { table: kind.name().to_owned() };
                self.report(Problem::new(severity, empty).at(place));
            }
            accounts.insert(kind, account);
        }
        accounts
    }
}
