//! Letters about reports whose figures or sentences have changed since they were sent.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::compare::changes_since;
use super::current_state::released_indicators;
use super::edition::{Edition, corrected_columns, restated_figure, sentences_of};
use super::edition_files::scan_document;
use super::leaks::{leak_scanner, report_with_origins};
use super::load;
use super::load::own_file;
use super::outcome::{BuildError, BuildProgress};
use super::planned_units::{file_name, output_stem};
use super::recorded_rows::SentRows;
use super::restated::{Restated, Restatement, find_restated};
use super::review::align::pair_similar;
use super::table_cache::CountedTables;
use crate::diagnostic::Problem;
use crate::disclosure::Releases;
use crate::indicators::{Figures, Scope};
use crate::locale::Locale;
use crate::model::{DocumentFormat, IndicatorId, Lang, Project, ReportSettings};
use crate::output::leak_scanner::Findings;
use crate::output::{
    FigureChange, FolderLock, RowChanges, SentenceChange, Stage, StageError, Submission, diff_sentences,
};
use crate::render::docx::{OfficeTemplate, render_docx};
use crate::render::pdf::{Attached, RenderFault, render_pdf};
use crate::report::block::Block;
use crate::report::compose::{
    ChangedSentence, Erratum, ErratumFigure, ErratumKind, ErratumPart, ErratumPlan, PrintedValue, ReportInput,
    RestatedFigure, compose,
};
use crate::report::document::{Document, number_figures};
use crate::report::narrative::ProseContext;
use crate::report::profile::{ERRATUM, Profile};

/// Words that a sentence must have in common with the one that it was.
const LEAST_SIMILAR: f64 = 0.4;

/// Which letters to write.
pub struct ErratumRequest<'r> {
    /// Only about the report of this name.
    pub report: Option<&'r str>,
    /// Only about this period.
    pub period: Option<&'r str>,
    /// The date on the letters.
    pub date: Option<Date>,
    /// The folder of outputs.
    pub out: &'r Path,
}

/// Letters that were written.
#[derive(Default)]
pub struct WrittenErrata {
    /// In the order of periods and reports.
    pub files: Vec<PathBuf>,
    /// What their authors should look at.
    pub problems: Vec<Problem>,
}

/// Why no letter was written.
pub enum ErratumFault {
    /// A file couldn't be written.
    Failed(BuildError),
    /// The project or the prose of a letter has errors.
    Faulty(Vec<Problem>),
}

impl<E: Into<BuildError>> From<E> for ErratumFault {
    fn from(error: E) -> ErratumFault {
        ErratumFault::Failed(error.into())
    }
}

