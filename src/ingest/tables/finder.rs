//! Finds the sheet of each table: named sheets first, then named files, then whatever of the folder fits.

mod form_exports;
mod missing;
mod opening;
mod unread;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use encoding_rs::Encoding;

use form_exports::FormSheet;
use missing::line_of;

use super::{OpenedWorkbook, SHEET_NAMES, Tables};
use crate::diagnostic::{Place, Problem, kinds};
use crate::fold::{self, Script};
use crate::ingest::layout::{self, ColumnMapping, ColumnMappings, SheetChoice, SheetHead, TableKind};
use crate::ingest::settings::{PROJECT_FILE, SheetPlan, TableOptions, TablePlan};
use crate::ingest::shapes::SheetShape;
use crate::ingest::table::TableSheet;
use crate::model::{Limits, SheetSource, Sources};

/// The order in which tables claim their sheets: those that need the most columns first, so that a sheet of attendance
/// isn't taken for one of participants.
const CLAIM_ORDER: [TableKind; 8] = [
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
const READ_ORDER: [TableKind; 8] = [
    TableKind::Lists,
    TableKind::Results,
    TableKind::Indicators,
    TableKind::Activities,
    TableKind::Participants,
    TableKind::Attendance,
    TableKind::Targets,
    TableKind::Reported,
];

/// Indices of an opened workbook and a sheet of it.
type SheetIndex = (usize, usize);

/// See [`Tables::find`].
pub(super) fn find_tables(folder: &Path, plans: &[TablePlan], limits: &Limits, problems: &mut Vec<Problem>) -> Tables {
    let mut finder = TableFinder {
        folder,
        limits,
        problems,
        plans,
        workbooks: Vec::new(),
        unreadable: BTreeSet::new(),
        by_path: BTreeMap::new(),
        encodings: encodings(plans),
        claimed: BTreeSet::new(),
        forms: BTreeMap::new(),
        headed: BTreeMap::new(),
        found: BTreeMap::new(),
        broken: plans.iter().filter(|plan| plan.is_faulty).map(|plan| plan.kind).collect(),
        headings: plans.iter().flat_map(|plan| mapped_headings(&plan.columns)).collect(),
    };
    let plan_of = |kind: TableKind| plans.iter().find(|plan| plan.kind == kind);
    // Sheets that are named come first, then files that are named, then the rest of the folder.
    let with_files: Vec<&TablePlan> = CLAIM_ORDER
        .iter()
        .filter_map(|kind| plan_of(*kind))
        .filter(|plan| !plan.none && !plan.files.is_empty() && !plan.shape.is_faulty)
        .collect();
    let steps: [fn(&SheetPlan) -> bool; 3] = [
        |sheets| !sheets.named().is_empty(),
        |sheets| *sheets == SheetPlan::Fitting,
        |sheets| matches!(sheets, SheetPlan::All(_)),
    ];
    for is_in_step in steps {
        with_files.iter().filter(|plan| is_in_step(&plan.sheets)).for_each(|plan| finder.search_named_files(plan));
    }
    let is_unplaced = |plan: &TablePlan| !plan.none && plan.files.is_empty() && !plan.is_faulty;
    let unplaced: Vec<TableKind> =
        CLAIM_ORDER.iter().copied().filter(|kind| plan_of(*kind).is_none_or(is_unplaced)).collect();
    if !unplaced.is_empty() {
        finder.open_folder();
        for by_name in [true, false] {
            for kind in &unplaced {
                finder.search_folder(*kind, plan_of(*kind), by_name);
            }
        }
    }
    finder.finish()
}

/// The encodings that plans say of their files.
fn encodings(plans: &[TablePlan]) -> BTreeMap<String, &'static Encoding> {
    let of_plan = |plan: &TablePlan| {
        let encoding = plan.encoding?;
        Some(plan.files.iter().map(move |(file, _)| (file.clone(), encoding)).collect::<Vec<_>>())
    };
    plans.iter().filter_map(of_plan).flatten().collect()
}

/// A sheet that a table is read from.
struct FoundSheet {
    at: SheetIndex,
    layout: layout::TableLayout,
    shape: Option<SheetShape>,
}

