//! The names that rows of one table write under each code, as hashes: a running number in place of a code names somebody else
//! on every list.

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

use crate::fold;
use crate::ingest::cell;
use crate::ingest::codes::CodeId;
use crate::model::RowRef;

/// The first name under each code of a table.
#[derive(Default)]
pub struct SeenNames {
    hasher: DefaultHashBuilder,
    /// By person.
    names: Vec<Option<SeenName>>,
}

#[derive(Clone, Copy)]
struct SeenName {
    /// Of the text as a row last wrote it, and of its folded key.
    text: u64,
    key: u64,
    row: RowRef,
}

impl SeenNames {
    /// Forgets the names of another table.
    pub fn clear(&mut self) {
        self.names.clear();
    }

    /// Takes the name of a row into account. Returns the row that first wrote another name for the person.
    pub fn observe(&mut self, person: CodeId, name: &str, row: RowRef) -> Option<RowRef> {
        let at = person.index();
        if name.trim().is_empty() || cell::is_placeholder(name) {
            return None;
        }
        if at >= self.names.len() {
            self.names.resize(at + 1, None);
        }
        let text = self.hasher.hash_one(name);
        if self.names[at].is_some_and(|seen| seen.text == text) {
            return None;
        }
        let key = self.hasher.hash_one(fold::name_key(name));
        match &mut self.names[at] {
            Some(seen) if seen.key == key => {
                seen.text = text;
                None
            }
            Some(seen) => Some(seen.row),
            none => {
                *none = Some(SeenName { text, key, row });
                None
            }
        }
    }
}
