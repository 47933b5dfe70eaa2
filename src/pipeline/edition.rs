use std::collections::{BTreeMap, BTreeSet};

use super::load::Prose;
use super::restated::{self, Restatement};
use super::variance::find_unexplained_variances;
use crate::diagnostic::{Place, Problem, kinds};
use crate::disclosure::{Released, Releases};
use crate::indicators::Figures;
use crate::locale::Locale;
use crate::model::{IndicatorId, Lang, Project, ReportSettings, Waived};
use crate::output::{FIGURES_NAME, MANIFEST_NAME, RowChanges, SectionSentences};
use crate::render::text::{SectionText, section_texts};
use crate::report::block::Block;
use crate::report::compose::{AnnexReference, ReportInput, RestatedFigure, Revision, compose};
use crate::report::document::{AttachedFile, Document};
use crate::report::narrative::{ProseContext, SectionKey, collect_sentences};
use crate::report::profile::{ERRATUM, HEADLINE, Profile, SectionKind, SectionProse, check_prose, find_missing_facts};

/// Prose with its figures filled in, by section and language.
pub(super) type FilledProse = BTreeMap<(String, Lang), Vec<Block>>;

/// One report for one period, with what it may show.
#[derive(Clone, Copy)]
pub(super) struct Edition<'a> {
    pub project: &'a Project,
    pub prose: &'a Prose,
    pub figures: &'a Figures,
    pub released: &'a Released,
    pub profile: &'a Profile,
    pub report: &'a ReportSettings,
    /// Index into the logframe's periods.
    pub period: usize,
    /// Which version of the report its documents are; above 1 they are revised ones.
    pub version: u32,
}

