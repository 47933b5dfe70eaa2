use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::evidence;
use super::load::{self, Loaded};
use super::publish::publish;
use super::remembered::{Counted, Remembered};
use super::review::add_new;
use super::standing::Look;
use super::submitted;
use super::units;
use crate::diagnostic::{Problem, Severity};
use crate::ingest;
use crate::model::Settings;
use crate::output::scan::{self, OnPurpose, Scan};
use crate::output::{FigureChange, FolderLock, LockFault, Record, Stage, StageFault, hash_bytes, listing};

/// The program with all that it carries: another one makes every document again.
pub(super) const PROGRAM: &str = concat!(env!("CARGO_PKG_VERSION"), "-", env!("DONOR_REPORT_FINGERPRINT"));

/// How often a folder that changes under our hands is read again.
const TRIES: usize = 3;

/// What to build and where to.
pub struct BuildOptions {
    pub extent: Extent,
    /// The folder that holds one folder per project code.
    pub out: PathBuf,
    /// Even what is up to date.
    pub force: bool,
}

/// How much of a project is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    Whole,
    /// The reports of this name and period; none: of any.
    Reports {
        report: Option<String>,
        period: Option<String>,
    },
    /// The file for IATI alone.
    Iati,
}

/// Told how a build goes on, from whichever thread it goes on in.
pub trait Progress: Sync {
    /// Another build holds the project's outputs.
    fn waiting(&self) {}
    /// One more output is made, or found as it should be.
    fn made(&self) {}
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
    pub(super) fn new(code: &str, problems: Vec<Problem>) -> Built {
        Built { code: code.to_owned(), problems, written: Vec::new(), kept: 0, changes: Vec::new() }
    }

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

/// Makes what is out of date of one project.
///
/// # Errors
/// Outputs can't be written, or a report or period was asked for that the project doesn't have.
pub fn build(folder: &Path, options: &BuildOptions, progress: &dyn Progress) -> Result<Built, CouldNotRun> {
    let mut remembered = Remembered::default();
    let built = build_again(folder, options, progress, &mut remembered);
    if remembered.holds_any() {
        // Millions of rows are given back beside what comes next.
        rayon::spawn(move || drop(remembered));
    }
    built
}

/// Makes what is out of date of one project that is built over and over: what was read and counted the last time is
/// taken as it was, where only prose, profiles or templates have changed since.
///
/// # Errors
/// As [`build`].
pub fn build_again(
    folder: &Path,
    options: &BuildOptions,
    progress: &dyn Progress,
    remembered: &mut Remembered,
) -> Result<Built, CouldNotRun> {
    let Look { inputs, nothing_to_do } = Look::at(folder, options, rayon::current_num_threads());
    if let Some(built) = nothing_to_do {
        (0..built.kept).for_each(|_| progress.made());
        return Ok(built);
    }
    let (counted, inputs) = match remembered.recall(folder, &inputs) {
        Some(counted) => (counted, inputs),
        None => load_whole(folder, inputs, &options.out),
    };
    let built = build_counted(folder, &counted, &inputs, options, progress);
    remembered.keep(counted, inputs);
    built
}

fn build_counted(
    folder: &Path,
    counted: &Counted,
    inputs: &BTreeMap<String, String>,
    options: &BuildOptions,
    progress: &dyn Progress,
) -> Result<Built, CouldNotRun> {
    let loaded = &counted.loaded;
    let Some(settings) = &loaded.checked.settings else {
        return Ok(Built::new("", loaded.problems.clone()));
    };
    let wanted = units::wanted(settings, &options.extent)?;
    let (Some(project), Some(prose), Some((figures, releases)), false) =
        (&loaded.checked.project, &loaded.prose, &counted.figures, loaded.has_errors())
    else {
        let prose = loaded.check_narrative(None);
        return Ok(Built::new(&settings.code, loaded.problems.iter().cloned().chain(prose).collect()));
    };

    let home = options.out.join(&settings.code);
    let waiting = || progress.waiting();
    let _lock = match &options.extent {
        Extent::Whole => FolderLock::whole(&home, waiting)?,
        Extent::Reports { .. } | Extent::Iati => FolderLock::unit(&home, waiting)?,
    };
    let stage = Stage::open(&home)?;
    let old = Record::read(&home).filter(|_| !options.force);

    let mut problems = loaded.problems.clone();
    problems.extend(loaded.check_narrative(Some(releases)));
    problems.extend(releases.problems().iter().cloned());
    let restated = submitted::restated(folder, project, figures);
    problems.extend(restated.problems.iter().cloned());

    let scan = Scan::new(&loaded.checked.personal, &on_purpose(folder, settings));
    let work = units::Work {
        project,
        prose,
        figures,
        releases,
        waived: &loaded.checked.waived,
        scan: &scan,
        restated: &restated.differences,
        inputs: fingerprint(loaded),
        program: PROGRAM,
        home: &home,
        stage: &stage,
        old: old.as_ref(),
        progress,
    };
    let secret = settings.privacy.key.clone().or_else(|| std::fs::read(folder.join("project.toml")).ok());
    let rows = || evidence::marked_rows(project, figures, &secret.unwrap_or_default());
    let (made, rows) = rayon::join(|| units::make(&work, &wanted), rows);
    let mut made = made?;
    made.rows = rows;
    if matches!(options.extent, Extent::Whole | Extent::Iati) {
        let iati = units::make_iati(&work)?;
        made.add(iati);
    }
    add_new(&mut problems, std::mem::take(&mut made.problems));
    if !made.traces.is_empty() {
        let origins = ingest::whereabouts(folder, project, |text| scan.text(text));
        problems.extend(scan::problems(&made.traces, &origins));
    }
    let built = Built::new(&settings.code, problems);
    if built.has_errors() {
        return Ok(built);
    }
    publish(built, made, project, inputs, &stage, &home)
}

/// A workbook may be saved while it is being read: reads again until the folder was the same before and after. Where it
/// never is, it is listed as empty, so that the next build reads it again.
fn load_whole(folder: &Path, mut before: BTreeMap<String, String>, out: &Path) -> (Counted, BTreeMap<String, String>) {
    let mut loaded = load::read(folder);
    for _ in 0..TRIES {
        // Counted meanwhile, since files hardly ever change.
        let (after, counted) = rayon::join(|| listing(folder, out), || Counted::new(loaded));
        if after == before {
            return (counted, before);
        }
        before = after;
        loaded = load::read(folder);
    }
    (Counted::new(loaded), BTreeMap::new())
}

/// What a project prints on purpose: its own texts, and what it lists as public.
pub(super) fn on_purpose<'s>(folder: &Path, settings: &'s Settings) -> OnPurpose<'s> {
    OnPurpose { names: printed_names(settings), public: &settings.privacy.public, texts: ingest::own_texts(folder) }
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

/// One hash over all tables and project.toml, and over the key of pseudonyms, which stands in neither.
fn fingerprint(loaded: &Loaded) -> String {
    let tables = loaded.checked.inputs.iter().flat_map(|input| [input.path.as_bytes(), input.hash.as_bytes()]);
    let key = loaded.checked.settings.as_ref().and_then(|settings| settings.privacy.key.as_deref());
    hash_bytes(tables.chain(key))
}
