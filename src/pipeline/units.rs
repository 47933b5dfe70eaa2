use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use rayon::prelude::*;
use serde_json::Value;

use super::build::{CouldNotRun, Extent, Progress};
use super::evidence::sentences_of;
use super::load::Prose;
use super::prose::{Edition, Filled};
use super::review::add_new;
use super::submitted::Difference;
use crate::diagnostic::{Problem, Severity};
use crate::disclosure::Releases;
use crate::indicators::Figures;
use crate::ingest::Waived;
use crate::model::{Lang, Project, ReportSettings, Settings};
use crate::output::scan::{Found, Scan, Trace};
use crate::output::{
    EvidenceRows, Record, RecordedFile, Sentences, Stage, checksum, checksum_of_file, hash_bytes, sha256_of_file,
};
use crate::render::pdf::{RenderFault, TemplateFault, pdf};
use crate::render::xlsx::{AnnexFault, xlsx};
use crate::report::annex::{AnnexInput, annex};
use crate::report::compose::AnnexFile;
use crate::report::document::Document;
use crate::report::iati::iati;
use crate::report::machine;

/// Where the IATI file stands in `build/<code>`.
const IATI: &str = "iati.xml";
/// The unit of work that makes it.
const IATI_UNIT: &str = "iati";

/// Everything that making documents draws from.
pub(super) struct Work<'a> {
    pub project: &'a Project,
    pub prose: &'a Prose,
    pub figures: &'a Figures,
    pub releases: &'a Releases,
    pub waived: &'a [Waived],
    /// Looks for names and addresses of persons in what is about to be published.
    pub scan: &'a Scan<'a>,
    pub restated: &'a [Difference],
    /// Hash over all tables and project.toml.
    pub inputs: String,
    pub program: &'a str,
    pub home: &'a Path,
    pub stage: &'a Stage,
    pub old: Option<&'a Record>,
    pub progress: &'a dyn Progress,
}

/// One output, staged or standing already.
pub(super) struct Output {
    pub name: String,
    pub recorded: RecordedFile,
    /// It stands as it should; nothing is to be published.
    pub current: bool,
    /// It was made now, be it the same as what stands.
    staged: bool,
}

/// What was made of some reports.
#[derive(Default)]
pub(super) struct Made {
    pub outputs: Vec<Output>,
    /// `<period>/<report>` → indicators of its figures.json.
    pub figures: BTreeMap<String, Value>,
    /// `<period>/<report>` → its sentences.
    pub sentences: BTreeMap<String, Sentences>,
    /// The rows that all figures stand on.
    pub rows: EvidenceRows,
    /// Units that were made: `<period>/<report>`, `iati`.
    pub units: Vec<String>,
    pub problems: Vec<Problem>,
    /// Traces of persons in what would be published.
    pub traces: Found,
}

impl Made {
    fn add_found(&mut self, output: &str, traces: BTreeSet<Trace>) {
        for trace in traces {
            self.traces.entry(trace).or_default().insert(output.to_owned());
        }
    }

    pub fn add(&mut self, other: Made) {
        self.outputs.extend(other.outputs);
        self.figures.extend(other.figures);
        self.sentences.extend(other.sentences);
        self.units.extend(other.units);
        add_new(&mut self.problems, other.problems);
        for (trace, outputs) in other.traces {
            self.traces.entry(trace).or_default().extend(outputs);
        }
    }
}

/// The reports and periods that were asked for, in the order of project.toml.
pub(super) fn wanted(settings: &Settings, extent: &Extent) -> Result<Vec<(String, String)>, CouldNotRun> {
    let (report, period) = match extent {
        Extent::Whole => (None, None),
        Extent::Reports { report, period } => (report.as_ref(), period.as_ref()),
        Extent::Iati => return Ok(Vec::new()),
    };
    let mut known: Vec<String> = settings.reports.iter().map(|report| report.name.clone()).collect();
    if let Some(report) = report.filter(|report| !known.contains(report)) {
        return Err(CouldNotRun::NoSuchReport { report: report.clone(), known });
    }
    let of_report = |settings: &&ReportSettings| report.is_none_or(|name| *name == settings.name);
    let chosen: Vec<(String, String)> = settings
        .reports
        .iter()
        .filter(of_report)
        .flat_map(|report| report.periods.iter().map(|period| (report.name.clone(), period.clone())))
        .filter(|(_, code)| period.is_none_or(|period| period == code))
        .collect();
    match period {
        Some(period) if chosen.is_empty() => {
            known = settings.reports.iter().filter(of_report).flat_map(|report| report.periods.clone()).collect();
            known.sort();
            known.dedup();
            Err(CouldNotRun::NoSuchPeriod { period: period.clone(), known })
        }
        _ => Ok(chosen),
    }
}

