//! Reports that a new project may begin with, by the names that donors give them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use super::project_file::{Answers, quoted};
use crate::model::Lang;

const REPORTS: &str = include_str!("../../templates/empty/reports.toml");

static OFFERED: LazyLock<Vec<OfferedReport>> = LazyLock::new(|| {
    let file: ReportsFile =
        toml::from_str(REPORTS).unwrap_or_else(|error| panic!("templates/empty/reports.toml: {error}"));
    file.reports
});

/// The language of donors' forms that are in one language.
const DONORS_LANGUAGE: &str = "en";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportsFile {
    reports: Vec<OfferedReport>,
}

/// A report as its donor calls it, with what project.toml says of it.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferedReport {
    /// The name of its profile.
    pub profile: String,
    /// Names its files.
    pub name: String,
    title: BTreeMap<String, String>,
    periods: OfferedPeriods,
    documents: OfferedDocuments,
    /// Taken where nobody chooses.
    #[serde(default)]
    pub usual: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum OfferedPeriods {
    Quarters,
    HalfYears,
    ProjectYears,
    /// Made from the first day on.
    Project,
    /// Made once it has ended.
    ProjectEnd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum OfferedDocuments {
    /// One for each language.
    Each,
    /// One in all languages.
    Together,
    /// One in the language of the donor.
    Donor,
}

impl OfferedReport {
    /// All there are, in the order in which they are offered.
    pub fn all() -> &'static [OfferedReport] {
        &OFFERED
    }

    /// Those that a project has unless somebody chooses.
    pub fn usual() -> Vec<&'static OfferedReport> {
        OFFERED.iter().filter(|report| report.usual).collect()
    }

    /// As its donor calls it, in a language, else in English.
    pub fn title(&self, lang: &str) -> &str {
        self.title.get(lang).or_else(|| self.title.get("en")).map_or(self.profile.as_str(), String::as_str)
    }

    /// Languages of each of its documents.
    pub fn documents(&self, languages: &[Lang]) -> Vec<Vec<Lang>> {
        match self.documents {
            OfferedDocuments::Each => languages.iter().map(|lang| vec![lang.clone()]).collect(),
            OfferedDocuments::Together => vec![languages.to_vec()],
            OfferedDocuments::Donor => {
                let donors = languages.iter().find(|lang| lang.as_str() == DONORS_LANGUAGE).or(languages.first());
                vec![donors.into_iter().cloned().collect()]
            }
        }
    }
}

/// The numbers of reports as they are offered, or names of their profiles. `None` if one isn't there.
pub fn read_report_choice(written: &str) -> Option<Vec<&'static OfferedReport>> {
    let mut chosen: Vec<&OfferedReport> = Vec::new();
    for word in written.split([',', ' ', ';']).filter(|word| !word.is_empty()) {
        let number = word.trim_end_matches('.').parse::<usize>().ok();
        let report = match number {
            Some(number) => OFFERED.get(number.checked_sub(1)?)?,
            None => OFFERED.iter().find(|report| report.profile.eq_ignore_ascii_case(word))?,
        };
        if !chosen.contains(&report) {
            chosen.push(report);
        }
    }
    (!chosen.is_empty()).then_some(chosen)
}

/// The numbers of reports as they are offered.
pub fn report_numbers(reports: &[&OfferedReport]) -> String {
    let number =
        |report: &&OfferedReport| OFFERED.iter().position(|known| known == *report).map(|at| (at + 1).to_string());
    reports.iter().filter_map(number).collect::<Vec<_>>().join(", ")
}

/// What `[periods]` of project.toml says for the reports.
pub fn period_lines(answers: &Answers) -> String {
    let has = |periods| answers.reports.iter().any(|report| report.periods == periods);
    let mut lines = String::from("quarters = true");
    if has(OfferedPeriods::HalfYears) {
        lines.push_str("\nhalf_years = true");
    }
    if has(OfferedPeriods::ProjectYears) {
        for (code, start, end) in project_years(answers.start, answers.end) {
            lines.push_str(&format!("\n\n[[periods.custom]]\ncode = {}\nstart = {start}\nend = {end}", quoted(&code)));
        }
    }
    lines
}

/// Twelve months from the project's first day, again and again; what is left at its end is the final report's. A project of
/// a year or less has its first half.
fn project_years(start: Date, end: Date) -> Vec<(String, Date, Date)> {
    let day_before = |day: Date| day.yesterday().unwrap_or(day);
    let after = |months: i32| start.checked_add(months.months()).unwrap_or(end);
    let mut years = Vec::new();
    for number in 1..=99 {
        let last = day_before(after(12 * number));
        if last >= end {
            break;
        }
        years.push((format!("year-{number}"), after(12 * (number - 1)), last));
    }
    if years.is_empty() && day_before(after(6)) < end {
        years.push(("half-1".to_owned(), start, day_before(after(6))));
    }
    years
}

/// `[[reports]]` of project.toml.
pub fn report_lines(answers: &Answers) -> String {
    let has_years = !project_years(answers.start, answers.end).is_empty();
    let source = answers.languages.first().map_or(DONORS_LANGUAGE, Lang::as_str);
    let blocks: Vec<String> = answers
        .reports
        .iter()
        .map(|report| {
            let periods = match report.periods {
                OfferedPeriods::Project => "[\"project\"]".to_owned(),
                OfferedPeriods::Quarters => quoted("quarters"),
                OfferedPeriods::HalfYears => quoted("half_years"),
                OfferedPeriods::ProjectYears if has_years => quoted("custom"),
                OfferedPeriods::ProjectYears | OfferedPeriods::ProjectEnd => quoted("project_end"),
            };
            let mut block = format!("# {}\n[[reports]]\nname = {}\n", report.title(source), quoted(&report.name));
            if report.profile != report.name {
                block.push_str(&format!("profile = {}\n", quoted(&report.profile)));
            }
            let documents: Vec<String> = report
                .documents(&answers.languages)
                .iter()
                .map(|document| {
                    let tags: Vec<String> = document.iter().map(|lang| quoted(lang.as_str())).collect();
                    format!("[{}]", tags.join(", "))
                })
                .collect();
            block.push_str(&format!("periods = {periods}\ndocuments = [{}]", documents.join(", ")));
            block
        })
        .collect();
    blocks.join("\n\n")
}
