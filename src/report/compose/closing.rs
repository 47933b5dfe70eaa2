use std::collections::BTreeSet;

use super::RestatedFigure;
use super::localizer::Localizer;
use super::prose::collect_images;
use crate::disclosure::ReleasedValue;
use crate::model::{Calculation, Column, IndicatorId, Participants};
use crate::report::document::{AnnexItem, ColumnRole, FigureText, Photograph, SectionBody, SignatureLine, TableColumn};

/// What a reader must know of the figures as a whole.
pub(super) fn compose_notes(localizer: &Localizer, ids: &[IndicatorId]) -> SectionBody {
    let settings = &localizer.input.project.settings;
    let mut lines = Vec::new();
    if let Some(day) = settings.data_until.filter(|day| *day < localizer.input.period().end) {
        lines.push(localizer.phrase("notes.data-until", &[("date", &localizer.locale.date_in_text(day))]));
    }
    let totals = || ids.iter().map(|id| &localizer.figure(*id).totals);
    let amounts = || totals().flat_map(|figure| [figure.period, figure.served, figure.cumulative]).flatten();
    if amounts().any(|amount| amount.hedge.is_some()) {
        lines.push(localizer.label("notes.approximate").to_owned());
    }
    if amounts().any(|amount| amount.is_interval()) {
        lines.push(localizer.label("notes.interval").to_owned());
    }
    // Only where a reader sees them: from the project's start on, both values are one.
    if totals().any(|figure| figure.period.is_some() && figure.period != figure.cumulative) {
        lines.push(localizer.label("notes.this-period").to_owned());
        if totals().any(|figure| figure.served.is_some_and(|served| Some(served) != figure.period)) {
            lines.push(localizer.label("notes.new").to_owned());
        }
    }
    lines.extend(suppression_notes(localizer));
    let about_people = match localizer.input.released.participants {
        Participants::Detailed => Some("notes.detailed"),
        Participants::Pseudonymised => Some("notes.pseudonymised"),
        Participants::None => None,
    };
    if let Some(key) = about_people.filter(|_| localizer.input.annex.is_some()) {
        lines.push(localizer.label(key).to_owned());
    }
    SectionBody::Notes { lines: lines.into_iter().map(FigureText::plain).chain(waiver_notes(localizer)).collect() }
}

/// One note for each accepted kind of problem that rows were left out for.
fn waiver_notes<'v>(localizer: &'v Localizer) -> impl Iterator<Item = FigureText> + 'v {
    let settings = &localizer.input.project.settings;
    localizer.input.waived.iter().filter(|waived| waived.count > 0).filter_map(|waived| {
        let waiver = settings.waivers.get(waived.waiver)?;
        let table = localizer.locale.find_label(&format!("table-name.{}", waiver.table)).unwrap_or(&waiver.table);
        Some(localizer.figure_phrase(
            "notes.waived",
            &[
                ("table", FigureText::plain(table)),
                ("n", localizer.counted(waived.count as usize)),
                ("reason", FigureText::plain(localizer.text(&waiver.reason))),
            ],
        ))
    })
}

/// That small parts are hidden, where any is; or that none are, because the recipient may see them.
pub(super) fn suppression_notes(localizer: &Localizer) -> Vec<String> {
    let limit = localizer.input.released.suppress_below;
    if limit == 0 {
        return vec![localizer.label("notes.not-suppressed").to_owned()];
    }
    let figures = &localizer.input.released.periods[localizer.input.period].figures;
    let hidden = figures.iter().flat_map(|figure| &figure.axes).any(|axis| {
        let values = axis.parts.iter().flat_map(|part| [part.period, part.served, part.cumulative]);
        axis.withheld || values.into_iter().any(|shown| !matches!(shown, ReleasedValue::Value(_)))
    });
    if !hidden {
        return Vec::new();
    }
    vec![localizer.phrase("notes.suppressed", &[("n", &localizer.locale.integer(u64::from(limit)))])]
}

