//! Whether there is anything to do, found without reading a table.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::build::{BuildOptions, Built, PROGRAM};
use super::units;
use crate::ingest;
use crate::output::{Asked, Record, RecordHead, checksum_of_file, digests, hash_file, input_files};

/// A project's folder as it is, and the outputs that were made from it.
pub(super) struct Look {
    /// Every file of the folder with the BLAKE3 of its content.
    pub inputs: BTreeMap<String, String>,
    /// The build, where all that is asked for stands as it would be made now.
    pub nothing_to_do: Option<Built>,
}

/// What an earlier build says of the outputs that are asked for.
struct Recorded {
    code: String,
    home: PathBuf,
    record: RecordHead,
    units: Vec<String>,
}

/// Tells whether a project has nothing to build, on so many threads of its own.
pub fn nothing_to_do(folder: &Path, options: &BuildOptions, threads: usize) -> Option<Built> {
    Look::at(folder, options, threads).nothing_to_do
}

impl Look {
    pub(super) fn at(folder: &Path, options: &BuildOptions, threads: usize) -> Look {
        let recorded = Recorded::find(folder, options);
        let inputs = input_files(folder, &options.out);
        let outputs = recorded.as_ref().map(Recorded::files).unwrap_or_default();
        let asked: Vec<Asked> = inputs
            .iter()
            .map(|(_, path)| Asked { path: path.clone(), digest: hash_file })
            .chain(outputs.iter().map(|(path, _)| Asked { path: path.clone(), digest: checksum_of_file }))
            .collect();
        let mut found = digests(&asked, threads).into_iter();
        let inputs =
            inputs.into_iter().zip(&mut found).filter_map(|((name, _), digest)| Some((name, digest?))).collect();
        let stand = outputs.iter().zip(found).all(|((_, written), digest)| digest.as_deref() == Some(*written));
        let nothing_to_do = recorded.as_ref().filter(|_| stand).and_then(|recorded| recorded.made_from(&inputs));
        Look { inputs, nothing_to_do }
    }
}

impl Recorded {
    /// None where all is to be made anew, or nothing of it was ever made.
    fn find(folder: &Path, options: &BuildOptions) -> Option<Recorded> {
        if options.force {
            return None;
        }
        let code = ingest::code_of(folder)?;
        let home = options.out.join(&code);
        let record = RecordHead::read(&home)?;
        let asked = record.planned.iter().filter(|unit| units::is_asked(unit, &options.extent));
        let units: Vec<String> = asked.cloned().collect();
        (!units.is_empty()).then_some(Recorded { code, home, record, units })
    }

    /// The files that must stand, each with the checksum of its bytes.
    fn files(&self) -> Vec<(PathBuf, &str)> {
        self.record.files(&self.home, |name| self.is_asked(name))
    }

    /// The build, where all of it was made from these inputs by this program.
    fn made_from(&self, inputs: &BTreeMap<String, String>) -> Option<Built> {
        let state = Record::state(PROGRAM, inputs);
        if !self.units.iter().all(|unit| self.record.units.get(unit) == Some(&state)) {
            return None;
        }
        let mut built = Built::new(&self.code, Vec::new());
        built.kept = self.record.outputs.keys().filter(|name| self.is_asked(name)).count();
        Some(built)
    }

    fn is_asked(&self, output: &str) -> bool {
        self.units.iter().any(|unit| units::belongs(output, unit))
    }
}
