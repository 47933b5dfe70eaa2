use std::collections::BTreeMap;
use std::path::Path;

use super::check::check_editions;
use super::edition_files::scan_document;
use super::leaks::{leak_scanner, report_with_origins};
use super::load::{self, Loaded};
use super::outcome::add_new;
use super::planned_units::{file_name, output_stem};
use super::variance::fold_variances;
use crate::disclosure::Releases;
use crate::indicators::Figures;
use crate::model::Lang;
use crate::output::leak_scanner::Findings;
use crate::report::compose::AnnexReference;
use crate::report::document::Document;

/// A project as it is in its folder, with nothing written.
pub struct Preview {
    /// With every problem that `check` reports.
    pub loaded: Loaded,
    /// Of all periods, nothing hidden; `None` if there is no project to count.
    pub figures: Option<Figures>,
    /// What of them reports may show.
    pub releases: Option<Releases>,
    /// What a build would draw.
    pub documents: Vec<PreviewDocument>,
}

/// A document before it is laid out.
pub struct PreviewDocument {
    /// Name of the report.
    pub report: String,
    /// Code of the period.
    pub period: String,
    /// Its languages, in their order.
    pub languages: Vec<Lang>,
    /// What a build would draw.
    pub document: Document,
}

/// Reads a project, counts it and composes its documents, as [`build`](super::build()) does; annexes are named and not made.
pub fn preview(folder: &Path) -> Preview {
    let mut loaded = load::read(folder);
    let mut documents = Vec::new();
    let scanner = leak_scanner(folder, &loaded.checked);
    let mut findings = Findings::new();
    let none = BTreeMap::new();
    let templates = loaded.prose.as_ref().map_or(&none, |prose| &prose.templates);
    let (problems, counted) = check_editions(&loaded, folder, |edition, prose, restated| {
        let report = &edition.report.name;
        let stem = output_stem(edition.report, edition.period_code());
        for languages in &edition.report.documents {
            let annex = edition.annex_for(languages).and_then(|index| edition.report.annexes.get(index));
            // What isn't attached is named with its fingerprint, which only a build knows.
            let sha256 = (!edition.report.attach).then(|| "…".to_owned());
            let annex = annex.map(|languages| {
                let path = file_name(&stem, languages, "xlsx");
                AnnexReference { name: path.rsplit('/').next().unwrap_or_default().to_owned(), sha256 }
            });
            let mut document = edition.compose(languages, prose, &loaded.checked.waived, restated, annex);
            document.attachment = None;
            let name = file_name(&stem, languages, "pdf");
            for trace in scan_document(&scanner, &document, templates) {
                findings.entry(trace).or_default().insert(name.clone());
            }
            documents.push(PreviewDocument {
                report: report.clone(),
                period: edition.period_code().to_owned(),
                languages: languages.clone(),
                document,
            });
        }
    });
    let leaks = report_with_origins(&findings, folder, &loaded.checked, &scanner);
    add_new(&mut loaded.problems, problems);
    fold_variances(&mut loaded.problems);
    loaded.problems.extend(leaks);
    let problems = &loaded.problems;
    documents.retain(|drawn| !problems.iter().any(|problem| problem.stops(&drawn.report, &drawn.period)));
    let (figures, releases) = counted.unzip();
    Preview { loaded, figures, releases, documents }
}
