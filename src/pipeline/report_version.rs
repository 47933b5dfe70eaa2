//! Which version of a report its documents are, held against what was submitted of it.

use super::edition::{Edition, FilledProse, sentences_of};
use super::outcome::PROGRAM;
use super::restated::Restated;
use crate::folder::hash_bytes;
use crate::model::Waived;
use crate::output::{ContentMark, Submission};

/// The version that an edition's documents are: the one that was submitted last while they say what it said, else the next.
pub(super) fn version_of(edition: &Edition, prose: &FilledProse, restated: &Restated, waived: &[Waived]) -> u32 {
    let Some(latest) = restated.versions(&edition.report.name, edition.period_code()).next_back() else { return 1 };
    let as_sent = edition.with_version(latest.version);
    if is_as_sent(&as_sent, latest, prose, restated, waived) { latest.version } else { latest.version + 1 }
}

/// Documents of the same program are compared as a whole; another program may lay the same out otherwise, so that only
/// figures and sentences count.
fn is_as_sent(
    edition: &Edition,
    sent: &Submission,
    prose: &FilledProse,
    restated: &Restated,
    waived: &[Waived],
) -> bool {
    match sent.content.as_ref().filter(|content| content.program == PROGRAM) {
        Some(content) => *content == content_mark(edition, prose, restated, waived),
        None => {
            let differs = restated.figures.iter().any(|figure| {
                (figure.report.as_str(), figure.version) == (&sent.report, sent.version)
                    && figure.period.code == sent.period
            });
            !differs && sent.sentences.as_ref().is_none_or(|sentences| *sentences == sentences_of(prose))
        }
    }
}

/// Hash over all that the documents of an edition show, but for their annexes.
pub(super) fn content_mark(
    edition: &Edition,
    prose: &FilledProse,
    restated: &Restated,
    waived: &[Waived],
) -> ContentMark {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for languages in &edition.report.documents {
        let document = edition.compose(languages, prose, waived, restated, None);
        parts.push(serde_json::to_vec(&document).unwrap_or_default());
        parts.extend(document.pictures.values().map(|picture| picture.to_vec()));
    }
    ContentMark { program: PROGRAM.to_owned(), hash: hash_bytes(parts.iter().map(Vec::as_slice)) }
}
