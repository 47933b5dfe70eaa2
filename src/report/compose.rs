//! [`Project`], [`Released`] and a [`Profile`] → [`Document`]: every text and number written in its language.

mod activities;
mod closing;
mod counted;
mod cover;
mod disaggregation;
mod indicators;
mod prose;
mod trend;
mod variance;
mod voice;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::block::Block;
use super::document::{AttachedFile, Body, Document, DocumentLayout, Entry, Part, Section};
use super::profile::{Profile, ProfileSection, SectionKind};
use crate::disclosure::{Released, ReleasedFigure};
use crate::locale::Locale;
use crate::model::{Amount, Indicator, IndicatorId, LanguageLayout, Period, Project, ReportSettings, Waived};
use voice::Voice;

/// All that one document is made of.
pub struct ReportInput<'a> {
    pub project: &'a Project,
    pub released: &'a Released,
    /// Index into [`Released::periods`].
    pub period: usize,
    pub report: &'a ReportSettings,
    pub profile: &'a Profile,
    /// One per language of the document, in its order; see [`Profile::locale`].
    pub locales: &'a [Locale],
    pub waived: &'a [Waived],
    /// Rendered prose by section, one entry per locale; prose of a result stands under `<section>.<result code>`.
    pub narrative: &'a BTreeMap<String, Vec<Vec<Block>>>,
    pub annex: Option<AnnexFile>,
    pub restated: &'a [Restated],
    /// Content of the project's pictures by their path.
    pub pictures: &'a BTreeMap<String, Arc<[u8]>>,
}

/// The annex that goes with a document.
#[derive(Clone, Debug)]
pub struct AnnexFile {
    /// File name, without folders.
    pub name: String,
    /// Set for a file too large to be attached; it is then named with this.
    pub sha256: Option<String>,
}

/// A figure of an earlier period that is not what an earlier report said.
#[derive(Clone, Debug, PartialEq)]
pub struct Restated {
    pub indicator: IndicatorId,
    /// Code of the period.
    pub period: String,
    pub old: Option<Amount>,
    pub new: Option<Amount>,
    /// Rows that count now and didn't then, by file and sheet.
    pub added: BTreeMap<String, Vec<u32>>,
    /// Rows that counted then and don't now, where they stood.
    pub gone: BTreeMap<String, Vec<u32>>,
    /// Rows that say something else.
    pub changed: BTreeMap<String, Vec<u32>>,
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
        let wanted = self.report.indicators.as_ref();
        let shown = |id: &IndicatorId| wanted.is_none_or(|codes| codes.contains(&self.indicator(*id).code));
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
        blocks.map(|blocks| prose::nested(blocks)).unwrap_or_default()
    }
}

/// Composes a document. Sections with nothing to show in any language are left out, unless the profile requires them.
pub fn compose(input: &ReportInput) -> Document {
    let voices: Vec<Voice> = input.locales.iter().map(|locale| Voice::new(input, locale)).collect();
    let anchor_section = anchor_section(input.profile);
    let sections: Vec<Section> = input
        .profile
        .sections
        .iter()
        .filter_map(|section| compose_section(input, &voices, section, anchor_section == Some(&section.id)))
        .collect();
    let anchors = anchors(&sections);
    let parts: Vec<Part> =
        voices.iter().enumerate().map(|(at, voice)| cover::part(input, voice, at, &sections)).collect();
    let period = input.period();
    let tags: Vec<&str> = input.locales.iter().map(|locale| locale.lang().as_str()).collect();
    let first = parts.first().map(|part| &part.cover);
    let title = first.map(|cover| format!("{} — {}, {}", cover.title, cover.kind, cover.period)).unwrap_or_default();
    let description = first.and_then(|cover| cover.notice.clone()).unwrap_or_default();
    let mut used = used_pictures(&parts, &sections);
    used.extend(input.project.settings.theme.values.values().map(String::as_str));
    let pictures = input.pictures.iter().filter(|(path, _)| used.contains(path.as_str())).map(owned).collect();
    Document {
        identifier: format!("{}/{}/{}.{}", input.project.settings.code, period.code, input.report.name, tags.join("-")),
        date: input.report.dates.get(&period.code).copied().unwrap_or(period.end),
        title,
        author: voices.first().and_then(Voice::implementer).unwrap_or_default(),
        description,
        keywords: vec![input.project.settings.code.clone(), period.code.clone()],
        layout: match (voices.len(), input.report.layout) {
            (0 | 1, _) => DocumentLayout::Single,
            (_, LanguageLayout::Sequential) => DocumentLayout::Sequential,
            (_, LanguageLayout::Parallel) => DocumentLayout::Parallel,
        },
        parts,
        sections,
        anchors,
        theme: input.project.settings.theme.values.clone(),
        attachment: attachment(input, &voices),
        pictures,
    }
}

fn owned((path, bytes): (&String, &Arc<[u8]>)) -> (String, Arc<[u8]>) {
    (path.clone(), Arc::clone(bytes))
}

/// Where figures link to: the results, else the table, else the key figures.
fn anchor_section(profile: &Profile) -> Option<&String> {
    [SectionKind::Results, SectionKind::IndicatorTable, SectionKind::KeyFigures]
        .into_iter()
        .find_map(|kind| profile.sections.iter().find(|section| section.kind == kind))
        .map(|section| &section.id)
}

