use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{EvidenceFile, Memory, OpenMemory, StageError, checksum_of_file};
use crate::folder::hash_bytes;

const SCHEMA: u32 = 4;
const NAME: &str = "record.json";

/// What versions before this one left among the outputs, where it may be sent and reveals what they hide.
const LEFT_AMONG_OUTPUTS: [&str; 2] = [NAME, EvidenceFile::NAME];

/// record.json of a project's [`Memory`]: what each output was made from, and the released figures. It holds no time and
/// nothing personal. A lost, damaged or foreign one only means a full build.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Version of this format.
    pub schema: u32,
    /// Version of the program with a hash of what it carries (templates, profiles, fonts).
    pub program: String,
    /// Every input that was read, by path relative to the project's folder, with its BLAKE3.
    pub inputs: BTreeMap<String, String>,
    /// Each unit of work that was made (`2017-Q1/quarterly`) → hash of the program and the inputs that it was made from.
    /// Units may be made one by one, by processes of their own.
    pub units: BTreeMap<String, String>,
    /// All units of the project, made or not.
    pub planned: Vec<String>,
    /// By path relative to `build/<code>`.
    pub outputs: BTreeMap<String, RecordedFile>,
    /// `<period>/<report>` → the indicators of its figures.json.
    pub figures: BTreeMap<String, Value>,
    /// Checksum of evidence.json as it was written.
    pub evidence: String,
}

/// One output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedFile {
    /// Hash of all that it was made from.
    pub made_from: String,
    /// Checksum of its bytes.
    pub content: String,
}

/// The part of a record that says whether outputs are up to date, without its figures.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct RecordHead {
    schema: u32,
    /// As [`Record::units`].
    pub units: BTreeMap<String, String>,
    /// As [`Record::planned`].
    pub planned: Vec<String>,
    /// As [`Record::outputs`].
    pub outputs: BTreeMap<String, RecordedFile>,
    evidence: String,
}

impl RecordHead {
    /// As [`Record::read`].
    pub fn read(memory: &Memory) -> Option<RecordHead> {
        memory.read(NAME).filter(|head: &RecordHead| head.schema == SCHEMA)
    }

    /// The outputs in `home` that `is_requested`, and evidence.json, each with the checksum of its bytes.
    pub fn files<'r>(
        &'r self,
        home: &Path,
        memory: &Memory,
        is_requested: impl Fn(&str) -> bool,
    ) -> Vec<(PathBuf, &'r str)> {
        let outputs = self.outputs.iter().filter(|(name, _)| is_requested(name));
        let outputs = outputs.map(|(name, file)| (home.join(name), file.content.as_str()));
        outputs.chain([(memory.path(EvidenceFile::NAME), self.evidence.as_str())]).collect()
    }
}

impl Record {
    /// An empty record of a build by `program` (its version) from `inputs`.
    pub fn new(program: &str, inputs: BTreeMap<String, String>) -> Record {
        Record { schema: SCHEMA, program: program.to_owned(), inputs, ..Record::default() }
    }

    /// The record of the last build; `None` if there is none that this version can use.
    pub fn read(memory: &Memory) -> Option<Record> {
        memory.read(NAME).filter(Record::is_usable)
    }

    /// The record that an earlier version left among the outputs in `home` (`build/<code>`).
    pub fn read_left(home: &Path) -> Option<Record> {
        serde_json::from_slice(&fs::read(home.join(NAME)).ok()?).ok().filter(Record::is_usable)
    }

    fn is_usable(&self) -> bool {
        self.schema == SCHEMA
    }

    /// Names of the records that an earlier version left among the outputs in `home`.
    pub fn find_left(home: &Path) -> Vec<&'static str> {
        LEFT_AMONG_OUTPUTS.into_iter().filter(|name| home.join(name).symlink_metadata().is_ok()).collect()
    }

    /// Removes what [`Record::find_left`] finds, and returns its names.
    ///
    /// # Errors
    /// A file can't be removed.
    pub fn remove_left(home: &Path) -> Result<Vec<&'static str>, StageError> {
        let left = Record::find_left(home);
        for path in left.iter().map(|name| home.join(name)) {
            fs::remove_file(&path).map_err(|error| StageError { path, error })?;
        }
        Ok(left)
    }

    /// Writes the file.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn write(&self, memory: &OpenMemory) -> Result<(), StageError> {
        memory.write(NAME, self).map(drop)
    }

    /// Whether `name` is in `home` as it was written, made from the same things.
    pub fn is_current(&self, home: &Path, name: &str, made_from: &str) -> bool {
        self.outputs.get(name).is_some_and(|file| file.made_from == made_from && is_unchanged(home, name, file))
    }

    /// Whether `name` is in `home` with this content (its checksum), as it was written.
    pub fn holds(&self, home: &Path, name: &str, content: &str) -> bool {
        self.outputs.get(name).is_some_and(|file| file.content == content && is_unchanged(home, name, file))
    }

    /// Copies what an earlier record says of units that weren't made now. `belongs_to` is asked whether an output is a
    /// unit's.
    pub fn copy_units(&mut self, earlier: &Record, units: &[&String], belongs_to: impl Fn(&str, &str) -> bool) {
        for unit in units {
            let of_unit = earlier.outputs.iter().filter(|(name, _)| belongs_to(name, unit));
            self.outputs.extend(of_unit.map(|(name, file)| (name.clone(), file.clone())));
            let figures = earlier.figures.get_key_value(*unit);
            self.figures.extend(figures.map(|(name, figures)| (name.clone(), figures.clone())));
            let state = earlier.units.get_key_value(*unit);
            self.units.extend(state.map(|(name, state)| (name.clone(), state.clone())));
        }
    }

    /// Hash of the program and all inputs with their hashes: what a unit was made from.
    pub fn state(program: &str, inputs: &BTreeMap<String, String>) -> String {
        let files = inputs.iter().flat_map(|(path, hash)| [path.as_bytes(), hash.as_bytes()]);
        hash_bytes(std::iter::once(program.as_bytes()).chain(files))
    }
}

fn is_unchanged(home: &Path, name: &str, file: &RecordedFile) -> bool {
    checksum_of_file(&home.join(name)).is_ok_and(|sum| sum == file.content)
}
