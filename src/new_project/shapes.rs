//! Shapes of tables as `init --from` proposes them: lines of project.toml, and what is said of them.

use std::collections::BTreeSet;

use super::project_file::{ProposedValue, ShapeLine};
use super::workbook::WorkbookCell;
use crate::diagnostic::{Catalogue, phrases};
use crate::ingest::unconfigured_workbooks::{
    ProposedParent, ProposedPlace, ProposedShape, UnconfiguredTable, UnconfiguredWorkbooks,
};

fn key(key: &'static str, value: ProposedValue) -> ShapeLine {
    ShapeLine::Key { key, value, remark: None }
}

fn text(text: &str) -> ProposedValue {
    ProposedValue::Text(text.to_owned())
}

fn place(place: &ProposedPlace) -> ProposedValue {
    match place {
        ProposedPlace::Cell(cell) => ProposedValue::Table(vec![("cell", text(cell))]),
        ProposedPlace::Labelled(cell) => ProposedValue::Table(vec![("cell", text(cell)), ("after", text(":"))]),
        ProposedPlace::Sheet => ProposedValue::Table(vec![("sheet", ProposedValue::Bool(true))]),
        ProposedPlace::Text(written) => text(written),
    }
}

fn parent_value(parent: &ProposedParent) -> ProposedValue {
    let places = [("file", &parent.file), ("sheet", &parent.sheet)];
    let places = places.into_iter().filter_map(|(key, name)| Some((key, text(name.as_ref()?))));
    ProposedValue::Table(places.chain([("key", text(&parent.key)), ("reference", text(&parent.reference))]).collect())
}

/// What project.toml says of a table's shape.
pub fn shape_lines(table: &UnconfiguredTable, catalogue: &Catalogue) -> Vec<ShapeLine> {
    let Some(shape) = &table.shape else { return Vec::new() };
    let guess = || Some(catalogue.phrase(phrases::InitGuess).message);
    match shape {
        ProposedShape::Wide { heads, present, absent, unknown, is_by_sheet } => {
            let mut lines = vec![key("layout", text("wide")), key("heads", text(heads.heads))];
            if *is_by_sheet {
                let value = ProposedValue::Table(vec![("sheet", ProposedValue::Bool(true))]);
                lines.push(ShapeLine::Key { key: "activity", value, remark: guess() });
            }
            if heads.lacks_year {
                lines.push(ShapeLine::Remark(catalogue.phrase(phrases::InitYear).message));
            }
            let marks = [("present", present), ("absent", absent)];
            let marks = marks.map(|(name, texts)| (name, ProposedValue::Texts(texts.clone())));
            lines.push(ShapeLine::Key { key: "marks", value: ProposedValue::Table(marks.into()), remark: guess() });
            if !unknown.is_empty() {
                let marks = unknown.join(", ");
                lines.push(ShapeLine::Remark(catalogue.phrase(phrases::InitUnknownMarks { marks }).message));
            }
            lines.extend(heads.total.as_ref().map(|total| key("total", text(total))));
            lines
        }
        ProposedShape::PersonsOfMarks => Vec::new(),
        ProposedShape::Periods { heads, ignored, is_incremental } => {
            let heads = heads.iter().map(|(name, pattern)| (*name, text(pattern))).collect();
            let mut lines = vec![key("layout", text("periods")), key("heads", ProposedValue::Table(heads))];
            if *is_incremental {
                lines.push(ShapeLine::Key { key: "kind", value: text("incremental"), remark: guess() });
            }
            if !ignored.is_empty() {
                lines.push(key("ignore", ProposedValue::Texts(ignored.clone())));
            }
            lines
        }
        ProposedShape::TrackedIndicators => {
            let given = |name, value| ShapeLine::Key { key: name, value: text(value), remark: guess() };
            vec![given("calculation", "reported"), given("aggregation", "sum")]
        }
        ProposedShape::Form { source, written, .. } => {
            let parent = written.iter().map(|parent| key("parent", parent_value(parent)));
            std::iter::once(key("source", text(source))).chain(parent).collect()
        }
        ProposedShape::Repeat(parent) => {
            vec![ShapeLine::Key { key: "parent", value: parent_value(parent), remark: guess() }]
        }
        ProposedShape::EventActivities(above) => {
            let line = |(name, written, guessed): &(&'static str, ProposedPlace, bool)| ShapeLine::Key {
                key: name,
                value: place(written),
                remark: guessed.then(|| catalogue.phrase(phrases::InitGuess).message),
            };
            above.iter().map(line).collect()
        }
        ProposedShape::EventAttendance(activity) => vec![key("activity", place(activity))],
        ProposedShape::None => vec![key("none", ProposedValue::Bool(true))],
        ProposedShape::Counts(counts) => {
            vec![ShapeLine::Counts { parts: counts.parts.clone(), total: counts.total.clone() }]
        }
    }
}

