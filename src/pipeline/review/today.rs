//! What the project gives today: its documents, its figures with the rows behind them, its narrative.

use std::collections::BTreeSet;
use std::path::Path;

use super::align::normalize;
use super::narrative_places::NarrativePlaces;
use super::paragraph_pairs::FINGERPRINT;
use crate::indicators::{ExplainedRow, Explanation, Figures, explain, explain_served};
use crate::model::{Lang, Period, Project};
use crate::pipeline::check::check_editions;
use crate::pipeline::load;
use crate::pipeline::planned_units::{file_name, output_stem};
use crate::pipeline::reason_writer::row_ranges;
use crate::render::docx::{MadeFigure, WrittenDocument, made_document};
use crate::report::compose::AnnexReference;
use crate::report::document::{Document, number_figures};

/// A project as it is now.
pub(super) struct Today {
    project: Project,
    figures: Figures,
    documents: Vec<TodayDocument>,
    pub narratives: NarrativePlaces,
}

struct TodayDocument {
    made: WrittenDocument,
    period: String,
    /// Codes of the report's indicators, as figures.json has them in order.
    indicators: Vec<String>,
}

impl Today {
    /// `None` if the project's tables have errors.
    pub(super) fn read(folder: &Path) -> Option<Today> {
        let mut loaded = load::read(folder);
        let mut documents = Vec::new();
        let (_, counted) = check_editions(&loaded, folder, |edition, prose, restated| {
            let stem = output_stem(edition.report, edition.period_code());
            let compose = |languages: &Vec<Lang>| {
                let annex = edition.annex_for(languages).and_then(|index| edition.report.annexes.get(index));
                let annex = annex.map(|languages| {
                    let path = file_name(&stem, languages, "xlsx");
                    let name = path.rsplit('/').next().unwrap_or_default().to_owned();
                    AnnexReference { name, sha256: Some(String::new()) }
                });
                edition.compose(languages, prose, &loaded.checked.waived, restated, annex)
            };
            let mut composed: Vec<Document> = edition.report.documents.iter().map(compose).collect();
            number_figures(&mut composed);
            let codes = edition.project.logframe.indicators.iter().map(|indicator| indicator.code.clone());
            let indicators: Vec<String> = codes.filter(|code| edition.report.shows(code)).collect();
            documents.extend(composed.iter().map(|document| TodayDocument {
                made: made_document(document),
                period: edition.period_code().to_owned(),
                indicators: indicators.clone(),
            }));
        });
        let narratives = loaded.prose.as_ref().map(|prose| NarrativePlaces::read(folder, prose)).unwrap_or_default();
        Some(Today { project: loaded.checked.project.take()?, figures: counted?.0, documents, narratives })
    }

    /// The document that has most paragraphs in common with these.
    pub(super) fn find_nearest(&self, texts: &[String]) -> Option<WrittenDocument> {
        let texts: BTreeSet<&str> = texts.iter().map(String::as_str).collect();
        // Of a thousand: a longer document doesn't win by its length.
        let common = |document: &&TodayDocument| {
            let own = document.made.paragraphs.iter().map(|paragraph| normalize(&paragraph.text()));
            let own: BTreeSet<String> = own.collect();
            let shared = own.iter().filter(|text| texts.contains(text.as_str())).count();
            2_000 * shared / (own.len() + texts.len()).max(1)
        };
        let nearest = self.documents.iter().max_by_key(common).filter(|document| common(document) > 0)?;
        let mut made = nearest.made.clone();
        // The annex is named with a fingerprint that only a build knows.
        made.paragraphs.retain(|paragraph| !paragraph.text().starts_with(FINGERPRINT));
        Some(made)
    }

    fn document(&self, identifier: &str) -> Option<&TodayDocument> {
        self.documents.iter().find(|document| document.made.identifier == identifier)
    }

    /// What a figure of a paragraph is today: by its place in figures.json within the same section and language, as often
    /// as it stood there before; one that has no place by its name.
    pub(super) fn figure(&self, made: &WrittenDocument, paragraph: usize, figure: &MadeFigure) -> Option<String> {
        let document = self.document(&made.identifier)?;
        let own = made.paragraphs.get(paragraph)?;
        let is_same = |other: &MadeFigure| match &figure.place {
            Some(place) => other.place.as_ref() == Some(place),
            None => other.id == figure.id,
        };
        let of_section = |made: &WrittenDocument| -> Vec<(String, String)> {
            let paragraphs = made.paragraphs.iter();
            let own = paragraphs.filter(|other| other.language == own.language && other.section == own.section);
            let pieces = own.flat_map(|other| &other.pieces);
            pieces
                .filter_map(|piece| {
                    let known = piece.figure.as_ref().filter(|known| is_same(known))?;
                    Some((known.id.clone(), piece.text.clone()))
                })
                .collect()
        };
        let times = of_section(made).iter().position(|(id, _)| *id == figure.id)?;
        let today = of_section(&document.made);
        today.get(times).or(today.first()).map(|(_, text)| text.clone())
    }

    /// The code of a figure's indicator, and the rows behind it by sheet.
    pub(super) fn rows(&self, identifier: &str, figure: &MadeFigure) -> Option<(String, Vec<String>)> {
        let document = self.document(identifier)?;
        let mut steps = figure.place.as_deref()?.strip_prefix("/indicators/")?.split('/');
        let code = document.indicators.get(steps.next()?.parse::<usize>().ok()?)?;
        let scope = steps.next_back().unwrap_or_default();
        let id = self.project.logframe.indicator_ids().find(|id| self.project.logframe.indicator(*id).code == *code)?;
        let period = self.project.logframe.periods.iter().find(|period| period.code == document.period)?;
        let explanation = match scope {
            "served" => explain_served(&self.project, &self.figures, id, period),
            "period" => explain(&self.project, &self.figures, id, period),
            _ => {
                let whole = Period { start: self.project.settings.start, ..period.clone() };
                explain(&self.project, &self.figures, id, &whole)
            }
        };
        let mut rows: Vec<ExplainedRow> = Vec::new();
        collect_rows(&explanation, &mut rows);
        rows.sort_by_key(|row| row.row);
        rows.dedup_by_key(|row| row.row);
        let of_sheet = rows.chunk_by(|a, b| a.row.sheet == b.row.sheet);
        let line =
            |rows: &[ExplainedRow]| format!("{}: {}", self.project.sources.get(rows[0].row.sheet), row_ranges(rows));
        Some((code.clone(), of_sheet.map(line).collect()))
    }
}

/// A ratio is based on the rows of its parts.
fn collect_rows(explanation: &Explanation, rows: &mut Vec<ExplainedRow>) {
    rows.extend(explanation.rows.iter().cloned());
    explanation.parts.iter().for_each(|part| collect_rows(part, rows));
}
