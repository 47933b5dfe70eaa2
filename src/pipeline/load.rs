use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::draft_marks;
use super::forms::MAX_BYTES;
use crate::diagnostic::{Place, Problem, Severity, kinds};
use crate::disclosure::Releases;
use crate::folder::{self, PROJECT_FILE, PathFault, ReadFault, hash_bytes};
use crate::ingest::{self, Checked};
use crate::locale::Locale;
use crate::model::{ReportSettings, Settings};
use crate::render::docx::OfficeTemplate;
use crate::report::narrative::{CheckRules, Narratives};
use crate::report::profile::{Profile, SectionKind};

/// Problems of an indicator's row, whose axes aren't known then.
const FAULTS_OF_INDICATORS: [&str; 6] = [
    kinds::BadAxis::CODE,
    kinds::BadCalculation::CODE,
    kinds::BadCondition::CODE,
    kinds::UnknownColumn::CODE,
    kinds::AmbiguousColumn::CODE,
    kinds::UnlistedValue::CODE,
];

/// Everything that a project's folder holds, read once, with every problem of tables, prose and profiles.
pub struct Loaded {
    /// Tables and settings; their problems were moved to `problems`.
    pub checked: Checked,
    /// `None` if project.toml can't be read.
    pub prose: Option<Prose>,
    /// Those of tables and settings first.
    pub problems: Vec<Problem>,
    /// How many problems are of tables and settings.
    table_problems: usize,
}

/// What documents are made of besides the tables.
pub struct Prose {
    /// The files of `narrative/`.
    pub narratives: Narratives,
    /// By name of profile, as the reports name them.
    pub profiles: BTreeMap<String, Profile>,
    /// Content of the pictures and logos that project.toml names, by their path.
    pub pictures: BTreeMap<String, Arc<[u8]>>,
    /// The project's own files in place of ours, by their path under `templates/`.
    pub templates: BTreeMap<String, Vec<u8>>,
    /// Word files that lend reports their looks, by their path.
    pub office_templates: BTreeMap<String, Arc<[u8]>>,
    /// Donors' own forms, by their path.
    pub forms: BTreeMap<String, Arc<[u8]>>,
}

impl Loaded {
    /// Whether any problem is an error.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(Problem::is_error)
    }

    /// Whether any problem stops every report.
    pub(super) fn is_stopped(&self) -> bool {
        self.problems.iter().any(Problem::stops_all)
    }

    /// Reads prose, profiles, pictures and templates again, and keeps the tables.
    pub(super) fn read_prose_again(&mut self, folder: &Path) {
        self.problems.truncate(self.table_problems);
        let Some(settings) = &self.checked.settings else { return };
        self.prose = Some(read_prose(folder, settings, &mut self.problems));
    }

    /// All problems, and what is wrong with the prose as it is written.
    pub(super) fn problems_with_narrative(&self, releases: Option<&Releases>) -> Vec<Problem> {
        self.problems.iter().cloned().chain(self.check_narrative(releases)).collect()
    }

    /// One hash over all tables and project.toml, and over the key of pseudonyms, which is in neither.
    pub(super) fn hash_tables(&self) -> String {
        let tables = self.checked.inputs.iter().flat_map(|input| [input.path.as_bytes(), input.hash.as_bytes()]);
        hash_bytes(tables.chain(self.pseudonym_key()))
    }

    fn pseudonym_key(&self) -> Option<&[u8]> {
        self.checked.settings.as_ref()?.privacy.key.as_deref()
    }

    /// What is wrong with the prose as it is written. With what the reports may show, a typed figure that is one of
    /// theirs is reported with the helper to write instead.
    pub(super) fn check_narrative(&self, releases: Option<&Releases>) -> Vec<Problem> {
        let (Some(prose), Some(settings), Some(logframe)) =
            (&self.prose, &self.checked.settings, &self.checked.logframe)
        else {
            return Vec::new();
        };
        let reports = || settings.reports.iter();
        let typed_figures_are = |severity: Option<Severity>| {
            let of_profile = |report: &&ReportSettings| {
                let profile = prose.profiles.get(&report.profile);
                profile.is_some_and(|profile| profile.severities.typed_figures == severity)
            };
            reports().filter(of_profile).map(|report| report.name.clone()).collect()
        };
        let typed_figures_are_errors = typed_figures_are(Some(Severity::Error));
        let typed_figures_are_allowed = typed_figures_are(None);
        let released = releases
            .map(|releases| reports().map(|report| (report.name.clone(), releases.for_report(report))).collect());
        let rules = CheckRules {
            typed_figures_are_errors,
            typed_figures_are_allowed,
            released: released.unwrap_or_default(),
            lists: Some(&self.checked.lists),
        };
        let mut found = prose.narratives.check(logframe, settings, &rules);
        // An axis may be unknown only because its table is, or because its indicator is faulty.
        let is_of_indicator = |problem: &Problem| problem.is_error() && FAULTS_OF_INDICATORS.contains(&problem.code);
        let is_known_why = self.checked.has_unreadable_table || self.problems.iter().any(is_of_indicator);
        found.retain(|problem| !(is_known_why && problem.code == kinds::UnknownAxis::CODE));
        found.into_iter().map(|problem| attribute(problem, settings)).collect()
    }
}

