use std::collections::{BTreeMap, BTreeSet};

use super::disaggregation::capitalize;
use super::glance::compose_glance;
use super::indicator_table::embedded_table;
use super::localizer::Localizer;
use super::{ReportInput, Revision, indicators, prose};
use crate::indicators::Status;
use crate::report::document::{Bar, Cover, Fact, KeyItem, LanguagePart, Photograph, Section, SectionBody};

/// Everything around the sections in one language.
pub(super) fn compose_part(
    input: &ReportInput,
    localizer: &Localizer,
    language: usize,
    sections: &[Section],
) -> LanguagePart {
    let tag = localizer.locale.lang().as_str().to_owned();
    let mut pieces = tag.split('-');
    let lang = pieces.next().unwrap_or_default().to_owned();
    let region = pieces.find(|piece| piece.len() == 2).map(str::to_owned);
    let quotes = ["quote.open", "quote.close", "quote.inner-open", "quote.inner-close"];
    let (charts, tables) = compose_embeds(input, localizer, language, sections);
    LanguagePart {
        tag,
        lang,
        region,
        quotes: quotes.map(|key| localizer.label(key).to_owned()),
        words: BTreeMap::from([
            ("contents".to_owned(), localizer.label("page.contents").to_owned()),
            ("page-number".to_owned(), localizer.label("page.number").to_owned()),
            ("characters".to_owned(), localizer.label("page.characters").to_owned()),
            ("characters-of".to_owned(), localizer.label("page.characters-of").to_owned()),
            ("key".to_owned(), localizer.label("key.heading").to_owned()),
            ("language".to_owned(), localizer.label("language.name").to_owned()),
            (
                "begins".to_owned(),
                localizer
                    .phrase("glance.begins", &[("language", localizer.label("language.name")), ("page", "{page}")]),
            ),
        ]),
        scripts: localizer.locale.scripts().collect(),
        cover: compose_cover(input, localizer),
        glance: compose_glance(localizer, language),
        key: status_key(input, localizer),
        key_lines: key_lines(input, localizer),
        charts,
        tables,
    }
}

/// What the marks of bars mean, as far as they occur.
fn key_lines(input: &ReportInput, localizer: &Localizer) -> Vec<String> {
    let bars: Vec<Bar> = input.indicators().into_iter().filter_map(|id| indicators::bar(localizer, id)).collect();
    let lines = [
        (bars.iter().any(|bar| bar.target.is_some()), localizer.label("chart.legend-target").to_owned()),
        (bars.iter().any(|bar| bar.due.is_some()), localizer.label("report.legend-due").to_owned()),
        (bars.iter().any(|bar| bar.value_to.is_some()), localizer.label("report.legend-interval").to_owned()),
        (bars.iter().any(|bar| bar.beyond), indicators::beyond_legend(localizer)),
    ];
    lines.into_iter().filter(|(occurs, _)| *occurs).map(|(_, line)| capitalize(&line) + ".").collect()
}

/// What each status means that occurs or may occur, with the project's own limits.
fn status_key(input: &ReportInput, localizer: &Localizer) -> Vec<KeyItem> {
    let status = |id| input.figure(id).totals.status;
    let without_target = input.indicators().into_iter().any(|id| status(id) == Some(Status::NoTarget));
    let always = [Status::Achieved, Status::OnTrack, Status::AtRisk, Status::OffTrack, Status::NotDue];
    let untargeted = without_target.then_some(Status::NoTarget);
    always.into_iter().chain(untargeted).map(|status| status_key_item(localizer, Some(status))).collect()
}

/// A status, and what it means with the project's own limits.
pub(super) fn status_key_item(localizer: &Localizer, status: Option<Status>) -> KeyItem {
    let limits = localizer.input.project.settings.progress;
    let limit = match status {
        Some(Status::OnTrack) => limits.on_track,
        _ => limits.at_risk,
    };
    let key = format!("key.{}", status.map_or("absent", Status::code));
    let text = localizer.phrase(&key, &[("limit", &localizer.locale.percent(limit, 0))]);
    KeyItem { status: localizer.badge(status), text }
}

/// Charts and tables that the prose of this language asks for.
fn compose_embeds(
    input: &ReportInput,
    localizer: &Localizer,
    language: usize,
    sections: &[Section],
) -> (BTreeMap<String, SectionBody>, BTreeMap<String, SectionBody>) {
    let mut charts = BTreeSet::new();
    let mut tables = BTreeSet::new();
    for entry in sections.iter().filter_map(|section| section.entries.get(language)) {
        prose::collect_embeds(&entry.prose, &mut charts, &mut tables);
        if let SectionBody::Results { groups } = &entry.body {
            for group in groups {
                prose::collect_embeds(&group.prose, &mut charts, &mut tables);
            }
        }
    }
    let id_of = |code: &String| input.indicators().into_iter().find(|id| input.indicator(*id).code == *code);
    let drawn = |codes: BTreeSet<String>, draw: fn(&Localizer, crate::model::IndicatorId) -> SectionBody| {
        codes.into_iter().filter_map(|code| id_of(&code).map(|id| (code, draw(localizer, id)))).collect()
    };
    (drawn(charts, indicators::embedded_chart), drawn(tables, embedded_table))
}

