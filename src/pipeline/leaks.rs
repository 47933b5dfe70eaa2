//! The last check for personal data in what is about to be published.

use std::fs;
use std::path::Path;

use crate::diagnostic::{Place, Problem};
use crate::ingest::{self, Checked};
use crate::model::{Project, Settings};
use crate::output::leak_scanner::{AllowList, Findings, LeakScanner, Origins, Trace, report_leaks};

/// What the program prints by itself: its labels, its lists and the headings of its profiles.
const PROGRAM_TEXTS: [&str; 19] = [
    include_str!("../../templates/labels/annex.toml"),
    include_str!("../../templates/labels/document.toml"),
    include_str!("../../templates/labels/erratum.toml"),
    include_str!("../../templates/labels/language.toml"),
    include_str!("../../templates/labels/numerals.toml"),
    include_str!("../../templates/labels/recount.toml"),
    include_str!("../../templates/labels/report.toml"),
    include_str!("../../templates/annex.toml"),
    include_str!("../../templates/lists.toml"),
    include_str!("../../templates/profiles/8+3.toml"),
    include_str!("../../templates/profiles/erratum.toml"),
    include_str!("../../templates/profiles/eu-annex-vi-final.toml"),
    include_str!("../../templates/profiles/eu-annex-vi-interim.toml"),
    include_str!("../../templates/profiles/final.toml"),
    include_str!("../../templates/profiles/norad-final.toml"),
    include_str!("../../templates/profiles/norwegian-mfa-final.toml"),
    include_str!("../../templates/profiles/norwegian-mfa-progress.toml"),
    include_str!("../../templates/profiles/progress.toml"),
    include_str!("../../templates/profiles/quarterly.toml"),
];

/// A scanner for what a project's tables say of persons, but not for what the project prints on purpose.
pub(super) fn leak_scanner<'c>(folder: &Path, checked: &'c Checked) -> LeakScanner<'c> {
    let allowed = checked.settings.as_ref().map_or_else(AllowList::default, |settings| AllowList {
        names: printed_names(settings),
        public: &settings.privacy.public,
        texts: ingest::own_texts(folder),
        codes: checked.project.as_ref().map(office_codes).unwrap_or_default(),
        program_texts: PROGRAM_TEXTS.to_vec(),
    });
    LeakScanner::new(&checked.personal, &allowed)
}

/// Codes that the organisation gave: they may look like telephone numbers.
fn office_codes(project: &Project) -> Vec<&str> {
    let activities = project.activities.written_codes();
    let indicators = project.logframe.indicators.iter().map(|indicator| indicator.code.as_str());
    let results = project.logframe.results.iter().map(|result| result.code.as_str());
    let listed = project.lists.lists.iter().flat_map(|list| &list.entries).map(|entry| entry.code.as_str());
    activities.chain(indicators).chain(results).chain(listed).collect()
}

/// Names that project.toml itself prints, of who signs and of organisations: no traces of participants.
fn printed_names(settings: &Settings) -> Vec<String> {
    let signatures = settings.signatures.iter().map(|signature| &signature.name);
    let partners = settings.partners.iter().map(|partner| &partner.name);
    let donors = settings.donors.iter().map(|donor| &donor.name);
    let implementer = settings.implementer.iter().map(|implementer| &implementer.name);
    let contact = settings.administration.contact.iter().map(|contact| &contact.name);
    let names = signatures.chain(partners).chain(donors).chain(implementer).chain(contact);
    names.flat_map(|name| name.iter().map(|(_, text)| text.to_owned())).collect()
}

/// Errors about what was found, at the cells that it comes from. Reads the tables again to find them.
pub(super) fn report_with_origins(
    findings: &Findings,
    folder: &Path,
    checked: &Checked,
    scanner: &LeakScanner,
) -> Vec<Problem> {
    let origins = match &checked.project {
        Some(project) if !findings.is_empty() => {
            let hashes = findings.keys().map(Trace::hash).collect();
            let mut printed = ingest::find_origins(folder, project, |text| scanner.scan_text(text));
            for path in ingest::picture_paths(&project.settings) {
                let traces = fs::read(folder.join(path)).map(|bytes| scanner.scan_picture(&bytes)).unwrap_or_default();
                for trace in traces {
                    printed.entry(trace).or_default().insert(Place::file(path));
                }
            }
            Origins { printed, registered: ingest::find_registered(folder, checked.personal.salt(), &hashes) }
        }
        _ => Origins::default(),
    };
    report_leaks(findings, &origins)
}
