//! [`Project`], [`Released`] and a [`Profile`] → [`Document`]: every text and number written in its language.

mod activities;
mod closing;
mod counted;
mod cover;
mod disaggregation;
mod erratum;
mod form_facts;
mod glance;
mod indicator_table;
mod indicators;
mod localizer;
mod prose;
mod results;
mod trend;
mod variance;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::block::Block;
use super::document::{
    AttachedFile, Document, DocumentLayout, LanguagePart, Opening, Section, SectionBody, SectionEntry,
};
use super::profile::{Profile, ProfileOpening, ProfileSection, SectionKind};
use crate::disclosure::{Released, ReleasedFigure};
use crate::locale::Locale;
use crate::model::{Amount, Indicator, IndicatorId, LanguageLayout, Period, Project, ReportSettings, Waived};
pub use erratum::{ChangedSentence, Erratum, ErratumFigure, ErratumKind, ErratumPart, ErratumPlan, PrintedValue};
use localizer::Localizer;

/// All that one document is made of.
pub struct ReportInput<'a> {
    /// The project.
    pub project: &'a Project,
    /// The figures that the report may show.
    pub released: &'a Released,
    /// Index into [`Released::periods`].
    pub period: usize,
    /// The report.
    pub report: &'a ReportSettings,
    /// Its profile.
    pub profile: &'a Profile,
    /// One per language of the document, in its order; see [`Profile::locale`].
    pub locales: &'a [Locale],
    /// Problems that the project accepts, with their rows.
    pub waived: &'a [Waived],
    /// Rendered prose by section, one entry per locale; prose of a result is under `<section>.<result code>`.
    pub narrative: &'a BTreeMap<String, Vec<Vec<Block>>>,
    /// The annex that the document names; `None` without one.
    pub annex: Option<AnnexReference>,
    /// Figures that earlier reports gave otherwise.
    pub restated: &'a [RestatedFigure],
    /// Set for a later version of a report that was sent.
    pub revision: Option<Revision>,
    /// Set for a letter about a report that was sent.
    pub erratum: Option<&'a Erratum<'a>>,
    /// Content of the project's pictures by their path.
    pub pictures: &'a BTreeMap<String, Arc<[u8]>>,
}

/// The annex that goes with a document.
#[derive(Clone, Debug)]
pub struct AnnexReference {
    /// File name, without folders.
    pub name: String,
    /// Set for a file too large to be attached; it is then named with this.
    pub sha256: Option<String>,
}

/// A figure of an earlier period that is not what an earlier report said.
#[derive(Clone, Debug, PartialEq)]
pub struct RestatedFigure {
    /// The indicator.
    pub indicator: IndicatorId,
    /// Code of the period.
    pub period: String,
    /// As it was sent; `None` if it was absent.
    pub old: Option<Amount>,
    /// As it is today; `None` if it is absent.
    pub new: Option<Amount>,
    /// How many rows count now and didn't then.
    pub added: usize,
    /// How many rows counted then and don't now.
    pub gone: usize,
    /// How many rows say something else.
    pub changed: usize,
    /// Table and column of what was corrected in rows of activities, persons and attendances.
    pub corrected: Vec<(String, String)>,
}

/// A later version of a report.
#[derive(Clone, Copy, Debug)]
pub struct Revision {
    /// From 2.
    pub version: u32,
    /// The date on the report.
    pub date: Option<Date>,
    /// The day on which the version before it was sent.
    pub replaced: Option<Date>,
}

impl ReportInput<'_> {
    fn period(&self) -> &Period {
        &self.released.periods[self.period].period
    }

    fn indicator(&self, id: IndicatorId) -> &Indicator {
        self.project.logframe.indicator(id)
    }

    fn figure(&self, id: IndicatorId) -> &ReleasedFigure {
        &self.released.periods[self.period].figures[usize::from(id.0)]
    }

    /// The report's indicators in the order of the logframe.
    fn indicators(&self) -> Vec<IndicatorId> {
        let shown = |id: &IndicatorId| self.report.shows(&self.indicator(*id).code);
        self.project.logframe.indicator_ids().filter(shown).collect()
    }

    /// Those that a section of the profile shows.
    fn indicators_of(&self, section: &ProfileSection) -> Vec<IndicatorId> {
        let mut all = self.indicators();
        all.retain(|id| !section.people || self.indicator(*id).calculation.counts_persons());
        match &section.indicators {
            None => all,
            Some(codes) => {
                let by_code = |code: &String| all.iter().copied().find(|id| self.indicator(*id).code == *code);
                codes.iter().filter_map(by_code).collect()
            }
        }
    }

    fn prose(&self, section: &str, language: usize) -> Vec<Block> {
        let blocks = self.narrative.get(section).and_then(|entries| entries.get(language));
        let mut blocks = blocks.map(|blocks| prose::normalize_headings(blocks)).unwrap_or_default();
        if let Some(locale) = self.locales.get(language) {
            prose::phrase_credits(&mut blocks, locale);
        }
        blocks
    }
}

