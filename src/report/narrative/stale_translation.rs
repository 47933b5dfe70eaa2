use super::source::{ProseSource, TagKind};
use super::{Narratives, SectionKey};
use crate::diagnostic::kinds::StaleTranslation;
use crate::diagnostic::{Place, Problem};
use crate::folder::content_hash;
use crate::model::Settings;

const MARKER: &str = "translated_from:";
/// Hexadecimal digits of a paragraph's fingerprint.
const DIGITS: usize = 6;

impl Narratives {
    /// Reports translations whose original, in the project's first language, changed since.
    pub(super) fn check_translations(&self, settings: &Settings, problems: &mut Vec<Problem>) {
        let Some(first) = settings.languages.first() else { return };
        for (key, prose) in self.sections.iter().filter(|(key, _)| key.lang != *first) {
            let original = self.sections.get(&SectionKey { lang: first.clone(), ..key.clone() });
            problems.extend(original.and_then(|original| check_translation(&original.source, &prose.source)));
        }
        for ((name, _), prose) in self.partials.iter().filter(|((_, lang), _)| lang != first) {
            let original = self.partials.get(&(name.clone(), first.clone()));
            problems.extend(original.and_then(|original| check_translation(&original.source, &prose.source)));
        }
    }
}

/// The fingerprint of a source text, paragraph by paragraph, so that a changed one can be pointed at:
/// what a translation carries in its first comment, `{{! translated_from: 3fa1c2 9bd012 }}`.
fn fingerprint_paragraphs(source: &ProseSource) -> Vec<(String, usize)> {
    let mut fingerprints = Vec::new();
    let mut start = None;
    let mut at = 0;
    for line in source.text.split_inclusive('\n').chain(["\n"]) {
        match (line.trim().is_empty(), start) {
            (false, None) => start = Some(at),
            (true, Some(first)) => {
                let paragraph = source.text[first..at].split_whitespace().collect::<Vec<_>>().join(" ");
                if !paragraph.contains(MARKER) {
                    fingerprints.push((content_hash(paragraph.as_bytes())[..DIGITS].to_owned(), first));
                }
                start = None;
            }
            _ => {}
        }
        at = (at + line.len()).min(source.text.len());
    }
    fingerprints
}

/// Reports which paragraphs of the source changed since a translation was made, unless the translation records no fingerprints.
fn check_translation(source: &ProseSource, translation: &ProseSource) -> Option<Problem> {
    let (recorded, at) = recorded_fingerprints(translation)?;
    let paragraphs = fingerprint_paragraphs(source);
    let current: Vec<&str> = paragraphs.iter().map(|(fingerprint, _)| fingerprint.as_str()).collect();
    if recorded == current {
        return None;
    }
    let changed: Vec<&(String, usize)> =
        paragraphs.iter().filter(|(fingerprint, _)| !recorded.contains(&fingerprint.as_str())).collect();
    let removed = recorded.iter().filter(|fingerprint| !current.contains(fingerprint)).count();
    let lines: Vec<String> = changed.iter().map(|(_, at)| source.line_column(*at).0.to_string()).collect();
    let (file, mark) = (source.file.clone(), format!("{{{{! {MARKER} {} }}}}", current.join(" ")));
    let (kind, place) = match changed.first() {
        Some((_, at)) => (StaleTranslation::Plain { file, lines: lines.join(", "), mark }, source.place(*at)),
        None => (StaleTranslation::Removed { file, gone: removed.to_string(), mark }, Place::file(&source.file)),
    };
    Some(Problem::warning(kind).at(translation.place(at)).at(place))
}

/// What the comment of a translation records, with the comment's offset.
fn recorded_fingerprints(translation: &ProseSource) -> Option<(Vec<&str>, usize)> {
    let comments = translation.tags.iter().filter(|tag| tag.kind == TagKind::Comment);
    comments
        .map(|tag| (&translation.text[tag.start..tag.end], tag.start))
        .find_map(|(text, at)| Some((text.split_once(MARKER)?.1, at)))
        .map(|(fingerprints, at)| (fingerprints.trim_end_matches(['}', '-']).split_whitespace().collect(), at))
}