struct TableFinder<'f> {
    folder: &'f Path,
    limits: &'f Limits,
    problems: &'f mut Vec<Problem>,
    plans: &'f [TablePlan],
    workbooks: Vec<OpenedWorkbook>,
    /// Sheets whose first rows can't be read, which was reported.
    unreadable: BTreeSet<SheetIndex>,
    /// Index of the workbook; `None` if it can't be opened, which was reported.
    by_path: BTreeMap<String, Option<usize>>,
    /// By path, where a plan says it.
    encodings: BTreeMap<String, &'static Encoding>,
    claimed: BTreeSet<SheetIndex>,
    /// Sheets of exports of forms, as each table sees them.
    forms: BTreeMap<(TableKind, SheetIndex), FormSheet>,
    /// Heads of sheets whose row of headings project.toml says, as each table sees them.
    headed: BTreeMap<(TableKind, SheetIndex), SheetHead<'static>>,
    found: BTreeMap<TableKind, Vec<FoundSheet>>,
    broken: BTreeSet<TableKind>,
    /// Folded headings that project.toml gives columns.
    headings: BTreeSet<String>,
}

/// The headings of `columns`, folded.
fn mapped_headings(columns: &ColumnMappings) -> impl Iterator<Item = String> + '_ {
    let headings = |mapping: &'_ ColumnMapping| -> Vec<String> {
        match mapping {
            ColumnMapping::Heading(heading) | ColumnMapping::Count(heading) => vec![fold::heading_key(heading)],
            ColumnMapping::ByLang(headings) => headings.values().map(|heading| fold::heading_key(heading)).collect(),
            _ => Vec::new(),
        }
    };
    columns.values().flat_map(headings)
}