/// Composes a document. Sections with nothing to show in any language are left out, unless a donor's form requires them.
pub fn compose(input: &ReportInput) -> Document {
    let localizers: Vec<Localizer> = input.locales.iter().map(|locale| Localizer::new(input, locale)).collect();
    let anchor_section = anchor_section(input.profile);
    let sections: Vec<Section> = input
        .profile
        .sections
        .iter()
        .filter_map(|section| compose_section(input, &localizers, section, anchor_section == Some(&section.id)))
        .collect();
    let anchors = collect_anchors(&sections);
    let parts: Vec<LanguagePart> = localizers
        .iter()
        .enumerate()
        .map(|(at, localizer)| cover::compose_part(input, localizer, at, &sections))
        .collect();
    let period = input.period();
    let tags: Vec<&str> = input.locales.iter().map(|locale| locale.lang().as_str()).collect();
    let first = parts.first().map(|part| &part.cover);
    let title = first.map(|cover| format!("{} — {}, {}", cover.title, cover.kind, cover.period)).unwrap_or_default();
    let description = first.and_then(|cover| cover.notice.clone()).unwrap_or_default();
    let mut used = used_pictures(&parts, &sections);
    used.extend(input.project.settings.theme.values.values().map(String::as_str));
    let pictures = input.pictures.iter().filter(|(path, _)| used.contains(path.as_str())).map(clone_picture).collect();
    let codes = input.project.logframe.indicators.iter().map(|indicator| &indicator.code);
    Document {
        identifier: format!("{}/{}/{}.{}", input.project.settings.code, period.code, input.report.name, tags.join("-")),
        indicators: codes.filter(|code| input.report.shows(code)).cloned().collect(),
        is_draft: input.project.settings.draft,
        date: input.report.dates.get(&period.code).copied().unwrap_or(period.end),
        title,
        author: localizers.first().and_then(Localizer::implementer).unwrap_or_default(),
        description,
        keywords: keywords(input, &localizers),
        layout: match (localizers.len(), input.report.layout) {
            (0 | 1, _) => DocumentLayout::Single,
            (_, LanguageLayout::Sequential) => DocumentLayout::Sequential,
            (_, LanguageLayout::Parallel) => DocumentLayout::Parallel,
        },
        opening: match input.profile.opening {
            ProfileOpening::Glance => Opening::Glance,
            ProfileOpening::Cover | ProfileOpening::CoverOnly => Opening::Cover,
            ProfileOpening::Letter => Opening::Letter,
        },
        parts,
        sections,
        anchors,
        theme: input.project.settings.theme.values.clone(),
        attachment: attachment(input, &localizers),
        figures: None,
        manifest: None,
        pictures,
    }
}

/// What the document's properties say of it, and in each language that not everybody may have it.
fn keywords(input: &ReportInput, localizers: &[Localizer]) -> Vec<String> {
    let restricted = localizers.iter().filter(|_| input.report.is_restricted());
    let restricted = restricted.map(|localizer| localizer.label("notes.restricted-mark").to_owned());
    [input.project.settings.code.clone(), input.period().code.clone()].into_iter().chain(restricted).collect()
}

fn clone_picture((path, bytes): (&String, &Arc<[u8]>)) -> (String, Arc<[u8]>) {
    (path.clone(), Arc::clone(bytes))
}

/// Where figures link to: the table, else the results, else the key figures.
fn anchor_section(profile: &Profile) -> Option<&String> {
    [SectionKind::IndicatorTable, SectionKind::Results, SectionKind::KeyFigures]
        .into_iter()
        .find_map(|kind| profile.sections.iter().find(|section| section.kind == kind))
        .map(|section| &section.id)
}

fn collect_anchors(sections: &[Section]) -> Vec<String> {
    let Some(entry) = sections.iter().find(|section| section.anchors).and_then(|section| section.entries.first())
    else {
        return Vec::new();
    };
    match &entry.body {
        SectionBody::Results { groups } => {
            groups.iter().flat_map(|group| &group.indicators).map(|item| item.code.clone()).collect()
        }
        SectionBody::IndicatorTable(table) => {
            table.groups.iter().flat_map(|group| &group.rows).map(|row| row.code.clone()).collect()
        }
        SectionBody::KeyFigures { items } => items.iter().map(|item| item.code.clone()).collect(),
        _ => Vec::new(),
    }
}

fn compose_section(
    input: &ReportInput,
    localizers: &[Localizer],
    section: &ProfileSection,
    anchors: bool,
) -> Option<Section> {
    let entries: Vec<SectionEntry> = localizers
        .iter()
        .enumerate()
        .map(|(at, localizer)| {
            let mut entry = compose_entry(input, localizer, section, at);
            entry.heading = localizer.heading(section);
            entry.prose = input.prose(&section.id, at);
            entry
        })
        .collect();
    let empty = entries.iter().all(|entry| entry.prose.is_empty() && is_empty(&entry.body));
    if empty && !(section.required && input.profile.is_form) {
        return None;
    }
    let (id, new_page, char_limit) = (section.id.clone(), section.new_page, section.char_limit);
    Some(Section { id, anchors, new_page, boxed: section.boxed, char_limit, entries })
}

