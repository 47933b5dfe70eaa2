use crate::diagnostic::Problem;
use crate::ingest::codes::CodeBook;
use crate::ingest::lists::Listing;
use crate::ingest::raw::RawRow;
use crate::ingest::table::{Part, Role, TableRun};
use crate::model::{Lang, Level, ResultId, ResultNode};

/// The results chain while it is read: parents are found once all codes are known.
#[derive(Default)]
pub struct ResultRows {
    pub codes: CodeBook,
    pub nodes: Vec<ResultNode>,
    /// Written parents: node, code, part, row, column.
    parents: Vec<(usize, String, Part, RawRow<'static>, u32)>,
    /// Where each code stands, to name it when it comes again.
    places: Vec<String>,
}

pub fn read(
    run: &mut TableRun,
    part: &Part,
    row: &RawRow,
    listing: &Listing,
    languages: &[Lang],
    results: &mut ResultRows,
) {
    let column = part.column("code");
    let code = run.key(part, row, column, "missing-value").map(|code| code.into_owned());
    let title = run.translated(part, row, "title", languages, true);
    let level = run.word(part, row, "level", listing, "level").and_then(level_of);
    let assumptions = run.translated(part, row, "assumptions", languages, false);
    let parent = run.code(part, row, part.column("parent"), Role::Describing).map(|code| code.into_owned());
    if let (Some(code), Some(column)) = (code, column) {
        if let Some(known) = results.codes.find(&code) {
            let other = results.places.get(known.number as usize).cloned().unwrap_or_default();
            let problem = Problem::error("duplicate-code").with("value", code).with("other", other);
            run.fault(part, row, column, Role::Deciding, problem);
        } else {
            results.codes.find_or_add(&code);
            results.places.push(part.describe(row.number, column));
            if let (Some(parent), Some(at)) = (parent, part.column("parent")) {
                let owned = row.clone().into_owned();
                results.parents.push((results.nodes.len(), parent, part.clone(), owned, at));
            }
            let row = part.row(row.number);
            results.nodes.push(ResultNode { code, title, level, parent: None, assumptions, row });
        }
    }
    run.settle();
}

impl ResultRows {
    /// Finds the parents, and chains that lead back to themselves.
    pub fn link(&mut self, run: &mut TableRun) {
        for (node, code, part, row, column) in std::mem::take(&mut self.parents) {
            let Some(found) = self.codes.find(&code) else {
                let problem = super::nearest_of(Problem::error("unknown-result"), &code, &self.codes);
                run.fault_in_used(&part, &row, column, Role::Describing, problem);
                continue;
            };
            self.nodes[node].parent = Some(ResultId(found.number as u16));
            if self.leads_back(node) {
                self.nodes[node].parent = None;
                let problem = Problem::error("result-cycle").with("value", code);
                run.fault_in_used(&part, &row, column, Role::Describing, problem);
            }
        }
    }

    fn leads_back(&self, from: usize) -> bool {
        let mut at = from;
        for _ in 0..self.nodes.len() {
            match self.nodes[at].parent {
                Some(parent) if usize::from(parent.0) == from => return true,
                Some(parent) => at = usize::from(parent.0),
                None => return false,
            }
        }
        true
    }
}

/// Levels in the order of the built-in list.
pub fn level_of(entry: u32) -> Option<Level> {
    [Level::Impact, Level::Outcome, Level::Output].get(entry as usize).copied()
}
