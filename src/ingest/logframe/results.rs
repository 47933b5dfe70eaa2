//! The results table: impact, outcomes and outputs, each below its parent.

use crate::diagnostic::kinds;
use crate::ingest::codes::CodeIndex;
use crate::ingest::lists::ListIndex;
use crate::ingest::table::{KeptRow, OnFault, RowReader, TableReader};
use crate::model::{Lang, Level, ResultId, ResultNode};

/// The results as they are read. Parents are found by [`ResultRows::link_parents`] once all codes are known.
#[derive(Default)]
pub struct ResultRows {
    pub codes: CodeIndex,
    pub nodes: Vec<ResultNode>,
    unlinked: Vec<UnlinkedParent>,
    /// The cell of each code, to name it when the code is repeated.
    code_cells: Vec<String>,
}

/// A parent as its row writes it.
struct UnlinkedParent {
    /// Index of the child.
    node: usize,
    code: String,
    row: KeptRow,
}

/// Reads one row of the results table.
pub fn read_result(row: &mut RowReader, lists: &ListIndex, languages: &[Lang], results: &mut ResultRows) {
    let code = row.field("code").required_code();
    let title = row.required_text("title", languages);
    let level = row.field("level").built_in_entry(lists, "level").and_then(level_at);
    let assumptions = row.translated_text("assumptions", languages);
    let parent = row.field("parent").code(OnFault::BlankValue);
    if let Some(code) = code {
        if let Some(known) = results.codes.find(&code) {
            let other = results.code_cells.get(known.id.index()).cloned().unwrap_or_default();
            let value = code.into_owned();
            row.field("code").report(OnFault::DropRow, kinds::DuplicateCode { value, other });
        } else {
            results.codes.find_or_add(&code);
            results.code_cells.push(row.field("code").describe());
            if let Some(parent) = parent {
                let node = results.nodes.len();
                results.unlinked.push(UnlinkedParent { node, code: parent.into_owned(), row: row.keep() });
            }
            let code = code.into_owned();
            results.nodes.push(ResultNode { code, title, level, parent: None, assumptions, row: row.row_ref() });
        }
    }
    row.finish();
}

impl ResultRows {
    /// Finds the parents, and reports unknown ones and chains that lead back to themselves.
    pub fn link_parents(&mut self, table: &mut TableReader) {
        for UnlinkedParent { node, code, row } in std::mem::take(&mut self.unlinked) {
            let mut row = table.kept_row(&row);
            let Some(found) = self.codes.find(&code) else {
                let nearest = self.codes.suggestion(&code);
                row.field("parent").report(OnFault::BlankValue, kinds::UnknownResult { value: code, nearest });
                continue;
            };
            self.nodes[node].parent = Some(ResultId(found.id.0 as u16));
            if self.is_own_ancestor(node) {
                self.nodes[node].parent = None;
                row.field("parent").report(OnFault::BlankValue, kinds::ResultCycle);
            }
        }
    }

    fn is_own_ancestor(&self, node: usize) -> bool {
        let mut at = node;
        for _ in 0..self.nodes.len() {
            match self.nodes[at].parent {
                Some(parent) if usize::from(parent.0) == node => return true,
                Some(parent) => at = usize::from(parent.0),
                None => return false,
            }
        }
        true
    }
}

/// The level at an index of the built-in list.
pub fn level_at(entry: u32) -> Option<Level> {
    Level::ALL.get(entry as usize).copied()
}
