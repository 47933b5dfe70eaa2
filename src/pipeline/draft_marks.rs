//! Documents that aren't to be sent say so on every page.

use std::path::Path;

use crate::diagnostic::{Catalogue, Phrase, Place, Problem, kinds, phrases};
use crate::folder::{PROJECT_FILE, read_text};
use crate::locale::Locale;
use crate::model::{Settings, Text};

/// Bytes of project.toml that are looked through: more are none that anybody wrote.
const PROJECT_LIMIT: u64 = 1 << 20;

/// Marks a project as a draft of which as many rows have errors.
pub(super) fn mark_left_out(settings: &mut Settings, rows: u64) {
    mark(settings, |locale| match rows {
        0 => locale.label("draft.plain").to_owned(),
        rows => locale.phrase("draft.rows", &[("n", &locale.integer(rows))]),
    });
}

/// Marks a project as a draft because words of `init` are left in it.
pub(super) fn mark_unfinished(settings: &mut Settings) {
    if !settings.draft {
        mark(settings, |locale| locale.label("draft.unfinished").to_owned());
    }
}

fn mark(settings: &mut Settings, sentence: impl Fn(&Locale) -> String) {
    settings.draft = true;
    for lang in settings.languages.clone() {
        let Some(locale) = Locale::new(&lang) else { continue };
        let notice = settings.notice.get(&lang).map(|notice| format!(" {notice}")).unwrap_or_default();
        settings.notice.set(lang, format!("{}{notice}", sentence(&locale)));
    }
}

/// A warning for each text of project.toml that is still the one that `init` wrote.
pub(super) fn find_placeholders(folder: &Path, settings: &Settings) -> Vec<Problem> {
    let titles = placeholders(|| phrases::DefaultTitle.into());
    let donors = placeholders(|| phrases::DefaultDonor.into());
    let left = |text: &Text, written: &[String]| -> Vec<String> {
        text.iter()
            .filter(|(_, text)| written.iter().any(|placeholder| placeholder == text))
            .map(|(_, text)| text.to_owned())
            .collect()
    };
    let mut found = left(&settings.title, &titles);
    settings.donors.iter().for_each(|donor| found.extend(left(&donor.name, &donors)));
    found.sort();
    found.dedup();
    let written = read_text(&folder.join(PROJECT_FILE), PROJECT_LIMIT).unwrap_or_default();
    let place = |value: &str| match written.lines().enumerate().find_map(|(at, line)| Some((at, line.find(value)?))) {
        Some((line, at)) => {
            let column =
                written.lines().nth(line).and_then(|line| line.get(..at)).map_or(0, |before| before.chars().count());
            Place::line(PROJECT_FILE, line as u32 + 1, column as u32 + 1)
        }
        None => Place::file(PROJECT_FILE),
    };
    let warn = |value: String| {
        let place = place(&value);
        Problem::warning(kinds::PlaceholderLeft { value }).at(place)
    };
    found.into_iter().map(warn).collect()
}

/// What `init` leaves to be filled in, in each of its languages.
fn placeholders(phrase: impl Fn() -> Phrase) -> Vec<String> {
    Catalogue::languages().iter().map(|lang| Catalogue::new(lang).phrase(phrase()).message).collect()
}
