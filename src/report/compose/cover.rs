use std::collections::{BTreeMap, BTreeSet};

use super::disaggregation::capital;
use super::voice::Voice;
use super::{ReportInput, indicators, prose};
use crate::indicators::Status;
use crate::report::document::{Bar, Body, Cover, Fact, KeyItem, Part, Photograph, Section};

/// Everything around the sections in one language.
pub(super) fn part(input: &ReportInput, voice: &Voice, language: usize, sections: &[Section]) -> Part {
    let tag = voice.locale.lang().as_str().to_owned();
    let mut pieces = tag.split('-');
    let lang = pieces.next().unwrap_or_default().to_owned();
    let region = pieces.find(|piece| piece.len() == 2).map(str::to_owned);
    let quotes = ["quote.open", "quote.close", "quote.inner-open", "quote.inner-close"];
    let (charts, tables) = embedded(input, voice, language, sections);
    Part {
        tag,
        lang,
        region,
        quotes: quotes.map(|key| voice.label(key).to_owned()),
        words: BTreeMap::from([
            ("contents".to_owned(), voice.label("page.contents").to_owned()),
            ("page-number".to_owned(), voice.label("page.number").to_owned()),
            ("key".to_owned(), voice.label("key.heading").to_owned()),
        ]),
        cover: cover(input, voice),
        key: key(input, voice),
        key_lines: key_lines(input, voice),
        charts,
        tables,
    }
}

/// What the marks of bars mean, as far as they occur.
fn key_lines(input: &ReportInput, voice: &Voice) -> Vec<String> {
    let bars: Vec<Bar> = input.indicators().into_iter().filter_map(|id| indicators::bar(voice, id)).collect();
    let lines = [
        (bars.iter().any(|bar| bar.target.is_some()), voice.label("chart.legend-target").to_owned()),
        (bars.iter().any(|bar| bar.due.is_some()), voice.label("report.legend-due").to_owned()),
        (bars.iter().any(|bar| bar.value_to.is_some()), voice.label("report.legend-interval").to_owned()),
        (bars.iter().any(|bar| bar.beyond), indicators::beyond(voice)),
    ];
    lines.into_iter().filter(|(occurs, _)| *occurs).map(|(_, line)| capital(&line) + ".").collect()
}

/// What each status means that occurs or may occur, with the project's own limits.
fn key(input: &ReportInput, voice: &Voice) -> Vec<KeyItem> {
    let limits = input.project.settings.progress;
    let on_track = voice.locale.percent(limits.on_track, 0);
    let at_risk = voice.locale.percent(limits.at_risk, 0);
    let status = |id| input.figure(id).totals.status;
    let without_target = input.indicators().into_iter().any(|id| status(id) == Some(Status::NoTarget));
    let of_all = [
        (Status::Achieved, "key.achieved", ""),
        (Status::OnTrack, "key.on_track", on_track.as_str()),
        (Status::AtRisk, "key.at_risk", at_risk.as_str()),
        (Status::OffTrack, "key.off_track", at_risk.as_str()),
        (Status::NotDue, "key.not_due", ""),
    ];
    let untargeted = without_target.then_some((Status::NoTarget, "key.no_target", ""));
    let told = of_all.into_iter().chain(untargeted).map(|(status, key, limit)| KeyItem {
        status: voice.badge(Some(status)),
        text: voice.phrase(key, &[("limit", limit)]),
    });
    told.collect()
}

