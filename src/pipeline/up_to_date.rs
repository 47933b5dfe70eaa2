//! Whether there is anything to build, found without reading a table.

use std::path::{Path, PathBuf};

use super::outcome::{BuildOptions, Built, PROGRAM};
use super::planned_units;
use super::table_cache::InputHashes;
use crate::folder::{hash_file, list_files};
use crate::ingest;
use crate::output::{HashJob, Memory, Record, RecordHead, Stage, checksum_of_file, run_hash_jobs};

/// A project's folder as it is, and whether its outputs were made from it.
pub(super) struct Freshness {
    pub inputs: InputHashes,
    /// The build, if all that is requested is as it would be made now.
    pub up_to_date: Option<Built>,
}

/// What an earlier build says of the outputs that are requested.
struct PreviousBuild {
    code: String,
    home: PathBuf,
    memory: Memory,
    record: RecordHead,
    units: Vec<String>,
}

/// The build of a project whose outputs are up to date; `None` if something is to be made. Uses at most `threads` threads
/// of its own.
pub fn find_up_to_date(folder: &Path, options: &BuildOptions, threads: usize) -> Option<Built> {
    Freshness::check(folder, options, threads).up_to_date
}

impl Freshness {
    pub(super) fn check(folder: &Path, options: &BuildOptions, threads: usize) -> Freshness {
        let previous = PreviousBuild::find(folder, options);
        let inputs = list_files(folder, Some(&options.out));
        let outputs = previous.as_ref().map(PreviousBuild::files).unwrap_or_default();
        let input_jobs = inputs.iter().map(|(_, path)| HashJob { path: path.clone(), hash: hash_file });
        let output_jobs = outputs.iter().map(|(path, _)| HashJob { path: path.clone(), hash: checksum_of_file });
        let jobs: Vec<HashJob> = input_jobs.chain(output_jobs).collect();
        let mut hashes = run_hash_jobs(&jobs, threads).into_iter();
        let inputs = inputs.into_iter().zip(&mut hashes).filter_map(|((name, _), hash)| Some((name, hash?))).collect();
        let unchanged = outputs.iter().zip(hashes).all(|((_, written), hash)| hash.as_deref() == Some(*written));
        let up_to_date = previous.as_ref().filter(|_| unchanged).and_then(|previous| previous.made_from(&inputs));
        Freshness { inputs, up_to_date }
    }
}

impl PreviousBuild {
    /// `None` if everything is to be made anew, nothing that is requested was ever made, or what an earlier version or a
    /// killed build left is to be removed.
    fn find(folder: &Path, options: &BuildOptions) -> Option<PreviousBuild> {
        // What a draft leaves out is to be said each time.
        if options.force || options.draft {
            return None;
        }
        let code = ingest::code_of(folder)?;
        let home = options.out.join(&code);
        if !Record::find_left(&home).is_empty() || Stage::is_abandoned_in(&home) {
            return None;
        }
        let memory = Memory::new(folder, &options.out);
        let record = RecordHead::read(&memory)?;
        let requested = record.planned.iter().filter(|unit| planned_units::is_requested(unit, &options.extent));
        let units: Vec<String> = requested.cloned().collect();
        (!units.is_empty()).then_some(PreviousBuild { code, home, memory, record, units })
    }

    /// The files that must be unchanged, each with the checksum of its bytes.
    fn files(&self) -> Vec<(PathBuf, &str)> {
        self.record.files(&self.home, &self.memory, |name| self.is_requested(name))
    }

    /// The build, if all of it was made from these inputs by this program.
    fn made_from(&self, inputs: &InputHashes) -> Option<Built> {
        let state = Record::state(PROGRAM, inputs);
        if !self.units.iter().all(|unit| self.record.units.get(unit) == Some(&state)) {
            return None;
        }
        let mut built = Built::new(&self.code, Vec::new());
        built.kept = self.record.outputs.keys().filter(|name| self.is_requested(name)).count();
        Some(built)
    }

    fn is_requested(&self, output: &str) -> bool {
        self.units.iter().any(|unit| planned_units::belongs_to(output, unit))
    }
}
