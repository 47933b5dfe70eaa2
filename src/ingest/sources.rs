//! Which sheet of which file holds each table: where project.toml says, else wherever in the folder one fits.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use super::InputFile;
use super::fold;
use super::layout::{self, Head, Mapping, SheetChoice, TableKind};
use super::raw::RawRow;
use super::settings::{PROJECT_FILE, TablePlan};
use super::table::{RowReader, TableReader, TableSheet};
use super::workbook::{self, Wanted, Workbook};
use crate::diagnostic::{Place, Problem, nearest};
use crate::model::{Limits, SheetSource, Sources};

static SHEET_NAMES: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../templates/sheets.toml"))
        .unwrap_or_else(|error| panic!("templates/sheets.toml: {error}"))
});

/// Names of sheets that say that they hold a table.
pub fn sheet_names(kind: TableKind) -> &'static [String] {
    SHEET_NAMES.get(kind.name()).map(Vec::as_slice).unwrap_or_default()
}

/// Endings of files that are looked into unasked. A file that project.toml names may have any.
const ENDINGS: [&str; 8] = ["xlsx", "xlsm", "xls", "xlsb", "ods", "csv", "tsv", "xltx"];

/// Tables in the order in which sheets are given out: those that need the most columns first, so that
/// a sheet of attendance isn't taken for one of participants.
const CLAIMING: [TableKind; 8] = [
    TableKind::Indicators,
    TableKind::Activities,
    TableKind::Attendance,
    TableKind::Targets,
    TableKind::Reported,
    TableKind::Lists,
    TableKind::Participants,
    TableKind::Results,
];

/// The order in which tables are read, and in which their sheets are numbered.
const READING: [TableKind; 8] = [
    TableKind::Lists,
    TableKind::Results,
    TableKind::Indicators,
    TableKind::Activities,
    TableKind::Participants,
    TableKind::Attendance,
    TableKind::Targets,
    TableKind::Reported,
];

/// Names of the files in a folder that may hold tables, in their order; editors' lock files aside.
pub fn table_files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| {
            let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
            let is_lock = name.starts_with("~$") || name.starts_with(".~") || name.starts_with('.');
            !is_lock && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
        })
        .collect();
    names.sort();
    names
}

/// The files that were opened, and the sheets of each table.
pub struct Tables {
    books: Vec<Book>,
    sheets: BTreeMap<TableKind, Vec<TableSheet>>,
    /// Tables that are there but can't be read; what refers to them isn't judged.
    pub broken: BTreeSet<TableKind>,
    pub sources: Sources,
}

struct Book {
    workbook: Workbook,
    heads: Vec<Head<'static>>,
}

/// A sheet of an opened file.
type SheetAt = (usize, usize);

impl Tables {
    /// Opens files and finds every table; what is wrong with files and headers goes to `problems`.
    pub fn find(folder: &Path, plans: &[TablePlan], limits: &Limits, problems: &mut Vec<Problem>) -> Tables {
        let mut finder = Finder {
            folder,
            limits,
            problems,
            books: Vec::new(),
            by_path: BTreeMap::new(),
            claimed: BTreeSet::new(),
            found: BTreeMap::new(),
            broken: plans.iter().filter(|plan| plan.lost).map(|plan| plan.kind).collect(),
        };
        let plan_of = |kind: TableKind| plans.iter().find(|plan| plan.kind == kind);
        // Sheets that are named come first, then files that are named, then the rest of the folder.
        let named = |plan: &&TablePlan| !plan.files.is_empty();
        for plan in CLAIMING.iter().filter_map(|kind| plan_of(*kind)).filter(named).filter(|plan| plan.sheet.is_some())
        {
            finder.in_named_files(plan);
        }
        for plan in CLAIMING.iter().filter_map(|kind| plan_of(*kind)).filter(named).filter(|plan| plan.sheet.is_none())
        {
            finder.in_named_files(plan);
        }
        let anywhere = |plan: &TablePlan| plan.files.is_empty() && !plan.lost;
        let open: Vec<TableKind> =
            CLAIMING.iter().copied().filter(|kind| plan_of(*kind).is_none_or(anywhere)).collect();
        if !open.is_empty() {
            finder.open_folder();
            for by_name in [true, false] {
                for kind in &open {
                    finder.anywhere(*kind, plan_of(*kind), by_name);
                }
            }
        }
        finder.finish()
    }