/// Writes a letter about each report whose figures or sentences aren't those of its latest submission, in each of its
/// languages, as PDF and in Word where the report has that. Nothing else in the folder of outputs changes.
///
/// # Errors
/// See [`ErratumFault`].
pub fn write_errata(
    folder: &Path,
    request: &ErratumRequest,
    progress: &dyn BuildProgress,
) -> Result<WrittenErrata, ErratumFault> {
    let counted = CountedTables::new(load::read(folder));
    let loaded = &counted.loaded;
    let (Some(project), Some(prose), Some((figures, releases)), false) =
        (&loaded.checked.project, &loaded.prose, &counted.figures, loaded.is_stopped())
    else {
        let errors = loaded.problems.iter().filter(|problem| problem.stops_all());
        return Err(ErratumFault::Faulty(errors.cloned().collect()));
    };
    let restated = find_restated(folder, project, figures);
    let state = State { folder, project, figures, releases, restated: &restated };
    let mut written = WrittenErrata::default();
    let mut letters: Vec<(String, Document, DocumentFormat, &ReportSettings)> = Vec::new();
    for sent in state.latest(request) {
        let edition = Edition::new(project, prose, figures, releases, &sent.report, &sent.period);
        let Some(edition) = edition else { continue };
        let changes = state.changes(sent, &edition)?;
        if changes.figures.is_empty() && changes.sentences.is_empty() {
            continue;
        }
        let profile = load_profile(folder).map_err(ErratumFault::Faulty)?;
        let letter =
            Letter { edition: &edition, profile: &profile, erratum: &changes, date: request.date.or(changes.sent) };
        let reasons = letter.reasons(&mut written.problems)?;
        let stem = format!("{}.{ERRATUM}", output_stem(edition.report, &sent.period));
        for languages in &edition.report.documents {
            let document = letter.compose(languages, &reasons, request.date);
            for format in edition.report.formats.iter().filter(|format| **format != DocumentFormat::Text) {
                let name = file_name(&stem, languages, format.extension());
                letters.push((name, document.clone(), *format, edition.report));
            }
        }
    }
    if letters.is_empty() {
        return Ok(written);
    }
    let scanner = leak_scanner(folder, &loaded.checked);
    let mut findings = Findings::new();
    for (name, document, ..) in &letters {
        for trace in scan_document(&scanner, document, &prose.templates) {
            findings.entry(trace).or_default().insert(name.clone());
        }
    }
    if !findings.is_empty() {
        return Err(ErratumFault::Faulty(report_with_origins(&findings, folder, &loaded.checked, &scanner)));
    }
    let home = request.out.join(&project.settings.code);
    let _lock = FolderLock::unit(&home, || progress.waiting_for_lock())?;
    let stage = Stage::open(&home)?;
    for (name, document, format, report) in &letters {
        let drawn = match format {
            DocumentFormat::Docx => {
                let office = report.template.as_ref().and_then(|path| prose.office_templates.get(path));
                let office = office.and_then(|bytes| OfficeTemplate::read(bytes).ok());
                render_docx(document, &prose.templates, office.as_ref())
            }
            DocumentFormat::Pdf | DocumentFormat::Text => {
                let nothing = Attached { annex: None, figures: None, manifest: None };
                render_pdf(document, nothing, &prose.templates).map(|pdf| pdf.bytes)
            }
        };
        let bytes =
            drawn.map_err(|faults| ErratumFault::Faulty(faults.iter().map(RenderFault::to_problem).collect()))?;
        stage.write(name, &bytes)?;
    }
    let _publishing = FolderLock::publishing(&home).map_err(StageError::from)?;
    for (name, ..) in &letters {
        stage.publish(name)?;
        written.files.push(home.join(name));
    }
    Ok(written)
}

/// The project's own profile of letters, else ours.
fn load_profile(folder: &Path) -> Result<Profile, Vec<Problem>> {
    let path = format!("profiles/{ERRATUM}.toml");
    let mut faults = Vec::new();
    let own = own_file(folder, &path, &mut faults);
    if faults.is_empty() {
        Profile::load(ERRATUM, own.as_deref().map(|text| (path.as_str(), text)))
    } else {
        Err(faults)
    }
}

/// What was sent beside what the data says today.
struct State<'s> {
    folder: &'s Path,
    project: &'s Project,
    figures: &'s Figures,
    releases: &'s Releases,
    restated: &'s Restated,
}