/// The units of work (`<period>/<report>`, `iati`) of what is asked for; none where it can't be had.
pub(super) fn asked(settings: &Settings, extent: &Extent) -> Vec<String> {
    planned(settings).into_iter().map(|(unit, _)| unit).filter(|unit| is_asked(unit, extent)).collect()
}

/// Whether a unit is among what is asked for.
pub(super) fn is_asked(unit: &str, extent: &Extent) -> bool {
    let is = |asked: &Option<String>, own: &str| asked.as_deref().is_none_or(|asked| asked == own);
    match (extent, unit.split_once('/')) {
        (Extent::Whole, _) => true,
        (Extent::Iati, _) => unit == IATI_UNIT,
        (Extent::Reports { report, period }, Some((code, name))) => is(report, name) && is(period, code),
        (Extent::Reports { .. }, None) => false,
    }
}

/// Whether an output (`2017-Q1/quarterly.mk.pdf`, `iati.xml`) is of a unit.
pub(super) fn belongs(name: &str, unit: &str) -> bool {
    if unit == IATI_UNIT { name == IATI } else { name.strip_prefix(unit).is_some_and(|rest| rest.starts_with('.')) }
}

/// The units of work of a whole project with the outputs that each makes, in the order of project.toml. A unit is
/// named `<period>/<report>`, the one for IATI `iati`.
pub fn planned(settings: &Settings) -> Vec<(String, Vec<String>)> {
    let mut units = Vec::new();
    for report in &settings.reports {
        for period in &report.periods {
            let unit = format!("{period}/{}", report.name);
            let outputs = |ending: &'static str, documents: &[Vec<Lang>]| -> Vec<String> {
                documents.iter().map(|languages| format!("{unit}.{}.{ending}", tags(languages))).collect()
            };
            let mut files = outputs("pdf", &report.documents);
            files.extend(outputs("xlsx", &report.annexes));
            files.push(format!("{unit}.figures.json"));
            units.push((unit, files));
        }
    }
    if !settings.iati.is_empty() {
        units.push((IATI_UNIT.to_owned(), vec![IATI.to_owned()]));
    }
    units
}

/// How many outputs are asked for.
pub fn output_count(settings: &Settings, extent: &Extent) -> usize {
    let asked = asked(settings, extent);
    planned(settings).iter().filter(|(unit, _)| asked.contains(unit)).map(|(_, files)| files.len()).sum()
}

fn tags(languages: &[Lang]) -> String {
    languages.iter().map(Lang::as_str).collect::<Vec<_>>().join("-")
}

/// Makes what is wanted, reports side by side. Everything out of date is staged, nothing published.
pub(super) fn make(work: &Work, wanted: &[(String, String)]) -> Result<Made, CouldNotRun> {
    let made: Result<Vec<Made>, CouldNotRun> =
        wanted.par_iter().map(|(report, period)| make_report(work, report, period)).collect();
    let mut all = Made::default();
    made?.into_iter().for_each(|one| all.add(one));
    Ok(all)
}

/// The project's results as IATI has them, where project.toml says what IATI needs: for everybody, hence with the
/// strictest of the reports' limits.
pub(super) fn make_iati(work: &Work) -> Result<Made, CouldNotRun> {
    let mut made = Made::default();
    if work.project.settings.iati.is_empty() {
        return Ok(made);
    }
    made.units.push(IATI_UNIT.to_owned());
    let reports = &work.project.settings.reports;
    let Some(strictest) =
        reports.iter().map(|report| work.releases.for_report(report)).max_by_key(|released| released.suppress_below)
    else {
        return Ok(made);
    };
    let published: BTreeSet<&String> = reports
        .iter()
        .filter(|report| work.releases.for_report(report).suppress_below == strictest.suppress_below)
        .flat_map(|report| &report.periods)
        .collect();
    let periods = &work.project.logframe.periods;
    let periods: Vec<usize> = (0..periods.len()).filter(|at| published.contains(&periods[*at].code)).collect();
    let iati = iati(work.project, strictest, &periods);
    made.problems = iati.problems;
    if let Some(xml) = iati.xml {
        made.add_found(IATI, work.scan.text(&xml));
        made.outputs.push(work.text_file(IATI, &xml)?);
        work.progress.made();
    }
    Ok(made)
}