    /// The sheets that a table is read from.
    pub fn sheets(&self, kind: TableKind) -> Vec<TableSheet> {
        self.sheets.get(&kind).cloned().unwrap_or_default()
    }

    pub fn has(&self, kind: TableKind) -> bool {
        self.sheets.contains_key(&kind)
    }

    pub fn inputs(&self) -> Vec<InputFile> {
        self.books.iter().map(|book| book.workbook.input.clone()).collect()
    }

    /// Streams the rows of data of one sheet to `read`, which ends each of them, with what `prepare` makes of each in
    /// order, a little ahead of `read`. Rows that hold no data are skipped and accounted for.
    pub fn for_each_row<P: Send>(
        &mut self,
        table: &mut TableReader,
        sheet: &TableSheet,
        wanted: &Wanted,
        prepare: impl FnMut(&RawRow) -> P + Send,
        mut read: impl FnMut(&mut RowReader, P),
    ) {
        let take = |table: &mut TableReader, raw: &RawRow, prepared| read(&mut table.begin_row(sheet, raw), prepared);
        self.stream_rows(table, sheet, wanted, prepare, take);
    }

    /// [`Tables::for_each_row`] without beginning the rows of data.
    fn stream_rows<P: Send>(
        &mut self,
        table: &mut TableReader,
        sheet: &TableSheet,
        wanted: &Wanted,
        mut prepare: impl FnMut(&RawRow) -> P + Send,
        mut take: impl FnMut(&mut TableReader, &RawRow, P),
    ) {
        let mut hidden = 0u64;
        let book = &mut self.books[sheet.book].workbook;
        let rows = book.rows(sheet.sheet, wanted);
        let judge = |row: &RawRow| {
            let below = row.number > sheet.layout.header_row;
            below.then(|| sheet.layout.classify(row).reason().map_or_else(|| Ok(prepare(row)), Err))
        };
        let streamed = rows.and_then(|rows| {
            rows.each_judged(judge, |row, judged| {
                let Some(judged) = judged else { return };
                hidden += u64::from(row.hidden);
                match judged {
                    Err(why) => {
                        table.skip_row(sheet.row_ref(row.number), why);
                        if matches!(why, "total" | "repeated-header") {
                            let column = row.cells.first().map(|cell| cell.column);
                            let problem = Problem::note("row-passed-over").variant(why);
                            table.finished_row(sheet, row).field_at(column).warn_problem(problem);
                        }
                    }
                    Ok(prepared) => take(table, row, prepared),
                }
            })
        });
        if let Err(problem) = streamed {
            table.report(*problem);
        }
        if hidden > 0 {
            let place = Place::sheet(&sheet.file, sheet.sheet_name.as_deref());
            table.report(Problem { count: hidden, ..Problem::note("hidden-rows").at(place) });
        }
    }

    /// Looks at some columns of a sheet without accounting for its rows.
    pub fn look_through(&mut self, sheet: &TableSheet, wanted: Wanted, mut look: impl FnMut(&RawRow)) {
        let book = &mut self.books[sheet.book].workbook;
        let rows = book.rows(sheet.sheet, &wanted);
        // A fault of the file is told when the rows themselves are read.
        let _ = rows.and_then(|rows| {
            rows.each(|row| {
                if row.number > sheet.layout.header_row {
                    look(row);
                }
            })
        });
    }

    /// All rows of data of a sheet, which the caller begins: for tables that are small or must be looked at twice.
    pub fn read_rows(&mut self, table: &mut TableReader, sheet: &TableSheet) -> Vec<RawRow<'static>> {
        let mut rows = Vec::new();
        self.stream_rows(table, sheet, &Wanted::All, |_| (), |_, raw, ()| rows.push(raw.clone().into_owned()));
        rows
    }
}