impl<'a> Edition<'a> {
    /// `None` if project.toml names no such report or period, or its profile can't be read.
    pub fn new(
        project: &'a Project,
        prose: &'a Prose,
        figures: &'a Figures,
        releases: &'a Releases,
        report: &str,
        period: &str,
    ) -> Option<Edition<'a>> {
        let report = project.settings.reports.iter().find(|settings| settings.name == report)?;
        let period = project.logframe.periods.iter().position(|other| other.code == period)?;
        let profile = prose.profiles.get(&report.profile)?;
        Some(Edition {
            project,
            prose,
            figures,
            released: releases.for_report(report),
            profile,
            report,
            period,
            version: 1,
        })
    }

    /// The same as another version.
    pub fn with_version(self, version: u32) -> Edition<'a> {
        Edition { version, ..self }
    }

    /// Code of the period.
    pub fn period_code(&self) -> &'a str {
        &self.project.logframe.periods[self.period].code
    }

    /// Index of the annex that goes with a document in these languages: the one in the same languages, else the first
    /// that holds them all.
    pub fn annex_for(&self, languages: &[Lang]) -> Option<usize> {
        let annexes = &self.report.annexes;
        let holds_all = |annex: &Vec<Lang>| languages.iter().all(|lang| annex.contains(lang));
        annexes.iter().position(|annex| annex == languages).or_else(|| annexes.iter().position(holds_all))
    }

    /// The report in the languages of one document.
    pub fn compose(
        &self,
        languages: &[Lang],
        prose: &FilledProse,
        waived: &[Waived],
        restated: &restated::Restated,
        annex: Option<AnnexReference>,
    ) -> Document {
        let mut narrative: BTreeMap<String, Vec<Vec<Block>>> = BTreeMap::new();
        let sections: BTreeSet<&String> = prose.keys().map(|(section, _)| section).collect();
        for section in sections {
            let entry = |lang: &Lang| prose.get(&(section.clone(), lang.clone())).cloned().unwrap_or_default();
            narrative.insert(section.clone(), languages.iter().map(entry).collect());
        }
        let locales: Vec<Locale> = languages.iter().filter_map(|lang| self.profile.locale(lang)).collect();
        compose(&ReportInput {
            project: self.project,
            released: self.released,
            period: self.period,
            report: self.report,
            profile: self.profile,
            locales: &locales,
            waived,
            narrative: &narrative,
            annex,
            restated: &self.restated_lines(restated),
            revision: self.revision(restated),
            erratum: None,
            pictures: &self.prose.pictures,
        })
    }

    /// What reports of this and earlier periods said to the same donors and the data doesn't say any more, as far as it is
    /// printed: the value of the period if that differs, else the cumulative one. Of this report itself the version before
    /// this one counts, of others what they said last.
    fn restated_lines(&self, restated: &restated::Restated) -> Vec<RestatedFigure> {
        let end = self.project.logframe.periods[self.period].end;
        let concerns = |figure: &&Restatement| {
            figure.is_printed
                && figure.period.end <= end
                && self.report.shows(&self.project.logframe.indicator(figure.indicator).code)
                && if self.is_own(figure) { figure.version + 1 == self.version } else { figure.is_latest }
                && self.shares_donor(&figure.report)
        };
        let mut first: BTreeMap<(&str, IndicatorId), &Restatement> = BTreeMap::new();
        for figure in restated.figures.iter().filter(concerns) {
            first.entry((figure.period.code.as_str(), figure.indicator)).or_insert(figure);
        }
        first.values().map(|figure| restated_figure(figure)).collect()
    }

    fn is_own(&self, figure: &Restatement) -> bool {
        figure.report == self.report.name && figure.period.code == self.period_code()
    }

    /// Whether another report goes to a donor of this one; one that project.toml doesn't name any more may have.
    fn shares_donor(&self, report: &str) -> bool {
        let other = self.project.settings.reports.iter().find(|other| other.name == report);
        let shared = |other: &ReportSettings| other.donors.iter().any(|donor| self.report.donors.contains(donor));
        other.is_none_or(|other| other.donors.is_empty() || self.report.donors.is_empty() || shared(other))
    }

    /// figures.json as a document in these languages carries it.
    pub fn attached_figures(&self, languages: &[Lang]) -> AttachedFile {
        self.attached_file(languages, "report.figures", FIGURES_NAME, "application/json")
    }

    /// The checksums of what else a document in these languages carries.
    pub fn attached_manifest(&self, languages: &[Lang]) -> AttachedFile {
        self.attached_file(languages, "report.manifest", MANIFEST_NAME, "text/plain")
    }

    fn attached_file(&self, languages: &[Lang], label: &str, name: &str, mime: &str) -> AttachedFile {
        let locales = languages.iter().filter_map(|lang| self.profile.locale(lang));
        let descriptions: Vec<String> = locales.map(|locale| locale.label(label).to_owned()).collect();
        AttachedFile { name: name.to_owned(), description: descriptions.join(" / "), mime: mime.to_owned() }
    }

    /// What a revised version says of itself.
    fn revision(&self, restated: &restated::Restated) -> Option<Revision> {
        let earlier =
            restated.versions(&self.report.name, self.period_code()).find(|sent| sent.version + 1 == self.version)?;
        let date = self.report.dates.get(self.period_code()).copied();
        Some(Revision { version: self.version, date, replaced: earlier.date.as_ref().and_then(|day| day.parse().ok()) })
    }

    /// Languages of any document of the report.
    fn languages(&self) -> Vec<Lang> {
        self.report.documents.iter().flatten().cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Fills in the prose of every section. Adds to `problems` what the data doesn't bear out, missing sections, exceeded
    /// word limits and variances without an explanation.
    pub fn fill(&self, problems: &mut Vec<Problem>) -> FilledProse {
        let mut found = Vec::new();
        let (filled, faulty) = self.fill_sections(&mut found);
        self.check(&filled, &faulty, &mut found);
        let unit = format!("{}/{}", self.period_code(), self.report.name);
        problems.extend(found.into_iter().map(|problem| problem.about([unit.clone()])));
        filled
    }

    /// The sections that could be filled in, and those that are written but couldn't be.
    fn fill_sections(&self, problems: &mut Vec<Problem>) -> (FilledProse, BTreeSet<(String, Lang)>) {
        let narratives = &self.prose.narratives;
        let sections: BTreeSet<&str> = narratives
            .sections()
            .filter(|(key, _)| key.report == self.report.name)
            .map(|(key, _)| key.section.as_str())
            // Of a letter about the report, not of the report.
            .filter(|section| *section != ERRATUM)
            .collect();
        let period = &self.project.logframe.periods[self.period];
        let mut filled = FilledProse::new();
        let mut faulty: BTreeSet<(String, Lang)> = BTreeSet::new();
        for lang in self.languages() {
            let Some(locale) = self.profile.locale(&lang) else { continue };
            let context = ProseContext { project: self.project, released: self.released, locale: &locale };
            for section in &sections {
                match narratives.render(self.report, period, section, &context) {
                    Ok(Some(rendered)) => {
                        problems.extend(rendered.warnings);
                        filled.insert(((*section).to_owned(), lang.clone()), rendered.blocks);
                    }
                    Ok(None) => {}
                    Err(faults) => {
                        problems.extend(faults);
                        faulty.insert(((*section).to_owned(), lang.clone()));
                    }
                }
            }
        }
        (filled, faulty)
    }

    /// Holds the prose against the profile; `faulty` are sections that are written but couldn't be filled in.
    fn check(&self, filled: &FilledProse, faulty: &BTreeSet<(String, Lang)>, problems: &mut Vec<Problem>) {
        let blocks = filled.iter().map(|(key, blocks)| (key, Some(blocks.clone())));
        let found: Vec<SectionProse> = blocks
            .chain(faulty.iter().map(|key| (key, None)))
            .filter_map(|((section, lang), blocks)| {
                let file = self.prose_file(section, lang)?;
                Some(SectionProse { section: section.clone(), lang: lang.clone(), file, blocks })
            })
            .chain(self.unread_sections())
            .collect();
        let settings = &self.project.settings;
        let filled: Vec<SectionKind> = [
            (SectionKind::Signatures, !settings.signatures.is_empty()),
            (SectionKind::Photographs, !settings.images.is_empty()),
        ]
        .into_iter()
        .filter_map(|(kind, is_filled)| is_filled.then_some(kind))
        .collect();
        let file_to_write = |section: &str, lang: &Lang| self.file_to_write(section, lang);
        problems.extend(check_prose(self.profile, &self.languages(), &found, &file_to_write, &filled));
        if let Some(lang) = self.languages().first() {
            problems.extend(find_missing_facts(self.profile, (self.project, self.report), lang, &found));
        }
        problems.extend(self.find_missing_headlines(&found));
        if let Some(severity) = self.profile.severities.variance {
            let shown = |id: IndicatorId| self.report.shows(&self.project.logframe.indicator(id).code);
            let figures = &self.figures.periods[self.period];
            problems.extend(find_unexplained_variances(self.project, figures, shown, severity));
        }
    }

    /// Sections of a document, in any of its languages, with more characters than the donor's portal takes.
    pub fn find_long_sections(&self, languages: &[Lang], document: &Document) -> Vec<Problem> {
        let Some(severity) = self.profile.severities.word_limit else { return Vec::new() };
        if document.sections.iter().all(|section| section.char_limit.is_none()) {
            return Vec::new();
        }
        let unit = format!("{}/{}", self.period_code(), self.report.name);
        let texts = section_texts(document).into_iter();
        let find = |text: SectionText| {
            let (section, lang) = (&document.sections[text.section], languages.get(text.language)?);
            let limit = section.char_limit.filter(|limit| text.characters() > *limit)?;
            let kind = kinds::SectionTooLong::Characters {
                section: section.id.clone(),
                characters: text.characters().to_string(),
                lang: lang.as_str().to_owned(),
                limit: limit.to_string(),
            };
            let file = self.prose_file(&section.id, lang).unwrap_or_else(|| self.file_to_write(&section.id, lang));
            Some(Problem::new(severity, kind).at(Place::line(&file, 1, 1)).about([unit.clone()]))
        };
        texts.filter_map(find).collect()
    }

    /// Sections of this edition whose file can't be read.
    fn unread_sections(&self) -> impl Iterator<Item = SectionProse> {
        let is_of_edition = |key: &SectionKey| {
            let period = key.period.as_deref();
            key.report == self.report.name && period.is_none_or(|period| period == self.period_code())
        };
        let unread = self.prose.narratives.unread_sections().filter(move |(key, _)| is_of_edition(key));
        unread.map(|(key, file)| {
            let (section, lang, file) = (key.section.clone(), key.lang.clone(), file.to_owned());
            SectionProse { section, lang, file, blocks: None }
        })
    }

    /// A warning for each language in which the page that answers first has no sentence of the officers'.
    fn find_missing_headlines(&self, found: &[SectionProse]) -> Vec<Problem> {
        let shows_indicators =
            self.project.logframe.indicators.iter().any(|indicator| self.report.shows(&indicator.code));
        let has_page = shows_indicators && self.profile.opening.has_glance();
        if !has_page || self.profile.severities.missing_section.is_none() {
            return Vec::new();
        }
        let is_written = |lang: &Lang| found.iter().any(|prose| prose.section == HEADLINE && prose.lang == *lang);
        let missing = self.languages().into_iter().filter(|lang| !is_written(lang));
        missing
            .map(|lang| {
                let heading = self.profile.locale(&lang).map(|locale| locale.label("glance.heading").to_owned());
                let kind = kinds::SectionMissing::Headline {
                    heading: heading.unwrap_or_default(),
                    lang: lang.as_str().to_owned(),
                };
                Problem::warning(kind).at(Place::file(&self.file_to_write(HEADLINE, &lang)))
            })
            .collect()
    }

    fn file_to_write(&self, section: &str, lang: &Lang) -> String {
        self.prose.narratives.file_to_write(&self.report.name, self.period_code(), section, lang)
    }

    /// The file with a section's prose: the period's own, else the report's.
    fn prose_file(&self, section: &str, lang: &Lang) -> Option<String> {
        let in_period = |period: Option<&str>| {
            let is_it = |key: &SectionKey| {
                key.report == self.report.name
                    && key.period.as_deref() == period
                    && key.section == section
                    && key.lang == *lang
            };
            self.prose.narratives.sections().find(|(key, _)| is_it(key)).map(|(_, file)| file.to_owned())
        };
        in_period(Some(self.period_code())).or_else(|| in_period(None))
    }
}

/// A restatement as documents print it.
pub(super) fn restated_figure(figure: &Restatement) -> RestatedFigure {
    RestatedFigure {
        indicator: figure.indicator,
        period: figure.period.code.clone(),
        old: figure.old,
        new: figure.new,
        added: figure.rows.added.len(),
        gone: figure.rows.removed.len(),
        changed: figure.rows.changed.len(),
        corrected: corrected_columns(&figure.rows),
    }
}

/// Table and column of each cell that was corrected, each once.
pub(super) fn corrected_columns(rows: &RowChanges) -> Vec<(String, String)> {
    let columns = rows.cells.iter().map(|cell| (cell.table.clone(), cell.column.clone()));
    columns.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The sentences of a report's prose.
pub(super) fn sentences_of(prose: &FilledProse) -> SectionSentences {
    let name = |section: &String, lang: &Lang| format!("{section}.{}", lang.as_str());
    prose.iter().map(|((section, lang), blocks)| (name(section, lang), collect_sentences(blocks))).collect()
}
