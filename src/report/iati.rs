//! A project's results as an IATI activity file, edition 2.03 (iatistandard.org; `iati-activities-schema.xsd` of the
//! branch version-2.03): each result with its indicators, baselines, and targets and actuals period by period.
//!
//! What IATI wants of an activity beyond a project's own settings is in `[iati]` of project.toml: see [`REQUIRED`].

mod results;
mod xml;

use crate::diagnostic::{Place, Problem, kinds};
use crate::disclosure::Released;
use crate::model::{Lang, Project};
use xml::XmlWriter;

/// Keys of `[iati]` that no file is written without: the activity's identifier; the reporting organisation's identifier and
/// type (code list OrganisationType); the activity's status (code list ActivityStatus).
pub const REQUIRED: [&str; 4] = ["identifier", "organisation", "organisation-type", "status"];

/// Keys that IATI's rules ask for beside the schema: a country (ISO 3166-1) or region, and a sector (DAC five digits).
pub const RECOMMENDED: [&str; 2] = ["country", "sector"];

/// Keys beside these: a description of the activity, for one language as `description-mk`.
const DESCRIPTION: &str = "description";

/// The file's text, and what IATI needs that the project lacks.
#[derive(Debug, Default)]
pub struct IatiExport {
    /// None where the project has no `[iati]`, or lacks what the schema requires.
    pub xml: Option<String>,
    /// What keeps the export from being made, and warnings.
    pub problems: Vec<Problem>,
}

/// Results of `project` in these periods, places in [`crate::model::Logframe::periods`], as far as they are released.
pub fn export_iati(project: &Project, released: &Released, periods: &[usize]) -> IatiExport {
    let given = &project.settings.iati;
    if given.is_empty() {
        return IatiExport::default();
    }
    let lacking = |key: &&&str| given.get(**key).is_none_or(|value| value.trim().is_empty());
    let at_project_file = |problem: Problem| problem.at(Place::file("project.toml"));
    let missing =
        REQUIRED.iter().filter(lacking).map(|key| Problem::warning(kinds::IatiMissing { key: (*key).to_owned() }));
    let incomplete = RECOMMENDED
        .iter()
        .filter(lacking)
        .map(|key| Problem::warning(kinds::IatiIncomplete { key: (*key).to_owned() }));
    let problems: Vec<Problem> = missing.chain(incomplete).map(at_project_file).collect();
    let complete = !problems.iter().any(|problem| problem.code == kinds::IatiMissing::CODE);
    IatiExport { xml: complete.then(|| write_activity(project, released, periods)), problems }
}

fn write_activity(project: &Project, released: &Released, periods: &[usize]) -> String {
    let settings = &project.settings;
    let given = |key: &str| settings.iati.get(key).map(String::as_str).unwrap_or_default();
    let mut xml = XmlWriter::new(&settings.languages);
    xml.open("iati-activities", &[("version", "2.03")]);
    let mut attributes = vec![];
    if let Some(first) = settings.languages.first() {
        attributes.push(("xml:lang", first.as_str()));
    }
    xml.open("iati-activity", &attributes);
    xml.leaf("iati-identifier", given("identifier"));
    xml.open("reporting-org", &[("ref", given("organisation")), ("type", given("organisation-type"))]);
    let implementer = settings.implementer.as_ref().map(|implementer| &implementer.name);
    xml.narratives(implementer.unwrap_or(&settings.title));
    xml.close();
    xml.text_element("title", &settings.title);
    xml.open(DESCRIPTION, &[]);
    write_description(&mut xml, project);
    xml.close();
    // Roles of the code list OrganisationRole: 1 funding, 4 implementing.
    for donor in &settings.donors {
        xml.open("participating-org", &[("role", "1")]);
        xml.narratives(&donor.name);
        xml.close();
    }
    xml.open("participating-org", &[("role", "4"), ("ref", given("organisation"))]);
    xml.narratives(implementer.unwrap_or(&settings.title));
    xml.close();
    for partner in &settings.partners {
        xml.open("participating-org", &[("role", "4")]);
        xml.narratives(&partner.name);
        xml.close();
    }
    xml.empty("activity-status", &[("code", given("status"))]);
    // Types of the code list ActivityDateType: planned or actual start, planned or actual end; 2 to 4 are statuses after it began.
    let begun = given("status") != "1";
    let ended = matches!(given("status"), "3" | "4");
    let start = settings.start.to_string();
    let end = settings.end.to_string();
    xml.empty("activity-date", &[("iso-date", &start), ("type", if begun { "2" } else { "1" })]);
    xml.empty("activity-date", &[("iso-date", &end), ("type", if ended { "4" } else { "3" })]);
    if !given("country").is_empty() {
        xml.empty("recipient-country", &[("code", given("country"))]);
    }
    if !given("sector").is_empty() {
        xml.empty("sector", &[("code", given("sector")), ("vocabulary", "1")]);
    }
    results::write_results(&mut xml, project, released, periods);
    xml.close();
    xml.close();
    xml.finish()
}

/// The description that `[iati]` gives; without one, the project's title.
fn write_description(xml: &mut XmlWriter, project: &Project) {
    let settings = &project.settings;
    let own_text = |lang: &Lang| {
        let own = settings.iati.get(&format!("{DESCRIPTION}-{}", lang.as_str()));
        own.or_else(|| settings.iati.get(DESCRIPTION).filter(|_| Some(lang) == settings.languages.first()))
    };
    let texts: Vec<(&Lang, &String)> =
        settings.languages.iter().filter_map(|lang| own_text(lang).map(|text| (lang, text))).collect();
    if texts.is_empty() {
        xml.narratives(&settings.title);
    }
    for (lang, text) in texts {
        xml.narrative(lang, text);
    }
}