struct Finder<'f> {
    folder: &'f Path,
    limits: &'f Limits,
    problems: &'f mut Vec<Problem>,
    books: Vec<Book>,
    /// None: can't be opened, which was told.
    by_path: BTreeMap<String, Option<usize>>,
    claimed: BTreeSet<SheetAt>,
    found: BTreeMap<TableKind, Vec<(SheetAt, layout::Layout)>>,
    broken: BTreeSet<TableKind>,
}

impl Finder<'_> {
    fn open(&mut self, path: &str) -> Option<usize> {
        if let Some(known) = self.by_path.get(path) {
            return *known;
        }
        let opened = workbook::open(self.folder, path, self.limits, self.problems).map(|mut workbook| {
            let heads = (0..workbook.sheets.len())
                .map(|sheet| {
                    workbook.head(sheet).unwrap_or_else(|problem| {
                        self.problems.push(*problem);
                        Head::new(Vec::new())
                    })
                })
                .collect();
            self.books.push(Book { workbook, heads });
            self.books.len() - 1
        });
        self.by_path.insert(path.to_owned(), opened);
        opened
    }

    /// Every file of tables that lies in the folder itself, editors' lock files aside, in order of name.
    fn open_folder(&mut self) {
        for name in table_files(self.folder) {
            self.open(&name);
        }
    }

    fn in_named_files(&mut self, plan: &TablePlan) {
        for (file, _) in &plan.files {
            let Some(book) = self.open(file) else {
                self.broken.insert(plan.kind);
                continue;
            };
            let sheets: Vec<SheetAt> = (0..self.books[book].heads.len()).map(|sheet| (book, sheet)).collect();
            match &plan.sheet {
                Some((name, place)) => match self.books[book].workbook.sheet_named(name) {
                    Some(sheet) => self.take(plan.kind, &plan.columns, (book, sheet)),
                    None => {
                        self.broken.insert(plan.kind);
                        let names = self.books[book].workbook.sheets.iter().filter_map(|sheet| sheet.name.as_deref());
                        let mut problem = Problem::error("unknown-sheet")
                            .at(place.clone())
                            .with("value", name.as_str())
                            .with("file", file.as_str())
                            .with("known", names.clone().collect::<Vec<_>>().join(", "));
                        if let Some(near) = nearest(name, names) {
                            problem = problem.variant("nearest").with("nearest", near);
                        }
                        self.problems.push(problem);
                    }
                },
                None => {
                    let free: Vec<SheetAt> = self.free(&sheets);
                    let free = if free.is_empty() { sheets } else { free };
                    self.choose(plan.kind, &plan.columns, &free, Some(file));
                }
            }
        }
    }

    fn free(&self, sheets: &[SheetAt]) -> Vec<SheetAt> {
        sheets.iter().copied().filter(|sheet| !self.claimed.contains(sheet)).collect()
    }

    /// Among all files: first only sheets whose name says what they hold, then any that fits.
    fn anywhere(&mut self, kind: TableKind, plan: Option<&TablePlan>, by_name: bool) {
        if self.found.contains_key(&kind) || self.broken.contains(&kind) {
            return;
        }
        let none = Mapping::new();
        let mapping = plan.map_or(&none, |plan| &plan.columns);
        let all: Vec<SheetAt> = self
            .books
            .iter()
            .enumerate()
            .flat_map(|(book, opened)| (0..opened.heads.len()).map(move |sheet| (book, sheet)))
            .collect();
        let mut sheets = self.free(&all);
        if let Some((name, place)) = plan.and_then(|plan| plan.sheet.as_ref()) {
            let key = fold::heading_key(name);
            sheets.retain(|at| self.name(*at).is_some_and(|name| fold::heading_key(name) == key));
            if sheets.is_empty() && !by_name {
                self.broken.insert(kind);
                let problem = Problem::error("unknown-sheet").variant("anywhere").at(place.clone());
                self.problems.push(problem.with("value", name.as_str()));
                return;
            }
        } else if by_name {
            let names: Vec<String> =
                SHEET_NAMES.get(kind.name()).into_iter().flatten().map(|name| fold::heading_key(name)).collect();
            sheets.retain(|at| self.name(*at).is_some_and(|name| names.contains(&fold::heading_key(name))));
        }
        // What every sheet of codes and titles has doesn't make it a table of results, or of persons.
        let weak = matches!(kind, TableKind::Lists | TableKind::Participants | TableKind::Results);
        if weak && plan.is_none() && !by_name {
            let stronger = || CLAIMING.iter().take_while(|other| **other != kind);
            sheets.retain(|(book, sheet)| {
                let head = &self.books[*book].heads[*sheet];
                !stronger().any(|other| layout::fits(head, *other, &none).is_some())
            });
        }
        let fitting: Vec<SheetAt> = sheets
            .into_iter()
            .filter(|(book, sheet)| layout::fits(&self.books[*book].heads[*sheet], kind, mapping).is_some())
            .collect();
        if !fitting.is_empty() {
            self.choose(kind, mapping, &fitting, None);
        } else if !by_name && let Some(plan) = plan {
            self.broken.insert(kind);
            self.problems.push(
                Problem::error("missing-table").variant("mapped").at(plan.place.clone()).with("table", kind.name()),
            );
        }
    }

    fn name(&self, (book, sheet): SheetAt) -> Option<&str> {
        self.books[book].workbook.sheets[sheet].name.as_deref()
    }

    /// Takes the one sheet that fits, or says that none or several do.
    fn choose(&mut self, kind: TableKind, mapping: &Mapping, sheets: &[SheetAt], file: Option<&String>) {
        let heads: Vec<&Head> = sheets.iter().map(|(book, sheet)| &self.books[*book].heads[*sheet]).collect();
        match layout::choose_sheet(&heads, kind, mapping) {
            SheetChoice::One(at) => self.take(kind, mapping, sheets[at]),
            SheetChoice::None => match sheets {
                // Only one is left: what it lacks is said.
                [one] => self.take(kind, mapping, *one),
                _ => {
                    self.broken.insert(kind);
                    let place = Place::file(file.map_or(PROJECT_FILE, String::as_str));
                    self.problems.push(Problem::error("missing-table").at(place).with("table", kind.name()));
                }
            },
            SheetChoice::Several(several) => {
                self.broken.insert(kind);
                let mut problem = Problem::error("several-sheets").with("table", kind.name());
                let mut names = Vec::new();
                for at in several {
                    let (book, sheet) = sheets[at];
                    let place = self.books[book].workbook.place(sheet);
                    let file = &place.file;
                    names.push(place.sheet_name().map_or_else(|| file.clone(), |name| format!("{file}, {name}")));
                    problem = problem.at(place);
                }
                self.problems.push(problem.with("sheets", names.join("; ")));
            }
        }
    }

    fn take(&mut self, kind: TableKind, mapping: &Mapping, at: SheetAt) {
        let (book, sheet) = at;
        self.claimed.insert(at);
        let opened = &self.books[book];
        let place = opened.workbook.place(sheet);
        match layout::find(&opened.heads[sheet], kind, mapping, (&place.file, place.sheet_name())) {
            Ok(layout) => {
                let info = &opened.workbook.sheets[sheet];
                if info.hidden {
                    self.problems.push(Problem::note("hidden-sheet").at(place));
                }
                self.found.entry(kind).or_default().push((at, layout));
            }
            Err(faults) => {
                self.broken.insert(kind);
                self.problems.extend(faults);
            }
        }
    }

    fn finish(self) -> Tables {
        let Finder { books, mut found, broken, .. } = self;
        let mut sources = Sources::default();
        let mut sheets: BTreeMap<TableKind, Vec<TableSheet>> = BTreeMap::new();
        for kind in READING {
            for ((book, sheet), layout) in found.remove(&kind).unwrap_or_default() {
                let place = books[book].workbook.place(sheet);
                let sheet_name = place.sheet_name().map(str::to_owned);
                let source = SheetSource { file: place.file, sheet: sheet_name };
                let table_sheet = TableSheet {
                    book,
                    sheet,
                    id: sources.add(source.clone()),
                    file: source.file,
                    sheet_name: source.sheet,
                    layout,
                };
                sheets.entry(kind).or_default().push(table_sheet);
            }
        }
        Tables { books, sheets, broken, sources }
    }
}
