//! Makes the outputs of a build: everything out of date is staged, nothing published.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde_json::Value;

use super::build_context::{BuildContext, Output};
use super::edition::{Edition, sentences_of};
use super::edition_files::{ComposedDocument, EditionFiles, MadeAnnex, MadeDocument};
use super::forms::{FormNote, fill_forms};
use super::outcome::{BuildError, add_new};
use super::planned_units::{IATI_FILE, IATI_UNIT, output_stem};
use super::report_version::version_of;
use crate::diagnostic::Problem;
use crate::disclosure::{PublicRelease, attendances};
use crate::model::{DocumentFormat, Lang, Participants};
use crate::output::leak_scanner::{Findings, Trace};
use crate::output::{SectionSentences, checksum};
use crate::report::document::{Document, PrintedFigure, number_figures};
use crate::report::figures;
use crate::report::iati::export_iati;

/// What was made of some units of work.
#[derive(Default)]
pub(super) struct MadeUnits {
    /// `<period>/<report>`, `iati`.
    pub names: Vec<String>,
    pub outputs: Vec<Output>,
    /// Names of the outputs that hold rows of persons.
    pub with_persons: BTreeSet<String>,
    /// `<period>/<report>` → indicators of its figures.json.
    pub figures: BTreeMap<String, Value>,
    /// `<period>/<report>` → its sentences.
    pub sentences: BTreeMap<String, SectionSentences>,
    pub problems: Vec<Problem>,
    /// What was done to donors' own forms.
    pub forms: Vec<FormNote>,
    /// Traces of persons in what would be published.
    pub leaks: Findings,
}

impl MadeUnits {
    fn add_traces(&mut self, output: &str, traces: BTreeSet<Trace>) {
        for trace in traces {
            self.leaks.entry(trace).or_default().insert(output.to_owned());
        }
    }

    /// Keeps nothing but what is to be said.
    fn leave_out(&mut self) {
        let MadeUnits { problems, leaks, .. } = std::mem::take(self);
        *self = MadeUnits { problems, leaks, ..MadeUnits::default() };
    }

    fn add(&mut self, other: MadeUnits) {
        self.names.extend(other.names);
        self.outputs.extend(other.outputs);
        self.with_persons.extend(other.with_persons);
        self.figures.extend(other.figures);
        self.sentences.extend(other.sentences);
        add_new(&mut self.problems, other.problems);
        self.forms.extend(other.forms);
        for (trace, outputs) in other.leaks {
            self.leaks.entry(trace).or_default().extend(outputs);
        }
    }
}

/// Makes reports (by name and period) in parallel, and then the file for IATI.
pub(super) fn make_units(
    context: &BuildContext,
    editions: &[(String, String)],
    with_iati: bool,
) -> Result<MadeUnits, BuildError> {
    let made: Result<Vec<MadeUnits>, BuildError> =
        editions.par_iter().map(|(report, period)| make_edition(context, report, period)).collect();
    let mut all = MadeUnits::default();
    made?.into_iter().for_each(|unit| all.add(unit));
    if with_iati {
        all.add(make_iati(context)?);
    }
    Ok(all)
}

/// The project's results as IATI has them, if project.toml says what IATI needs. They are for everybody, whatever reports show.
fn make_iati(context: &BuildContext) -> Result<MadeUnits, BuildError> {
    let mut made = MadeUnits::default();
    if context.project.settings.iati.is_empty() {
        return Ok(made);
    }
    made.names.push(IATI_UNIT.to_owned());
    let PublicRelease { released, periods } = context.releases.for_everybody();
    let iati = export_iati(context.project, released, periods);
    made.problems = iati.problems.into_iter().map(|problem| problem.about([])).collect();
    if made.problems.iter().any(Problem::is_error) {
        made.leave_out();
        return Ok(made);
    }
    if let Some(xml) = iati.xml {
        made.add_traces(IATI_FILE, context.scanner.scan_text(&xml));
        made.outputs.push(context.make_text_file(IATI_FILE, &xml)?);
        context.progress.output_done();
    }
    Ok(made)
}

/// Names the figures of all documents of a report.
fn number_all(composed: &mut [ComposedDocument]) -> Vec<PrintedFigure> {
    let mut documents: Vec<Document> = composed.iter().map(|composed| composed.document.clone()).collect();
    let printed = number_figures(&mut documents);
    for (composed, document) in composed.iter_mut().zip(documents) {
        composed.document = document;
    }
    printed
}

