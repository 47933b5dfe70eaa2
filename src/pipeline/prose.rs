use std::collections::{BTreeMap, BTreeSet};

use super::load::Prose;
use crate::diagnostic::Problem;
use crate::disclosure::{Released, Releases};
use crate::indicators::{self, Figures};
use crate::model::{IndicatorId, Lang, Project, ReportSettings};
use crate::report::block::Block;
use crate::report::narrative::{Context, SectionKey};
use crate::report::profile::{Profile, SectionKind, SectionProse, check_prose};

/// Filled-in prose by section and language.
pub(super) type Filled = BTreeMap<(String, Lang), Vec<Block>>;

/// One report for one period, with what it may say.
#[derive(Clone, Copy)]
pub(super) struct Edition<'a> {
    pub project: &'a Project,
    pub prose: &'a Prose,
    pub figures: &'a Figures,
    pub released: &'a Released,
    pub profile: &'a Profile,
    pub report: &'a ReportSettings,
    /// Place in the logframe's periods.
    pub period: usize,
}

impl<'a> Edition<'a> {
    /// None where project.toml names no such report or period, or its profile can't be read.
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
        Some(Edition { project, prose, figures, released: releases.for_report(report), profile, report, period })
    }

    /// Code of the period.
    pub fn code(&self) -> &'a str {
        &self.project.logframe.periods[self.period].code
    }

    /// Languages of any document of the report.
    fn languages(&self) -> Vec<Lang> {
        self.report.documents.iter().flatten().cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Fills in the prose of every section. What it names and the data doesn't bear out, required sections, word limits
    /// and variances without an explanation go to `problems`.
    pub fn fill(&self, problems: &mut Vec<Problem>) -> Filled {
        let narratives = &self.prose.narratives;
        let sections: BTreeSet<&str> = narratives
            .sections()
            .filter(|(key, _)| key.report == self.report.name)
            .map(|(key, _)| key.section.as_str())
            .collect();
        let period = &self.project.logframe.periods[self.period];
        let mut filled = Filled::new();
        for lang in self.languages() {
            let Some(locale) = self.profile.locale(&lang) else { continue };
            let context = Context { project: self.project, released: self.released, locale: &locale };
            for section in &sections {
                match narratives.render(self.report, period, section, &context) {
                    Ok(Some(blocks)) => {
                        filled.insert(((*section).to_owned(), lang.clone()), blocks);
                    }
                    Ok(None) => {}
                    Err(faults) => problems.extend(faults),
                }
            }
        }
        self.check(&filled, problems);
        filled
    }

    fn check(&self, filled: &Filled, problems: &mut Vec<Problem>) {
        let found: Vec<SectionProse> = filled
            .iter()
            .filter_map(|((section, lang), blocks)| {
                let file = self.file(section, lang)?;
                Some(SectionProse { section: section.clone(), lang: lang.clone(), file, blocks: blocks.clone() })
            })
            .collect();
        let folder = format!("narrative/{}", self.report.name);
        let settings = &self.project.settings;
        let filled: Vec<SectionKind> = [
            (SectionKind::Signatures, !settings.signatures.is_empty()),
            (SectionKind::Photographs, !settings.images.is_empty()),
        ]
        .into_iter()
        .filter_map(|(kind, is_filled)| is_filled.then_some(kind))
        .collect();
        problems.extend(check_prose(self.profile, &self.languages(), &found, &folder, &filled));
        if let Some(severity) = self.profile.severities.variance {
            let shown = |id: IndicatorId| {
                let code = &self.project.logframe.indicator(id).code;
                self.report.indicators.as_ref().is_none_or(|codes| codes.contains(code))
            };
            let figures = &self.figures.periods[self.period];
            problems.extend(indicators::variance_problems(self.project, figures, shown, severity));
        }
    }

    /// The file that a section's prose stands in: the period's own, else the report's.
    fn file(&self, section: &str, lang: &Lang) -> Option<String> {
        let in_period = |period: Option<&str>| {
            let is_it = |key: &SectionKey| {
                key.report == self.report.name
                    && key.period.as_deref() == period
                    && key.section == section
                    && key.lang == *lang
            };
            self.prose.narratives.sections().find(|(key, _)| is_it(key)).map(|(_, file)| file.to_owned())
        };
        in_period(Some(self.code())).or_else(|| in_period(None))
    }
}