impl<'s> State<'s> {
    /// The latest submission of each report and period that is asked for.
    fn latest(&self, request: &ErratumRequest) -> Vec<&'s Submission> {
        let is_asked = |sent: &&Submission| {
            request.report.is_none_or(|name| sent.report == name)
                && request.period.is_none_or(|code| sent.period == code)
        };
        let asked: Vec<&Submission> = self.restated.submissions.iter().filter(is_asked).collect();
        // Versions follow one another.
        let of_one = asked.chunk_by(|one, next| (&one.report, &one.period) == (&next.report, &next.period));
        of_one.filter_map(|versions| versions.last().copied()).collect()
    }

    /// What of a report isn't as it was sent.
    fn changes(&self, sent: &Submission, edition: &Edition<'s>) -> Result<Erratum<'s>, ErratumFault> {
        let mut problems = Vec::new();
        let prose = edition.fill(&mut problems);
        problems.retain(Problem::is_error);
        if !problems.is_empty() {
            return Err(ErratumFault::Faulty(problems));
        }
        let document = format!("{}/{}", sent.period, sent.report);
        let sentences = sent.sentences.as_ref().map(|before| {
            let before = BTreeMap::from([(document.clone(), before.clone())]);
            diff_sentences(&before, &BTreeMap::from([(document, sentences_of(&prose))]))
        });
        let rows = SentRows::new(self.folder, self.project, self.figures);
        let released = released_indicators(self.project, self.releases, &sent.report, &sent.period);
        let parts = changes_since(self.folder, &rows, self.project, sent, released);
        let mut figures = self.totals(sent);
        for id in self.project.logframe.indicator_ids() {
            let code = &self.project.logframe.indicator(id).code;
            let of_indicator = || parts.iter().filter(|change| change.indicator == *code);
            let own = self.parts(id, &sent.period, of_indicator());
            let planned = of_indicator().filter_map(|change| planned_figure(id, &sent.period, change));
            let own: Vec<ErratumFigure> = own.into_iter().chain(planned).collect();
            let at = figures.iter().rposition(|figure| figure.figure.indicator <= id).map_or(0, |at| at + 1);
            figures.splice(at..at, own);
        }
        Ok(Erratum {
            version: sent.version,
            sent: sent.date.as_ref().and_then(|day| day.parse().ok()),
            to: sent.to.clone(),
            profile: edition.profile,
            figures,
            sentences: sentences.unwrap_or_default().iter().flat_map(changed_sentences).collect(),
        })
    }

    /// Totals that are printed differently now, in the logframe's order; values of an indicator that changed alike are one.
    fn totals(&self, sent: &Submission) -> Vec<ErratumFigure> {
        let is_own = |figure: &&Restatement| {
            (&figure.report, &figure.period.code, figure.version) == (&sent.report, &sent.period, sent.version)
        };
        let own: Vec<&Restatement> =
            self.restated.figures.iter().filter(is_own).filter(|figure| figure.is_printed).collect();
        let is_alike = |one: &&Restatement, other: &&Restatement| {
            (one.indicator, one.old, one.new, &one.rows) == (other.indicator, other.old, other.new, &other.rows)
        };
        let alike = own.chunk_by(is_alike);
        let figure = |figures: &[&Restatement]| ErratumFigure {
            figure: restated_figure(figures[0]),
            scopes: figures.iter().map(|figure| figure.scope).collect(),
            kind: ErratumKind::Total,
        };
        alike.map(figure).collect()
    }

    /// Parts of an indicator's disaggregations, in the order of axes; values of a part that changed alike are one.
    fn parts<'c>(
        &self,
        id: IndicatorId,
        period: &str,
        changes: impl Iterator<Item = &'c FigureChange>,
    ) -> Vec<ErratumFigure> {
        let axes = &self.project.logframe.indicator(id).axes;
        let mut found: Vec<(ErratumFigure, &RowChanges)> = Vec::new();
        let changes: Vec<&FigureChange> = changes.collect();
        // Axes that were, or are, withheld as a whole.
        let whole = |axis: usize| changes.iter().find(|change| change.field == format!("by.{}", axes[axis].text));
        for change in &changes {
            let Some(field) = change.field.strip_prefix("by.") else { continue };
            let inside = axes.iter().enumerate().find_map(|(at, axis)| {
                Some((at, field.strip_prefix(axis.text.as_str())?.strip_prefix('.')?.rsplit_once('.')?))
            });
            let Some((axis, (code, scope))) = inside.filter(|(_, (code, _))| !code.ends_with(".approximate")) else {
                continue;
            };
            let scopes = [Scope::Period, Scope::Served, Scope::Cumulative];
            let Some(scope) = scopes.into_iter().find(|known| known.code() == scope) else { continue };
            let value = |own: &Option<String>, whole: Option<&Option<String>>| {
                PrintedValue::parse(own.as_deref().or(whole.and_then(|whole| whole.as_deref())))
            };
            let whole = whole(axis);
            let old = value(&change.old, whole.map(|whole| &whole.old));
            let new = value(&change.new, whole.map(|whole| &whole.new));
            let kind = ErratumKind::Part(ErratumPart { axis, code: code.to_owned(), old, new });
            let alike = found.iter_mut().find(|(known, rows)| known.kind == kind && **rows == change.rows);
            match alike {
                Some((known, _)) => {
                    known.scopes.push(scope);
                    known.scopes.sort();
                }
                None => found.push((changed_figure(id, period, kind, vec![scope], &change.rows), &change.rows)),
            }
        }
        found.sort_by_key(|(figure, _)| figure.kind.axis());
        found.into_iter().map(|(figure, _)| figure).collect()
    }
}