fn compose_cover(input: &ReportInput, localizer: &Localizer) -> Cover {
    let settings = &input.project.settings;
    let period = input.period();
    let named = localizer.period_name(period);
    let days = localizer.locale.period(&settings.known_days(period));
    Cover {
        kind: localizer.find_text(&input.profile.title).unwrap_or_else(|| localizer.label("cover.report").to_owned()),
        code: settings.code.clone(),
        title: localizer.text(&settings.title),
        period: if named == localizer.locale.period(period) {
            days
        } else {
            format!("{} ({days})", capitalize(&named))
        },
        data_until: settings
            .data_until
            .filter(|day| *day < period.end)
            .map(|day| localizer.phrase("period.data-until", &[("date", &localizer.locale.date_in_text(day))])),
        date: input.report.dates.get(&period.code).map(|day| {
            let label = if input.erratum.is_some() { "activity.date" } else { "cover.date" };
            format!("{}: {}", localizer.label(label), localizer.locale.date(*day))
        }),
        notice: notice(input, localizer),
        revision: input.revision.map(|revision| revision_line(localizer, revision)),
        head: head_facts(input, localizer),
        facts: cover_facts(input, localizer),
        acknowledgements: donors(input).filter_map(|donor| localizer.find_text(&donor.acknowledgement)).collect(),
        logos: logos(input, localizer),
    }
}

/// The project's notice, and before it that not everybody may have the report.
fn notice(input: &ReportInput, localizer: &Localizer) -> Option<String> {
    let restricted = input.report.is_restricted().then(|| localizer.label("notes.restricted").to_owned());
    let lines: Vec<String> =
        restricted.into_iter().chain(localizer.find_text(&input.project.settings.notice)).collect();
    (!lines.is_empty()).then(|| lines.join(" "))
}

/// `Revised, version 2 (5 May 2025); replaces version 1, sent on 18 April 2025`
fn revision_line(localizer: &Localizer, revision: Revision) -> String {
    let number = |version: u32| localizer.locale.integer(u64::from(version));
    let version = number(revision.version);
    let mut line = match revision.date {
        Some(date) => {
            localizer.phrase("revision.dated", &[("n", &version), ("date", &localizer.locale.date_in_text(date))])
        }
        None => localizer.phrase("revision.undated", &[("n", &version)]),
    };
    if let Some(day) = revision.replaced {
        let replaced = number(revision.version - 1);
        let day = localizer.locale.date_in_text(day);
        line = format!("{line}; {}", localizer.phrase("revision.replaces", &[("n", &replaced), ("date", &day)]));
    }
    line
}

/// Whom the report is for.
pub(super) fn donors<'a>(input: &'a ReportInput) -> impl Iterator<Item = &'a crate::model::Donor> {
    input.project.settings.donors.iter().filter(|donor| input.report.donors.contains(&donor.code))
}

fn donor_fact(input: &ReportInput, localizer: &Localizer) -> Fact {
    let lines = donors(input).flat_map(|donor| {
        let grant = donor.grant.as_ref().map(|grant| format!("{}: {grant}", localizer.label("cover.grant")));
        [Some(localizer.text(&donor.name)), grant].into_iter().flatten()
    });
    let key = if donors(input).count() > 1 { "cover.donors" } else { "cover.donor" };
    Fact { label: localizer.label(key).to_owned(), lines: lines.collect() }
}

/// Who reports, for whom, on which project: the head of a document without a cover.
fn head_facts(input: &ReportInput, localizer: &Localizer) -> Vec<Fact> {
    let settings = &input.project.settings;
    let fact = |label: &'static str, lines: Vec<String>| Fact { label: localizer.label(label).to_owned(), lines };
    let days = localizer.locale.date_range(settings.start, settings.end);
    let facts = [
        fact("cover.implementer", localizer.implementer().into_iter().collect()),
        donor_fact(input, localizer),
        fact("cover.project", vec![settings.code.clone(), days]),
    ];
    facts.into_iter().filter(|fact| !fact.lines.is_empty()).collect()
}

fn cover_facts(input: &ReportInput, localizer: &Localizer) -> Vec<Fact> {
    let settings = &input.project.settings;
    let fact = |label: &'static str, lines: Vec<String>| Fact { label: localizer.label(label).to_owned(), lines };
    let partner_lines: Vec<String> = settings
        .partners
        .iter()
        .map(|partner| match localizer.find_text(&partner.role) {
            Some(role) => format!("{} ({role})", localizer.text(&partner.name)),
            None => localizer.text(&partner.name),
        })
        .collect();
    let data_until = settings.data_until.filter(|day| *day < input.period().end);
    let days = localizer.locale.date_range(settings.start, settings.end);
    [
        fact("cover.implementer", localizer.implementer().into_iter().collect()),
        donor_fact(input, localizer),
        fact("cover.partners", partner_lines),
        fact("cover.code", vec![settings.code.clone()]),
        fact("period.project", vec![days]),
        fact(
            "page.note",
            data_until
                .map(|day| localizer.phrase("period.data-until", &[("date", &localizer.locale.date_in_text(day))]))
                .into_iter()
                .collect(),
        ),
    ]
    .into_iter()
    .filter(|fact| !fact.lines.is_empty())
    .collect()
}

fn logos(input: &ReportInput, localizer: &Localizer) -> Vec<Photograph> {
    let settings = &input.project.settings;
    let implementer = settings.implementer.iter().map(|own| (own.logo.as_ref(), &own.name));
    let funders = donors(input).map(|donor| (donor.logo.as_ref(), &donor.name));
    implementer
        .chain(funders)
        .filter_map(|(logo, name)| {
            let file = logo.filter(|file| input.pictures.contains_key(*file))?.clone();
            Some(Photograph {
                file,
                alt: localizer.phrase("report.logo", &[("name", &localizer.text(name))]),
                caption: None,
                credit: None,
            })
        })
        .collect()
}
