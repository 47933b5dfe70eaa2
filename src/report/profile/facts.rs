use crate::model::{Project, ReportSettings, Settings, Text};

/// An answer of a form that project.toml knows.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedFact {
    /// What is asked.
    pub fact: FormFact,
    /// The number of the form's question.
    pub number: Option<String>,
    /// The form's own words; empty: the usual ones.
    pub label: Text,
}

/// What a form may ask of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormFact {
    /// The organisation that reports.
    Implementer,
    /// Who answers for the project, and how to reach that person.
    Contact,
    /// Where the organisation is.
    Address,
    /// Who takes part.
    Partners,
    /// Who pays.
    Donors,
    /// The project's title.
    Title,
    /// Its code.
    Code,
    /// Number of the grant or contract.
    Grant,
    /// How much the grant is.
    Amount,
    /// From the first to the last day of the project.
    ProjectPeriod,
    /// The days that the report is about.
    ReportPeriod,
    /// Target countries or regions.
    Countries,
    /// Where activities are held.
    ActivityCountries,
    /// How many people, and how many of them women.
    People,
}

impl FormFact {
    /// Every fact under the word that profiles write.
    pub const ALL: [(&str, FormFact); 14] = [
        ("implementer", FormFact::Implementer),
        ("contact", FormFact::Contact),
        ("address", FormFact::Address),
        ("partners", FormFact::Partners),
        ("donors", FormFact::Donors),
        ("title", FormFact::Title),
        ("code", FormFact::Code),
        ("grant", FormFact::Grant),
        ("amount", FormFact::Amount),
        ("project-period", FormFact::ProjectPeriod),
        ("report-period", FormFact::ReportPeriod),
        ("countries", FormFact::Countries),
        ("activity-countries", FormFact::ActivityCountries),
        ("people", FormFact::People),
    ];

    /// The usual words for it, a key of the labels.
    pub fn label(self) -> &'static str {
        match self {
            FormFact::Implementer => "fact.implementer",
            FormFact::Contact => "fact.contact",
            FormFact::Address => "fact.address",
            FormFact::Partners => "cover.partners",
            FormFact::Donors => "cover.donors",
            FormFact::Title => "fact.title",
            FormFact::Code => "cover.code",
            FormFact::Grant => "fact.grant",
            FormFact::Amount => "fact.amount",
            FormFact::ProjectPeriod => "fact.project-period",
            FormFact::ReportPeriod => "period.reporting",
            FormFact::Countries => "fact.countries",
            FormFact::ActivityCountries => "fact.activity-countries",
            FormFact::People => "fact.people",
        }
    }

    /// What to write in project.toml where the fact is missing; `None` for what is always known or comes from the data.
    pub fn missing_key(self, project: &Project, report: &ReportSettings) -> Option<&'static str> {
        let settings = &project.settings;
        let contact = settings.administration.contact.as_ref();
        let (is_known, key) = match self {
            FormFact::Implementer => (settings.implementer.is_some(), "implementer = { name = \"…\" }"),
            FormFact::Contact => (
                contact.is_some_and(|contact| !contact.name.is_empty()),
                "contact = { name = \"…\", role = \"…\", email = \"…\" }",
            ),
            FormFact::Address => {
                (contact.is_some_and(|contact| !contact.address.is_empty()), "contact = { address = \"…\" }")
            }
            FormFact::Partners => (!settings.partners.is_empty(), "[[partners]] name = \"…\""),
            FormFact::Donors => (!settings.donors.is_empty(), "[[donors]] code = \"…\", name = \"…\""),
            FormFact::Grant => (has_grant(settings, report, |donor| donor.grant.is_some()), "[[donors]] grant = \"…\""),
            FormFact::Amount => (
                has_grant(settings, report, |donor| donor.amount.is_some()),
                "[[donors]] amount = 100000, currency = \"EUR\"",
            ),
            FormFact::Countries => (!settings.administration.countries.is_empty(), "countries = \"…\""),
            FormFact::ActivityCountries => {
                let administration = &settings.administration;
                let is_known = !administration.countries.is_empty() || !administration.activity_countries.is_empty();
                (is_known, "countries = \"…\"")
            }
            FormFact::Title | FormFact::Code | FormFact::ProjectPeriod | FormFact::ReportPeriod | FormFact::People => {
                return None;
            }
        };
        (!is_known).then_some(key)
    }
}

/// Whether a donor whom the report is for has something.
fn has_grant(settings: &Settings, report: &ReportSettings, has: impl Fn(&crate::model::Donor) -> bool) -> bool {
    settings.donors.iter().any(|donor| report.donors.contains(&donor.code) && has(donor))
}
