//! What a benchmark measures on, put together before its clock runs.

use std::collections::BTreeMap;

use donor_report::disclosure::Released;
use donor_report::model::{Lang, Project, ReportSettings, Waived};
use donor_report::report::compose::{AnnexReference, ReportInput, compose};
use donor_report::report::document::Document;
use donor_report::report::profile::Profile;

/// A report without prose over one period, by its place in the logframe, in these languages.
pub fn compose_document(
    project: &Project,
    (released, report, profile): (&Released, &ReportSettings, &Profile),
    period: usize,
    languages: &[Lang],
    waived: &[Waived],
) -> Document {
    let locales: Vec<_> = languages.iter().filter_map(|lang| profile.locale(lang)).collect();
    compose(&ReportInput {
        project,
        released,
        period,
        report,
        profile,
        locales: &locales,
        waived,
        narrative: &BTreeMap::new(),
        annex: Some(AnnexReference { name: "annex.xlsx".into(), sha256: None }),
        restated: &[],
        revision: None,
        erratum: None,
        pictures: &BTreeMap::new(),
    })
}
