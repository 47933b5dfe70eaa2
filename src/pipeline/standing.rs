//! Whether there is anything to do, found without reading a table.

use std::collections::BTreeMap;
use std::path::Path;

use super::build::{BuildOptions, Built, PROGRAM, Progress};
use super::units;
use crate::ingest;
use crate::output::{Record, RecordHead};

/// Outputs of an earlier build that stand as they were written, of all that is asked for now.
pub(super) struct Standing {
    code: String,
    record: RecordHead,
    units: Vec<String>,
}

impl Standing {
    /// None where something is missing, was changed by others, or must be made again.
    pub(super) fn find(folder: &Path, options: &BuildOptions) -> Option<Standing> {
        if options.force {
            return None;
        }
        let code = ingest::code_of(folder)?;
        let home = options.out.join(&code);
        let record = RecordHead::read(&home)?;
        let units: Vec<String> =
            record.planned.iter().filter(|unit| units::is_asked(unit, &options.extent)).cloned().collect();
        let stand = !units.is_empty() && record.stand(&home, |name| is_of(name, &units));
        stand.then_some(Standing { code, record, units })
    }

    /// The build, where the folder is as it was when all of that was made.
    pub(super) fn nothing_to_do(self, inputs: &BTreeMap<String, String>, progress: &dyn Progress) -> Option<Built> {
        let Standing { code, record, units } = self;
        let state = Record::state(PROGRAM, inputs);
        if !units.iter().all(|unit| record.units.get(unit) == Some(&state)) {
            return None;
        }
        let mut built = Built::new(&code, Vec::new());
        built.kept = record.outputs.keys().filter(|name| is_of(name, &units)).count();
        (0..built.kept).for_each(|_| progress.made());
        Some(built)
    }
}

fn is_of(name: &str, units: &[String]) -> bool {
    units.iter().any(|unit| units::belongs(name, unit))
}
