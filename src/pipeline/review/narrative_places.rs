//! Where words of a report stand in the officers' narrative.

use std::cmp::Reverse;
use std::path::Path;

use super::align::normalize;
use crate::pipeline::load::Prose;
use crate::render::docx::MadeParagraph;

/// Letters of the shortest words that are looked for.
const SHORTEST: usize = 8;

/// Words that are enough to know a sentence by.
const WINDOW: usize = 4;

/// The files of a narrative with their texts.
#[derive(Debug, Default)]
pub(super) struct NarrativePlaces {
    files: Vec<NarrativeFile>,
}

#[derive(Debug)]
struct NarrativeFile {
    report: String,
    period: Option<String>,
    section: String,
    language: String,
    path: String,
    text: String,
}

impl NarrativePlaces {
    pub(super) fn read(folder: &Path, prose: &Prose) -> NarrativePlaces {
        let files = prose.narratives.sections().filter_map(|(key, path)| {
            Some(NarrativeFile {
                report: key.report.clone(),
                period: key.period.clone(),
                section: key.section.clone(),
                language: key.lang.as_str().to_owned(),
                path: path.to_owned(),
                text: std::fs::read_to_string(folder.join(path)).ok()?,
            })
        });
        NarrativePlaces { files: files.collect() }
    }

    /// File and line where words of a paragraph begin: by what it says between its figures, the longest pieces that the
    /// words hold first. The section's own files come before all others, in which only longer pieces are looked for.
    pub(super) fn find(&self, document: &str, paragraph: &MadeParagraph, words: &str) -> Option<(String, u32)> {
        let (_, rest) = document.split_once('/')?;
        let (period, name) = rest.split_once('/')?;
        let report = name.rsplit_once('.').map_or(name, |(report, _)| report);
        let words = normalize(words);
        let between = paragraph.pieces.iter().filter(|piece| piece.figure.is_none()).map(|piece| piece.text.as_str());
        let mut candidates: Vec<String> =
            between.flat_map(|text| text.split(['.', '!', '?', '\n'])).map(normalize).collect();
        candidates.retain(|text| text.chars().count() >= SHORTEST);
        candidates.sort_by_key(|text| (!words.contains(text.as_str()), Reverse(text.len())));
        let mut files: Vec<&NarrativeFile> = self
            .files
            .iter()
            .filter(|file| file.report == report && file.language == paragraph.language)
            .filter(|file| file.period.as_deref().is_none_or(|own| own == period))
            .collect();
        files.sort_by_key(|file| (file.section != paragraph.section, file.period.is_none()));
        let (own, others): (Vec<&NarrativeFile>, Vec<&NarrativeFile>) =
            files.into_iter().partition(|file| file.section == paragraph.section);
        let in_files = |files: &[&NarrativeFile], words: &str| {
            files.iter().find_map(|file| Some((file.path.clone(), find_line(&file.text, words)?)))
        };
        let in_own = || candidates.iter().flat_map(|text| pieces_of(text)).find_map(|words| in_files(&own, &words));
        let in_others = || {
            let longest = candidates.first().into_iter().flat_map(|text| pieces_of(text));
            longest.into_iter().find_map(|words| in_files(&others, &words))
        };
        in_own().or_else(in_others)
    }
}

/// A text, and the shorter ones in it: tags of the narrative part what the report prints in one.
fn pieces_of(text: &str) -> impl Iterator<Item = String> + '_ {
    let parts: Vec<&str> = text.split(' ').collect();
    let windows: Vec<String> = parts.windows(WINDOW.min(parts.len())).map(|words| words.join(" ")).collect();
    std::iter::once(text.to_owned()).chain(windows.into_iter().filter(|words| words.chars().count() >= SHORTEST))
}

/// The line that words begin on, whatever blanks and line breaks are between them.
fn find_line(text: &str, words: &str) -> Option<u32> {
    let mut joined = String::new();
    let mut lines: Vec<(usize, u32)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for word in line.split_whitespace() {
            if !joined.is_empty() {
                joined.push(' ');
            }
            lines.push((joined.len(), number));
            joined.push_str(word.trim_matches(['*', '_']));
        }
    }
    let at = joined.find(words)?;
    let index = lines.partition_point(|(start, _)| *start <= at);
    lines.get(index.checked_sub(1)?).map(|(_, line)| *line)
}