fn compose_entry(
    input: &ReportInput,
    localizer: &Localizer,
    section: &ProfileSection,
    language: usize,
) -> SectionEntry {
    let ids = input.indicators_of(section);
    let mut entry = SectionEntry {
        heading: String::new(),
        lead: None,
        prose: Vec::new(),
        body: SectionBody::Prose,
        notes: Vec::new(),
    };
    match section.kind {
        SectionKind::Prose => {}
        SectionKind::Facts => entry.body = form_facts::compose_facts(localizer, section),
        SectionKind::Acronyms => entry.body = form_facts::compose_acronyms(localizer),
        SectionKind::KeyFigures => {
            entry.body = indicators::key_figures(localizer, section, &ids);
            entry.lead = Some(localizer.cumulative_scope());
        }
        SectionKind::IndicatorTable => entry.body = indicator_table::indicator_table(localizer, &ids),
        SectionKind::IndicatorChart => entry.body = indicators::indicator_chart(localizer, section, &ids),
        SectionKind::Disaggregation => {
            entry.body = disaggregation::compose_disaggregation(localizer, &ids);
            entry.notes = closing::suppression_notes(localizer);
        }
        SectionKind::Results if input.profile.has(SectionKind::IndicatorTable) => {
            entry.body = results::compose_results_in_prose(localizer, &section.id, &ids, language);
        }
        SectionKind::Results => {
            entry.body = results::compose_results(localizer, &section.id, &ids, language);
            entry.lead = Some(localizer.cumulative_scope());
        }
        SectionKind::Activities => entry.body = activities::compose_activities(localizer, section),
        SectionKind::Variance => entry.body = variance::compose_variance(localizer, &ids),
        SectionKind::Counted => entry.body = counted::compose_counted(localizer, &ids),
        SectionKind::Restated => entry.body = closing::restated_table(localizer),
        SectionKind::Notes => entry.body = closing::compose_notes(localizer, &ids),
        SectionKind::AnnexList => entry.body = closing::annex_list(localizer),
        SectionKind::Photographs => entry.body = closing::photographs(localizer),
        SectionKind::Signatures => entry.body = closing::signatures(localizer),
        SectionKind::Erratum => entry.body = erratum::compose_about(localizer),
        SectionKind::ErratumFigures => entry.body = erratum::compose_figures(localizer),
        SectionKind::ErratumSentences => entry.body = erratum::compose_sentences(localizer),
    }
    entry
}

fn is_empty(body: &SectionBody) -> bool {
    match body {
        SectionBody::Prose => true,
        SectionBody::Facts { items } => items.iter().all(|item| item.lines.is_empty()),
        SectionBody::KeyFigures { items } => items.is_empty(),
        SectionBody::IndicatorTable(table) => table.groups.is_empty(),
        SectionBody::IndicatorChart { bars, trends, .. } => bars.is_empty() && trends.is_empty(),
        SectionBody::Disaggregation { items, matrices } => items.is_empty() && matrices.is_empty(),
        SectionBody::Results { groups } => groups.is_empty(),
        SectionBody::Activities(activities) => activities.rows.is_empty() && activities.over_time.is_none(),
        SectionBody::Variance { items } => items.is_empty(),
        SectionBody::Counted { items } => items.is_empty(),
        SectionBody::Restated { rows, .. } => rows.is_empty(),
        SectionBody::AnnexList { items } => items.is_empty(),
        SectionBody::Photographs { items } => items.is_empty(),
        SectionBody::Signatures { items } => items.is_empty(),
        SectionBody::Notes { lines } => lines.is_empty(),
    }
}

fn attachment(input: &ReportInput, localizers: &[Localizer]) -> Option<AttachedFile> {
    let annex = input.annex.as_ref().filter(|annex| annex.sha256.is_none())?;
    let texts: Vec<&str> = localizers.iter().map(|localizer| localizer.label("report.annex")).collect();
    Some(AttachedFile {
        name: annex.name.clone(),
        description: texts.join(" / "),
        mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
    })
}

fn used_pictures<'d>(parts: &'d [LanguagePart], sections: &'d [Section]) -> BTreeSet<&'d str> {
    let mut used = BTreeSet::new();
    used.extend(parts.iter().flat_map(|part| &part.cover.logos).map(|logo| logo.file.as_str()));
    for entry in sections.iter().flat_map(|section| &section.entries) {
        prose::collect_images(&entry.prose, &mut used);
        match &entry.body {
            SectionBody::Photographs { items } => used.extend(items.iter().map(|item| item.file.as_str())),
            SectionBody::Results { groups } => {
                for group in groups {
                    prose::collect_images(&group.prose, &mut used);
                }
            }
            _ => {}
        }
    }
    used
}
