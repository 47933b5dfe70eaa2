//! Characters that documents can't print, at the cells and lines that they come from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::load::Prose;
use crate::diagnostic::{PLACES_SHOWN, Place, Problem, Spot, kinds};
use crate::ingest;
use crate::model::{Column, Project, Text};
use crate::render::pdf::FontCoverage;
use crate::render::picture::is_drawing;

/// Characters in one message.
const SHOWN: usize = 5;

/// Warnings about what no font has and about control characters. Tables are read again only if a text of theirs has any.
pub(super) fn find_unprinted(folder: &Path, project: &Project, prose: &Prose) -> Vec<Problem> {
    let coverage = FontCoverage::new(&prose.templates);
    let mut found: BTreeMap<Place, BTreeSet<char>> = BTreeMap::new();
    let files = ingest::texts_with_paths(folder).into_iter().filter(|(file, _)| !file.starts_with("templates/"));
    for (file, text) in files.chain(drawings(prose)) {
        for (line, content) in (1..).zip(text.lines()) {
            let is_comment = file.ends_with(".toml") && content.trim_start().starts_with('#');
            let content = if line == 1 { content.trim_start_matches('\u{feff}') } else { content };
            let unprinted = coverage.unprinted_in_source(content);
            if !is_comment && !unprinted.is_empty() {
                let at = content.chars().position(|c| unprinted.contains(&c)).unwrap_or_default();
                found.entry(Place::line(&file, line, at as u32 + 1)).or_default().extend(unprinted);
            }
        }
    }
    let in_tables: BTreeSet<char> = texts(project).flat_map(|text| coverage.unprinted(text)).collect();
    if !in_tables.is_empty() {
        let look = |text: &str| coverage.unprinted(text).filter(|c| in_tables.contains(c)).collect();
        for (character, places) in ingest::find_origins(folder, project, look) {
            for place in places.into_iter().filter(|place| matches!(place.spot, Spot::Cell { .. })) {
                found.entry(place).or_default().insert(character);
            }
        }
    }
    grouped(found)
}

/// Drawings by their paths, as text.
fn drawings(prose: &Prose) -> impl Iterator<Item = (String, String)> {
    let drawings = prose.pictures.iter().filter(|(_, bytes)| is_drawing(bytes));
    drawings.filter_map(|(path, bytes)| Some((path.clone(), str::from_utf8(bytes).ok()?.to_owned())))
}

/// File, sheet, characters, and whether they are control characters.
type CharacterGroup = (String, Option<String>, Vec<char>, bool);

/// A problem for each set of characters of a file or sheet, with all its places.
fn grouped(found: BTreeMap<Place, BTreeSet<char>>) -> Vec<Problem> {
    let mut groups: BTreeMap<CharacterGroup, Vec<Place>> = BTreeMap::new();
    for (place, characters) in found {
        let (control, lacking): (Vec<char>, Vec<char>) = characters.into_iter().partition(|c| c.is_control());
        for (characters, is_control) in [(control, true), (lacking, false)] {
            if !characters.is_empty() {
                let sheet = place.sheet_name().map(str::to_owned);
                groups.entry((place.file.clone(), sheet, characters, is_control)).or_default().push(place.clone());
            }
        }
    }
    groups
        .into_iter()
        .map(|((_, _, characters, is_control), places)| {
            let shown: Vec<String> = characters.iter().take(SHOWN).map(|c| printable(*c)).collect();
            let characters = shown.join(", ");
            let problem = if is_control {
                Problem::warning(kinds::ControlCharacter { characters })
            } else {
                Problem::warning(kinds::CharacterWithoutFont { characters })
            };
            Problem { count: places.len() as u64, places: places.into_iter().take(PLACES_SHOWN).collect(), ..problem }
        })
        .collect()
}

/// `→ (U+2192)`
fn printable(c: char) -> String {
    let code = format!("U+{:04X}", u32::from(c));
    if c.is_control() { code } else { format!("{c} ({code})") }
}

/// What documents print of the tables.
fn texts(project: &Project) -> impl Iterator<Item = &str> {
    let logframe = &project.logframe;
    let results = logframe.results.iter().flat_map(|result| [&result.title, &result.assumptions]);
    let indicators = logframe
        .indicators
        .iter()
        .flat_map(|indicator| [&indicator.title, &indicator.unit, &indicator.definition, &indicator.verification]);
    let reported = logframe.reported.iter().flat_map(|reported| [&reported.comment, &reported.source]);
    let activities = project.activities.rows.iter().map(|activity| &activity.title);
    let columns = || project.activities.columns.iter().chain(&project.persons.columns);
    let entries = || columns().flat_map(|column: &Column| column.entries.iter());
    let all = results.chain(indicators).chain(reported).chain(activities).chain(entries().map(|entry| entry.label));
    let translated = all.flat_map(|text: &Text| text.iter().map(|(_, text)| text));
    let codes = logframe.results.iter().map(|result| &result.code);
    let codes = codes.chain(logframe.indicators.iter().map(|indicator| &indicator.code));
    let ids = project.activities.written_codes();
    translated.chain(codes.map(String::as_str)).chain(ids).chain(entries().map(|entry| entry.code))
}
