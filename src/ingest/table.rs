//! One table while it is read: problems with their cells and excerpts, waivers, and the account of its rows.

mod cells;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::TableAccount;
use super::cell;
use super::gather::Gather;
use super::layout::{Layout, TableKind};
use super::raw::{Raw, RawRow};
use super::waivers::WaiverBook;
use crate::diagnostic::{Place, Problem, Severity, cell_name};
use crate::model::{PassedRow, RowRef, SheetId};

/// A sheet, or a part of several, that a table is read from.
#[derive(Clone, Debug)]
pub struct Part {
    pub book: usize,
    pub sheet: usize,
    pub id: SheetId,
    pub file: String,
    pub sheet_name: Option<String>,
    pub layout: Layout,
}

impl Part {
    pub fn place(&self, row: u32, column: u32) -> Place {
        Place::cell(&self.file, self.sheet_name.as_deref(), row, column)
    }

    pub fn row(&self, row: u32) -> RowRef {
        RowRef { sheet: self.id, row }
    }

    pub fn column(&self, name: &str) -> Option<u32> {
        self.layout.column(name).map(|column| column.column)
    }

    /// `participants.xlsx, Attendance, B17`: a second cell that a message names.
    pub fn describe(&self, row: u32, column: u32) -> String {
        let cell = cell_name(row, column);
        match &self.sheet_name {
            Some(sheet) => format!("{}, {sheet}, {cell}", self.file),
            None => format!("{}, {cell}", self.file),
        }
    }
}

/// What a faulty cell means for its row, where the fault is waived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A key, a date or a count: the row is left out.
    Deciding,
    /// The value is unknown.
    Describing,
}

/// The row at hand.
#[derive(Clone, Copy, Debug, Default)]
struct RowState {
    row: Option<RowRef>,
    error: bool,
    /// Bits of waivers under which the row is left out, and under which one of its values is unknown.
    left_out: u64,
    unknown: u64,
}

/// How the row at hand ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Use,
    /// In error, or left out under a waiver.
    Leave,
}

/// Where all tables bring their problems.
#[derive(Default)]
pub struct Desk {
    pub gather: RefCell<Gather>,
    pub waivers: RefCell<WaiverBook>,
    /// Rows that were read and stand for nothing, for whoever asks after one.
    pub passed: RefCell<Vec<PassedRow>>,
}

/// A table's problems and rows.
pub struct TableRun<'g> {
    pub kind: TableKind,
    desk: &'g Desk,
    account: TableAccount,
    state: RowState,
    left_out: BTreeMap<u64, u64>,
    unknown: BTreeMap<u64, u64>,
    /// Columns that an excerpt shows besides the faulty one.
    keys: &'static [&'static str],
    /// Rows in error or left out, so that a fault found later isn't counted as another row.
    faulty: BTreeSet<RowRef>,
    /// Faults and remarks so far.
    told: u64,
    /// Kinds of problems that a column already has: only the first needs an excerpt and a suggestion.
    first: BTreeSet<(&'static str, SheetId, u32)>,
}

impl<'g> TableRun<'g> {
    pub fn new(kind: TableKind, desk: &'g Desk) -> TableRun<'g> {
        let keys: &'static [&'static str] = match kind {
            TableKind::Activities => &["id"],
            TableKind::Participants => &["person"],
            TableKind::Attendance => &["activity", "person"],
            TableKind::Results | TableKind::Indicators => &["code"],
            TableKind::Targets | TableKind::Reported => &["indicator", "period"],
            TableKind::Lists => &["list", "code"],
        };
        let account = TableAccount { table: kind.name().to_owned(), ..TableAccount::default() };
        TableRun {
            kind,
            desk,
            account,
            state: RowState::default(),
            left_out: BTreeMap::new(),
            unknown: BTreeMap::new(),
            keys,
            faulty: BTreeSet::new(),
            told: 0,
            first: BTreeSet::new(),
        }
    }

    /// A row of data begins.
    pub fn begin(&mut self, part: &Part, row: &RawRow) {
        self.account.read += 1;
        self.state = RowState { row: Some(part.row(row.number)), ..RowState::default() };
    }

    /// A row that is no data (`total`, `repeated-header` …).
    pub fn pass(&mut self, row: RowRef, why: &'static str) {
        self.desk.passed.borrow_mut().extend((why != "blank").then_some(PassedRow { row, why, like: None }));
        self.account.read += 1;
        *self.account.passed.entry(why).or_default() += 1;
    }

    /// The row at hand, otherwise sound, is no use (`faulty-activity`).
    pub fn pass_begun(&mut self, why: &'static str) {
        *self.account.passed.entry(why).or_default() += 1;
    }

    /// Rows taken for used turn out to be doubled, each with the one that it repeats.
    pub fn move_used_to_passed(&mut self, why: &'static str, doubled: &[(RowRef, RowRef)]) {
        let rows = doubled.len() as u64;
        let passed = doubled.iter().map(|&(row, like)| PassedRow { row, why, like: Some(like) });
        self.desk.passed.borrow_mut().extend(passed);
        self.account.used = self.account.used.saturating_sub(rows);
        if rows > 0 {
            *self.account.passed.entry(why).or_default() += rows;
        }
    }