/// Reads and checks a project; tables and prose alike, so that one run shows everything.
pub fn load(folder: &Path) -> Loaded {
    let mut loaded = read(folder);
    let found = loaded.check_narrative(None);
    loaded.problems.extend(found);
    loaded
}

/// Reads a project; the words of its prose aren't checked yet.
pub(super) fn read(folder: &Path) -> Loaded {
    load_prose(folder, ingest::read(folder))
}

/// As [`read`], for a draft.
pub(super) fn read_draft(folder: &Path) -> Loaded {
    let mut checked = ingest::read_draft(folder);
    let rows = checked.accounts.iter().map(|account| account.error).sum();
    mark_all(&mut checked, |settings| draft_marks::mark_left_out(settings, rows));
    load_prose(folder, checked)
}

fn load_prose(folder: &Path, mut checked: Checked) -> Loaded {
    let mut problems = std::mem::take(&mut checked.problems);
    let find = |settings| draft_marks::find_placeholders(folder, settings);
    let placeholders = checked.settings.as_ref().map(find).unwrap_or_default();
    if !placeholders.is_empty() {
        mark_all(&mut checked, draft_marks::mark_unfinished);
    }
    problems.extend(placeholders);
    problems.extend(checked.settings.as_ref().map(find_draft_languages).unwrap_or_default());
    let table_problems = problems.len();
    let prose = checked.settings.as_ref().map(|settings| read_prose(folder, settings, &mut problems));
    Loaded { checked, prose, problems, table_problems }
}

/// A warning for each language of the project whose texts nobody has read who speaks it.
fn find_draft_languages(settings: &Settings) -> Vec<Problem> {
    let locales = settings.languages.iter().filter_map(Locale::new);
    let drafts = locales.filter(|locale| locale.reader().is_none());
    let warn = |locale: Locale| {
        let (name, language) = (locale.label("language.name").to_owned(), locale.lang().as_str().to_owned());
        Problem::warning(kinds::DraftLanguage { language, name }).at(Place::file(PROJECT_FILE))
    };
    drafts.map(warn).collect()
}

/// The settings are in two places.
fn mark_all(checked: &mut Checked, mark: impl Fn(&mut Settings)) {
    let of_project = checked.project.as_mut().map(|project| &mut project.settings);
    checked.settings.iter_mut().chain(of_project).for_each(mark);
}

fn read_prose(folder: &Path, settings: &Settings, problems: &mut Vec<Problem>) -> Prose {
    let mut profiles = BTreeMap::new();
    let names: BTreeSet<&str> = settings.reports.iter().map(|report| report.profile.as_str()).collect();
    for name in names {
        let path = format!("profiles/{name}.toml");
        let mut faults = Vec::new();
        let own = own_file(folder, &path, &mut faults);
        problems.extend(faults.into_iter().map(|fault| fault.about(reports_with(name, settings))));
        match Profile::load(name, own.as_deref().map(|text| (path.as_str(), text))) {
            Ok(profile) => {
                profiles.insert(name.to_owned(), profile);
            }
            Err(faults) => problems.extend(faults.into_iter().map(|fault| fault.about(reports_with(name, settings)))),
        }
    }
    let (narratives, faults) = Narratives::load(folder, settings);
    problems.extend(faults.into_iter().map(|fault| attribute(fault, settings)));
    attribute_pictures(problems, settings, &profiles);
    Prose {
        narratives,
        profiles,
        pictures: pictures(folder, settings),
        templates: templates(folder, problems),
        office_templates: read_office_templates(folder, settings, problems),
        forms: read_forms(folder, settings, problems),
    }
}

/// Donors' own forms. Those that aren't there were reported by ingest.
fn read_forms(folder: &Path, settings: &Settings, problems: &mut Vec<Problem>) -> BTreeMap<String, Arc<[u8]>> {
    let mut files: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
    for form in &settings.forms {
        match folder::read_bytes(&folder.join(&form.file), MAX_BYTES) {
            Ok(bytes) => {
                files.insert(form.file.clone(), bytes.into());
            }
            Err(ReadFault::TooLarge) => {
                problems.push(Problem::error(kinds::FormUnreadable::TooLarge).at(Place::file(&form.file)).about([]));
            }
            Err(ReadFault::Io(_) | ReadFault::NotUtf8(_)) => {}
        }
    }
    files
}

