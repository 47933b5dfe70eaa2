//! The units of work of a project and the outputs that each makes.

use super::forms::{form_output, forms_of};
use super::outcome::{BuildError, Extent};
use crate::diagnostic::Problem;
use crate::model::{Lang, ReportSettings, Settings};
use crate::output::RESTRICTED;

/// Path of the IATI file in `build/<code>`.
pub(super) const IATI_FILE: &str = "iati.xml";
/// The unit of work that makes it.
pub(super) const IATI_UNIT: &str = "iati";

/// What can be built on its own.
pub struct PlannedUnit {
    /// `<period>/<report>`, or `iati` for the file for IATI.
    pub name: String,
    /// Its outputs, relative to `build/<code>`.
    pub outputs: Vec<String>,
}

/// The units of work of a whole project, in the order of project.toml.
pub fn plan_units(settings: &Settings) -> Vec<PlannedUnit> {
    let mut units = Vec::new();
    for report in &settings.reports {
        for period in &report.periods {
            let stem = output_stem(report, period);
            let documents = report.documents.iter().flat_map(|languages| {
                let stem = &stem;
                report.formats.iter().map(move |format| file_name(stem, languages, format.extension()))
            });
            let annexes = report.annexes.iter().map(|languages| file_name(&stem, languages, "xlsx"));
            let forms = forms_of(&settings.forms, report).map(|form| form_output(form, report, period));
            let outputs = documents.chain(annexes).chain(forms).chain([format!("{stem}.figures.json")]).collect();
            units.push(PlannedUnit { name: format!("{period}/{}", report.name), outputs });
        }
    }
    if !settings.iati.is_empty() {
        units.push(PlannedUnit { name: IATI_UNIT.to_owned(), outputs: vec![IATI_FILE.to_owned()] });
    }
    units
}

/// How many outputs are requested.
pub fn count_outputs(settings: &Settings, extent: &Extent) -> usize {
    plan_units(settings).iter().filter(|unit| is_requested(&unit.name, extent)).map(|unit| unit.outputs.len()).sum()
}

/// The reports and periods that are requested, in the order of project.toml.
///
/// # Errors
/// If project.toml has no such report or period.
pub(super) fn requested_editions(settings: &Settings, extent: &Extent) -> Result<Vec<(String, String)>, BuildError> {
    let (report, period) = match extent {
        Extent::Whole => (None, None),
        Extent::Reports { report, period } => (report.as_ref(), period.as_ref()),
        Extent::Iati => return Ok(Vec::new()),
    };
    let mut known: Vec<String> = settings.reports.iter().map(|report| report.name.clone()).collect();
    if let Some(report) = report.filter(|report| !known.contains(report)) {
        return Err(BuildError::NoSuchReport { report: report.clone(), known });
    }
    let of_report = |settings: &&ReportSettings| report.is_none_or(|name| *name == settings.name);
    let editions: Vec<(String, String)> = settings
        .reports
        .iter()
        .filter(of_report)
        .flat_map(|report| report.periods.iter().map(|period| (report.name.clone(), period.clone())))
        .filter(|(_, code)| period.is_none_or(|period| period == code))
        .collect();
    match period {
        Some(period) if editions.is_empty() => {
            known = settings.reports.iter().filter(of_report).flat_map(|report| report.periods.clone()).collect();
            known.sort();
            known.dedup();
            Err(BuildError::NoSuchPeriod { period: period.clone(), known })
        }
        _ => Ok(editions),
    }
}

/// Whether a problem has to do with what is requested: the project, one of the editions (report and period), or, in a whole
/// build, whatever else there is.
pub(super) fn is_asked_for(problem: &Problem, editions: &[(String, String)], extent: &Extent) -> bool {
    *extent == Extent::Whole
        || editions.iter().any(|(report, period)| problem.is_about(report, period))
        || problem.reports.is_none()
}

/// Whether a unit is among what is requested.
pub(super) fn is_requested(unit: &str, extent: &Extent) -> bool {
    let matches = |requested: &Option<String>, own: &str| requested.as_deref().is_none_or(|name| name == own);
    match (extent, unit.split_once('/')) {
        (Extent::Whole, _) => true,
        (Extent::Iati, _) => unit == IATI_UNIT,
        (Extent::Reports { report, period }, Some((code, name))) => matches(report, name) && matches(period, code),
        (Extent::Reports { .. }, None) => false,
    }
}

/// Whether an output (`2017-Q1/quarterly.mk.pdf`, `iati.xml`) is made by a unit.
pub(super) fn belongs_to(output: &str, unit: &str) -> bool {
    if unit == IATI_UNIT {
        return output == IATI_FILE;
    }
    let restricted = output.strip_prefix(RESTRICTED).and_then(|rest| rest.strip_prefix('/'));
    let begins = |output: &str| output.strip_prefix(unit).is_some_and(|rest| rest.starts_with('.'));
    begins(output) || restricted.is_some_and(begins)
}

/// What names of a report's outputs begin with, relative to `build/<code>`: `2017-Q1/quarterly`, or
/// `restricted/2017-Q1/quarterly.restricted` of one that not everybody may have.
pub(super) fn output_stem(report: &ReportSettings, period: &str) -> String {
    let name = &report.name;
    if report.is_restricted() {
        format!("{RESTRICTED}/{period}/{name}.{RESTRICTED}")
    } else {
        format!("{period}/{name}")
    }
}

/// `<stem>.mk-en.pdf`
pub(super) fn file_name(stem: &str, languages: &[Lang], extension: &str) -> String {
    let tags: Vec<&str> = languages.iter().map(Lang::as_str).collect();
    format!("{stem}.{}.{extension}", tags.join("-"))
}
