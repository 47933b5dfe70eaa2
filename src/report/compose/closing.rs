use std::collections::BTreeMap;

use super::Restated;
use super::voice::Voice;
use crate::disclosure::ReleasedValue;
use crate::model::{IndicatorId, Participants};
use crate::report::document::{AnnexItem, Body, Column, ColumnRole, Fact, Photograph, SignatureLine};

/// How many rows a restated figure names.
const ROWS_SHOWN: usize = 10;

/// What a reader must know of the figures as a whole.
pub(super) fn notes(voice: &Voice, ids: &[IndicatorId]) -> Body {
    let settings = &voice.input.project.settings;
    let mut lines = Vec::new();
    if let Some(day) = settings.data_until.filter(|day| *day < voice.input.period().end) {
        lines.push(voice.phrase("notes.data-until", &[("date", &voice.locale.date_in_text(day))]));
    }
    let totals = || ids.iter().map(|id| &voice.figure(*id).totals);
    let amounts = || totals().flat_map(|figure| [figure.period, figure.served, figure.cumulative]).flatten();
    if amounts().any(|amount| amount.hedge.is_some()) {
        lines.push(voice.label("notes.approximate").to_owned());
    }
    if amounts().any(|amount| amount.is_interval()) {
        lines.push(voice.label("notes.interval").to_owned());
    }
    // Only where a reader sees them: from the project's start on, both values are one.
    if totals().any(|figure| figure.period.is_some() && figure.period != figure.cumulative) {
        lines.push(voice.label("counted.period").to_owned());
        if totals().any(|figure| figure.served.is_some_and(|served| Some(served) != figure.period)) {
            lines.push(voice.label("counted.served").to_owned());
        }
    }
    lines.extend(suppression_notes(voice));
    let about_people = match voice.input.released.participants {
        Participants::Detailed => Some("notes.detailed"),
        Participants::Pseudonymised => Some("notes.pseudonymised"),
        Participants::None => None,
    };
    if let Some(key) = about_people.filter(|_| voice.input.annex.is_some()) {
        lines.push(voice.label(key).to_owned());
    }
    let items = lines.into_iter().map(|line| Fact { label: String::new(), lines: vec![line] });
    Body::Notes { items: items.chain(waived(voice)).collect() }
}

/// One note for each accepted kind of problem that rows were left out for.
fn waived<'v>(voice: &'v Voice) -> impl Iterator<Item = Fact> + 'v {
    let settings = &voice.input.project.settings;
    voice.input.waived.iter().filter(|waived| waived.count > 0).filter_map(|waived| {
        let waiver = settings.waivers.get(waived.waiver)?;
        let line = voice.phrase(
            "notes.waived",
            &[
                ("table", &waiver.table),
                ("problem", &waiver.problem),
                ("n", &voice.locale.integer(waived.count)),
                ("reason", &voice.text(&waiver.reason)),
            ],
        );
        Some(Fact { label: String::new(), lines: vec![line] })
    })
}

/// That small parts are hidden, where any is; or that none are, because the recipient may see them.
pub(super) fn suppression_notes(voice: &Voice) -> Vec<String> {
    let limit = voice.input.released.suppress_below;
    let project_limit = voice.input.project.settings.privacy.suppress_below;
    if limit == 0 {
        return if project_limit > 0 { vec![voice.label("notes.not-suppressed").to_owned()] } else { Vec::new() };
    }
    let figures = &voice.input.released.periods[voice.input.period].figures;
    let hidden = figures.iter().flat_map(|figure| &figure.axes).any(|axis| {
        let values = axis.parts.iter().flat_map(|part| [part.period, part.served, part.cumulative]);
        axis.withheld || values.into_iter().any(|shown| !matches!(shown, ReleasedValue::Value(_)))
    });
    if !hidden {
        return Vec::new();
    }
    vec![voice.phrase("notes.suppressed", &[("n", &voice.locale.integer(u64::from(limit)))])]
}

pub(super) fn restated(voice: &Voice) -> Body {
    let heading = |role: ColumnRole, key: &'static str| Column { role, heading: voice.label(key).to_owned() };
    let rows = voice
        .input
        .restated
        .iter()
        .map(|restated| {
            let indicator = voice.input.indicator(restated.indicator);
            let period = voice.input.project.logframe.period(&restated.period);
            let ratio = voice.is_ratio(restated.indicator);
            vec![
                format!("{} {}", indicator.code, voice.text(&indicator.title)),
                period.map_or_else(|| restated.period.clone(), |period| voice.period_name(period)),
                voice.amount(restated.old, ratio),
                voice.amount(restated.new, ratio),
                because(voice, restated),
            ]
        })
        .collect();
    Body::Restated {
        columns: vec![
            heading(ColumnRole::Text, "figure.indicator"),
            heading(ColumnRole::Text, "period.one"),
            heading(ColumnRole::Number, "report.reported-then"),
            heading(ColumnRole::Number, "report.now"),
            heading(ColumnRole::Text, "report.because"),
        ],
        rows,
    }
}

/// The rows that made a figure another one: the first of each kind, and how many there are.
fn because(voice: &Voice, restated: &Restated) -> String {
    let kinds = [
        ("report.rows-added", &restated.added),
        ("report.rows-gone", &restated.gone),
        ("report.rows-changed", &restated.changed),
    ];
    let told = kinds.iter().filter(|(_, places)| !places.is_empty()).map(|(key, places)| {
        let count: usize = places.values().map(Vec::len).sum();
        voice.phrase(key, &[("n", &voice.locale.integer(count as u64)), ("rows", &first_rows(places))])
    });
    told.collect::<Vec<_>>().join("; ")
}

/// `participants.xlsx:Attendance 17, 18, …`
fn first_rows(places: &BTreeMap<String, Vec<u32>>) -> String {
    let mut left = ROWS_SHOWN;
    let mut texts = Vec::new();
    for (place, rows) in places {
        let shown: Vec<String> = rows.iter().take(left).map(u32::to_string).collect();
        left -= shown.len();
        if shown.is_empty() {
            break;
        }
        let more = if shown.len() < rows.len() { ", …" } else { "" };
        texts.push(format!("{place} {}{more}", shown.join(", ")));
    }
    texts.join("; ")
}

pub(super) fn annex_list(voice: &Voice) -> Body {
    let items = voice
        .input
        .annex
        .iter()
        .map(|annex| AnnexItem {
            name: annex.name.clone(),
            description: voice
                .label(if annex.sha256.is_some() { "report.annex-apart" } else { "report.annex-attached" })
                .to_owned(),
            sha256: annex.sha256.clone(),
        })
        .collect();
    Body::AnnexList { items }
}

pub(super) fn photographs(voice: &Voice) -> Body {
    let items = voice
        .input
        .project
        .settings
        .images
        .iter()
        .filter(|picture| voice.input.pictures.contains_key(&picture.file))
        .map(|picture| Photograph {
            file: picture.file.clone(),
            alt: voice.text(&picture.alt),
            caption: voice.given(&picture.caption),
        })
        .collect();
    Body::Photographs { items }
}

pub(super) fn signatures(voice: &Voice) -> Body {
    let items = voice
        .input
        .project
        .settings
        .signatures
        .iter()
        .map(|signature| SignatureLine {
            name: voice.text(&signature.name),
            role: voice.text(&signature.role),
            signature: voice.label("page.signature").to_owned(),
            date: voice.label("activity.date").to_owned(),
        })
        .collect();
    Body::Signatures { items }
}