/// Charts and tables that the prose of this language asks for.
fn embedded(
    input: &ReportInput,
    voice: &Voice,
    language: usize,
    sections: &[Section],
) -> (BTreeMap<String, Body>, BTreeMap<String, Body>) {
    let mut charts = BTreeSet::new();
    let mut tables = BTreeSet::new();
    for entry in sections.iter().filter_map(|section| section.entries.get(language)) {
        prose::embedded(&entry.prose, &mut charts, &mut tables);
        if let Body::Results { groups } = &entry.body {
            for group in groups {
                prose::embedded(&group.prose, &mut charts, &mut tables);
            }
        }
    }
    let id_of = |code: &String| input.indicators().into_iter().find(|id| input.indicator(*id).code == *code);
    let drawn = |codes: BTreeSet<String>, draw: fn(&Voice, crate::model::IndicatorId) -> Body| {
        codes.into_iter().filter_map(|code| id_of(&code).map(|id| (code, draw(voice, id)))).collect()
    };
    (drawn(charts, indicators::embedded_chart), drawn(tables, indicators::embedded_table))
}

fn cover(input: &ReportInput, voice: &Voice) -> Cover {
    let settings = &input.project.settings;
    let period = input.period();
    let named = voice.period_name(period);
    let days = voice.locale.period(period);
    Cover {
        kind: voice.given(&input.profile.title).unwrap_or_else(|| voice.label("cover.report").to_owned()),
        code: settings.code.clone(),
        title: voice.text(&settings.title),
        period: if named == days { days } else { format!("{named} ({days})") },
        date: input
            .report
            .dates
            .get(&period.code)
            .map(|day| format!("{}: {}", voice.label("cover.date"), voice.locale.date(*day))),
        notice: voice.given(&settings.notice),
        facts: facts(input, voice),
        acknowledgements: donors(input).filter_map(|donor| voice.given(&donor.acknowledgement)).collect(),
        logos: logos(input, voice),
    }
}

fn donors<'a>(input: &'a ReportInput) -> impl Iterator<Item = &'a crate::model::Donor> {
    input.project.settings.donors.iter().filter(|donor| input.report.donors.contains(&donor.code))
}

fn facts(input: &ReportInput, voice: &Voice) -> Vec<Fact> {
    let settings = &input.project.settings;
    let fact = |label: &'static str, lines: Vec<String>| Fact { label: voice.label(label).to_owned(), lines };
    let donor_lines: Vec<String> = donors(input)
        .flat_map(|donor| {
            let grant = donor.grant.as_ref().map(|grant| format!("{}: {grant}", voice.label("cover.grant")));
            [Some(voice.text(&donor.name)), grant].into_iter().flatten()
        })
        .collect();
    let many = donors(input).count() > 1;
    let partner_lines: Vec<String> = settings
        .partners
        .iter()
        .map(|partner| match voice.given(&partner.role) {
            Some(role) => format!("{} ({role})", voice.text(&partner.name)),
            None => voice.text(&partner.name),
        })
        .collect();
    let data_until = settings.data_until.filter(|day| *day < input.period().end);
    let days = voice.locale.date_range(settings.start, settings.end);
    [
        fact("cover.implementer", voice.implementer().into_iter().collect()),
        fact(if many { "cover.donors" } else { "cover.donor" }, donor_lines),
        fact("cover.partners", partner_lines),
        fact("cover.code", vec![settings.code.clone()]),
        fact("period.project", vec![days]),
        fact(
            "page.note",
            data_until
                .map(|day| voice.phrase("period.data-until", &[("date", &voice.locale.date_in_text(day))]))
                .into_iter()
                .collect(),
        ),
    ]
    .into_iter()
    .filter(|fact| !fact.lines.is_empty())
    .collect()
}

fn logos(input: &ReportInput, voice: &Voice) -> Vec<Photograph> {
    let settings = &input.project.settings;
    let implementer = settings.implementer.iter().map(|own| (own.logo.as_ref(), &own.name));
    let funders = donors(input).map(|donor| (donor.logo.as_ref(), &donor.name));
    implementer
        .chain(funders)
        .filter_map(|(logo, name)| {
            let file = logo.filter(|file| input.pictures.contains_key(*file))?.clone();
            Some(Photograph { file, alt: voice.phrase("report.logo", &[("name", &voice.text(name))]), caption: None })
        })
        .collect()
}
