use super::source::{Source, TagKind};
use crate::diagnostic::{Place, Problem};
use crate::ingest::content_hash;

const MARK: &str = "translated_from:";
/// Hexadecimal digits of a paragraph's fingerprint.
const DIGITS: usize = 6;

/// The fingerprint of a source text, paragraph by paragraph, so that a changed one can be pointed at:
/// what a translation carries in its first comment, `{{! translated_from: 3fa1c2 9bd012 }}`.
pub(super) fn fingerprint(source: &Source) -> Vec<(String, usize)> {
    let mut prints = Vec::new();
    let mut start = None;
    let mut at = 0;
    for line in source.text.split_inclusive('\n').chain(["\n"]) {
        match (line.trim().is_empty(), start) {
            (false, None) => start = Some(at),
            (true, Some(first)) => {
                let paragraph = source.text[first..at].split_whitespace().collect::<Vec<_>>().join(" ");
                if !paragraph.contains(MARK) {
                    prints.push((content_hash(paragraph.as_bytes())[..DIGITS].to_owned(), first));
                }
                start = None;
            }
            _ => {}
        }
        at = (at + line.len()).min(source.text.len());
    }
    prints
}

/// Tells which paragraphs of the source changed since a translation was made; none where it carries no fingerprint.
pub(super) fn stale(source: &Source, translation: &Source) -> Option<Problem> {
    let (given, at) = carried(translation)?;
    let now = fingerprint(source);
    let current: Vec<&str> = now.iter().map(|(print, _)| print.as_str()).collect();
    if given == current {
        return None;
    }
    let changed: Vec<&(String, usize)> = now.iter().filter(|(print, _)| !given.contains(&print.as_str())).collect();
    let gone = given.iter().filter(|print| !current.contains(print)).count();
    let lines: Vec<String> = changed.iter().map(|(_, at)| source.line_column(*at).0.to_string()).collect();
    let mut problem = Problem::warning("stale-translation").at(translation.place(at));
    match changed.first() {
        Some((_, at)) => problem = problem.at(source.place(*at)),
        None => problem = problem.at(Place::file(source.file)).variant("removed"),
    }
    Some(
        problem
            .with("file", source.file)
            .with("lines", lines.join(", "))
            .with("gone", gone.to_string())
            .with("mark", format!("{{{{! {MARK} {} }}}}", current.join(" "))),
    )
}

fn carried<'a>(translation: &Source<'a>) -> Option<(Vec<&'a str>, usize)> {
    let comments = translation.tags.iter().filter(|tag| tag.kind == TagKind::Comment);
    comments
        .map(|tag| (&translation.text[tag.start..tag.end], tag.start))
        .find_map(|(text, at)| Some((text.split_once(MARK)?.1, at)))
        .map(|(prints, at)| (prints.trim_end_matches(['}', '-']).split_whitespace().collect(), at))
}
