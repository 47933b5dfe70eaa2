//! The files of a new project's prose: one for each section of its reports, with a line on what belongs there.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use super::offered_reports::OfferedReport;
use super::project_file::Answers;
use crate::diagnostic::{Catalogue, phrases};
use crate::locale::Locale;
use crate::model::Lang;
use crate::report::profile::{HEADLINE, Profile, ProfileSection, SectionKind};

/// Sentences to begin with, by report, section and language.
static SENTENCES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/empty/narrative");

/// Path in the project's folder → content. Sentences are there only where every language of the project has them, since a
/// section is in all of them.
pub fn section_files(answers: &Answers) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for report in &answers.reports {
        // A shipped profile is sound: a test reads each.
        let Ok(profile) = Profile::load(&report.profile, None) else { continue };
        let documents = report.documents(&answers.languages);
        for lang in answers.languages.iter().filter(|lang| documents.iter().flatten().any(|of| of == *lang)) {
            for (section, remark) in section_texts(&profile, lang) {
                let name = format!("{section}.{}.md", lang.as_str());
                let text = format!("{remark}{}", sentences(report, &section, lang, &answers.languages));
                files.insert(format!("narrative/{}/{name}", report.name), text.into_bytes());
            }
        }
    }
    files
}

/// What is written for a profile, by section, with the remark that its file begins with: what belongs there.
pub fn section_texts(profile: &Profile, lang: &Lang) -> Vec<(String, String)> {
    let line = |remark: String| format!("{{{{! {remark} }}}}\n");
    let mut texts = Vec::new();
    if profile.opening.has_glance() {
        let headline = Catalogue::new(lang.as_str()).phrase(phrases::InitHeadline).message;
        texts.push((HEADLINE.to_owned(), line(headline)));
    }
    let written = profile.sections.iter().filter(|section| is_written(section));
    texts.extend(written.map(|section| (section.id.clone(), line(remark(section, lang)))));
    texts
}

/// Whether an officer writes it, or must.
fn is_written(section: &ProfileSection) -> bool {
    match section.kind {
        SectionKind::Prose => true,
        SectionKind::Facts | SectionKind::Acronyms | SectionKind::Signatures | SectionKind::Photographs => false,
        _ => section.required,
    }
}

fn remark(section: &ProfileSection, lang: &Lang) -> String {
    let locale = Locale::new(lang);
    let usual = || {
        let locale = locale.as_ref()?;
        let own = locale.find_label(&format!("heading.{}", section.id));
        Some(own.unwrap_or_else(|| locale.label(section.kind.heading_label())).to_owned())
    };
    let heading = section.heading.get(lang).map(str::to_owned).or_else(usual).unwrap_or_else(|| section.id.clone());
    let asks = section.asks.in_order(lang, &[]).unwrap_or_default().to_owned();
    let phrase = match section.word_limit {
        Some(limit) => phrases::InitSection::Limit { heading, asks, words: limit.to_string() },
        None => phrases::InitSection::Plain { heading, asks },
    };
    Catalogue::new(lang.as_str()).phrase(phrase).message.trim().to_owned()
}

fn sentences(report: &OfferedReport, section: &str, lang: &Lang, languages: &[Lang]) -> &'static str {
    let of =
        |lang: &Lang| SENTENCES.get_file(format!("{}/{section}.{}.md", report.profile, lang.as_str()))?.contents_utf8();
    if languages.iter().all(|lang| of(lang).is_some()) { of(lang).unwrap_or_default() } else { "" }
}