/// One report for one period: its annexes, then its documents, which carry them, then its figures for machines.
fn make_report(work: &Work, report: &str, period: &str) -> Result<Made, CouldNotRun> {
    let mut made = Made::default();
    let edition = Edition::new(work.project, work.prose, work.figures, work.releases, report, period);
    let Some(edition) = edition else { return Ok(made) };
    let unit = Unit { work, edition };
    let prose = edition.fill(&mut made.problems);
    if made.problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Ok(made);
    }
    let report = edition.report;
    let make = |languages: &Vec<Lang>| {
        let output = unit.annex(languages).inspect(|_| work.progress.made())?;
        Ok(Annexed { output, sha256: OnceLock::new() })
    };
    let annexes: Vec<Annexed> = report.annexes.par_iter().map(make).collect::<Result<_, CouldNotRun>>()?;
    let traces = || {
        let staged = annexes.par_iter().map(|annex| &annex.output).filter(|output| output.staged);
        staged.map(|output| Ok((&output.name, unit.traces_in(&output.name)?))).collect::<Result<Vec<_>, CouldNotRun>>()
    };
    let draw = || {
        let documents = report.documents.par_iter();
        documents
            .map(|languages| unit.document(languages, &prose, &annexes).inspect(|_| work.progress.made()))
            .collect::<Result<Vec<Drawn>, _>>()
    };
    // Side by side: a long sheet is looked through by one thread.
    let (traces, documents) = rayon::join(traces, draw);
    for (name, traces) in traces? {
        made.add_found(name, traces);
    }
    let documents = documents?;
    made.outputs.extend(annexes.into_iter().map(|annex| annex.output));
    for document in documents {
        made.problems.extend(document.problems);
        made.add_found(&document.name, document.traces);
        made.outputs.extend(document.output);
    }
    let figures = machine::report_figures(work.project, report, &edition.released.periods[edition.period]);
    let figures_file = unit.figures_file(&figures)?;
    work.progress.made();
    let read: Value = serde_json::from_str(&figures).unwrap_or_default();
    made.add_found(&figures_file.name, work.scan.view(&read));
    made.outputs.push(figures_file);
    let indicators = read.get("indicators").cloned().unwrap_or_default();
    let name = format!("{period}/{}", report.name);
    made.figures.insert(name.clone(), indicators);
    made.sentences.insert(name.clone(), sentences_of(&prose));
    made.units.push(name);
    Ok(made)
}

/// An edition, and where its files go.
struct Unit<'a> {
    work: &'a Work<'a>,
    edition: Edition<'a>,
}

/// An annex with its SHA-256, once a document names it.
struct Annexed {
    output: Output,
    sha256: OnceLock<String>,
}

/// A document that was drawn, or why it couldn't be.
struct Drawn {
    name: String,
    output: Option<Output>,
    problems: Vec<Problem>,
    traces: BTreeSet<Trace>,
}