/// One report for one period: its annexes, then its documents, which carry them, then its figures for machines.
fn make_edition(context: &BuildContext, report: &str, period: &str) -> Result<MadeUnits, BuildError> {
    let mut made = MadeUnits::default();
    let edition = Edition::new(context.project, context.prose, context.figures, context.releases, report, period);
    let Some(edition) = edition else { return Ok(made) };
    let prose = edition.fill(&mut made.problems);
    if made.problems.iter().any(Problem::is_error) && !context.is_draft {
        return Ok(made);
    }
    let edition = edition.with_version(version_of(&edition, &prose, context.restated, context.waived));
    let report = edition.report;
    let files = EditionFiles { context, edition: &edition, prose: &prose };
    let make_annex = |languages: &Vec<Lang>| files.make_annex(languages).inspect(|_| context.progress.output_done());
    let annexes: Vec<MadeAnnex> = report.annexes.par_iter().map(make_annex).collect::<Result<_, BuildError>>()?;
    let scan_annexes = || {
        let staged = annexes.par_iter().filter(|annex| annex.output.is_staged);
        let scan = |annex: &MadeAnnex| Ok((annex.output.name.clone(), files.scan_staged(&annex.output.name)?));
        staged.map(scan).collect::<Result<Vec<_>, BuildError>>()
    };
    // Figures are named over all documents before any is drawn: each carries the list.
    let formats = |languages| report.formats.iter().map(move |format| (languages, *format));
    let documents: Vec<(&Vec<Lang>, DocumentFormat)> = report.documents.iter().flat_map(formats).collect();
    let compose =
        |(languages, format): &(&Vec<Lang>, DocumentFormat)| files.compose_document(languages, *format, &annexes);
    let mut composed = documents.par_iter().map(compose).collect::<Result<Vec<ComposedDocument>, BuildError>>()?;
    let printed = number_all(&mut composed);
    for ((languages, _), composed) in documents.iter().zip(&composed) {
        add_new(&mut made.problems, edition.find_long_sections(languages, &composed.document));
    }
    let text = figures::report_json(context.project, report, &edition.released.periods, edition.period, &printed);
    let draw_documents = || {
        let draw = |((languages, format), composed): ((&Vec<Lang>, DocumentFormat), ComposedDocument)| {
            let made = files.make_document(languages, format, &annexes, composed, &text);
            made.inspect(|_| context.progress.output_done())
        };
        let documents = documents.into_par_iter().zip(composed);
        documents.map(draw).collect::<Result<Vec<MadeDocument>, BuildError>>()
    };
    // At the same time: a long sheet is scanned by one thread.
    let (traces, documents) = rayon::join(scan_annexes, draw_documents);
    for (name, traces) in traces? {
        made.add_traces(&name, traces);
    }
    let documents = documents?;
    if lists_persons(context, &edition) {
        let carriers = documents.iter().filter(|document| document.carries_annex).map(|document| &document.name);
        made.with_persons.extend(annexes.iter().map(|annex| &annex.output.name).chain(carriers).cloned());
    }
    made.outputs.extend(annexes.into_iter().map(|annex| annex.output));
    for document in documents {
        let unit = format!("{period}/{}", report.name);
        made.problems.extend(document.problems.into_iter().map(|problem| problem.about([unit.clone()])));
        made.add_traces(&document.name, document.traces);
        made.outputs.extend(document.output);
    }
    let name = format!("{period}/{}", report.name);
    let figures_file = context.make_text_file(&format!("{}.figures.json", output_stem(report, period)), &text)?;
    context.progress.output_done();
    let figures: Value = serde_json::from_str(&text).unwrap_or_default();
    made.add_traces(&figures_file.name, context.scanner.scan_view(&figures));
    made.outputs.push(figures_file);
    made.figures.insert(name.clone(), figures.get("indicators").cloned().unwrap_or_default());
    made.sentences.insert(name.clone(), sentences_of(&prose));
    made.names.push(name);
    if made.problems.iter().any(Problem::is_error) && !context.is_draft {
        made.leave_out();
    } else {
        add_forms(context, &edition, &mut made)?;
    }
    Ok(made)
}

/// Donors' own forms; what is wrong with one stops it alone.
fn add_forms(context: &BuildContext, edition: &Edition, made: &mut MadeUnits) -> Result<(), BuildError> {
    for outcome in fill_forms(edition) {
        add_new(&mut made.problems, outcome.problems);
        let Some(filled) = outcome.filled else { continue };
        let traces: BTreeSet<Trace> = outcome.texts.iter().flat_map(|text| context.scanner.scan_text(text)).collect();
        if !traces.is_empty() {
            made.add_traces(&outcome.name, traces);
            continue;
        }
        let content = checksum(&filled.bytes);
        context.stage.write(&outcome.name, &filled.bytes)?;
        let output = context.staged(outcome.name.clone(), content.clone(), content);
        if !output.is_current {
            made.forms.push(FormNote {
                form: outcome.file,
                output: outcome.name,
                places: filled.places,
                changed: filled.changed,
                kept: filled.kept,
                recalculates: filled.recalculates,
            });
        }
        made.outputs.push(output);
        context.progress.output_done();
    }
    Ok(())
}

/// Whether the annexes of an edition have rows of persons.
fn lists_persons(context: &BuildContext, edition: &Edition) -> bool {
    let period = &context.project.logframe.periods[edition.period];
    edition.report.participants != Participants::None
        && attendances(context.project, context.figures, edition.released, edition.report, period).count() > 0
}