    /// A row that was settled turns out to be in error, or left out under a waiver.
    pub fn fault_in_used(&mut self, part: &Part, row: &RawRow, column: u32, role: Role, problem: Problem) -> Verdict {
        let at = part.row(row.number);
        self.state = RowState { row: Some(at), ..RowState::default() };
        if self.faulty.contains(&at) {
            self.fault(part, row, column, role, problem);
            return Verdict::Leave;
        }
        self.fault(part, row, column, role, problem);
        self.account.used = self.account.used.saturating_sub(1);
        self.settle()
    }

    /// A fault at a cell of the row at hand; an error unless the project waives it.
    pub fn fault(&mut self, part: &Part, row: &RawRow, column: u32, role: Role, problem: Problem) {
        self.told += 1;
        let problem = self.placed(part, row, column, problem);
        if problem.severity != Severity::Error {
            self.desk.gather.borrow_mut().add(problem);
            return;
        }
        let accepted = self.desk.waivers.borrow_mut().accept(self.kind, problem);
        match accepted {
            Ok(bit) => match role {
                Role::Deciding => self.state.left_out |= bit,
                Role::Describing => self.state.unknown |= bit,
            },
            Err(problem) => {
                self.desk.gather.borrow_mut().add(problem);
                self.state.error = true;
            }
        }
    }

    /// A fault that no waiver covers and that stands for the table, not for a row.
    pub fn problem(&mut self, problem: Problem) {
        self.desk.gather.borrow_mut().add(problem);
    }

    /// Something worth saying about a cell that isn't an error.
    pub fn remark(&mut self, part: &Part, row: &RawRow, column: u32, problem: Problem) {
        self.told += 1;
        let problem = self.placed(part, row, column, problem);
        self.desk.gather.borrow_mut().add(problem);
    }

    fn placed(&mut self, part: &Part, row: &RawRow, column: u32, problem: Problem) -> Problem {
        let first = self.first.insert((problem.code, part.id, column));
        let problem = problem.at(part.place(row.number, column));
        if !first || problem.excerpt.is_some() {
            return problem;
        }
        let (cells, faulty) = self.excerpt(part, row, column);
        problem.excerpt(cells, faulty)
    }

    /// Key columns of the row and the faulty cell; what a name column holds stays `…`.
    fn excerpt(&self, part: &Part, row: &RawRow, column: u32) -> (Vec<(String, String)>, Option<usize>) {
        let mut shown: Vec<(String, String)> = Vec::new();
        let mut faulty = None;
        for key in self.keys {
            let Some(at) = part.column(key) else { continue };
            if at == column {
                faulty = Some(shown.len());
            }
            shown.push(((*key).to_owned(), shown_cell(row, at)));
        }
        if faulty.is_none() {
            let known = part.layout.columns.iter().find(|known| known.column == column);
            let private = known.is_some_and(|known| !known.listed && is_of_persons(self.kind) || known.name == "name");
            let name =
                known.map_or_else(
                    String::new,
                    |known| {
                        if known.listed { known.name.clone() } else { known.heading.clone() }
                    },
                );
            faulty = Some(shown.len());
            shown.push((name, if private { "…".to_owned() } else { shown_cell(row, column) }));
        }
        (shown, faulty)
    }

    /// How many faults and remarks there were so far: whether reading a cell made one.
    pub fn told(&self) -> u64 {
        self.told
    }

    /// Whether a column has no problem of this kind yet, so that a costly suggestion is worth its while.
    pub fn is_first(&self, code: &'static str, part: &Part, column: u32) -> bool {
        !self.first.contains(&(code, part.id, column))
    }

    /// What became of the row at hand.
    pub fn settle(&mut self) -> Verdict {
        let RowState { row, error, left_out, unknown } = self.state;
        if error || left_out != 0 {
            self.faulty.extend(row);
        }
        if error {
            self.account.error += 1;
            return Verdict::Leave;
        }
        if left_out != 0 {
            *self.left_out.entry(left_out | unknown).or_default() += 1;
            return Verdict::Leave;
        }
        if unknown != 0 {
            *self.unknown.entry(unknown).or_default() += 1;
        } else {
            self.account.used += 1;
        }
        Verdict::Use
    }

    /// Whether the row at hand is without a fault so far.
    pub fn is_sound(&self) -> bool {
        !self.state.error && self.state.left_out == 0
    }

    /// The account, with waived rows in error again where their waiver's limit is passed.
    pub fn finish(mut self) -> TableAccount {
        let waived = self.faulty.iter().map(|&row| PassedRow { row, why: "waived", like: None });
        self.desk.passed.borrow_mut().extend(waived);
        let exceeded = self.desk.waivers.borrow().exceeded(self.kind);
        for (bits, rows) in self.left_out {
            if bits & exceeded == 0 {
                self.account.waived += rows;
            } else {
                self.account.error += rows;
            }
        }
        for (bits, rows) in self.unknown {
            if bits & exceeded == 0 {
                self.account.used += rows;
            } else {
                self.account.error += rows;
            }
        }
        self.account
    }
}

fn is_of_persons(kind: TableKind) -> bool {
    matches!(kind, TableKind::Participants | TableKind::Attendance)
}

/// Longest text of a cell in an excerpt, in characters.
const SHOWN: usize = 60;

fn shown_cell(row: &RawRow, column: u32) -> String {
    let Some(cell) = row.cell(column) else { return String::new() };
    let text = match &cell.raw {
        Raw::Text(text) | Raw::Error(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        _ => cell::read_text(Some(cell)).ok().flatten().map(|text| text.into_owned()).unwrap_or_default(),
    };
    if text.chars().count() <= SHOWN {
        return text;
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}