impl Unit<'_> {
    /// `2017-Q1/quarterly.mk-en.pdf`
    fn name(&self, languages: &[Lang], ending: &str) -> String {
        format!("{}/{}.{}.{ending}", self.edition.code(), self.edition.report.name, tags(languages))
    }

    /// The annex in these languages: staged, unless it stands already.
    fn annex(&self, languages: &[Lang]) -> Result<Output, CouldNotRun> {
        let name = self.name(languages, "xlsx");
        let made_from = hash_bytes([self.work.program.as_bytes(), self.work.inputs.as_bytes(), name.as_bytes()]);
        if let Some(output) = self.work.standing(&name, &made_from) {
            return Ok(output);
        }
        let input = AnnexInput {
            project: self.work.project,
            figures: self.work.figures,
            released: self.edition.released,
            period: self.edition.period,
            report: self.edition.report,
            languages,
            waived: self.work.waived,
        };
        let path = self.work.stage.path(&name)?;
        let scratch = self.work.stage.scratch();
        let annex = annex(&input).ok_or_else(|| cannot_write(&path, "no such period"))?;
        xlsx(&annex, &path, scratch).map_err(|fault| match fault {
            AnnexFault::Disk(error) => CouldNotRun::Write { path: path.clone(), error },
            AnnexFault::Refused(words) => cannot_write(&path, &words),
        })?;
        let content = checksum_of_file(&path).map_err(|error| CouldNotRun::Write { path, error })?;
        Ok(self.work.staged(name, made_from, content))
    }

    /// A document with its annex: the one in the same languages, else the first that holds them all.
    fn document(&self, languages: &[Lang], prose: &Filled, annexes: &[Annexed]) -> Result<Drawn, CouldNotRun> {
        let name = self.name(languages, "pdf");
        let annex = self.edition.annex_of(languages).and_then(|at| annexes.get(at));
        let attached = annex.map(|annex| self.attachment(annex)).transpose()?;
        let file = attached.as_ref().map(|attached| attached.file.clone());
        let document = self.edition.compose(languages, prose, self.work.waived, self.work.restated, file);
        let traces = self.work.scan.view(&document);
        let undrawn = |problems, traces| Drawn { name: name.clone(), output: None, problems, traces };
        if !traces.is_empty() {
            return Ok(undrawn(Vec::new(), traces));
        }
        let made_from = self.seen(&document, annex.map(|annex| &annex.output));
        if let Some(output) = self.work.standing(&name, &made_from) {
            return Ok(Drawn { output: Some(output), ..undrawn(Vec::new(), traces) });
        }
        let bytes = attached.and_then(|attached| attached.bytes);
        match pdf(&document, bytes, &self.work.prose.templates) {
            Ok(pdf) => {
                self.work.stage.write(&name, &pdf.bytes)?;
                let content = checksum(&pdf.bytes);
                let output = self.work.staged(name.clone(), made_from, content);
                let problems = pdf.warnings.iter().map(template_warning).collect();
                Ok(Drawn { output: Some(output), ..undrawn(problems, traces) })
            }
            Err(faults) => Ok(undrawn(faults.iter().map(RenderFault::problem).collect(), traces)),
        }
    }

    /// Traces of persons in a staged file.
    fn traces_in(&self, name: &str) -> Result<BTreeSet<Trace>, CouldNotRun> {
        let path = self.work.stage.path(name)?;
        self.work.scan.file(&path).map_err(|error| CouldNotRun::Write { path, error })
    }

    /// The annex as the document carries it; one that is too large is named with its SHA-256 instead.
    fn attachment(&self, Annexed { output, sha256 }: &Annexed) -> Result<Attached, CouldNotRun> {
        let path = if output.staged { self.work.stage.path(&output.name)? } else { self.work.home.join(&output.name) };
        let name = output.name.rsplit('/').next().unwrap_or_default().to_owned();
        let limit = self.work.project.settings.limits.attachment_mib.saturating_mul(1024 * 1024);
        let attached = || {
            if std::fs::metadata(&path)?.len() > limit {
                // Several documents may name one annex.
                let hash = match sha256.get() {
                    Some(known) => known.clone(),
                    None => {
                        let hash = sha256_of_file(&path)?;
                        sha256.get_or_init(|| hash).clone()
                    }
                };
                return Ok(Attached { file: AnnexFile { name, sha256: Some(hash) }, bytes: None });
            }
            Ok(Attached { file: AnnexFile { name, sha256: None }, bytes: Some(std::fs::read(&path)?) })
        };
        attached().map_err(|error| CouldNotRun::Write { path: path.clone(), error })
    }

    /// Hash of all that a document is drawn from: its view, pictures, templates, annex and the program.
    fn seen(&self, document: &Document, annex: Option<&Output>) -> String {
        let view = serde_json::to_vec(document).unwrap_or_default();
        let date = document.date.to_string();
        let mut parts: Vec<&[u8]> =
            vec![self.work.program.as_bytes(), &view, document.identifier.as_bytes(), date.as_bytes()];
        for (path, bytes) in &document.pictures {
            parts.extend([path.as_bytes(), bytes]);
        }
        for (path, bytes) in &self.work.prose.templates {
            parts.extend([path.as_bytes(), bytes.as_slice()]);
        }
        parts.extend(annex.map(|annex| annex.recorded.content.as_bytes()));
        hash_bytes(parts)
    }

    fn figures_file(&self, text: &str) -> Result<Output, CouldNotRun> {
        let name = format!("{}/{}.figures.json", self.edition.code(), self.edition.report.name);
        self.work.text_file(&name, text)
    }
}

impl Work<'_> {
    /// A short text as an output: staged, unless it stands already.
    fn text_file(&self, name: &str, text: &str) -> Result<Output, CouldNotRun> {
        let content = checksum(text.as_bytes());
        if let Some(output) = self.standing(name, &content) {
            return Ok(output);
        }
        self.stage.write(name, text.as_bytes())?;
        Ok(self.staged(name.to_owned(), content.clone(), content))
    }

    /// An output that was made anew; where it came out as it was, the file that stands is left alone.
    fn staged(&self, name: String, made_from: String, content: String) -> Output {
        let current = self.old.is_some_and(|old| old.holds(self.home, &name, &content));
        Output { name, recorded: RecordedFile { made_from, content }, current, staged: true }
    }

    /// The output, if it stands as it should.
    fn standing(&self, name: &str, made_from: &str) -> Option<Output> {
        let old = self.old?;
        let current = old.is_current(self.home, name, made_from);
        let recorded = old.outputs.get(name).filter(|_| current)?;
        Some(Output { name: name.to_owned(), recorded: recorded.clone(), current: true, staged: false })
    }
}

/// A template's warning (an unknown font of a theme, for one) stops nothing.
fn template_warning(fault: &TemplateFault) -> Problem {
    Problem { severity: Severity::Warning, ..RenderFault::Template(fault.clone()).problem() }
}

struct Attached {
    file: AnnexFile,
    bytes: Option<Vec<u8>>,
}

fn cannot_write(path: &Path, words: &str) -> CouldNotRun {
    CouldNotRun::Write { path: path.to_owned(), error: std::io::Error::other(words.to_owned()) }
}
