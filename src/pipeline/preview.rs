use std::path::Path;

use super::build::on_purpose;
use super::load::{self, Loaded};
use super::review::{add_new, look};
use crate::indicators::Figures;
use crate::ingest;
use crate::model::Lang;
use crate::output::scan::{self, Found, OnPurpose, Scan};
use crate::report::compose::AnnexFile;
use crate::report::document::Document;

/// A project as it stands in its folder, with nothing written.
pub struct Preview {
    /// With every problem that `check` tells.
    pub loaded: Loaded,
    /// Of all periods, nothing hidden; none where there is no project to count.
    pub figures: Option<Figures>,
    /// What a build would draw; none at all where it would stop.
    pub documents: Vec<PreviewDocument>,
}

/// A document before it is laid out.
pub struct PreviewDocument {
    /// Name of the report.
    pub report: String,
    /// Code of the period.
    pub period: String,
    pub languages: Vec<Lang>,
    pub document: Document,
}

/// Reads a project, counts it and composes its documents, as [`super::build`] does; annexes are named and not made.
pub fn preview(folder: &Path) -> Preview {
    let mut loaded = load::read(folder);
    let mut documents = Vec::new();
    let settings = loaded.checked.settings.as_ref();
    let on_purpose = settings.map_or_else(OnPurpose::default, |settings| on_purpose(folder, settings));
    let scan = Scan::new(&loaded.checked.personal, &on_purpose);
    let mut traces = Found::new();
    let (found, figures) = look(&loaded, folder, |edition, prose, restated, _| {
        for languages in &edition.report.documents {
            let file = |languages: &[Lang], ending: &str| {
                let tags: Vec<&str> = languages.iter().map(Lang::as_str).collect();
                format!("{}.{}.{ending}", edition.report.name, tags.join("-"))
            };
            let annex = edition.annex_of(languages).and_then(|at| edition.report.annexes.get(at));
            let annex = annex.map(|languages| AnnexFile { name: file(languages, "xlsx"), sha256: None });
            let mut document = edition.compose(languages, prose, &loaded.checked.waived, restated, annex);
            document.attachment = None;
            let name = format!("{}/{}", edition.code(), file(languages, "pdf"));
            for trace in scan.view(&document) {
                traces.entry(trace).or_default().insert(name.clone());
            }
            documents.push(PreviewDocument {
                report: edition.report.name.clone(),
                period: edition.code().to_owned(),
                languages: languages.clone(),
                document,
            });
        }
    });
    let origins = match &loaded.checked.project {
        Some(project) if !traces.is_empty() => ingest::whereabouts(folder, project, |text| scan.text(text)),
        _ => Default::default(),
    };
    let told = scan::problems(&traces, &origins);
    add_new(&mut loaded.problems, found);
    loaded.problems.extend(told);
    if loaded.has_errors() {
        documents.clear();
    }
    Preview { loaded, figures, documents }
}