impl TableFinder<'_> {
    fn search_named_files(&mut self, plan: &TablePlan) {
        for (file, _) in &plan.files {
            let Some(book) = self.open_workbook(file) else {
                self.broken.insert(plan.kind);
                continue;
            };
            self.prepare_forms(plan, book);
            if plan.shape.is_one_row(plan.kind, &plan.columns) {
                self.claim_one_row_sheets(plan, book);
                continue;
            }
            let sheets: Vec<SheetIndex> = (0..self.workbooks[book].heads.len()).map(|sheet| (book, sheet)).collect();
            match &plan.sheets {
                SheetPlan::Fitting => {
                    let free: Vec<SheetIndex> = self.unclaimed(&sheets);
                    let free = if free.is_empty() { sheets } else { free };
                    self.claim_best_sheet(plan.kind, &plan.columns, &free, Some(file));
                }
                SheetPlan::All(_) => self.claim_every_sheet(plan.kind, &plan.columns, &sheets, file),
                SheetPlan::One(..) | SheetPlan::Named(_) => {
                    for (name, place) in plan.sheets.named() {
                        self.claim_named_sheet(plan, (book, file), name, place);
                    }
                }
            }
        }
    }

    /// Claims all sheets that fit a table better than any other, and reports that none does.
    fn claim_every_sheet(&mut self, kind: TableKind, mapping: &ColumnMappings, sheets: &[SheetIndex], file: &str) {
        let fits = |at: &SheetIndex| layout::fits_best(self.head_of(kind, *at), kind, mapping);
        let fitting: Vec<SheetIndex> = self.unclaimed(sheets).into_iter().filter(fits).collect();
        if fitting.is_empty() {
            self.report_missing(kind, file);
        }
        fitting.into_iter().for_each(|at| self.claim_sheet(kind, mapping, at));
    }

    fn head(&self, (book, sheet): SheetIndex) -> &SheetHead<'static> {
        &self.workbooks[book].heads[sheet]
    }

    fn unclaimed(&self, sheets: &[SheetIndex]) -> Vec<SheetIndex> {
        sheets.iter().copied().filter(|sheet| !self.claimed.contains(sheet)).collect()
    }

    /// Searches all files of the folder, either only sheets whose name says what they hold, or any that fits.
    fn search_folder(&mut self, kind: TableKind, plan: Option<&TablePlan>, by_name: bool) {
        if self.found.contains_key(&kind) || self.broken.contains(&kind) {
            return;
        }
        if let Some(plan) = plan {
            (0..self.workbooks.len()).for_each(|book| self.prepare_forms(plan, book));
        }
        let none = ColumnMappings::new();
        let mapping = plan.map_or(&none, |plan| &plan.columns);
        let all: Vec<SheetIndex> = self
            .workbooks
            .iter()
            .enumerate()
            .flat_map(|(book, opened)| (0..opened.heads.len()).map(move |sheet| (book, sheet)))
            .collect();
        let mut sheets = self.unclaimed(&all);
        let named = plan.map(|plan| plan.sheets.named()).unwrap_or_default();
        if let Some((_, place)) = named.first() {
            let keys: Vec<String> = named.iter().map(|(name, _)| fold::heading_key(name)).collect();
            sheets.retain(|at| self.sheet_name(*at).is_some_and(|name| keys.contains(&fold::heading_key(name))));
            if sheets.is_empty() && !by_name {
                self.broken.insert(kind);
                let names: Vec<&str> = named.iter().map(|(name, _)| *name).collect();
                let known: Vec<&str> = all.iter().filter_map(|at| self.sheet_name(*at)).collect();
                let (value, known) = (names.join(", "), known.join(", "));
                let line = line_of(place);
                let kind = if known.is_empty() {
                    kinds::UnknownSheet::NoFile { value, line }
                } else {
                    kinds::UnknownSheet::Anywhere { value, known, line }
                };
                self.problems.push(Problem::error(kind).at((*place).clone()));
                return;
            }
        } else if by_name {
            sheets.retain(|at| self.bears_name(kind, *at));
        }
        // Codes and titles, which every sheet has, don't make it a table of results or of persons.
        let is_unspecific = matches!(kind, TableKind::Lists | TableKind::Participants | TableKind::Results);
        if is_unspecific && plan.is_none() && !by_name {
            let more_specific = || CLAIM_ORDER.iter().take_while(|other| **other != kind);
            let fits = |other, at| layout::known_columns(self.head(at), other, &none).is_some();
            sheets.retain(|at| self.is_of_results(kind, *at) || !more_specific().any(|other| fits(*other, *at)));
        }
        let fits = |at: &SheetIndex| layout::known_columns(self.head_of(kind, *at), kind, mapping).is_some();
        let mut fitting: Vec<SheetIndex> = sheets.into_iter().filter(fits).collect();
        if plan.is_none() && !by_name {
            let (taken, passed): (Vec<_>, Vec<_>) = fitting.into_iter().partition(|at| self.is_told_apart(kind, *at));
            passed.into_iter().for_each(|at| self.note_look_up_sheet(kind, at));
            fitting = taken;
        }
        let takes_several = plan.is_some_and(|plan| matches!(plan.sheets, SheetPlan::Named(_) | SheetPlan::All(_)));
        if takes_several && !fitting.is_empty() {
            fitting.retain(|at| layout::fits_best(self.head_of(kind, *at), kind, mapping));
            fitting.into_iter().for_each(|at| self.claim_sheet(kind, mapping, at));
        } else if !fitting.is_empty() {
            self.claim_best_sheet(kind, mapping, &fitting, None);
        } else if !by_name && let Some(plan) = plan {
            self.broken.insert(kind);
            self.problems.push(
                Problem::error(kinds::MissingTable::Mapped { table: kind.name().to_owned() }).at(plan.place.clone()),
            );
        }
    }

    fn sheet_name(&self, (book, sheet): SheetIndex) -> Option<&str> {
        self.workbooks[book].workbook.sheets[sheet].name.as_deref()
    }

    /// Claims the one sheet that fits, or reports that none or several do.
    fn claim_best_sheet(
        &mut self,
        kind: TableKind,
        mapping: &ColumnMappings,
        sheets: &[SheetIndex],
        file: Option<&String>,
    ) {
        let heads: Vec<&SheetHead> = sheets.iter().map(|at| self.head_of(kind, *at)).collect();
        match layout::choose_sheet(&heads, kind, mapping) {
            SheetChoice::One(at) => self.claim_sheet(kind, mapping, sheets[at]),
            SheetChoice::None => match sheets {
                // Only one is left: what it lacks is reported.
                [one] => self.claim_sheet(kind, mapping, *one),
                _ => self.report_missing(kind, file.map_or(PROJECT_FILE, String::as_str)),
            },
            SheetChoice::Several(several) => {
                self.broken.insert(kind);
                let places: Vec<Place> = several
                    .iter()
                    .map(|&at| {
                        let (book, sheet) = sheets[at];
                        self.workbooks[book].workbook.place(sheet)
                    })
                    .collect();
                let names = places.iter().map(|Place { file, .. }| file).zip(places.iter().map(Place::sheet_name));
                let names =
                    names.map(|(file, sheet)| sheet.map_or_else(|| file.clone(), |sheet| format!("{file}, {sheet}")));
                let kind = kinds::SeveralSheets {
                    table: kind.name().to_owned(),
                    sheets: names.collect::<Vec<_>>().join("; "),
                };
                self.problems.push(places.into_iter().fold(Problem::error(kind), Problem::at));
            }
        }
    }

    fn claim_sheet(&mut self, kind: TableKind, mapping: &ColumnMappings, at: SheetIndex) {
        let (book, sheet) = at;
        if !self.claimed.insert(at) && self.is_found(kind, at) {
            return;
        }
        if self.unreadable.contains(&at) {
            self.broken.insert(kind);
            return;
        }
        if let Some(missing) = self.forms.get(&(kind, at)).and_then(|form| form.missing_parent.clone()) {
            self.broken.insert(kind);
            self.problems.push(missing);
            return;
        }
        let opened = &self.workbooks[book];
        let place = opened.workbook.place(sheet);
        match layout::find_layout(self.head_of(kind, at), kind, mapping, (&place.file, place.sheet_name())) {
            Ok(mut layout) => {
                let info = &opened.workbook.sheets[sheet];
                if info.hidden {
                    self.problems.push(Problem::note(kinds::HiddenSheet).at(place.clone()));
                }
                if opened.workbook.has_guessed_encoding() {
                    let mixed = |heading: &&layout::LayoutColumn| fold::script(&heading.heading) == Script::Mixed;
                    self.problems.extend(layout.columns.iter().filter(mixed).map(|heading| {
                        let place = Place::cell(&place.file, place.sheet_name(), heading.row, heading.column);
                        Problem::warning(kinds::MixedLetters::Plain { table: kind.name().to_owned() }).at(place)
                    }));
                }
                let plan = self.plans.iter().find(|plan| plan.kind == kind);
                let form = self.forms.get(&(kind, at)).map(|form| (&form.head, form.join.as_ref()));
                let shape = plan.and_then(|plan| {
                    SheetShape::new(plan, &mut layout, &opened.heads[sheet], place.sheet_name(), form)
                });
                self.found.entry(kind).or_default().push(FoundSheet { at, layout, shape });
            }
            Err(mut faults) => {
                if let Some(separator) = opened.workbook.separator() {
                    for fault in faults.iter_mut().filter(|fault| fault.code == kinds::TableNotFound::CODE) {
                        fault.variant = Some("csv");
                        fault.args.insert("separator", separator.clone());
                    }
                }
                faults.iter_mut().for_each(|fault| self.name_line(kind, fault));
                self.broken.insert(kind);
                self.problems.extend(faults);
            }
        }
    }

    fn is_found(&self, kind: TableKind, at: SheetIndex) -> bool {
        self.found.get(&kind).is_some_and(|found| found.iter().any(|found| found.at == at))
    }

    fn plan(&self, kind: TableKind) -> Option<&TablePlan> {
        self.plans.iter().find(|plan| plan.kind == kind)
    }

    /// Numbers the sheets of all tables.
    fn finish(mut self) -> Tables {
        self.warn_unread_sheets();
        self.accept_rows();
        let TableFinder { workbooks, mut found, broken, plans, .. } = self;
        let mut sources = Sources::default();
        let mut sheets: BTreeMap<TableKind, Vec<TableSheet>> = BTreeMap::new();
        for kind in READ_ORDER {
            let plan = plans.iter().find(|plan| plan.kind == kind);
            let options: Arc<TableOptions> = plan.map(|plan| plan.options.clone()).unwrap_or_default();
            for FoundSheet { at: (book, sheet), layout, shape } in found.remove(&kind).unwrap_or_default() {
                let place = workbooks[book].workbook.place(sheet);
                let sheet_name = place.sheet_name().map(str::to_owned);
                let source = SheetSource {
                    file: place.file,
                    sheet: sheet_name,
                    is_by_cell: shape.as_ref().is_some_and(SheetShape::is_by_cell),
                };
                let table_sheet = TableSheet {
                    book,
                    sheet,
                    id: sources.add(source.clone()),
                    file: source.file,
                    sheet_name: source.sheet,
                    layout,
                    options: options.clone(),
                    decimal_marks: Arc::default(),
                    shape: shape.map(Arc::new),
                };
                sheets.entry(kind).or_default().push(table_sheet);
            }
        }
        Tables { workbooks, sheets, broken, sources }
    }
}