pub(super) fn restated_table(localizer: &Localizer) -> SectionBody {
    let heading = |role: ColumnRole, key: &'static str| TableColumn { role, heading: localizer.label(key).to_owned() };
    let rows = localizer
        .input
        .restated
        .iter()
        .map(|restated| {
            let indicator = localizer.input.indicator(restated.indicator);
            let period = localizer.input.project.logframe.period(&restated.period);
            let ratio = localizer.is_ratio(restated.indicator);
            vec![
                FigureText::plain(format!("{} {}", indicator.code, localizer.text(&indicator.title))),
                FigureText::plain(
                    period.map_or_else(|| restated.period.clone(), |period| localizer.period_name(period)),
                ),
                localizer.unplaced(restated.old, ratio),
                localizer.unplaced(restated.new, ratio),
                change_reason(localizer, restated),
            ]
        })
        .collect();
    SectionBody::Restated {
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

/// What made a figure another one, in words: the reader of a report has no row to look at.
pub(super) fn change_reason(localizer: &Localizer, restated: &RestatedFigure) -> FigureText {
    let calculation = localizer.input.indicator(restated.indicator).calculation;
    let [added, gone, changed] = match calculation {
        Calculation::Ratio(..) => ["restated.records-added", "restated.records-gone", "restated.records-changed"],
        Calculation::Reported => ["restated.values-added", "restated.values-gone", "restated.values-changed"],
        other if other.over_attendances() => {
            ["restated.attendances-added", "restated.attendances-gone", "restated.attendances-changed"]
        }
        _ => ["restated.activities-added", "restated.activities-gone", "restated.activities-changed"],
    };
    let kinds = [(added, restated.added), (gone, restated.gone), (changed, restated.changed)];
    let reasons = kinds.into_iter().filter(|(_, rows)| *rows > 0);
    let reasons = reasons.map(|(key, rows)| localizer.figure_phrase(key, &[("n", localizer.counted(rows))]));
    let columns: BTreeSet<String> =
        restated.corrected.iter().map(|(table, column)| corrected_column(localizer, table, column)).collect();
    let columns: Vec<String> = columns.into_iter().collect();
    let cells = FigureText::plain(localizer.phrase("restated.cells", &[("columns", &columns.join(", "))]));
    let reasons = FigureText::join(reasons.chain((!columns.is_empty()).then_some(cells)), "; ");
    if reasons.is_empty() { FigureText::plain(localizer.label("restated.corrected")) } else { reasons }
}

/// What a corrected cell says, by its table and column.
fn corrected_column(localizer: &Localizer, table: &str, column: &str) -> String {
    let label = match (table, column) {
        ("activities", "id") | (_, "activity") => Some("restated.activity"),
        (_, "person" | "same_as" | "different_from") => Some("restated.person"),
        (_, "date" | "end_date") => Some("restated.date"),
        (_, "session") => Some("restated.session"),
        (_, "birth_year" | "birth_date" | "age" | "age_band") => Some("axis.age"),
        ("reported", _) => Some("restated.value"),
        _ => None,
    };
    if let Some(label) = label {
        return localizer.label(label).to_owned();
    }
    let project = localizer.input.project;
    let is_it = |known: &&Column| known.name == column;
    let name = if table == "activities" {
        project.activities.columns.iter().find(is_it).map(|column| localizer.activity_column_name(column))
    } else {
        project.persons.columns.iter().find(is_it).map(|column| localizer.person_column_name(column))
    };
    name.or_else(|| localizer.locale.find_label(&format!("axis.{column}")).map(str::to_owned))
        .unwrap_or_else(|| column.to_owned())
}

pub(super) fn annex_list(localizer: &Localizer) -> SectionBody {
    let items = localizer
        .input
        .annex
        .iter()
        .map(|annex| AnnexItem {
            name: annex.name.clone(),
            description: localizer
                .label(if annex.sha256.is_some() { "report.annex-apart" } else { "report.annex-attached" })
                .to_owned(),
            sha256: annex.sha256.clone(),
        })
        .collect();
    SectionBody::AnnexList { items }
}

/// The project's pictures that stand nowhere in the prose.
pub(super) fn photographs(localizer: &Localizer) -> SectionBody {
    let mut in_prose = BTreeSet::new();
    let prose = localizer.input.narrative.values().flatten();
    prose.for_each(|blocks| collect_images(blocks, &mut in_prose));
    let items = localizer
        .input
        .project
        .settings
        .images
        .iter()
        .filter(|picture| localizer.input.pictures.contains_key(&picture.file))
        .filter(|picture| !in_prose.contains(picture.file.as_str()))
        .map(|picture| Photograph {
            file: picture.file.clone(),
            alt: localizer.text(&picture.alt),
            caption: localizer.find_text(&picture.caption),
            credit: localizer
                .find_text(&picture.credit)
                .map(|name| localizer.phrase("page.credit", &[("name", &name)])),
        })
        .collect();
    SectionBody::Photographs { items }
}

/// A line for each who signs. A letter is always signed: without named signatories, for the organisation.
pub(super) fn signatures(localizer: &Localizer) -> SectionBody {
    let named = &localizer.input.project.settings.signatures;
    let line = |name: String, role: String| SignatureLine {
        name,
        role,
        signature: localizer.label("page.signature").to_owned(),
        date: localizer.label("activity.date").to_owned(),
    };
    let mut items: Vec<SignatureLine> =
        named.iter().map(|signature| line(localizer.text(&signature.name), localizer.text(&signature.role))).collect();
    if items.is_empty() && localizer.input.erratum.is_some() {
        let organisation = localizer.implementer().unwrap_or_default();
        items.push(line(organisation, localizer.label("page.signatory").to_owned()));
    }
    SectionBody::Signatures { items }
}
