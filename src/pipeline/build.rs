use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::load::{self, Loaded};
use super::review::add_new;
use super::submitted;
use super::units::{self, Made};
use crate::diagnostic::{Problem, Severity};
use crate::model::Settings;
use crate::output::scan::Scan;
use crate::output::{FigureChange, FolderLock, LockFault, Record, Stage, StageFault, changes, hash_bytes, listing};
use crate::{disclosure, indicators, ingest};

/// The program with all that it carries: another one makes every document again.
const PROGRAM: &str = concat!(env!("CARGO_PKG_VERSION"), "-", env!("DONOR_REPORT_FINGERPRINT"));

/// How often a folder that changes under our hands is read again.
const TRIES: usize = 3;

/// What to build and where to.
pub struct BuildOptions {
    /// Only the report of this name.
    pub report: Option<String>,
    /// Only this period.
    pub period: Option<String>,
    /// The folder that holds one folder per project code.
    pub out: PathBuf,
    /// Even what is up to date.
    pub force: bool,
}

/// How a project's build ended. With errors among the problems nothing was written.
pub struct Built {
    pub code: String,
    pub problems: Vec<Problem>,
    /// Outputs written, relative to `<out>/<code>`.
    pub written: Vec<String>,
    /// How many stood already as they should.
    pub kept: usize,
    pub changes: Vec<FigureChange>,
}

impl Built {
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }
}

/// Why nothing could be tried, or not finished.
#[derive(Debug)]
pub enum CouldNotRun {
    Write { path: PathBuf, error: io::Error },
    NoSuchReport { report: String, known: Vec<String> },
    NoSuchPeriod { period: String, known: Vec<String> },
}

impl From<StageFault> for CouldNotRun {
    fn from(fault: StageFault) -> CouldNotRun {
        CouldNotRun::Write { path: fault.path, error: fault.error }
    }
}

impl From<LockFault> for CouldNotRun {
    fn from(fault: LockFault) -> CouldNotRun {
        CouldNotRun::Write { path: fault.path, error: fault.error }
    }
}

/// Makes what is out of date of one project. `waiting` is called if another build holds its outputs.
pub fn build(folder: &Path, options: &BuildOptions, waiting: impl FnOnce()) -> Result<Built, CouldNotRun> {
    if let Some(built) = nothing_to_do(folder, options) {
        return Ok(built);
    }
    let (loaded, inputs) = load_whole(folder);
    let Some(settings) = &loaded.checked.settings else {
        return Ok(failed(String::new(), loaded.problems));
    };
    let code = settings.code.clone();
    let wanted = units::wanted(settings, options)?;
    let (Some(project), Some(prose), false) = (&loaded.checked.project, &loaded.prose, loaded.has_errors()) else {
        let prose = loaded.check_narrative(None);
        return Ok(failed(code, loaded.problems.into_iter().chain(prose).collect()));
    };

    let home = options.out.join(&code);
    let _lock = FolderLock::take(&home, waiting)?;
    let stage = Stage::open(&home)?;
    let old = Record::read(&home).filter(|record| record.program == PROGRAM && !options.force);

    let figures = indicators::count(project);
    let releases = disclosure::release(project, &figures);
    let mut problems = loaded.problems.clone();
    problems.extend(loaded.check_narrative(Some(&releases)));
    problems.extend(releases.problems().iter().cloned());
    let restated = submitted::restated(folder, project, &figures);
    problems.extend(restated.problems.iter().cloned());

    let scan = Scan::new(&loaded.checked.personal, printed_names(settings));
    let work = units::Work {
        project,
        prose,
        figures: &figures,
        releases: &releases,
        waived: &loaded.checked.waived,
        scan: &scan,
        restated: &restated.differences,
        inputs: fingerprint(&loaded),
        program: PROGRAM,
        home: &home,
        stage: &stage,
        old: old.as_ref(),
    };
    let mut made = units::make(&work, &wanted)?;
    if options.report.is_none() && options.period.is_none() {
        let iati = units::make_iati(&work)?;
        made.outputs.extend(iati.outputs);
        made.problems.extend(iati.problems);
    }
    add_new(&mut problems, made.problems.clone());
    let built = Built { code, problems, written: Vec::new(), kept: 0, changes: Vec::new() };
    if built.has_errors() {
        return Ok(built);
    }
    publish(built, made, inputs, &stage, &home, options)
}

/// A workbook may be saved while it is being read: reads again until the folder was the same before and after.
fn load_whole(folder: &Path) -> (Loaded, BTreeMap<String, String>) {
    let mut before = listing(folder);
    let mut loaded = load::read(folder);
    for _ in 0..TRIES {
        let after = listing(folder);
        if after == before {
            break;
        }
        before = after;
        loaded = load::read(folder);
    }
    (loaded, before)
}

/// Names that project.toml itself prints, of who signs and of organisations, are no traces of participants.
fn printed_names(settings: &Settings) -> Vec<String> {
    let signatures = settings.signatures.iter().map(|signature| &signature.name);
    let partners = settings.partners.iter().map(|partner| &partner.name);
    let donors = settings.donors.iter().map(|donor| &donor.name);
    let implementer = settings.implementer.iter().map(|implementer| &implementer.name);
    let names = signatures.chain(partners).chain(donors).chain(implementer);
    names.flat_map(|name| name.iter().map(|(_, text)| text.to_owned())).collect()
}

fn failed(code: String, problems: Vec<Problem>) -> Built {
    Built { code, problems, written: Vec::new(), kept: 0, changes: Vec::new() }
}

/// Everything is made: puts it into its places, and the record last, so that a record never tells more than stands.
fn publish(
    mut built: Built,
    made: Made,
    inputs: BTreeMap<String, String>,
    stage: &Stage,
    home: &Path,
    options: &BuildOptions,
) -> Result<Built, CouldNotRun> {
    let before = Record::read(home).unwrap_or_default();
    let mut record = Record::new(PROGRAM, inputs);
    record.complete = options.report.is_none() && options.period.is_none();
    if !record.complete && before.program == PROGRAM {
        record.outputs = before.outputs.clone();
        record.figures = before.figures.clone();
    }
    for output in made.outputs {
        if output.current {
            built.kept += 1;
        } else {
            stage.publish(&output.name)?;
            built.written.push(output.name.clone());
        }
        record.outputs.insert(output.name, output.recorded);
    }
    record.figures.extend(made.figures);
    built.changes = changes(&before.figures, &record.figures);
    record.write(stage)?;
    Ok(built)
}

/// One hash over all tables and project.toml, and over the key of pseudonyms, which stands in neither.
fn fingerprint(loaded: &Loaded) -> String {
    let tables = loaded.checked.inputs.iter().flat_map(|input| [input.path.as_bytes(), input.hash.as_bytes()]);
    let key = loaded.checked.settings.as_ref().and_then(|settings| settings.privacy.key.as_deref());
    hash_bytes(tables.chain(key))
}

/// Where the folder is as it was when everything was last made, and all of that stands, there is nothing to read.
fn nothing_to_do(folder: &Path, options: &BuildOptions) -> Option<Built> {
    if options.force {
        return None;
    }
    let code = ingest::settings(folder).0?.code;
    let home = options.out.join(&code);
    let record = Record::read(&home).filter(|record| record.program == PROGRAM && record.complete)?;
    let asked = |name: &String| units::is_asked(name, options);
    let kept = record.outputs.keys().filter(|name| asked(name)).count();
    let current = kept > 0 && record.inputs == listing(folder) && record.all_stand(&home);
    current.then(|| Built { code, problems: Vec::new(), written: Vec::new(), kept, changes: Vec::new() })
}