/// A target or the baseline that isn't as it was sent.
fn planned_figure(indicator: IndicatorId, period: &str, change: &FigureChange) -> Option<ErratumFigure> {
    let [old, new] = [&change.old, &change.new].map(|value| PrintedValue::parse(value.as_deref()));
    let kind = ErratumKind::Planned(ErratumPlan::of_field(&change.field, old, new)?);
    Some(changed_figure(indicator, period, kind, Vec::new(), &change.rows))
}

fn changed_figure(
    indicator: IndicatorId,
    period: &str,
    kind: ErratumKind,
    scopes: Vec<Scope>,
    rows: &RowChanges,
) -> ErratumFigure {
    let figure = RestatedFigure {
        indicator,
        period: period.to_owned(),
        old: None,
        new: None,
        added: rows.added.len(),
        gone: rows.removed.len(),
        changed: rows.changed.len(),
        corrected: corrected_columns(rows),
    };
    ErratumFigure { figure, scopes, kind }
}

/// Sentences of a section beside those that they were.
fn changed_sentences(change: &SentenceChange) -> Vec<ChangedSentence> {
    let (section, lang) = change.section.rsplit_once('.').unwrap_or((&change.section, ""));
    let sentence = |old: Option<&String>, new: Option<&String>| ChangedSentence {
        section: section.to_owned(),
        lang: lang.to_owned(),
        old: old.cloned(),
        new: new.cloned(),
    };
    let SentenceChange { removed, added, .. } = change;
    let pairs: BTreeMap<usize, usize> = pair_similar(removed, added, &[], LEAST_SIMILAR).into_iter().collect();
    let old = removed.iter().enumerate();
    let old = old.map(|(at, old)| sentence(Some(old), pairs.get(&at).and_then(|to| added.get(*to))));
    let is_new = |at: &usize| !pairs.values().any(|to| to == at);
    let new = (0..added.len()).filter(is_new).map(|at| sentence(None, added.get(at)));
    old.chain(new).collect()
}

/// A letter about one report.
struct Letter<'l, 'p> {
    edition: &'l Edition<'p>,
    profile: &'l Profile,
    erratum: &'l Erratum<'p>,
    /// For the file's properties, where the letter bears no date.
    date: Option<Date>,
}

impl Letter<'_, '_> {
    fn locale(&self, lang: &Lang) -> Option<Locale> {
        self.edition.profile.locale(lang)
    }

    /// The officers' words on why, by language.
    fn reasons(&self, problems: &mut Vec<Problem>) -> Result<BTreeMap<Lang, Vec<Block>>, ErratumFault> {
        let Edition { project, released, report, prose, period, .. } = *self.edition;
        let period = &project.logframe.periods[period];
        let mut reasons = BTreeMap::new();
        for lang in report.documents.iter().flatten() {
            let Some(locale) = self.locale(lang).filter(|_| !reasons.contains_key(lang)) else { continue };
            let context = ProseContext { project, released, locale: &locale };
            match prose.narratives.render(report, period, ERRATUM, &context) {
                Ok(Some(rendered)) => {
                    problems.extend(rendered.warnings);
                    reasons.insert(lang.clone(), rendered.blocks);
                }
                Ok(None) => {}
                Err(faults) => return Err(ErratumFault::Faulty(faults)),
            }
        }
        Ok(reasons)
    }

    fn compose(&self, languages: &[Lang], reasons: &BTreeMap<Lang, Vec<Block>>, date: Option<Date>) -> Document {
        let Edition { project, released, report, period, prose, .. } = *self.edition;
        let code = self.edition.period_code();
        let dates = date.map(|date| (code.to_owned(), date)).into_iter().collect();
        let named = ReportSettings { name: format!("{}.{ERRATUM}", report.name), dates, ..report.clone() };
        let locales: Vec<Locale> = languages.iter().filter_map(|lang| self.locale(lang)).collect();
        let reason = languages.iter().map(|lang| reasons.get(lang).cloned().unwrap_or_default()).collect();
        let mut document = compose(&ReportInput {
            project,
            released,
            period,
            report: &named,
            profile: self.profile,
            locales: &locales,
            waived: &[],
            narrative: &BTreeMap::from([(ERRATUM.to_owned(), reason)]),
            annex: None,
            restated: &[],
            revision: None,
            erratum: Some(self.erratum),
            pictures: &prose.pictures,
        });
        if let Some(date) = self.date {
            document.date = date;
        }
        number_figures(std::slice::from_mut(&mut document));
        document
    }
}