/// Word files that reports take their looks from. One that isn't there was reported by ingest; one that isn't such a file is
/// a problem of the reports that name it.
fn read_office_templates(
    folder: &Path,
    settings: &Settings,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Arc<[u8]>> {
    let mut files: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
    for path in settings.reports.iter().filter_map(|report| report.template.as_ref()) {
        if files.contains_key(path) {
            continue;
        }
        let Ok(bytes) = fs::read(folder.join(path)) else { continue };
        if OfficeTemplate::read(&bytes).is_err() {
            let reports = settings.reports.iter().filter(|report| report.template.as_ref() == Some(path));
            let reports: Vec<String> = reports.map(|report| report.name.clone()).collect();
            let problem = Problem::error(kinds::NotAWordTemplate).at(Place::file(path)).about(reports);
            problems.push(problem);
        }
        files.insert(path.clone(), bytes.into());
    }
    files
}

/// Names of the reports that have a profile.
fn reports_with(profile: &str, settings: &Settings) -> Vec<String> {
    let reports = settings.reports.iter().filter(|report| report.profile == profile);
    reports.map(|report| report.name.clone()).collect()
}

/// A problem at a file of `narrative/<report>/[<period>/]` is about that report, or that period of it.
fn attribute(problem: Problem, settings: &Settings) -> Problem {
    let mut parts = problem.places.first().map(|place| place.file.split('/')).into_iter().flatten();
    let (folder, name, period) = (parts.next(), parts.next(), parts.next());
    let report = settings.reports.iter().find(|report| Some(report.name.as_str()) == name);
    let (Some("narrative"), Some(report)) = (folder, report) else { return problem };
    let period = report.periods.iter().find(|code| Some(code.as_str()) == period);
    let unit = period.map_or_else(|| report.name.clone(), |period| format!("{period}/{}", report.name));
    problem.about([unit])
}

/// A picture of project.toml that can't be had is about the reports that print photographs; prose that names it says so
/// itself.
fn attribute_pictures(problems: &mut [Problem], settings: &Settings, profiles: &BTreeMap<String, Profile>) {
    let has_photographs = |report: &&ReportSettings| {
        let profile = profiles.get(&report.profile);
        profile.is_some_and(|profile| profile.sections.iter().any(|section| section.kind == SectionKind::Photographs))
    };
    let is_of_picture = |problem: &&mut Problem| {
        [kinds::MissingFile::CODE, kinds::OutsideFolder::CODE].contains(&problem.code)
            && problem.reports.as_ref().is_some_and(Vec::is_empty)
    };
    for problem in problems.iter_mut().filter(is_of_picture) {
        let reports = settings.reports.iter().filter(has_photographs);
        problem.reports = Some(reports.map(|report| report.name.clone()).collect());
    }
}

/// A larger file is no profile.
const PROFILE_BYTES: u64 = 1 << 20;

/// The text of a file that the project may have in place of ours.
pub(super) fn own_file(folder: &Path, path: &str, problems: &mut Vec<Problem>) -> Option<String> {
    let problem = match folder::resolve_file(folder, path).map(|file| folder::read_text(&file, PROFILE_BYTES)) {
        Ok(Ok(text)) => return Some(text),
        Err(PathFault::Missing) | Ok(Err(ReadFault::Io(_))) => return None,
        Ok(Err(ReadFault::NotUtf8(_))) => Problem::error(kinds::NarrativeNotUtf8),
        Ok(Err(ReadFault::TooLarge)) => Problem::error(kinds::NarrativeTooLarge),
        Err(PathFault::Outside) => Problem::error(kinds::OutsideFolder),
    };
    problems.push(problem.at(Place::file(path)));
    None
}

/// The pictures that project.toml names. Those missing or outside the folder are skipped; ingest has reported them.
fn pictures(folder: &Path, settings: &Settings) -> BTreeMap<String, Arc<[u8]>> {
    ingest::picture_paths(settings)
        .filter_map(|path| Some((path.clone(), fs::read(folder.join(path)).ok()?.into())))
        .collect()
}

/// The folder of the project's own files that are used in place of ours.
const TEMPLATES: &str = "templates";

/// Files of the project's `templates/` folder and the folders in it.
fn templates(folder: &Path, problems: &mut Vec<Problem>) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    collect(folder, TEMPLATES, &mut files, problems);
    files
}

/// `path` is relative to `folder`, out of which no link is followed.
fn collect(folder: &Path, path: &str, files: &mut BTreeMap<String, Vec<u8>>, problems: &mut Vec<Problem>) {
    let real = folder.join(path).canonicalize();
    let (Ok(real), Ok(root)) = (real, folder.canonicalize()) else { return };
    if !real.starts_with(&root) {
        problems.push(Problem::error(kinds::OutsideFolder).at(Place::file(path)));
    } else if real.is_file() {
        let name = path.strip_prefix("templates/").unwrap_or(path);
        files.extend(fs::read(&real).ok().map(|bytes| (name.to_owned(), bytes)));
    } else {
        for (name, inner) in folder::entries(&real) {
            // A folder that is elsewhere in the project is read there; links between folders may form a circle.
            let is_read_elsewhere =
                inner.is_symlink() && inner.is_dir() && inner.canonicalize().is_ok_and(|to| to.starts_with(&root));
            if !is_read_elsewhere {
                collect(folder, &format!("{path}/{name}"), files, problems);
            }
        }
    }
}
