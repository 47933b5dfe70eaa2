//! The last check for personal data in what is about to be published.

use std::path::Path;

use crate::diagnostic::Problem;
use crate::ingest::{self, Checked};
use crate::model::Settings;
use crate::output::leak_scanner::{AllowList, Findings, LeakScanner, report_leaks};

/// A scanner for what a project's tables say of persons, but not for what the project prints on purpose.
pub(super) fn leak_scanner<'c>(folder: &Path, checked: &'c Checked) -> LeakScanner<'c> {
    let allowed = checked.settings.as_ref().map_or_else(AllowList::default, |settings| AllowList {
        names: printed_names(settings),
        public: &settings.privacy.public,
        texts: ingest::own_texts(folder),
    });
    LeakScanner::new(&checked.personal, &allowed)
}

/// Names that project.toml itself prints, of who signs and of organisations: no traces of participants.
fn printed_names(settings: &Settings) -> Vec<String> {
    let signatures = settings.signatures.iter().map(|signature| &signature.name);
    let partners = settings.partners.iter().map(|partner| &partner.name);
    let donors = settings.donors.iter().map(|donor| &donor.name);
    let implementer = settings.implementer.iter().map(|implementer| &implementer.name);
    let names = signatures.chain(partners).chain(donors).chain(implementer);
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
        Some(project) if !findings.is_empty() => ingest::find_origins(folder, project, |text| scanner.scan_text(text)),
        _ => Default::default(),
    };
    report_leaks(findings, &origins)
}