/// Marks or separators in the quotation marks of the messages' language.
pub fn quoted_signs(signs: &[impl AsRef<str>], catalogue: &Catalogue) -> String {
    let quoted = |sign: &str| catalogue.phrase(phrases::InitSign { sign: sign.to_owned() }).message;
    signs.iter().map(|sign| quoted(sign.as_ref())).collect::<Vec<_>>().join(", ")
}

/// What a table's shape is, in words.
pub fn shape_sentences(table: &UnconfiguredTable, catalogue: &Catalogue) -> Vec<String> {
    let Some(shape) = &table.shape else { return Vec::new() };
    match shape {
        ProposedShape::Wide { heads, present, absent, unknown, is_by_sheet } => {
            let first = heads.texts.first().cloned().unwrap_or_default();
            let mut sentences = vec![match heads.heads {
                "date" => catalogue.phrase(phrases::InitShapeMarks::Plain { first }).message,
                "activity" => catalogue.phrase(phrases::InitShapeMarks::Activity { first }).message,
                _ => catalogue.phrase(phrases::InitShapeMarks::Session { first }).message,
            }];
            let (present, absent) = (quoted_signs(present, catalogue), quoted_signs(absent, catalogue));
            sentences.push(catalogue.phrase(phrases::InitShapePresent { present, absent }).message);
            if !unknown.is_empty() {
                let marks = unknown.join(", ");
                sentences.push(catalogue.phrase(phrases::InitUnknownMarks { marks }).message);
            }
            if *is_by_sheet {
                sentences.push(catalogue.phrase(phrases::InitActivityBySheet).message);
            }
            if heads.lacks_year {
                sentences.push(catalogue.phrase(phrases::InitYear).message);
            }
            sentences
        }
        ProposedShape::PersonsOfMarks => vec![catalogue.phrase(phrases::InitShapePersons).message],
        ProposedShape::Periods { heads, .. } => {
            let patterns: Vec<&str> = heads.iter().map(|(_, pattern)| pattern.as_str()).collect();
            vec![catalogue.phrase(phrases::InitShapePeriods { pattern: patterns.join(", ") }).message]
        }
        ProposedShape::TrackedIndicators => vec![catalogue.phrase(phrases::InitShapeTracked).message],
        ProposedShape::Form { source, parents, .. } => {
            let source = (*source).to_owned();
            vec![match parents.as_slice() {
                [] => catalogue.phrase(phrases::InitShapeForm::Plain { source }).message,
                [parent] => {
                    let parent = parent.clone();
                    catalogue.phrase(phrases::InitShapeForm::Repeat { source, parent }).message
                }
                [parent, above @ ..] => {
                    let (parent, above) = (parent.clone(), above.join(" → "));
                    catalogue.phrase(phrases::InitShapeForm::Nested { source, parent, above }).message
                }
            }]
        }
        ProposedShape::Repeat(parent) => {
            let ProposedParent { key, reference, .. } = parent.clone();
            let parent = parent.shown().to_owned();
            vec![catalogue.phrase(phrases::InitShapeRepeat { parent, key, reference }).message]
        }
        ProposedShape::EventActivities(above) => {
            let cells = above.iter().filter_map(|(name, place, _)| match place {
                ProposedPlace::Cell(cell) | ProposedPlace::Labelled(cell) => Some(format!("{name} {cell}")),
                ProposedPlace::Sheet | ProposedPlace::Text(_) => None,
            });
            vec![catalogue.phrase(phrases::InitShapeEvents { cells: cells.collect::<Vec<_>>().join(", ") }).message]
        }
        ProposedShape::EventAttendance(_) => vec![catalogue.phrase(phrases::InitShapeEventList).message],
        ProposedShape::None => Vec::new(),
        ProposedShape::Counts(counts) => {
            let parts: Vec<String> =
                counts.parts.iter().map(|(heading, condition)| format!("{heading} ({condition})")).collect();
            let parts = parts.join(", ");
            vec![match counts.total.clone() {
                Some(total) => catalogue.phrase(phrases::InitShapeCounts::Total { parts, total }).message,
                None => catalogue.phrase(phrases::InitShapeCounts::Plain { parts }).message,
            }]
        }
    }
}

/// Activities that sheets are named for, as a start of their table; their dates and kinds are to be written.
pub fn activities_of_sheets(survey: &UnconfiguredWorkbooks) -> Vec<Vec<WorkbookCell>> {
    let is_by_sheet =
        |shape: &Option<ProposedShape>| matches!(shape, Some(ProposedShape::Wide { is_by_sheet: true, .. }));
    let tables = survey.tables.iter().filter(|table| is_by_sheet(&table.shape));
    let names: BTreeSet<&String> = tables.flat_map(|table| table.sheets.iter().chain(&table.sheet)).collect();
    let blank = || WorkbookCell::Blank;
    let row = |name: &&String| {
        vec![WorkbookCell::Text((*name).clone()), blank(), blank(), blank(), WorkbookCell::Text((*name).clone())]
    };
    names.iter().map(row).collect()
}