fn anchors(sections: &[Section]) -> Vec<String> {
    let Some(entry) = sections.iter().find(|section| section.anchors).and_then(|section| section.entries.first())
    else {
        return Vec::new();
    };
    match &entry.body {
        Body::Results { groups } => {
            groups.iter().flat_map(|group| &group.indicators).map(|item| item.code.clone()).collect()
        }
        Body::IndicatorTable { groups, .. } => {
            groups.iter().flat_map(|group| &group.rows).map(|row| row.code.clone()).collect()
        }
        Body::KeyFigures { items } => items.iter().map(|item| item.code.clone()).collect(),
        _ => Vec::new(),
    }
}

fn compose_section(input: &ReportInput, voices: &[Voice], section: &ProfileSection, anchors: bool) -> Option<Section> {
    let entries: Vec<Entry> = voices
        .iter()
        .enumerate()
        .map(|(at, voice)| {
            let mut entry = entry(input, voice, section, at);
            entry.heading = voice.heading(section);
            entry.prose = input.prose(&section.id, at);
            entry
        })
        .collect();
    let empty = entries.iter().all(|entry| entry.prose.is_empty() && is_empty(&entry.body));
    if empty && !section.required {
        return None;
    }
    let entries = entries
        .into_iter()
        .zip(voices)
        .map(|(mut entry, voice)| {
            if entry.prose.is_empty() && is_empty(&entry.body) {
                entry.lead = Some(voice.label("report.nothing").to_owned());
            }
            entry
        })
        .collect();
    Some(Section { id: section.id.clone(), anchors, new_page: section.new_page, entries })
}

fn entry(input: &ReportInput, voice: &Voice, section: &ProfileSection, language: usize) -> Entry {
    let ids = input.indicators_of(section);
    let mut entry =
        Entry { heading: String::new(), lead: None, prose: Vec::new(), body: Body::Prose, notes: Vec::new() };
    match section.kind {
        SectionKind::Prose => {}
        SectionKind::KeyFigures => {
            entry.body = indicators::key_figures(voice, section, &ids);
            entry.lead = Some(voice.cumulative_scope());
        }
        SectionKind::IndicatorTable => {
            entry.body = indicators::table(voice, &ids);
            entry.lead = Some(voice.both_scopes());
        }
        SectionKind::IndicatorChart => entry.body = indicators::chart(voice, section, &ids),
        SectionKind::Disaggregation => {
            entry.body = disaggregation::section(voice, &ids);
            entry.notes = closing::suppression_notes(voice);
        }
        SectionKind::Results => {
            entry.body = indicators::results(voice, &section.id, &ids, language);
            entry.lead = Some(voice.cumulative_scope());
        }
        SectionKind::Activities => entry.body = activities::section(voice, section),
        SectionKind::Variance => entry.body = variance::section(voice, &ids),
        SectionKind::Counted => entry.body = counted::section(voice, &ids),
        SectionKind::Restated => entry.body = closing::restated(voice),
        SectionKind::Notes => entry.body = closing::notes(voice, &ids),
        SectionKind::AnnexList => entry.body = closing::annex_list(voice),
        SectionKind::Photographs => entry.body = closing::photographs(voice),
        SectionKind::Signatures => entry.body = closing::signatures(voice),
    }
    entry
}

fn is_empty(body: &Body) -> bool {
    match body {
        Body::Prose => true,
        Body::KeyFigures { items } => items.is_empty(),
        Body::IndicatorTable { groups, .. } => groups.is_empty(),
        Body::IndicatorChart { bars, trends, .. } => bars.is_empty() && trends.is_empty(),
        Body::Disaggregation { items } => items.is_empty(),
        Body::Results { groups } => groups.is_empty(),
        Body::Activities(activities) => activities.rows.is_empty() && activities.over_time.is_none(),
        Body::Variance { items } => items.is_empty(),
        Body::Counted { items } => items.is_empty(),
        Body::Restated { rows, .. } => rows.is_empty(),
        Body::AnnexList { items } => items.is_empty(),
        Body::Photographs { items } => items.is_empty(),
        Body::Signatures { items } => items.is_empty(),
        Body::Notes { items } => items.is_empty(),
    }
}

fn attachment(input: &ReportInput, voices: &[Voice]) -> Option<AttachedFile> {
    let annex = input.annex.as_ref().filter(|annex| annex.sha256.is_none())?;
    let said: Vec<&str> = voices.iter().map(|voice| voice.label("report.annex")).collect();
    Some(AttachedFile {
        name: annex.name.clone(),
        description: said.join(" / "),
        mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
    })
}

fn used_pictures<'d>(parts: &'d [Part], sections: &'d [Section]) -> BTreeSet<&'d str> {
    let mut used = BTreeSet::new();
    used.extend(parts.iter().flat_map(|part| &part.cover.logos).map(|logo| logo.file.as_str()));
    for entry in sections.iter().flat_map(|section| &section.entries) {
        prose::images(&entry.prose, &mut used);
        match &entry.body {
            Body::Photographs { items } => used.extend(items.iter().map(|item| item.file.as_str())),
            Body::Results { groups } => {
                for group in groups {
                    prose::images(&group.prose, &mut used);
                }
            }
            _ => {}
        }
    }
    used
}
